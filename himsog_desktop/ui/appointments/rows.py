"""An inline list of rows: found patients, services, free times, other appointments.

A list view over plain values with a painted row, so that it is in the accessibility tree for free. It has
the height of its rows: the panel scrolls, not a list in it, but for very many rows. It may be driven by the
field above it (``step``, ``take``) or hold the keyboard itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from himsog_desktop.ui.appointments.fields import is_enter
from himsog_desktop.ui.appointments.painting import paint_bars, paint_frame
from himsog_desktop.ui.appointments.row_model import Row, RowModel

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from himsog_desktop.ui.theme.system import ThemeSource

__all__ = ["SKELETON_MS", "Row", "Rows"]

SKELETON_MS = 100
"""Nothing is shown as loading before that."""

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class _Painter(QStyledItemDelegate):
    """Paints a row."""

    def __init__(self, look: ThemeSource, view: Rows) -> None:
        super().__init__(view)
        self._look = look
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, self._view.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, RowModel):
            return
        row = model.rows[index.row()]
        theme, m = self._look.theme, self._look.theme.metrics
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = rect.adjusted(0, 1, 0, -1)
        if self._view.marks_current and index.row() == self._view.currentIndex().row():
            ring = m.ring if self._view.hasFocus() else m.line
            paint_frame(painter, inner, theme.selected, theme.accent, ring, m.radius)
        elif state & QStyle.StateFlag.State_MouseOver:
            paint_frame(painter, inner, theme.hover, theme.hover, 0, m.radius)
        left, right = rect.left() + m.s, rect.right() - m.s
        two = self._view.two_lines
        top = rect.top() + (m.xs + 2 if two else 0)
        line = theme.body.line if two else rect.height()
        if row.glyph:
            colour = theme.statuses[row.colour].text_name if row.colour else theme.tokens.muted
            pixmap = theme.icon(row.glyph, colour, painter.device().devicePixelRatio())
            painter.drawPixmap(left, top + (line - m.icon) // 2, pixmap)
            left += m.icon + m.s
        style = theme.strong if row.strong else theme.body
        if row.right:
            width = min(round(theme.body.metrics.horizontalAdvance(row.right)) + 2, (right - left) * 2 // 3)
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            words = theme.body.metrics.elidedText(row.right, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(right - width, top, width, line), _RIGHT, words)
            title_right = right - width - m.s
        else:
            title_right = right
        font = style.font
        if row.gone:
            font = type(font)(font)
            font.setStrikeOut(True)
        painter.setFont(font)
        painter.setPen(theme.muted if row.gone else theme.text)
        words = style.metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, title_right - left)
        painter.drawText(QRect(left, top, title_right - left, line), _LEFT, words)
        if two and row.detail:
            painter.setFont(theme.small.font)
            painter.setPen(theme.danger if row.warn else theme.muted)
            words = theme.small.metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRect(left, top + line, right - left, theme.small.line), _LEFT, words)
        painter.restore()


class Rows(QListView):
    """The list. Enter or a click takes a row; what is not asked of it goes on to the panel."""

    taken = Signal(int)
    """A row was chosen: Enter, or a click."""
    moved = Signal(int)
    """A person moved to another row."""
    typed = Signal(str)
    """A letter while the list holds the keyboard: it belongs to the field above."""
    left_above = Signal()
    """Up on the first row."""

    def __init__(
        self,
        look: ThemeSource,
        name: str,
        parent: QWidget,
        *,
        two_lines: bool,
        focus: bool = False,
        marks: Literal["always", "focus"] = "always",
        most: int = 100,
    ) -> None:
        """``marks``: when the current row is marked; ``focus``: only while the list holds the keyboard.

        Of more than ``most`` rows the list scrolls.
        """
        super().__init__(parent)
        self._most = most
        self.look = look
        self.two_lines = two_lines
        self._marks = marks
        self._words = ""
        self._bars = 0
        self._waiting = False
        self._wanted = 0
        self._take_waits = False
        self.rows_model = RowModel(self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_Painter(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focus else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.clicked.connect(lambda index: self._take_row(index.row()))
        self._own = False
        self.selectionModel().selectionChanged.connect(self._chosen_from_outside)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(SKELETON_MS)
        self._late.timeout.connect(self._show_bars)
        self._least_bars = 0
        look.changed.connect(self._restyled)

    # ------------------------------------------------------------------------------- contents

    @property
    def rows(self) -> list[Row]:
        """What stands in it."""
        return self.rows_model.rows

    def mark(self, when: Literal["always", "focus"]) -> None:
        """When the current row is marked from now on."""
        if when != self._marks:
            self._marks = when
            self.viewport().update()

    @property
    def marks_current(self) -> bool:
        """Whether the current row is marked just now."""
        return self._marks == "always" or self.hasFocus()

    @property
    def current(self) -> int:
        """The row that Enter takes, -1 without rows."""
        return self.currentIndex().row()

    @property
    def words(self) -> str:
        """What is said in place of rows."""
        return self._words

    @property
    def waiting(self) -> bool:
        """Whether newer rows are on their way."""
        return self._waiting

    def wait(self, bars: int) -> None:
        """Newer rows are on their way: keys wait for them, and after 100 ms ``bars`` grey rows show."""
        self._waiting = True
        self._wanted = 0
        self._take_waits = False
        self._least_bars = bars
        if not self.rows:
            self._late.start()

    def show_rows(self, rows: list[Row], words: str = "", *, keep: bool = False) -> None:
        """Show rows, or ``words`` when there are none. ``keep``: the current row stays by its key."""
        self._late.stop()
        kept = self.rows[self.current].key if keep and 0 <= self.current < len(self.rows) else ""
        waited, wanted, take = self._waiting, self._wanted, self._take_waits
        self._waiting = self._take_waits = False
        self._wanted = 0
        self._bars = 0
        self._words = "" if rows else words
        self._own = True
        self.rows_model.show(rows)
        self._own = False
        scrolls = len(rows) > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        at = next((i for i, row in enumerate(rows) if row.key == kept), -1) if kept else -1
        if at < 0:
            at = min(wanted if waited else 0, len(rows) - 1)
        if rows:
            self._go(at)
        self._fit()
        if rows and waited and wanted:
            self.moved.emit(at)
        if rows and take:
            self._take_row(at)

    def clear_rows(self) -> None:
        """Nothing to show."""
        self.show_rows([])

    def show_bars(self, bars: int) -> None:
        """Grey rows at once, of the height of what comes."""
        self._least_bars = bars
        self._show_bars()

    def _show_bars(self) -> None:
        self._bars = self._least_bars
        self._words = ""
        self._fit()

    # --------------------------------------------------------------------------------- the hand

    def step(self, step: int, *, around: bool = False) -> None:
        """Go to another row; at the ends it stops, or with ``around`` goes on at the other end.

        While rows are on their way the steps are counted.
        """
        if self._waiting:
            self._wanted = max(self._wanted + step, 0)
            return
        if not self.rows:
            return
        to = min(max(self.current + step, 0), len(self.rows) - 1)
        if around and to == self.current:
            to = len(self.rows) - 1 if step < 0 else 0
        self._go(to)
        self.viewport().update()
        self.moved.emit(to)

    def _go(self, at: int) -> None:
        self._own = True
        self.setCurrentIndex(self.rows_model.index(at, 0))
        self._own = False

    def _chosen_from_outside(self, chosen: QItemSelection, unchosen: QItemSelection) -> None:
        """An assistive tool toggled a row: it takes it, as a click does."""
        indexes = [*chosen.indexes(), *unchosen.indexes()]
        if not self._own and indexes:
            row = indexes[0].row()
            QTimer.singleShot(0, self, lambda: self._take_row(row))

    def take(self) -> None:
        """Take the current row, or the one that will be when the rows are there."""
        if self._waiting:
            self._take_waits = True
        elif self.rows:
            self._take_row(max(self.current, 0))

    def _take_row(self, at: int) -> None:
        if 0 <= at < len(self.rows) and not self.rows[at].gone:
            self._go(at)
            self.taken.emit(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._own = True
        super().mousePressEvent(event)
        self._own = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._own = True
        super().mouseMoveEvent(event)
        self._own = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._own = True
        super().mouseReleaseEvent(event)
        self._own = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        bare = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if key in _STEPS and bare:
            if key == Qt.Key.Key_Up and self.current <= 0 and not self._waiting:
                self.left_above.emit()
            else:
                self.step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bare:
            if is_enter(event):
                self.take()
        elif bare and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            event.ignore()
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # --------------------------------------------------------------------------------- the face

    def row_height(self) -> int:
        """One row, in pixels."""
        theme, m = self.look.theme, self.look.theme.metrics
        return theme.body.line + theme.small.line + 3 * m.xs if self.two_lines else m.px(30)

    def _height(self) -> int:
        if self._words:
            theme, m = self.look.theme, self.look.theme.metrics
            room = QRect(0, 0, max(self.width() - 2 * m.s, m.px(120)), 10_000)
            needed = theme.body.metrics.boundingRect(QRectF(room), _WRAPPED, self._words)
            return round(needed.height()) + 2 * m.xs
        return min(max(len(self.rows), self._bars), self._most) * self.row_height()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height())

    def _fit(self) -> None:
        self.setFixedHeight(self._height())
        self.updateGeometry()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._words and self.height() != self._height():
            self._fit()

    def _restyled(self) -> None:
        # The sizes of rows are kept by the view until the model says otherwise.
        self.scheduleDelayedItemsLayout()
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.rows:
            super().paintEvent(event)
            return
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._words:
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            painter.drawText(self.viewport().rect().adjusted(m.s, m.xs, -m.s, 0), _WRAPPED, self._words)
        elif self._bars:
            step = self.row_height()
            lengths = [0.75 - 0.1 * (i % 3) for i in range(self._bars)]
            paint_bars(painter, lengths, self.width() - 2 * m.s, step, m.px(12), theme.line, QPoint(m.s, 0))
        painter.end()
