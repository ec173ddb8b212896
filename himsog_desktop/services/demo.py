"""The demo clinic: a profile filled with invented people, the same for the same size and date.

Its shape is the common fixture of the acceptance days: six providers, three rooms, twelve services
(two packages); at full size 18,000 patients and 100,000 appointments over five years, 140 today, and
some 930 in the week.
"""

from __future__ import annotations

import dataclasses
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from himsog_desktop.domain.appointment import (
    NO_MAIL_DOMAIN,
    Appointment,
    BookedService,
    CancelledBy,
    Status,
    Visit,
    VisitState,
)
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.numbers import new_number
from himsog_desktop.domain.openings import Openings
from himsog_desktop.domain.people import Patient, fold
from himsog_desktop.domain.prices import price_of
from himsog_desktop.domain.time import DAY, HOUR, MINUTE, weekday
from himsog_desktop.services import demo_clinic, profiles
from himsog_desktop.services.documents import CountsDoc, CreatedDoc
from himsog_desktop.storage import ledger, load
from himsog_desktop.system import vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from himsog_desktop.domain.clinic import Clinic, Provider
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ports import Clock
    from himsog_desktop.services.desk import Desk

T = TypeVar("T")

FULL = 100_000
SMALL_APPOINTMENTS = 2_600
SMALL_PATIENTS = 480
SAME, SAME_PATIENTS = 1_000, 180
TODAY = 140
DENSE_DAY = 155
CHUNK = 4_000
ROOMS_AROUND = 14
"""So many days before and after today appointments have rooms."""
_UNDER_WAY = 10 * 60 + 10
"""The time of day at which the demo's day stands: ten past ten."""
_REASONS = (
    "Schedule conflict",
    "Feeling better",
    "Transportation issues",
    "Personal emergency",
    "Provider unavailable",
)
_NOTES = ("First visit", "Bring last results", "Allergic to penicillin", "Needs a wheelchair", "Call before coming")


class DemoDoc(CreatedDoc, frozen=True):
    """A new demo profile."""

    counts: CountsDoc


