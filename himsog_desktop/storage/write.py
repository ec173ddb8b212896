"""One write: intents, projection, history, tombstones and change set in a single transaction.

``Transaction.put`` is the only way that an aggregate changes. On a profile that is its own authority
the verdict has been given by the caller's rules and nothing waits; on one with a server the intent is
left in the outbox and the server's image is kept in ``base`` until it is settled (``outbox``).

Long because all that follows from a change is written in one place.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.clinic import Block, Provider, Service
from himsog_desktop.domain.day import PATIENT_ALERT
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import DAY
from himsog_desktop.storage import notices, outbox, search, sql
from himsog_desktop.storage.entities import KINDS, Entity, entity_of, rows_of
from himsog_desktop.storage.flags import Flags
from himsog_desktop.storage.images import changed_texts, compact_text
from himsog_desktop.storage.rows import tile_row, user_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.rows import Rows

MANY = 300
"""From this many appointments in one write on, the change set says "everything"."""

UNTOLD = ("import.", "demo.")
"""Kinds of acts of which patients hear nothing."""

KEPT_CHANGES = 5_000
"""How many change sets stay for windows that follow; one that fell behind re-reads everything."""


class Transaction:
    """An open write. Made by ``Cache.write``; not to be kept after it."""

    def __init__(
        self,
        raw: Raw,
        *,
        act_id: str,
        at: Micros,
        by_id: str | None,
        device: str,
        source: str,
        initiator: str,
        zone: Zone,
        clinic_id: str,
        remote: bool,
    ) -> None:
        self.raw = raw
        self.act_id = act_id
        self.at = at
        self.by_id = by_id
        self.device = device
        self.source = source
        self.initiator = initiator
        self.zone = zone
        self.clinic_id = clinic_id
        self.remote = remote
        self.kind = ""
        self.supersedes: str | None = None
        """The refused intent that a person answers with what is written now."""
        self.received = False
        """Whether what is written came from the server: users of the web then too."""
        self.flags = Flags()
        self.quiet = False
        """Whether it puts back what nobody was told of: the import under an undo of its undo."""
        self._appointments: set[str] = set()
        self._days: set[str] = set()
        self._patients: set[str] = set()
        self._providers: set[str] = set()
        self._services: set[str] = set()
        self._lists: set[str] = set()
        self._everything = False
        self._changed = False

    @property
    def tells(self) -> bool:
        """Whether patients hear of it: of what is done at the desk, not of imports and demos or their undo."""
        of_many = self.quiet or self.kind.removeprefix("undo.").startswith(UNTOLD)
        return self.source == "desk" and not of_many

    def put(self, old: Record | None, new: Record | None, kind: str = "") -> None:
        """Bring an aggregate from ``old`` (None: not there) to ``new`` (None: deleted)."""
        self.put_many([(old, new)], kind)

    def put_many(self, pairs: Sequence[tuple[Record | None, Record | None]], kind: str = "") -> None:
        """The same for many aggregates of one kind, each statement prepared once."""
        pairs = [(old, new) for old, new in pairs if old != new]
        if not pairs:
            return
        self._changed = True
        self.project(pairs)
        if _entity(pairs) is Entity.APPOINTMENT and not self.remote:
            # Of a shared profile the server tells the patients.
            notices.follow(self, pairs)
        self._record(pairs, kind or self.kind)
        self._note(pairs)

    def bring(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Bring the tables to ``new`` and say so, but leave no history and no intent: what the server said."""
        if pairs:
            self._changed = True
            self.project(pairs)
            self._note(pairs)

    def project(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Bring the tables to ``new`` and nothing else: no history, no intent."""
        work = _Statements()
        for old, new in pairs:
            if old is None:
                for name, row in self._rows(new):
                    work.upsert(name, row)
                continue
            before = {(t, sql.key_of(t, row)): row for t, row in self._rows(old)}
            for name, row in self._rows(new):
                key = sql.key_of(name, row)
                was = before.pop((name, key), None)
                if was is None:
                    work.upsert(name, row)
                elif was != row:
                    work.update(name, key, was, row)
            for name, key in before:
                work.delete(name, key)
        kind = _entity(pairs)
        if kind is Entity.APPOINTMENT:
            self._tiles(pairs, work)
            if self.remote:
                self.flags.follow(pairs)
        work.run(self.raw)
        if kind is Entity.PATIENT and self.received:
            self._users(pairs)
        if kind is Entity.SERVICE:
            self._rename(pairs)
        if kind is Entity.PATIENT:
            self._index(pairs)

    def _rename(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Tiles show the names that services have today."""
        ids = [
            new.id
            for old, new in pairs
            if isinstance(new, Service) and (old.name != new.name if isinstance(old, Service) else self.received)
        ]
        if ids and self.raw.execute(_RENAME, (json.dumps(ids),)).rowcount > 0:
            self._everything = True

    def _users(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Users of the web come and go with what the server says; the desk never writes them."""
        web = [new for _, new in pairs if isinstance(new, Patient) and new.web_account]
        gone = [old for old, new in pairs if new is None and isinstance(old, Patient)]
        text = sql.insert_text("user") + " ON CONFLICT DO NOTHING"
        self.raw.executemany(text, [user_row(patient, patient.email) for patient in web])
        self.raw.executemany("DELETE FROM user WHERE id = ? AND role = 'USER'", [(patient.id,) for patient in gone])

    def _rows(self, record: Record | None) -> Rows:
        return [] if record is None else rows_of(record, self.clinic_id)

    def _tiles(self, pairs: Sequence[tuple[Record | None, Record | None]], work: _Statements) -> None:
        anew: list[Appointment] = []
        for old, new in pairs:
            if isinstance(old, Appointment) and isinstance(new, Appointment) and self._same_tile(old, new):
                was, row = tile_row(old, "", None, 0)[1], tile_row(new, "", None, 0)[1]
                if was != row:
                    work.update("tile", (new.start, new.id), was, row)
                continue
            if isinstance(old, Appointment) and not (isinstance(new, Appointment) and new.start == old.start):
                work.delete("tile", (old.start, old.id))
            if isinstance(new, Appointment):
                anew.append(new)
        shown = self._shown({new.patient_id for new in anew}) if anew else {}
        for new in anew:
            name, phone, flags = shown.get(new.patient_id, (new.patient_name, new.patient_phone, 0))
            work.upsert("tile", tile_row(new, name, phone, flags)[1])

    def _same_tile(self, old: Appointment, new: Appointment) -> bool:
        """Whether a tile keeps its place and what it says of the patient: then nobody asks for it again."""
        return (old.start, old.patient_id) == (new.start, new.patient_id) and (
            old.outcome_missing,
            bool(old.lane),
            old.source,
        ) == (new.outcome_missing, bool(new.lane), new.source)

    def _shown(self, ids: Iterable[str]) -> dict[str, tuple[str, str | None, int]]:
        """Name, phone and flags of patients as tiles show them today."""
        return {
            row[0]: (row[1], row[2], PATIENT_ALERT if row[3] else 0)
            for row in self.raw.execute(
                "SELECT u.id, coalesce(p.corrected_name, u.name), p.phone, p.alerts IS NOT NULL"
                "  FROM json_each(?) AS wanted JOIN user AS u ON u.id = wanted.value"
                "  LEFT JOIN patients AS p ON p.user_id = u.id",
                (json.dumps(list(ids)),),
            )
        }

    def _index(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        new = [record for old, record in pairs if isinstance(record, Patient) and old is None]
        if len(new) == len(pairs) and len(new) > 1:
            search.index_new(self.raw, new)
            return
        kept = [record for _, record in pairs if isinstance(record, Patient)]
        gone = [old.id for old, record in pairs if isinstance(old, Patient) and record is None]
        search.index_patients(self.raw, kept, gone)
        for old, record in pairs:
            if isinstance(old, Patient) and isinstance(record, Patient):
                self._retitle(record)

    def _retitle(self, patient: Patient) -> None:
        """Tiles show the patient's name and phone of today."""
        alert = PATIENT_ALERT if patient.alerts else 0
        keys = self.raw.execute("SELECT start_time, id FROM appointments WHERE user_id = ?", (patient.id,)).fetchall()
        self.raw.executemany(
            "UPDATE tile SET name = ?, phone = ?, flags = (flags & ~?) | ? WHERE start = ? AND id = ?",
            [(patient.name, patient.phone, PATIENT_ALERT, alert, start, i) for start, i in keys],
        )
        self._days.update(self.zone.date_of(start).isoformat() for start, _ in keys[-MANY:])

    def withdraw(self, taken: Sequence[tuple[Record | None, Record | None, str]]) -> None:
        """Take changes of one kind back whose intents (by their ids) were never sent: nobody else hears of them."""
        if not taken:
            return
        outbox.withdraw(self, [uid for _, _, uid in taken])
        ids = [_id(old, new) for old, new, _ in taken]
        kind = KINDS[_entity([taken[0][:2]]).value]
        now: dict[str, Record] = {record.id: record for record in kind.load(self.raw, ids, self.clinic_id)}
        self._record([(old, now.get(key)) for key, (old, _, _) in zip(ids, taken, strict=True)], self.kind, sent=False)

    def _record(self, pairs: Sequence[tuple[Record | None, Record | None]], kind: str, *, sent: bool = True) -> None:
        entity = _entity(pairs).value
        history = []
        uids = outbox.append(self, entity, kind, pairs) if self.remote and sent else [None] * len(pairs)
        for (old, new), uid in zip(pairs, uids, strict=True):
            key = _id(old, new)
            texts = (compact_text(old), compact_text(new)) if old is None or new is None else changed_texts(old, new)
            history.append(
                (
                    self.at,
                    self.by_id,
                    self.source,
                    self.device,
                    self.act_id,
                    kind,
                    entity,
                    key,
                    *texts,
                    uid,
                )
            )
        self.raw.executemany(
            "INSERT INTO history (at, by_id, source, device, act_id, kind, entity_type, entity_id, before, after, uid)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            history,
        )
        gone = [(entity, _id(old, new), self.at) for old, new in pairs if new is None]
        self.raw.executemany(sql.upsert_text("tombstones"), gone)
        back = [(entity, _id(old, new)) for old, new in pairs if old is None and kind.startswith("undo")]
        self.raw.executemany("DELETE FROM tombstones WHERE entity_type = ? AND entity_id = ?", back)

    def touch(self, name: str) -> None:
        """A list changed that is no aggregate's (the cards of Needs attention)."""
        self._changed = True
        self._lists.add(name)

    def note_everything(self) -> None:
        """The change set says "everything": a chunk of an import, of which nobody wants the days one by one."""
        self._everything = True

    def _note(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """Add to the change set."""
        self._lists.add(_entity(pairs).value)
        if len(pairs) > MANY or self._everything:
            self._everything = True
            return
        for old, new in pairs:
            for record in (old, new):
                if isinstance(record, Appointment | Block):
                    self._note_days(record.start, record.end)
                    self._providers.add(record.provider_id)
                if isinstance(record, Appointment):
                    self._appointments.add(record.id)
                    self._patients.add(record.patient_id)
                elif isinstance(record, Patient):
                    self._patients.add(record.id)
                elif isinstance(record, Provider):
                    self._providers.add(record.id)
                elif isinstance(record, Service):
                    self._services.add(record.id)
        self._everything = len(self._appointments) > MANY or len(self._days) > MANY

    def _note_days(self, start: Micros, end: Micros) -> None:
        if end - start > 60 * DAY:
            self._everything = True
            return
        day, last = self.zone.date_of(start), self.zone.date_of(max(start, end - 1))
        while day <= last:
            self._days.add(day.isoformat())
            day += timedelta(days=1)

    @property
    def changes(self) -> ChangeSet:
        """What was touched so far."""
        if self._everything:
            return ChangeSet(lists=frozenset(self._lists), everything=True, initiator=self.initiator, act=self.act_id)
        return ChangeSet(
            frozenset(self._appointments),
            frozenset(self._days),
            frozenset(self._patients),
            frozenset(self._providers),
            frozenset(self._services),
            frozenset(self._lists),
            False,
            self.initiator,
            self.act_id,
        )

    def finish(self) -> None:
        """Write the change set; called once, just before the commit."""
        if self.remote:
            for key, start, end in self.flags.refresh(self.raw):
                self._changed = True
                self._lists.add(Entity.APPOINTMENT.value)
                self._appointments.add(key)
                self._note_days(start, end)
            self._everything = self._everything or len(self._appointments) > MANY or len(self._days) > MANY
        if not self._changed:
            return
        seq = self.raw.execute(
            "INSERT INTO change_log (changes) VALUES (?)", (msgspec.json.encode(self.changes).decode(),)
        ).lastrowid
        if seq and seq % 500 == 0:
            self.raw.execute("DELETE FROM change_log WHERE seq <= ?", (seq - KEPT_CHANGES,))


_RENAME = """
UPDATE tile SET services = coalesce((SELECT group_concat(name, '; ') FROM (
           SELECT coalesce(s.name, '') AS name FROM appointment_service AS b
             LEFT JOIN services AS s ON s.id = b.service_id
            WHERE b.appointment_id = tile.id ORDER BY b.created_at)), '')
 WHERE (start, id) IN (
    SELECT a.start_time, a.id FROM appointment_service AS b JOIN appointments AS a ON a.id = b.appointment_id
     WHERE b.service_id IN (SELECT value FROM json_each(?)))"""


class _Statements:
    """What one ``project`` writes, each statement prepared once: deletions, changes of some columns, whole rows."""

    __slots__ = ("_deletes", "_updates", "_upserts")

    def __init__(self) -> None:
        self._deletes: dict[str, list[sql.Row]] = {}
        self._updates: dict[tuple[str, tuple[int, ...]], tuple[list[sql.Row], list[sql.Row]]] = {}
        self._upserts: dict[str, list[sql.Row]] = {}

    def delete(self, name: str, key: sql.Row) -> None:
        """The row of that key goes."""
        self._deletes.setdefault(name, []).append(key)

    def update(self, name: str, key: sql.Row, was: sql.Row, row: sql.Row) -> None:
        """The row of that key changes; only what differs is written, so that other indexes stay as they are.

        The row need not be there: what the web made has no row of the desk's until the desk says something of it.
        """
        places = tuple(i for i, (a, b) in enumerate(zip(was, row, strict=True)) if a != b)
        values, rows = self._updates.setdefault((name, places), ([], []))
        values.append((*(row[i] for i in places), *key))
        rows.append(row)

    def upsert(self, name: str, row: sql.Row) -> None:
        """A whole row."""
        self._upserts.setdefault(name, []).append(row)

    def run(self, raw: Raw) -> None:
        """Write it: what goes first, so that what comes finds room."""
        for name, keys in self._deletes.items():
            raw.executemany(sql.delete_text(name), keys)
        for (name, places), (values, whole) in self._updates.items():
            if raw.executemany(sql.update_text(name, places), values).rowcount < len(values):
                self._upserts.setdefault(name, []).extend(whole)
        for name, rows in self._upserts.items():
            raw.executemany(sql.upsert_text(name), rows)


def _entity(pairs: Sequence[tuple[Record | None, Record | None]]) -> Entity:
    old, new = pairs[0]
    record = new if new is not None else old
    if record is None:
        raise ValueError("neither before nor after")
    return entity_of(record)


def _id(old: Record | None, new: Record | None) -> str:
    record = new if new is not None else old
    return "" if record is None else record.id
