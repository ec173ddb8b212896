from __future__ import annotations

import csv
import os
import stat
from pathlib import Path

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import NO_MAIL_DOMAIN, Appointment, BookedService, Status
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.people import Patient, PatientStatus
from himsog_desktop.domain.time import HOUR, MINUTE, parse_instant
from himsog_desktop.interchange.csv_write import Customer, decimal, write_appointments_csv, write_customers_csv
from himsog_desktop.interchange.ics_child import read as read_ics
from himsog_desktop.interchange.ics_write import fold, write_calendar
from himsog_desktop.interchange.maps import find_map, guess_map
from himsog_desktop.interchange.tables import read_header
from tests.interchange.helpers import MANILA, read

START = parse_instant("2026-12-01T09:00:00+08:00")


def appointment(
    name: str = "Ana Reyes",
    *,
    number: int = 1,
    start: int = START,
    status: Status = Status.CONFIRMED,
    services: tuple[str, ...] = ("Check-up",),
    total: int = 150000,
    email: str = "ana@example.com",
) -> Appointment:
    return Appointment(
        id=f"00000000-0000-4000-8000-{number:012d}",
        number=f"APT{number:08d}ABCD",
        clinic_id="c",
        provider_id="p",
        patient_id="u",
        start=start,
        end=start + 30 * MINUTE,
        status=status,
        patient_name=name,
        patient_email=email,
        created=START - 48 * HOUR,
        updated=START - 24 * HOUR,
        patient_phone="+639175550101",
        notes="private note",
        services=tuple(BookedService(service_id=str(i), name=n, price=0) for i, n in enumerate(services)),
        total=total,
    )


def test_the_appointments_table_is_as_people_expect(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        appointment("dela Peña, Maria", services=("Check-up", "X-ray")),
        appointment('Juan "Boy"\nSantos', status=Status.NO_SHOW, total=5, email=f"x@{NO_MAIL_DOMAIN}", services=()),
        appointment("=HYPERLINK(1)", status=Status.CANCELLED, total=123456789),
    ]
    assert write_appointments_csv(path, rows, MANILA) == 3
    assert (
        path.read_bytes()
        == (
            "\ufeffDate,Time,Patient,Email,Services,Status,Total\r\n"
            '2026-12-01,09:00,"dela Peña, Maria",ana@example.com,Check-up; X-ray,CONFIRMED,1500.00\r\n'
            '2026-12-01,09:00,"Juan ""Boy""\nSantos",,,NO_SHOW,0.05\r\n'
            "2026-12-01,09:00,'=HYPERLINK(1),ana@example.com,Check-up,CANCELLED,1234567.89\r\n"
        ).encode()
    )


def test_an_empty_table_has_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert write_appointments_csv(path, [], MANILA) == 0
    assert path.read_text(encoding="utf-8-sig") == "Date,Time,Patient,Email,Services,Status,Total\n"


def test_only_its_owner_reads_an_export(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_appointments_csv(path, [appointment()], MANILA)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_appointments_csv(path, [appointment(number=i) for i in range(2000)], MANILA, progress=stop)
    assert path.read_text() == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["a.csv"]


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "such" / "a.csv", tmp_path):
        with pytest.raises(BadInput) as caught:
            write_appointments_csv(path, [appointment()], MANILA)
        assert caught.value.message.endswith(".")
    assert list(tmp_path.iterdir()) == []


def test_money() -> None:
    assert [decimal(n) for n in (0, 5, 150000, -1)] == ["0.00", "0.05", "1500.00", "-0.01"]


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
NAMES = st.lists(LINE, min_size=1, max_size=3).map(" ".join) | st.sampled_from(
    ["=1+1", "+63 917", "-2", "@x", "'=x", "''", 'a"b', "a,b;c", "'tis", "＝x", "<b>x</b>"]
)


SERVICES = st.lists(NAMES.filter(lambda name: ";" not in name), max_size=2)


@given(st.lists(st.tuples(NAMES, SERVICES, st.integers(0, 10**9), st.sampled_from(Status)), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_exported_comes_back_the_same(tmp_path: Path, rows: list[tuple[str, list[str], int, Status]]) -> None:
    path = tmp_path / "a.csv"
    written = [
        appointment(name, number=i, services=(*services,), total=total, status=status)
        for i, (name, services, total, status) in enumerate(rows)
    ]
    write_appointments_csv(path, written, MANILA)
    back, _, issues = read(path, find_map("himsog"))
    assert issues == []
    assert [(row.patient_name, row.price, row.status, row.start) for row in back] == [
        (row.patient_name, row.total, row.status, row.start) for row in written
    ]
    assert [row.services for row in back] == [tuple(service.name for service in row.services) for row in written]


def test_a_phone_survives_the_round_trip_and_is_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    patient = Patient(
        id="u", name="José Ng", email="j@example.com", created=START, updated=START, phone="+639175550101",
        birth_date="1988-02-29",
    )  # fmt: skip
    assert write_customers_csv(path, [Customer(patient, PatientStatus.NEW, 1, START)], MANILA) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [
            "José Ng", "j@example.com", "'+639175550101", "1988-02-29", "new", "1", "2026-12-01",
        ]  # fmt: skip
    plan = guess_map(read_header(path))
    assert plan is not None
    assert plan.name == "himsog-customers"
    _, (back,), issues = read(path, plan)
    assert (back.phone, back.birth_date, back.name, issues) == ("+639175550101", "1988-02-29", "José Ng", [])


# ----------------------------------------------------------------------------------------- calendars


def test_the_calendar_is_read_by_others_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    rows = [
        appointment("Peña, Maria; Ng\\Uy\nII " + "ñ" * 80, number=1, services=("Check-up, short", "X-ray")),
        appointment("B", number=2, status=Status.PENDING, start=START + HOUR, services=()),
        appointment("C", number=3, status=Status.CANCELLED, start=START + 2 * HOUR),
        appointment("D", number=4, status=Status.NO_SHOW, start=START + 3 * HOUR),
    ]
    assert write_calendar(path, rows, MANILA, clinic_name="Clinic, Main; 1st") == 4
    raw = path.read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parsed = icalendar.Calendar.from_ical(raw)
    events = parsed.walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [row.patient_name for row in rows]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "TENTATIVE", "CANCELLED", "CONFIRMED"]
    assert [str(event["TRANSP"]) for event in events] == ["OPAQUE", "OPAQUE", "TRANSPARENT", "TRANSPARENT"]
    assert str(events[0]["DESCRIPTION"]) == "Check-up, short; X-ray"
    assert str(events[0]["LOCATION"]) == "Clinic, Main; 1st"
    assert [str(event["UID"]) for event in events] == [f"{row.id}@himsog.desktop" for row in rows]
    for private in (b"private note", b"917555", b"ana@example", b"1500"):
        assert private not in raw


def test_the_same_appointments_give_the_same_calendar(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_calendar(tmp_path / name, [appointment()], MANILA, clinic_name="")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_calendar_that_we_wrote_we_can_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.ics"
    write_calendar(path, [appointment(name)], MANILA, clinic_name=name)
    content = read_ics(path, "Asia/Manila", (START - HOUR, START + HOUR), 60)
    assert [(o.start, o.end) for o in content.occurrences] == [(START, START + 30 * MINUTE)]
    assert content.skipped == content.warned == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_folding_comes_apart_again(line: str) -> None:
    folded = fold(line)
    assert folded.endswith(b"\r\n")
    assert all(len(part) <= 75 and part.decode("utf-8") is not None for part in folded[:-2].split(b"\r\n"))
    assert folded[:-2].replace(b"\r\n ", b"").decode("utf-8") == line
