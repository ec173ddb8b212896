"""The shared database spoken to directly: ports.Remote over PostgreSQL's own protocol.

One connection per person, made when it is first needed and thrown away when anything about it is in doubt: what
became of a call is then unknown, and the intent's id makes asking again harmless (reliability, section 2.3).
"""

from __future__ import annotations

import select
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from himsog_desktop.domain.errors import HimsogError, Surroundings
from himsog_desktop.domain.intents import Batch, Intent, Rows, Verdict, Welcome
from himsog_desktop.sync.remotes import troubles, wire
from himsog_desktop.sync.remotes.connection import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    import psycopg

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.sync.address import Address

T = TypeVar("T")

CHANNEL: Final = "himsog_hint"
FETCH: Final = 500
"""Rows of a pull that are held at a time."""

_PUSH = "SELECT desk.push_v1(%s::jsonb)::text"
_PUSH_MANY = "SELECT desk.push_many_v1(%s::jsonb)::text"
_SNAPSHOT = b"SELECT tbl, body, next, done, total, cursor FROM desk.snapshot_v1($1::text, $2::text)"
_PULL = "SELECT kind, body::text FROM desk.pull_v1(%s, %s)"
_ABANDON = "SELECT desk.abandon_v1(%s::jsonb)::text"


class Wake(Protocol):
    """Something that a thread can wait for beside the connection, and that another thread makes ready."""

    def fileno(self) -> int:
        """What ``select`` waits for."""
        ...

    def clear(self) -> bool:
        """Make it quiet again; whether it was ready."""
        ...


