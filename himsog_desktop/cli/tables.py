"""Text for people: aligned columns, local times, and nothing from the data that a terminal would obey."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = "  "
WIDEST_CELL = 60
_TURNING = {"\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
"""Characters that change the direction of what follows them on the line."""


def plain(text: str | None) -> str:
    """A text on one line, literally: no control characters, so no terminal sequences, and no turned lines."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text if c not in _TURNING)
    return " ".join(kept.split())


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in text
    )


def shortened(text: str, most: int = WIDEST_CELL) -> str:
    """The text, cut with an ellipsis when it is longer."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[str | None]], right: Sequence[int] = ()) -> str:
    """Aligned columns under a head. ``right`` are the columns of figures. Empty columns are left out."""
    cells = [[plain(cell) for cell in row] for row in rows]
    used = [i for i in range(len(head)) if not cells or any(row[i] for row in cells)]
    lines = [[head[i] for i in used], *([row[i] for i in used] for row in cells)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(used))]
    figures = {place for place, column in enumerate(used) if column in right}

    def padded(line: list[str]) -> str:
        parts = []
        for i, cell in enumerate(line):
            space = " " * (widths[i] - width(cell))
            parts.append(space + cell if i in figures else cell + space)
        return GAP.join(parts).rstrip()

    return "\n".join(map(padded, lines))


def fields(pairs: Iterable[tuple[str, str | None]]) -> str:
    """Names and values, one a line, values aligned; empty ones are left out."""
    shown = [(name, plain(value)) for name, value in pairs if value]
    longest = max((len(name) for name, _ in shown), default=0)
    return "\n".join(f"{name.ljust(longest)}{GAP}{value}" for name, value in shown)


def day(iso: str) -> str:
    """``Fri 20 Nov 2026`` of an instant or a date, in the zone it is written in."""
    found = datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)
    return f"{_DAYS[found.weekday()]} {found.day:2d} {_MONTHS[found.month - 1]} {found.year}"


def clock(iso: str) -> str:
    """``09:30`` of an instant."""
    return iso[11:16]


def when(iso: str | None) -> str:
    """``Fri 20 Nov 2026 09:30`` of an instant."""
    return f"{day(iso)} {clock(iso)}" if iso else ""


def span(start: str, end: str) -> str:
    """``09:30–10:00``; the end's day too when it is another one."""
    return f"{clock(start)}–{clock(end) if start[:10] == end[:10] else when(end)}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# Not strftime: its names follow the machine's language, and ours the product's.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
