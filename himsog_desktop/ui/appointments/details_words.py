"""What the details say of an appointment beside its plain facts. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import SHOWN, Status
from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED
from himsog_desktop.ui.appointments.words import moment_words
from himsog_desktop.ui.calendar.labels import one_line

if TYPE_CHECKING:
    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ui.calendar.labels import Clock

_SYNC = (
    (SYNC_REFUSED, "The server refused a change of this appointment: see Needs attention (4)."),
    (SYNC_CONFLICT, "Another appointment has the same time. Move one of the two, or wait for the server's word."),
    (SYNC_PENDING, "Waiting to be sent: the server has not confirmed the last change yet."),
)
_FOR = {"patient": "By the patient", "clinic": "By the clinic", "system": "By the system"}


def reason_lines(a: Appointment, clock: Clock, now: Micros) -> list[str]:
    """Why it was cancelled, for whom and when; nothing for the others."""
    if a.status is not Status.CANCELLED:
        return []
    who = _FOR.get(a.cancelled_by.value, "") if a.cancelled_by is not None else ""
    at = "" if a.cancelled_at is None else moment_words(clock, a.cancelled_at, now)
    head = ", ".join(part for part in (who, at) if part)
    return [part for part in (one_line(a.cancellation_reason or "No reason given"), head) if part]


def warning_lines(a: Appointment, flags: int = 0) -> list[str]:
    """What somebody should know: how it stands with the server, a missing outcome, deliberate overbooking."""
    found = [words for bit, words in _SYNC if flags & bit]
    if a.outcome_missing:
        found.append("Outcome missing: completed, or no-show?")
    if a.lane:
        found.append(f"Overbooked on purpose: {one_line(a.overbook_reason)}" if a.overbook_reason else "Overbooked.")
    return found


def other_facts(tile: Tile, providers: dict[str, str]) -> str:
    """Another appointment of the patient: ``Dr Cruz · Check-up · Confirmed``."""
    service = one_line(tile.services.split("; ")[0]) if tile.services else ""
    facts = [one_line(providers.get(tile.provider_id, "")), service, SHOWN[Status(tile.status)]]
    return " · ".join(fact for fact in facts if fact)
