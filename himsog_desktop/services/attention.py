"""Needs attention: what the server refused, of anybody of the clinic, as cards with both sides and the ways out.

Source: reliability, section 2.3 ("Needs attention" inbox); contract, ``attention``. Answering one is
``services.answering``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from himsog_desktop.domain.appointment import Appointment, Status, StatusAct, may, shown_email
from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.intents import Trouble
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.resolution import Resolution
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.domain.time import HOUR
from himsog_desktop.services import diaries, histories, render, verdicts
from himsog_desktop.services.booking import wanted_for
from himsog_desktop.services.documents import (
    AttentionDoc,
    EntityDoc,
    MineDoc,
    Named,
    PatientRef,
    ReasonDoc,
    TheirsDoc,
)
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import cards, hot, load
from himsog_desktop.storage.cache import LOCAL, REMOTE
from himsog_desktop.storage.entities import KINDS, Entity
from himsog_desktop.storage.images import decode, image_of, record_of, whole

if TYPE_CHECKING:
    from himsog_desktop.domain.intents import Card, Image
    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record

SOON = 24 * HOUR
"""How long before an affected appointment a card becomes an alarm."""

UNSEEN = frozenset({"id", "created", "updated", "number", "clinic_id"})
"""Fields that say nothing to a person who chooses."""


def shared(desk: Desk) -> bool:
    """Whether the profile has a server: only then is there anything of this."""
    return desk.cache.meta("authority", LOCAL) == REMOTE


def count(desk: Desk) -> int:
    """How many cards wait for a person; 0 for whoever may not see the clinic's patients."""
    if not shared(desk):
        return 0
    if allowed(desk.staff.role, Verb.SEE):
        return cards.count(desk.reader)
    return len(items(desk, whole=0)) if allowed(desk.staff.role, Verb.SEE, own=True) else 0


def items(desk: Desk, *, whole: int | None = None) -> list[AttentionDoc]:
    """Every card that waits for a person, the nearest appointment first; of the columns that this person may see.

    ``whole``: only so many have their ways and free times, which take the longest. Raises NoAccess for a role that
    sees no patients.
    """
    if not shared(desk):
        return []
    only = seen_providers(desk)
    found = [Side(desk, desk.reader, card) for card in cards.open_cards(desk.reader)]
    if only is not None:
        found = [side for side in found if side.provider_id in only]
    now = desk.now()
    found.sort(key=lambda side: (side.start is None or side.start < now, side.start or 0, side.card.intent.at))
    return [document(side, brief=whole is not None and at >= whole) for at, side in enumerate(found)]


