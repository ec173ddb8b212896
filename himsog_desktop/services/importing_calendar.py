"""Importing a calendar file for a provider: as blocked time, or as appointments.

The file is read by a child process under bounds (contract, "Calendar files"). Each occurrence is known
by its entry's UID and its place in the series, so the same file again changes nothing. What the calendar
shows as free blocks no time (RFC 5545, TRANSP); a cancelled entry is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.clinic import Block
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.rights import Verb
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.interchange.ics_read import default_window, read_calendar
from himsog_desktop.interchange.records import AppointmentRow
from himsog_desktop.runtime.child import run_child
from himsog_desktop.services import diaries
from himsog_desktop.services.documents import IcsImportDoc, OccurrenceDoc, SkippedDoc
from himsog_desktop.services.importing_appointments import AppointmentJob
from himsog_desktop.services.importing_merge import merged
from himsog_desktop.services.importing_report import Report
from himsog_desktop.services.importing_run import Asked, run
from himsog_desktop.storage import external, load
from himsog_desktop.storage.entities import Entity
from himsog_desktop.storage.images import image_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.interchange.ics_model import CalendarContent, Occurrence
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.write import Transaction

SYSTEM = "ics"
NO_TITLE = "Busy"
_KEY_MOST = 150
_TITLE_MOST = 200
_FIELDS = ("external_id", "start", "end", "status", "provider", "patient_name", "services")


def import_ics(
    desk: Desk,
    path: Path,
    provider: str,
    *,
    kind: str = "blocks",
    dry_run: bool = False,
    low: Micros | None = None,
    high: Micros | None = None,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> IcsImportDoc:
    """Import what a calendar file has in a window (by default from 90 days ago, for two years).

    ``kind`` is ``blocks`` or ``appointments``; an entry's title is then "patient - service", and patients
    and services that are not there are added. Raises BadInput for a file beyond the bounds, an unknown
    provider or a bad window, Refused("cancelled"), Refused("in_use"), NoAccess; nothing is kept then.
    """
    desk.require(Verb.IMPORT)
    if kind not in ("blocks", "appointments"):
        raise BadInput("usage", "A calendar is imported as blocks or as appointments.")
    asked = Asked("import.ics", IcsImportDoc, request_id, f"{path}\n{provider}\n{kind}\n{dry_run}\n{low}\n{high}")
    if (known := asked.answered(desk)) is not None:
        return known
    column = diaries.provider_of(desk.reader, provider, desk.clinic)
    window = _window(desk, low, high)
    content = read_calendar(path, zone=desk.zone, window=window, run_child=run_child, cancelled=cancelled)
    report = Report()
    skipped = _said(content, report, free_counts=kind == "appointments")
    job: BlockJob | AppointmentJob
    if kind == "blocks":
        job = BlockJob(desk, content, column, report)
    else:
        feed = Feed(content, column, desk.now())
        job = AppointmentJob(desk, feed, report, create=True)

    def document(act: str | None) -> IcsImportDoc:
        made = report.document(kind, dry_run=dry_run, act=act, encoding=content.encoding)
        return IcsImportDoc(
            **msgspec.structs.asdict(made),
            events=content.events,
            occurrences=[_occurrence(found, desk.zone) for found in content.occurrences],
            skipped=skipped,
        )

    if isinstance(job, BlockJob):
        return run(desk, job, asked, document, dry_run=dry_run, progress=progress, cancelled=cancelled)
    return run(desk, job, asked, document, dry_run=dry_run, progress=progress, cancelled=cancelled)


def _window(desk: Desk, low: Micros | None, high: Micros | None) -> tuple[Micros, Micros]:
    usual = default_window(desk.now(), desk.zone)
    length = usual[1] - usual[0]
    if low is None:
        # With an end alone: as much as may be read before it.
        low = usual[0] if high is None or high > usual[0] else high - length
        if high is not None and high - low > length:
            low = high - length
    return low, (low + length if high is None else high)


def _said(content: CalendarContent, report: Report, *, free_counts: bool) -> list[SkippedDoc]:
    """Put what the reader says into the report; answers what was left out."""
    skipped = []
    for entry in content.skipped:
        skipped.append(SkippedDoc(entry.uid, entry.rule, entry.text))
        if entry.rule != "cancelled":
            report.refuse(entry.line, None, entry.rule, entry.text)
    for warning in content.warned:
        report.warn(warning.line, warning.field, warning.rule, warning.text)
    if not free_counts:
        free = dict.fromkeys(found.uid for found in content.occurrences if found.free)
        skipped += [SkippedDoc(uid, "free", "Shown as free in the calendar: it blocks no time.") for uid in free]
    return skipped


def _occurrence(found: Occurrence, zone: Zone) -> OccurrenceDoc:
    return OccurrenceDoc(found.uid, zone.iso(found.start), zone.iso(found.end), found.all_day, found.summary or "")


def external_key(provider_id: str, key: str, times: dict[str, int]) -> str:
    """The id of an occurrence at a provider; one that comes twice is counted."""
    made = f"{provider_id}/{key}"
    if len(key) > _KEY_MOST:
        made = f"{provider_id}/h:{blake2b(key.encode('utf-8', 'replace'), digest_size=15).hexdigest()}"
    times[made] = times.get(made, 0) + 1
    return made if times[made] == 1 else f"{made}:{times[made]}"


# --------------------------------------------------------------------------------------- blocks


@dataclass(slots=True)
class BlockBatch:
    """What goes into one transaction."""

    pairs: list[tuple[Block | None, Block]]


class BlockJob:
    """Writes the occurrences of a calendar as blocked time."""

    def __init__(self, desk: Desk, content: CalendarContent, provider: Provider, report: Report) -> None:
        self._raw, self._at, self._report = desk.reader, desk.now(), report
        self._provider = provider
        times: dict[str, int] = {}
        self._wanted = [
            (external_key(provider.id, found.key, times), found) for found in content.occurrences if not found.free
        ]
        self._done = 0

    def batches(self, size: Callable[[], int]) -> Iterator[BlockBatch]:
        """The occurrences, compared with what there is."""
        while self._done < len(self._wanted):
            some = self._wanted[self._done : self._done + size()]
            self._done += len(some)
            yield self._prepared(some)

    def rows(self, batch: BlockBatch) -> int:
        """How many changes it has."""
        return len(batch.pairs)

    def progress(self) -> tuple[int, int]:
        """Occurrences done, and all of them."""
        return self._done, len(self._wanted)

    def _prepared(self, some: Sequence[tuple[str, Occurrence]]) -> BlockBatch:
        ids = external.block_ids(self._raw, SYSTEM, [key for key, _ in some])
        known = {b.id: b for b in load.blocks(self._raw, ids.values())} if ids else {}
        base: dict[str, dict[str, object]] = {}
        pairs: list[tuple[Block | None, Block]] = []
        for key, found in some:
            old = known.get(ids[key]) if key in ids else None
            end = found.end if found.end > found.start else found.start + self._provider.slot_minutes * MINUTE
            new = Block(
                id=new_id() if old is None else old.id,
                provider_id=self._provider.id,
                start=found.start,
                end=end,
                title=(found.summary or NO_TITLE)[:_TITLE_MOST],
                created=self._at if old is None else old.created,
                updated=self._at if old is None else old.updated,
                all_day=found.all_day,
                external_system=SYSTEM,
                external_id=key,
            )
            if old is not None and new != old:
                if not base:
                    base = external.imported_images(self._raw, Entity.BLOCK, list(known))
                new, _ = merged(base.get(old.id, {}), new, old, self._at)
            if new == old:
                self._report.unchanged += 1
            else:
                self._report.taken += 1
                pairs.append((old, new))
        return BlockBatch(pairs)

    def write(self, tx: Transaction, batch: BlockBatch) -> None:
        """Write a batch, looking again at what others may have changed since it was prepared."""
        olds = [old.id for old, _ in batch.pairs if old is not None]
        now = {b.id: b for b in load.blocks(tx.raw, olds)} if olds else {}
        pairs: list[tuple[Block | None, Block]] = []
        for old, new in batch.pairs:
            if old is None or now.get(old.id) == old:
                pairs.append((old, new))
            elif (fresh := now.get(old.id)) is not None:
                pairs.append((fresh, merged(image_of(old), new, fresh, self._at)[0]))
        tx.put_many(pairs, "block.import")


# --------------------------------------------------------------------------------- appointments


class Feed:
    """The occurrences of a calendar as rows of a table (``importing_appointments.Source``)."""

    system = SYSTEM
    fields: Sequence[str] = _FIELDS
    inferred_minutes = None

    def __init__(self, content: CalendarContent, provider: Provider, now: Micros) -> None:
        self._content, self._provider, self._now = content, provider, now
        self.bytes_total = max(1, len(content.occurrences))
        self.bytes_read = 0

    def rows(self) -> Iterator[AppointmentRow]:
        """One row an occurrence; the title is "patient - service", or the patient alone."""
        times: dict[str, int] = {}
        for found in self._content.occurrences:
            self.bytes_read += 1
            patient, _, service = (found.summary or "").partition(" - ")
            past = found.end <= self._now
            yield AppointmentRow(
                line=found.line,
                external_id=external_key(self._provider.id, found.key, times),
                number=None,
                start=found.start,
                end=found.end if found.start < found.end <= found.start + 366 * DAY else None,
                day_only=False,
                status=Status.PENDING if found.tentative and not past else Status.CONFIRMED,
                outcome_missing=past,
                provider=None,
                provider_key=self._provider.id,
                patient_key=None,
                patient_name=patient.strip()[:_TITLE_MOST] or None,
                patient_email=None,
                patient_phone=None,
                patient_birth_date=None,
                patient_sex=None,
                patient_address=None,
                services=(service.strip()[:_TITLE_MOST],) if service.strip() else (),
                price=None,
                notes=None,
                location=None,
                room=None,
                type=None,
                booked_on=None,
                cancelled_at=None,
                cancellation_reason=None,
                check_in=None,
                real_start=None,
                real_end=None,
            )
