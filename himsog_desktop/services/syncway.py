"""The server in the names of all who are signed in here, and the outbox as far as they can send it.

An intent goes out in its author's name, also after somebody else took the seat; everything else is asked for in
the name of whoever sees most (design, section 3). What somebody did who is signed out waits for that person, and
so does what stands on it; the others' work goes on.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Protocol, TypeVar

from himsog_desktop.domain.errors import HimsogError, NoAccess, Surroundings
from himsog_desktop.ports import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.domain.intents import Batch, Intent, Rows, Verdict, Welcome
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ports import Applied, Repair, Store, Waiting
    from himsog_desktop.storage.sessions import Session

T = TypeVar("T")

SIGNED_OUT = "Nobody is signed in on this profile. Sign in: himsog signin LOGIN"


class Line(Remote, Protocol):
    """A remote that also has messages to patients go out, and shows some days before everything is here."""

    def days(self, clinic: str, first: Micros, until: Micros) -> list[Batch]:
        """Some days of a clinic, and who works there."""
        ...

    def release(self) -> int:
        """Have those go out that are due; how many did."""
        ...


class Way:
    """``ports.Remote`` for several people. ``trouble`` is the last error that anything raised, for its words."""

    def __init__(self, sessions: Sequence[Session], make: Callable[[Session], Line]) -> None:
        self.sessions = list(sessions)
        self.trouble: HimsogError | None = None
        self._make = make
        self._lines: dict[str, Line] = {}
        self._lost: set[str] = set()

    @property
    def authors(self) -> frozenset[str]:
        """Whose intents can go out just now, by id of staff."""
        return frozenset(s.staff_id for s in self.sessions) - self._lost

    def _first(self) -> Session:
        """Who sees most of those whose logins are good."""
        if not self.sessions:
            raise NoAccess("signed_out", SIGNED_OUT)
        return next((s for s in self.sessions if s.staff_id not in self._lost), self.sessions[0])

    def _known(self, error: HimsogError) -> HimsogError:
        """Keep its words. Where a login is no good any more, the next person's is tried: it holds up nobody else."""
        self.trouble = error
        if isinstance(error, NoAccess) and error.code in ("signed_out", "revoked") and self.sessions:
            first = self._first()
            if any(s.staff_id not in self._lost and s is not first for s in self.sessions):
                self._lost.add(first.staff_id)
                return Surroundings("retry", error.message)
        return error

    def _line(self, session: Session) -> Line:
        line = self._lines.get(session.login)
        if line is None:
            line = self._lines[session.login] = self._make(session)
        return line

    def _widest(self) -> Line:
        return self._line(self._first())

    def _asking(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except HimsogError as error:
            raise self._known(error) from None

    def hello(self) -> Welcome:
        """See ``ports.Remote``."""
        return self._asking(lambda: self._widest().hello())

    def push(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """See ``ports.Remote``: as many as are of one person."""
        return self._asking(lambda: self._in_name(intents, lambda line, mine: line.push(mine)))

    def abandon(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """See ``ports.Remote``."""
        return self._asking(lambda: self._in_name(intents, lambda line, mine: line.abandon(mine)))

    def _in_name(
        self, intents: Sequence[Intent], ask: Callable[[Remote, Sequence[Intent]], Sequence[Verdict]]
    ) -> Sequence[Verdict]:
        author = intents[0].author
        mine = list(takewhile(lambda intent: intent.author == author, intents))
        session = next((s for s in self.sessions if s.staff_id == author), None)
        if session is None or session is self._first():
            return ask(self._widest(), mine)
        try:
            return ask(self._line(session), mine)
        except NoAccess as error:
            # This person's login is no good any more: that holds up nobody else.
            self._lost.add(session.staff_id)
            raise Surroundings("retry", error.message) from None

    def pull(self, clinic: str, cursor: str) -> Iterator[Batch]:
        """See ``ports.Remote``."""
        return self._each(lambda: self._widest().pull(clinic, cursor))

    def snapshot(self, clinic: str, place: str | None) -> Iterator[Rows]:
        """See ``ports.Remote``."""
        return self._each(lambda: self._widest().snapshot(clinic, place))

    def _each(self, begin: Callable[[], Iterator[T]]) -> Iterator[T]:
        try:
            yield from begin()
        except HimsogError as error:
            raise self._known(error) from None

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """See ``ports.Remote``."""
        return self._asking(lambda: self._widest().known(ids))

    def wait(self, seconds: float) -> bool:
        """See ``ports.Remote``."""
        return self._widest().wait(seconds)

    def days(self, clinic: str, first: Micros, until: Micros) -> list[Batch]:
        """Some days of a clinic ahead of everything else."""
        return self._asking(lambda: self._widest().days(clinic, first, until))

    def release(self) -> int:
        """Have messages to patients go out that are due; how many did."""
        return self._asking(lambda: self._widest().release())

    def close(self) -> None:
        """See ``ports.Remote``: every line."""
        lines, self._lines = self._lines, {}
        self._lost.clear()
        for line in lines.values():
            line.close()


class Sendable:
    """``ports.Store`` whose outbox shows what somebody here can send; errors leave their words in ``way``."""

    def __init__(self, store: Store, way: Way) -> None:
        self._store = store
        self._way = way

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """See ``ports.Store``: without what waits for somebody who is signed out, and what stands on that."""
        found = self._store.waiting(limit)
        authors = self._way.authors
        if all(w.intent.author in authors or w.intent.author is None for w in found):
            return found
        shown: list[Waiting] = []
        held: set[str] = set()
        stuck: set[tuple[str, str]] = set()
        for one in self._store.waiting(1_000_000):
            intent = one.intent
            of = (intent.entity, intent.key)
            sendable = intent.author is None or intent.author in authors
            if not sendable or of in stuck or held.intersection(intent.needs):
                held.add(intent.id)
                stuck.add(of)
            else:
                shown.append(one)
        return shown[:limit]

    def over(self, way: Way) -> Sendable:
        """The same outbox for other people."""
        return Sendable(self._store, way)

    def _words(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except HimsogError as error:
            self._way.trouble = error
            raise

    def sending(self, ids: Sequence[str]) -> None:
        """See ``ports.Store``."""
        self._store.sending(ids)

    def settle(self, verdict: Verdict, repair: Callable[[Verdict, Sequence[Intent]], Repair]) -> None:
        """See ``ports.Store``."""
        self._store.settle(verdict, repair)

    def cursor(self) -> str | None:
        """See ``ports.Store``."""
        return self._store.cursor()

    def epoch(self) -> str | None:
        """See ``ports.Store``."""
        return self._store.epoch()

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """See ``ports.Store``."""
        return self._words(lambda: self._store.apply(batches, epoch, accept_deletions=accept_deletions))

    def stage(
        self,
        parts: Iterator[Rows],
        epoch: str,
        progress: Callable[[int, int], None],
        *,
        fresh: bool,
        accept_deletions: bool = False,
    ) -> Applied:
        """See ``ports.Store``."""
        return self._words(
            lambda: self._store.stage(parts, epoch, progress, fresh=fresh, accept_deletions=accept_deletions)
        )

    def staged(self, epoch: str) -> str | None:
        """See ``ports.Store``."""
        return self._store.staged(epoch)

    def settled(self, since: Micros) -> Sequence[Intent]:
        """See ``ports.Store``."""
        return self._store.settled(since)

    def again(self, ids: Sequence[str], epoch: str) -> None:
        """See ``ports.Store``."""
        self._store.again(ids, epoch)
