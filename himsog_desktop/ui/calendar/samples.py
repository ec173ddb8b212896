"""Invented days for the gallery and for tests of the look: Filipino names, nobody real.

Deterministic: the same arguments make the same day. Only the domain is needed.
"""

from __future__ import annotations

from datetime import date
from random import Random

from himsog_desktop.domain.day import (
    OUTCOME_MISSING,
    OVERBOOKED,
    PATIENT_ALERT,
    SYNC_CONFLICT,
    SYNC_PENDING,
    SYNC_REFUSED,
    DayPage,
    ProviderColumn,
    Span,
    Tile,
)
from himsog_desktop.domain.time import MINUTE, Micros, Zone, zone
from himsog_desktop.ui.calendar.labels import STATES, VISITS

TIMEZONE = "Asia/Manila"
DAY = date(2026, 11, 20)

_FAMILIES = (
    "Reyes", "Dela Cruz", "Bautista", "Ocampo", "Mangubat", "Villanueva", "Salonga", "Peña", "Tolentino", "Abad",
    "Lumibao", "Macaraeg", "Sarmiento", "Yap", "Quiambao", "Del Rosario", "Catapang", "Ilagan", "Nuñez", "Dimaculangan",
)  # fmt: skip
_GIVEN = (
    "Ana", "Jose Miguel", "Liza", "Rowena", "Andres", "Maria Corazon", "Jun-jun", "Imelda", "Paolo", "Tessa", "Ramil",
    "Ligaya", "Dodong", "Cherry Mae", "Benigno", "Aurora", "Nonoy", "Marites", "Isko", "Dalisay",
)  # fmt: skip
_DOCTORS = (
    ("Dr Cruz", "General practice"), ("Dr Lim", "Paediatrics"), ("Dr Santos", "Dentistry"),
    ("Dr Aquino", "Cardiology"), ("Dr Magsaysay", "Dermatology"), ("N. Bonifacio", "Physiotherapy"),
    ("Dr Rizal", "Ophthalmology"),
    ("Dr Mabini", "Obstetrics"), ("Dr del Pilar", "ENT"), ("Dr Luna", "Orthopaedics"),
    ("Dr Silang", "Internal medicine"), ("Laboratory", "Blood and imaging"),
)  # fmt: skip
_SERVICES = (
    ("Check-up", 30), ("Consultation", 30), ("Follow-up", 15), ("Vaccination", 15), ("Blood test; Consultation", 30),
    ("Wound care", 45), ("Teeth cleaning", 60), ("X-ray", 15), ("Pre-employment exam", 45), ("Prenatal visit", 30),
)  # fmt: skip
_NOTES = (
    "Brings earlier results.",
    "Fasting since midnight, please take first.",
    "Senior citizen discount; wheelchair.",
    "Prefers Tagalog.",
)


def provider(
    number: int, day: date = DAY, timezone: str = TIMEZONE, *, spans: bool = True, hours: tuple[int, int] = (8, 17)
) -> ProviderColumn:
    """A provider who works 8 to 17 with a lunch break; some open later, one takes no bookings."""
    where = zone(timezone)
    name, specialty = _DOCTORS[number % len(_DOCTORS)]

    def at(minutes: int) -> Micros:
        return where.instant(day, minutes)

    first, last = hours[0] * 60 + (60 if number % 5 == 3 else 0), hours[1] * 60 - (120 if number % 4 == 2 else 0)
    found = [Span(at(12 * 60), at(13 * 60), "break", "Lunch")] if spans else []
    if spans and number % 6 == 2:
        found.append(Span(at(14 * 60), at(15 * 60), "block", "Staff meeting"))
    return ProviderColumn(
        id=f"provider-{number}",
        name=name,
        specialty=specialty,
        slot_minutes=30,
        bookable=True,
        open=((at(first), at(last)),),
        spans=tuple(sorted(found)),
    )


