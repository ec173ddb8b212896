from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Location, Status
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.interchange import source, tables
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


# ---------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp850"]
)
def test_accents_survive_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    names = ["José Peña", "Zoë Müller", "Renée Ñuñez", "François Gómez"]
    rows = "".join(f"{i},{name},2026-12-01 09:00\r\n" for i, name in enumerate(names))
    path = put(tmp_path, ("Id,Patient,Start\r\n" + rows).encode(encoding))
    rows_read, _, issues = read(path, make_map(SIMPLE))
    assert [row.patient_name for row in rows_read] == names
    assert issues == []


def test_the_map_may_say_the_encoding(tmp_path: Path) -> None:
    path = put(tmp_path, (HEADER + "1,Иван,2026-12-01 09:00\n").encode("cp1251"))
    rows, _, _ = read(path, make_map(SIMPLE + 'encoding = "cp1251"'))
    assert rows[0].patient_name == "Иван"


def test_one_broken_byte_costs_its_own_line(tmp_path: Path) -> None:
    good = "".join(f"{i},Peña {i},2026-12-01 09:00\n" for i in range(50)).encode()
    path = put(tmp_path, HEADER.encode() + good + b"50,Pe\xf1a,2026-12-01 09:00\n" + b"51,Ana,2026-12-01 09:00\n")
    rows, _, issues = read(path, make_map(SIMPLE))
    assert len(rows) == 51
    assert [(issue.line, issue.outcome, issue.rule) for issue in issues] == [(52, "refused", "encoding")]
    assert open_table(path, make_map(SIMPLE), zone=MANILA, today=TODAY).encoding == "utf-8"


def test_a_broken_byte_in_a_column_that_nobody_reads_costs_nothing(tmp_path: Path) -> None:
    good = b"".join(b"%d,Pe\xc3\xb1a,2026-12-01 09:00,\xc3\xb1\n" % i for i in range(50))
    path = put(tmp_path, b"Id,Patient,Start,Other\n" + good + b"50,Ana,2026-12-01 09:00,\xf1\n")
    rows, _, issues = read(path, make_map(SIMPLE))
    assert (len(rows), issues) == (51, [])


def test_a_zero_byte_costs_its_own_line(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER.encode() + b"1,A\0na,2026-12-01 09:00\n2,Ben,2026-12-01 09:00\n")
    rows, _, issues = read(path, make_map(SIMPLE))
    assert [row.external_id for row in rows] == ["2"]
    assert [(issue.line, issue.rule) for issue in issues] == [(2, "nul")]


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" + bytes(50), b"%PDF-1.7 ...", bytes(range(256)) * 40, b"", b"\n\n\n", b"\x1f\x8b\x08broken"],
)
def test_what_is_no_table_of_text_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read(put(tmp_path, content), make_map(SIMPLE))
    assert caught.value.message.endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path / "gone.csv", make_map(SIMPLE))
    assert caught.value.code == "not_found"


# ----------------------------------------------------------------------------- lines, quotes, cells


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_line_end_and_delimiter(tmp_path: Path, end: str, delimiter: str) -> None:
    lines = [["Id", "Patient", "Start"], ["1", '"Ng, Ana; x"', "2026-12-01 09:00"], ["2", "Ben", "2026-12-01 10:00"]]
    path = put(tmp_path, end.join(delimiter.join(cells) for cells in lines))
    rows, _, issues = read(path, make_map(SIMPLE))
    assert [(row.line, row.patient_name) for row in rows] == [(2, "Ng, Ana; x"), (3, "Ben")]
    assert issues == []


def test_a_line_end_that_falls_between_two_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_CHUNK", 7)
    text = "Id,Patient,Start\r\n" + "".join(f'{i},"A\r\nña{i}",2026-12-01 09:00\r\n' for i in range(30))
    rows, _, issues = read(put(tmp_path, text), make_map(SIMPLE))
    assert [row.patient_name for row in rows] == [f"A ña{i}" for i in range(30)]
    assert [row.line for row in rows] == list(range(2, 62, 2))
    assert issues == []


def test_excels_first_line_is_passed_over(tmp_path: Path) -> None:
    rows, _, _ = read(put(tmp_path, "sep=;\nId;Patient;Start\n1;Ana;2026-12-01 09:00\n"), make_map(SIMPLE))
    assert [(row.line, row.patient_name) for row in rows] == [(3, "Ana")]


def test_a_report_with_a_title_before_its_header(tmp_path: Path) -> None:
    text = "Appointments of the month\n\nPrinted,2026-12-01\n" + HEADER + "1,Ana,2026-12-01 09:00\n"
    rows, _, _ = read(put(tmp_path, text), make_map(SIMPLE))
    assert [(row.line, row.patient_name) for row in rows] == [(5, "Ana")]


def test_two_exports_pasted_together(tmp_path: Path) -> None:
    text = HEADER + "1,Ana,2026-12-01 09:00\n\n" + HEADER + " , , \n2,Ben,2026-12-01 09:00\n"
    rows, _, issues = read(put(tmp_path, text), make_map(SIMPLE))
    assert [row.external_id for row in rows] == ["1", "2"]
    assert [issue.rule for issue in issues] == ["missing"]


