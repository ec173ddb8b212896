"""Appointment numbers: ``APT``, 8 digits, 4 upper-case letters or digits (platform README).

Drawn at random where the appointment is booked, and final: the unique index decides, and whoever
books draws again on a clash (design, section 2, "Identity of things made offline").
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

_NUMBER = re.compile(r"APT[0-9]{8}[0-9A-Z]{4}")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def new_number(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """A new appointment number; ``randbelow`` may be ``Random.randrange`` of a seed."""
    tail = randbelow(36**4)
    signs = "".join(_SIGNS[tail // 36**place % 36] for place in range(4))
    return f"APT{randbelow(10**8):08d}{signs}"


def is_number(text: str) -> bool:
    """Whether the text is an appointment number as the platform writes it."""
    return _NUMBER.fullmatch(text) is not None
