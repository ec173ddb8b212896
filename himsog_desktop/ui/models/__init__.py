"""What views show, read through the bridge and kept up to date from change sets.

May import: ``domain``, ``services``, ``ui.bridge`` and PySide6.QtCore. No widgets.
"""
