"""What the model of the shared database holds: rows that are committed, and transactions that are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from himsog_desktop.domain.intents import Card, HistoryRow, Image, Intent, Theirs, Verdict
from himsog_desktop.sync.simulate.clinic import Key


@dataclass(slots=True)
class Head:
    """The newest of an aggregate as one clinic sees it."""

    ver: int
    state: str
    xid: int
    image: Image
    theirs: Theirs


@dataclass(slots=True)
class Entry:
    """What the ledger has of an intent."""

    intent: Intent
    verdict: Verdict


@dataclass(slots=True)
class Data:
    """All that is committed: what a backup holds."""

    images: dict[Key, Image] = field(default_factory=dict)
    vers: dict[Key, int] = field(default_factory=dict)
    heads: dict[str, dict[Key, Head]] = field(default_factory=lambda: {"c1": {}, "c2": {}})
    ledger: dict[str, Entry] = field(default_factory=dict)
    history: list[tuple[HistoryRow, int, str]] = field(default_factory=list)  # with its transaction and clinic
    cards: dict[str, tuple[Card, int, str]] = field(default_factory=dict)
    notices: dict[str, float] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    writer: dict[tuple[Key, str], str] = field(default_factory=dict)  # who gave a field its value: a store, or web
    xid: int = 1

    def copy(self) -> Data:
        """A backup."""
        heads = {clinic: dict(rows) for clinic, rows in self.heads.items()}
        return Data(
            dict(self.images), dict(self.vers), heads, dict(self.ledger), list(self.history), dict(self.cards),
            dict(self.notices), dict(self.sent), dict(self.writer), self.xid,
        )  # fmt: skip


class Tx:
    """An open transaction: what it will write when it commits."""

    __slots__ = (
        "after",
        "before",
        "clinic",
        "entry",
        "key",
        "locks",
        "notice",
        "uid",
        "undone",
        "waiters",
        "who",
        "xid",
    )

    def __init__(self, xid: int, who: str, key: Key, locks: Iterable[object]) -> None:
        self.xid = xid
        self.who = who
        self.key = key
        self.locks = tuple(locks)
        self.before: Image = {}
        self.after: Image | None = None  # None: writes no aggregate
        self.entry: Entry | None = None
        self.uid: str | None = None
        self.clinic = ""
        self.notice: str | None = None
        self.undone: str | None = None
        self.waiters: list[Callable[[], None]] = []
