"""Figures without a window: slots, the vault, imports."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from himsog_desktop.bench import fixtures
from himsog_desktop.bench.measure import Taken, in_turn, milliseconds
from himsog_desktop.system import vault

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.bench.fixtures import BenchClock


def slots_30_days(clock: BenchClock) -> Taken:
    """30 days of slots of one provider with 2,000 appointments; floor: sorting the same busy times."""
    from himsog_desktop.domain.workload import slots_workload

    work = slots_workload()
    draw = random.Random(1)
    busy = [(draw.randrange(10**15), draw.randrange(10**15)) for _ in range(2000)]
    return in_turn(60, lambda: milliseconds(work), lambda: milliseconds(lambda: sorted(busy)), warm=5)


def vault_open(clock: BenchClock) -> Taken:
    """A passphrase to the open cache; floor: the Argon2id of its slot alone."""
    from argon2.low_level import Type, hash_secret_raw

    from himsog_desktop.storage.connection import DATABASE_NAME, open_raw
    from himsog_desktop.system import keyslots

    path = fixtures.profile(clock)
    slot = keyslots.read(path).slot(keyslots.PASSPHRASE)
    cost = slot.cost if slot is not None and slot.cost is not None else keyslots.COST

    def opened() -> None:
        key = vault.unlock(path, fixtures.PASSPHRASE)
        open_raw(path / DATABASE_NAME, key).close()

    def floor() -> None:
        hash_secret_raw(
            fixtures.PASSPHRASE.encode(),
            b"0123456789abcdef",
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            type=Type.ID,
        )

    return in_turn(9, lambda: milliseconds(opened), lambda: milliseconds(floor))


def import_csv_110k(clock: BenchClock) -> Taken:
    """A file of 110,000 appointments into a profile that knows its 44,000 patients, as the command does it.

    Floor: the rows that it makes, put into an empty encrypted file of the same kind by prepared inserts.
    """
    from himsog_desktop.services.importing import import_appointments, import_patients

    folder = fixtures.empty(clock)
    try:
        rows, people = write_clinic_file(folder.parent, 110_000)
        desk = fixtures.desk_of(folder, clock)
        with desk.cache:
            before = time.perf_counter()
            import_patients(desk, people, "medscheduler-patients")
            started = time.perf_counter()
            report = import_appointments(desk, rows, "medscheduler-appointments", create_missing=True)
            seconds = time.perf_counter() - started
            floor = _copy_floor(folder, desk.cache.key)
        note = f"{report.taken:,} rows taken, {report.refused:,} refused; their patients {started - before:.1f} s"
        return Taken([seconds], [floor], note=note)
    finally:
        fixtures.removed(folder.parent)


def _copy_floor(folder: Path, key: bytes) -> float:
    """Seconds to put the rows of appointments and their history into an empty file of the same kind."""
    import os

    from himsog_desktop.storage import sql
    from himsog_desktop.storage.connection import DATABASE_NAME, open_raw, transaction
    from himsog_desktop.storage.create import create_cache
    from himsog_desktop.storage.tables import metadata

    target = folder.parent / "copy"
    target.mkdir()
    other = os.urandom(32)
    create_cache(target, other, {})
    source = open_raw(folder / DATABASE_NAME, key)
    raw = open_raw(target / DATABASE_NAME, other, writer=True)
    names = [t.name for t in metadata.sorted_tables if t.name.startswith(("appointment", "visit", "tile", "history"))]
    held = {name: source.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # sql: identifiers only
    started = time.perf_counter()
    for name, rows in held.items():
        if rows:
            with transaction(raw):
                raw.executemany(sql.insert_text(name), rows)
    seconds = time.perf_counter() - started
    raw.close()
    source.close()
    return seconds


def import_ics_10k(clock: BenchClock) -> Taken:
    """A calendar file of 10,000 events as blocked time; floor: reading the file line by line."""
    from himsog_desktop.services.importing import import_ics

    folder = fixtures.copy_of(fixtures.profile(clock))
    try:
        path = write_calendar_file(folder, 10_000, clock)
        desk = fixtures.desk_of(folder, clock)
        with desk.cache:
            provider = desk.reader.execute("SELECT id FROM providers LIMIT 1").fetchone()[0]
            started = time.perf_counter()
            report = import_ics(desk, path, provider)
            seconds = time.perf_counter() - started
        started = time.perf_counter()
        with path.open(encoding="utf-8") as file:
            sum(1 for line in file if line.partition(":")[0])
        return Taken([seconds], [time.perf_counter() - started], note=f"{report.taken:,} blocks")
    finally:
        fixtures.removed(folder)


def write_clinic_file(folder: Path, count: int) -> tuple[Path, Path]:
    """A file of the shape of a real scheduling export, and its patients: appointments.csv, patients.csv."""
    from datetime import date, timedelta

    from himsog_desktop.services import demo_clinic

    draw = random.Random(110_000)
    people, rows = folder / "patients.csv", folder / "appointments.csv"
    surnames, given = demo_clinic.names(demo_clinic.SURNAMES), demo_clinic.names(demo_clinic.GIVEN)
    patients = max(1, count * 2 // 5)
    with people.open("w", encoding="utf-8") as file:
        file.write("patient_id,name,sex,dob\n")
        for i in range(patients):
            born = date(1940, 1, 1) + timedelta(days=draw.randrange(30_000))
            sex = draw.choice(("Female", "Male"))
            file.write(f"{i:06d},{draw.choice(given)} {draw.choice(surnames)},{sex},{born}\n")
    statuses = ("attended",) * 74 + ("cancelled",) * 16 + ("did not attend",) * 6 + ("unknown",) * 4
    with rows.open("w", encoding="utf-8") as file:
        file.write(
            "appointment_id,slot_id,scheduling_date,appointment_date,appointment_time,scheduling_interval,status,"
            "check_in_time,appointment_duration,start_time,end_time,waiting_time,patient_id,sex,age,age_group\n"
        )
        day, minute = date(2018, 1, 2), 8 * 60
        for i in range(count):
            wall = f"{minute // 60:02d}:{minute % 60:02d}:00"
            status = draw.choice(statuses)
            began = f"{minute // 60:02d}:{minute % 60 + 3:02d}:12" if status == "attended" else ""
            ended = f"{minute // 60:02d}:{minute % 60 + 9:02d}:40" if status == "attended" else ""
            came = f"{(minute - 20) // 60:02d}:{(minute - 20) % 60:02d}:31" if status == "attended" else ""
            lead = draw.randint(0, 40)
            length = "6.5" if status == "attended" else ""
            wait = "23.0" if status == "attended" else ""
            file.write(
                f"{i:06d},{i:06d},{day - timedelta(days=lead)},{day},{wall},{lead},{status},{came},{length},{began},"
                f"{ended},{wait},{draw.randrange(patients):06d},Female,40,40-44\n"
            )
            minute += 10
            if minute == 12 * 60:
                minute = 13 * 60
            if minute >= 17 * 60:
                day, minute = day + timedelta(days=2 if day.weekday() == 5 else 1), 8 * 60
    return rows, people


def write_calendar_file(folder: Path, count: int, clock: BenchClock) -> Path:
    """A calendar of single events around today."""
    from datetime import datetime, timedelta

    path = folder / "calendar.ics"
    first = datetime.combine(clock.today - timedelta(days=60), datetime.min.time()).replace(hour=6)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//bench//EN\r\n")
        for i in range(count):
            start = first + timedelta(minutes=15 * i)
            file.write(
                f"BEGIN:VEVENT\r\nUID:{i}@bench.example\r\nDTSTAMP:20260101T000000Z\r\n"
                f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{start + timedelta(minutes=10):%Y%m%dT%H%M%SZ}\r\n"
                f"SUMMARY:Busy {i}\r\nEND:VEVENT\r\n"
            )
        file.write("END:VCALENDAR\r\n")
    return path
