"""The search of everything: patients, appointments, days, commands, as you type.

Its list is a child of the window, not a window of its own, so the keyboard never leaves the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.shell.controls import WrittenLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.models.search_model import Found
    from himsog_desktop.ui.shell.search_list import FoundList
    from himsog_desktop.ui.theme.system import ThemeSource

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class SearchBox(WrittenLine):
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
        self._list: FoundList | None = None
        self._patient: Found | None = None
        self._answered = ""
        self._enter_waits = False
        self._broken = ""
        """What could not be looked for: Enter tries again."""
        self.setPlaceholderText(self.tr("Find, go to, book: ana reyes tue 3pm"))
        self.setAccessibleName(self.tr("Find patient, appointment or command"))
        self.setToolTip("Ctrl+K  /")
        self.setMaxLength(120)
        self.setObjectName("search")
        self._leave_room()
        self.written.connect(self._typed)
        look.changed.connect(self._restyle)

    def connect_to(self, backend: Backend, local: Callable[[str], list[Found]], *, hour12: bool) -> None:
        """Begin to answer."""
        self._backend, self._local, self._hour12 = backend, local, hour12

    @property
    def rows(self) -> list[Found]:
        """What the list shows now, nothing while it is hidden."""
        return self._list.model.rows if self._list is not None and self._list.isVisible() else []

    @property
    def answered(self) -> str:
        """What the list in view answers, without blanks around it; "" while there is none."""
        return self._answered

    @property
    def popup(self) -> FoundList:
        """The list under the field; made when it is first asked for."""
        if self._list is None:
            from himsog_desktop.ui.shell.search_list import FoundList

            self._list = FoundList(self.look, self.window())
            self._list.view.clicked.connect(self._take)
            self._list.view.entered.connect(self._list.view.setCurrentIndex)
        return self._list

    @property
    def chosen_row(self) -> int:
        """The highlighted row of the list."""
        return max(self._list.view.currentIndex().row(), 0) if self._list is not None else 0

    def begin(self) -> None:
        """Take the keyboard, with what was typed selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._typed(self.text())

    def put_away(self) -> None:
        """Put the list away."""
        self._patient = None
        self._answered = ""
        if self._list is not None:
            self._list.hide()

    def _typed(self, text: str) -> None:
        self._patient = None
        self._enter_waits = False
        self._broken = ""
        query = text.strip()
        if not query or self._backend is None:
            self.put_away()
            if self._backend is not None and self.hasFocus():
                self.popup.show_below(self, self._local(""), "")
            return
        from himsog_desktop.ui.models import search_model

        at_once = self._local(query)
        hour12 = self._hour12
        self._backend.read(
            lambda desk: search_model.find(desk, query, hour12),
            lambda found: self._show(query, at_once, found),
            lambda error: self._failed(query, at_once, error),
            key="search",
            owner=self,
        )

    def _show(self, query: str, at_once: list[Found], found: list[Found]) -> None:
        if self.text().strip() != query or not self.hasFocus():
            return
        self._answered = query
        from himsog_desktop.ui.shell.commands import merged

        self.popup.show_below(
            self, merged(query, found, at_once), self.tr("Nobody and nothing of that name or number.")
        )
        if self._enter_waits:
            self._enter_waits = False
            self._take()

    def _failed(self, query: str, at_once: list[Found], error: HimsogError) -> None:
        """It could not be read: what is known without the worker stands there, else why, and that Enter tries again."""
        if self.text().strip() != query or not self.hasFocus():
            return
        from himsog_desktop.ui.models import search_model

        rows = [row for row in at_once if row.kind != search_model.NEW_PATIENT]
        self._answered = query if rows else ""
        self._broken = "" if rows else query
        self._enter_waits = False
        self.popup.show_below(self, rows, self.tr("{0} Enter tries again.").format(error.message))

    def _take(self, _index: QModelIndex | None = None) -> None:
        if self._list is None or not self._list.isVisible() or not self._list.model.rows:
            return
        found = self._list.model.rows[max(self._list.view.currentIndex().row(), 0)]
        if found.kind == "patient" and self._backend is not None:
            self._open_patient(found, self._backend)
            return
        self.put_away()
        self.clear()
        self.chosen.emit(found)

    def _open_patient(self, patient: Found, backend: Backend) -> None:
        """The patient's own rows: book, or an appointment that comes or was."""
        from himsog_desktop.ui.models import search_model

        hour12 = self._hour12
        book = search_model.Found(
            search_model.BOOK, patient.id, self.tr("Book for {0}").format(patient.title), patient.detail
        )
        self._patient = patient

        def show(rows: list[Found]) -> None:
            if self._patient is patient:
                self.popup.show_below(self, [book, *rows], "")

        backend.read(
            lambda desk: search_model.of_patient(desk, patient.id, hour12),
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
                if self._broken == self.text().strip():
                    self._typed(self.text())
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
        elif self._list is not None and self._list.isVisible() and self.text():
            self.put_away()
        else:
            self.put_away()
            self.clear()
            self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.put_away()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        pixmap = theme.icon("search", theme.tokens.muted, self.devicePixelRatioF())
        painter.drawPixmap(m.m, (self.height() - m.icon) // 2, pixmap)
        painter.end()

    def _leave_room(self) -> None:
        m = self.look.theme.metrics
        self.setTextMargins(m.icon + m.m, 0, 0, 0)

    def _restyle(self) -> None:
        self._leave_room()
        self.update()


def _nothing(_query: str) -> list[Found]:
    return []
