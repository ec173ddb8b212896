"""The full verdict on a status act: the state machine, the role, and when reopening is allowed.

Source: design, section 2, "Appointment states" and "Roles". Nothing else is asked here: a reopened
appointment's slot is checked again by whoever books it back.
"""

from __future__ import annotations

from himsog_desktop.domain.appointment import Status, StatusAct, may
from himsog_desktop.domain.errors import HimsogError, NoAccess, Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.rights import Verb, require
from himsog_desktop.domain.time import Micros, Zone

_STATE = {
    Status.PENDING: "requested",
    Status.CONFIRMED: "confirmed",
    Status.COMPLETED: "completed",
    Status.CANCELLED: "cancelled",
    Status.NO_SHOW: "marked as a no-show",
}
_WANTED = {
    StatusAct.CONFIRM: "confirmed",
    StatusAct.COMPLETE: "completed",
    StatusAct.CANCEL: "cancelled",
    StatusAct.NO_SHOW: "marked as a no-show",
    StatusAct.REOPEN: "reopened",
    StatusAct.UNCONFIRM: "set back to requested",
}


def verdict(
    act: StatusAct, status: Status, *, start: Micros, now: Micros, zone: Zone, role: Role = Role.MANAGER
) -> HimsogError | None:
    """Why the act is not allowed, or None when it is; the error is made, not raised, for bulk acts.

    NoAccess (``forbidden``) when the role lacks the right; Refused (``transition_refused``) when the
    state machine says no, or a receptionist reopens on another clinic day than the appointment's.
    """
    try:
        require(role, Verb.REOPEN if act is StatusAct.REOPEN else Verb.SET_STATUS)
    except NoAccess as refusal:
        return refusal
    if not may(act, status):
        return Refused("transition_refused", _sentence(act, status))
    late = zone.date_of(start) != zone.date_of(now)
    if act is StatusAct.REOPEN and role is not Role.MANAGER and late:
        return Refused(
            "transition_refused",
            "Only a manager can reopen an appointment of another day. At the desk it can be reopened the same day.",
        )
    return None


def _sentence(act: StatusAct, status: Status) -> str:
    if act.target is status and act is not StatusAct.REOPEN:
        return f"It is already {_STATE[status]}."
    if act is StatusAct.REOPEN:
        return f"It is {_STATE[status]}, so there is nothing to reopen."
    if may(StatusAct.REOPEN, status):
        return f"It is {_STATE[status]} and can't be {_WANTED[act]}. Reopen it first."
    # What is left is a requested appointment that somebody completes or marks as a no-show.
    return f"It is only {_STATE[status]} and can't be {_WANTED[act]}. Confirm it first."
