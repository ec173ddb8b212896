"""The search of everything, and its list: patients, appointments, days, commands, as you type.

The list is a child of the window, not a window of its own, so the keyboard never leaves the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from himsog_desktop.ui.models import search_model
from himsog_desktop.ui.models.search_model import Found, FoundModel
from himsog_desktop.ui.theme.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent

    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.theme.system import ThemeSource

_GLYPHS = {
    search_model.PATIENT: "person",
    search_model.APPOINTMENT: "calendar",
    search_model.DAY: "today",
    search_model.COMMAND: "chevron-right",
    search_model.BOOK: "plus",
    search_model.NEW_PATIENT: "plus",
}
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
MOST_ROWS = 12
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


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
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
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
        title = theme.strong.metrics.horizontalAdvance(row.title)
        room = right - left
        detail = theme.small.metrics.horizontalAdvance(row.detail)
        title_room = int(min(title + 1, max(room - detail - m.l, room * 0.5)))
        painter.setFont(theme.strong.font)
        painter.setPen(theme.text)
        words = theme.strong.metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, title_room)
        painter.drawText(QRect(left, rect.top(), title_room, rect.height()), _LEFT, words)
        if row.detail:
            rest = room - title_room - m.l
            painter.setFont(theme.small.font)
            painter.setPen(theme.muted)
            words = theme.small.metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, rest)
            painter.drawText(QRect(right - rest, rect.top(), rest, rect.height()), _RIGHT, words)
        painter.restore()


class _List(QFrame):
    """The list under the field."""

    def __init__(self, look: ThemeSource, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self.model = FoundModel()
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Row(look, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.viewport().setAutoFillBackground(False)
        self.view.setAccessibleName(self.tr("Search results"))
        self.hide()

    def show_below(self, field: QWidget, rows: list[Found], empty: str) -> None:
        """Show rows under the field, the first one chosen; a sentence when there are none."""
        m = self._look.theme.metrics
        self.empty = "" if rows else empty
        self.model.show(rows)
        if rows:
            self.view.setCurrentIndex(self.model.index(0, 0))
        lines = max(1, min(len(rows), MOST_ROWS))
        height = lines * m.row + 2 * m.s
        at = field.mapTo(self.window(), QPoint(0, field.height() + m.xs))
        self.setGeometry(at.x(), at.y(), max(field.width(), m.px(480)), height)
        self.view.setGeometry(m.line, m.s, self.width() - 2 * m.line, height - 2 * m.s)
        self.view.setVisible(bool(rows))
        self.show()
        self.raise_()
        self.update()

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


class SearchBox(QLineEdit):
    """The field. ``local`` answers at once from what was typed (days, commands), the worker the rest."""

    chosen = Signal(object)
    """The ``Found`` that Enter or a click took."""
    left = Signal()
    """Esc: the keyboard goes back to the day."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._backend: Backend | None = None
        self._local: Callable[[str], list[Found]] = _nothing
        self._hour12 = False
        self._list: _List | None = None
        self._patient: Found | None = None
        self._answered = ""
        self._enter_waits = False
        self.setPlaceholderText(self.tr("Find patient, appointment, command…"))
        self.setAccessibleName(self.tr("Find patient, appointment or command"))
        self.setToolTip("Ctrl+K  /")
        self.setMaxLength(120)
        self._icon = self.addAction(self._glyph(), QLineEdit.ActionPosition.LeadingPosition)
        self.textEdited.connect(self._typed)
        look.changed.connect(self._restyle)

    def connect_to(self, backend: Backend, local: Callable[[str], list[Found]], *, hour12: bool) -> None:
        """Begin to answer."""
        self._backend, self._local, self._hour12 = backend, local, hour12

    @property
    def rows(self) -> list[Found]:
        """What the list shows now, nothing while it is hidden."""
        return self._list.model.rows if self._list is not None and self._list.isVisible() else []

    def begin(self) -> None:
        """Take the keyboard, with what was typed selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self.text():
            self._typed(self.text())

    def end(self) -> None:
        """Put the list away."""
        self._patient = None
        self._answered = ""
        if self._list is not None:
            self._list.hide()

    def _typed(self, text: str) -> None:
        self._patient = None
        self._enter_waits = False
        query = text.strip()
        if not query or self._backend is None:
            self.end()
            return
        at_once = self._local(query)
        hour12 = self._hour12
        self._backend.read(
            lambda desk: search_model.find(desk, query, hour12),
            lambda found: self._show(query, at_once, found),
            key="search",
            owner=self,
        )

    def _show(self, query: str, at_once: list[Found], found: list[Found]) -> None:
        if self.text().strip() != query or not self.hasFocus():
            return
        self._answered = query
        self._popup().show_below(self, [*found, *at_once], self.tr("Nobody and nothing of that name or number."))
        if self._enter_waits:
            self._enter_waits = False
            self._take()

    def _popup(self) -> _List:
        if self._list is None:
            self._list = _List(self.look, self.window())
            self._list.view.clicked.connect(self._take)
            self._list.view.entered.connect(self._list.view.setCurrentIndex)
        return self._list

    def _take(self, _index: QModelIndex | None = None) -> None:
        if self._list is None or not self._list.isVisible() or not self._list.model.rows:
            return
        found = self._list.model.rows[max(self._list.view.currentIndex().row(), 0)]
        if found.kind == search_model.PATIENT and self._backend is not None:
            self._open_patient(found, self._backend)
            return
        self.end()
        self.clear()
        self.chosen.emit(found)

    def _open_patient(self, patient: Found, backend: Backend) -> None:
        """The patient's own rows: book, or an appointment that comes or was."""
        hour12 = self._hour12
        book = Found(search_model.BOOK, patient.id, self.tr("Book for {0}").format(patient.title), patient.detail)
        self._patient = patient

        def show(rows: list[Found]) -> None:
            if self._patient is patient:
                self._popup().show_below(self, [book, *rows], "")

        backend.read(
            lambda desk: search_model.of_patient(desk, patient.id, patient.title, hour12),
            show,
            key="search",
            owner=self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self._list is not None and self._list.isVisible():
            self._list.move_by(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Who types faster than we answer means the answer to what she typed, not to what stands there.
            if self._patient is None and self.text().strip() != self._answered:
                self._enter_waits = True
            else:
                self._take()
        elif key == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _back(self) -> None:
        """Esc: from a patient's rows to the list, then out of the list, then back to the day."""
        if self._patient is not None:
            self._typed(self.text())
        elif self._list is not None and self._list.isVisible():
            self.end()
        else:
            self.clear()
            self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.end()

    def _glyph(self) -> QIcon:
        theme = self.look.theme
        return icon("search", theme.tokens.muted, size=theme.metrics.icon)

    def _restyle(self) -> None:
        self._icon.setIcon(self._glyph())


def _nothing(_query: str) -> list[Found]:
    return []
