"""The local verdict on a time: the same law that ``desk.push`` applies (design, section 3).

Called inside the write transaction, so that what it saw is still true when the row is written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.domain.rules import Reason, Rule
from himsog_desktop.domain.search import ALTERNATIVES
from himsog_desktop.domain.search import alternatives as free_times
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.services import diaries, texts
from himsog_desktop.storage import hot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.clinic import Provider, Service
    from himsog_desktop.domain.slots import Diary, Slot
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.laid import Laid
    from himsog_desktop.storage.connection import Raw

OVERBOOKABLE = Rule.BOOKED | Rule.BUFFER | Rule.HELD | Rule.MAX_PER_DAY | Rule.PATIENT_BUSY
"""What a reason can set aside; closed, past and blocked time it cannot."""

NONE = Rule(0)

MOST_LANES = 9


class Wanted(NamedTuple):
    """The place that somebody wants; ``buffers`` in minutes, ``ignore`` the appointment that moves.

    ``laid`` are changes of an act under way, which count as if they were stored.
    """

    provider: Provider
    start: Micros
    end: Micros
    buffers: tuple[int, int]
    services: Sequence[Service] = ()
    patient_id: str | None = None
    room_ids: Sequence[str] = ()
    ignore: str | None = None
    laid: Laid | None = None

    @property
    def minutes(self) -> int:
        """Its length."""
        return (self.end - self.start) // MINUTE


def judge(desk: Desk, raw: Raw, wanted: Wanted) -> Slot:
    """The wanted time with every rule that blocks it."""
    return _diary(desk, raw, wanted, wanted.start, wanted.end).why(wanted.start, wanted.end)


TAKEN = Rule.BOOKED | Rule.BLOCKED_TIME | Rule.HELD | Rule.RESOURCE_BUSY | Rule.PROVIDER_INACTIVE
"""What still counts when a time is taken again (reopen, undo): somebody else sits there."""

BUT_ROOMS = ~Rule.RESOURCE_BUSY
"""What does not count when only the room is another: time and provider were settled before."""

STARTED = Rule.PAST | Rule.NOTICE
"""What does not count when only the end moves: a visit that has begun may be made longer."""


def verdict(
    desk: Desk, raw: Raw, wanted: Wanted, overbook: str | None = None, *, pardon: Rule = NONE
) -> tuple[int, str | None]:
    """The lane to book in, and the reason when it is overbooked.

    ``pardon`` are rules that don't count. Raises Refused("slot_unavailable") with every rule and three
    alternatives, NoAccess when the role may not overbook.
    """
    slot = judge(desk, raw, wanted)
    blocking = slot.rules & ~pardon
    if not blocking:
        return 0, None
    if overbook is not None:
        reason = texts.note(overbook, "reason", texts.REASON_MOST)
        if reason is None:
            raise BadInput("bad_value", "Overbooking needs a reason.")
        if not allowed(desk.staff.role, Verb.OVERBOOK):
            raise NoAccess("forbidden", "This role may not overbook. Ask a receptionist or a manager.")
        most = most_lanes(desk, wanted.provider)
        if most and not blocking & ~OVERBOOKABLE:
            lane = _free_lane(raw, wanted)
            if lane <= most:
                return lane, reason
        if not blocking & ~OVERBOOKABLE:
            raise _refusal(desk, raw, wanted, slot, blocking, " The provider's policy allows no more overbooking.")
    raise _refusal(desk, raw, wanted, slot, blocking)


STOOD_THERE = Rule.BLOCKED_TIME
"""What does not count for an undo: blocked time takes what nobody has, and there somebody stood."""


def check_kept(desk: Desk, raw: Raw, wanted: Wanted, lane: int, *, pardon: Rule = NONE) -> None:
    """Raises Refused when a time that was given up can't be taken again in the lane it had.

    Only whether somebody else sits there counts: who was overbooked beside it is in another lane. ``pardon`` are
    rules that don't count either.
    """
    slot = judge(desk, raw, wanted)
    blocking = slot.rules & TAKEN & ~pardon
    if blocking & Rule.BOOKED and lane not in _lanes_taken(raw, wanted):
        blocking &= ~Rule.BOOKED
    if blocking:
        raise _refusal(desk, raw, wanted, slot, blocking)


def _refusal(desk: Desk, raw: Raw, wanted: Wanted, slot: Slot, blocking: Rule, more: str = "") -> Refused:
    reasons = tuple(reason for reason in slot.reasons if blocking & Rule[reason.rule.upper()])
    return Refused(
        "slot_unavailable",
        refusal_words(reasons) + more,
        details=reasons,
        alternatives=alternatives(desk, raw, wanted) if wanted.laid is None or wanted.laid.way_out() else (),
    )


def refusal_words(reasons: Sequence[Reason]) -> str:
    """Why a slot cannot be booked, in one sentence."""
    first = "; ".join(r.text.rstrip(".") for r in reasons[:3])
    return f"This time can't be booked: {first}."


def reasons_of(refusal: Refused) -> tuple[Reason, ...]:
    """The rules of a refusal; its own code and words when it has none."""
    return refusal.details or (Reason(refusal.code, refusal.message),)


def most_lanes(desk: Desk, provider: Provider) -> int:
    """The highest lane that this person may book: a manager any, others as the policy says."""
    return MOST_LANES if desk.staff.role is Role.MANAGER else provider.policy.overbook_lanes


def _free_lane(raw: Raw, wanted: Wanted) -> int:
    taken = _lanes_taken(raw, wanted)
    return next(lane for lane in range(len(taken) + 1) if lane not in taken)


def _lanes_taken(raw: Raw, wanted: Wanted) -> set[int]:
    """The lanes of the active appointments that overlap the wanted time."""
    found = hot.busy(raw, wanted.provider.id, wanted.start, wanted.end)
    laid = wanted.laid
    ids = [row[0] for row in found if row[0] != wanted.ignore and not (laid and laid.hides(row[0]))]
    over = laid.of_provider(wanted.provider.id, wanted.start, wanted.end) if laid else []
    return {a.lane for a in over if a.id != wanted.ignore} | {
        row[0]
        for row in raw.execute(
            # What the web made has no row of the desk's: it takes the first lane.
            "SELECT coalesce(d.lane, 0) FROM json_each(?) AS w"
            " LEFT JOIN appointment_desk AS d ON d.appointment_id = w.value",
            (json.dumps(ids),),
        )
    }


def alternatives(desk: Desk, raw: Raw, wanted: Wanted) -> tuple[Slot, ...]:
    """The next free times of the same provider and length, from the wanted time on."""
    start = max(wanted.start, desk.now())
    found: tuple[Slot, ...] = ()
    # Mostly a week is enough; a full calendar is looked at two months ahead.
    for days in (7, 60):
        diary = _diary(desk, raw, wanted, start, start + days * DAY, grid=True)
        found = free_times(start, diary.day, desk.zone, days=days)
        if len(found) == ALTERNATIVES:
            break
    return found


def _diary(desk: Desk, raw: Raw, wanted: Wanted, low: Micros, high: Micros, *, grid: bool = False) -> Diary:
    step = wanted.provider.slot_minutes if grid and wanted.minutes > wanted.provider.slot_minutes else None
    return diaries.diary(
        raw,
        wanted.provider,
        desk.clinic,
        desk.zone,
        low,
        high,
        now=desk.now(),
        duration=max(wanted.minutes, 1),
        buffers=wanted.buffers,
        step=step,
        services=wanted.services,
        patient_id=wanted.patient_id,
        room_ids=wanted.room_ids,
        ignore=wanted.ignore,
        laid=wanted.laid,
    )
