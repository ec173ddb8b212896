"""One window per profile, and a word from one process to the window: "raise" or "changed".

The lock is the operating system's, so it goes with its owner. The word travels through a FIFO in the
profile's folder (0600 in a folder of 0700: only the same user can open it, reliability S40); where
there are no FIFOs, an empty file of that name in ``nudges/`` does. It needs no Qt and carries no
data: anything but the two words is dropped, and a lost word costs at most a tenth of a second, for
the window looks by itself (``runtime.follower``).
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
import time
from pathlib import Path
from typing import Final, Protocol

from himsog_desktop.system.locks import FileLock

RAISE: Final = "raise"
CHANGED: Final = "changed"
SYNC: Final = "sync"
"""For whoever syncs, not for the window (``system.agentear``)."""
WORDS: Final = (RAISE, CHANGED, SYNC)

LOCK: Final = "window.lock"
FIFO: Final = "nudge.fifo"
FOLDER: Final = "nudges"

_MOST_BYTES = 4096
_LONGEST = 16
_POLL = 0.1


class Nudges(Protocol):
    """The window's ear. ``receive`` is for a thread of its own, ``close`` for any."""

    def receive(self) -> tuple[str, ...]:
        """Wait for words, each at most once; empty when it was closed."""
        ...

    def close(self) -> None:
        """Stop listening and wake ``receive``; also twice."""
        ...


class OneWindow:
    """The right to be the window of a profile."""

    __slots__ = ("_lock", "profile_dir")

    def __init__(self, profile_dir: Path) -> None:
        self.profile_dir = profile_dir
        self._lock = FileLock(profile_dir / LOCK)

    def claim(self) -> bool:
        """Become the window; False when there is one, which is asked to come to the front.

        Raises OSError when the folder cannot be written.
        """
        if self._lock.try_acquire():
            return True
        nudge(self.profile_dir, RAISE)
        return False

    def listen(self) -> Nudges:
        """Open the ear; only the one that ``claim`` said True to may. Raises OSError."""
        if not self._lock.held:
            raise RuntimeError("only the window of a profile listens")
        if hasattr(os, "mkfifo"):
            with contextlib.suppress(OSError):  # a file system without FIFOs
                return FifoNudges(self.profile_dir / FIFO)
        return FileNudges(self.profile_dir / FOLDER)

    def release(self) -> None:
        """Let another one become the window; close the ear first."""
        self._lock.release()


def nudge(profile_dir: Path, word: str) -> bool:
    """Say a word to the window of a profile; False when none listens. Never waits, never raises OSError."""
    return send(profile_dir / FIFO, profile_dir / FOLDER, word)


def send(fifo: Path, folder: Path, word: str) -> bool:
    """Say a word to whoever listens at that FIFO or folder. Raises ValueError for a word that is none."""
    if word not in WORDS:
        raise ValueError("the words are: " + ", ".join(WORDS))
    return _by_fifo(fifo, word) or _by_file(folder, word)


class FifoNudges:
    """Listening on a FIFO. Made anew each time: what a dead window left is taken away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # Reading and writing: without a writer of its own it would see the end after every sender.
        fifo = _Handle(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
        wake, waker = os.pipe()
        self._handles: tuple[_Handle, _Handle, _Handle] | None = (fifo, _Handle(wake), _Handle(waker))
        self._begun = b""

    def receive(self) -> tuple[str, ...]:
        """See ``Nudges``."""
        handles = self._handles  # these stay open until this returns, whoever closes meanwhile
        while handles is not None:
            fifo, wake, _ = handles
            poller = select.poll()
            poller.register(fifo.number, select.POLLIN)
            poller.register(wake.number, select.POLLIN)
            poller.poll()
            if self._handles is None:
                break
            found = self._read(fifo.number)
            if found:
                return found
        return ()

    def _read(self, fifo: int) -> tuple[str, ...]:
        try:
            *said, begun = (self._begun + os.read(fifo, _MOST_BYTES)).split(b"\n")
        except BlockingIOError:
            return ()
        self._begun = begun[:_LONGEST]  # a word may lie across two reads; noise without an end is cut
        return tuple(word for word in WORDS if word.encode() in said)

    def close(self) -> None:
        """See ``Nudges``."""
        handles, self._handles = self._handles, None
        if handles is not None:
            self.path.unlink(missing_ok=True)
            os.write(handles[2].number, b"x")


class _Handle:
    """An open file that is closed when nobody holds it any more: no lock between reader and closer."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class FileNudges:
    """Listening by looking into a folder ten times a second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self._take()
        self._closed = False

    def receive(self) -> tuple[str, ...]:
        """See ``Nudges``."""
        while not self._closed:
            found = self._take()
            if found:
                return found
            time.sleep(_POLL)  # house: no-sleep, because there is nothing to wait on where there are no FIFOs
        return ()

    def close(self) -> None:
        """See ``Nudges``."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._take()
            self.folder.rmdir()

    def _take(self) -> tuple[str, ...]:
        found = []
        for word in WORDS:
            with contextlib.suppress(OSError):
                (self.folder / word).unlink()
                found.append(word)
        return tuple(found)


def _by_fifo(path: Path, word: str) -> bool:
    if not hasattr(os, "mkfifo"):
        return False
    try:
        # Without a reader this fails at once, and a full FIFO refuses: nothing waits.
        handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        found = os.fstat(handle)
        if not stat.S_ISFIFO(found.st_mode) or found.st_uid != os.geteuid():
            return False
        os.write(handle, word.encode() + b"\n")
    except BlockingIOError:
        return True  # so many words wait that it will wake anyway
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _by_file(folder: Path, word: str) -> bool:
    try:
        os.close(os.open(folder / word, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:  # no folder: nobody listens
        return False
    return True