class Side:
    """A card beside what stands in the profile now."""

    def __init__(self, desk: Desk, raw: Raw, card: Card) -> None:
        self.desk = desk
        self.raw = raw
        self.card = card
        self.intent = card.intent
        self.kind = KINDS[card.intent.entity]
        rows: list[Record] = list(self.kind.load(raw, [card.intent.key], desk.clinic.id))
        self.now: Record | None = rows[0] if rows else None
        self.wanted: Record | None = self._wanted()

    def _wanted(self) -> Record | None:
        """The aggregate as the person wanted it; None: gone, or it can't be told any more."""
        intent = self.intent
        if intent.deletes:
            return None
        image: Image = dict(intent.after)
        if not intent.creates:
            before = image_of(self.now) if self.now is not None else self._last()
            if not before:
                return None
            image = {**before, **image}
        try:
            return record_of(self.kind.record, dict(image))
        except msgspec.ValidationError:
            # Too little of it is known here: what was wanted is still shown, field by field.
            return None

    def _last(self) -> Image:
        """What it was before it was deleted. Of the web's deletions history has the platform's fields alone."""
        intent = self.intent
        image = last_image(self.raw, intent.entity, intent.key)
        if image and intent.entity == Entity.APPOINTMENT.value:
            return {"clinic_id": self.desk.clinic.id, "created": intent.at, "updated": intent.at, **image}
        return image

    @property
    def appointment(self) -> Appointment | None:
        """The appointment that it is about, as it was wanted, else as it is."""
        for record in (self.wanted, self.now):
            if isinstance(record, Appointment):
                return record
        return None

    @property
    def start(self) -> int | None:
        """When the affected appointment is, as it was wanted."""
        return None if self.appointment is None else self.appointment.start

    @property
    def provider_id(self) -> str | None:
        """Whose column it is in."""
        return getattr(self.wanted or self.now, "provider_id", None)

    @property
    def takes_place(self) -> bool:
        """Whether keeping it would take a time: then that has to be free."""
        wanted, now = self.wanted, self.now
        if not isinstance(wanted, Appointment) or not wanted.active:
            return False
        if not isinstance(now, Appointment) or not now.active:
            return True
        return (now.provider_id, now.start, now.end, now.resources) != (
            wanted.provider_id,
            wanted.start,
            wanted.end,
            wanted.resources,
        )

    def holders(self) -> list[Appointment]:
        """Who has the time that was wanted."""
        wanted = self.wanted
        if not isinstance(wanted, Appointment):
            return []
        busy = hot.busy(self.raw, wanted.provider_id, wanted.start, wanted.end)
        return load.appointments(self.raw, [key for key, _, _ in busy if key != wanted.id])

    def status_act(self) -> StatusAct | None:
        """What would bring the state of now to the one that was wanted; None: it is that, or no act does."""
        wanted, now = self.wanted, self.now
        if not isinstance(wanted, Appointment) or not isinstance(now, Appointment) or wanted.status is now.status:
            return None
        return act_to(now.status, wanted.status)

    def place_free(self) -> bool:
        """Whether the time that was wanted is free by now."""
        wanted = self.wanted
        if not isinstance(wanted, Appointment):
            return True
        try:
            verdicts.check_kept(self.desk, self.raw, place_of(self.desk, self.raw, wanted), wanted.lane)
        except HimsogError:
            return False
        return True

    @property
    def over(self) -> bool:
        """Whether it would move, or tell the visit of, what is closed and stays so: the server takes that no more."""
        wanted, now = self.wanted, self.now
        if not isinstance(wanted, Appointment) or not isinstance(now, Appointment) or now.active or wanted.active:
            return False
        return any(getattr(wanted, name) != getattr(now, name) for name in _OF_THE_OPEN)

    @property
    def patient_lost(self) -> bool:
        """Whether it would have to be made anew for a patient whom nobody here can bring back."""
        wanted, raw = self.wanted, self.raw
        if not isinstance(wanted, Appointment) or self.now is not None:
            return False
        key = wanted.patient_id
        if load.patients(raw, [key], self.desk.clinic.id):
            return False
        intents = (card.intent for card in cards.open_cards(raw))
        if any((i.entity, i.key) == (Entity.PATIENT.value, key) and i.creates for i in intents):
            return False
        return last_patient(raw, key, self.intent.at) is None

    def ways(self) -> list[Resolution]:
        """How it can be answered, in the order of the contract."""
        found = [Resolution.MINE] if self._can_keep() else []
        found.append(Resolution.THEIRS)
        if self.may_choose_time:
            found.append(Resolution.SLOT)
        return [*found, Resolution.DISCARDED]

    @property
    def may_choose_time(self) -> bool:
        """Whether another time would help: the place was the trouble, or is by now."""
        wanted = self.wanted
        verb = Verb.BOOK if self.intent.creates else Verb.MOVE
        if not isinstance(wanted, Appointment) or not wanted.active or not allowed(self.desk.staff.role, verb):
            return False
        if self.patient_lost:
            return False
        trouble = self.card.verdict.trouble
        return trouble is Trouble.SLOT or (trouble is Trouble.DELETED and self.takes_place)

    def _can_keep(self) -> bool:
        trouble = self.card.verdict.trouble
        if trouble is Trouble.UNKNOWN or not may_do(self.desk, self):
            return False
        if self.intent.deletes:
            return self.now is not None
        if self.wanted is None or self.patient_lost:
            return False
        wanted, now = self.wanted, self.now
        if isinstance(wanted, Appointment) and isinstance(now, Appointment):
            if wanted.status is not now.status and self.status_act() is None:
                return False
            if self.over:
                return False
        return not self.takes_place or self.place_free()

    def alternatives(self) -> tuple[Slot, ...]:
        """The next free times of the same provider and length."""
        wanted = self.wanted
        if not self.may_choose_time or not isinstance(wanted, Appointment):
            return ()
        try:
            return verdicts.alternatives(self.desk, self.raw, place_of(self.desk, self.raw, wanted))
        except HimsogError:
            return ()


_OF_THE_OPEN = ("start", "end", "provider_id", "resources", "lane", "overbook_reason", "visit")
"""What only an active appointment can change (``domain.merge``)."""


def act_to(now: Status, wanted: Status) -> StatusAct | None:
    """The act that leads from one state to another, None when there is none."""
    return next((act for act in StatusAct if act.target is wanted and may(act, now)), None)


def place_of(desk: Desk, raw: Raw, wanted: Appointment) -> verdicts.Wanted:
    """The place that an appointment takes, with what its services ask for."""
    provider = diaries.provider_of(raw, wanted.provider_id, desk.clinic)
    ids = {booked.service_id for booked in wanted.services}
    services = [service for service in load.services(raw, provider.id) if service.id in ids]
    return wanted_for(wanted, provider, wanted.start, max(wanted.minutes, 1), services)


_VERBS = {
    Entity.PATIENT.value: Verb.EDIT_PATIENT,
    Entity.BLOCK.value: Verb.EDIT_AVAILABILITY,
    Entity.PROVIDER.value: Verb.EDIT_SETUP,
    Entity.SERVICE.value: Verb.EDIT_SETUP,
    Entity.CLINIC.value: Verb.EDIT_SETUP,
    Entity.STAFF.value: Verb.MANAGE_STAFF,
}


