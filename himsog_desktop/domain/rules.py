"""The rules that can block a slot, and a reason as it is shown.

Names are the contract's. ``Rule`` is a flag so that a slot carries every rule that blocks it in one
integer; the words are made when somebody asks (``domain.slots`` and ``domain.reasons``).
"""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple


class Rule(IntFlag):
    """Every rule that can block a slot; the order is the order in which reasons are listed."""

    PAST = 1
    NOTICE = 2
    CLOSED = 4
    OVERRIDE = 8
    VACATION = 16
    HOLIDAY = 32
    BREAK = 64
    BOOKED = 128
    BLOCKED_TIME = 256
    HELD = 512
    BUFFER = 1024
    MAX_PER_DAY = 2048
    PROVIDER_INACTIVE = 4096
    RESOURCE_BUSY = 8192
    PATIENT_BUSY = 16384

    @property
    def word(self) -> str:
        """The rule's name in the contract, such as ``booked``."""
        return (self.name or "").lower()


class Reason(NamedTuple):
    """One rule and its plain words."""

    rule: str
    text: str