class PostgresRemote:
    """One person's way to the shared database. See ``ports.Remote``."""

    def __init__(
        self,
        address: Address,
        login: str,
        password: str,
        *,
        clinic: str | None = None,
        wake: Wake | None = None,
        name: str = "himsog",
    ) -> None:
        """``clinic`` is the profile's; ``wake`` ends ``wait`` from another thread; ``name`` is shown at the server."""
        self._address = address
        self._login = login
        self._password = password
        self._clinic = clinic
        self._wake = wake
        self._name = name
        self._db: psycopg.Connection[Any] | None = None
        self._hinted = False

    def __repr__(self) -> str:
        return f"PostgresRemote({troubles.where(self._address)!r}, {self._login!r})"

    # ------------------------------------------------------------------------------ the connection

    def _open(self) -> psycopg.Connection[Any]:
        if self._db is None or self._db.closed:
            self._db = None
            db = connect(self._address, self._login, self._password, self._name)
            try:
                # Where the way is a pooler there are no hints; then the poll alone has to do.
                db.add_notify_handler(lambda notify: self._heard(notify.pid))
                db.execute(f"LISTEN {CHANNEL}")  # sql: identifiers only
            except Exception as error:
                db.close()
                raise self._known(error) from None
            self._db = db
            # What happened before we listened was told to nobody.
            self._hinted = True
        return self._db

    def _heard(self, pid: int) -> None:
        """A hint; our own pushes tell us nothing new."""
        if self._db is not None and pid != self._db.info.backend_pid:
            self._hinted = True

    def _known(self, error: Exception) -> HimsogError:
        """The error in our words; the connection goes with it unless it said a clean no."""
        import psycopg

        if isinstance(error, HimsogError):
            return error
        if not isinstance(error, psycopg.Error):
            self.close()
            raise error
        if error.sqlstate is None or error.sqlstate[:2] in ("08", "57", "58", "XX", "25", "42", "28"):
            self.close()
        return troubles.known(error, self._address)

    def _call(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """One exchange in a transaction of its own, all errors in our words."""
        db = self._open()
        try:
            return work(db)
        except Exception as error:
            raise self._known(error) from None
        except BaseException:
            # Interrupted: what is on the line belongs to nobody.
            self.close()
            raise

    def _one(self, text: str, *values: object) -> Any:
        def work(db: psycopg.Connection[Any]) -> Any:
            row = db.execute(text, values).fetchone()
            assert row is not None
            return row[0]

        return self._call(work)

    # ------------------------------------------------------------------------------------- the port

    def hello(self) -> Welcome:
        """See ``ports.Remote``."""
        return wire.welcome(self._one("SELECT desk.hello_v1()::text"))

    def push(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """See ``ports.Remote``. Stops at the first that the server could not decide, if any was decided.

        What a person does gets a transaction each; rows of an import, of which there are thousands, share one.
        """
        if len(intents) > 1 and all(".import" in f".{intent.kind}" for intent in intents):
            try:
                return wire.verdicts(self._one(_PUSH_MANY, wire.intents(intents, self._clinic)))
            except HimsogError as error:
                if error.code == "offline":
                    raise
                # One of them is to blame: one by one it shows which.
        return self._each(intents, _PUSH)

    def abandon(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """See ``ports.Remote``."""
        return self._each(intents, _ABANDON)

    def _each(self, intents: Sequence[Intent], text: str) -> list[Verdict]:
        found: list[Verdict] = []
        for intent in intents:
            try:
                found.append(wire.verdict(self._one(text, wire.intent(intent, self._clinic))))
            except HimsogError:
                if not found:
                    raise
                break
        return found

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """See ``ports.Remote``."""
        return frozenset(self._one("SELECT desk.known_v1(%s::text[])", list(ids)) or ())

    def release(self) -> int:
        """Have messages to patients go out that are due; how many did."""
        return int(self._one("SELECT desk.release_v1()") or 0)

    def days(self, clinic: str, first: Micros, until: Micros) -> list[Batch]:
        """Some days of a clinic ahead of everything else: what a new workstation shows first."""

        def work(db: psycopg.Connection[Any]) -> list[Batch]:
            return [wire.batch(db.execute("SELECT kind, body FROM desk.days_v1(%s, %s, %s)", (clinic, first, until)))]

        return self._call(work)

    def pull(self, clinic: str, cursor: str) -> Iterator[Batch]:
        """See ``ports.Remote``: one statement, so one moment, whose rows are taken as they come."""
        db = self._open()
        whole = False
        try:
            rows = []
            with closing(_rows(db, clinic, cursor)) as stream:
                for row in stream:
                    rows.append(row)
                    if len(rows) == FETCH:
                        yield wire.batch(rows)
                        rows = []
            whole = True
            # The last one is handed over when the line is free again.
            yield wire.batch(rows)
        except Exception as error:
            raise self._known(error) from None
        finally:
            if not whole:
                self.close()

    def snapshot(self, clinic: str, place: str | None) -> Iterator[Rows]:
        """See ``ports.Remote``: page by page, each a transaction; the server makes one while the last is stored."""
        db = self._open()
        asked = False
        try:
            self._ask(db, clinic, place)
            asked = True
            while True:
                part = wire.rows(*self._answer(db))
                asked = part.cursor is None
                if asked:
                    self._ask(db, clinic, part.place)
                yield part
                if part.cursor is not None:
                    return
        except Exception as error:
            raise self._known(error) from None
        finally:
            if asked and self._db is db:
                # An answer is on the line that nobody takes.
                self.close()

    def _ask(self, db: psycopg.Connection[Any], clinic: str, place: str | None) -> None:
        from psycopg import generators

        db.pgconn.send_query_params(_SNAPSHOT, [clinic.encode(), None if place is None else place.encode()])
        db.wait(generators.send(db.pgconn))

    def _answer(self, db: psycopg.Connection[Any]) -> tuple[Any, ...]:
        import psycopg
        from psycopg import generators, pq

        result = db.wait(generators.fetch_many(db.pgconn))[-1]
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        values = [result.get_value(0, column) for column in range(6)]
        table, body, place, done, total, cursor = [None if v is None else bytes(v).decode() for v in values]
        return table, body, place, int(done or 0), int(total or 0), cursor

    # ----------------------------------------------------------------------------------------- hints

    def wait(self, seconds: float) -> bool:
        """See ``ports.Remote``. Also ends when ``wake`` is made ready, with False."""
        until = time.monotonic() + seconds
        while True:
            if self._hinted:
                self._hinted = False
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            db = self._db
            watched: list[Any] = [] if db is None or db.closed else [db.pgconn.socket]
            if self._wake is not None:
                watched.append(self._wake)
            if not watched:
                time.sleep(left)  # house: no-sleep, because there is nothing to wait for but the time
                return False
            ready, _, _ = select.select(watched, [], [], left)
            if self._wake is not None and self._wake in ready and self._wake.clear():
                return False
            if db is not None and any(found is not self._wake for found in ready) and not self._listen(db):
                raise Surroundings("offline", f"The line to {troubles.where(self._address)} broke.")

    def _listen(self, db: psycopg.Connection[Any]) -> bool:
        """Take in what the server said unasked; False when it hung up."""
        import psycopg

        try:
            db.pgconn.consume_input()
            while (notify := db.pgconn.notifies()) is not None:
                self._heard(notify.be_pid)
        except psycopg.Error:
            self.close()
            return False
        return True

    def close(self) -> None:
        """See ``ports.Remote``."""
        db, self._db = self._db, None
        if db is not None:
            with suppress(Exception):
                db.close()


def _rows(db: psycopg.Connection[Any], clinic: str, cursor: str) -> Generator[tuple[str, str], None, None]:
    yield from db.cursor().stream(_PULL, (clinic, cursor), size=FETCH)
