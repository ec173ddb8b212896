"""Both sides of a card, beside each other; one above the other where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from himsog_desktop.services.attention_words import Row
    from himsog_desktop.ui.theme.system import ThemeSource

ROOM = 560
"""Width at scale 1 under which the sides stand one above the other."""
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


def label_width(look: ThemeSource) -> int:
    """The least width of the labels: the sides of all cards stand below each other."""
    return look.theme.metrics.px(104)


class Sides(QWidget):
    """A head for each side, and its values field by field. What differs is written strongly."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._rows: list[Row] = []
        self._heads: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))
        self._narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    @property
    def spoken(self) -> str:
        """All of it as a screen reader says it."""
        (mine, by), (theirs, other) = self._heads
        told = [f"{row.label or ''}: {mine.lower()} {row.mine}, {theirs.lower()} {row.theirs}" for row in self._rows]
        return "; ".join([*(t.lstrip(": ") for t in told), f"{mine}: {by}", *([f"{theirs}: {other}"] if other else [])])

    def show_sides(self, mine: tuple[str, str], theirs: tuple[str, str], rows: list[Row]) -> None:
        """Heads (whose side, who and when) and rows."""
        if (mine, theirs) == self._heads and rows == self._rows:
            return
        self._heads, self._rows = (mine, theirs), rows
        self._build()

    def set_narrow(self, narrow: bool) -> None:
        """Whether there is no room for two columns."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._build()

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        m = self.look.theme.metrics
        self._grid.setHorizontalSpacing(m.l)
        self._grid.setVerticalSpacing(m.xs)
        for column in range(3):
            self._grid.setColumnStretch(column, 0)
        if self._narrow:
            self._stack()
        else:
            self._beside()
        self.updateGeometry()

    def _beside(self) -> None:
        self._grid.setColumnMinimumWidth(0, label_width(self.look))
        for column, (name, who) in enumerate(self._heads, 1):
            self._put(name, 0, column, "small_strong", "muted")
            self._put(who, 1, column, "small", "muted")
            self._grid.setColumnStretch(column, 1)
        for at, row in enumerate(self._rows, 2):
            self._label(row, at, 0)
            differ = row.mine != row.theirs
            self._put(row.mine, at, 1, "strong" if differ else "body", "text")
            self._put(row.theirs, at, 2, "strong" if differ else "body", "text")

    def _stack(self) -> None:
        at = 0
        self._grid.setColumnMinimumWidth(0, label_width(self.look))
        self._grid.setColumnStretch(1, 1)
        for side, (name, who) in enumerate(self._heads):
            self._put(" · ".join(part for part in (name, who) if part), at, 0, "small_strong", "muted", 2)
            at += 1
            for row in self._rows:
                if side == 0:
                    self._label(row, at, 0)
                else:
                    self._put(row.label, at, 0, "body", "muted")
                value = row.theirs if side else row.mine
                self._put(value, at, 1, "strong" if row.mine != row.theirs else "body", "text")
                at += 1
            self._grid.setRowMinimumHeight(at, self.look.theme.metrics.s)
            at += 1

    def _label(self, row: Row, at: int, column: int) -> None:
        """What it is, and how it was seen when that is neither of the two."""
        seen = row.before and row.before not in (row.mine, row.theirs, "–")
        words = f"{row.label}\n{self.tr('was {0}').format(row.before)}" if seen else row.label
        self._put(words, at, column, "body", "muted")

    def _put(self, words: str, at: int, column: int, style: str, colour: str, span: int = 1) -> None:
        made = Text(self.look, words, self, style=style, colour=colour, wrap=True)
        made.setAlignment(_TOP)
        if span == 1:  # both sides get the same room, whatever they hold
            policy = made.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            made.setSizePolicy(policy)
        self._grid.addWidget(made, at, column, 1, span)
        made.show()
