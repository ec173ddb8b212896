"""The button under the words of an error, in a view that paints everything else itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.ui.calendar.paint_overlay import hint_rect

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QPushButton, QWidget

    from himsog_desktop.ui.theme.theme import Theme


class Retry:
    """Made when there is first an error to try again."""

    def __init__(self, pressed: Callable[[], object]) -> None:
        self._pressed = pressed
        self._button: QPushButton | None = None

    def place(self, surface: QWidget, theme: Theme, area: QRect, lines: tuple[str, ...]) -> None:
        """Under these lines, which are painted in the middle of an area of the surface."""
        button = self._button
        if button is None:
            from PySide6.QtWidgets import QPushButton

            button = self._button = QPushButton(surface.tr("Try again"), surface)
            button.clicked.connect(lambda: self._pressed())
        button.setFont(theme.body.font)
        m = theme.metrics
        button.resize(button.sizeHint().width(), m.control)
        box = hint_rect(area, theme, lines, m.control)
        button.move(box.x() + (box.width() - button.width()) // 2, box.bottom() + 1 - m.l - m.control)

    def show(self, shown: bool) -> None:
        """Whether there is an error now."""
        if self._button is not None:
            self._button.setVisible(shown)

    def forget(self) -> None:
        """Another look: the next one is made anew."""
        if self._button is not None:
            self._button.deleteLater()
            self._button = None