def test_cells_too_many_are_refused_and_empty_ones_are_not(tmp_path: Path) -> None:
    text = HEADER + "1,Ng, Ana,2026-12-01 09:00\n2,Ben,2026-12-01 09:00,,,\n3,Cy\n"
    rows, _, issues = read(put(tmp_path, text), make_map(SIMPLE))
    assert [row.external_id for row in rows] == ["2"]
    assert [(issue.line, issue.rule) for issue in issues] == [(2, "columns"), (4, "missing")]


def test_a_quote_that_never_closes_costs_its_own_line(tmp_path: Path) -> None:
    lines = [f"{i},Ana {i},2026-12-01 09:00\n" for i in range(2000)]
    lines[700] = '700,"Ana,2026-12-01 09:00\n'
    lines[1999] = '1999,"Ana,2026-12-01 09:00\n'
    rows, _, issues = read(put(tmp_path, HEADER + "".join(lines)), make_map(SIMPLE))
    # The first open quote reaches for the second; neither swallows what lies between.
    assert len(rows) == 1998
    assert [(issue.line, issue.rule) for issue in issues] == [(702, "quotes"), (2001, "quotes")]


def test_quotes_that_never_close_everywhere_end_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_REPAIRS", 3)
    monkeypatch.setattr(tables, "MAX_RECORD_LINES", 5)
    path = put(tmp_path, HEADER + "".join('x,"y,z\n' if i % 10 == 0 else "x,y,z\n" for i in range(100)))
    with pytest.raises(BadInput, match="quotation marks"):
        read(path, make_map(SIMPLE))


def test_a_line_without_end_ends_at_the_bound(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "1,Ana,2026-12-01 09:00\n2," + "x" * 3_000_000 + ",\n3,Ben,2026-12-01 09:00\n")
    rows, _, issues = read(path, make_map(SIMPLE))
    assert [row.external_id for row in rows] == ["1", "3"]
    assert [(issue.line, issue.rule) for issue in issues] == [(3, "too_long")]


@pytest.mark.parametrize("content", ["x" * 3_000_000, ",".join(["a"] * 400_000), ",".join(["a"] * 1_000_000)])
def test_a_header_beyond_the_bounds_gets_a_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(put(tmp_path, content + "\n1,2,3\n"), make_map(SIMPLE))
    assert caught.value.code == "too_long"


def test_a_million_cells_in_one_line_cost_that_line(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "," * 900_000 + "\n1,Ana,2026-12-01 09:00\n")
    rows, _, issues = read(path, make_map(SIMPLE))
    assert (len(rows), [(issue.line, issue.rule) for issue in issues]) == (1, [(2, "columns")])


def test_a_value_too_long_is_refused_without_being_shown_whole(tmp_path: Path) -> None:
    rows, _, issues = read(put(tmp_path, HEADER + f"1,{'A' * 500},2026-12-01 09:00\n"), make_map(SIMPLE))
    assert rows == []
    assert issues[0].rule == "too_long"
    assert len(issues[0].text) < 200


@given(st.binary(max_size=400), st.integers(0, 10_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_never_does_worse_than_a_sentence(tmp_path: Path, garbage: bytes, seed: int) -> None:
    whole = (HEADER + "".join(f'{i},"Añ{i}",2026-12-{1 + i % 31:02d} 09:00\n' for i in range(20))).encode()
    cut = random.Random(seed).randrange(len(whole))
    path = put(tmp_path, whole[:cut] + garbage + whole[cut:])
    sentence = ""
    try:
        rows, _, issues = read(path, make_map(SIMPLE))
    except BadInput as bad:
        sentence = bad.message
    else:
        sentence = f"{len(rows)} taken, {len(issues)} issues."
    assert sentence.endswith(".")


# --------------------------------------------------------------------------------------- compression


def test_a_compressed_table_is_read_like_any_other(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress((HEADER + "1,Ana,2026-12-01 09:00\n").encode()))
    rows, _, _ = read(path, make_map(SIMPLE))
    assert [row.patient_name for row in rows] == ["Ana"]


def test_a_table_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(HEADER.encode() + b"1,Ana,2026-12-01 09:00\n" * 1_500_000))
    with pytest.raises(BadInput) as caught:
        read(path, make_map(SIMPLE))
    assert caught.value.code == "too_long"


def test_a_compressed_table_that_breaks_off_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + "".join(f"{i},Ana {i * 7919},2026-12-01 09:00\n" for i in range(9000))).encode())
    with pytest.raises(BadInput):
        read(put(tmp_path, packed[: len(packed) // 2]), make_map(SIMPLE))


# ------------------------------------------------------------------------------------------- records

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
    assert [row.external_id for row in rows] == ["3", "5", "7", "11"]
    assert issues == [
        (2, "refused", "start", "bad_date"),
        (3, "refused", "end", "ends_before_start"),
        (4, "warned", "end", "no_length"),
        (5, "refused", "status", "bad_status"),
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
