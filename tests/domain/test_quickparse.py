"""What people type for days, times and lengths."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.quickparse import Typed, read_typed

TODAY = date(2026, 11, 20)  # a Friday


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tue 3p", Typed(d(11, 24), 15 * 60)),
        ("TUESDAY 3 PM", Typed(d(11, 24), 15 * 60)),
        ("fri", Typed(TODAY)),
        ("next fri", Typed(d(11, 27))),
        ("next mon", Typed(d(11, 23))),
        ("this sat 8.30a", Typed(d(11, 21), 510)),
        ("30m", Typed(duration=30)),
        ("90 minutes", Typed(duration=90)),
        ("1h", Typed(duration=60)),
        ("1h30", Typed(duration=90)),
        ("1 hr 5 min", Typed(duration=65)),
        ("1.5h", Typed(duration=90)),
        ("tomorrow 9:30", Typed(d(11, 21), 570)),
        ("24 nov 2pm", Typed(d(11, 24), 14 * 60)),
        ("nov 24th, 2027 at 9.30 for 45 min", Typed(d(11, 24, 2027), 570, 45)),
        ("19 nov", Typed(d(11, 19, 2027))),
        ("20 nov", Typed(TODAY)),
        ("29 feb", Typed(d(2, 29, 2028))),
        ("2026-12-24 15:00 20m", Typed(d(12, 24), 900, 20)),
        ("15:00", Typed(minutes=900)),
        ("0930", Typed(minutes=570)),
        ("12am", Typed(minutes=0)),
        ("12:15p", Typed(minutes=735)),
        ("noon", Typed(minutes=720)),
        ("fri 9", Typed(TODAY, 540)),
        ("fri 3", Typed(TODAY, 900)),
        ("at 6", Typed(minutes=18 * 60)),
        ("+3d", Typed(d(11, 23))),
        ("-1d", Typed(d(11, 19))),
        ("in 2 weeks", Typed(d(12, 4))),
        ("next week", Typed(d(11, 27))),
        ("today", Typed(TODAY)),
        ("yesterday", Typed(d(11, 19))),
        ("3/11", Typed(d(11, 3, 2027))),
    ],
)
def test_is_understood(text: str, meant: Typed) -> None:
    assert read_typed(text, TODAY) == meant


def test_month_first_where_the_clinic_writes_so() -> None:
    assert read_typed("3/11", TODAY, day_first=False) == Typed(d(3, 11, 2027))


@pytest.mark.parametrize(
    "text",
    ["", " ", "9", "31 feb", "2026-02-31", "25:00", "13pm", "+99999w", "reyes", "0m", "dec 31 9999", "12:345",
     "x" * 200],
)  # fmt: skip
def test_is_not_guessed_at(text: str) -> None:
    assert read_typed(text, TODAY) is None


def test_what_was_not_understood_comes_back() -> None:
    typed = read_typed("Ana reyes 3pm soon", TODAY)
    assert typed == Typed(minutes=900, unread=("ana", "reyes", "soon"))
    assert not typed.complete
    assert read_typed("mon tue", TODAY) == Typed(d(11, 23), unread=("tue",))


@given(
    st.text(max_size=90) | st.text("0123456789 apmhdw+-/:.,next fri", max_size=30),
    st.dates(d(1, 1, 1900), d(12, 31, 2199)),
)
def test_any_text_has_an_answer(text: str, today: date) -> None:
    typed = read_typed(text, today)
    if typed is not None:
        assert typed.minutes is None or 0 <= typed.minutes < 1440
        assert typed.duration is None or 0 < typed.duration <= 1440
        assert (typed.day, typed.minutes, typed.duration) != (None, None, None)


@given(st.dates(d(1, 1, 2020), d(12, 31, 2035)), st.integers(0, 1439), st.integers(1, 1440))
def test_what_is_written_plainly_is_read_back(day: date, minutes: int, duration: int) -> None:
    text = f"{day} {minutes // 60:02d}:{minutes % 60:02d} {duration} min"
    assert read_typed(text, TODAY) == Typed(day, minutes, duration)
    assert read_typed(f"{day:%d %b %Y}", TODAY) == Typed(day)
