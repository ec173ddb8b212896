"""The job of importing appointments: rows sorted out, then written, batch by batch.

No slot rules apply and no messages are sent; what overlaps goes to lanes (design, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.numbers import new_number
from himsog_desktop.domain.people import fold
from himsog_desktop.interchange.records import AppointmentRow, LineIssue
from himsog_desktop.services.importing_columns import Columns, Unknown
from himsog_desktop.services.importing_merge import merged
from himsog_desktop.services.importing_people import People, Reader, Said
from himsog_desktop.services.importing_report import Report
from himsog_desktop.services.importing_rows import Maker, Refuse, derived_key
from himsog_desktop.services.lanes import Column
from himsog_desktop.storage import external, hot, load
from himsog_desktop.storage.entities import Entity
from himsog_desktop.storage.images import image_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from himsog_desktop.domain.clinic import Provider, Service
    from himsog_desktop.domain.people import Patient
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.interchange.records import Record
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.external import Registered
    from himsog_desktop.storage.write import Transaction

OVERBOOKED = "imported"
"""Why an imported appointment stands in another lane."""


class Source(Protocol):
    """Where rows come from: a table with its map, or a calendar."""

    @property
    def system(self) -> str:
        """Whose ids the external ids are."""
        ...

    @property
    def fields(self) -> Collection[str]:
        """The fields that the source gives; others stay as they are."""
        ...

    @property
    def inferred_minutes(self) -> int | None:
        """The step of the source's own grid."""
        ...

    @property
    def bytes_total(self) -> int:
        """How much there is to read."""
        ...

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""
        ...

    def rows(self) -> Iterator[Record | LineIssue]:
        """Records and what is to be said of lines."""
        ...


@dataclass(slots=True)
class Item:
    """A row that is to be written: what it says, what there is, and how it should be."""

    row: AppointmentRow
    provider: Provider
    patient: Registered | None
    old: Appointment | None
    new: Appointment


@dataclass(slots=True)
class Batch:
    """What goes into one transaction."""

    providers: list[Provider]
    services: list[Service]
    patients: list[Patient]
    items: list[Item]


