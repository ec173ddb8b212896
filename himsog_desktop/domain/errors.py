"""What can go wrong, sorted by blame, with the words and exit codes of the contract.

``BadInput`` and ``Refused``: the person can act. ``Surroundings`` and ``NoAccess``: something around
us failed or a key is missing. Everything else is a fault of ours and becomes ``internal``.
An error never carries patient data: messages name ids, fields and times only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from himsog_desktop.domain.rules import Reason
    from himsog_desktop.domain.slots import Slot


class HimsogError(Exception):
    """An error that is shown to a person: ``code`` for programs, ``message`` in plain words."""

    exit_code: ClassVar[int] = 5

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: tuple[Reason, ...] = (),
        alternatives: tuple[Slot, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.alternatives = alternatives


class Refused(HimsogError):
    """A rule says no. Nothing was changed.

    Codes: slot_unavailable transition_refused service_not_offered patient_blocked
    changed_meanwhile undo_refused in_use.
    """

    exit_code: ClassVar[int] = 1


class BadInput(HimsogError):
    """What was asked cannot be understood. Codes: usage not_found bad_value bad_instant too_long."""

    exit_code: ClassVar[int] = 2


class Surroundings(HimsogError):
    """The server, the disk or another program is not there. Codes: offline held_upgrade."""

    exit_code: ClassVar[int] = 3


class NoAccess(HimsogError):
    """No key, no session or no right.

    Codes: locked no_key wrong_key signed_out forbidden revoked schema_newer.
    """

    exit_code: ClassVar[int] = 4


class Fault(HimsogError):
    """A fault of ours. Code: internal."""

    exit_code: ClassVar[int] = 5


def not_found(what: str, key: str) -> BadInput:
    """An unknown id, said without repeating more than 60 characters of it."""
    return BadInput("not_found", f"There is no {what} {key[:60]!r} in this profile.")
