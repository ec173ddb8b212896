"""How old what a screen shows may be, part by part, and what is done about it: data and decisions, no clock, no I/O.

Source: mission, inventory, "Sync, cache, query configuration" (the seed's values; SYN-1, SYN-7, SYN-8). A profile
without a server is its own authority: every change reaches every screen by itself, so each part is always fresh there,
nothing is asked for again and nothing ever turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60 * SECOND_MS
RETRIES: Final = 2
FIRST_RETRY_MS, LONGEST_RETRY_MS = 1_000, 10_000


class Policy(NamedTuple):
    """One part's times in milliseconds. ``every`` is how often it is read again while it is looked at; None: never.

    ``keep`` is for how long it is kept when nobody looks at it.
    """

    stale_after: int
    keep: int
    every: int | None = None
    on_focus: bool = True


POLICIES: Final[dict[str, Policy]] = {
    "dashboard": Policy(30 * SECOND_MS, 5 * MINUTE_MS, 60 * SECOND_MS),
    "today": Policy(30 * SECOND_MS, 5 * MINUTE_MS, 60 * SECOND_MS),
    "activities": Policy(60 * SECOND_MS, 5 * MINUTE_MS),
    "appointments": Policy(30 * SECOND_MS, 5 * MINUTE_MS),
    "calendar": Policy(60 * SECOND_MS, 10 * MINUTE_MS),
    "services": Policy(5 * MINUTE_MS, 10 * MINUTE_MS),
    "analytics": Policy(2 * MINUTE_MS, 10 * MINUTE_MS),
}
"""By part. A part that isn't named goes by the calendar's."""

PREFETCH: Final[dict[str, int]] = {
    "appointments": 30 * SECOND_MS,
    "analytics": 120 * SECOND_MS,
    "services": 300 * SECOND_MS,
    "dashboard": 30 * SECOND_MS,
}
"""How long what was read ahead, because the pointer rests on the way there, counts as fresh."""

PART_OF_PAGE: Final[dict[str, str]] = {
    "today": "today",
    "week": "calendar",
    "month": "calendar",
    "agenda": "calendar",
    "appointments": "appointments",
}


class State(Enum):
    """What the sign of a part says."""

    FRESH = "fresh"
    FETCHING = "fetching"
    STALE = "stale"
    FAILED = "failed"


class Step(Enum):
    """What is to be done now."""

    NOTHING = "nothing"
    READ = "read"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part: instants in milliseconds of one clock that only goes forward.

    ``read_at`` is when it was last read well, ``tried_at`` when the last attempt ended; ``failures`` how many
    attempts failed since it was read well; ``seen`` whether somebody looks at it, ``left_at`` when she stopped.
    """

    read_at: int | None = None
    fetching: bool = False
    failures: int = 0
    tried_at: int = 0
    seen: bool = True
    left_at: int = 0


def policy_of(part: str) -> Policy:
    """The times of a part."""
    return POLICIES.get(part, POLICIES["calendar"])


def retry_delay(failures: int) -> int:
    """How long is waited after so many failed attempts in a row, in milliseconds: twice as long each time, to 10 s."""
    return min(FIRST_RETRY_MS << min(max(failures - 1, 0), 10), LONGEST_RETRY_MS)


def is_stale(policy: Policy, part: Part, now: int) -> bool:
    """Whether what is shown is older than it should be."""
    return part.read_at is None or now - part.read_at >= policy.stale_after


def state(policy: Policy, part: Part, now: int, *, local: bool) -> State:
    """What the sign says. Of a local profile always that it is fresh."""
    if local:
        return State.FRESH
    if part.failures > RETRIES:
        return State.FAILED
    if part.fetching or part.failures > 0:
        return State.FETCHING
    return State.STALE if is_stale(policy, part, now) else State.FRESH


def step(policy: Policy, part: Part, now: int, *, local: bool, focused: bool = False, asked: bool = False) -> Step:
    """What to do now. ``focused``: the window has just come to the front; ``asked``: a person pressed the sign.

    Two failed attempts are repeated by themselves, a third waits for a person, for the window to come back, or for
    the part's own turn.
    """
    if local or part.fetching:
        return Step.NOTHING
    if asked:
        return Step.READ
    if not part.seen:
        gone = part.read_at is not None and now - part.left_at >= policy.keep
        return Step.FORGET if gone else Step.NOTHING
    if 0 < part.failures <= RETRIES:
        return Step.READ if now - part.tried_at >= retry_delay(part.failures) else Step.NOTHING
    if part.read_at is None and part.failures == 0:
        return Step.READ
    if focused and policy.on_focus and (part.failures > RETRIES or is_stale(policy, part, now)):
        return Step.READ
    since = max(part.read_at or 0, part.tried_at)
    due = policy.every is not None and now - since >= policy.every
    return Step.READ if due else Step.NOTHING


def began(part: Part) -> Part:
    """An attempt began."""
    return Part(part.read_at, True, part.failures, part.tried_at, part.seen, part.left_at)


def ended(part: Part, now: int, *, well: bool) -> Part:
    """An attempt ended."""
    if well:
        return Part(now, False, 0, now, part.seen, part.left_at)
    return Part(part.read_at, False, part.failures + 1, now, part.seen, part.left_at)
