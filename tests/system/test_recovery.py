"""The recovery key as a person writes it down and types it again."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from himsog_desktop.system import recovery

secrets = st.binary(min_size=20, max_size=20)


@given(secrets)
def test_what_is_shown_reads_back(secret: bytes) -> None:
    shown = recovery.encode(secret)
    assert recovery.decode(shown) == secret
    assert [len(group) for group in shown.split("-")] == [4] * 9


@given(secrets, st.sampled_from(["", " ", "-", "  ", " - ", "\u2013", "\u2011"]), st.booleans(), st.booleans())
def test_spelling_does_not_matter(secret: bytes, between: str, lower: bool, lookalikes: bool) -> None:
    shown = recovery.encode(secret).replace("-", between)
    if lookalikes:
        shown = shown.replace("0", "O").replace("1", "l")
    assert recovery.decode(f" {shown.lower() if lower else shown}\n") == secret


@given(secrets, st.integers(0, 35), st.sampled_from(recovery.ALPHABET))
def test_one_wrong_letter_is_said(secret: bytes, place: int, letter: str) -> None:
    letters = recovery.encode(secret).replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assume(wrong != letters)
    # 20 bits of check: hypothesis would need a million keys to meet a miss.
    with pytest.raises(recovery.Mistyped):
        recovery.decode(wrong)


@given(secrets, st.integers(0, 34))
def test_two_swapped_letters_are_said(secret: bytes, place: int) -> None:
    letters = recovery.encode(secret).replace("-", "")
    swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    assume(swapped != letters)
    with pytest.raises(recovery.Mistyped):
        recovery.decode(swapped)


def test_a_letter_outside_the_alphabet_names_its_group() -> None:
    groups = recovery.encode(bytes(range(20))).split("-")
    groups[3] = "U" + groups[3][1:]
    with pytest.raises(recovery.Mistyped, match="group 4"):
        recovery.decode("-".join(groups))


@given(st.text(max_size=80))
def test_other_text_is_no_recovery_key_or_mistyped(text: str) -> None:
    try:
        assert recovery.decode(text) is None or recovery.looks_like_one(text)
    except recovery.Mistyped:
        assert recovery.looks_like_one(text)


@pytest.mark.parametrize(
    "text", ["", "1234", "correct horse battery staple", "X" * 35, "X" * 37, "é" * 36, "0" * 10_000]
)
def test_passphrases_are_not_mistaken_for_one(text: str) -> None:
    assert recovery.decode(text) is None
    assert not recovery.looks_like_one(text)


def test_it_has_at_least_160_random_bits() -> None:
    assert recovery.BITS >= 160
    assert len({recovery.new_secret() for _ in range(50)}) == 50
