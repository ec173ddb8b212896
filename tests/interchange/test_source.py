"""Bytes of tables: encodings, compression, lines and quotes that are not as they should be."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.interchange import source, tables
from himsog_desktop.interchange.tables import open_table
from tests.interchange.helpers import MANILA, SIMPLE, TODAY, make_map, read

HEADER = "Id,Patient,Start\n"


def put(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def at(text: str) -> int:
    return parse_instant(text + "+08:00")


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
