"""What a server would say to a cache, without one: verdicts, changes and the rows of a snapshot."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence

from himsog_desktop.domain.intents import Batch, Change, Intent, Rows, Trouble, Verdict
from himsog_desktop.domain.time import Micros
from himsog_desktop.ports import Repair
from himsog_desktop.storage import outbox
from himsog_desktop.storage.entities import KINDS, rows_of
from himsog_desktop.storage.images import record_of, whole
from himsog_desktop.storage.scope import PRIVATE
from himsog_desktop.storage.shapes import SHAPES
from himsog_desktop.storage.syncing import SqliteStore
from himsog_desktop.sync.repair import repair
from tests.storage.conftest import NOW, Clinical

Key = tuple[str, str]


class Still:
    """A clock that stands."""

    def now(self) -> Micros:
        """The moment of the fixtures."""
        return NOW

    def monotonic(self) -> float:
        """Never later."""
        return 0.0


def store_of(clinical: Clinical) -> SqliteStore:
    """The store of a cache."""
    return SqliteStore(clinical.cache, Still(), "test")


class Server:
    """Images with versions: accepts or refuses what it is told to, and remembers what it said."""

    def __init__(self, clinic_id: str) -> None:
        self.clinic_id = clinic_id
        self.images: dict[Key, dict[str, object]] = {}
        self.vers: dict[Key, int] = {}
        self.gone: dict[Key, str] = {}
        self.said: dict[str, Verdict] = {}
        self.past: dict[tuple[Key, int], dict[str, object]] = {}
        self.moment = 0
        self.nothing_private = False
        """Whether whoever asks sees no appointment and no patient."""

    def put(self, entity: str, key: str, image: Mapping[str, object], state: str = "deleted") -> None:
        """An aggregate changes; an empty image takes it away."""
        self.moment += 1
        self.vers[entity, key] = self.vers.get((entity, key), 0) + 1
        if image:
            self.images[entity, key] = whole(KINDS[entity].record, dict(image))
            self.gone.pop((entity, key), None)
        else:
            self.images.pop((entity, key), None)
            self.gone[entity, key] = state
        self.past[(entity, key), self.vers[entity, key]] = self.images.get((entity, key), {})

    def push(self, intent: Intent, *, refuse: bool = False) -> Verdict:
        """The first verdict on an intent, for good."""
        if intent.id in self.said:
            return self.said[intent.id]
        key = (intent.entity, intent.key)
        if not refuse:
            before = self.images.get(key, {})
            after = outbox.fold(before, [outbox.Patch(dict(intent.before), dict(intent.after))])
            if after != before:
                self.put(*key, after)
        verdict = Verdict(
            intent.id,
            "refused" if refuse else "accepted",
            *key,
            self.vers.get(key, 0),
            dict(self.images.get(key, {})),
            Trouble.FIELD if refuse else None,
        )
        self.said[intent.id] = verdict
        return verdict

    def change(self, entity: str, key: str) -> Change:
        """An aggregate as a pull brings it."""
        image = self.images.get((entity, key), {})
        state = "live" if image else self.gone.get((entity, key), "deleted")
        if image and self.unseen(entity):
            image, state = {}, "evicted"
        return Change(entity, key, self.vers.get((entity, key), 0), state, dict(image))  # type: ignore[arg-type]

    def unseen(self, entity: str) -> bool:
        """Whether whoever asks does not see that kind."""
        return self.nothing_private and entity in PRIVATE

    @property
    def cursor(self) -> str:
        """Where it stands, and what whoever asks sees."""
        return json.dumps({"moment": self.moment, "reach": []}) if self.nothing_private else f"c{self.moment}"

    def everything(self, parts: int = 1) -> Iterator[Batch]:
        """A pull of all that it ever had."""
        changes = [self.change(*key) for key in self.vers]
        size = len(changes) // parts + 1
        for low in range(0, max(len(changes), 1), size):
            last = low + size >= len(changes)
            yield Batch(tuple(changes[low : low + size]), cursor=self.cursor if last else None)

    def snapshot(self, rows: int = 1000) -> Iterator[Rows]:
        """Its rows, table by table."""
        tables: dict[str, list[tuple[object, ...]]] = {name: [] for name in SHAPES}
        for (entity, key), image in self.images.items():
            if self.unseen(entity):
                tables["synced"].append((entity, key, self.vers[entity, key]))
                continue
            record = record_of(KINDS[entity].record, image)
            assert record is not None
            for name, row in rows_of(record, self.clinic_id):
                tables[name].append(row)
            tables["synced"].append((entity, key, self.vers[entity, key]))
        parts = []
        for name, found in tables.items():
            parts += [(name, tuple(found[low : low + rows])) for low in range(0, len(found), rows)]
        total, done = sum(len(found) for _, found in parts), 0
        for place, (name, found) in enumerate(parts):
            done += len(found)
            yield Rows(name, found, str(place), done, total)
        yield Rows("appointments", (), "end", done, total, cursor=self.cursor)


def nothing(_verdict: Verdict, _queue: Sequence[Intent]) -> Repair:
    """Nothing stands on a refused intent."""
    return Repair()


def server_of(clinical: Clinical) -> Server:
    """A server that has the clinic and its people, and a cache that is in step with it."""
    server = Server(clinical.clinic.id)
    store = store_of(clinical)
    for entity in ("clinic", "staff"):
        for record in KINDS[entity].load(clinical.cache.reader, _ids(clinical, entity), clinical.clinic.id):
            from himsog_desktop.storage.images import image_of

            server.put(entity, record.id, image_of(record))
    push_all(clinical, server)
    meet(store)
    store.apply(server.everything(), "life")
    return server


def meet(store: SqliteStore) -> None:
    """As after a snapshot of a server that has nothing yet."""
    with store.write() as tx:
        store.arrived(tx.raw, "c0", "life", accepted=False)


def _ids(clinical: Clinical, entity: str) -> list[str]:
    table = {"clinic": "clinics", "staff": "staff"}[entity]
    return [row[0] for row in clinical.cache.reader.execute(f"SELECT id FROM {table}")]  # sql: identifiers only


def push_all(clinical: Clinical, server: Server) -> None:
    """Everything that waits is accepted."""
    store = store_of(clinical)
    for _ in itertools.count():
        waiting = store.waiting(100)
        if not waiting:
            return
        store.sending([one.intent.id for one in waiting])
        for one in waiting:
            store.settle(server.push(one.intent), repair)


def settle_all(clinical: Clinical) -> Server:
    """A new server takes everything that waits."""
    return server_of(clinical)
