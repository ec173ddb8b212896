"""The agenda in pixels: every line is hit by its points, nothing is lost between days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.agenda import AgendaDay
from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING, AgendaLayout, Line
from tests.support.days import tile

counts = st.lists(st.integers(0, 6), max_size=12)
sizes = st.tuples(st.integers(8, 60), st.integers(8, 60))


def layout(many: list[int], size: tuple[int, int]) -> AgendaLayout:
    days = [
        AgendaDay(
            f"2026-11-{n + 1:02d}", n, n + 1, True, "", None, tuple(tile(f"t{n}-{i}", 8 + i) for i in range(count))
        )
        for n, count in enumerate(many)
    ]
    return AgendaLayout(days, *size)


@given(counts, sizes)
def test_lines_follow_each_other_and_are_hit_by_their_points(many: list[int], size: tuple[int, int]) -> None:
    made = layout(many, size)
    lines = made.lines(0, made.height)
    y = 0
    for line in lines:
        top, bottom = made.place(line)
        assert top == y
        assert made.at(top) == made.at(bottom - 0.5) == line
        y = bottom
    assert y == made.height
    assert len(lines) == sum(1 + max(count, 1) for count in many)


@given(counts, sizes, st.floats(-100, 4000), st.floats(0, 900))
def test_what_is_seen_is_what_touches(many: list[int], size: tuple[int, int], top: float, room: float) -> None:
    made = layout(many, size)
    seen = made.lines(top, top + room)
    for line in made.lines(0, made.height):
        low, high = made.place(line)
        assert (line in seen) == (low < top + room and high > max(top, 0))


@given(counts, sizes)
def test_going_down_and_up_passes_every_appointment_once(many: list[int], size: tuple[int, int]) -> None:
    made = layout(many, size)
    if not many:
        assert made.at(0) is None
        assert made.sticky(0) is None
        return
    line: Line | None = made.first(0)
    passed = []
    while line is not None:
        passed.append(line)
        line = made.stop(line, 1)
    expected = [Line(n, row) for n, count in enumerate(many) for row in (range(count) if count else (EMPTY,))]
    assert passed == expected
    back, line = [], made.last(len(many) - 1)
    while line is not None:
        back.append(line)
        line = made.stop(line, -1)
    assert back == expected[::-1]


@given(counts.filter(bool), sizes, st.integers(0, 3000))
def test_one_heading_stays_at_the_top(many: list[int], size: tuple[int, int], y: int) -> None:
    made = layout(many, size)
    y = min(y, made.height - 1)
    found = made.sticky(y)
    assert found is not None
    day, push = found
    assert made.top(day) <= y < made.bottom(day)
    assert -made.head < push <= 0
    # It never lies over the heading that comes after it.
    assert push + made.head <= made.bottom(day) - y


@given(counts, sizes)
def test_appointments_are_found_by_id(many: list[int], size: tuple[int, int]) -> None:
    made = layout(many, size)
    for key, line in made.where.items():
        assert made.days[line.day].tiles[line.row].id == key
    assert len(made.where) == sum(many)
    assert all(line.row != HEADING for line in made.where.values())
