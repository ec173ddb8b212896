"""Paper: the golden documents, what must stand on them whatever the day, and that nothing of them is left to chance."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.day import Span
from himsog_desktop.domain.marks import MARKS
from himsog_desktop.domain.paper import Block, Mark, Paper, Stroke, Words, sheet
from himsog_desktop.domain.time import MINUTE, zone
from himsog_desktop.interchange.fontfile import MISSING, FontFile
from himsog_desktop.interchange.pdf_lanes import hours_of, placed, stretches
from himsog_desktop.interchange.pdf_pen import Pen
from himsog_desktop.interchange.pdf_rows import STATES, PrintColumn, PrintDay, PrintRow
from himsog_desktop.interchange.pdf_words import birth_words, long_day, range_of
from himsog_desktop.services.printing import faces
from tests.interchange import papers
from tests.interchange.papers import CRUZ, FRIDAY, LIM, MANILA, MANY, PRINTED, SMALL, at, column, day, row
from tests.support.pdf_reading import read_pdf


@pytest.mark.parametrize("name", papers.DOCUMENTS)
def test_a_document_is_what_was_looked_at(name: str) -> None:
    found = papers.written_down(read_pdf(papers.bytes_of(papers.DOCUMENTS[name]())))
    wanted = (papers.GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert found.splitlines() == wanted.splitlines(), "look at it, then: python -m tests.interchange.papers"


@pytest.mark.parametrize("name", papers.DOCUMENTS)
def test_the_file_draws_what_was_laid_out(name: str) -> None:
    paper = papers.DOCUMENTS[name]()
    found = read_pdf(papers.bytes_of(paper))
    assert found.fonts == {"AAAAAA+Inter-Regular", "AAAAAA+Inter-SemiBold"}  # embedded, cut down, and no other
    for page, read in zip(paper.pages, found.pages, strict=True):
        assert (read.width, read.height) == (page.width, page.height)
        laid = [item for item in page.items if isinstance(item, Words)]
        assert [text.text for text in read.texts] == [item.text for item in laid]
        assert [(text.x, text.y) for text in read.texts] == [
            (pytest.approx(item.x, abs=0.02), pytest.approx(item.y, abs=0.02)) for item in laid
        ]


def test_the_same_paper_is_the_same_file_in_any_process() -> None:
    first = papers.bytes_of(papers.list_of())
    assert papers.bytes_of(papers.sheet_of()) != first
    assert papers.bytes_of(papers.list_of()) == first
    code = (
        "import hashlib; from tests.interchange import papers;"
        "print(hashlib.sha256(papers.bytes_of(papers.list_of())).hexdigest())"
    )
    import hashlib

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout.strip() == hashlib.sha256(first).hexdigest()
    assert papers.bytes_of(papers.list_of(), PRINTED + MINUTE) != first


def test_laying_out_needs_neither_reportlab_nor_qt() -> None:
    code = (
        "import sys; from tests.interchange import papers; papers.list_of(); papers.sheet_of(); papers.table_of(3);"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'reportlab', 'PIL', 'PySide6'}))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout.strip() == "[]"


def test_what_the_file_says_of_itself_names_nobody() -> None:
    facts = read_pdf(papers.bytes_of(papers.list_of())).facts
    assert b"(Day list 2026-11-20)" in facts
    assert b"(D:20261119234000+00'00')" in facts
    assert b"Cruz" not in facts


# ------------------------------------------------------------------------------------- the day list


def test_the_whole_day_is_there_whatever_the_hour() -> None:
    first = papers.texts(papers.list_of())[0]
    assert "07:00–07:30" in first
    assert "19:30–20:00" in first


def test_a_day_of_140_from_seven_to_half_past_seven_is_there_whole_on_list_and_sheet() -> None:
    """Scenario S2: opening the day."""
    statuses = ("PENDING", "CONFIRMED", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW", "CONFIRMED")
    columns = []
    for provider in range(7):
        hours = [7.0, *(8 + i * 0.6 for i in range(18)), 19.5]
        rows = [
            row(f"{provider}-{i:02d}", hour, 30, name=f"Patient P{provider}N{i:02d}", status=statuses[i % 7])
            for i, hour in enumerate(hours)
        ]
        columns.append(column(f"p{provider}", f"Dr {provider}", rows))
    names = {each.name for one in columns for each in one.rows}
    assert len(names) == 140
    listed = [text for page in papers.texts(papers.list_of(day(*columns))) for text in page]
    assert names <= set(listed)
    assert listed.count("07:00–07:30") == listed.count("19:30–20:00") == 7
    spread = [text for page in papers.texts(papers.sheet_of(day(*columns))) for text in page]
    assert names <= set(spread)
    hidden = [text for page in papers.texts(papers.sheet_of(day(*columns), hide_names=True)) for text in page]
    assert not names & set(hidden)
    assert hidden.count("P. P.") == 140 + 7  # one of each provider goes on from the first sheet to the second


def test_a_provider_begins_a_page_and_each_page_says_which() -> None:
    pages = papers.texts(papers.list_of())
    heads = [(page[0], page[3]) for page in pages]
    assert heads == [
        ("Page 1 of 1", "Dr Elena Cruz"),
        ("Page 1 of 2", "Dr Ramon Lim"),
        ("Page 2 of 2", "Dr Ramon Lim"),
        ("Page 1 of 1", "Marisol Tan"),
    ]
    assert all("Friday 20 November 2026" in page for page in pages)
    assert "No appointments." in pages[3]
    assert "Closed · Vacation" in pages[3]
    assert [page[-2] for page in pages] == [f"Sheet {n} of 4" for n in (1, 2, 3, 4)]


def test_who_does_not_come_stands_in_a_section_below_and_is_counted() -> None:
    (first, *_) = papers.texts(papers.list_of())
    section = first.index("No-show and cancelled")
    assert section > first.index("19:30–20:00")
    assert [text for text in first[section:] if re.match(r"\d\d:\d\d–", text)] == ["10:00–10:30", "10:30–11:00"]
    assert first[-3].startswith("11 appointments: 1 requested, 7 confirmed, 1 completed, 1 no-show, 1 cancelled.")


def test_every_state_is_a_mark_and_a_word() -> None:
    page = papers.list_of().pages[0]
    marks = {item.name for item in page.items if isinstance(item, Mark)}
    assert {"double-tick", "tick", "hourglass", "cross", "person-crossed", "door", "chair", "person", "exit"} == marks
    words = {item.text for item in page.items if isinstance(item, Words)}
    assert set(STATES.values()) <= words


def test_hidden_names_leave_nothing_that_tells_who_it_is() -> None:
    blocked = Span(at(14), at(15), "block", "Call Ana Reyes")
    secret = column("p0", "Dr Elena Cruz", CRUZ, spans=(blocked,))
    for made in (papers.list_of(day(secret), hide_names=True), papers.sheet_of(day(secret), hide_names=True)):
        said = " ".join(text for page in papers.texts(made) for text in page)
        for each in CRUZ:
            for part in re.findall(r"\w{3,}", each.name):
                assert part not in said or part in "Dr Elena Cruz", part
        assert "0917" not in said
        assert "Mar 1984" not in said
        assert "daughter" not in said
        assert "Ana" not in said
        assert "R. A." in said
        assert "Names are hidden" in said


def test_letters_that_we_have_not_are_owned_up_to() -> None:
    first, other, *_ = papers.texts(papers.list_of())
    assert {"Peña, José", "Đặng, Thị Ngọc", "Иванова, Анна", f"{MISSING * 4} {MISSING * 3}"} <= set(first)
    assert any("letters that this program cannot print" in text for text in first)
    assert not any("cannot print" in text for text in other)
    pen = Pen(faces(), 100, 100)
    assert pen.clean(unicodedata.normalize("NFD", "Peña\u200b José")) == "Peña José"
    assert not pen.missing


def test_a_day_of_nobody_is_said() -> None:
    (page,) = papers.texts(papers.list_of(day()))
    assert "Nobody works on this day and nothing is booked." in page
    (page,) = papers.texts(papers.sheet_of(day()))
    assert "Nobody works on this day and nothing is booked." in page


# ---------------------------------------------------------------------------------------- the sheet


def test_every_appointment_stands_on_the_sheet_of_all_providers() -> None:
    said = [text for page in papers.texts(papers.sheet_of()) for text in page]
    for name in ("Peña, José", "Late, Lena", "Short, S.", *(f"Santos, Ben {i}" for i in range(36))):
        assert name in said
    assert said.count("No-show") == 3  # twice in the legend, once as a state
    assert said.count("Cancelled") == 3


def test_many_providers_go_on_further_sheets_that_say_which() -> None:
    first, second = papers.texts(papers.sheet_of(MANY))
    assert "Providers 1–7 of 14 · 06:00–20:00" in first
    assert "Providers 8–14 of 14 · 06:00–20:00" in second
    assert {f"Dr Number {n}" for n in range(1, 8)} <= set(first)
    assert {f"Dr Number {n}" for n in range(8, 15)} <= set(second)


def test_many_who_do_not_come_get_sheets_of_their_own() -> None:
    gone = [row(f"g{i:03d}", 8 + i / 20, name=f"Gone, Nr{i}", status="CANCELLED") for i in range(90)]
    pages = papers.texts(papers.sheet_of(day(column("p0", "Dr Elena Cruz", gone))))
    assert [page.count("Cancelled") - 1 for page in pages] == [0, 42, 42, 6]
    assert "1 provider · No-show and cancelled" in pages[1]


@pytest.mark.parametrize("size", ["a4", "letter"])
@pytest.mark.parametrize("landscape", [False, True])
def test_nothing_leaves_the_sheet(size: str, landscape: bool) -> None:
    for made in (
        papers.list_of(size=size, landscape=landscape),
        papers.sheet_of(size=size, landscape=landscape),
        papers.sheet_of(MANY, size=size, landscape=landscape),
        papers.table_of(50),
    ):
        _inside(made)


def _inside(paper: Paper) -> None:
    regular, strong = faces()
    for page in paper.pages:
        for item in page.items:
            if isinstance(item, Words):
                right = item.x + (strong if item.strong else regular).width(item.text, item.size)
                assert item.x >= 24, item
                assert right <= page.width - 24, item
                assert 24 <= item.y <= page.height - 24, item
            elif isinstance(item, Block):
                assert item.x >= 24
                assert item.x + item.width <= page.width - 24
                assert item.y + item.height <= page.height - 24
                assert min(item.width, item.height) > 0
            elif isinstance(item, Stroke):
                assert max(item.y1, item.y2) <= page.height - 24
            else:
                assert item.name in MARKS


NAMES = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=60)
ROWS = st.builds(
    lambda key, minute, length, name, status, visit, note: row(
        f"r{key}", minute / 60, length, name, status=status, visit=visit, note=note
    ),
    st.integers(0, 9999),
    st.integers(0, 1439),
    st.integers(0, 900),
    NAMES,
    st.sampled_from(list(STATES)),
    st.sampled_from([None, "arrived", "in_room", "with_provider", "checked_out"]),
    st.none() | NAMES,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, max_size=60), st.integers(1, 9))
def test_whatever_the_day_all_rows_are_there_and_inside(rows: list[PrintRow], providers: int) -> None:
    unique = list({each.id: each for each in rows}.values())
    columns = [column(f"p{n}", f"Dr {n}", sorted(unique[n::providers])) for n in range(providers)]
    made = papers.list_of(day(*columns))
    _inside(made)
    times = sum(
        bool(re.match(r"\d\d:\d\d–(\w\w\w )?\d\d:\d\d$", item.text)) and item.size == 9.0
        for page in made.pages
        for item in page.items
        if isinstance(item, Words)
    )
    assert times == len(unique)
    spread = papers.sheet_of(day(*columns))
    _inside(spread)
    legends = len(spread.pages) * 9
    marks = sum(isinstance(item, Mark) for page in spread.pages for item in page.items)
    # One that lies on two sheets is drawn on both.
    assert marks - legends >= len(unique)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 90)), max_size=30), st.integers(1, 30))
def test_no_two_that_meet_share_a_lane_and_no_lane_is_idle(pairs: list[tuple[int, int]], least: int) -> None:
    rows = [row(f"r{i:02d}", 8 + start / 60, length) for i, (start, length) in enumerate(pairs)]
    found = placed(rows, least * MINUTE)
    assert sorted(each.row.id for each in found) == sorted(each.id for each in rows)

    def taken(each: PrintRow) -> tuple[int, int]:
        return each.start, max(each.end, each.start + least * MINUTE)

    for i, one in enumerate(found):
        assert 0 <= one.lane < one.lanes
        for other in found[i + 1 :]:
            first, second = taken(one.row), taken(other.row)
            if first[0] < second[1] and second[0] < first[1]:
                assert one.lane != other.lane
                assert one.lanes == other.lanes


@pytest.mark.parametrize(("of", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)])
def test_a_day_of_23_or_25_hours_has_so_many(of: date, hours: int) -> None:
    york = zone("America/New_York")
    low, high = york.day_bounds(of)
    night = row("n", 0)._replace(start=low, end=high)
    made = PrintDay("C", york, of, low, high, (PrintColumn("p", "Dr P", None, (), (), (night,)),), PRINTED)
    assert hours_of(made) == (low, high)
    parts = stretches(made, 420)
    assert parts[0].start == low
    assert parts[-1].end == high
    assert sum(part.end - part.start for part in parts) == hours * 60 * MINUTE
    said = [text for page in papers.texts(papers.sheet_of(made)) for text in page]
    assert said.count("01:00") == {23: 1, 24: 1, 25: 2}[hours]
    assert said.count("02:00") == {23: 0, 24: 1, 25: 1}[hours]


# ---------------------------------------------------------------------------------------- the table


def test_the_table_holds_every_row_and_what_they_come_to() -> None:
    pages = papers.texts(papers.table_of(40))
    assert len(pages) == 2
    assert [page[0] for page in pages] == ["Page 1 of 2", "Page 2 of 2"]
    assert sum(page.count("₱1,100.00") for page in pages) == 40
    assert "40 appointments: 8 requested, 8 confirmed, 8 completed, 8 no-show, 8 cancelled." in pages[1][-2]
    assert "₱35,200.00 without the cancelled ones" in pages[1][-2]
    assert "x@patients.invalid" not in pages[0]
    assert papers.texts(papers.table_of(0))[0][-2] == "No appointments."


# ------------------------------------------------------------------------------------ words and fonts


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        ("1984-03-12", "12 Mar 1984, 42 y"),
        ("1984-11-21", "21 Nov 1984, 41 y"),
        ("2025-11-20", "20 Nov 2025, 12 mo"),
        ("2026-11-21", "21 Nov 2026"),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_born_and_how_old(birth: str | None, words: str) -> None:
    assert birth_words(birth, FRIDAY) == words


def test_times_of_another_day_say_so() -> None:
    assert range_of(MANILA, FRIDAY, at(9), at(9.5)) == "09:00–09:30"
    assert range_of(MANILA, FRIDAY, at(23), at(24)) == "23:00–24:00"
    assert range_of(MANILA, FRIDAY, at(23), at(1, date(2026, 11, 21))) == "23:00–Sat 01:00"
    assert range_of(MANILA, FRIDAY, at(23, date(2026, 11, 19)), at(1)) == "Thu 23:00–01:00"
    assert range_of(MANILA, FRIDAY, at(9), at(9.5), True) == "9:00–9:30 AM"
    assert range_of(MANILA, FRIDAY, at(11.5), at(12), True) == "11:30 AM–12:00 PM"
    assert long_day(FRIDAY) == "Friday 20 November 2026"


def test_our_reading_of_a_font_is_that_of_others() -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    for face in faces():
        other = TTFont("Another", str(face.path), shapable=False)
        letters = [chr(code) for code in face.glyphs if chr(code) not in "0123456789\xa0"]
        assert len(letters) > 1400
        for letter in letters:
            assert face.glyphs[ord(letter)] == other.face.charToGlyph[ord(letter)]
            assert face.advance(letter) * 1000 == pytest.approx(other.face.charWidths[ord(letter)], abs=0.01)
        assert len({face.advance(figure) for figure in "0123456789"}) == 1  # columns of figures line up


def test_what_is_no_font_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "no.ttf"
    for content in (b"", b"OTTO" + bytes(100), b"\0\1\0\0\0\1" + bytes(40)):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"font|TrueType"):
            FontFile(path)


def test_text_is_cut_and_wrapped_inside_its_room() -> None:
    pen = Pen(faces(), 100, 100)
    for text in ("Reyes", "a b c d e f g h", "Donaudampfschifffahrtsgesellschaft und mehr", "W" * 80):
        for room in (5.0, 20.0, 60.0):
            for line in (pen.cut(text, 9, room), *pen.wrap(text, 9, room, 3)):
                assert pen.measure(line, 9) <= room
    assert pen.wrap("one two three", 9, 400, 2) == ["one two three"]
    assert pen.wrap("one two three four", 9, 40, 2)[-1].endswith("…")


def test_sheets_have_their_sizes() -> None:
    assert sheet("letter", landscape=True) == (792.0, 612.0)
    with pytest.raises(KeyError):
        sheet("a5", landscape=False)
    assert len(SMALL.columns) == 3
    assert len(LIM) == 36
