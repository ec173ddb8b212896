"""Ids made here: UUIDs of version 7, as text, that sort by the time they were made.

RFC 9562, section 5.7, with method 3 of section 6.2: 48 bits of milliseconds, 12 bits of the fraction
below, 62 random bits.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def new_id(nanoseconds: int | None = None, randbits: Callable[[int], int] = secrets.randbits) -> str:
    """A new id, 36 characters.

    ``nanoseconds`` since the epoch (the clock's by default) and ``randbits`` (``Random.getrandbits``
    of a seed) may be given where the same data must come out twice, as in the demo clinic.
    """
    now = time.time_ns() if nanoseconds is None else nanoseconds
    millis, below = divmod(now, 1_000_000)
    fraction = (below << 12) // 1_000_000
    low = 1 << 63 | randbits(62)
    text = f"{(millis & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | fraction:016x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Whether the text is a UUID of any version as 8-4-4-4-12 hexadecimal digits."""
    return _ID.fullmatch(text) is not None
