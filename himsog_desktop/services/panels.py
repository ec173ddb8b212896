"""What the panels beside the day read: one question each, answered with values of the domain."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import Appointment, StatusAct
from himsog_desktop.domain.errors import BadInput, not_found
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.transitions import verdict
from himsog_desktop.services import histories, openslots, patients
from himsog_desktop.services.booking import appointment_of
from himsog_desktop.services.phones import e164, region_of
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.services.verdicts import OVERBOOKABLE, most_lanes
from himsog_desktop.storage import hot, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from himsog_desktop.domain.clinic import Provider, Room, Service
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.rules import Reason
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import HistoryDoc, PatientDoc

FEW_COMING, FEW_PAST = 5, 3

OVERBOOKABLE_WORDS = frozenset(rule.word for rule in Rule if rule & OVERBOOKABLE)
"""The rules, by their names, that a reason can set aside."""


class Offers(NamedTuple):
    """Who takes bookings, what they offer, and where. ``overbook``: providers whom this person may overbook."""

    providers: tuple[Provider, ...]
    services: tuple[Service, ...]
    currency: str
    overbook: frozenset[str]
    rooms: tuple[Room, ...] = ()


def offers(desk: Desk) -> Offers:
    """The providers who take bookings, and every service that is offered at present."""
    raw = desk.reader
    found = tuple(p for p in load.providers(raw, desk.clinic.id) if p.bookable)
    may = allowed(desk.staff.role, Verb.OVERBOOK)
    return Offers(
        found,
        tuple(s for s in load.services(raw) if s.active),
        desk.clinic.currency,
        frozenset(p.id for p in found if may and most_lanes(desk, p) > 0),
        desk.clinic.rooms,
    )


def warm(desk: Desk) -> None:
    """Do now what the first booking would else wait for: the libraries, the connection, the statements."""
    if not allowed(desk.staff.role, Verb.BOOK):
        return
    from himsog_desktop.storage import sql
    from himsog_desktop.storage import write as _loaded  # noqa: F401

    for name in ("appointments", "appointment_desk", "appointment_service", "visit", "tile"):
        sql.upsert_text(name)
    sql.delete_text("tile")
    desk.cache.writer.execute("SELECT 1").fetchone()


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What the next free times are asked for: see ``openslots.next_free``.

    ``patient_id`` leaves out times when the patient has another appointment.
    """

    provider_id: str | None = None
    service_ids: tuple[str, ...] = ()
    part: str | None = None
    first: date | None = None
    since: Micros | None = None
    duration: int | None = None
    patient_id: str | None = None


class Suggestion(NamedTuple):
    """A free time."""

    provider_id: str
    start: Micros
    end: Micros


def suggestions(desk: Desk, wish: Wish, count: int) -> list[Suggestion]:
    """The next free times that fit the wish, earliest first.

    Raises Refused("service_not_offered") when nobody offers the services, BadInput for unknown ids.
    """
    named = () if wish.provider_id is None else (wish.provider_id,)
    asked = count if wish.patient_id is None else 2 * count
    found = openslots.next_free(desk, named, wish.service_ids, wish.part, asked, wish.first, wish.duration, wish.since)
    free = [Suggestion(s.provider or "", s.start, s.end) for s in found]
    if free and wish.patient_id is not None:
        busy = hot.patient_busy(desk.reader, wish.patient_id, free[0].start, max(s.end for s in free))
        free = [s for s in free if not any(start < s.end and s.start < end for _, start, end in busy)]
    return free[:count]


def why_not(
    desk: Desk,
    provider_id: str,
    start: Micros,
    end: Micros,
    service_ids: Sequence[str],
    patient_id: str | None,
    room_ids: Sequence[str] = (),
) -> tuple[Reason, ...]:
    """Every rule against a time, none when it is free; services as the provider offers them."""
    own = openslots.own_services(desk.reader, _provider(desk, provider_id), service_ids)
    return openslots.explain(desk, provider_id, start, end, service_ids=own, patient_id=patient_id, room_ids=room_ids)


