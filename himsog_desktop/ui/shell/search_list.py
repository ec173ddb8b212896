"""The list under the search field: what was found, painted row by row. Loaded with the first keystroke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from himsog_desktop.ui.models import search_model
from himsog_desktop.ui.models.search_model import Found

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import TextStyle

_GLYPHS = {
    search_model.PATIENT: "person",
    search_model.APPOINTMENT: "calendar",
    search_model.DAY: "today",
    search_model.COMMAND: "chevron-right",
    search_model.BOOK: "plus",
    search_model.NEW_PATIENT: "plus",
    search_model.QUICK: "plus",
    search_model.PROVIDER: "person",
    search_model.VIEW: "calendar",
}
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
MOST_ROWS = 14
_DISPLAY = Qt.ItemDataRole.DisplayRole.value
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole.value


class FoundModel(QAbstractListModel):
    """The rows in view."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Found] = []

    def show(self, rows: list[Found]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _DISPLAY:
            return row.title
        if role == _ACCESSIBLE:
            return f"{row.title}, {row.detail}" if row.detail else row.title
        return None


class _Row(QStyledItemDelegate):
    """Paints a row: icon, what it is, and beside it what tells it apart."""

    def __init__(self, look: ThemeSource, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, self._look.theme.metrics.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, FoundModel):
            return
        row = model.rows[index.row()]
        theme, m = self._look.theme, self._look.theme.metrics
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selected)
            painter.drawRoundedRect(rect.adjusted(m.xs, 1, -m.xs, -1), m.radius, m.radius)
        pixmap = theme.icon(_GLYPHS[row.kind], theme.tokens.muted, painter.device().devicePixelRatio())
        left = rect.left() + m.m
        painter.drawPixmap(left, rect.top() + (rect.height() - m.icon) // 2, pixmap)
        left += m.icon + m.s
        right = rect.right() - m.m
        strong, small = theme.strong, theme.small
        room = right - left
        # A little more than the measure by letters says: its kerning is not in it.
        title = strong.width(row.title) + m.xs
        title_room = int(min(title, max(room - small.width(row.detail) - m.l, room * 0.5)))
        painter.setFont(strong.font)
        painter.setPen(theme.text)
        painter.drawText(QRect(left, rect.top(), title_room, rect.height()), _LEFT, _cut(strong, row.title, title_room))
        if row.detail:
            rest = room - title_room - m.l
            painter.setFont(small.font)
            painter.setPen(theme.muted)
            painter.drawText(
                QRect(right - rest, rect.top(), rest, rect.height()), _RIGHT, _cut(small, row.detail, rest)
            )
        painter.restore()


def _cut(style: TextStyle, text: str, room: int) -> str:
    return text if style.fits(text, room) else style.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


class _Rows(QListView):
    """The rows, on a ground of their own: other rows don't have the day under them painted again.

    Painted and not left to the palette: after another look Qt's style sheets keep the ground of the one before.
    """

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.theme.raised)
        painter.end()
        super().paintEvent(event)


class FoundList(QFrame):
    """The list under the field."""

    def __init__(self, look: ThemeSource, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self.empty = ""
        self.model = FoundModel(self)
        self.view = _Rows(look, self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Row(look, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Search results"))
        self.hide()

    def show_below(self, field: QWidget, rows: list[Found], empty: str) -> None:
        """Show rows under the field, the first one chosen; a sentence when there are none."""
        m = self._look.theme.metrics
        said, self.empty = self.empty, "" if rows else empty
        self.model.show(rows)
        if rows:
            self.view.setCurrentIndex(self.model.index(0, 0))
        at = field.mapTo(self.window(), QPoint(0, field.height() + m.xs))
        # Inside the window, whatever the size of the text: moved to the left, and scrolled.
        room, wide = self.window().width() - 2 * m.s, max(field.width(), m.px(480))
        width = min(wide, room)
        fits = max((self.window().height() - at.y() - 2 * m.s - m.s) // m.row, 1)
        lines = max(1, min(len(rows), MOST_ROWS, fits))
        height = lines * m.row + 2 * m.s
        self.setGeometry(max(min(at.x(), room + m.s - width), m.s), at.y(), width, height)
        self.view.setGeometry(m.line, m.s, self.width() - 2 * m.line, height - 2 * m.s)
        self.view.setVisible(bool(rows))
        self.view.scrollToTop()
        self.show()
        self.raise_()
        if said != self.empty:
            self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.show([])  # no name stays behind, for assistive tools neither

    def move_by(self, step: int) -> None:
        """Choose another row; at the ends it stops."""
        count = len(self.model.rows)
        if count:
            row = min(max(self.view.currentIndex().row() + step, 0), count - 1)
            self.view.setCurrentIndex(self.model.index(row, 0))

    def paintEvent(self, _event: object) -> None:
        theme, m = self._look.theme, self._look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.raised)
        painter.setPen(QPen(theme.line, m.line))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
        if self.empty:
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            painter.drawText(self.rect().adjusted(m.l, 0, -m.l, 0), _LEFT, self.empty)
        painter.end()
