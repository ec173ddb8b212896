"""What a patient has to be told after an act, and when (design, section 2, "Undo").

A message waits three minutes. What changes again meanwhile is told once, as it is in the end; what is as the
patient last heard it is not told at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from himsog_desktop.domain.appointment import ACTIVE, Status
from himsog_desktop.domain.time import MINUTE, Micros

HOLD_MINUTES = 3

KEEP = 10 * MINUTE
"""How long what a patient last heard is kept when there is nothing to say: as long as an act can be undone."""

HOLD = HOLD_MINUTES * MINUTE
"""How long a message waits, so that an undone act sends nothing."""


class NoticeKind(StrEnum):
    """What happened, as the patient sees it."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"


class Known(NamedTuple):
    """What a patient knows of an appointment."""

    start: Micros
    provider_id: str
    status: str


def owed(told: Known | None, now: Known | None, at: Micros) -> NoticeKind | None:
    """What the patient has to be told: ``told`` is what she last heard (None: nothing), ``now`` what is true.

    Nothing of a visit whose time has come. A move says the new state as well, so it goes before a
    confirmation.
    """
    if now is None or max(now.start, told.start if told else now.start) <= at:
        return None
    active = now.status in ACTIVE
    if told is None:
        return NoticeKind.BOOKED if active else None
    if not active:
        gone = now.status == Status.CANCELLED and told.status in ACTIVE
        return NoticeKind.CANCELLED if gone else None
    if (told.start, told.provider_id) != (now.start, now.provider_id):
        return NoticeKind.MOVED
    confirmed = now.status == Status.CONFIRMED
    if told.status == Status.CANCELLED:
        return NoticeKind.CONFIRMED if confirmed else NoticeKind.BOOKED
    return NoticeKind.CONFIRMED if confirmed and told.status == Status.PENDING else None
