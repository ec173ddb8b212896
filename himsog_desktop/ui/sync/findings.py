"""What a test of the connection found, line by line: a sign, a sentence, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.sync.line import Finding
    from himsog_desktop.ui.theme.system import ThemeSource

_SIGNS = {"ok": "tick", "warning": "alert", "error": "bang"}


class Sign(QWidget):
    """A tick, a triangle or a mark of failure; what it means is said in words beside it."""

    def __init__(self, look: ThemeSource, level: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._level = level
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        m = self.look.theme.metrics
        return QSize(m.icon, self.look.theme.body.line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        colour = {
            "ok": theme.tokens.completed.text,
            "warning": theme.tokens.requested.text,
            "error": theme.tokens.danger,
        }[self._level]
        painter = QPainter(self)
        top = (theme.body.line - m.icon) // 2
        painter.drawPixmap(0, top, theme.icon(_SIGNS[self._level], colour, self.devicePixelRatioF()))
        painter.end()


class Findings(QWidget):
    """The lines; nothing while nothing was tested."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.found: tuple[Finding, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.theme.metrics.s)
        self.hide()

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Other lines."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.found = tuple(found)
        for one in found:
            self._column.addWidget(self._line(one))
        self.setAccessibleName(self.tr("What the test found"))
        self.setAccessibleDescription(self.spoken)
        self.setVisible(bool(found))

    @property
    def spoken(self) -> str:
        """All of it in words."""
        words = {"ok": self.tr("All right"), "warning": self.tr("Look at this"), "error": self.tr("Wrong")}
        return " ".join(f"{words[one.level]}: {one.text} {one.todo}".strip() for one in self.found)

    def _line(self, one: Finding) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.theme.metrics.s)
        row.addWidget(Sign(self.look, one.level, box), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        strong = "strong" if one.level == "error" else "body"
        words.addWidget(Text(self.look, one.text, box, style=strong, wrap=True))
        if one.todo:
            words.addWidget(Text(self.look, one.todo, box, colour="muted", wrap=True))
        row.addLayout(words, 1)
        box.show()
        return box
