"""What the page of the connection needs of a profile; ``bootstrap`` makes it. Slow ones run off the screen's thread."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Wish(NamedTuple):
    """What was typed. ``clinic`` is an id, "" for the only one."""

    url: str
    clinic: str = ""
    login: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Wish(<redacted>)"


class Finding(NamedTuple):
    """One thing that was looked at on the way to the server: ``ok``, ``warning`` or ``error``, and what to do.

    ``clinics``, by id and name, are those that the login works for, where that was found.
    """

    what: str
    level: str
    text: str
    todo: str = ""
    clinics: tuple[tuple[str, str], ...] = ()


class Standing(NamedTuple):
    """What is known without asking anybody: the address, and who is signed in, the widest first."""

    url: str = ""
    clinic: str = ""
    signed_in: tuple[str, ...] = ()


class Line(Protocol):
    """The way to the server of one profile."""

    def standing(self) -> Standing:
        """What is known here; quick."""
        ...

    def test(self, wish: Wish) -> list[Finding]:
        """Go the way to the server step by step and tell what is found; changes nothing. Slow."""
        ...

    def connect(self, wish: Wish) -> None:
        """Keep the address and sign in. Slow. Raises what is wrong, in plain words."""
        ...

    def sign_in(self, login: str, password: str) -> None:
        """Sign in again. Slow. Raises NoAccess, Surroundings."""
        ...

    def sign_out(self, login: str) -> None:
        """Forget a session; what that person did waits."""
        ...

    def accept_deletions(self) -> None:
        """Take over, once, that much was deleted at the server."""
        ...

    def sync_now(self) -> None:
        """Ask whoever syncs to do it now; returns at once."""
        ...
