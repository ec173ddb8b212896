"""The panels in every state that pictures are taken of, for the screenshot tour and for looking at them.

A sample opens a panel and goes through steps; between two steps whoever takes the picture waits until the
backend is idle. Made for a throw-away profile (the demo clinic): some steps act. ::

    facts = backend.read(samples.facts, ...)
    for sample in samples.SAMPLES:
        panel = sample.open(factory, context, facts)
        host.show_panel(panel)
        for step in sample.steps:
            settle()
            step(panel, facts)
        settle()
        grab(f"{sample.name}.png")
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.time import Micros, parse_instant
from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.appointments.details_panel import DetailsPanel
from himsog_desktop.ui.appointments.words import TYPES
from himsog_desktop.ui.shell.panels import BookingRequest, Panel

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import AppointmentDoc
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.panels import PanelFactory


class Facts(NamedTuple):
    """What the samples are about: a day, and appointments of it or near it in several states."""

    day: date
    confirmed: str
    requested: str
    arrived: str
    cancelled: str
    taken_by: str
    taken_at: Micros
    patient: str
    surname: str


class Sample(NamedTuple):
    """One state: how the panel is opened and what is done then, one step after another."""

    name: str
    open: Callable[[PanelFactory, DeskContext, Facts], Panel]
    steps: tuple[Callable[[Panel, Facts], None], ...] = ()


def facts(desk: Desk) -> Facts:
    """Find what the samples need; runs on the worker."""
    from himsog_desktop.services import lists

    now = desk.now()
    today = desk.zone.date_of(now)
    week = lists.AppointmentFilter(from_day=today - timedelta(days=3), to_day=today + timedelta(days=5))
    found = lists.appointments(desk, week)
    coming = [a for a in found if parse_instant(a.start) > now]

    def first(rows: list[AppointmentDoc], status: Status, visit: str | None = None) -> AppointmentDoc:
        fitting = [a for a in rows if a.status == status.value and (visit is None or a.visit == visit)]
        rich = [a for a in fitting if a.notes or len(a.services) > 1]
        return (rich or fitting or rows or found)[0]

    taken = first(coming, Status.CONFIRMED)
    chosen = first(coming, Status.CONFIRMED)
    arrived = [a for a in found if a.visit in ("arrived", "in_room")]
    return Facts(
        day=today,
        confirmed=chosen.id,
        requested=first(coming, Status.PENDING).id,
        arrived=(arrived or [chosen])[0].id,
        cancelled=first(found, Status.CANCELLED).id,
        taken_by=taken.provider.id,
        taken_at=parse_instant(taken.start),
        patient=first(found, Status.COMPLETED).patient.id,
        surname=chosen.patient.name.split(",")[0][:4],
    )


# ----------------------------------------------------------------------------------- opening


def _book(panels: PanelFactory, context: DeskContext, facts_: Facts) -> Panel:
    _forget(context)
    return panels.booking(context, BookingRequest(facts_.day))


def _book_taken(panels: PanelFactory, context: DeskContext, f: Facts) -> Panel:
    _forget(context)
    return panels.booking(context, BookingRequest(f.day, f.taken_by, f.taken_at, patient_id=f.patient))


def _book_again(panels: PanelFactory, context: DeskContext, f: Facts) -> Panel:
    """After two that were interrupted."""
    from himsog_desktop.services import drafts

    _forget(context)
    for key, name in (("one", "Buenaventura-Delos Santos, Maria Theresa"), ("two", "0917 555")):
        draft = drafts.BookingDraft(key, typed=name, provider_id=f.taken_by)
        context.backend.act(partial(drafts.keep, draft=draft))
    return panels.booking(context, BookingRequest(f.day))


def _forget(context: DeskContext) -> None:
    """The drafts that the pictures before left."""
    from himsog_desktop.services import drafts

    context.backend.act(drafts.drop_all)


def _details(which: str) -> Callable[[PanelFactory, DeskContext, Facts], Panel]:
    def made(panels: PanelFactory, context: DeskContext, f: Facts) -> Panel:
        return panels.details(context, str(getattr(f, which)))

    return made


# ------------------------------------------------------------------------------------- steps


def _type(widget: QWidget, text: str) -> None:
    """Type as a person does: one key after another."""
    for letter in text:
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def _press(widget: QObject, key: Qt.Key) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def _booking(panel: Panel) -> BookingPanel:
    assert isinstance(panel, BookingPanel)
    return panel


def _shown(panel: Panel) -> DetailsPanel:
    assert isinstance(panel, DetailsPanel)
    return panel


def _search(panel: Panel, f: Facts) -> None:
    _type(_booking(panel).patient.field, f.surname)


def _pick(panel: Panel, _facts: Facts) -> None:
    _press(_booking(panel).patient.field, Qt.Key.Key_Return)


def _service(text: str) -> Callable[[Panel, Facts], None]:
    def step(panel: Panel, _facts: Facts) -> None:
        field = _booking(panel).services.field
        _type(field, text)
        _press(field, Qt.Key.Key_Return)

    return step


def _find_service(panel: Panel, _facts: Facts) -> None:
    _type(_booking(panel).services.field, "c")


def _take_third(panel: Panel, _facts: Facts) -> None:
    free = _booking(panel).time.free
    free.setFocus()
    free.step(2)
    free.take()


def _note(panel: Panel, _facts: Facts) -> None:
    booking = _booking(panel)
    booking.note.setPlainText("Brings the results of last week")
    booking.type.choose(TYPES[1])


def _book_it(panel: Panel, _facts: Facts) -> None:
    _booking(panel).book()


def _new_patient(panel: Panel, _facts: Facts) -> None:
    part = _booking(panel).patient
    part.begin_new("Dela Cruz, Maria Theresa")
    _type(part.form.phone, "0917 555 0148")
    _type(part.form.birth, "14 mar 1985")
    part.form.birth.editingFinished.emit()


def _act(act: StatusAct) -> Callable[[Panel, Facts], None]:
    return lambda panel, _facts: _shown(panel).do_act(act)


def _cancel_form(panel: Panel, _facts: Facts) -> None:
    _shown(panel).begin_cancel()


def _history(panel: Panel, _facts: Facts) -> None:
    _shown(panel).show_history()


def _write_note(panel: Panel, _facts: Facts) -> None:
    note = _shown(panel).note
    note.edit.setPlainText("Called back: brings a referral letter.")
    note.save()


def _loading(panel: Panel, _facts: Facts) -> None:
    if isinstance(panel, BookingPanel):
        panel.time.free.clear_rows()
        panel.time.free.show_bars(6)
    elif isinstance(panel, DetailsPanel):
        panel.show_loading()


def _trouble(panel: Panel, _facts: Facts) -> None:
    error = Surroundings("disk", "The disk or the cache file failed. Nothing was lost.")
    if isinstance(panel, BookingPanel):
        panel.time.show_error(error)
    elif isinstance(panel, DetailsPanel):
        panel.show_error(error)


SAMPLES: tuple[Sample, ...] = (
    Sample("booking-empty", _book),
    Sample("booking-found", _book, (_search,)),
    Sample("booking-service", _book, (_search, _pick, _service("check"), _find_service)),
    Sample("booking-filled", _book, (_search, _pick, _service("check"), _service("blood t"), _take_third, _note)),
    Sample("booking-refused", _book_taken, (_service("check"), _book_it)),
    Sample("booking-new-patient", _book, (_new_patient,)),
    Sample("booking-drafts", _book_again),
    Sample("booking-loading", _book, (_loading,)),
    Sample("booking-error", _book, (_trouble,)),
    Sample("details-confirmed", _details("confirmed")),
    Sample("details-requested", _details("requested")),
    Sample("details-arrived", _details("arrived")),
    Sample("details-cancel-form", _details("confirmed"), (_cancel_form,)),
    Sample("details-cancelled-reason", _details("cancelled")),
    Sample(
        "details-history",
        _details("requested"),
        (_act(StatusAct.CONFIRM), _write_note, _act(StatusAct.UNCONFIRM), _history),
    ),
    Sample("details-loading", _details("confirmed"), (_loading,)),
    Sample("details-error", _details("confirmed"), (_trouble,)),
)
