"""How far long work is, and the wish to stop it: shared between the thread that works and those that look."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

EVERY: Final = 0.1
"""Seconds between two reports to a listener; the last one always comes."""


class Cancelled(Exception):
    """The work ended because somebody asked it to. Not a fault; carries nothing."""


class CancelToken:
    """The wish that work ends. Asking costs one attribute, so work may look in every turn of a loop.

    A plain attribute will do: assignments are atomic, and a look that comes a turn late harms nothing.
    """

    __slots__ = ("_asked",)

    def __init__(self) -> None:
        self._asked = False

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked."""
        return self._asked

    def cancel(self) -> None:
        """Ask, from any thread; also twice."""
        self._asked = True

    def check(self) -> None:
        """Raises Cancelled when somebody asked."""
        if self._asked:
            raise Cancelled

    def __call__(self) -> bool:
        """The same as ``cancelled``, for services that take a function."""
        return self._asked


class Step(NamedTuple):
    """How far it is; ``total`` is None while nobody knows."""

    done: int
    total: int | None
    part: str = ""

    @property
    def share(self) -> float | None:
        """From 0 to 1, or None while nobody knows."""
        if not self.total:
            return None
        return min(1.0, max(0.0, self.done / self.total))


class Progress:
    """Told by the thread that works, read by any; a listener hears of it at most every tenth of a second.

    ``listener`` is called on the thread that works: it posts to its own. ``part`` is a word for the
    present part of the work ("Reading"), never a patient's data.
    """

    __slots__ = ("_listener", "_now", "_quiet_until", "step", "token")

    def __init__(
        self,
        listener: Callable[[Step], None] | None = None,
        token: CancelToken | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._now = now
        self._quiet_until = float("-inf")
        self.step = Step(0, None)
        self.token = token or CancelToken()

    def __call__(self, done: int, total: int | None = None, part: str = "") -> None:
        """Tell how far it is. Raises Cancelled when the work should end, so that telling is enough."""
        self.tell(done, total, part)
        self.token.check()

    def tell(self, done: int, total: int | None = None, part: str = "") -> None:
        """Tell how far it is, and go on whatever was asked."""
        before, self.step = self.step, Step(done, total, part)
        if self._listener is None:
            return
        now = self._now()
        if now < self._quiet_until and part == before.part and done != total:
            return
        self._quiet_until = now + EVERY
        self._listener(self.step)
