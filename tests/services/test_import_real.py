"""Real layouts and realistic data: the counts of ``expected.json`` come out of the reports and of the lists."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.commands import Undo
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.services import importing, lists, profiles, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ImportDoc
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import load
from tests.support.profiles import KEY, FixedClock

Empty = Callable[[str], Desk]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OURS = {"attended": "COMPLETED", "cancelled": "CANCELLED", "did not attend": "NO_SHOW"}


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    """Makes the desk of an empty clinic at a moment."""
    opened: list[Desk] = []

    def make(now: str) -> Desk:
        folder = tmp_path / f"profile-{len(opened)}"
        folder.mkdir()
        clock = FixedClock(parse_instant(now))
        profiles.write_new(folder, KEY, new_id(), profiles.NewProfile("Clinic", "Asia/Manila"), clock)
        opened.append(profiles.open_desk(folder, KEY, clock))
        return opened[-1]

    yield make
    for desk in opened:
        desk.cache.close()


@pytest.fixture
def expected(shared_data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_data / "expected.json").read_text("utf-8"))
    return found


def check_clinic(desk: Desk, folder: Path, ending: str, wanted: dict[str, Any]) -> None:
    people = importing.import_patients(desk, folder / f"patients.csv{ending}", "medscheduler-patients")
    assert (people.read, people.taken, people.created.patients) == (wanted["patients"],) * 3
    table, plan = folder / f"appointments.csv{ending}", "medscheduler-appointments"
    dry = importing.import_appointments(desk, table, plan, create_missing=True, dry_run=True)
    found = importing.import_appointments(desk, table, plan, create_missing=True)
    assert (found.read, found.taken, found.refused) == (wanted["appointments"], wanted["appointments"], 0)
    counts = Counter({OURS.get(word, "CONFIRMED"): 0 for word in wanted["status"]})
    for word, count in wanted["status"].items():
        counts[OURS.get(word, "CONFIRMED")] += count
    assert found.by_status == {**dict.fromkeys(Status.__members__, 0), **counts}
    assert dry.by_status == found.by_status
    assert found.created.patients == 0
    missing = [line for line in found.lines if line.rule == "outcome_missing"]
    assert (found.warned, len(missing)) == (wanted["status"]["unknown"],) * 2
    for status in Status:
        assert lists.count(desk, AppointmentFilter(statuses=(status,))) == found.by_status[status.value]
    rows = load.appointments(desk.reader, lists.ids(desk, AppointmentFilter()))
    held: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in rows:
        if row.status in (Status.COMPLETED, Status.NO_SHOW):
            day = DAYS[desk.zone.date_of(row.start).weekday()]
            held[day] += 1
            missed[day] += row.status is Status.NO_SHOW
    assert {day: (held[day], missed[day]) for day in held} == {
        day: (figures["held"], figures["no_show"]) for day, figures in wanted["by_weekday_held"].items()
    }
    again = importing.import_appointments(desk, table, plan)
    assert (again.read, again.unchanged, again.act) == (wanted["appointments"], wanted["appointments"], None)
    check_lanes(desk)


def check_lanes(desk: Desk) -> None:
    """In one lane of a provider nothing active overlaps."""
    overlapping = desk.reader.execute(
        "SELECT count(*) FROM appointments AS a JOIN appointment_desk AS d ON d.appointment_id = a.id"
        " JOIN appointments AS b ON b.provider_id = a.provider_id AND b.start_time < a.end_time"
        "  AND b.end_time > a.start_time AND b.id > a.id AND b.status IN ('PENDING', 'CONFIRMED')"
        " JOIN appointment_desk AS e ON e.appointment_id = b.id AND e.lane = d.lane"
        " WHERE a.status IN ('PENDING', 'CONFIRMED')"
    ).fetchone()
    assert overlapping == (0,)


def test_a_clinic_of_half_a_year(empty: Empty, shared_data: Path, expected: dict[str, Any]) -> None:
    desk = empty("2025-05-15T12:00:00+08:00")
    folder, wanted = shared_data / "medscheduler", expected["medscheduler"]
    check_clinic(desk, folder, "", wanted)
    visits = desk.reader.execute(
        "SELECT count(*), avg(with_provider_at - arrived_at) / 6e7, avg(checked_out_at - with_provider_at) / 6e7"
        " FROM visit WHERE state = 'checked_out'"
    ).fetchone()
    assert visits[0] == wanted["status"]["attended"]
    assert visits[1:] == pytest.approx((wanted["mean_wait_min"], wanted["mean_length_min"]), abs=0.05)
    undone = undoing.undo(desk, Undo())
    assert (undone.refused, lists.count(desk, AppointmentFilter())) == ([], 0)


@pytest.mark.slow
def test_a_clinic_of_three_years(empty: Empty, shared_data: Path, expected: dict[str, Any]) -> None:
    desk = empty("2026-11-20T12:00:00+08:00")
    check_clinic(desk, shared_data / "medscheduler" / "large", ".gz", expected["medscheduler_large"])


def test_encounters_of_synthea(empty: Empty, shared_data: Path, expected: dict[str, Any]) -> None:
    desk = empty("2026-11-20T12:00:00+08:00")
    folder, wanted = shared_data / "synthea", expected["synthea"]
    people = importing.import_patients(desk, folder / "patients.csv")
    assert (people.taken, people.refused) == (wanted["patients"], 0)
    found = importing.import_appointments(desk, folder / "encounters.csv", create_missing=True)
    assert (found.read, found.taken, found.refused) == (wanted["encounters"], wanted["encounters"], 0)
    assert found.created.patients == 0
    kinds = desk.reader.execute("SELECT type, count(*) FROM appointment_desk GROUP BY type").fetchall()
    assert dict(kinds) == wanted["by_class"]
    rows = lists.appointments(desk, AppointmentFilter())
    # Manila kept Tokyo time in the war.
    assert (rows[0].start, rows[-1].start) == ("1943-02-24T18:13:39+09:00", "2022-02-28T04:19:58+08:00")
    assert max(row.duration_minutes for row in rows) == wanted["longest_minutes"]
    assert importing.import_appointments(desk, folder / "encounters.csv").unchanged == wanted["encounters"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("acuity_appointments", 3), ("fresha_appointments", 3), ("google_calendar_import", 3),
        ("orthotics_appointments", 3), ("outlook_calendar", 3), ("outlook_calendar_german", 3),
        ("patientcare_appointments", 3), ("practice_client_appointments", 3),
    ],
)  # fmt: skip
def test_layouts_of_appointments(empty: Empty, shared_data: Path, name: str, rows: int) -> None:
    desk = empty("2026-11-20T12:00:00+08:00")
    path = shared_data / "csv_imports" / f"{name}.csv"
    found = importing.import_appointments(desk, path, None, create_missing=True)
    assert (found.read, found.taken, found.created.patients) == (rows, rows, rows)
    listed = lists.appointments(desk, AppointmentFilter(from_day=date(2026, 12, 1), to_day=date(2026, 12, 31)))
    assert [(a.patient.name, a.start) for a in listed[:2]] == [
        ("Maria Cristina dela Peña", "2026-12-01T09:00:00+08:00"),
        ("José Ng", "2026-12-03T13:30:00+08:00"),
    ]
    assert importing.import_appointments(desk, path, None).unchanged == rows


@pytest.mark.parametrize("name", ["google_contacts_new", "google_contacts_old", "outlook_contacts"])
def test_layouts_of_patients(empty: Empty, shared_data: Path, name: str) -> None:
    desk = empty("2026-11-20T12:00:00+08:00")
    path = shared_data / "csv_imports" / f"{name}.csv"
    found: ImportDoc = importing.import_patients(desk, path, None)
    assert (found.read, found.taken) == (3, 3)
    assert importing.import_patients(desk, path, None).unchanged == 3
    phones = desk.reader.execute("SELECT phone FROM patients WHERE phone IS NOT NULL ORDER BY phone").fetchall()
    assert ("+639175550101",) in phones


@pytest.mark.slow
def test_every_calendar_file_ends_with_a_report_or_a_sentence(empty: Empty, shared_data: Path) -> None:
    desk = empty("2026-11-20T12:00:00+08:00")
    table = shared_data / "csv_imports" / "practice_client_appointments.csv"
    importing.import_appointments(desk, table, None, create_missing=True)
    provider = desk.reader.execute("SELECT id FROM providers").fetchone()[0]
    read = 0
    # A third of them here; the corpus of the reader has all.
    for path in sorted((shared_data / "ics").rglob("*.ics"))[::3]:
        try:
            found = importing.import_ics(desk, path, provider)
        except BadInput:
            continue
        read += 1
        assert found.read == found.taken + found.unchanged + found.refused
        assert importing.import_ics(desk, path, provider).taken == 0
    assert read > 40
