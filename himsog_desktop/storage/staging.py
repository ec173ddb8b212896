"""An initial snapshot: staged beside what is there, then it takes its place in one short transaction.

Each table that a snapshot fills has a twin; rows, tiles and search words are written into the twins in chunks
that a booking gets in between, and the twins of the indexes are made when all rows are there, each in one go: an
index that grows with every chunk is written a dozen times over. At the end the tables and their twins exchange
their contents: each table and index of the file is a tree that ``sqlite_schema`` names by the page of its root, so that
exchanging the roots exchanges everything, and nothing is copied. Connections that are open read the schema anew.
What waits in the outbox is laid over the new content in the same transaction. What was there before is then
taken away in chunks.

Long because a snapshot is one thing from its first row to the last trace of what it replaced.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.ports import Applied
from himsog_desktop.storage import derived, scope, sql, unread
from himsog_desktop.storage.bulk import bulk
from himsog_desktop.storage.cache import SCHEMA_HEAD
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.entities import KINDS, Entity
from himsog_desktop.storage.images import Image, image_of
from himsog_desktop.storage.outbox import WAITING, base_of
from himsog_desktop.storage.received import (
    TABLE,
    count_all,
    guard,
    meta,
    present,
    recompute_all,
    set_base,
    set_meta,
    set_ver,
)
from himsog_desktop.storage.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.domain.intents import Rows
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.syncing import SqliteStore
    from himsog_desktop.storage.write import Transaction

TWIN = "new_"
FILLED = (
    *("user", "providers", "operating_hours", "break_times", "services", "service_packages", "appointments"),
    *("appointment_service", "clinics", "rooms", "clinic_providers", "staff", "provider_desk", "hours_desk"),
    *("overrides", "service_desk", "catalogue", "patients", "patient_clinic", "appointment_desk"),
    *("appointment_rooms", "visit", "blocks", "history", "synced", "card"),
)
"""Tables that a snapshot fills."""

DERIVED = ("tile", "patient_word", "patient_prefix", "patient_trigram")
"""What is made from them here."""

SECONDS = 0.03
"""What a chunk should hold the write lock for."""

MOST = 4_000
FEW = 500
SETTLE = 20_000
"""After so many rows the log is emptied."""
FREE = 0.002
"""For so long the lock lies free between two chunks: others look for it every 2 ms."""


class State(msgspec.Struct):
    """How far a snapshot came: kept in ``meta.staged`` with the rows of the place."""

    epoch: str
    schema: str
    place: str | None = None
    unread: tuple[unread.Key, ...] = ()


def staged_place(raw: Raw, epoch: str) -> str | None:
    """Where a broken-off snapshot of that life of the server goes on; None: from the start."""
    state = _state(raw)
    return None if state is None or state.epoch != epoch else state.place


def _state(raw: Raw) -> State | None:
    text = meta(raw, "staged")
    if text is None:
        return None
    state = msgspec.json.decode(text, type=State)
    return state if state.schema == SCHEMA_HEAD else None


class _Tree(NamedTuple):
    """A table or an index of the file and the page of its root."""

    name: str
    root: int


class Staging:
    """One snapshot, from its first row (or where it broke off) to the exchange."""

    def __init__(self, store: SqliteStore, epoch: str) -> None:
        self._store = store
        self._raw = store.cache.writer
        self._epoch = epoch
        self._size = MOST // 4
        self._freed = 0.0
        self._written = 0
        self._settle: Callable[[], None] = lambda: None
        self._history = 0
        self._scope: scope.Scope = None
        self._unread: tuple[unread.Key, ...] = ()

    def take(
        self, parts: Iterator[Rows], progress: Callable[[int, int], None], *, fresh: bool, accept_deletions: bool
    ) -> Applied:
        """Stage the parts and, when all came, put them in the place of what was there."""
        with bulk(self._store.cache) as settle, _loosely(self._raw):
            self._settle = settle
            self._begin(fresh=fresh)
            cursor, total = None, 0
            for part in parts:
                self._stage(part)
                total = part.total
                progress(min(part.done, total), total)
                cursor = part.cursor
                if cursor is not None:
                    break
            if cursor is None:
                raise Surroundings("offline", "The line broke before the end of the snapshot.")
            derived.fill(self._raw, TWIN, self._chunk)
            self._scope = scope.scope_of(cursor)
            self._keep_history()
            for statement in _indexes(self._raw):
                settle()
                with self._chunk(0):
                    self._raw.execute(statement)
            # The server lets no two have one time; should it have, they are shown as what they are.
            clashes = self._raw.execute(_CLASHES).fetchall()
            going = self._going()
            if not accept_deletions:
                guard(self._raw, going)
            settle()
            with _firmly(self._raw):
                changed = self._exchange(cursor, clashes, accepted=accept_deletions)
            self._sweep()
            settle()
        return Applied(changed, going, self._history)

    # --------------------------------------------------------------------------------- rows

    def _begin(self, *, fresh: bool) -> None:
        """The twins, empty, unless there are rows to go on from."""
        state = _state(self._raw)
        if not fresh and state is not None and state.epoch == self._epoch:
            self._unread = state.unread
            return
        self._sweep()
        with transaction(self._raw):
            for statement in _twins(self._raw):
                self._raw.execute(statement)
            self._raw.execute("DELETE FROM staging WHERE kind = 'kept'")
            set_meta(self._raw, staged=msgspec.json.encode(State(self._epoch, SCHEMA_HEAD)).decode())

    def _stage(self, part: Rows) -> None:
        """The rows of a part; its place with the last of them. One with the cursor comes again when it breaks off."""
        rows, skipped = unread.readable(part.table, part.rows)
        self._unread = (*self._unread, *skipped)[: unread.MOST]
        place = None
        if part.cursor is None:
            place = msgspec.json.encode(State(self._epoch, SCHEMA_HEAD, part.place, self._unread)).decode()
        text = _insert(part.table) if part.table in FILLED else None
        if part.table == "history":
            # Their order is kept, their numbers are our own.
            first = self._raw.execute(_NEXT_SEQ).fetchone()[0]
            rows = tuple((first + i, *row[1:]) for i, row in enumerate(rows))
        done = 0
        while text is not None and done < len(rows):
            some = rows[done : done + self._size]
            done += len(some)
            with self._chunk(len(some)):
                self._raw.executemany(text, some)
                if place is not None and done == len(rows):
                    set_meta(self._raw, staged=place)

    @contextmanager
    def _chunk(self, rows: int) -> Iterator[None]:
        """One short transaction; the next is as large as the machine allows."""
        self._written += max(rows, 500)
        if self._written > SETTLE:
            self._written = 0
            self._settle()
        wait = self._freed + FREE - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        began = time.monotonic()
        with transaction(self._raw):
            yield
        self._freed = time.monotonic()
        self._told(rows, self._freed - began)

    def _told(self, rows: int, seconds: float) -> None:
        if rows * 2 >= self._size:
            fitting = int(self._size * min(2.0, SECONDS / max(seconds, 1e-4)))
            self._size = max(100, min(MOST, fitting))

    def _keep_history(self) -> None:
        """What history tells of the time before the snapshot's rows stays; it is not sent again."""
        raw, seen = self._raw, "" if self._scope is None else scope.OLD_HISTORY
        self._history = raw.execute(f"SELECT count(*) FROM {TWIN}history").fetchone()[0]  # sql: identifiers only
        oldest = raw.execute(f"SELECT min(at) FROM {TWIN}history").fetchone()[0]  # sql: identifiers only
        last = raw.execute("SELECT coalesce(max(seq), 0) FROM history").fetchone()[0]
        for low in range(0, last, MOST):
            with self._chunk(MOST):
                raw.execute(
                    f"INSERT OR IGNORE INTO {TWIN}history SELECT * FROM history"  # sql: identifiers only
                    " WHERE seq > ? AND seq <= ? AND (? IS NULL OR at < ?)"
                    f" AND (uid IS NULL OR uid NOT IN (SELECT intent_id FROM outbox WHERE {WAITING})){seen}",
                    (low, low + MOST, oldest, oldest),
                )

    # --------------------------------------------------------------------------------- the exchange

    def _going(self) -> int:
        """How many aggregates the snapshot should have and has not, but for those that only wait here."""
        total = 0
        for entity, table in TABLE.items():
            seen, values = "", [entity]
            if self._scope is not None and entity in scope.PRIVATE:
                seen, values = scope.SEEN_BEFORE[entity], [entity, json.dumps(sorted(self._scope))]
            total += self._raw.execute(
                f"SELECT count(*) FROM {table} AS t WHERE NOT EXISTS"  # sql: identifiers only
                f" (SELECT 1 FROM {TWIN}{table} AS n WHERE n.id = t.id) AND NOT EXISTS"
                " (SELECT 1 FROM base AS b WHERE b.entity_type = ? AND b.entity_id = t.id AND b.image = '{}')" + seen,
                values,
            ).fetchone()[0]
        # What can't be read is there.
        return int(total) - sum(present(self._raw, entity, [key]) for entity, key in set(self._unread))

    def _exchange(self, cursor: str, clashes: Sequence[tuple[str, int, int]], *, accepted: bool) -> int:
        with self._store.write() as tx:
            raw = tx.raw
            waiting = {(row[0], row[1]) for row in raw.execute(_WAITING_KEYS)}
            kept = self._kept(tx)
            left = self._left(tx, waiting)
            pending = raw.execute(_WAITING_HISTORY).fetchall()
            cards = raw.execute(
                "SELECT c.* FROM card AS c JOIN outbox AS o ON o.intent_id = c.id WHERE o.state = 'refused'"
            ).fetchall()
            _exchange_roots(raw)
            # Those of others may have been answered meanwhile; what was refused here is told by the server too.
            raw.executemany("INSERT OR IGNORE INTO card VALUES (?, ?, ?)", cards)
            first = raw.execute("SELECT coalesce(max(seq), 0) + 1 FROM history").fetchone()[0]
            again = [(first + i, *row[1:]) for i, row in enumerate(pending)]
            raw.executemany(sql.upsert_text("history"), again)
            raw.execute("DELETE FROM departed")
            self._stay(tx, left)
            # Of a shared profile the server tells the patients.
            raw.execute("DELETE FROM notice")
            self._lay_over(tx, waiting, kept, set(left))
            self._store.arrived(raw, cursor, self._epoch, accepted=accepted)
            unread.begin_anew(raw, self._unread)
            tx.note_everything()
            tx.touch("appointment")
            tx.flags.look(clashes)
            tx.flags.touch(
                row[0]
                for row in raw.execute(
                    "SELECT json_extract(body, '$.intent.key') FROM card WHERE resolved IS NULL"
                    " AND json_extract(body, '$.intent.entity') = 'appointment'"
                )
            )
            return count_all(raw)

    def _kept(self, tx: Transaction) -> dict[tuple[str, str], tuple[int, Image]]:
        """The server's images that verdicts brought since the snapshot began, with their versions."""
        found = {}
        for (body,) in tx.raw.execute("SELECT body FROM staging WHERE kind = 'kept'").fetchall():
            entity, key = json.loads(body)
            row = tx.raw.execute(
                "SELECT s.ver, b.image FROM synced AS s LEFT JOIN base AS b"
                " ON b.entity_type = s.entity_type AND b.entity_id = s.entity_id"
                " WHERE s.entity_type = ? AND s.entity_id = ?",
                (entity, key),
            ).fetchone()
            if row is None or entity not in KINDS:
                continue
            image = msgspec.json.decode(row[1], type=dict[str, object]) if row[1] else _image(tx, entity, key)
            found[entity, key] = (row[0], image)
        return found

    def _left(self, tx: Transaction, waiting: set[tuple[str, str]]) -> dict[tuple[str, str], Image]:
        """What the snapshot leaves out and what waits needs: the images.

        Left out is what whoever fetched it does not see, and what this version can't read.
        """
        wanted = waiting.intersection(self._unread)
        if self._scope is not None:
            wanted |= {one for one in waiting if one[0] in scope.PRIVATE}
            wanted |= {(Entity.PATIENT.value, key) for key in scope.named_patients(tx.raw)}
        found = {}
        for entity, key in wanted:
            there = f"SELECT 1 FROM {TWIN}{TABLE[entity]} WHERE id = ?"  # sql: identifiers only
            if tx.raw.execute(there, (key,)).fetchone() is not None:
                continue
            base = base_of(tx.raw, entity, key)
            image = base if base is not None else _image(tx, entity, key)
            if image:
                found[entity, key] = image
        return found

    def _unseen(self, tx: Transaction, entity: str, key: str, image: Image) -> bool:
        """Whether a verdict told of what the one who fetched the snapshot does not see."""
        if self._scope is None or entity not in scope.PRIVATE or image.get("provider_id") in self._scope:
            return False
        there = f"SELECT 1 FROM {TABLE[entity]} WHERE id = ?"  # sql: identifiers only
        return tx.raw.execute(there, (key,)).fetchone() is None

    def _stay(self, tx: Transaction, left: dict[tuple[str, str], Image]) -> None:
        for (entity, key), image in left.items():
            row = tx.raw.execute(
                "SELECT ver FROM synced WHERE entity_type = ? AND entity_id = ?", (entity, key)
            ).fetchone()
            set_base(tx.raw, entity, key, image)
            scope.depart(tx.raw, [(entity, key, row[0] if row else 0)])

    def _lay_over(
        self,
        tx: Transaction,
        waiting: set[tuple[str, str]],
        kept: dict[tuple[str, str], tuple[int, Image]],
        left: set[tuple[str, str]],
    ) -> None:
        """The server's new images under what waits, and what verdicts said meanwhile over what is older."""
        for entity, key in waiting - left:
            if entity in KINDS:
                set_base(tx.raw, entity, key, _image(tx, entity, key))
        for (entity, key), (ver, image) in kept.items():
            row = tx.raw.execute(
                "SELECT ver FROM synced WHERE entity_type = ? AND entity_id = ?", (entity, key)
            ).fetchone()
            if self._unseen(tx, entity, key, image):
                continue
            if ver > (row[0] if row else 0):
                set_ver(tx.raw, entity, key, ver)
                set_base(tx.raw, entity, key, image)
        # All at once: a tile says what its patient is called.
        recompute_all(tx, waiting | set(kept) | left)

    # --------------------------------------------------------------------------------- what was there

    def sweep(self) -> None:
        """Take away what a program that died has left of what a snapshot replaced."""
        if meta(self._raw, "staged") is None and self._raw.execute(_TWINS).fetchone() is not None:
            self._sweep()

    def _sweep(self) -> None:
        """Take the twins away, in chunks where they are large: what a snapshot left, or what it replaced."""
        raw = self._raw
        twins = [row[0] for row in raw.execute(_TWINS)]
        if meta(raw, "staged") is None and scope.scope_of(meta(raw, "cursor")) is not None:
            scope.forget_outside(raw, self._chunk)
        for name in twins:
            if name not in _INDEXES:
                keys = ", ".join(f'"{column}"' for column in _key(name))
                some = f"DELETE FROM {name} WHERE ({keys}) IN (SELECT {keys} FROM {name} LIMIT ?)"
                gone = FEW
                while gone >= FEW:
                    with self._chunk(0):
                        gone = raw.execute(some, (FEW,)).rowcount  # sql: identifiers only
        # At once, because every connection reads the schema anew after each transaction that changes it.
        with self._chunk(0):
            for name in twins:
                raw.execute(f"DROP TABLE {name}")  # sql: identifiers only


