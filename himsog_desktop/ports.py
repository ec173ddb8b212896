"""The seams that have two adapters or more, as Protocols (design, section 1).

May import: ``domain`` and the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from himsog_desktop.domain.intents import Batch, Intent, Rows, Verdict, Welcome
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


class Remote(Protocol):
    """The shared database, by whatever transport; blocking, one call at a time, from one thread.

    Raises Surroundings ``offline`` (not reached, or the line broke: what became of the call is unknown),
    ``retry`` (the server asks to come again), ``held_upgrade`` (schema or protocol do not fit),
    ``snapshot_needed`` (the cursor or place is of no use), ``reused`` (the id of the first intent stands for
    another payload), NoAccess ``signed_out``, ``revoked`` or ``forbidden``. Anything else that a push raises
    is held against its first intent.
    """

    def hello(self) -> Welcome:
        """Who we are to the server, and what it speaks."""
        ...

    def push(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """Verdicts in order, each given in a transaction of its own; may be fewer than asked for, never none."""
        ...

    def pull(self, clinic: str, cursor: str) -> Iterator[Batch]:
        """What changed for a clinic since the cursor, all of one moment."""
        ...

    def snapshot(self, clinic: str, place: str | None) -> Iterator[Rows]:
        """Everything of a clinic, from that place on. A cursor that it ends with was taken before its first row."""
        ...

    def abandon(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """Give up on intents: from now on they are refused for good, unless they already have another verdict."""
        ...

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these intents that the server's ledger has, and not as refused."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait for a hint that something changed; False when there was none. A hint is never more than that."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class Store(Protocol):
    """The local side of sync: the outbox, what the server said, the projection. Each call is one transaction.

    One that could not be written raises Surroundings ``disk``, ``disk_full`` or ``busy``, and nothing of it is kept.
    """

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """Intents without a verdict, in the order of their acts; also those that are doomed."""
        ...

    def sending(self, ids: Sequence[str]) -> None:
        """These are about to go out: from now on they may be known to the server and cannot be withdrawn.

        Raises Surroundings ``retry`` when a person has withdrawn one of them meanwhile; then none may go.
        """
        ...

    def settle(self, verdict: Verdict, repair: Callable[[Verdict, Sequence[Intent]], Repair]) -> None:
        """Take a verdict: the image becomes the server's, the intent leaves the outbox or needs attention.

        An image of a version below the one that is here changes nothing. For a refused one ``repair`` gets the
        verdict and all that waits, in order, the refused one first and what is before it left out.
        """
        ...

    def cursor(self) -> str | None:
        """Where the next pull begins; None: a snapshot is needed."""
        ...

    def epoch(self) -> str | None:
        """The server's life that the cursor belongs to."""
        ...

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """Stage a pull and apply it in one transaction with its cursor; nothing of one that breaks off.

        What is staged of a snapshot is void after it: it would be older than what is here. A pull of another life
        of the server than the one that is known here changes nothing, nor does one that comes late, when there is no
        cursor any more (``again``): what it does not tell would be missed for ever after its cursor.
        Raises Surroundings ``deletions`` and applies nothing when too many would go (``merge.too_many_gone``).
        """
        ...

    def stage(
        self,
        parts: Iterator[Rows],
        epoch: str,
        progress: Callable[[int, int], None],
        *,
        fresh: bool,
        accept_deletions: bool = False,
    ) -> Applied:
        """Stage a snapshot, kept when it breaks off; at its end it takes the place of what was there.

        ``fresh``: it begins anew. Aggregates that a verdict came for since it began keep what the verdict said,
        unless the snapshot has a later version (of what is no more, too: it tells those versions).
        Raises ``deletions`` as ``apply`` does; what is staged stays.
        """
        ...

    def staged(self, epoch: str) -> str | None:
        """Where a broken-off snapshot of that life of the server goes on; None: from the start."""
        ...

    def settled(self, since: Micros) -> Sequence[Intent]:
        """Intents that were accepted since then (kept 30 days), to offer them again to a restored server."""
        ...

    def again(self, ids: Sequence[str], epoch: str) -> None:
        """The server has a life that is new here: put settled intents that it has lost back into the outbox, in place.

        In the same transaction forget the cursor, what is staged and the versions (all become 0), and keep ``epoch``.
        Also the first thing that is done with a server, then without ids.
        """
        ...


class Applied(NamedTuple):
    """What a pull or a snapshot brought."""

    changed: int
    deleted: int
    history: int = 0


class Waiting(NamedTuple):
    """An intent in the outbox.

    ``sent``: it went out before, and its answer was never heard. ``doomed``: what it stood on was refused; it
    is out of the projection and is given up at the server, whose verdict makes it a refused one.
    """

    seq: int
    intent: Intent
    sent: bool
    doomed: bool = False


class Repair(NamedTuple):
    """What becomes of those behind a refused intent: ``changed`` ones replace those of their id; ids of doomed ones."""

    changed: tuple[Intent, ...] = ()
    doomed: tuple[str, ...] = ()
