"""One table of what rows of a bulk act do to each other (``verdict_cases`` has the clinic, and the law for one).

A server that takes such an act in one intent must come to the same. ``steps`` name the appointments of
``given`` by their places; an outcome is where and how a row stands afterwards, or the rules that refuse it.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from dataclasses import dataclass, field

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.clinic import Policy
from tests.contracts.verdict_cases import There


@dataclass(frozen=True)
class Do:
    """One step over places in ``given``."""

    places: tuple[int, ...]
    act: StatusAct | None = None
    provider: str | None = None
    shift: int = 0
    days: int = 0


@dataclass(frozen=True)
class No:
    """A row that is refused, with exactly these rules (a code where there are none)."""

    rules: tuple[str, ...]


@dataclass(frozen=True)
class BulkCase:
    """A clinic, the steps, and the outcome of every row in turn: ``"10:00 p CONFIRMED"`` or ``No``."""

    name: str
    given: tuple[There, ...]
    steps: tuple[Do, ...]
    expect: tuple[str | No, ...]
    policy: Policy = field(default_factory=Policy)
    blocks: tuple[tuple[str, str], ...] = ()


def no(*rules: str) -> No:
    return No(rules)


CANCEL, CONFIRM, COMPLETE, REOPEN = StatusAct.CANCEL, StatusAct.CONFIRM, StatusAct.COMPLETE, StatusAct.REOPEN
A = There("09:00", "09:30")
B = There("10:00", "10:30", patient="y")
C = There("11:00", "11:30", patient="blocked")
REQUESTED = There("09:00", "09:30", Status.PENDING)

CASES = [
    BulkCase("two onto the same time", (A, B), (Do((0,), shift=300), Do((1,), shift=240)), ("14:00 p CONFIRMED", no("booked"))),
    BulkCase("into a time that was moved away from", (A, B), (Do((0,), shift=300), Do((1,), shift=-60)), ("14:00 p CONFIRMED", "09:00 p CONFIRMED")),
    BulkCase("into a time before it is moved away from", (A, B), (Do((1,), shift=-60), Do((0,), shift=300)), (no("booked"), "14:00 p CONFIRMED")),
    BulkCase("into a time that was cancelled", (A, B), (Do((0,), CANCEL), Do((1,), shift=-60)), ("09:00 p CANCELLED", "09:00 p CONFIRMED")),
    BulkCase("into a time that was completed", (A, B), (Do((0,), COMPLETE), Do((1,), shift=-60)), ("09:00 p COMPLETED", "09:00 p CONFIRMED")),
    BulkCase("a confirmed one takes its time as before", (REQUESTED, B), (Do((0,), CONFIRM), Do((1,), shift=-60)), ("09:00 p CONFIRMED", no("booked"))),
    BulkCase("all an hour later, last first", (A, B, C), (Do((2, 1, 0), shift=240),), ("15:00 p CONFIRMED", "14:00 p CONFIRMED", "13:00 p CONFIRMED")),
    BulkCase("all an hour later, in order, over the next", (A, B), (Do((0, 1), shift=60),), (no("booked"), "11:00 p CONFIRMED")),
    BulkCase("another day, another day's rows out of the way", (A, B), (Do((0, 1), days=1),), ("09:00 p CONFIRMED", "10:00 p CONFIRMED")),
    BulkCase("to the other provider, side by side", (A, B), (Do((0, 1), provider="q"),), ("09:00 q CONFIRMED", "10:00 q CONFIRMED")),
    BulkCase("two onto one time at the other", (A, B), (Do((0,), provider="q"), Do((1,), provider="q", shift=-60)), ("09:00 q CONFIRMED", no("booked"))),
    BulkCase("a swap by way of a free time", (A, B), (Do((0,), shift=360), Do((1,), shift=-60), Do((0,), shift=-300)), ("15:00 p CONFIRMED", "09:00 p CONFIRMED", "10:00 p CONFIRMED")),
    BulkCase("moved and confirmed in one step", (REQUESTED,), (Do((0,), CONFIRM, shift=300),), ("14:00 p CONFIRMED",)),
    BulkCase("a step is done whole or not at all", (A,), (Do((0,), CONFIRM, shift=300),), (no("transition_refused"),)),
    BulkCase("what a refused one keeps stays taken", (A, B, C), (Do((0,), shift=180), Do((1,), shift=-60), Do((2,), shift=-60)), (no("break"), no("booked"), no("booked"))),
    BulkCase("cancelled, then moved", (A,), (Do((0,), CANCEL), Do((0,), shift=300)), ("09:00 p CANCELLED", no("transition_refused"))),
    BulkCase("cancelled, then reopened", (A,), (Do((0,), CANCEL), Do((0,), REOPEN)), ("09:00 p CANCELLED", "09:00 p CONFIRMED")),
    BulkCase("reopened into a time given up before", (A, There("09:00", "09:30", Status.CANCELLED, "y")), (Do((0,), CANCEL), Do((1,), REOPEN)), ("09:00 p CANCELLED", "09:00 p CONFIRMED")),
    BulkCase("reopened into a time taken before", (There("09:00", "09:30", Status.CANCELLED, "y"), B), (Do((1,), shift=-60), Do((0,), REOPEN)), ("09:00 p CONFIRMED", no("booked"))),
    BulkCase("two reopened into one time", (There("09:00", "09:30", Status.NO_SHOW), There("09:00", "09:30", Status.CANCELLED, "y")), (Do((0, 1), REOPEN),), ("09:00 p CONFIRMED", no("booked"))),
    BulkCase("beside the buffer that a row brings along", (There("09:00", "09:30", services=("buffered",)), B), (Do((0,), shift=300), Do((1,), shift=270)), ("14:00 p CONFIRMED", no("buffer"))),
    BulkCase("the buffer leaves with its row", (There("09:00", "09:30", services=("buffered",)), B), (Do((0,), shift=300), Do((1,), shift=-30)), ("14:00 p CONFIRMED", "09:30 p CONFIRMED")),
    BulkCase("the patient of a row moved before is there", (A, There("10:00", "10:30", provider="q")), (Do((0,), shift=300), Do((1,), shift=240)), ("14:00 p CONFIRMED", no("patient_busy"))),
    BulkCase("the patient of a row moved away is free", (A, There("10:00", "10:30", provider="q")), (Do((0,), shift=300), Do((1,), shift=-60)), ("14:00 p CONFIRMED", "09:00 q CONFIRMED")),
    BulkCase("as many as a day takes", (A, B), (Do((0, 1), days=1),), ("09:00 p CONFIRMED", no("max_per_day")), Policy(max_per_day=1)),
    BulkCase("a cancelled one makes room in the day", (A, There("10:00", "10:30", patient="y", day=1)), (Do((0,), CANCEL), Do((1,), days=-1)), ("09:00 p CANCELLED", "10:00 p CONFIRMED"), Policy(max_per_day=1)),
    BulkCase("a service once a day", (There("09:00", "09:30", services=("once",)), There("10:00", "10:30", patient="y", services=("once",), day=1)), (Do((0,), days=1), Do((1,), days=-1)), (no("max_per_day"), no("max_per_day"))),
    BulkCase("a service once a day, the other out of the way", (There("09:00", "09:30", services=("once",)), There("10:00", "10:30", patient="y", services=("once",), day=1)), (Do((0,), CANCEL), Do((1,), days=-1)), ("09:00 p CANCELLED", "10:00 p CONFIRMED")),
    BulkCase("into blocked time", (A, B), (Do((0, 1), shift=240),), (no("blocked_time"), "14:00 p CONFIRMED"), blocks=(("13:00", "13:30"),)),
    BulkCase("not offered there", (There("09:00", "09:30", services=("once",)), B), (Do((0, 1), provider="q"),), (no("service_not_offered"), "10:00 q CONFIRMED")),
    BulkCase("named twice in a step", (A, B), (Do((0, 0, 1), CANCEL),), ("09:00 p CANCELLED", "10:00 p CANCELLED")),
]  # fmt: skip
"""Rows against rows, a line a case."""