def _provider(desk: Desk, provider_id: str) -> Provider:
    found = load.providers(desk.reader, desk.clinic.id, provider_id)
    if not found:
        raise not_found("provider", provider_id)
    return found[0]


def phone_in_use(desk: Desk, typed: str) -> list[PatientDoc]:
    """Patients who have this phone already: a new one may be one of them. Nobody for half a number."""
    number = e164(typed.strip(), region_of(desk.clinic.timezone)) if len(typed.strip()) > 6 else None
    if number is None:
        return []
    return [p for p in patients.find(desk, number, 3) if p.phone == number]


class Details(NamedTuple):
    """One appointment with all that stands beside it. ``acts`` are those that this person may do now.

    ``flags`` are those of its tile.

    ``coming`` and ``past`` are other appointments of the patient: the next ones, and the newest that were.
    """

    appointment: Appointment
    patient: PatientDoc | None
    providers: dict[str, str]
    currency: str
    acts: tuple[StatusAct, ...]
    may_move: bool
    may_note: bool
    may_visit: bool
    may_book: bool
    coming: tuple[Tile, ...]
    past: tuple[Tile, ...]
    others: int
    rooms: tuple[str, ...]
    flags: int = 0


def details(desk: Desk, key: str) -> Details:
    """One appointment by id or number. Raises BadInput("not_found"), NoAccess for a role that sees none."""
    only = seen_providers(desk)
    raw, role, now = desk.reader, desk.staff.role, desk.now()
    a = appointment_of(raw, key)
    if only is not None and a.provider_id not in only:
        raise not_found("appointment", key)
    try:
        patient = patients.show(desk, a.patient_id)
    except BadInput:
        patient = None
    coming, past, others = _others(desk, a, only)

    def free(act: StatusAct) -> bool:
        return verdict(act, a.status, start=a.start, now=now, zone=desk.zone, role=role) is None

    rooms = {room.id: room.name for room in desk.clinic.rooms}
    return Details(
        appointment=a,
        patient=patient,
        providers=dict(raw.execute("SELECT id, healthcare_name FROM providers").fetchall()),
        currency=desk.clinic.currency,
        acts=tuple(act for act in StatusAct if free(act)),
        may_move=a.active and allowed(role, Verb.MOVE),
        may_note=allowed(role, Verb.NOTE),
        may_visit=a.active and allowed(role, Verb.SET_STATUS),
        may_book=allowed(role, Verb.BOOK),
        coming=coming,
        past=past,
        others=others,
        rooms=tuple(rooms.get(room, "") for room in a.resources),
        flags=next((tile.flags for tile in hot.tiles_of(raw, [(a.start, a.id)])), 0),
    )


def _others(desk: Desk, a: Appointment, only: Sequence[str] | None) -> tuple[tuple[Tile, ...], tuple[Tile, ...], int]:
    raw, now = desk.reader, desk.now()
    rows = raw.execute(
        "SELECT start_time, id, provider_id FROM appointments WHERE user_id = ? AND id <> ? ORDER BY start_time, id",
        (a.patient_id, a.id),
    ).fetchall()
    keys = [(start, key) for start, key, provider in rows if only is None or provider in only]
    coming = [key for key in keys if key[0] >= now][:FEW_COMING]
    past = [key for key in keys if key[0] < now][-FEW_PAST:][::-1]
    return tuple(hot.tiles_of(raw, coming)), tuple(hot.tiles_of(raw, past)), len(keys)


class Past(NamedTuple):
    """The history of a row, newest first, with the names of providers."""

    entries: tuple[HistoryDoc, ...]
    providers: dict[str, str]


def past(desk: Desk, key: str) -> Past:
    """What happened to an appointment, newest first. Raises as ``histories.history`` does."""
    found = histories.history(desk, key)
    names = dict(desk.reader.execute("SELECT id, healthcare_name FROM providers").fetchall())
    return Past(tuple(reversed(found)), names)
