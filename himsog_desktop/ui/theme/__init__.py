"""How everything looks: tokens, metrics, fonts, icons, palette and style sheet.

No literal colour, pixel size or font name stands anywhere else in ``ui``. ``tokens`` and ``metrics``
are plain values; ``theme.Theme`` carries them as Qt objects to whoever paints; ``system.ThemeSource``
follows the system's colours and text size. May import PySide6 and nothing else of the window.
"""