def verbs(side: Side) -> tuple[Verb, ...]:
    """What a person must be allowed to, to have it as it was wanted."""
    if side.intent.entity != Entity.APPOINTMENT.value:
        return (_VERBS[side.intent.entity],)
    if side.intent.creates or side.intent.deletes:
        return (Verb.BOOK,)
    found = []
    fields = side.intent.after.keys()
    if fields & {"start", "end", "provider_id", "resources", "lane"}:
        found.append(Verb.MOVE)
    if fields & {"status", "visit"}:
        found.append(Verb.REOPEN if side.status_act() is StatusAct.REOPEN else Verb.SET_STATUS)
    return tuple(found) or (Verb.NOTE,)


def may_do(desk: Desk, side: Side) -> bool:
    """Whether this person may do what was refused."""
    if side.card.verdict.trouble is Trouble.FORBIDDEN and side.intent.author == desk.staff.id:
        return False
    return all(allowed(desk.staff.role, verb) for verb in verbs(side))


def last_image(raw: Raw, entity: str, key: str) -> Image:
    """What a deleted aggregate was; empty when nobody here knows."""
    row = raw.execute(
        "SELECT before FROM history WHERE entity_id = ? AND entity_type = ? AND after = '{}' ORDER BY seq DESC LIMIT 1",
        (key, entity),
    ).fetchone()
    return {} if row is None else whole(KINDS[entity].record, decode(row[0]))


def last_patient(raw: Raw, key: str, at: Micros) -> Patient | None:
    """A deleted patient as she was; None when nobody here knows enough of her.

    Of the web's deletions history has the platform's fields alone: then she is known here since ``at``.
    """
    image = last_image(raw, Entity.PATIENT.value, key)
    try:
        return record_of(Patient, {"created": at, "updated": at, **image} if image else {})
    except msgspec.ValidationError:
        return None


def document(side: Side, *, brief: bool = False) -> AttentionDoc:
    """A card as a document of the contract."""
    desk, card, intent = side.desk, side.card, side.intent
    zone, verdict = desk.zone, card.verdict
    names = [name for name in (intent.after or intent.before) if name not in UNSEEN]
    appointment, patient = side.appointment, _patient(side)
    provider_id, start = side.provider_id, side.start
    now = desk.now()

    def told(image: Image) -> dict[str, object]:
        return histories.shown(intent.entity, {n: image[n] for n in names if n in image}, zone, full=False)

    return AttentionDoc(
        id=intent.id,
        kind=(verdict.trouble or Trouble.UNKNOWN).value,
        entity=EntityDoc(intent.entity, intent.key),
        mine=MineDoc(intent.kind, card.author_name, zone.iso(intent.at), intent.device, told(intent.after)),
        theirs=_theirs(side, told),
        base=told(intent.before),
        rules=[ReasonDoc(rule.rule, rule.text) for rule in verdict.rules],
        ways=[] if brief else [way.value for way in side.ways()],
        alternatives=[] if brief else [render.slot(slot, zone) for slot in side.alternatives()],
        patient=patient,
        provider=None if provider_id is None else Named(provider_id, _provider_name(side.raw, provider_id)),
        start=None if start is None else zone.iso(start),
        soon=appointment is not None and appointment.active and start is not None and now <= start < now + SOON,
        creates=intent.creates,
        deletes=intent.deletes,
    )


class _Told(NamedTuple):
    by: str | None
    at: str | None
    source: str


def _theirs(side: Side, told: object) -> TheirsDoc:
    verdict, zone = side.card.verdict, side.desk.zone
    by, at, source = verdict.theirs.by, verdict.theirs.at, verdict.theirs.source
    holders = side.holders() if side.card.verdict.trouble is Trouble.SLOT else []
    if holders:
        # Not what became of hers, but who sits there.
        holder = holders[0]
        image = image_of(holder)
        kept = {n: image[n] for n in ("patient_name", "provider_id", "start", "end", "status")}
        values = histories.shown("appointment", kept, zone, full=False)
        values["number"] = holder.number
        if at is None:
            at, source = holder.created, holder.source.value
    elif side.now is None:
        values = {}
    else:
        assert callable(told)
        values = told(image_of(side.now))
        if isinstance(side.now, Appointment) and side.card.verdict.trouble is Trouble.STATUS:
            # Also where something else was wanted: the state is what stood in the way.
            values.setdefault("status", side.now.status.value)
    return TheirsDoc(by, None if at is None else zone.iso(at), source, values)


def _provider_name(raw: Raw, key: str) -> str:
    row = raw.execute("SELECT healthcare_name FROM providers WHERE id = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])


def _patient(side: Side) -> PatientRef | None:
    appointment = side.appointment
    key = side.intent.key if side.intent.entity == Entity.PATIENT.value else None
    key = appointment.patient_id if appointment is not None else key
    if key is None:
        return None
    found = load.patients(side.raw, [key], side.desk.clinic.id)
    if found:
        p = found[0]
        return PatientRef(p.id, p.name, shown_email(p.email), p.phone, p.birth_date)
    if appointment is None:
        return None
    email = shown_email(appointment.patient_email)
    return PatientRef(key, appointment.patient_name, email, appointment.patient_phone, None)