def create_demo(
    profile_dir: Path,
    clock: Clock,
    passphrase: str | None = None,
    scale: int = 1,
    *,
    twelve: bool = False,
    same_days: int = 0,
    months: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> DemoDoc:
    """Make a profile with the demo clinic of ``scale`` appointments (1: a small clinic).

    ``twelve`` gives it twelve providers. ``same_days``: so many days around today hold the same 1,000
    appointments whatever the scale, the rest lies around them. ``months``: every day of the three months around
    today is as full as the days of this week. Raises as ``profiles.create`` does.
    """
    wanted = profiles.NewProfile(demo_clinic.CLINIC, demo_clinic.ZONE, clinic_id=demo_clinic.CLINIC_ID)
    made = profiles.create(profile_dir, wanted, clock, passphrase)
    key = vault.unlock(profile_dir, passphrase)
    desk = profiles.open_desk(profile_dir, key, clock)
    with desk.cache:
        fill(desk, scale, twelve=twelve, same_days=same_days, months=months, progress=progress)
        return DemoDoc(made.id, made.recovery_key, profiles.info(desk, profile_dir).counts)


def fill(
    desk: Desk,
    scale: int,
    *,
    twelve: bool = False,
    same_days: int = 0,
    months: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Put the demo clinic into an empty profile."""
    today = desk.zone.date_of(desk.now())
    maker = _Maker(desk, today, scale, twelve=twelve, same_days=same_days, months=months)
    act_id = maker.make_id()
    done = 0
    with desk.write("demo.create", act_id=act_id) as tx:
        ledger.add(tx.raw, act_id=act_id, kind="demo.create", at=tx.at, by_id=None, state="compensated")
        home = load.clinics(tx.raw)[0]
        tx.put(home, _with_rooms(home, maker))
        tx.raw.executemany(
            "INSERT INTO catalogue (id, name) VALUES (?, ?)", [(i, n) for n, i in maker.catalogue.items()]
        )
        tx.put_many([(None, p) for p in maker.team])
        tx.put_many([(None, s) for offered in maker.offered.values() for s in offered])
        tx.put_many([(None, b) for b in demo_clinic.blocks(maker.team, maker.make_id, maker.at, desk.zone, today)])
    desk.cache.forget()
    for chunk in _chunks(maker.patients):
        with desk.write("demo.create", act_id=act_id) as tx:
            tx.put_many([(None, p) for p in chunk])
    for appointments in _chunks(list(maker.appointments())):
        with desk.write("demo.create", act_id=act_id) as tx:
            tx.put_many([(None, a) for a in appointments])
        done += len(appointments)
        if progress is not None:
            progress(done, maker.wanted)
    desk.cache.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    desk.cache.writer.execute("ANALYZE")


def _chunks(items: list[T]) -> Iterator[list[T]]:
    for i in range(0, len(items), CHUNK):
        yield items[i : i + CHUNK]


def _with_rooms(home: Clinic, maker: _Maker) -> Clinic:
    rooms = demo_clinic.rooms(home.id, maker.make_id)
    maker.rooms = {3: (rooms[2].id,), 4: (rooms[1].id,)}
    return dataclasses.replace(home, rooms=rooms)


class _Day(NamedTuple):
    """How full a day is made, and what has happened on it by now."""

    date: date
    wanted: int


class _Maker:
    """Draws everything from one seed: size and date."""

    def __init__(
        self, desk: Desk, today: date, scale: int, *, twelve: bool, same_days: int = 0, months: bool = False
    ) -> None:
        self.zone = desk.zone
        # Not the clock's own time: the same date gives the same data (contract, ``demo create``).
        self.now = self.zone.instant(today, _UNDER_WAY)
        self.today = today
        self.clinic = desk.clinic
        self.rooms: dict[int, tuple[str, ...]] = {}
        """Rooms that the provider of a position always has."""
        self.wanted = SMALL_APPOINTMENTS if scale <= 1 else scale
        self.same_days = same_days
        self.months = months
        seed = f"same {same_days}" if same_days else str(scale)
        self.draw = random.Random(f"himsog {seed} {today.isoformat()} {twelve}")
        self.at = self.zone.day_bounds(today)[0] - 5 * 366 * DAY
        self._made = self.at
        self.team = demo_clinic.providers(self.clinic.id, self.make_id, self.at, today, twelve=twelve)
        self.catalogue: dict[str, str] = {}
        self.offered = {p.id: demo_clinic.services(p, self.make_id, self.at, self.catalogue) for p in self.team}
        self.patients = self._patients(SMALL_PATIENTS if scale <= 1 else max(300, scale * 18 // 100))

    def make_id(self) -> str:
        """An id of the seed, in the order they are made."""
        self._made += 1_000
        return new_id(self._made * 1_000, self.draw.getrandbits)

    def _patients(self, count: int) -> list[Patient]:
        surnames, given = demo_clinic.names(demo_clinic.SURNAMES), demo_clinic.names(demo_clinic.GIVEN)
        draw, made = self.draw, []
        taken: dict[str, int] = {}
        for _ in range(count):
            key, first, last = self.make_id(), draw.choice(given), draw.choice(surnames)
            if draw.random() < 0.25:
                first = f"{first} {draw.choice(given)}"
            born = date(draw.randint(1936, 2024), draw.randint(1, 12), draw.randint(1, 28))
            name = f"{fold(first + last).replace(' ', '').replace('.', '')}{draw.randint(1, 99)}"
            # The platform has each address once: whoever comes later under the same one gets another.
            taken[name] = taken.get(name, 0) + 1
            mail = f"{name}@example.com" if taken[name] == 1 else f"{name}.{taken[name]}@example.com"
            # 0917 555 and 0918 555: numbers that nobody is called on.
            phone = f"+63{draw.choice((917, 918))}555{draw.randint(0, 9999):04d}" if draw.random() < 0.93 else None
            created = self.at + draw.randrange(5 * 365) * DAY
            made.append(
                Patient(
                    id=key,
                    name=f"{last}, {first}",
                    email=mail if draw.random() < 0.45 else f"{key}@{NO_MAIL_DOMAIN}",
                    created=created,
                    updated=created,
                    phone=phone,
                    birth_date=born.isoformat(),
                    sex=draw.choice(("female", "female", "male")),
                    alerts=("Allergic to penicillin",) if draw.random() < 0.03 else (),
                    favorite=draw.random() < 0.01,
                )
            )
        return made

    def appointments(self) -> Iterator[Appointment]:
        """All appointments, day by day; of the days that are always the same before the rest."""
        if not self.same_days:
            for day in self._days():
                yield from self._day(day)
            return
        everybody, self.patients = self.patients, self.patients[:SAME_PATIENTS]
        self.draw = random.Random(f"himsog same {self.same_days} {self.today.isoformat()}")
        first = 1 - self.same_days // 2
        around = [self.today + timedelta(days=first + i) for i in range(self.same_days)]
        yield from self._spread(SAME, [day for day in around if weekday(day)])
        self.patients = everybody
        others = [d for i in range(-4 * 365, 365) if weekday(d := self.today + timedelta(days=i)) and d not in around]
        yield from self._spread(self.wanted - SAME, others)

    def _spread(self, count: int, days: list[date]) -> Iterator[Appointment]:
        for i, day in enumerate(days):
            yield from self._day(_Day(day, count * (i + 1) // len(days) - count * i // len(days)))

    def _days(self) -> list[_Day]:
        """Today has its 140, the week is dense, the rest is spread over the working days."""
        monday = self.today - timedelta(days=self.today.weekday())
        week = [monday + timedelta(days=i) for i in range(6)]
        small = self.wanted < 20_000
        dense, at_today = (70, 62) if small else (DENSE_DAY, TODAY)
        if len(self.team) > len(demo_clinic.PROVIDERS):
            at_today *= 2
        around = [self.today + timedelta(days=i) for i in range(-62, 63)] if self.months else []
        plan = dict.fromkeys([day for day in (*week, *around) if weekday(day) or day in week], dense)
        plan[self.today] = at_today if weekday(self.today) else min(at_today, 12)
        first, last = (-60, 45) if small else (-4 * 365, 365)
        if self.wanted < 5_000:
            first, last = -30, 25
        others = [day for i in range(first, last) if weekday(day := self.today + timedelta(days=i)) and day not in plan]
        left = max(0, self.wanted - sum(plan.values()))
        for i, day in enumerate(others):
            plan[day] = left * (i + 1) // len(others) - left * i // len(others)
        return [_Day(day, plan[day]) for day in sorted(plan)]

    def _day(self, day: _Day) -> Iterator[Appointment]:
        free: list[tuple[Micros, Provider]] = []
        for provider in self.team:
            opened = Openings(self.zone, provider.hours, provider.overrides, provider.breaks)
            hours = opened.open(day.date)
            if day.date == self.today and not hours:
                start = self.zone.instant(day.date, 9 * 60)
                hours = ((start, start + 3 * HOUR),)
            pauses = opened.pauses(day.date)
            length = provider.slot_minutes * MINUTE
            for low, high in hours:
                free += [
                    (start, provider)
                    for start in range(low, high - length + 1, length)
                    if not any(start < p.end and p.start < start + length for p in pauses)
                ]
        self.draw.shuffle(free)
        cancelled = min(len(free), day.wanted * 7 // 100)
        held, rest = free[: day.wanted - cancelled], free[day.wanted - cancelled :]
        taken: dict[str, list[tuple[Micros, Micros]]] = {p.id: [] for p in self.team}
        gone = (held + rest)[:cancelled] if len(rest) < cancelled else rest[:cancelled]
        for start, provider in sorted(held, key=lambda entry: (entry[0], entry[1].position)):
            end = start + provider.slot_minutes * MINUTE
            if any(start < e and s < end for s, e in taken[provider.id]):
                continue
            made = self._appointment(provider, start, day.date, is_cancelled=False)
            taken[provider.id].append((made.start, made.end))
            yield made
        for start, provider in gone:
            yield self._appointment(provider, start, day.date, is_cancelled=True)

    def _appointment(self, provider: Provider, start: Micros, day: date, *, is_cancelled: bool) -> Appointment:
        draw, slot = self.draw, provider.slot_minutes
        # Most come a few times, some come often.
        often = self.patients[: max(1, len(self.patients) // 12)]
        patient = draw.choice(often if draw.random() < 0.15 else self.patients)
        services = self.offered[provider.id]
        chosen = [services[min(int(draw.expovariate(0.45)), 7)]]
        if draw.random() < 0.12:
            chosen.append(services[draw.choice((6, 9))])
        chosen = list({s.id: s for s in chosen}.values())
        booked = tuple(BookedService(s.id, s.name, price_of(s)) for s in chosen)
        end = start + slot * MINUTE
        status, visit, missing = self._outcome(start, end, is_cancelled=is_cancelled)
        created = min(start, self.now) - draw.randint(1, 40) * DAY - draw.randrange(10 * 60) * MINUTE
        cancelled_at = min(start - draw.randint(1, 3) * HOUR, self.now) if status is Status.CANCELLED else None
        near = abs((day - self.today).days) <= ROOMS_AROUND
        return Appointment(
            id=self.make_id(),
            number=new_number(draw.randrange),
            clinic_id=self.clinic.id,
            provider_id=provider.id,
            patient_id=patient.id,
            start=start,
            end=end,
            status=status,
            patient_name=patient.name,
            patient_email=patient.email,
            patient_phone=patient.phone,
            created=created,
            updated=cancelled_at or created,
            notes=draw.choice(_NOTES) if draw.random() < 0.12 else None,
            services=booked,
            total=sum(s.price for s in booked),
            resources=self.rooms.get(provider.position, ()) if near else (),
            outcome_missing=missing,
            cancelled_at=cancelled_at,
            cancelled_by=CancelledBy.PATIENT if cancelled_at else None,
            cancelled_by_id=patient.id if cancelled_at else None,
            cancellation_reason=draw.choice(_REASONS) if cancelled_at else None,
            visit=visit,
        )

    def _outcome(self, start: Micros, end: Micros, *, is_cancelled: bool) -> tuple[Status, Visit, bool]:
        draw, now = self.draw, self.now
        if is_cancelled:
            return Status.CANCELLED, Visit(), False
        came = start - draw.randint(0, 25) * MINUTE
        seen = max(start, came) + draw.randint(0, 12) * MINUTE
        if end <= now - 20 * MINUTE:
            if draw.random() < 0.075:
                return Status.NO_SHOW, Visit(), False
            done = Visit(VisitState.CHECKED_OUT, came, seen - 3 * MINUTE, seen, max(seen, end) + 2 * MINUTE)
            return Status.COMPLETED, done, False
        if start <= now:
            if draw.random() < 0.7:
                return Status.CONFIRMED, Visit(VisitState.WITH_PROVIDER, came, came + 5 * MINUTE, min(seen, now)), False
            return Status.CONFIRMED, Visit(VisitState.IN_ROOM, came, min(came + 6 * MINUTE, now)), False
        if start <= now + 40 * MINUTE and draw.random() < 0.5:
            return Status.CONFIRMED, Visit(VisitState.ARRIVED, now - draw.randint(2, 18) * MINUTE), False
        ahead = (start - now) // DAY
        asked = draw.random() < (0.18 if ahead < 2 else 0.4)
        return Status.PENDING if asked else Status.CONFIRMED, Visit(), False