_INDEXES = (TWIN + "patient_prefix", TWIN + "patient_trigram")
_WAITING_KEYS = f"""
SELECT entity_type, entity_id FROM outbox WHERE {WAITING} UNION SELECT entity_type, entity_id FROM base"""
_WAITING_HISTORY = f"""
SELECT h.* FROM outbox AS o JOIN history AS h ON h.uid = o.intent_id WHERE o.{WAITING} ORDER BY h.seq"""
_NEXT_SEQ = f"""
SELECT max(coalesce((SELECT max(seq) FROM {TWIN}history), 0), coalesce((SELECT max(seq) FROM history), 0)) + 1"""
_CLASHES = f"""
SELECT provider_id, start_time, end_time FROM (
    SELECT a.provider_id, a.start_time, a.end_time, max(a.end_time) OVER (
               PARTITION BY a.provider_id, coalesce(d.lane, 0) ORDER BY a.start_time, a.end_time
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
      FROM {TWIN}appointments AS a LEFT JOIN {TWIN}appointment_desk AS d ON d.appointment_id = a.id
     WHERE a.status IN ('PENDING', 'CONFIRMED'))
 WHERE start_time < until LIMIT 1000"""
_TWINS = f"""
SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, {len(TWIN)}) = '{TWIN}'
   AND (substr(name, {len(TWIN) + 1}) IN (SELECT value FROM json_each('{json.dumps(FILLED + DERIVED)}')))"""


