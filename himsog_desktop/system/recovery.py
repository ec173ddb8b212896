"""The recovery key as a person writes it down: 160 random bits, and a group that catches a typo.

``XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-CCCC`` in Crockford's base 32, which has no I, L, O and U;
reading takes ``i`` and ``l`` for 1, ``o`` for 0, any case, and spaces or none for hyphens. The last
group is 20 bits of SHA-256 over the rest: a wrong or swapped letter is missed once in a million.
"""

from __future__ import annotations

import os
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 160
_BYTES = BITS // 8
_LETTERS = BITS // 5
_CHECK = 4
_GROUP = 4
_DASHES = re.compile("[-\u2010-\u2015\u2212]")
"""Hyphens, and what editors and mail programs make of them."""
_READ = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


class Mistyped(ValueError):
    """It has the shape of a recovery key, and a letter is wrong. The message is for a person."""


def new_secret() -> bytes:
    """160 random bits from the operating system."""
    return os.urandom(_BYTES)


def encode(secret: bytes) -> str:
    """The key as it is shown once. Raises ValueError when the secret is not 20 bytes."""
    if len(secret) != _BYTES:
        raise ValueError("a recovery secret is 20 bytes")
    letters = _letters(int.from_bytes(secret, "big"), _LETTERS) + _check(secret)
    return "-".join(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))


def looks_like_one(text: str) -> bool:
    """Whether this was meant as a recovery key: nine groups of four, or 36 letters of its alphabet."""
    return _values(text) is not None


def decode(text: str) -> bytes | None:
    """The secret of a written recovery key; None when the text does not have the shape of one.

    Raises Mistyped when the shape fits and the check group does not.
    """
    values = _values(text)
    if values is None:
        return None
    if -1 in values:
        group = values.index(-1) // _GROUP + 1
        raise Mistyped(f"The recovery key has a letter that none contains, in group {group}. Check that group.")
    number = 0
    for value in values[:_LETTERS]:
        number = number << 5 | value
    secret = number.to_bytes(_BYTES, "big")
    if [_READ[letter] for letter in _check(secret)] != values[_LETTERS:]:
        raise Mistyped("The recovery key has a typing mistake: compare it letter by letter with what you wrote down.")
    return secret


def _values(text: str) -> list[int] | None:
    """The 36 values, -1 for a letter that is not in the alphabet; None when it is something else."""
    if len(text) > 4 * (_LETTERS + _CHECK):
        return None
    groups = _DASHES.sub(" ", text).upper().split()
    letters = "".join(groups)
    if len(letters) != _LETTERS + _CHECK or not letters.isascii() or not letters.isalnum():
        return None
    values = [_READ.get(letter, -1) for letter in letters]
    if -1 in values and any(len(group) != _GROUP for group in groups):
        return None
    return values


def _letters(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (count - 1), -1, -5))


def _check(secret: bytes) -> str:
    from hashlib import sha256

    digest = sha256(b"himsog-desktop recovery key" + secret).digest()
    return _letters(int.from_bytes(digest[:3], "big") >> 4, _CHECK)
