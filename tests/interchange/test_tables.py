"""Records of tables: what one line becomes, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from himsog_desktop.domain.appointment import Location, Status
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.interchange import tables
from himsog_desktop.interchange.maps import find_map
from himsog_desktop.interchange.tables import open_table
from tests.interchange.helpers import BERLIN, MANILA, SIMPLE, TODAY, make_map, read, write_csv

HEADER = "Id,Patient,Start\n"


def put(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def at(text: str) -> int:
    return parse_instant(text + "+08:00")


FULL = """
kind = "appointments"
external_id = "Id"
patient_key = { column = "Pid", optional = true }
patient_name = { column = "Patient", flip = true, optional = true }
start = { date = "Day", time = "From", format = ["%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M %p"] }
end = { column = "To", format = ["%H:%M", "%d/%m/%Y %H:%M"], optional = true }
duration = { column = "Len", optional = true }
status = { column = "Outcome", values = { "Yes" = "NO_SHOW" }, optional = true }
services = { column = "What", separator = " + ", optional = true }
price = { column = "Price", optional = true }
location = { column = "Where", values = { "Zoom" = "video", "Desk" = "in_person" }, optional = true }
check_in = { time = "In", optional = true }
real_start = { time = "Began", optional = true }
real_end = { time = "Ended", optional = true }
patient_birth_date = { column = "Born", format = "%d/%m/%y", optional = true }
booked_on = { column = "Booked", format = "%d/%m/%Y", optional = true }
"""


def full(
    tmp_path: Path, columns: str, *lines: str
) -> tuple[list[tables.Record], list[tuple[int, str, str | None, str]]]:
    path = put(tmp_path, "\n".join([f"Id,Patient,Day,From,{columns}", *lines]))
    rows, _, issues = read(path, make_map(FULL))
    return list(rows), [(issue.line, issue.outcome, issue.field, issue.rule) for issue in issues]


def test_everything_about_an_appointment(tmp_path: Path) -> None:
    (row,), issues = full(
        tmp_path,
        "To,Outcome,What,Price,Where,In,Began,Ended,Born,Booked",
        '1,"Reyes, Ana",01/12/2026,9:00 am,09:30,Yes,"Check-up, short + X-ray","₱1,500",zoom,8:50,9:10,9:35,'
        "29/02/88,1/11/2026",
    )
    assert issues == []
    assert (row.patient_name, row.start, row.end) == ("Ana Reyes", at("2026-12-01T09:00"), at("2026-12-01T09:30"))
    assert (row.status, row.outcome_missing, row.services) == (Status.NO_SHOW, False, ("Check-up, short", "X-ray"))
    assert (row.price, row.location, row.patient_birth_date) == (150000, Location.VIDEO, "1988-02-29")
    assert (row.check_in, row.real_start) == (at("2026-12-01T08:50"), at("2026-12-01T09:10"))
    assert (row.real_end, row.booked_on) == (at("2026-12-01T09:35"), at("2026-11-01T00:00"))


def test_times_without_a_day_cross_midnight_forward(tmp_path: Path) -> None:
    (row,), _ = full(tmp_path, "To,In,Began,Ended", "1,Ana,01/12/2026,23:30,00:15,23:20,23:50,00:20")
    assert (row.end, row.real_start) == (at("2026-12-02T00:15"), at("2026-12-01T23:50"))
    assert row.real_end == at("2026-12-02T00:20")
    (row,), _ = full(tmp_path, "In,Began,Ended", "1,Ana,01/12/2026,00:10,23:55,00:20,00:40")
    assert (row.check_in, row.real_start) == (at("2026-11-30T23:55"), at("2026-12-01T00:20"))


def test_a_length_stands_in_for_an_end(tmp_path: Path) -> None:
    rows, issues = full(
        tmp_path, "Len", "1,Ana,01/12/2026,9:00,45 min", "2,Ben,01/12/2026,9:00,", "3,Cy,01/12/2026,9:00,??"
    )
    assert [row.end for row in rows] == [at("2026-12-01T09:45"), None, None]
    assert issues == [(4, "warned", "duration", "bad_duration")]


def test_a_day_without_time_says_so(tmp_path: Path) -> None:
    (row,), issues = full(tmp_path, "Len", "1,Ana,01/12/2026,,30")
    assert (row.day_only, row.start, issues) == (True, at("2026-12-01T00:00"), [])


def test_what_refuses_a_line_and_what_only_warns(tmp_path: Path) -> None:
    rows, issues = full(
        tmp_path,
        "To,Outcome,Price,Born,Pid",
        "1,Ana,31/02/2026,9:00,,,,,",
        "2,Ben,01/12/2026,9:00,30/11/2026 08:00,,,,",
        "3,Cy,01/12/2026,9:00,09:00,,,,",
        "4,Di,01/12/2026,9:00,,later,,,",
        "5,Ed,01/12/2026,9:00,,,much,99/99/99,",
        "6,,01/12/2026,9:00,,,,,",
        "7,,01/12/2026,9:00,,,,,K7",
        "8,Flo,,9:00,,,,,",
        "9,Gus,01/12/2026,9:00,01/12/2030 10:00,,,,",
        "10,Hal,01/12/2026,25:00,,,,,",
        "11,Ida,01/12/2026,9:00,,unknown,,,",
    )
    assert [row.external_id for row in rows] == ["3", "4", "5", "7", "11"]
    assert issues == [
        (2, "refused", "start", "bad_date"),
        (3, "refused", "end", "ends_before_start"),
        (4, "warned", "end", "no_length"),
        (5, "warned", "status", "bad_status"),
        (6, "warned", "price", "bad_number"),
        (6, "warned", "patient_birth_date", "bad_date"),
        (7, "refused", "patient_name", "missing"),
        (9, "refused", "start", "missing"),
        (10, "refused", "end", "too_long"),
        (11, "refused", "start", "bad_time"),
    ]
    assert (rows[-1].status, rows[-1].outcome_missing) == (Status.CONFIRMED, True)


def test_the_zone_of_the_file_of_the_line_and_of_the_value(tmp_path: Path) -> None:
    zones = ["", "America/New_York", "Mars"]
    text = "Id,Patient,Start,TZ\n" + "".join(f"{i},Ana,2026-12-01 09:00,{name}\n" for i, name in enumerate(zones))
    plan = SIMPLE.replace('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %H:%M", zone_column = "TZ"') + 'zone = "Europe/Berlin"\n'
    rows, _, issues = read(put(tmp_path, text), make_map(plan))
    assert [BERLIN.iso(row.start) for row in rows] == ["2026-12-01T09:00:00+01:00", "2026-12-01T15:00:00+01:00"]
    assert [(issue.line, issue.field) for issue in issues] == [(4, "zone")]


DAYS = """
kind = "appointments"
external_id = "AppointmentID"
patient_key = "PatientId"
start = { column = "AppointmentDay" }
booked_on = { column = "ScheduledDay" }
status = { column = "No-show", values = { "Yes" = "NO_SHOW", "No" = "COMPLETED" } }
"""


@pytest.mark.parametrize("form", ["", ', format = "%Y-%m-%d"', ', format = "%Y-%m-%dT%H:%M:%SZ"'])
def test_a_file_of_days_written_as_midnights(tmp_path: Path, form: str) -> None:
    header = ["PatientId", "AppointmentID", "ScheduledDay", "AppointmentDay", "No-show"]
    lines = [
        [f"2987249982{i}.0", str(i), "2016-04-27T18:38:08Z", f"2016-05-{i:02d}T00:00:00Z", "No" if i % 3 else "Yes"]
        for i in range(1, 31)
    ]
    plan = make_map(DAYS.replace('"AppointmentDay"', f'"AppointmentDay"{form}'))
    rows, _, issues = read(write_csv(tmp_path / "t.csv", [header, *lines]), plan)
    assert (len(rows), issues) == (30, [])
    assert all(
        row.day_only and MANILA.iso(row.start) == f"2016-05-{i:02d}T00:00:00+08:00" for i, row in enumerate(rows, 1)
    )
    assert MANILA.iso(rows[0].booked_on or 0) == "2016-04-28T02:38:08+08:00"
    assert sum(row.status is Status.NO_SHOW for row in rows) == 10


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["03/04/2026", "05/13/2026"], "2026-03-04"),
        (["03/04/2026", "13/05/2026"], "2026-04-03"),
        (["03/04/2026", "04/05/2026"], "2026-03-04"),
    ],
)
def test_the_file_itself_settles_whether_the_day_or_the_month_is_first(
    tmp_path: Path, days: list[str], expected: str
) -> None:
    header = ["Subject", "Start Date", "Start Time", "End Date", "End Time", "Meeting Organizer", "Show time as"]
    lines = [[f"P{i}", day, "9:00:00 AM", day, "9:30:00 AM", "Dr. Reyes", "2"] for i, day in enumerate(days)]
    rows, _, issues = read(write_csv(tmp_path / "t.csv", [header, *lines]), find_map("outlook-calendar"))
    assert issues == []
    assert MANILA.iso(rows[0].start).startswith(expected)


def test_the_grid_of_the_file_gives_the_length(tmp_path: Path) -> None:
    plan = make_map(SIMPLE + "duration = { infer = true }\n")
    for step in (10, 15, 20):
        lines = [["Id", "Patient", "Start"]]
        lines += [[str(i), "Ana", f"2026-12-01 {9 + i * step // 60:02d}:{i * step % 60:02d}"] for i in range(20)]
        table = open_table(write_csv(tmp_path / "t.csv", lines), plan, zone=MANILA, today=TODAY)
        assert table.inferred_minutes == step
        assert {(row.end or 0) - row.start for row in table.rows() if not isinstance(row, tables.LineIssue)} == {
            step * 60_000_000
        }


def test_a_system_without_ids_gets_ids_that_are_the_same_every_time(tmp_path: Path) -> None:
    plan = make_map(SIMPLE.replace('external_id = "Id"\n', ""))
    path = put(tmp_path, HEADER + "1,Ana,2026-12-01 09:00\n2,Ben,2026-12-01 09:00\n")
    first, second = read(path, plan)[0], read(path, plan)[0]
    assert first == second
    assert len({row.external_id for row in first}) == 2
    assert all(row.external_id and "Ana" not in row.external_id for row in first)


def test_entries_for_whole_days_are_left_out_by_name(tmp_path: Path) -> None:
    header = ["Subject", "Start Date", "Start Time", "End Date", "End Time", "All Day Event"]
    lines = [
        ["Holiday", "12/25/2026", "", "12/25/2026", "", "TRUE"],
        ["Ana - X-ray", "12/26/2026", "09:00 AM", "", "", "FALSE"],
    ]
    rows, _, issues = read(write_csv(tmp_path / "t.csv", [header, *lines]), find_map("google-calendar"))
    assert [(row.patient_name, row.services) for row in rows] == [("Ana", ("X-ray",))]
    assert [(issue.line, issue.rule) for issue in issues] == [(2, "skipped")]


def test_progress_can_be_told_while_reading(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "".join(f"{i},Ana,2026-12-01 09:00\n" for i in range(30_000)))
    table = open_table(path, make_map(SIMPLE), zone=MANILA, today=TODAY)
    seen = {table.bytes_read for _ in table.rows()}
    assert max(seen) == table.bytes_total == path.stat().st_size
    assert len(seen) > 1
