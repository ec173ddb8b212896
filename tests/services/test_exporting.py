"""Exports: what is written is what was asked for, and can be read back."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.services import exporting, importing, lists, patients, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.services.patients import PatientFields
from tests.support.pdf_reading import read_pdf
from tests.support.profiles import TODAY, World


@pytest.fixture
def booked(desk: Desk, world: World) -> Desk:
    """Four appointments over three days."""
    world.book(desk, "11:00", 'Reyes, "Ana"', service_ids=("check-up", "vaccination"))
    late = world.book(desk, "10:00", "=cmd|'/C calc'!A0", day=date(2026, 11, 24))
    world.book(desk, "09:00", "Peña\nJosé", day=date(2026, 11, 23), provider="lim")
    first = world.book(desk, "09:00", "Uy, An")
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (late.id,), "ill"))
    patients.edit(desk, first.patient.id, PatientFields(email="an@example.com"))
    return desk


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_table_has_the_columns_and_the_order_of_the_platform(booked: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    answer = exporting.export_appointments(booked, out)
    assert (answer.rows, answer.file) == (4, str(out))
    assert rows(out) == [
        ["Date", "Time", "Patient", "Email", "Services", "Status", "Total"],
        ["2026-11-20", "09:00", "Uy, An", "an@example.com", "", "PENDING", "0.00"],
        ["2026-11-20", "11:00", 'Reyes, "Ana"', "", "Check-up; Vaccination", "PENDING", "1100.00"],
        ["2026-11-23", "09:00", "Peña José", "", "", "PENDING", "0.00"],
        ["2026-11-24", "10:00", "'=cmd|'/C calc'!A0", "", "", "CANCELLED", "0.00"],
    ]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.csv"]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (AppointmentFilter(from_day=TODAY, to_day=TODAY), 2),
        (AppointmentFilter(from_day=TODAY, to_day=date(2026, 11, 23)), 3),
        (AppointmentFilter(provider="lim"), 1),
        (AppointmentFilter(statuses=(Status.CANCELLED,)), 1),
        (AppointmentFilter(to_day=date(2020, 1, 1)), 0),
    ],
)
def test_the_range_includes_both_days_and_filters_hold(
    booked: Desk, tmp_path: Path, wanted: AppointmentFilter, count: int
) -> None:
    assert exporting.export_appointments(booked, tmp_path / "out.csv", "csv", wanted).rows == count
    assert len(rows(tmp_path / "out.csv")) == count + 1
    assert exporting.export_calendar(booked, tmp_path / "out.ics", wanted).rows == count


def test_a_table_comes_back_through_its_own_map(booked: Desk, world: World, tmp_path: Path) -> None:
    exporting.export_appointments(booked, tmp_path / "out.csv")
    found = importing.import_appointments(booked, tmp_path / "out.csv", "himsog", create_missing=True)
    assert (found.read, found.taken, found.refused) == (4, 4, 0)
    made = [a for a in lists.appointments(booked, AppointmentFilter()) if a.source == "import"]
    assert [(a.patient.name, a.start, a.status, a.total) for a in made] == [
        (a.patient.name, a.start, a.status, a.total)
        for a in lists.appointments(booked, AppointmentFilter())
        if a.source == "desk"
    ]


def test_a_calendar_comes_back_as_appointments(booked: Desk, tmp_path: Path) -> None:
    exporting.export_calendar(booked, tmp_path / "out.ics")
    found = importing.import_ics(booked, tmp_path / "out.ics", "tan", kind="appointments")
    assert (found.events, found.taken) == (4, 3)
    assert [s.rule for s in found.skipped] == ["cancelled"]
    made = [a for a in lists.appointments(booked, AppointmentFilter()) if a.source == "import"]
    assert sorted(a.patient.name for a in made) == ["Peña José", 'Reyes, "Ana"', "Uy, An"]


def test_a_file_that_can_not_be_written_leaves_nothing(booked: Desk, world: World, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        exporting.export_appointments(booked, tmp_path / "nowhere" / "out.csv")
    out = tmp_path / "out.csv"
    with pytest.raises(BadInput, match="csv or pdf"):
        exporting.export_appointments(booked, out, "docx")
    with pytest.raises(NoAccess):
        exporting.export_appointments(world.desk("rea"), out, "pdf")
    with pytest.raises(NoAccess):
        exporting.export_appointments(world.desk("rea"), out)
    assert not out.exists()


def test_the_paper_of_an_export_says_what_was_asked_for(booked: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    wanted = AppointmentFilter(from_day=TODAY, to_day=date(2026, 11, 23), statuses=(Status.PENDING,))
    assert exporting.export_appointments(booked, out, "pdf", wanted).rows == 3
    (page,) = read_pdf(out.read_bytes()).pages
    texts = [text.text for text in page.texts]
    assert "20 Nov 2026 – 23 Nov 2026 · Requested" in texts
    assert [text for text in texts if ", " in text or '"' in text] == [
        "Uy, An",
        'Reyes, "Ana"',
        "Check-up, Vaccination",
    ]
    assert {"Peña José", "an@example.com", "₱1,100.00", "Dr Ramon Lim"} <= set(texts)
    assert texts[-2] == "3 appointments: 3 requested. ₱1,100.00 without the cancelled ones."
    told: list[tuple[int, int]] = []
    exporting.export_appointments(booked, out, "pdf", progress=lambda done, total: told.append((done, total)))
    assert told in ([], [(4, 4)])
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_who_reads_after_an_export_sees_what_was_written_meanwhile(booked: Desk, world: World, tmp_path: Path) -> None:
    exporting.export_appointments(booked, tmp_path / "out.csv")
    world.book(world.desk(), "14:00", "Late L")
    assert exporting.export_appointments(booked, tmp_path / "out.csv").rows == 5
