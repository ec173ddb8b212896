"""Amounts as they are typed, written and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.money import MOST, decimal, parse_money, shown


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        (" ₱ 1,234.50 ", 123450),
        ("php 500", 50000),
        ("0", 0),
        ("0.05", 5),
        ("-12.30", -1230),
        ("−₱5", -500),
        ("₱-5", -500),
        ("1,234,567", 123456700),
    ],
)
def test_is_read(text: str, centavos: int) -> None:
    assert parse_money(text) == centavos


@pytest.mark.parametrize(
    "text",
    ["", "-", "₱", "abc", "1.234,50", "12,5", "1,23", "1.234", "1e3", "--5", "-₱-5", ".5", "5.", "1 234", "٣", "$5",
     "9" * 400],
)  # fmt: skip
def test_is_refused_not_guessed_at(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_money(text)
    assert caught.value.code == "bad_value"
    assert len(caught.value.message) < 100


def test_the_platforms_columns_set_the_limit() -> None:
    assert parse_money("99,999,999.99") == MOST
    with pytest.raises(BadInput, match="too large"):
        parse_money("100,000,000.00")


def test_is_shown_by_currency() -> None:
    assert shown(123450) == "₱1,234.50"
    assert shown(-500, "USD") == "−$5.00"
    assert shown(100, "CHF") == "CHF 1.00"
    assert decimal(-5) == "-0.05"


@given(st.integers(-MOST, MOST), st.sampled_from(["PHP", "USD", "EUR", "CHF"]))
def test_what_is_written_is_read_back(centavos: int, currency: str) -> None:
    assert parse_money(decimal(centavos)) == centavos
    assert parse_money(shown(centavos, currency), currency) == centavos
