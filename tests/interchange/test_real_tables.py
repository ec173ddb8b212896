"""The real layouts and realistic data of ../shared/data: their counts come out of the records."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.time import MINUTE, SECOND, parse_instant, to_datetime
from himsog_desktop.interchange.maps import find_map, guess_map
from himsog_desktop.interchange.records import AppointmentRow
from himsog_desktop.interchange.tables import read_header
from tests.interchange.helpers import MANILA, data, read
from tests.interchange.test_maps import LAYOUTS

NAMES = ["Maria Cristina dela Peña", "José Ng", "Juan Paolo delos Santos Jr."]
STARTS = ["2026-12-01T09:00:00+08:00", "2026-12-03T13:30:00+08:00", "2027-01-04T16:45:00+08:00"]
LENGTHS = [30, 45, 15]


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data("expected.json").read_text(encoding="utf-8"))[name]
    return found


def appointments(file: str, name: str) -> list[AppointmentRow]:
    rows, _, issues = read(data(file), find_map(name))
    assert issues == []
    return rows


@pytest.mark.parametrize(
    ("file", "figures"), [("appointments.csv", "medscheduler"), ("large/appointments.csv.gz", "medscheduler_large")]
)
def test_a_clinic_of_medscheduler(file: str, figures: str) -> None:
    want = expected(figures)
    rows = appointments(f"medscheduler/{file}", "medscheduler-appointments")
    assert len(rows) == want["appointments"]
    assert len({row.external_id for row in rows}) == len(rows)
    assert len({row.patient_key for row in rows}) == want.get("patients_with_appointments", want["patients"])
    by_status = Counter(row.status for row in rows)
    assert by_status == {
        Status.COMPLETED: want["status"]["attended"],
        Status.CANCELLED: want["status"]["cancelled"],
        Status.NO_SHOW: want["status"]["did not attend"],
        Status.CONFIRMED: want["status"]["unknown"] + want["status"]["scheduled"],
    }
    assert sum(row.outcome_missing for row in rows) == want["status"]["unknown"]
    held, missed = Counter[str](), Counter[str]()
    for row in rows:
        if row.status in (Status.COMPLETED, Status.NO_SHOW):
            day = f"{MANILA.wall(row.start):%a}"
            held[day] += 1
            missed[day] += row.status is Status.NO_SHOW
    for day, figure in want["by_weekday_held"].items():
        assert (held[day], missed[day]) == (figure["held"], figure["no_show"]), day
    # The planned length is the step of the clinic's grid: four, or six, an hour.
    step = 15 if figures == "medscheduler" else 10
    assert {row.end - row.start for row in rows if row.end} == {step * MINUTE}


def test_the_visit_of_medscheduler() -> None:
    want = expected("medscheduler")
    rows = appointments("medscheduler/appointments.csv", "medscheduler-appointments")
    visits = [row for row in rows if row.real_end is not None]
    assert {row.status for row in visits} == {Status.COMPLETED}
    assert len(visits) == want["status"]["attended"]
    first = next(row for row in rows if row.external_id == "00030")
    times = (first.check_in, first.real_start, first.real_end)
    assert [MANILA.iso(at or 0) for at in times] == [
        "2025-01-06T07:40:57+08:00",
        "2025-01-06T08:01:02+08:00",
        "2025-01-06T08:15:50+08:00",
    ]
    lengths = [(row.real_end or 0) - (row.real_start or 0) for row in visits]
    assert sum(lengths) / len(lengths) / SECOND / 60 == pytest.approx(want["mean_length_min"], abs=0.01)
    waits = [(row.real_start or 0) - (row.check_in or 0) for row in visits]
    assert sum(waits) / len(waits) / SECOND / 60 == pytest.approx(want["mean_wait_min"], abs=0.01)
    assert sum(row.check_in is not None and row.check_in > row.start for row in visits) == want["late_check_in"]
    ahead = [(MANILA.date_of(row.start) - MANILA.date_of(row.booked_on or 0)).days for row in rows]
    assert sum(ahead) / len(ahead) == pytest.approx(want["mean_booked_ahead_days"], abs=0.001)


@pytest.mark.parametrize(
    ("file", "figures"), [("patients.csv", "medscheduler"), ("large/patients.csv.gz", "medscheduler_large")]
)
def test_patients_of_medscheduler(file: str, figures: str) -> None:
    path = data(f"medscheduler/{file}")
    plan = guess_map(read_header(path))
    assert plan is not None
    assert plan.name == "medscheduler-patients"
    _, patients, issues = read(path, plan)
    assert (len(patients), issues) == (expected(figures)["patients"], [])
    assert all(p.external_id and p.birth_date and p.sex in ("female", "male") for p in patients)


def test_encounters_of_synthea() -> None:
    want = expected("synthea")
    rows = appointments("synthea/encounters.csv", "synthea-encounters")
    assert len(rows) == want["encounters"]
    assert min(row.start for row in rows) == parse_instant(want["first"])
    assert max(row.start for row in rows) == parse_instant(want["last"])
    assert Counter(row.type for row in rows) == want["by_class"]
    assert Counter(row.provider_key for row in rows).most_common(1)[0] == tuple(want["busiest_provider"])
    lengths = Counter(str(((row.end or 0) - row.start) // MINUTE) for row in rows)
    assert {length: lengths[length] for length in want["length_minutes"]} == want["length_minutes"]
    assert max((row.end or 0) - row.start for row in rows) / MINUTE == want["longest_minutes"]
    assert to_datetime(min(row.start for row in rows)).year == 1943


def test_patients_of_synthea() -> None:
    want = expected("synthea")
    _, patients, issues = read(data("synthea/patients.csv"), find_map("synthea-patients"))
    assert (len(patients), issues) == (want["patients"], [])
    assert sum(any(c.isdigit() for c in patient.name) for patient in patients) == want["names_with_digits"]
    assert sum(not patient.name.isascii() for patient in patients) == want["non_ascii_names"]


@pytest.mark.parametrize(("file", "name"), LAYOUTS.items())
def test_every_layout_says_who_and_when(file: str, name: str) -> None:
    rows, patients, issues = read(data(f"csv_imports/{file}"), find_map(name), today=date(2027, 1, 5))
    assert issues == []
    if patients:
        assert [patient.name for patient in patients] == NAMES
        assert [patient.email for patient in patients] == ["mc.delapena@example.com", None, "JP@EXAMPLE.COM"]
        assert [patient.phone for patient in patients] == ["+63 917 555 0101", "0918-555-0102", None]
        assert patients[0].birth_date == "1988-02-29"
        return
    assert [row.patient_name for row in rows] == NAMES
    assert [MANILA.iso(row.start) for row in rows] == STARTS
    assert all(row.end is None or row.end - row.start == n * MINUTE for row, n in zip(rows, LENGTHS, strict=True))
    assert all(row.external_id for row in rows)
    if name in ("fresha", "orthotics", "patientcare"):
        assert [row.status for row in rows] == [Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED]
    else:
        assert {row.status for row in rows} == {Status.CONFIRMED}
        assert all(row.outcome_missing for row in rows)
    if name not in ("google-calendar", "outlook-calendar-german"):
        assert [row.services for row in rows] == [("Teeth cleaning",), ("Consultation, follow-up",), ("X-ray",)]
    if name not in ("google-calendar", "fresha", "practice-client"):
        assert [row.provider for row in rows] == ["Dr. Reyes", 'Dr. "Boy" Santos', "Room 2"]


def test_acuity_in_full() -> None:
    rows = appointments("csv_imports/acuity_appointments.csv", "acuity")
    assert [row.patient_phone for row in rows] == ["+639175550101", "(0918) 555-0102", None]
    assert [row.price for row in rows] == [150000, 50000, 0]
    assert rows[0].notes == 'Allergic to penicillin; "call first"'
    assert MANILA.iso(rows[0].booked_on or 0).startswith("2026-11-11T00:00")
    assert [row.external_id for row in rows] == ["480000001", "480000002", "480000003"]