def appointment(
    number: int,
    provider_id: str,
    start: Micros,
    minutes: int,
    status: str = "CONFIRMED",
    *,
    name: str | None = None,
    services: str = "Check-up",
    visit: str | None = None,
    since: Micros | None = None,
    note: str | None = None,
    location: str = "in_person",
    flags: int = 0,
) -> Tile:
    """One tile."""
    family, given = _FAMILIES[number % len(_FAMILIES)], _GIVEN[(number * 7 + number // 20) % len(_GIVEN)]
    return Tile(
        start=start,
        id=f"appointment-{number:04d}",
        end=start + minutes * MINUTE,
        provider_id=provider_id,
        status=status,
        patient_id=f"patient-{number:04d}",
        name=name if name is not None else f"{family}, {given}",
        phone=f"+63 917 555 {number % 10000:04d}",
        services=services,
        note=note,
        visit=visit,
        visit_since=since,
        location=location,
        lane=0,
        flags=flags,
    )


def full_day(providers: int = 6, seed: int = 7, *, day: date = DAY, now: Micros | None = None) -> DayPage:
    """A busy ordinary day: about 24 appointments a provider, every state, some overlap, some signs."""
    where = zone(TIMEZONE)
    start, end = where.day_bounds(day)
    random = Random(seed)
    moment = where.instant(day, 10 * 60 + 42) if now is None else now
    columns = tuple(provider(number, day) for number in range(providers))
    tiles: list[Tile] = []
    for column in columns:
        opens, closes = column.open[0]
        at = opens
        blocked = [(s.start, s.end) for s in column.spans]
        while at < closes:
            services, minutes = random.choice(_SERVICES)
            over = next((e for s, e in blocked if s < at + minutes * MINUTE and at < e), None)
            if over is not None:
                at = over
                continue
            if at + minutes * MINUTE > closes:
                break
            tiles.append(_drawn(random, len(tiles), column.id, at, minutes, services, moment))
            if random.random() < 0.10:
                later = at + 15 * MINUTE
                tiles.append(_drawn(random, len(tiles), column.id, later, 30, "Follow-up", moment, OVERBOOKED))
            at += minutes * MINUTE
            if random.random() < 0.28:
                at += random.choice((15, 30, 30)) * MINUTE
    return DayPage(day.isoformat(), TIMEZONE, start, end, columns, tuple(sorted(tiles)))


def _drawn(
    random: Random, number: int, provider_id: str, at: Micros, minutes: int, services: str, now: Micros, flags: int = 0
) -> Tile:
    visit, since = None, None
    end = at + minutes * MINUTE
    if end <= now:
        status = random.choices(("COMPLETED", "NO_SHOW", "CANCELLED", "CONFIRMED"), (80, 8, 7, 5))[0]
        flags |= OUTCOME_MISSING if status == "CONFIRMED" else 0
    elif at <= now + 20 * MINUTE:
        status = "CONFIRMED"
        visit = random.choice(("arrived", "in_room", "with_provider", None))
        since = now - random.randrange(2, 35) * MINUTE if visit else None
    else:
        status = random.choices(("CONFIRMED", "PENDING", "CANCELLED"), (68, 24, 8))[0]
    flags |= random.choices((0, SYNC_PENDING, SYNC_REFUSED, PATIENT_ALERT, SYNC_CONFLICT), (87, 6, 2, 4, 1))[0]
    location = random.choices(("in_person", "phone", "video"), (90, 5, 5))[0]
    note = random.choice(_NOTES) if random.random() < 0.2 else None
    return appointment(
        number, provider_id, at, minutes, status,
        services=services, visit=visit, since=since, note=note, location=location, flags=flags,
    )  # fmt: skip


def states_day() -> DayPage:
    """One column per look: every state at lengths from 5 to 90 minutes, with every sign."""
    where: Zone = zone(TIMEZONE)
    start, end = where.day_bounds(DAY)
    looks = (
        ("PENDING", None), ("CONFIRMED", None), ("CONFIRMED", "arrived"), ("CONFIRMED", "in_room"),
        ("CONFIRMED", "with_provider"), ("COMPLETED", None), ("CANCELLED", None), ("NO_SHOW", None),
    )  # fmt: skip
    flags = (0, SYNC_PENDING, SYNC_REFUSED, PATIENT_ALERT, OUTCOME_MISSING | SYNC_PENDING, OVERBOOKED)
    columns = tuple(
        provider(number, spans=False)._replace(name=VISITS.get(visit or "", STATES[status]))
        for number, (status, visit) in enumerate(looks)
    )
    tiles: list[Tile] = []
    for column, (status, visit) in zip(columns, looks, strict=True):
        at = where.instant(DAY, 8 * 60)
        for place, minutes in enumerate((5, 10, 15, 20, 30, 30, 45, 60, 90)):
            tile = appointment(
                len(tiles), column.id, at, minutes, status,
                visit=visit, since=where.instant(DAY, 8 * 60) if visit else None,
                services="Teeth cleaning; X-ray" if place % 2 else "Check-up", note="Brings earlier results.",
                flags=flags[place % len(flags)] if place > 3 else 0, location="video" if place == 7 else "in_person",
            )  # fmt: skip
            tiles.append(tile)
            at += (minutes + 5) * MINUTE
    return DayPage(DAY.isoformat(), TIMEZONE, start, end, columns, tuple(sorted(tiles)))


def crowded_day() -> DayPage:
    """Overlaps of two to seven, touching ends, cancelled ones under rebooked ones, closed providers."""
    where = zone(TIMEZONE)
    start, end = where.day_bounds(DAY)
    columns = (
        provider(0),
        provider(1),
        provider(2),
        provider(3)._replace(open=(), spans=(Span(start, end, "vacation", "Vacation until 27 Nov"),)),
        provider(4)._replace(bookable=False),
    )
    tiles: list[Tile] = []

    def add(column: int, hour: float, minutes: int, status: str = "CONFIRMED") -> None:
        at = where.instant(DAY, round(hour * 60))
        tiles.append(appointment(len(tiles), columns[column].id, at, minutes, status))

    for hour, minutes in ((8, 60), (8.25, 30), (9, 30), (9.5, 30), (10, 90), (10.5, 30), (11, 30)):
        add(0, hour, minutes)
    for shift in range(7):
        add(1, 9 + shift / 12, 60)
    for shift in range(3):
        add(1, 11 + shift / 6, 40, "PENDING")
    add(2, 8, 30, "CANCELLED")
    add(2, 8, 30)
    add(2, 9, 45, "CANCELLED")
    add(2, 10, 30, "CANCELLED")
    add(2, 10, 30, "CANCELLED")
    add(2, 10.25, 30, "NO_SHOW")
    add(4, 9, 30, "PENDING")
    return DayPage(DAY.isoformat(), TIMEZONE, start, end, columns, tuple(sorted(tiles)))


def empty_day(providers: int = 6) -> DayPage:
    """Open, and nothing booked."""
    where = zone(TIMEZONE)
    start, end = where.day_bounds(DAY)
    return DayPage(DAY.isoformat(), TIMEZONE, start, end, tuple(provider(n) for n in range(providers)), ())