def _insert(table: str) -> str:
    places = ", ".join("?" * len(SHAPES[table][0].split()))
    return f"INSERT OR REPLACE INTO {TWIN}{table} VALUES ({places})"


def _key(twin: str) -> Sequence[str]:
    columns, places = SHAPES[twin.removeprefix(TWIN)]
    return [columns.split()[place] for place in places]


def _image(tx: Transaction, entity: str, key: str) -> Image:
    found: list[Record] = list(KINDS[entity].load(tx.raw, [key], tx.clinic_id))
    return image_of(found[0] if found else None)


def _twins(raw: Raw) -> list[str]:
    """The statements that make the twins, as the tables themselves were made."""
    made = []
    for table in FILLED + DERIVED:
        text = raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()[0]
        head, _, rest = text.partition("(")
        made.append(f"{head.replace(table, TWIN + table, 1)}({rest}")
    # Those that say what is there twice have to be there from the start.
    return made + _indexes(raw, unique=True)


def _indexes(raw: Raw, *, unique: bool = False) -> list[str]:
    """The statements that make the twins of the indexes that are not there yet."""
    made = []
    for name, table, text in raw.execute(
        "SELECT name, tbl_name, sql FROM sqlite_schema AS i WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN (SELECT value FROM json_each(?)) AND NOT EXISTS"
        " (SELECT 1 FROM sqlite_schema AS n WHERE n.type = 'index' AND n.name = ? || i.name)",
        (json.dumps(FILLED + DERIVED), TWIN),
    ):
        head, _, rest = text.partition(" ON ")
        if not unique or "UNIQUE" in head:
            on, _, rest = rest.partition("(")
            made.append(f"{head.replace(name, TWIN + name)} ON {on.replace(table, TWIN + table)}({rest}")
    return made


