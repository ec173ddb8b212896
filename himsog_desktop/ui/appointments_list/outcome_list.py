"""The outcomes of a bulk act, one below the other: who, from where to where, or which rule says no."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from himsog_desktop.ui.calendar.paint_grid import elided

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.theme.system import ThemeSource

_DISPLAY = Qt.ItemDataRole.DisplayRole.value
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole.value
DONE, REFUSED, OUT = "done", "refused", "out"
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading


class Outcome(NamedTuple):
    """One line: ``kind`` is ``done``, ``refused`` or ``out`` (left as it is)."""

    id: str
    kind: str
    who: str
    before: str
    after: str


class OutcomeModel(QAbstractListModel):
    """The outcomes by id and kind; what a row says is made when it is looked at."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, str]] = []
        self._make: Callable[[str], Outcome] | None = None

    def show(self, rows: list[tuple[str, str]], make: Callable[[str], Outcome]) -> None:
        """Other outcomes: ids with their kinds, and what makes the words of one."""
        self.beginResetModel()
        self.rows, self._make = rows, make
        self.endResetModel()

    def outcome(self, row: int) -> Outcome:
        """One line."""
        assert self._make is not None
        return self._make(self.rows[row][0])

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        if role not in (_DISPLAY, _ACCESSIBLE):
            return None
        row = self.outcome(index.row())
        if role == _DISPLAY:
            return row.who
        if role == _ACCESSIBLE:
            return f"{row.who}, {row.before}: {row.after}"
        return None


class _Row(QStyledItemDelegate):
    """Two lines: who and when; what becomes of it."""

    def __init__(self, look: ThemeSource, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, self._look.theme.metrics.px(46))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, OutcomeModel):
            return
        row = model.outcome(index.row())
        theme, m = self._look.theme, self._look.theme.metrics
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.selected)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), m.radius, m.radius)
        elif row.kind == REFUSED:
            painter.setBrush(theme.danger_tint)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), m.radius, m.radius)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        glyph, token = {
            DONE: ("tick", theme.tokens.accent),
            REFUSED: ("bang", theme.tokens.danger),
            OUT: ("minus", theme.tokens.muted),
        }[row.kind]
        ratio = painter.device().devicePixelRatio()
        size, half = m.px(14), rect.height() // 2
        left = m.s + size + m.s

        def place(x: int, width: int) -> int:
            return rect.right() + 1 - x - width if mirrored else rect.left() + x

        painter.drawPixmap(
            place(m.s, size), rect.top() + (rect.height() - size) // 2, theme.icon(glyph, token, ratio, size)
        )
        room = rect.width() - left - m.s
        when = row.before if theme.small.width(row.before) < room * 0.5 else row.before.partition(", ")[0]
        before = round(theme.small.width(when)) + m.xs
        before = before if before < room * 0.62 else 0
        who = max(room - before - m.s, 0)
        top = rect.top() + m.px(4)
        painter.setFont(theme.strong.font)
        painter.setPen(theme.muted if row.kind == OUT else theme.text)
        painter.drawText(QRect(place(left, who), top, who, half - m.px(4)), _LEFT, elided(row.who, theme.strong, who))
        painter.setFont(theme.small.font)
        painter.setPen(theme.muted)
        if before:
            trailing = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
            x = place(left + room - before, before)
            painter.drawText(QRect(x, top, before, half - m.px(4)), trailing, when)
        painter.setPen(theme.danger if row.kind == REFUSED else theme.muted if row.kind == OUT else theme.text)
        painter.drawText(
            QRect(place(left, room), rect.top() + half, room, half - m.px(4)),
            _LEFT,
            elided(row.after, theme.small, room),
        )
        painter.restore()


class OutcomeList(QListView):
    """The list. What is highlighted in it is kept by id when other outcomes come."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.outcomes = OutcomeModel(self)
        self.setModel(self.outcomes)
        self.setItemDelegate(_Row(look, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What will happen"))
        self.setToolTip("")

    def show_outcomes(self, rows: list[tuple[str, str]], make: Callable[[str], Outcome]) -> None:
        """Other outcomes, the same ones highlighted."""
        marked, current = set(self.marked()), self.current()
        top = self.verticalScrollBar().value()
        self.outcomes.show(rows, make)
        chosen = self.selectionModel()
        for number, (key, _) in enumerate(rows if marked or current is not None else ()):
            if key in marked:
                chosen.select(self.outcomes.index(number, 0), QItemSelectionModel.SelectionFlag.Select)
            if current is not None and key == current.id:
                chosen.setCurrentIndex(self.outcomes.index(number, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.verticalScrollBar().setValue(top)

    def marked(self) -> tuple[str, ...]:
        """The ids that are highlighted."""
        rows = self.outcomes.rows
        return tuple(rows[index.row()][0] for index in self.selectedIndexes() if index.row() < len(rows))

    def current(self) -> Outcome | None:
        """The outcome that the keyboard is on."""
        row = self.currentIndex().row()
        return self.outcomes.outcome(row) if 0 <= row < len(self.outcomes.rows) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters are keys of the window here, not a search in the list.
        if event.text() and event.text().isprintable() and not event.text().isspace():
            event.ignore()
            return
        super().keyPressEvent(event)
