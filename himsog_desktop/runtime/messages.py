"""Messages to the person, from any layer and any thread (the idea of qutebrowser's message bridge).

Whoever has something to say says it here, knows no widget and waits for nobody. Until a window
listens, messages wait; a program without one prints what was left. Words are plain text without
patient data unless the layer that says them shows it to the person on purpose.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

MOST_WAITING: Final = 50


class Level(Enum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Action(NamedTuple):
    """What a message offers: a label, the keys that do the same, and what happens."""

    label: str
    act: Callable[[], None]
    keys: str = ""


class Message(NamedTuple):
    """One message. A newer one with the same ``replace`` takes the place of an older one."""

    level: Level
    text: str
    action: Action | None = None
    replace: str = ""


class Messages:
    """The way from anybody to whoever shows messages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._delivering = threading.RLock()
        self._waiting: list[Message] = []
        self._listener: Callable[[Message], None] | None = None

    def info(self, text: str, action: Action | None = None, replace: str = "") -> None:
        """Say that something was done."""
        self.say(Message(Level.INFO, text, action, replace))

    def warning(self, text: str, action: Action | None = None, replace: str = "") -> None:
        """Say that something is odd."""
        self.say(Message(Level.WARNING, text, action, replace))

    def error(self, text: str, action: Action | None = None, replace: str = "") -> None:
        """Say that something failed, and what to do."""
        self.say(Message(Level.ERROR, text, action, replace))

    def say(self, message: Message) -> None:
        """Show a message, on the thread of the caller: the listener posts it to its own.

        Without a listener it waits. Over fifty waiting the oldest of the least important goes.
        """
        with self._lock:
            if message.replace:
                self._waiting = [old for old in self._waiting if old.replace != message.replace]
            self._waiting.append(message)
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[_least(self._waiting)]
        self._pass_on()

    def listen(self, listener: Callable[[Message], None]) -> None:
        """Show messages from now on, those that wait first. There is one listener; a new one takes over."""
        with self._lock:
            self._listener = listener
        self._pass_on()

    def unlisten(self) -> None:
        """Keep messages from now on."""
        with self._lock:
            self._listener = None

    def left(self) -> tuple[Message, ...]:
        """Take what nobody has shown."""
        with self._lock:
            waiting, self._waiting = tuple(self._waiting), []
        return waiting

    def _pass_on(self) -> None:
        # One at a time among threads, so that they arrive in order; never under ``_lock``, for a
        # listener may say something itself.
        with self._delivering:
            while True:
                with self._lock:
                    listener = self._listener
                    if listener is None or not self._waiting:
                        return
                    message = self._waiting.pop(0)
                listener(message)


def _least(waiting: list[Message]) -> int:
    order = list(Level)
    return min(range(len(waiting)), key=lambda place: (order.index(waiting[place].level), place))
