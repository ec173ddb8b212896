"""Notices that a server which was gone answers again: then the pause is over, however long it was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from himsog_desktop.runtime.follower import Follower
from himsog_desktop.sync.remotes.pulse import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.sync.address import Address

EVERY_S: Final = 5.0


class Pulse:
    """Looks every five seconds, on a thread of its own, while somebody wants to know.

    Only the change counts. A server that answers and yet can't be worked with (a pooler before a dead one, a wrong
    certificate) is news once, and is then left to the pauses of the engine.
    """

    def __init__(
        self, told: Callable[[], None], *, ask: Callable[[Address], bool] = answers, every: float = EVERY_S
    ) -> None:
        """``told`` is called on the other thread when there is news; ``came_back`` says so."""
        self._told = told
        self._ask = ask
        self._wanted: Address | None = None
        self._gone = True
        self._back = False
        self._follower = Follower(self._look, self._say, every=every, name="pulse")

    def watch(self, address: Address | None) -> None:
        """Look whether that server answers from now on; None: don't look."""
        self._wanted = address
        if address is None:
            self._back = False
        else:
            self._follower.start()

    def well(self) -> None:
        """It was spoken to. When it is lost from now on, its next answer is news."""
        self._gone = True

    def came_back(self) -> bool:
        """Whether it answers again; said once."""
        back, self._back = self._back, False
        return back

    def close(self) -> None:
        """End it. A look that is under way ends by itself."""
        self._wanted = None
        self._follower.stop(timeout=0.2)

    def _look(self) -> bool | None:
        address = self._wanted
        if address is None:
            return None
        there = self._ask(address)
        if self._wanted is not address:
            return None
        back, self._gone = there and self._gone, not there
        return back or None

    def _say(self, _: bool) -> None:
        if self._wanted is not None:
            self._back = True
            self._told()
