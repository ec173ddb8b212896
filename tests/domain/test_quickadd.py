"""A booking in one line: the table of what lines mean, and the laws that hold for any line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.quickadd import Offer, QuickBooking, folded, read_booking

TODAY = date(2026, 11, 20)  # a Friday
TUESDAY = date(2026, 11, 24)
PEOPLE = (Offer("p1", "Dr Elena Cruz"), Offer("p2", "Dr Marco Dela Cruz"), Offer("p3", "Dr Ana Lim"))
SERVICES = (
    Offer("s1", "Check-up", "p1"),
    Offer("s2", "Check-up", "p2"),
    Offer("s3", "Vaccination", "p1"),
    Offer("s4", "Blood test", "p3"),
    Offer("s5", "Blood pressure", "p3"),
)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (
            "ana reyes tue 3pm checkup dr elena 30",
            QuickBooking("ana reyes", TUESDAY, 900, 30, "p1", ("s1",)),
        ),
        ("ana reyes tue 3pm", QuickBooking("ana reyes", TUESDAY, 900)),
        ("Ana REYES tue 3pm", QuickBooking("Ana REYES", TUESDAY, 900)),
        ("book ana reyes tomorrow at 9 for 1h", QuickBooking("ana reyes", date(2026, 11, 21), 540, 60)),
        ("reyes next fri blood test", QuickBooking("reyes", date(2026, 11, 27), None, None, None, ("s4",))),
        ("reyes 24 nov 14:00 dra dela cruz check-up", QuickBooking("reyes", TUESDAY, 840, None, "p2", ("s2",))),
        ("reyes tue 3pm blood", QuickBooking("reyes blood", TUESDAY, 900)),  # two services begin so: none
        ("reyes tue 3pm dr cruz", QuickBooking("reyes dr cruz", TUESDAY, 900)),  # two doctors: none
        ("cruz tue 3pm", QuickBooking("cruz", TUESDAY, 900)),  # a patient, not the doctor
        ("tue 3pm vaccination", QuickBooking("vaccination", TUESDAY, 900)),  # the first word is whom it is for
        ("0917 555 0199 tue 3pm 45", QuickBooking("0917 555 0199", TUESDAY, 900, 45)),
        ("tue 3pm", None),
        ("reyes tue", None),  # whose appointment is looked for
        ("go to today", None),
        ("ana reyes", None),
        ("ana reyes 30 min", None),
    ],
)
def test_what_lines_mean(line: str, meaning: QuickBooking | None) -> None:
    assert read_booking(line, TODAY, PEOPLE, SERVICES) == meaning


def test_without_a_directory_the_words_stay_with_the_name() -> None:
    found = read_booking("ana tue 3pm checkup dr cruz 30", TODAY)
    assert found == QuickBooking("ana checkup dr cruz", TUESDAY, 900, 30)


LINE = "ana reyes cruz dr dra tue 3pm checkup blood test 30 45 at with next 24 nov tomorrow elena lim Ñoño 0917"
WORDS = st.sampled_from(LINE.split())


@given(st.lists(WORDS, max_size=9), st.permutations(PEOPLE), st.permutations(SERVICES))
def test_a_line_means_one_thing_whatever_order_the_directory_has(
    words: list[str], people: list[Offer], services: list[Offer]
) -> None:
    line = " ".join(words)
    one = read_booking(line, TODAY, PEOPLE, SERVICES)
    other = read_booking(line, TODAY, people, services)
    if one is None:
        assert other is None
        return
    assert other is not None
    assert (one.who, one.day, one.minutes, one.duration, one.provider) == (
        other.who,
        other.day,
        other.minutes,
        other.duration,
        other.provider,
    )
    names = {s.id: folded(s.name) for s in SERVICES}
    assert [names[s] for s in one.services] == [names[s] for s in other.services]
    assert all(word in line for word in one.who.split())  # nothing is made up
    by = {s.id: s.by for s in SERVICES}
    assert one.provider is None or all(by[s] == one.provider for s in one.services)


@given(st.text(max_size=90))
def test_any_text_is_read_or_left(text: str) -> None:
    read_booking(text, TODAY, PEOPLE, SERVICES)