class AppointmentJob:
    """Reads appointments and writes them, batch by batch."""

    def __init__(self, desk: Desk, source: Source, report: Report, *, create: bool) -> None:
        self._raw, self._zone, self._clinic = desk.reader, desk.zone, desk.clinic
        self._source, self._report, self._create = source, report, create
        self._at = desk.now()
        self._system = source.system
        slot = source.inferred_minutes
        self._columns = Columns(self._raw, desk.clinic, self._system, self._at, create=create, slot=slot)
        self._people = People(self._raw, self._system, self._at)
        self._reader = Reader(desk)
        self._maker = Maker(
            desk.clinic, desk.zone, self._columns, system=self._system, fields=source.fields, at=self._at
        )
        self._seen: dict[str, int] = {}
        self._rows_seen: dict[str, AppointmentRow] = {}

    # ------------------------------------------------------------------------------------- reading

    def batches(self, size: Callable[[], int]) -> Iterator[Batch]:
        """The file's rows, sorted out."""
        for rows in self._report.portions(self._source.rows(), AppointmentRow, size):
            yield self._prepared(rows)

    def rows(self, batch: Batch) -> int:
        """How many changes it has."""
        return len(batch.items)

    def progress(self) -> tuple[int, int]:
        """Rows read, and what the file's size lets expect."""
        done = self._report.read
        return done, max(done, done * self._source.bytes_total // max(1, self._source.bytes_read))

    def _prepared(self, rows: Sequence[AppointmentRow]) -> Batch:
        keyed = [(row, key) for row in rows if (key := self._key(row)) is not None]
        ids = external.appointment_ids(self._raw, self._system, [key for _, key in keyed])
        known = {a.id: a for a in load.appointments(self._raw, ids.values())} if ids else {}
        items: list[Item] = []
        differing: list[tuple[Item, list[LineIssue]]] = []
        for row, key in keyed:
            old = known.get(ids[key]) if key in ids else None
            said: list[LineIssue] = []
            try:
                item = self._item(row, key, old, said)
            except (Refuse, Unknown) as no:
                self._report.refuse(row.line, no.field, no.rule, no.text)
                continue
            self._report.by_status[row.status] += 1
            if old is None:
                items.append(item)
                self._take(said)
            elif item.new == old:
                self._report.unchanged += 1
            else:
                differing.append((item, said))
        if differing:
            items += self._changed(differing)
        made = Batch(self._columns.added_providers, self._columns.added_services, self._people.added, items)
        self._columns.added_providers, self._columns.added_services, self._people.added = [], [], []
        self._report.providers += len(made.providers)
        self._report.services += len(made.services)
        self._report.patients += len(made.patients)
        return made

    def _take(self, said: Sequence[LineIssue]) -> None:
        self._report.taken += 1
        self._report.issues(said)

    def _key(self, row: AppointmentRow) -> str | None:
        """The id of a row in the other system; None when the file had it before, which is said."""
        key = row.external_id or row.number
        if key is not None:
            first = self._seen.setdefault(key, row.line)
            if first == row.line:
                return key
            text = f"The same id stands on line {first:,}; this line is left out."
            self._report.refuse(row.line, "external_id", "duplicate", text)
            return None
        base = key = derived_key(row)
        count = 1
        while key in self._seen:
            if self._rows_seen[key]._replace(line=0) == row._replace(line=0):
                text = f"Says the same as line {self._seen[key]:,}; it is left out."
                self._report.refuse(row.line, None, "duplicate", text)
                return None
            count += 1
            key = f"{base}:{count}"
        self._seen[key] = row.line
        self._rows_seen[key] = row
        return key

    def _item(self, row: AppointmentRow, key: str, old: Appointment | None, said: list[LineIssue]) -> Item:
        self._maker.check(row)
        provider = self._provider(row, old)
        patient = self._patient(row, old, said)
        return Item(row, provider, patient, old, self._maker.make(row, key, provider, patient, old, said))

    def _provider(self, row: AppointmentRow, old: Appointment | None) -> Provider:
        if old is not None and row.provider_key is None and row.provider is None:
            kept = self._columns.get(old.provider_id)
            if kept is not None:
                return kept
        return self._columns.of(row)

    def _patient(self, row: AppointmentRow, old: Appointment | None, said: list[LineIssue]) -> Registered | None:
        """Whose the row is; None: whose it was."""
        people, reader = self._people, self._reader
        if row.patient_key is not None and (known := people.keyed(row.patient_key)) is not None:
            return None if old is not None and known.id == old.patient_id else known
        if old is not None and (
            row.patient_name is None
            or row.patient_name == old.patient_name
            or fold(row.patient_name) == fold(old.patient_name)
        ):
            return None
        if row.patient_phone is not None or row.patient_email is not None:
            said.extend(reader.warnings(row.line, row.patient_phone, row.patient_email))
        who = Said(
            row.patient_key,
            row.patient_name,
            reader.email(row.patient_email),
            reader.phone(row.patient_phone),
            row.patient_birth_date,
            row.patient_sex,
            row.patient_address,
        )
        found = people.find(who)
        if found is None:
            if not self._create:
                text = (
                    "Nobody in the register has this id or name. Import the patients first, "
                    "or let the import add them (--create-missing)."
                )
                raise Refuse("patient_key" if row.patient_key else "patient_name", "patient_unknown", text)
            found = people.add(who, row.patient_key)
            if row.patient_name is None:
                text = "The file has no name for this patient: added under the other system's id."
                said.append(LineIssue(row.line, "warned", "patient_name", "patient_nameless", text))
        return None if old is not None and found.id == old.patient_id else found

    def _changed(self, differing: Sequence[tuple[Item, list[LineIssue]]]) -> Iterator[Item]:
        """Of rows that are there and differ: those of which the file says something new."""
        ids = [item.new.id for item, _ in differing]
        base = external.imported_images(self._raw, Entity.APPOINTMENT, ids)
        for item, said in differing:
            assert item.old is not None
            new, kept = merged(base.get(item.new.id, {}), item.new, item.old, self._at)
            if kept:
                text = f"Was changed here since it was imported; what the file says of {', '.join(kept)} is left out."
                said.append(LineIssue(item.row.line, "warned", kept[0], "changed_here", text))
                self._report.issue(said[-1])
                said.pop()
            if new == item.old:
                self._report.unchanged += 1
                continue
            self._take(said)
            item.new = new
            yield item

    # ------------------------------------------------------------------------------------- writing

    def write(self, tx: Transaction, batch: Batch) -> None:
        """Write a batch, looking again at what others may have changed since it was prepared."""
        tx.put_many([(None, p) for p in batch.providers], "provider.import")
        tx.put_many([(None, s) for s in batch.services], "service.import")
        if batch.patients:
            tx.put_many([(None, p) for p in unique_emails(tx, batch.patients)], "patient.import")
        items = self._still(tx, batch.items)
        self._number(tx, items)
        place(tx, items)
        tx.put_many([(None, item.new) for item in items if item.old is None], "appointment.import")
        tx.put_many([(item.old, item.new) for item in items if item.old is not None], "appointment.import")

    def _still(self, tx: Transaction, items: Sequence[Item]) -> list[Item]:
        """The items that can still be written, with what is there as it is now."""
        gone = external.missing_patients(tx.raw, {item.new.patient_id for item in items})
        olds = [item.old.id for item in items if item.old is not None]
        now = {a.id: a for a in load.appointments(tx.raw, olds)} if olds else {}
        kept: list[Item] = []
        for item in items:
            if item.new.patient_id in gone:
                self._lost(item, "patient_key", "The patient was removed while the import ran. Import the file again.")
            elif item.old is None:
                kept.append(item)
            elif (fresh := now.get(item.old.id)) is None:
                self._lost(item, None, "The appointment was removed while the import ran. Import the file again.")
            else:
                if fresh != item.old:
                    item.new, _ = merged(image_of(item.old), item.new, fresh, self._at)
                    item.old = fresh
                kept.append(item)
        return kept

    def _lost(self, item: Item, field: str | None, text: str) -> None:
        self._report.taken -= 1
        self._report.by_status[item.row.status] -= 1
        self._report.refuse(item.row.line, field, "changed_meanwhile", text)

    @staticmethod
    def _number(tx: Transaction, items: Sequence[Item]) -> None:
        """Numbers are drawn at random; of the few that are taken another is drawn."""
        fresh = [item for item in items if item.old is None]
        while fresh:
            taken = external.taken_numbers(tx.raw, [item.new.number for item in fresh])
            drawn: set[str] = set()
            clashing = []
            for item in fresh:
                if item.new.number in taken or item.new.number in drawn:
                    item.new = replace(item.new, number=new_number())
                    clashing.append(item)
                drawn.add(item.new.number)
            fresh = clashing


def unique_emails(tx: Transaction, patients: Sequence[Patient]) -> list[Patient]:
    """New patients, an address that somebody has by now kept beside the platform's row."""
    taken = external.taken_emails(tx.raw, [p.email for p in patients if not p.email_shared])
    return [replace(p, email_shared=True) if p.email in taken else p for p in patients]


def place(tx: Transaction, items: Sequence[Item]) -> None:
    """Give each active appointment that takes a new time the lowest lane that is free there."""
    waiting: dict[str, list[Item]] = {}
    moving: set[str] = set()
    for item in items:
        old, new = item.old, item.new
        if old is not None and not new.active:
            moving.add(old.id)
        if not new.active:
            continue
        if old is not None:
            if old.active and (old.provider_id, old.start, old.end) == (new.provider_id, new.start, new.end):
                continue
            moving.add(old.id)
        waiting.setdefault(new.provider_id, []).append(item)
    for provider_id, several in waiting.items():
        column = Column()
        there: dict[str, tuple[Micros, Micros]] = {}
        for low, high in external.stretches([(item.new.start, item.new.end) for item in several]):
            there.update((key, (start, end)) for key, start, end in hot.busy(tx.raw, provider_id, low, high))
        lanes = external.lanes_of(tx.raw, there) if there else {}
        for key, (start, end) in there.items():
            if key not in moving:
                column.take(start, end, lanes.get(key, 0))
        for item in several:
            lane = column.place(item.new.start, item.new.end)
            reason = OVERBOOKED if lane else None
            if (item.new.lane, item.new.overbook_reason) != (lane, reason):
                item.new = replace(item.new, lane=lane, overbook_reason=reason)
