from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Status
from himsog_desktop.interchange.cells import (
    BadCell,
    duration_reader,
    email_text,
    long_text,
    money_reader,
    name_text,
    quoted,
    sex_text,
    status_reader,
    unguarded,
)
from himsog_desktop.interchange.csv_write import guarded


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30", 30), ("30min", 30), ("45 min", 45), ("45 mins.", 45), ("1h 30min", 90), ("1 hr 15 mins", 75),
        ("1h", 60), ("2 hours", 120), ("1 hour and 5 minutes", 65), ("00:45:00", 45), ("1:30", 90), ("14.8", 15),
        ("14,2", 14), ("0.4", 1), ("1.5h", 90), ("'30", 30),
    ],
)  # fmt: skip
def test_lengths_as_systems_write_them(text: str, minutes: int) -> None:
    assert duration_reader()(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "0", "-5", "99999999", "1h x", "½ hour"])
def test_what_is_no_length_is_said(text: str) -> None:
    with pytest.raises(BadCell) as caught:
        duration_reader()(text)
    assert caught.value.rule == "bad_duration"


def test_a_bare_number_is_of_the_maps_unit() -> None:
    assert duration_reader("hours")("1.5") == 90
    assert duration_reader("seconds")("1800") == 30


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("1500", 150000), ("1,500.00", 150000), ("₱1,500", 150000), ("₱1 500.50", 150050), ("1.500,00", 150000),
        ("80", 8000), ("$80.5", 8050), ("PHP 500", 50000), ("0.00", 0), ("12.345", 1234500), ("1'200.00", 120000),
        (".5", 500), ("1,234,567.89", 123456789),
    ],
)  # fmt: skip
def test_prices_as_systems_write_them(text: str, centavos: int) -> None:
    assert money_reader()(text) == centavos


def test_the_map_may_say_the_decimal_mark() -> None:
    assert money_reader(".")("1,500") == 150000
    assert money_reader(",")("1.500") == 150000
    assert money_reader(",")("1,500") == 150  # one and a half, said to the thousandth


@pytest.mark.parametrize("text", ["free", "-5", "(80.00)", "10 to 20", "99999999999"])
def test_what_is_no_price_is_said(text: str) -> None:
    with pytest.raises(BadCell):
        money_reader()(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Attended", Status.COMPLETED), ("checked out", Status.COMPLETED), ("NO-SHOW", Status.NO_SHOW),
        ("no_show", Status.NO_SHOW), ("Did not attend", Status.NO_SHOW), ("FTA", Status.NO_SHOW),
        ("Canceled", Status.CANCELLED), ("Cancelled by client", Status.CANCELLED), ("Booked", Status.CONFIRMED),
        ("Pending", Status.PENDING),
    ],
)  # fmt: skip
def test_words_that_every_system_uses_need_no_map(text: str, status: Status) -> None:
    assert status_reader({}, None)(text) == (status, False, None)


def test_the_maps_words_win_over_the_usual_ones() -> None:
    read = status_reader({"Closed": "CANCELLED"}, None)
    assert read(" closed ") == (Status.CANCELLED, False, None)


def test_an_unknown_outcome_is_confirmed_and_missing() -> None:
    assert status_reader({}, None)("unknown") == (Status.CONFIRMED, True, None)


def test_a_word_that_nobody_knows_is_handed_on() -> None:
    assert status_reader({}, None)("Zurückgestellt") == (Status.CONFIRMED, True, "Zurückgestellt")
    assert status_reader({}, "PENDING")("Zurückgestellt") == (Status.PENDING, False, "Zurückgestellt")


def test_names_lose_what_nobody_sees_and_keep_what_was_written() -> None:
    assert name_text("  Maria\u00a0Cristina \x00 dela  Peña\u202e ") == "Maria Cristina dela Peña"
    assert name_text("Jorge Luis88 Vela532") == "Jorge Luis88 Vela532"
    assert name_text("<b>Ana</b>'; DROP TABLE") == "<b>Ana</b>'; DROP TABLE"
    assert name_text(" \t ") is None
    with pytest.raises(BadCell):
        name_text("x" * 201)


def test_notes_keep_their_lines() -> None:
    assert long_text("a\r\nb\rc\x07\n") == "a\nb\nc"
    with pytest.raises(BadCell):
        long_text("x" * 20_001)


def test_emails_and_sexes() -> None:
    assert email_text(" JP@EXAMPLE.COM ") == "JP@EXAMPLE.COM"
    assert email_text("mailto:a@b.c") == "a@b.c"
    for bad in ("none", "a b@c.d", "@x", "x@"):
        with pytest.raises(BadCell):
            email_text(bad)
    assert [sex_text(text) for text in ("F", "Male", "nonbinary", "W")] == ["female", "male", "nonbinary", "female"]


def test_what_an_issue_shows_is_short() -> None:
    assert quoted("a\n" + "b" * 100) == "“a " + "b" * 38 + "…”"


@given(st.text(min_size=1))
def test_the_formula_guard_comes_off_again(text: str) -> None:
    safe = guarded(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unguarded(safe) == text


@pytest.mark.parametrize("text", ["=1+1", "+63 917 555 0101", "-5", "@SUM(A1)", "\tx", "\nx", "＝x", "'=x", "''+x"])
def test_risky_text_is_guarded_and_comes_back(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


def test_an_innocent_apostrophe_stays() -> None:
    assert guarded("'tis") == "'tis"
    assert unguarded("'tis") == "'tis"
