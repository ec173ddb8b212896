"""The cache of one profile: readers, writes and what other processes wrote.

A ``Cache`` belongs to one thread; another thread opens its own with the same path and key.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.errors import Fault, NoAccess
from himsog_desktop.domain.time import Zone, zone
from himsog_desktop.storage import load
from himsog_desktop.storage.connection import DATABASE_NAME, DatabaseError, Raw, data_version, open_raw, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from himsog_desktop.domain.clinic import Clinic
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.write import Transaction

SCHEMA_HEAD = "0006"
"""The alembic revision that this program reads and writes."""

_NEVER = -2
"""A version that no connection has seen: ``follow`` was called, so the next look is not the first."""

LOCAL = "local"
REMOTE = "remote"
"""``meta.authority``: whether the profile gives its own verdicts."""


class Cache:
    """Reads and writes of one profile's file, from one thread."""

    def __init__(self, profile_dir: Path, key: bytes) -> None:
        self.path = profile_dir / DATABASE_NAME
        self.key = key
        self._reader: Raw | None = None
        self._writer: Raw | None = None
        self._clinic: Clinic | None = None
        self._seen = -1
        self._seq = -1
        self._meta: dict[str, str] | None = None
        self.on_written: Callable[[], object] | None = None
        """Called after each commit of a profile with a server: something may wait to be sent."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the next use opens them again."""
        for raw in (self._reader, self._writer):
            if raw is not None:
                raw.close()
        self._reader = self._writer = None

    @property
    def reader(self) -> Raw:
        """The reading connection; it cannot write."""
        if self._reader is None:
            self._reader = self._checked(open_raw(self.path, self.key))
        return self._reader

    @property
    def writer(self) -> Raw:
        """The writing connection, for this package only."""
        if self._writer is None:
            self._writer = open_raw(self.path, self.key, writer=True)
        return self._writer

    def _checked(self, raw: Raw) -> Raw:
        """The connection, or another one to the file once it has this version's schema."""
        try:
            found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        except DatabaseError:
            raw.close()
            raise
        if found is None or found[0] == SCHEMA_HEAD:
            return raw
        raw.close()
        if found[0] > SCHEMA_HEAD:
            raise NoAccess(
                "schema_newer", "This profile was written by a newer version of Himsog Desktop. Update this program."
            )
        from himsog_desktop.storage.migrate import upgrade

        upgrade(self.path, self.key)
        return open_raw(self.path, self.key)

    def meta(self, name: str, default: str = "") -> str:
        """One setting of the profile."""
        if self._meta is None:
            self._meta = dict(self.reader.execute("SELECT key, value FROM meta").fetchall())
        return self._meta.get(name, default)

    @property
    def clinic(self) -> Clinic:
        """The home clinic."""
        if self._clinic is None:
            wanted = self.meta("clinic")
            found = [c for c in load.clinics(self.reader) if c.id == wanted]
            if not found:
                raise Fault("internal", "This profile has no clinic.")
            self._clinic = found[0]
        return self._clinic

    @property
    def zone(self) -> Zone:
        """The home clinic's zone."""
        return zone(self.clinic.timezone)

    def forget(self) -> None:
        """Read clinic and settings anew at their next use."""
        self._clinic = None
        self._meta = None

    @contextmanager
    def write(
        self,
        *,
        act_id: str,
        at: Micros,
        by_id: str | None,
        device: str,
        source: str = "desk",
        initiator: str = "",
        kind: str = "",
    ) -> Iterator[Transaction]:
        """One write transaction, committed with its change set at the end.

        Raises Surroundings, with nothing saved, when the disk fails or another program holds the
        profile for over five seconds.
        """
        from himsog_desktop.storage.write import Transaction

        clinic, remote = self.clinic, self.meta("authority", LOCAL) == REMOTE
        with transaction(self.writer):
            tx = Transaction(
                self.writer,
                act_id=act_id,
                at=at,
                by_id=by_id,
                device=device,
                source=source,
                initiator=initiator,
                zone=zone(clinic.timezone),
                clinic_id=clinic.id,
                remote=remote,
            )
            tx.kind = kind
            yield tx
            tx.finish()
        if remote and self.on_written is not None:
            self.on_written()

    def stands(self) -> int:
        """The number of the change log's last entry: what ``follow`` goes on from."""
        return int(self.reader.execute("SELECT coalesce(max(seq), 0) FROM change_log").fetchone()[0])

    def follow(self, stood: int) -> None:
        """Let the next ``poll`` tell what was written since the log stood there."""
        self._seq, self._seen = stood, _NEVER

    def poll(self) -> ChangeSet | None:
        """What was written since the last call, by anybody; None when nothing was.

        The first call only remembers where the log stands, unless ``follow`` said it. One that fell behind
        the kept change sets answers ``everything``.
        """
        version = data_version(self.reader)
        if version == self._seen:
            return None
        first, self._seen = self._seen == -1, version
        last = self.stands()
        before, self._seq = self._seq, last
        if first or last == before:
            return None
        import msgspec

        rows = self.reader.execute(
            "SELECT seq, changes FROM change_log WHERE seq > ? ORDER BY seq", (before,)
        ).fetchall()
        if not rows or rows[0][0] != before + 1 or len(rows) > 200:
            return ChangeSet(everything=True)
        found = msgspec.json.decode(rows[0][1], type=ChangeSet)
        for row in rows[1:]:
            found |= msgspec.json.decode(row[1], type=ChangeSet)
        self.forget()
        return found
