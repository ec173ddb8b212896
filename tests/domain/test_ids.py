"""Ids that sort by time, and appointment numbers."""

from __future__ import annotations

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.ids import is_id, new_id
from himsog_desktop.domain.numbers import is_number, new_number

NANOS = st.integers(0, 2**48 * 10**6 - 1)


@given(NANOS)
def test_an_id_is_a_version_7_uuid_of_its_time(nanoseconds: int) -> None:
    text = new_id(nanoseconds)
    made = uuid.UUID(text)
    assert is_id(text)
    assert str(made) == text
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == nanoseconds // 10**6


@given(NANOS, NANOS)
def test_ids_sort_by_the_time_they_were_made(one: int, other: int) -> None:
    early, late = sorted((one, other))
    # A fraction of 12 bits below the millisecond tells apart what lies 245 ns from each other.
    if late - early >= 245:
        assert new_id(early) < new_id(late)


def test_ids_of_one_moment_differ_and_a_seed_gives_the_same_again() -> None:
    assert len({new_id(1) for _ in range(1000)}) == 1000
    assert new_id(5, random.Random(7).getrandbits) == new_id(5, random.Random(7).getrandbits)
    assert new_id()[:8] <= new_id()[:8]


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("0191f3a0-0000-7000-8000-000000000000", True),
        ("0191F3A0-0000-4000-8000-00000000000A", True),
        ("0191f3a0-0000-7000-8000-000000000000\n", False),
        ("0191f3a00000700080000000000000000000", False),
        ("0191f3a0-0000-7000-8000-00000000000g", False),
        ("'; DROP TABLE", False),
        ("", False),
    ],
)
def test_is_id(text: str, valid: bool) -> None:
    assert is_id(text) is valid


@given(st.integers())
def test_a_number_is_written_as_the_platform_writes_it(seed: int) -> None:
    number = new_number(random.Random(seed).randrange)
    assert is_number(number)
    assert len(number) == 15
    assert number == new_number(random.Random(seed).randrange)


def test_numbers_use_every_sign_and_differ() -> None:
    drawn = [new_number() for _ in range(3000)]
    assert len(set(drawn)) == 3000
    assert {sign for number in drawn for sign in number[11:]} == set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(
    "text", ["APT1234567AAAA", "APT12345678aaaa", "apt12345678AAAA", "APT12345678AAAA\n", "APT١2345678AAAA"]
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_number(text)
