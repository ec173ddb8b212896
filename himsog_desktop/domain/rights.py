"""What a person may do, by role (design, section 2, "Roles").

Whether the role suffices is decided here; limits that need the appointment (a receptionist reopens the
same day only, overbooking needs a reason and a free lane) are where the act is checked.
"""

from __future__ import annotations

from enum import StrEnum

from himsog_desktop.domain.errors import NoAccess
from himsog_desktop.domain.people import Role


class Verb(StrEnum):
    """Kinds of acts that a role allows or not."""

    SEE = "see"
    BOOK = "book"
    MOVE = "move"
    SET_STATUS = "set status"
    REOPEN = "reopen"
    OVERBOOK = "overbook"
    NOTE = "note"
    EDIT_PATIENT = "edit patient"
    EDIT_AVAILABILITY = "edit availability"
    EDIT_SETUP = "edit setup"
    SEE_FIGURES = "see figures"
    IMPORT = "import"
    EXPORT = "export"
    MANAGE_STAFF = "manage staff"
    CONNECT = "connect"


_DESK = frozenset(
    {
        Verb.SEE,
        Verb.BOOK,
        Verb.MOVE,
        Verb.SET_STATUS,
        Verb.REOPEN,
        Verb.OVERBOOK,
        Verb.NOTE,
        Verb.EDIT_PATIENT,
        Verb.IMPORT,
        Verb.EXPORT,
    }
)
_ANYWHERE: dict[Role, frozenset[Verb]] = {
    Role.READ_ONLY: frozenset({Verb.SEE}),
    Role.PROVIDER: frozenset(),
    Role.RECEPTIONIST: _DESK,
    Role.MANAGER: frozenset(Verb),
    Role.IT: frozenset({Verb.CONNECT}),
}
_OWN: dict[Role, frozenset[Verb]] = {
    Role.PROVIDER: frozenset({Verb.SEE, Verb.NOTE, Verb.EDIT_AVAILABILITY}),
}
_WORDS = {
    Verb.SEE: "see patients and appointments",
    Verb.BOOK: "book appointments",
    Verb.MOVE: "move appointments",
    Verb.SET_STATUS: "change the state of appointments",
    Verb.REOPEN: "reopen appointments",
    Verb.OVERBOOK: "overbook",
    Verb.NOTE: "write notes",
    Verb.EDIT_PATIENT: "change patients",
    Verb.EDIT_AVAILABILITY: "change availability",
    Verb.EDIT_SETUP: "change the clinic's setup",
    Verb.SEE_FIGURES: "see the clinic's figures",
    Verb.IMPORT: "import",
    Verb.EXPORT: "export",
    Verb.MANAGE_STAFF: "manage staff",
    Verb.CONNECT: "change connections",
}


def allowed(role: Role, verb: Verb, *, own: bool = False) -> bool:
    """Whether the role may. ``own``: it concerns the person's own column (a provider's own days)."""
    return verb in _ANYWHERE[role] or (own and verb in _OWN.get(role, ()))


def require(role: Role, verb: Verb, *, own: bool = False) -> None:
    """Raises NoAccess (``forbidden``), in words, when the role may not."""
    if not allowed(role, verb, own=own):
        raise NoAccess("forbidden", f"Your role ({role}) doesn't allow you to {_WORDS[verb]}. Ask a manager.")
