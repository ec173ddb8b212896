"""The booking panel: patient, services, when, how, in one column and by keyboard alone.

Ctrl+N, the name, Enter, the service, Enter, an arrow to another time, Enter, Enter: booked (look, "The acts,
in keys"). A new booking starts empty; what is interrupted is kept as a draft and offered the next time.
The panel decides nothing: ``services.booking`` gives the verdict, this shows it and keeps what was typed.

Long because it is the one place where the parts of a booking meet; parts and layout are modules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from himsog_desktop.domain.appointment import Location
from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.domain.errors import HimsogError, Refused
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.appointments.booking_form import BookingForm
from himsog_desktop.ui.appointments.fields import is_enter
from himsog_desktop.ui.appointments.new_patient import Typed
from himsog_desktop.ui.appointments.offers import Menu, minutes_words, total_words
from himsog_desktop.ui.shell.panels import BookingRequest, Proposal

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QHideEvent, QKeyEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.rules import Reason
    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc, PatientDoc
    from himsog_desktop.services.drafts import BookingDraft
    from himsog_desktop.services.panels import Offers, Suggestion
    from himsog_desktop.ui.shell.context import DeskContext

KEEP_MS = 600
"""How long after the last key a draft is written."""


class BookingPanel(BookingForm):
    """Books one appointment."""

    def __init__(self, context: DeskContext, request: BookingRequest) -> None:
        super().__init__(context)
        self._menu: Menu | None = None
        self._booking = False
        self._done = False
        self._draft_id = ""
        self._kept: BookingDraft | None = None
        self._room_wanted = ""
        self._shown_day: date = request.day
        self._connect()
        self.time.base_day = request.day
        self._keep_timer = QTimer(self)
        self._keep_timer.setSingleShot(True)
        self._keep_timer.setInterval(KEEP_MS)
        self._keep_timer.timeout.connect(self.keep_draft)
        self._begin(request)

    def _connect(self) -> None:
        backend = self._context.backend
        self.patient.changed.connect(self._touched)
        self.patient.chosen.connect(self._patient_chosen)
        self.services.changed.connect(self._services_changed)
        self.services.proceed.connect(self._to_time)
        self.services.stepped.connect(self._step_into_times)
        self.time.changed.connect(self._time_changed)
        self.time.asked.connect(self._ask_times)
        self.time.chosen.connect(self._time_chosen)
        self.time.pointed.connect(self._point)
        self.time.free.typed.connect(self._typed_in_times)
        self.time.free.left_above.connect(lambda: self.services.field.setFocus(Qt.FocusReason.BacktabFocusReason))
        for part in (self.patient, self.services, self.time):
            part.submitted.connect(self.book)
        self.refusal.time_taken.connect(self._take_alternative)
        self.refusal.overbooked.connect(lambda reason: self.book(reason))
        self.do_book.clicked.connect(lambda: self.book())
        self.note.textChanged.connect(self._touched)
        self.location.chosen.connect(lambda _key: self._touched())
        self.type.currentIndexChanged.connect(lambda _at: self._touched())
        self.room.currentIndexChanged.connect(lambda _at: self._room_changed())
        self.confirm.toggled.connect(lambda _on: self._touched())
        self.offer.resumed.connect(self.resume)
        self.offer.discarded.connect(self._discard)
        backend.changed.connect(self._data_changed)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self.area.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._reveal())

    # ----------------------------------------------------------------------------- beginning

    def _begin(self, request: BookingRequest) -> None:
        from himsog_desktop.services import drafts, panels

        self._draft_id = drafts.new_draft_id()
        backend = self._context.backend
        backend.read(panels.offers, self._set_offers, self._offers_failed, key="booking-offers", owner=self)
        backend.read(drafts.kept, self._offer_drafts, _silent, key="booking-drafts", owner=self)
        self.time.set_place(request.provider_id, request.start, request.duration)
        self._room_wanted = next(iter(request.room_ids), "")
        if request.services:
            self.services.set_chosen(request.services)
        if request.when:
            self.time.type(request.when)
        if request.patient_id is not None:
            self._read_patient(request.patient_id)
        elif request.typed:
            self.patient.type(request.typed)
        self._ask_times()
        self._price()
        # Last in the line: while the name is being typed.
        backend.read(panels.warm, _nothing, _silent, owner=self)

    def _set_offers(self, offers: Offers) -> None:
        self._menu = Menu(offers)
        self.time.set_menu(self._menu)
        self.services.set_provider(self.time.provider_id)
        self.services.set_menu(self._menu)
        self.room.offer([("", self.tr("No room")), *((room.id, room.name) for room in offers.rooms)])
        self.room.setVisible(bool(offers.rooms))
        self._take_room()
        self._price()
        self._ask_why_not()

    def _take_room(self) -> None:
        """The room that was meant, once the rooms are known."""
        if self._room_wanted and self.room.findData(self._room_wanted) >= 0:
            self.room.choose(self._room_wanted)
            self._room_wanted = ""

    def _room_changed(self) -> None:
        self._touched()
        self._ask_why_not()

    def _rooms(self) -> tuple[str, ...]:
        return (self.room.key,) if self.room.key else ()

    def _offers_failed(self, error: HimsogError) -> None:
        self.problem.say(error.message)

    def _offer_drafts(self, found: list[BookingDraft]) -> None:
        others = [d for d in found if d.id != self._draft_id]
        context = self._context
        self.offer.offer(others, self.time.clock, context.clock.now(), privacy=context.prefs.now.privacy)

    def _read_patient(self, patient_id: str, then: str = "") -> None:
        def read(desk: Desk) -> PatientDoc:
            from himsog_desktop.services import patients

            return patients.show(desk, patient_id)

        def show(found: PatientDoc) -> None:
            self.patient.set_patient(found)
            self._touched()
            self._ask_times()
            if then == "focus" or self.patient.field.hasFocus() or self.patient.hasFocus():
                self.focus_first()

        self._context.backend.read(read, show, self._patient_gone, key="booking-one-patient", owner=self)

    def _patient_gone(self, error: HimsogError) -> None:
        self.patient.error.say(error.message)

    def focus_first(self) -> None:
        """The keyboard to the first thing that is not said yet."""
        if not self.patient.ready:
            self.patient.focus_first()
        elif not self.services.chosen:
            self.services.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.time.start is None:
            self.time.free.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.do_book.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, request: BookingRequest) -> bool:
        """Another time was clicked in the day: it comes into what is being typed. Another patient does not."""
        if request.patient_id is not None or request.typed:
            mine = self.patient.patient
            if mine is None or mine.id != request.patient_id:
                return False
        if request.start is not None:
            self._shown_day = self.time.base_day = request.day
            self.refusal.put_away()
            self.time.set_place(request.provider_id, request.start, request.duration)
            if request.room_ids:
                self._room_wanted = request.room_ids[0]
                self._take_room()
            self._time_changed()
            self._ask_times()
        return True

    # ------------------------------------------------------------------------ from part to part

    def _patient_chosen(self) -> None:
        self._ask_times()
        self._ask_why_not()
        self.focus_first()

    def _services_changed(self) -> None:
        self._touched()
        self._price()
        self._ask_times()
        self._ask_why_not()

    def _to_time(self) -> None:
        """Enter on an empty service field: on to the time, or with one chosen to Book."""
        if self.time.start is not None:
            self.do_book.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.time.free.take()

    def _step_into_times(self, step: int) -> None:
        if self.time.start is None and step > 0:
            self.time.free.setFocus(Qt.FocusReason.OtherFocusReason)
            self.time.free.step(step)

    def _typed_in_times(self, text: str) -> None:
        """Letters typed on the list of times mean the field for the time."""
        self.time.typed.setFocus(Qt.FocusReason.OtherFocusReason)
        self.time.typed.insert(text)
        self.time.typed.written.emit(self.time.typed.text())

    def _time_changed(self) -> None:
        self.services.set_provider(self.time.provider_id)
        self._touched()
        self._price()
        self._ask_why_not()

    def _time_chosen(self) -> None:
        self._show_proposal()
        self.do_book.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_alternative(self, slot: Slot) -> None:
        self.time.set_place(slot.provider, slot.start, None)
        self._time_changed()
        self._time_chosen()

    def _point(self, suggestion: Suggestion | None) -> None:
        if suggestion is None:
            self._context.go.propose(None)
            return
        self._propose(suggestion.provider_id, suggestion.start, suggestion.end)

    def _show_proposal(self) -> None:
        if self.time.start is not None and self.time.provider_id is not None:
            self._propose(self.time.provider_id, self.time.start, self.time.start + self._minutes() * MINUTE)

    def _propose(self, provider_id: str, start: Micros, end: Micros) -> None:
        self._shown_day = self._context.zone.date_of(start)
        who = self.patient.patient.name if self.patient.patient is not None else ""
        self._context.go.propose(Proposal(provider_id, start, end, who, self.room.key))

    # ------------------------------------------------------------------------------- asking

    def _service_ids(self) -> tuple[str, ...]:
        if self._menu is None:
            return ()
        return self._menu.own(self.services.chosen, self.time.provider_id)

    def _patient_id(self) -> str | None:
        return None if self.patient.patient is None else self.patient.patient.id

    def _ask_times(self) -> None:
        self.time.ask(self.time.wish(self._service_ids(), self._patient_id()))

    def _ask_why_not(self) -> None:
        """Whether the chosen time is free, said before anybody presses Book."""
        provider, start = self.time.provider_id, self.time.start
        self.refusal.put_away()
        if provider is None or start is None:
            self.time.show_reasons(())
            return
        end = start + self._minutes() * MINUTE
        ids, patient, rooms = self._service_ids(), self._patient_id(), self._rooms()

        def read(desk: Desk) -> tuple[Reason, ...]:
            from himsog_desktop.services import panels

            return panels.why_not(desk, provider, start, end, ids, patient, rooms)

        self._context.backend.read(read, self.time.show_reasons, _silent, key="booking-why-not", owner=self)

    def _minutes(self) -> int:
        """How long it will take."""
        if self.time.minutes is not None:
            return self.time.minutes
        menu = self._menu
        if menu is None:
            return 30
        found = menu.price(self.services.chosen, self.time.provider_id, None)
        return found.duration if found is not None else 30

    def _price(self) -> None:
        menu, chosen = self._menu, self.services.chosen
        if menu is None:
            self.total.set_text("")
            self.sum_words.set_text("")
            return
        found = menu.price(chosen, self.time.provider_id, self.time.minutes)
        missing = menu.missing(chosen, self.time.provider_id)
        if missing:
            self.services.problem.say(
                self.tr("{0} doesn't offer {1}.").format(
                    self.time.name_of(self.time.provider_id), ", ".join(item.name for item in missing)
                )
            )
        elif found is None and chosen:
            self.services.problem.say(self.tr("No provider offers all of these together."))
        else:
            self.services.problem.say()
        if found is None:
            self.total.set_text("")
            self.sum_words.set_text("")
            return
        own = menu.price(chosen, self.time.provider_id, None)
        self.time.show_end(own.duration if own is not None else found.duration)
        self.total.set_text(total_words(found, menu.offers.currency) if chosen else self.tr("No service"))
        count = len(chosen)
        services = self.tr("1 service") if count == 1 else self.tr("{0} services").format(count)
        parts = [minutes_words(found.duration), services if count else ""]
        self.sum_words.set_text(" · ".join(part for part in parts if part))
        provider = menu.providers.get(self.time.provider_id or "")
        automatic = provider is not None and provider.policy.auto_confirm
        self.confirm.setEnabled(not automatic)
        if automatic:
            self.confirm.setChecked(True)
        self.confirm.setText(
            self.tr("Confirmed at once: this provider's policy") if automatic else self.tr("Confirm at once")
        )

    def _data_changed(self, changes: ChangeSet) -> None:
        """Somebody wrote: what is shown follows, what was typed stays."""
        from himsog_desktop.services import panels

        if self._done or self._booking:
            return
        if changes.everything or changes.services or (changes.providers and not changes.appointments):
            self._context.backend.read(
                panels.offers, self._set_offers, self._offers_failed, key="booking-offers", owner=self
            )
        mine = self._patient_id()
        if mine is not None and (changes.everything or (mine in changes.patients and not changes.appointments)):
            self._read_patient(mine)
        if changes.everything or changes.days or changes.providers or changes.appointments:
            self.time.refresh(self.time.wish(self._service_ids(), mine))
            if not self.refusal.isVisible():
                self._ask_why_not()

    # ------------------------------------------------------------------------------- booking

    def book(self, overbook: str | None = None) -> None:
        """Book what stands here; what is missing is said, and the keyboard goes there."""
        if self._booking or self._done:
            return
        self.problem.say()
        command = self._command(overbook)
        if command is None:
            return
        self._booking = True
        self._keep_timer.stop()
        self._context.acts.book(command, self._booked, self._refused)

    def _command(self, overbook: str | None) -> Book | None:
        if not self.patient.ready:
            self._lacks(self.tr("Choose a patient first."), None)
            return None
        start, provider = self.time.start, self.time.provider_id
        if self.time.length_wrong:
            self._lacks(self.tr("The length is not understood: write it like 30 min or 1h."), self.time.duration)
            return None
        if start is None or provider is None:
            self._lacks(self.tr("Choose a time: arrows and Enter, or type it."), self.time.free)
            return None
        typed = self.patient.form.typed
        new = None
        if self.patient.patient is None:
            new = NewPatient(typed.name, typed.email or None, typed.phone or None, typed.birth_date or None)
        return Book(
            provider,
            start,
            patient_id=self._patient_id(),
            new_patient=new,
            service_ids=self._service_ids(),
            duration=self.time.minutes,
            notes=self.note.toPlainText().strip() or None,
            confirm=self.confirm.isChecked(),
            overbook=overbook,
            location=Location(self.location.key),
            type=self.type.key or None,
            room_ids=self._rooms(),
        )

    def _lacks(self, words: str, where: QWidget | None) -> None:
        self.problem.say(words)
        if where is None:
            self.patient.focus_first()
        else:
            where.setFocus(Qt.FocusReason.OtherFocusReason)

    def _booked(self, doc: ActDoc) -> None:
        from himsog_desktop.services import drafts

        self._booking, self._done = False, True
        draft_id = self._draft_id
        if self._kept is not None:
            self._context.backend.act(lambda desk: drafts.drop(desk, draft_id))
        day = self._context.zone.date_of(self.time.start or 0)
        if doc.changed and day != self._shown_day:
            self._context.go.day(day)
        self.closed.emit()

    def _refused(self, error: HimsogError) -> None:
        self._booking = False
        if not isinstance(error, Refused) or not (error.details or error.alternatives):
            self.problem.say(error.message)
            return
        may = self._menu is not None and self.time.provider_id in self._menu.offers.overbook
        self.time.show_reasons(())
        self.refusal.say(error, self.time.clock, self.time.today, self._names(), may_overbook=may)

    def _names(self) -> dict[str, str]:
        return {} if self._menu is None else {p.id: p.name for p in self._menu.offers.providers}

    # -------------------------------------------------------------------------------- drafts

    def _touched(self) -> None:
        if not self._done:
            self.problem.say()
            self._keep_timer.start()

    def draft(self) -> BookingDraft:
        """What stands here, as it is kept."""
        from himsog_desktop.services.drafts import BookingDraft

        patient, typed = self.patient.patient, self.patient.form.typed
        new = self.patient.is_new
        return BookingDraft(
            id=self._draft_id,
            patient_id=None if patient is None else patient.id,
            patient_name=patient.name if patient is not None else (typed.name if new else ""),
            typed="" if new or patient is not None else self.patient.search,
            new_patient=new,
            phone=typed.phone if new else "",
            email=typed.email if new else "",
            birth_date=typed.birth_date if new else "",
            services=self._service_ids(),
            provider_id=self.time.provider_id,
            start=self.time.start,
            duration=self.time.minutes,
            part=self.time.part.key,
            location=self.location.key,
            type=self.type.key,
            note=self.note.toPlainText(),
            confirm=self.confirm.isChecked() and self.confirm.isEnabled(),
            room=self.room.key,
        )

    def keep_draft(self) -> None:
        """Write it down if there is anything that somebody would miss; called by itself after each pause."""
        from himsog_desktop.services import drafts

        self._keep_timer.stop()
        if self._done or self._booking:
            return
        draft = self.draft()
        if draft == self._kept:
            return
        if draft.worth_keeping:
            self._kept = draft
            self._context.backend.act(lambda desk: drafts.keep(desk, draft), None, _silent)
        elif self._kept is not None:
            self._kept = None
            self._context.backend.act(lambda desk: drafts.drop(desk, draft.id), None, _silent)

    def resume(self, draft: BookingDraft) -> None:
        """Go on with a draft. What stood here before is kept as one of its own."""
        self.keep_draft()
        self._draft_id, self._kept = draft.id, draft
        self.offer.offer(
            [d for d in self.offer.drafts if d.id != draft.id],
            self.time.clock,
            self._context.clock.now(),
            privacy=self._context.prefs.now.privacy,
        )
        self.services.set_chosen(draft.services)
        self.part_and_place(draft)
        self.location.choose(draft.location)
        self.type.choose(draft.type)
        self.room.choose(draft.room)
        self.note.setPlainText(draft.note)
        self.confirm.setChecked(draft.confirm)
        if draft.patient_id is not None:
            self._read_patient(draft.patient_id, "focus")
        elif draft.new_patient:
            self.patient.set_new(Typed(draft.patient_name, draft.phone, draft.email, draft.birth_date))
            self.focus_first()
        else:
            self.patient.search_again()
            self.patient.type(draft.typed)
        self._time_changed()
        self._ask_times()
        self._keep_timer.stop()

    def part_and_place(self, draft: BookingDraft) -> None:
        """The time of a draft; one that has passed meanwhile is left out."""
        self.time.part.choose(draft.part)
        start = draft.start
        if start is not None and start < self._context.clock.now():
            start = None
        self.time.set_place(draft.provider_id, start, draft.duration)

    def _discard(self, draft: BookingDraft) -> None:
        from himsog_desktop.services import drafts

        self._context.backend.act(lambda desk: drafts.drop(desk, draft.id))
        self._offer_drafts([d for d in self.offer.drafts if d.id != draft.id])
        self.focus_first()

    def may_close(self) -> bool:
        """Always; what was typed is kept first."""
        self.keep_draft()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        # Another panel, the lock, the end of the window: all of them hide it.
        self.keep_draft()
        self._context.go.propose(None)
        super().hideEvent(event)

    # ---------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and is_enter(event):
            self.book()
            event.accept()
            return
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if plain and event.text() and event.text().isprintable():
            # Letters are acts of the window elsewhere: typed beside a field here they must do nothing.
            event.accept()
            return
        super().keyPressEvent(event)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.content.isAncestorOf(new):
            self._reveal()

    def _reveal(self) -> None:
        """Bring what has the keyboard into view, with the list that belongs to it."""
        focus = QApplication.focusWidget()
        if focus is None or not self.content.isAncestorOf(focus):
            return
        m = self._context.look.theme.metrics
        below = {self.patient.field: self.patient.results, self.services.field: self.services.results}.get(focus)  # type: ignore[call-overload]
        if isinstance(below, QWidget) and below.isVisible():
            self.area.ensureWidgetVisible(below, 0, m.s)
        self.area.ensureWidgetVisible(focus, 0, m.xl)


def _nothing(_answer: None) -> None:
    """Nobody waits for it."""


def _silent(_error: HimsogError) -> None:
    """A help that failed: whoever needs the answer asks again, and Book says what is wrong."""
