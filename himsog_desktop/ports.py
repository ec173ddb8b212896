"""The seams that have two adapters or more, as Protocols (design, section 1).

May import: ``domain`` and the standard library only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from himsog_desktop.domain.time import Micros


class Clock(Protocol):
    """What time it is. ``HIMSOG_NOW`` fixes the wall clock; the monotonic one is always real."""

    def now(self) -> Micros:
        """The wall clock: microseconds since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for timers and back-off."""
        ...


class Created:
    """The keys of a new profile. The recovery key is shown once and kept nowhere."""

    __slots__ = ("data_key", "kinds", "recovery_key")

    def __init__(self, data_key: bytes, recovery_key: str, kinds: tuple[str, ...]) -> None:
        self.data_key = data_key
        self.recovery_key = recovery_key
        self.kinds = kinds

    def __repr__(self) -> str:
        return f"Created(data_key=<redacted>, recovery_key=<redacted>, kinds={self.kinds!r})"


class Vault(Protocol):
    """Where the data key of a profile is kept, wrapped (design, section 3).

    The data key is 32 random bytes. Kinds of slots are ``keyring``, ``passphrase``, ``recovery``.
    """

    def create(self, profile_dir: Path, profile_id: str, passphrase: str | None) -> Created:
        """Make a data key and its slots; raises NoAccess ``no_key`` and writes nothing when it can't."""
        ...

    def unlock(self, profile_dir: Path, passphrase: str | None = None) -> bytes:
        """The data key. ``passphrase`` may be the recovery key.

        Raises NoAccess (``wrong_key``, ``locked``, ``no_key``, ``schema_newer``) or BadInput
        ``not_found``.
        """
        ...

    def kinds(self, profile_dir: Path) -> tuple[str, ...]:
        """The ways in that the profile has. Raises as ``unlock`` does when there is no profile."""
        ...
