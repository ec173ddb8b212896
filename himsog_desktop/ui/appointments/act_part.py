"""The state of an appointment and what may be done with it: acts with their keys, the visit, cancelling.

Only what the state machine and the person's role allow is offered (``domain.transitions``). Cancelling takes
a reason from the platform's list and one free line, here in the panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from himsog_desktop.domain.appointment import SHOWN, CancelledBy, Status, StatusAct, VisitState
from himsog_desktop.ui.appointments.choices import Segment, Segments
from himsog_desktop.ui.appointments.fields import Caption, EnterFilter, KeyButton, button, column, row
from himsog_desktop.ui.appointments.painting import paint_frame
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.appointments.words import waited_words
from himsog_desktop.ui.calendar.labels import VISITS
from himsog_desktop.ui.shell.cancel_panel import CLINIC_REASONS, PATIENT_REASONS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ui.theme.system import ThemeSource

_ICONS = {
    Status.PENDING.value: "hourglass",
    Status.CONFIRMED.value: "tick",
    Status.COMPLETED.value: "double-tick",
    Status.CANCELLED.value: "cross",
    Status.NO_SHOW.value: "person-crossed",
    VisitState.ARRIVED.value: "door",
    VisitState.IN_ROOM.value: "chair",
    VisitState.WITH_PROVIDER.value: "person",
    VisitState.CHECKED_OUT.value: "exit",
}
STYLES = {
    Status.PENDING.value: "requested",
    Status.CONFIRMED.value: "confirmed",
    Status.COMPLETED.value: "completed",
    Status.CANCELLED.value: "cancelled",
    Status.NO_SHOW.value: "no_show",
}
KEYS = {
    StatusAct.CONFIRM: "C",
    StatusAct.COMPLETE: "F",
    StatusAct.CANCEL: "X",
    StatusAct.NO_SHOW: "N",
    StatusAct.REOPEN: "",
    StatusAct.UNCONFIRM: "",
}
_ORDER = (
    StatusAct.CONFIRM,
    StatusAct.COMPLETE,
    StatusAct.REOPEN,
    StatusAct.NO_SHOW,
    StatusAct.UNCONFIRM,
    StatusAct.CANCEL,
)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def icon_of_status(status: str) -> str:
    """The icon of a state: never colour alone."""
    return _ICONS.get(status, "question")


class StateStrip(QWidget):
    """The state in its colours: icon, word, and how long the patient has been waiting."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.words = ""
        self._style = "confirmed"
        self._icon = "tick"
        self._struck = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, a: Appointment, now: Micros) -> None:
        """The state of an appointment; of the visit once the patient is in the house."""
        visit = a.visit.state if a.active else None
        if visit is not None:
            self._style, self._icon = "visit", _ICONS[visit.value]
            waited = waited_words(since(a), now)
            words = VISITS[visit.value] + (f" · {waited}" if waited else "")
        else:
            self._style, self._icon = STYLES[a.status.value], _ICONS[a.status.value]
            words = SHOWN[a.status]
        if words != self.words:
            self.words = words
            self.setAccessibleName(self.tr("State: {0}").format(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.look.theme.metrics.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.look.theme.metrics.control)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        colours = theme.statuses[self._style]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), colours.tint, colours.tint, 0, m.radius)
        bar = self.rect().adjusted(0, 0, m.xs - self.width(), 0)
        painter.setClipRect(bar)
        paint_frame(painter, self.rect(), colours.bar, colours.bar, 0, m.radius)
        painter.setClipping(False)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(m.m, (self.height() - m.icon) // 2, theme.icon(self._icon, colours.text_name, ratio))
        painter.setFont(theme.strong.font)
        painter.setPen(colours.text)
        left = m.m + m.icon + m.s
        painter.drawText(self.rect().adjusted(left, 0, -m.s, 0), _LEFT, self.words)
        painter.end()


def since(a: Appointment) -> Micros | None:
    """When the patient entered the present state of the visit."""
    visit = a.visit
    if visit.state is None:
        return None
    return {
        VisitState.ARRIVED: visit.arrived_at,
        VisitState.IN_ROOM: visit.in_room_at,
        VisitState.WITH_PROVIDER: visit.with_provider_at,
        VisitState.CHECKED_OUT: visit.checked_out_at,
    }[visit.state]


class VisitPart(QWidget):
    """Where the patient is: four steps; the present one pressed again takes it back."""

    asked = Signal(object)
    """A ``VisitState``, or None: not arrived."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: VisitState | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.theme.metrics.xs)
        self.steps: dict[VisitState, Segment] = {}
        for i, state in enumerate(VisitState):
            step = Segment(look, VISITS[state.value], state.value, self, _ICONS[state.value])
            step.setCheckable(False)
            step.setAccessibleName(self.tr("Visit: {0}").format(VISITS[state.value]))
            step.clicked.connect(lambda _on=False, s=state: self._pressed(s))
            step.framed = True
            grid.addWidget(step, i // 2, i % 2)
            self.steps[state] = step

    def _pressed(self, state: VisitState) -> None:
        self.asked.emit(None if state is self._state else state)

    def show_visit(self, a: Appointment) -> None:
        """Mark the present step."""
        self._state = a.visit.state
        for state, step in self.steps.items():
            on = state is self._state
            step.setCheckable(True)
            step.setChecked(on)
            step.setToolTip(self.tr("Press again to take it back") if on else "")


class ActButtons(QWidget):
    """The acts that are allowed now, two in a row, each with its key."""

    asked = Signal(object)
    """A ``StatusAct``."""
    move_asked = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        words = {
            StatusAct.CONFIRM: self.tr("Confirm"),
            StatusAct.COMPLETE: self.tr("Complete"),
            StatusAct.CANCEL: self.tr("Cancel…"),
            StatusAct.NO_SHOW: self.tr("No-show"),
            StatusAct.REOPEN: self.tr("Reopen"),
            StatusAct.UNCONFIRM: self.tr("Unconfirm"),
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look.theme.metrics.s)
        self.buttons: dict[StatusAct, KeyButton] = {}
        for act in _ORDER:
            kind = "primary" if act is StatusAct.CONFIRM else "danger" if act is StatusAct.CANCEL else ""
            made = KeyButton(look, words[act], KEYS[act], self, kind=kind)
            made.clicked.connect(lambda _on=False, a=act: self.asked.emit(a))
            made.hide()
            self.buttons[act] = made
        self.move_button = KeyButton(look, self.tr("Move…"), "R", self)
        self.move_button.clicked.connect(self.move_asked)
        self._shown: tuple[StatusAct, ...] | None = None
        self._may_move = False

    def show_acts(self, acts: tuple[StatusAct, ...], *, may_move: bool) -> None:
        """Offer these and no others."""
        wanted = tuple(act for act in _ORDER if act in acts)
        if wanted == self._shown and may_move == self._may_move:
            return
        self._shown, self._may_move = wanted, may_move
        held = any(b.hasFocus() for b in self.buttons.values())
        buttons: list[KeyButton] = [self.buttons[act] for act in wanted if act is not StatusAct.CANCEL]
        if may_move:
            buttons.insert(min(1, len(buttons)), self.move_button)
        if StatusAct.CANCEL in wanted:
            buttons.append(self.buttons[StatusAct.CANCEL])
        for made in (*self.buttons.values(), self.move_button):
            self._grid.removeWidget(made)
            made.setVisible(made in buttons)
        before: QWidget | None = None
        for i, made in enumerate(buttons):
            alone = i == len(buttons) - 1 and i % 2 == 0
            self._grid.addWidget(made, i // 2, i % 2, 1, 2 if alone else 1)
            if before is not None:
                QWidget.setTabOrder(before, made)
            before = made
        if held and buttons:
            # The act that had the keyboard is done and gone: the keyboard stays among the acts.
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(bool(buttons))


class CancelForm(QWidget):
    """Why, and who cancels: a list, one free line, two buttons."""

    cancelled = Signal(str, object)
    """The reason as it is stored, and a ``CancelledBy``."""
    kept = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        m = look.theme.metrics
        lines = column(self, m.s, (m.m, m.m, m.m, m.m))
        self.who = Segments(
            look,
            self.tr("Who cancels"),
            (
                (CancelledBy.PATIENT.value, self.tr("The patient"), ""),
                (CancelledBy.CLINIC.value, self.tr("The clinic"), ""),
            ),
            self,
        )
        self.reasons = Rows(look, self.tr("Reason"), self, two_lines=False, focus=True)
        self.more = QLineEdit(self)
        self.more.setPlaceholderText(self.tr("A few words more, if needed"))
        self.more.setAccessibleName(self.tr("A few words more"))
        self.more.setMaxLength(400)
        self.do_cancel = button(self.tr("Cancel the appointment"), self, "primary")
        self.keep = button(self.tr("Keep it"), self)
        self.keep.setToolTip("Esc")
        lines.addWidget(Caption(look, self.tr("Who cancels?"), self.who.segments[0], self))
        lines.addWidget(self.who)
        lines.addWidget(Caption(look, self.tr("Why? Arrows or a digit, then Enter"), self.reasons, self))
        lines.addWidget(self.reasons)
        lines.addWidget(self.more)
        last = row(m.s)
        last.addWidget(self.do_cancel, 1)
        last.addWidget(self.keep)
        lines.addLayout(last)
        self.who.chosen.connect(lambda _key: self._show_reasons())
        self.reasons.taken.connect(self._take)
        self.reasons.typed.connect(self._digit)
        EnterFilter(self.more).pressed.connect(self._cancel)
        self.do_cancel.clicked.connect(self._cancel)
        self.keep.clicked.connect(self.kept)
        self._entered = False
        self._show_reasons()
        self.hide()

    def begin(self) -> None:
        """Ask."""
        self.more.clear()
        self.show()
        self.reasons.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_reasons(self) -> None:
        patient = self.who.key == CancelledBy.PATIENT.value
        reasons = PATIENT_REASONS if patient else CLINIC_REASONS
        self.reasons.show_rows([Row(reason, f"{i}   {reason}") for i, reason in enumerate(reasons, 1)])

    def _digit(self, text: str) -> None:
        at = int(text) - 1 if text.isascii() and text.isdigit() else -1
        if 0 <= at < len(self.reasons.rows):
            self.reasons.setCurrentIndex(self.reasons.rows_model.index(at, 0))
            self.reasons.viewport().update()

    def _take(self, _at: int) -> None:
        # A click chooses, Enter goes on to the button: cancelling takes one more.
        self.do_cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self) -> None:
        label = self.reasons.rows[max(self.reasons.current, 0)].key
        more = self.more.text().strip()
        self.cancelled.emit(f"{label}: {more}" if more else label, CancelledBy(self.who.key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.kept.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.canvas, theme.statuses["cancelled"].bar, theme.metrics.line)
        painter.end()
