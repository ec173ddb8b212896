"""What a command works with: the profile, the person, the clock. Opened when first needed.

One ``OpenProfile`` lives as long as the process: ``batch`` opens it once and every line uses it.
"""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.domain.rights import Verb, allowed

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.domain.time import Zone
    from himsog_desktop.ports import Clock
    from himsog_desktop.services.desk import Desk

INITIATOR = "himsog"


def passphrase() -> str | None:
    """The value of ``HIMSOG_PASSPHRASE``; None when it is not set or empty."""
    return os.environ.get("HIMSOG_PASSPHRASE") or None


_NOBODY = "\0"
"""The key of the desk of nobody: a name that nobody can type."""


class OpenProfile:
    """A profile that is unlocked at most once, with a desk per person."""

    def __init__(self) -> None:
        self._clock: Clock | None = None
        self._folder: Path | None = None
        self._key: bytes | None = None
        self._desks: dict[str | None, Desk] = {}

    @property
    def clock(self) -> Clock:
        """The wall clock, fixed by ``HIMSOG_NOW``. Raises BadInput when that is no instant."""
        if self._clock is None:
            from himsog_desktop.system.clock import system_clock

            self._clock = system_clock()
        return self._clock

    @property
    def zone(self) -> Zone | None:
        """The clinic's zone when a desk is open."""
        return next((desk.zone for desk in self._desks.values()), None)

    @property
    def folder(self) -> Path | None:
        """The profile's folder, once something was opened or written there."""
        return self._folder

    def desk(self, folder: Path, person: str | None) -> Desk:
        """The desk of a person. What a program that died left half done is brought to an end first.

        Raises as ``vault.unlock`` and ``profiles.open_desk`` do.
        """
        if self._folder is not None and folder != self._folder:
            raise BadInput("usage", "A batch works on one profile. Start another batch for another profile.")
        self._folder = folder
        known = self._desks.get(person)
        if known is not None:
            return known
        from himsog_desktop.services import profiles

        clock = self.clock
        desk = profiles.open_desk(folder, self.unlock(folder), clock, person=person, initiator=INITIATOR)
        self._desks[person] = desk
        if desk.unfinished and allowed(desk.staff.role, Verb.IMPORT):
            from himsog_desktop.services import undoing

            undoing.finish_broken(desk)
        return desk

    def onlooker(self, folder: Path) -> Desk:
        """The desk of whoever is signed in, or of nobody. Raises as ``vault.unlock`` does."""
        try:
            return self.desk(folder, None)
        except NoAccess as error:
            if error.code != "signed_out":
                raise
        if _NOBODY not in self._desks:
            from himsog_desktop.services import profiles

            self._desks[_NOBODY] = profiles.open_onlooker(folder, self.unlock(folder), self.clock)
        return self._desks[_NOBODY]

    def unlock(self, folder: Path) -> bytes:
        """The data key of the profile. Raises as ``vault.unlock`` does."""
        if self._key is None:
            from himsog_desktop.system import vault

            self._key = vault.unlock(folder, passphrase())
        return self._key

    def close(self) -> None:
        """Close all connections."""
        for desk in self._desks.values():
            desk.cache.close()
        self._desks.clear()


class Invocation:
    """One command as it was called: the global options, from before and after its name."""

    def __init__(self, opened: OpenProfile, parent: Invocation | None = None) -> None:
        self.opened = opened
        self.out: IO[bytes] = parent.out if parent else sys.stdout.buffer
        self.in_batch = parent is not None
        self.json = parent is not None
        self.profile: Path | None = parent.profile if parent else None
        self.person: str | None = parent.person if parent else None
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """The profile's folder: ``--profile``, else ``HIMSOG_PROFILE``, else the user's data folder."""
        if self._folder is None:
            from himsog_desktop.system.paths import profile_folder

            self._folder = profile_folder(self.profile)
        return self._folder

    @property
    def clock(self) -> Clock:
        """The wall clock."""
        return self.opened.clock

    @property
    def desk(self) -> Desk:
        """The desk of the person of ``--as`` at the profile."""
        return self.opened.desk(self.folder, self.person)

    @property
    def onlooker(self) -> Desk:
        """The same for what needs no session: a script of IT asks a profile what it is before anybody signs in."""
        return self.desk if self.person is not None else self.opened.onlooker(self.folder)

    def unlock(self) -> None:
        """Make sure that there is a key, before anything is opened. Raises as ``vault.unlock`` does."""
        self.opened.unlock(self.folder)

    def not_in_batch(self, command: str) -> None:
        """Raises BadInput inside a batch, which has one profile and one stream of answers."""
        if self.in_batch:
            raise BadInput("usage", f"{command} does not work inside a batch. Run it by itself.")
