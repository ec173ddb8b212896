"""The job of importing patients: who is there is brought up to date, who is not is added.

Whom the other system's key names takes what the file says; whom only an address, a phone or a birth
date names gets what was missing, and nothing that is there is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.people import Patient, fold
from himsog_desktop.interchange.records import PatientRow
from himsog_desktop.services.importing_merge import merged
from himsog_desktop.services.importing_people import People, Reader, Said
from himsog_desktop.storage import external, load
from himsog_desktop.storage.entities import Entity
from himsog_desktop.storage.images import image_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.interchange.tables import Table
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.importing_report import Report
    from himsog_desktop.storage.external import Registered
    from himsog_desktop.storage.write import Transaction


@dataclass(slots=True)
class PatientBatch:
    """What goes into one transaction: new patients, and those that change."""

    added: list[Patient]
    changed: list[tuple[Patient, Patient]]


class PatientJob:
    """Reads a table of patients and writes it, batch by batch."""

    def __init__(self, desk: Desk, table: Table, report: Report) -> None:
        self._raw, self._clinic_id = desk.reader, desk.clinic.id
        self._table, self._report = table, report
        self._at = desk.now()
        self._system = table.plan.system
        self._people = People(self._raw, self._system, self._at)
        self._reader = Reader(desk)
        self._seen: dict[str, int] = {}

    def batches(self, size: Callable[[], int]) -> Iterator[PatientBatch]:
        """The file's rows, sorted out."""
        for rows in self._report.portions(self._table.rows(), PatientRow, size):
            yield self._prepared(rows)

    def rows(self, batch: PatientBatch) -> int:
        """How many changes it has."""
        return len(batch.added) + len(batch.changed)

    def progress(self) -> tuple[int, int]:
        """Rows read, and what the file's size lets expect."""
        done = self._report.read
        return done, max(done, done * self._table.bytes_total // max(1, self._table.bytes_read))

    def _prepared(self, rows: Sequence[PatientRow]) -> PatientBatch:
        meant: list[tuple[PatientRow, Said, Registered]] = []
        adding: dict[str, Patient] = {}
        for row in rows:
            said = self._said(row)
            if said is None:
                continue
            key = row.external_id or _derived(said)
            found = self._people.keyed(key) or self._people.find(said)
            if found is None:
                self._people.add(said, key)
                patient = self._people.added.pop()
                adding[patient.id] = patient
                self._report.taken += 1
                self._report.patients += 1
            else:
                if row.external_id is not None and found.external_id is None:
                    self._people.claim(found.id, row.external_id)
                meant.append((row, said, found))
        # Somebody further down in the batch may mean somebody further up in it.
        ids = [found.id for _, _, found in meant if found.id not in adding]
        known = {p.id: p for p in load.patients(self._raw, ids, self._clinic_id)} if ids else {}
        changed: dict[str, tuple[Patient, Patient]] = {}
        base = external.imported_images(self._raw, Entity.PATIENT, list(known)) if known else {}
        for row, said, found in meant:
            old = adding.get(found.id) or (changed[found.id][1] if found.id in changed else known.get(found.id))
            if old is None:
                text = "The patient was removed while the import ran. Import the file again."
                self._report.refuse(row.line, "external_id", "changed_meanwhile", text)
                continue
            own = row.external_id is not None and found.external_id == row.external_id
            if own and found.external_system == self._system:
                wanted = self._up_to_date(old, said)
                new, kept = merged(base.get(old.id, {}), wanted, old, self._at)
                if kept:
                    text = f"Was changed here since; what the file says of {', '.join(kept)} is left out."
                    self._report.warn(row.line, kept[0], "changed_here", text)
            else:
                new = self._filled(old, said, row.external_id)
            if new == old:
                self._report.unchanged += 1
                continue
            self._report.taken += 1
            new = replace(new, updated=self._at)
            if found.id in adding:
                adding[found.id] = new
            else:
                changed[found.id] = (changed[found.id][0] if found.id in changed else old, new)
        return PatientBatch(list(adding.values()), list(changed.values()))

    def _said(self, row: PatientRow) -> Said | None:
        if row.external_id is not None:
            first = self._seen.setdefault(row.external_id, row.line)
            if first != row.line:
                text = f"The same id stands on line {first:,}; this line is left out."
                self._report.refuse(row.line, "external_id", "duplicate", text)
                return None
        if row.phone is not None or row.email is not None:
            self._report.issues(self._reader.warnings(row.line, row.phone, row.email))
        return Said(
            row.external_id,
            row.name,
            self._reader.email(row.email),
            self._reader.phone(row.phone),
            row.birth_date,
            row.sex,
            row.address,
            row.notes,
            row.alerts,
        )

    def _up_to_date(self, old: Patient, said: Said) -> Patient:
        """The patient as the file has her. What is empty in the file clears nothing."""
        new = replace(
            old,
            name=said.name or old.name,
            phone=said.phone or old.phone,
            birth_date=said.birth_date or old.birth_date,
            sex=said.sex or old.sex,
            address=said.address or old.address,
            private_notes=said.notes or old.private_notes,
            alerts=said.alerts or old.alerts,
        )
        return self._with_email(new, said.email)

    def _filled(self, old: Patient, said: Said, external_id: str | None) -> Patient:
        """The patient with what was missing."""
        new = replace(
            old,
            phone=old.phone or said.phone,
            birth_date=old.birth_date or said.birth_date,
            sex=old.sex or said.sex,
            address=old.address or said.address,
            private_notes=old.private_notes or said.notes,
            alerts=old.alerts or said.alerts,
        )
        if external_id is not None and old.external_id is None:
            new = replace(new, external_system=self._system, external_id=external_id)
        return new if shown_email(old.email) else self._with_email(new, said.email)

    def _with_email(self, patient: Patient, email: str | None) -> Patient:
        if email is None or email == shown_email(patient.email):
            return patient
        shared = self._people.email_taken(email, patient.id) and not patient.web_account
        return replace(patient, email=email, email_shared=shared)

    def write(self, tx: Transaction, batch: PatientBatch) -> None:
        """Write a batch, looking again at what others may have changed since it was prepared."""
        if batch.added:
            taken = external.taken_emails(tx.raw, [p.email for p in batch.added if not p.email_shared])
            added = [replace(p, email_shared=True) if p.email in taken else p for p in batch.added]
            tx.put_many([(None, p) for p in added], "patient.import")
        if batch.changed:
            now = {p.id: p for p in load.patients(tx.raw, [old.id for old, _ in batch.changed], self._clinic_id)}
            pairs = []
            for old, new in batch.changed:
                if (fresh := now.get(old.id)) is not None:
                    pairs.append((fresh, new if fresh == old else merged(image_of(old), new, fresh, self._at)[0]))
            tx.put_many(pairs, "patient.import")


def _derived(said: Said) -> str:
    """What a row without an id is known by: all that tells people apart."""
    parts = (fold(said.name or ""), said.email or "", said.phone or "", said.birth_date or "")
    return "h:" + blake2b("\n".join(parts).encode(), digest_size=15).hexdigest()
