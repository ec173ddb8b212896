"""How far a long act is, on standard error; and Ctrl+C as a polite question that the act answers."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

EVERY_S = 0.2

progress_option = click.option(
    "--progress/--no-progress", default=None, help="Say how far it is; by default on a terminal only."
)


class Progress:
    """Called with what is done and what there is in all; writes a line that overwrites itself.

    On something that is not a terminal (``--progress`` into a file) each step is a line of its own.
    """

    def __init__(self, things: str, *, wanted: bool | None) -> None:
        self._things = things
        self._terminal = sys.stderr.isatty()
        self._on = self._terminal if wanted is None else wanted
        self._last = -EVERY_S
        self._said: tuple[int, int | None] | None = None
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open:
            sys.stderr.write("\r\x1b[K" if self._terminal else "")
            sys.stderr.flush()

    def __call__(self, done: int, total: int | None = None) -> None:
        """``total`` is None while nobody knows."""
        now = time.monotonic()
        if not self._on or (now - self._last < EVERY_S and done != total) or (done, total) == self._said:
            return
        self._last, self._said = now, (done, total)
        self._open = True
        text = f"{done:,} of {total:,} {self._things}" if total else f"{done:,} {self._things}"
        sys.stderr.write(f"\r{text}\x1b[K" if self._terminal else f"{text}\n")
        sys.stderr.flush()


class Interruptible:
    """Inside, Ctrl+C (and a polite kill) only makes ``cancelled()`` true; a second one interrupts at once.

    The act looks at it between its chunks, takes back what it did, and says so.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self._before[number] = signal.signal(number, self._ask)
            except ValueError:  # not the main thread: somebody else listens there
                break
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
