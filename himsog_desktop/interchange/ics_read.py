"""Calendar files, read in a child process that is killed at its bounds (contract, "Calendar files").

``interchange`` starts no process: whoever calls hands in ``runtime.child.run_child``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import DAY, MINUTE, Micros, Zone
from himsog_desktop.interchange.bounds import (
    CHILD_MEMORY,
    MAX_ANSWER_BYTES,
    MAX_CALENDAR_BYTES,
    MAX_WINDOW_DAYS,
    cpu_seconds,
)
from himsog_desktop.interchange.ics_model import CalendarContent, ChildAnswer

_MODULE = "himsog_desktop.interchange.ics_child"
_DAYS_BACK = 90


class Ran(Protocol):
    """What became of the child (``runtime.child.ChildResult``)."""

    @property
    def ended(self) -> str:
        """``done``, or what ended it."""
        ...

    @property
    def output(self) -> bytes:
        """What it wrote."""
        ...


class RunChild(Protocol):
    """``runtime.child.run_child``."""

    def __call__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        cpu_seconds: float,
        wall_seconds: float,
        memory_bytes: int,
        max_output: int,
        cancelled: Callable[[], bool] | None = None,
    ) -> Ran:
        """Run that module's ``main`` in a child and wait."""
        ...


_WORDS = {
    "cpu": "it needs more computing time than a calendar of its size may have",
    "time": "it takes too long",
    "output": "what is in it is too much to take in",
    "crashed": "it needs more memory than it may have, or breaks the reader",
    "cancelled": "stopped as you asked",
}


def default_window(now: Micros, zone: Zone) -> tuple[Micros, Micros]:
    """From 90 days ago, for as long as a window may be: two years."""
    first = zone.date_of(now) - timedelta(days=_DAYS_BACK)
    return zone.day_bounds(first)[0], zone.day_bounds(first + timedelta(days=MAX_WINDOW_DAYS - 1))[1]


def read_calendar(
    path: Path,
    *,
    zone: Zone,
    window: tuple[Micros, Micros],
    run_child: RunChild,
    cancelled: Callable[[], bool] | None = None,
) -> CalendarContent:
    """All occurrences of a calendar file that have a part in ``window`` (half-open), and what was wrong.

    Floating times and days are of ``zone``, the clinic's. Blocks until the child has ended. Raises
    BadInput: no such file, no calendar, a bound broken, a window of more than two years; nothing is
    taken then.
    """
    first, last = window
    if last <= first:
        raise BadInput("bad_value", "The window ends before it starts.")
    if last - first > MAX_WINDOW_DAYS * DAY + 60 * MINUTE:
        raise BadInput(
            "bad_value", "A calendar is read for at most two years at a time: give a closer --from and --to."
        )
    seconds = cpu_seconds(_count_components(path))
    ran = run_child(
        _MODULE,
        [str(path.resolve()), zone.name, str(first), str(last), f"{seconds:.2f}"],
        cpu_seconds=seconds,
        # The wall clock is for what the system does not limit, and for a machine with much else to do.
        wall_seconds=10 + 3 * seconds,
        memory_bytes=CHILD_MEMORY,
        max_output=MAX_ANSWER_BYTES,
        cancelled=cancelled,
    )
    if ran.ended != "done":
        raise BadInput("too_long", f"The calendar file was not taken: {_WORDS.get(ran.ended, 'it breaks the reader')}.")
    try:
        answer = msgspec.json.decode(ran.output, type=ChildAnswer)
    except msgspec.MsgspecError:
        raise BadInput("bad_value", "The calendar file was not taken: it breaks the reader.") from None
    if answer.unreadable is not None:
        raise BadInput(answer.unreadable.code, answer.unreadable.text)
    if answer.content is None:
        raise BadInput("bad_value", "The calendar file was not taken: it breaks the reader.")
    return answer.content


def _count_components(path: Path) -> int:
    """How many components the file seems to have: what its computing time is measured by."""
    count = total = 0
    tail = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                total += len(chunk)
                if total > MAX_CALENDAR_BYTES:
                    raise BadInput("too_long", f"The calendar file is larger than {MAX_CALENDAR_BYTES >> 20} MB.")
                count += (tail + chunk).upper().count(b"BEGIN:")
                tail = chunk[-5:]
    except OSError as error:
        raise BadInput("not_found", f"The calendar file {path.name!r} cannot be read: {error.strerror}.") from None
    return count
