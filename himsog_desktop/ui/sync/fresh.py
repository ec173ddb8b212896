"""How fresh each part is, where a profile has a server: by the policy table, without ever covering a part.

Screens read the cache at once; "reading again" is a sync that is asked for. Nothing is asked for while the server
is known to be out of reach, but by a person or by the window that comes back: nothing turns for two hours.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.freshness import PREFETCH, Part, Step, began, ended, policy_of, step

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.syncstate import SyncStatus
    from himsog_desktop.domain.time import Micros

TICK_MS = 1_000
PATIENCE_MS = 10_000
"""After so long an attempt counts as failed."""


def now_ms() -> int:
    """Milliseconds of a clock that only goes forward."""
    return int(time.monotonic() * 1000)


class Freshness(QObject):
    """What is known of each part. ``ask`` has a sync begin; ``clock`` counts milliseconds."""

    changed = Signal()

    def __init__(self, ask: Callable[[], None], parent: QObject, clock: Callable[[], int] = now_ms) -> None:
        super().__init__(parent)
        self._ask = ask
        self._clock = clock
        self._parts: dict[str, Part] = {}
        self._began_at: dict[str, int] = {}
        self._seen = ""
        self._last_sync: Micros | None = None
        self._reached = True
        self._read_at: int | None = None
        """A sync brings every part at once."""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """From now on."""
        self._timer.start()

    def part(self, name: str) -> Part:
        """What is known of a part."""
        known = self._parts.get(name, Part())
        if known.read_at is None and self._read_at is not None and known.failures == 0:
            return replace(known, read_at=self._read_at)
        return known

    def now(self) -> int:
        """Its clock."""
        return self._clock()

    def look_at(self, name: str) -> None:
        """Another part comes into view."""
        now = self._clock()
        if self._seen and self._seen != name:
            self._put(self._seen, replace(self.part(self._seen), seen=False, left_at=now))
        self._seen = name
        self._put(name, replace(self.part(name), seen=True))
        self._do(name)

    def focused(self) -> None:
        """The window has come to the front."""
        if self._seen:
            self._do(self._seen, focused=True)

    def asked(self, name: str) -> None:
        """A person pressed the sign."""
        self._do(name, asked=True)

    def warm(self, name: str) -> None:
        """The pointer rests on the way to a part: it shall be fresh when she is there."""
        known, longest = self.part(name), PREFETCH.get(name)
        age = None if known.read_at is None else self._clock() - known.read_at
        if self._reached and not known.fetching and longest is not None and (age is None or age >= longest):
            self._begin(name)

    def heard(self, status: SyncStatus, now: Micros) -> None:
        """How it stands with the server by now."""
        self._reached = status.state == "online"
        at = self._clock()
        if status.last_sync is not None and status.last_sync != self._last_sync:
            self._last_sync = status.last_sync
            read_at = self._read_at = at - max(0, (now - status.last_sync) // 1000)
            for name, known in list(self._parts.items()):
                fresh = replace(ended(known, at, well=True), read_at=read_at)
                self._put(name, fresh)
        elif not self._reached:
            for name, known in list(self._parts.items()):
                if known.fetching:
                    self._put(name, ended(known, at, well=False))

    # ------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self._clock()
        for name, known in list(self._parts.items()):
            if known.fetching and now - self._began_at.get(name, now) >= PATIENCE_MS:
                self._put(name, ended(known, now, well=False))
        if self._seen and self._reached:
            self._do(self._seen)
        for name, known in list(self._parts.items()):
            if not known.seen and step(policy_of(name), known, now, local=False) is Step.FORGET:
                del self._parts[name]
        self.changed.emit()

    def _do(self, name: str, *, focused: bool = False, asked: bool = False) -> None:
        known = self.part(name)
        wanted = step(policy_of(name), known, self._clock(), local=False, focused=focused, asked=asked)
        if wanted is Step.READ and (self._reached or focused or asked):
            self._begin(name)

    def _begin(self, name: str) -> None:
        self._began_at[name] = self._clock()
        self._put(name, began(self.part(name)))
        self._ask()

    def _put(self, name: str, part: Part) -> None:
        if self._parts.get(name) != part:
            self._parts[name] = part
            self.changed.emit()
