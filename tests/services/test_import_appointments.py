"""Importing a table of appointments: what is taken, changed, refused and said."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.appointment import Appointment, Source, Status, StatusAct, VisitState
from himsog_desktop.domain.commands import Move, SetStatus, WriteNote
from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.services import booking, digests, importing, lists, patients, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ImportDoc
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import load
from tests.support.profiles import World
from tests.support.tables import Tables, row


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    folder = tmp_path / "tables"
    folder.mkdir()
    return Tables(folder)


def take(desk: Desk, tables: Tables, *rows: dict[str, str], create: bool = True, dry_run: bool = False) -> ImportDoc:
    return importing.import_appointments(
        desk, tables.appointments(*rows), tables.map, create_missing=create, dry_run=dry_run
    )


def kept(desk: Desk) -> list[Appointment]:
    return load.appointments(desk.reader, lists.ids(desk, AppointmentFilter()))


def said(found: ImportDoc) -> list[tuple[int, str, str | None, str]]:
    return [(line.line, line.outcome, line.field, line.rule) for line in found.lines]


def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(desk: Desk, tables: Tables) -> None:
    rows = [
        row(id="1", patient="7", name="Ana Reyes", service="Check-up", price="450.00"),
        row(id="2", patient="7", service="Scaling; Check-up", start="2026-11-23 10:00"),
        row(id="3", name="Ben Uy", doctor="Dr New", start="2026-11-23 11:00", status="asked"),
        row(id="4", name="Ben Uy", start="31/02/2026"),
    ]
    before = digests.digest(desk)
    dry = take(desk, tables, *rows, dry_run=True)
    assert digests.digest(desk) == before
    assert (dry.dry_run, dry.act) == (True, None)
    real = take(desk, tables, *rows)
    assert dataclasses_of(real) == dataclasses_of(dry)
    assert (real.read, real.taken, real.unchanged, real.refused) == (4, 3, 0, 1)
    assert (real.created.patients, real.created.providers, real.created.services) == (2, 1, 1)
    assert real.by_status == {"PENDING": 1, "CONFIRMED": 2, "COMPLETED": 0, "CANCELLED": 0, "NO_SHOW": 0}
    assert len(kept(desk)) == 3


def dataclasses_of(found: ImportDoc) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__struct_fields__ if name not in ("dry_run", "act")}


def test_the_same_file_again_is_all_unchanged(desk: Desk, tables: Tables) -> None:
    rows = [
        row(id="1", name="Ana Reyes", phone="0917 555 0101", status="came", start="2026-10-01 09:00"),
        row(id="", name="Ben Uy", email="ben@example.com", status="?", start="2026-10-01 09:00"),
        row(id="", name="Ben Uy", email="ben@example.com", status="off", start="2026-10-01 09:00"),
        row(id="4", name="Cora Ng", born="1980-02-29", service="Scaling", price="1,200", minutes=""),
    ]
    first = take(desk, tables, *rows)
    assert (first.taken, first.refused) == (4, 0)
    before = digests.digest(desk)
    again = take(desk, tables, *rows, create=False)
    assert (again.read, again.taken, again.unchanged, again.refused) == (4, 0, 4, 0)
    assert (again.act, again.by_status) == (None, first.by_status)
    assert digests.digest(desk) == before


def test_a_row_keeps_all_that_the_file_says(desk: Desk, world: World, tables: Tables) -> None:
    take(
        desk,
        tables,
        row(
            id="A-1",
            name="Peña,  José",
            email="Jose@Example.com",
            phone="0917 555 0101",
            born="1980-02-29",
            start="2026-11-25 14:30",
            minutes="45",
            service="check-up; Vaccination",
            price="1.100,50",
            status="asked",
            note="call first",
        ),
    )
    [made] = kept(desk)
    assert made.start == world.at("14:30", date(2026, 11, 25))
    assert (made.minutes, made.status, made.notes, made.total) == (45, Status.PENDING, "call first", 110_050)
    assert [s.name for s in made.services] == ["Check-up", "Vaccination"]
    assert (made.source, made.external_system, made.external_id, made.lane) == (Source.IMPORT, "old", "A-1", 0)
    [who] = patients.find(desk, "pena", 5)
    assert (who.name, who.email, who.phone, who.birth_date) == (
        "Peña, José", "jose@example.com", "+639175550101", "1980-02-29",
    )  # fmt: skip


def test_without_create_missing_unknown_people_columns_and_services_are_refused_with_a_way_out(
    desk: Desk, world: World, tables: Tables
) -> None:
    world.book(desk, "09:00", "Ana Reyes")
    found = take(
        desk,
        tables,
        row(id="1", name="Nobody Known"),
        row(id="2", patient="99", name="Nobody Known"),
        row(id="3", doctor="Dr Who"),
        row(id="4", service="Levitation"),
        create=False,
    )
    assert said(found) == [
        (2, "refused", "patient_name", "patient_unknown"),
        (3, "refused", "patient_key", "patient_unknown"),
        (4, "refused", "provider", "provider_unknown"),
        (5, "refused", "services", "service_unknown"),
    ]
    assert all("--create-missing" in line.text for line in found.lines)
    assert len(kept(desk)) == 1


def test_services_are_made_with_the_rows_price_in_whole_pesos(desk: Desk, tables: Tables) -> None:
    take(
        desk,
        tables,
        row(id="1", service="Whole", price="450.00", minutes="40"),
        row(id="2", service="Cents", price="450.50", start="2026-11-23 10:00"),
        row(id="3", service="Free", start="2026-11-23 11:00"),
    )
    made = {s.name: s for s in load.services(desk.reader)}
    assert [(made[n].pricing.value, made[n].price_min, made[n].price_max) for n in ("Whole", "Cents", "Free")] == [
        ("FIXED", 45_000, 45_000),
        ("RANGE", 45_000, 45_100),
        ("INQUIRE", 0, 0),
    ]
    assert made["Whole"].duration == 40
    assert [a.total for a in kept(desk)] == [45_000, 45_050, 0]


def test_a_new_provider_has_no_hours_and_takes_the_row(desk: Desk, tables: Tables) -> None:
    take(desk, tables, row(doctor="Dr. New"), row(id="2", doctor="dr new", start="2026-11-23 10:00"))
    [made] = [p for p in load.providers(desk.reader, desk.clinic.id) if p.name == "Dr. New"]
    assert (made.bookable, made.hours, made.slot_minutes) == (True, (), 30)
    assert {a.provider_id for a in kept(desk)} == {made.id}


def test_an_outcome_that_nobody_noted_is_kept_confirmed_and_listed(desk: Desk, tables: Tables) -> None:
    found = take(
        desk,
        tables,
        row(id="1", status="?", start="2026-11-19 09:00"),
        row(id="2", status="?", start="2026-11-23 09:00"),
    )
    assert said(found) == [(2, "warned", "status", "outcome_missing")]
    assert [(a.status, a.outcome_missing) for a in kept(desk)] == [(Status.CONFIRMED, True), (Status.CONFIRMED, False)]


def test_what_only_became_past_since_is_unchanged(desk: Desk, world: World, tables: Tables) -> None:
    rows = [row(id="2", status="?", start="2026-11-23 09:00")]
    take(desk, tables, *rows)
    world.clock.forward(10 * 1440)
    assert take(desk, tables, *rows).unchanged == 1


def test_a_cancelled_appointment_keeps_its_facts_and_blocks_nothing(
    desk: Desk, world: World, tables: Tables, tmp_path: Path
) -> None:
    path = tmp_path / "cancelled.toml"
    path.write_text(
        'kind = "appointments"\nsystem = "c"\n[fields]\nexternal_id = "id"\npatient_name = "name"\n'
        'provider = "doctor"\nstart = { column = "start", format = "%Y-%m-%d %H:%M" }\n'
        'duration = { column = "minutes" }\nstatus = { constant = "CANCELLED" }\n'
        'cancelled_at = { column = "born", format = "%Y-%m-%d" }\ncancellation_reason = "note"\n'
    )
    rows = tables.appointments(row(start="2026-11-23 09:00", born="2026-11-18", note="Flu"))
    importing.import_appointments(desk, rows, str(path), create_missing=True)
    [made] = kept(desk)
    assert (made.status, made.cancellation_reason, made.cancelled_at) == (
        Status.CANCELLED, "Flu", world.at("00:00", date(2026, 11, 18)),
    )  # fmt: skip
    assert world.book(desk, "09:00", day=date(2026, 11, 23)).lane == 0


def test_overlaps_go_to_lanes_beside_what_is_there(desk: Desk, world: World, tables: Tables) -> None:
    there = world.book(desk, "09:00", day=date(2026, 11, 23))
    take(
        desk,
        tables,
        row(id="1", name="A B", start="2026-11-23 09:15"),
        row(id="2", name="C D", start="2026-11-23 09:20", minutes="60"),
        row(id="3", name="E F", start="2026-11-23 09:00", status="off"),
        row(id="4", name="G H", start="2026-11-23 09:45"),
    )
    lanes = {a.external_id: (a.lane, a.overbook_reason) for a in kept(desk)}
    assert lanes == {None: (0, None), "1": (1, "imported"), "2": (2, "imported"), "3": (0, None), "4": (0, None)}
    assert lists.appointment(desk, there.id).lane == 0


def test_a_row_that_changed_changes_the_appointment(desk: Desk, world: World, tables: Tables) -> None:
    take(desk, tables, row(id="1"), row(id="2", name="Ben Uy", start="2026-11-23 10:00"))
    number = kept(desk)[0].number
    changed = row(id="1", start="2026-11-23 15:00", status="off", note="rang")
    found = take(desk, tables, changed, row(id="2", name="Ben Uy", start="2026-11-23 10:00"))
    assert (found.taken, found.unchanged) == (1, 1)
    after = {a.external_id: a for a in kept(desk)}
    assert (after["1"].start, after["1"].status, after["1"].notes) == (
        world.at("15:00", date(2026, 11, 23)), Status.CANCELLED, "rang",
    )  # fmt: skip
    assert after["1"].number == number


def test_what_people_changed_since_is_not_taken_back_by_the_same_file(desk: Desk, world: World, tables: Tables) -> None:
    take(desk, tables, row())
    [made] = kept(desk)
    booking.move(desk, Move(made.id, world.at("16:00", date(2026, 11, 23))))
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,), "ill"))
    before = kept(desk)
    found = take(desk, tables, row())
    assert (found.unchanged, found.warned, kept(desk)) == (1, 0, before)


def test_what_both_changed_stays_as_it_is_here_and_is_said(desk: Desk, tables: Tables) -> None:
    take(desk, tables, row(note="first"))
    [made] = kept(desk)
    booking.write_note(desk, WriteNote(made.id, "ours"))
    found = take(desk, tables, row(note="theirs", minutes="45"))
    assert said(found) == [(2, "warned", "notes", "changed_here")]
    [after] = kept(desk)
    assert (after.notes, after.minutes, found.taken) == ("ours", 45, 1)


def test_one_id_twice_is_one_appointment(desk: Desk, tables: Tables) -> None:
    twice = take(desk, tables, row(id="1"), row(id="1", start="2026-11-23 11:00"), row(id="", name="Cy Go"),
                 row(id="", name="Cy Go"))  # fmt: skip
    assert said(twice) == [(3, "refused", "external_id", "duplicate"), (5, "refused", None, "duplicate")]
    assert (twice.read, twice.taken, len(kept(desk))) == (4, 2, 2)


def test_a_day_without_a_time_is_placed_at_opening_time_if_it_is_past(
    desk: Desk, world: World, tables: Tables, tmp_path: Path
) -> None:
    path = tmp_path / "days.toml"
    path.write_text(
        'kind = "appointments"\nsystem = "d"\n[fields]\nexternal_id = "id"\npatient_name = "name"\n'
        'provider = "doctor"\nstart = { column = "start", format = "%Y-%m-%d" }\nstatus = { constant = "COMPLETED" }\n'
    )
    rows = tables.appointments(
        row(id="1", start="2026-11-18"),
        row(id="2", start="2026-11-22", doctor="Dr Ramon Lim", name="Nobody else"),
        row(id="3", start="2026-11-15", doctor="Dr Ramon Lim"),
    )
    found = importing.import_appointments(desk, rows, str(path), create_missing=True)
    assert said(found) == [
        (2, "warned", "start", "day_only"),
        (3, "refused", "start", "time_missing"),
        (4, "warned", "start", "day_only"),
    ]
    starts = {a.external_id: a.start for a in kept(desk)}
    # Wednesdays Dr Cruz opens at eight; on Sundays nobody does.
    assert starts == {"1": world.at("08:00", date(2026, 11, 18)), "3": world.at("09:00", date(2026, 11, 15))}
    assert all(a.notes and a.notes.startswith("The time of day is not known") for a in kept(desk))
    assert importing.import_appointments(desk, rows, str(path)).unchanged == 2
    assert found.created.patients == 1


def test_check_in_and_real_times_are_the_visit(desk: Desk, world: World, tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "visits.toml"
    path.write_text(
        'kind = "appointments"\nsystem = "v"\n[fields]\nexternal_id = "id"\npatient_name = "name"\n'
        'provider = "doctor"\nstart = { column = "start", format = "%Y-%m-%d %H:%M" }\n'
        'status = { constant = "COMPLETED" }\ncheck_in = { time = "minutes" }\nreal_start = { time = "price" }\n'
        'real_end = { time = "note" }\n'
    )
    rows = tables.appointments(row(start="2026-11-19 09:00", minutes="08:51", price="09:04", note="09:20"))
    importing.import_appointments(desk, rows, str(path), create_missing=True)
    visit = kept(desk)[0].visit
    day = date(2026, 11, 19)
    assert visit.state is VisitState.CHECKED_OUT
    assert (visit.arrived_at, visit.with_provider_at, visit.checked_out_at) == (
        world.at("08:51", day), world.at("09:04", day), world.at("09:20", day),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "field", "rule"),
    [
        ({"minutes": "-5"}, "minutes", "bad_duration"),
        ({"start": "2026-02-31 09:00"}, "start", "bad_date"),
        ({"start": ""}, "start", "missing"),
        ({"status": "perhaps"}, "status", "bad_status"),
        ({"name": ""}, "patient_name", "missing"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_taken(
    desk: Desk, tables: Tables, cells: dict[str, str], field: str, rule: str
) -> None:
    found = take(desk, tables, row(id="1", **cells), row(id="2", start="2026-11-23 10:00"))
    assert (found.read, len(kept(desk))) == (2, found.taken)
    assert found.taken >= 1
    line = next(line for line in found.lines if line.line == 2)
    assert line.rule == rule
    assert line.field in (field, "duration")


def test_lines_are_bounded_and_counts_are_not(desk: Desk, tables: Tables) -> None:
    found = take(desk, tables, *(row(id=str(i), start="nonsense") for i in range(1_200)))
    assert (found.refused, found.read, len(found.lines), found.lines_left_out) == (1_200, 1_200, 1_000, 200)


def test_a_map_is_guessed_by_the_header_or_asked_for(desk: Desk, tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--map"):
        importing.import_appointments(desk, tables.appointments(row()), None)
    with pytest.raises(BadInput, match="for patients"):
        importing.import_appointments(desk, tables.appointments(row()), tables.patients_map)
    fresha = tmp_path / "fresha.csv"
    fresha.write_text(
        "Appointment reference,Client,Scheduled date,Scheduled time,Duration,Services,Status\n"
        "#F1,Maria Reyes,1 Dec 2026,9:00am,30min,Check-up,Booked\n"
    )
    assert importing.import_appointments(desk, fresha, None, create_missing=True).taken == 1


def test_rows_without_a_provider_take_the_only_one_else_a_column_of_their_own(desk: Desk, tables: Tables) -> None:
    refused = take(desk, tables, row(doctor=""), create=False)
    assert said(refused) == [(2, "refused", "provider", "provider_unknown")]
    assert take(desk, tables, row(doctor="")).created.providers == 1
    assert take(desk, tables, row(doctor=""), create=False).unchanged == 1


def test_who_may_not_import_is_told_so(world: World, tables: Tables) -> None:
    with pytest.raises(NoAccess):
        importing.import_appointments(world.desk("rea"), tables.appointments(row()), tables.map)


def test_a_name_is_kept_literally(desk: Desk, tables: Tables) -> None:
    take(desk, tables, row(name="<b>'; DROP TABLE user;--</b>"))
    assert kept(desk)[0].patient_name == "<b>'; DROP TABLE user;--</b>"


def test_the_image_of_an_import_is_what_replace_would_make(desk: Desk, tables: Tables) -> None:
    take(desk, tables, row(), row(id="2", start="2026-11-23 09:10"))
    first, second = kept(desk)
    assert dataclasses.replace(second, id=first.id, number=first.number, start=first.start, end=first.end, lane=0,
                               overbook_reason=None, external_id="1") == first  # fmt: skip
