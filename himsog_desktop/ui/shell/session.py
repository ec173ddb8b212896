"""What the window needs of a profile, closed and open; ``bootstrap`` makes it, the window does not know how.

Protocols only, so that no program imports this: what is handed over stands in ``opened``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.speed import Speeds
    from himsog_desktop.domain.syncstate import SyncStatus
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend, Worker
    from himsog_desktop.ui.shell.gates import NewClinic
    from himsog_desktop.ui.shell.opened import Made, Opened
    from himsog_desktop.ui.shell.panels import PanelFactory
    from himsog_desktop.ui.shell.prefs import PrefsStore
    from himsog_desktop.ui.sync.line import Line


class Session(Protocol):
    """An open profile. ``start`` is called after the first paint: worker, follower and what they import."""

    opened: Opened
    prefs: PrefsStore
    initiator: str
    complaint: str | None
    """What was wrong with the settings, for the person."""

    def start(self) -> Backend:
        """Start the worker and the follower."""
        ...

    def panels(self) -> PanelFactory:
        """The maker of this session's panels."""
        ...

    def read_day(self, desk: Desk, day: date) -> DayPage:
        """A day with the columns that the person chose."""
        ...

    def sync_status(self) -> SyncStatus:
        """How it stands with its server, from the cache: a few microseconds, also where nobody is signed in."""
        ...

    def outdated(self) -> bool:
        """Whether the clinic has another name or zone by now than what was opened: the screen must begin anew."""
        ...

    def line(self) -> Line | None:
        """The way to the server, there or to be; None where a profile can have none (the demo)."""
        ...

    def chores(self) -> Worker:
        """The thread for what is slow and not about the cache: the network."""
        ...

    def report(self, error: BaseException) -> None:
        """Log a fault of ours."""
        ...

    def again(self) -> Session:
        """Close it and open it anew: the profile has another clinic, another server."""
        ...

    def speeds(self) -> Speeds:
        """How fast this profile's window answered up to now, as it was written down."""
        ...

    def keep_speeds(self, speeds: Speeds | None) -> None:
        """Add to what was written down; None begins anew."""
        ...

    def close(self) -> None:
        """Stop intake, cancel, join, close the files, forget the key."""
        ...


class House(Protocol):
    """A profile's folder seen from outside. What is marked slow runs on the worker, the rest is quick."""

    demo: bool

    def has_profile(self) -> bool:
        """Whether there is a profile at all."""
        ...

    def needs_words(self) -> bool:
        """Whether a passphrase or PIN opens it, rather than the keyring alone."""
        ...

    def has_keyring(self) -> bool:
        """Whether this computer has a keyring that keeps secrets."""
        ...

    def unlock(self, words: str) -> bytes:
        """The data key. Slow. Raises NoAccess."""
        ...

    def create(self, wanted: NewClinic) -> Made:
        """Make the profile of a new clinic. Slow. Raises BadInput, NoAccess."""
        ...

    def create_demo(self, progress: Callable[[int, int], None]) -> bytes:
        """Make the demo clinic in a throw-away folder. Slow."""
        ...

    def open(self, key: bytes) -> Session:
        """Open it and read today: a few milliseconds. Raises NoAccess, Surroundings."""
        ...

    def worker(self) -> Worker:
        """The thread for what is slow before there is a session."""
        ...

    def report(self, error: BaseException) -> None:
        """Log a fault of ours."""
        ...

    def close(self) -> None:
        """End: join the worker, give up the lock, remove what was thrown away."""
        ...