def _exchange_roots(raw: Raw) -> None:
    """Every tree of a table takes the place of its twin's, and the other way round; a new schema for all to read."""
    trees = {row[0]: row[1] for row in raw.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0")}
    roots = []
    for name, root in trees.items():
        own = _own(name)
        if own is None:
            continue
        roots += [(trees[own], name), (root, own)]
    version = raw.execute("PRAGMA schema_version").fetchone()[0]
    raw.execute("PRAGMA writable_schema = ON")
    try:
        raw.executemany("UPDATE sqlite_schema SET rootpage = ? WHERE name = ?", roots)
        raw.execute(f"PRAGMA schema_version = {version + 1}")  # sql: identifiers only
    finally:
        raw.execute("PRAGMA writable_schema = RESET")


def _own(twin: str) -> str | None:
    """What a tree is the twin of."""
    auto = "sqlite_autoindex_"
    if twin.startswith(auto + TWIN):
        return auto + twin.removeprefix(auto + TWIN)
    return twin.removeprefix(TWIN) if twin.startswith(TWIN) else None


@contextmanager
def _loosely(raw: Raw) -> Iterator[None]:
    """Without a disk sync at each chunk: after a power cut a snapshot goes on where it was, or begins anew.

    The log is written in order, so that what a later, synced commit stands on is there.
    """
    raw.execute("PRAGMA synchronous = NORMAL").fetchall()
    try:
        yield
    finally:
        raw.execute("PRAGMA synchronous = FULL").fetchall()


@contextmanager
def _firmly(raw: Raw) -> Iterator[None]:
    """With one again."""
    raw.execute("PRAGMA synchronous = FULL").fetchall()
    try:
        yield
    finally:
        raw.execute("PRAGMA synchronous = NORMAL").fetchall()
