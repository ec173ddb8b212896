"""How much of a file we are willing to read. Sources: contract, "Calendar files"; reliability S33 and S35."""

from __future__ import annotations

from typing import Final

# ------------------------------------------------------------------------------------------ tables

MAX_TABLE_BYTES: Final = 1 << 30
"""Of a table as read, after decompression."""

MAX_RATIO: Final = 250
"""Of what a compressed table becomes to what it was, beyond ``RATIO_FREE_BYTES``."""

RATIO_FREE_BYTES: Final = 16 << 20

MAX_TABLE_LINE: Final = 1_000_000
"""Characters of one physical line of a table."""

MAX_FIELD: Final = 100_000
"""Characters of one field; the csv module is set to it."""

MAX_COLUMNS: Final = 4_096

MAX_RECORD_LINES: Final = 400
"""Physical lines of one record: an address has a few, a quotation mark never closed has thousands."""

MAX_REPAIRS: Final = 1_000
"""Records whose quotes do not close before we say that the file is no table."""

MAX_NAME: Final = 200
MAX_SHORT_TEXT: Final = 500
MAX_NOTES: Final = 20_000
MAX_SERVICES: Final = 50
MAX_DAYS_LONG: Final = 366
"""Days that one appointment may last: an inpatient stay can last months."""

MAX_MAP_BYTES: Final = 256 * 1024

# --------------------------------------------------------------------------------------- calendars

MAX_CALENDAR_BYTES: Final = 64 << 20
MAX_CALENDAR_LINE: Final = 1_000_000
"""Bytes of one content line after unfolding."""

MAX_DEPTH: Final = 16
MAX_EVENTS: Final = 100_000
"""Entries of one calendar file; the contract has no figure, memory wants one."""

MAX_OCCURRENCES: Final = 1_000
"""Of one rule inside the window."""

MAX_WINDOW_DAYS: Final = 2 * 366
CHILD_MEMORY: Final = 256 << 20
CPU_SECONDS: Final = 2.0
CPU_SECONDS_PER_1000: Final = 1.0
MAX_SUMMARY: Final = 500
MAX_ANSWER_BYTES: Final = 64 << 20
"""Of the child's answer."""


def cpu_seconds(components: int) -> float:
    """The CPU time that a calendar of so many components may take."""
    return CPU_SECONDS + CPU_SECONDS_PER_1000 * components / 1000
