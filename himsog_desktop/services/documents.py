"""The documents of the contract, as typed structures; ``msgspec.json.encode`` gives the JSON.

Instants are ISO 8601 with the clinic's offset, dates clinic dates, money decimal strings, enums upper
case as the platform's; absent is null with the key present. Long because it is one list: every document
of the contract beside the others.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Doc(msgspec.Struct, frozen=True):
    """A document of the contract."""


class Named(Doc, frozen=True):
    """An id with its name."""

    id: str
    name: str


class PatientRef(Doc, frozen=True):
    """The patient as an appointment shows it."""

    id: str
    name: str
    email: str | None
    phone: str | None
    birth_date: str | None


class BookedDoc(Doc, frozen=True):
    """A booked service."""

    id: str
    name: str
    price: str


class CancelledDoc(Doc, frozen=True):
    """When, for whom and why an appointment was cancelled."""

    at: str | None
    by: str | None
    reason: str | None


class ExternalDoc(Doc, frozen=True):
    """The key of a row in the system that it came from."""

    system: str
    id: str


class AppointmentDoc(Doc, frozen=True):
    """One appointment."""

    id: str
    number: str
    clinic: Named
    provider: Named
    patient: PatientRef
    start: str
    end: str
    duration_minutes: int
    status: str
    visit: str | None
    services: list[BookedDoc]
    total: str
    currency: str
    location: str
    type: str | None
    resources: list[Named]
    lane: int
    overbook_reason: str | None
    notes: str | None
    cancelled: CancelledDoc | None
    source: str
    external: ExternalDoc | None
    created: str
    updated: str
    sync: str
    outcome_missing: bool = False


class ReasonDoc(Doc, frozen=True):
    """A rule and its words."""

    rule: str
    text: str


class SlotDoc(Doc, frozen=True):
    """A slot with every rule that blocks it."""

    provider: str | None
    start: str
    end: str
    available: bool
    reasons: list[ReasonDoc]


class RefusedDoc(Doc, frozen=True):
    """One row of a bulk act that was refused; ``alternatives`` are times that are free instead."""

    id: str
    code: str
    rules: list[ReasonDoc]
    alternatives: list[SlotDoc] = []


class ActDoc(Doc, frozen=True):
    """What an act did. ``count`` is how many appointments it changed.

    To a window that shows many of them anyhow ``changed`` is left empty (``shown`` of a service).
    """

    act: str
    kind: str
    at: str
    by: Named | None
    undoable_until: str | None
    changed: list[AppointmentDoc]
    refused: list[RefusedDoc]
    count: int = 0


class PlaceDoc(Doc, frozen=True):
    """Where and how an appointment stands, before a bulk act or after it."""

    start: str
    end: str
    provider: Named
    status: str


class OutcomeDoc(Doc, frozen=True):
    """What a bulk act will do to one appointment; ``after`` is null when it is refused.

    ``rules`` are all that refuse it, ``alternatives`` up to three times that are free instead.
    """

    id: str
    number: str
    patient: str
    before: PlaceDoc
    after: PlaceDoc | None
    rules: list[ReasonDoc]
    alternatives: list[SlotDoc]


class PreviewDoc(Doc, frozen=True):
    """Every outcome of a bulk act before it happens, and how many appointments will change."""

    outcomes: list[OutcomeDoc]
    will_change: int
    refused: int


class NoticeDoc(Doc, frozen=True):
    """A message to a patient that waits. ``state`` is ``held`` for three minutes, then ``due``."""

    appointment: str
    number: str
    kind: str
    patient: str
    provider: Named
    start: str
    due: str
    state: str
    channels: list[str]
    act: str


class HistoryDoc(Doc, frozen=True):
    """One change of one aggregate."""

    seq: int
    at: str
    by: Named | None
    source: str
    device: str
    act: str
    kind: str
    before: dict[str, object]
    after: dict[str, object]


class ConsentDoc(Doc, frozen=True):
    """Consent per channel."""

    email: bool
    sms: bool
    push: bool
    whatsapp: bool


class PatientDoc(Doc, frozen=True):
    """One patient."""

    id: str
    name: str
    email: str | None
    phone: str | None
    birth_date: str | None
    sex: str | None
    address: str | None
    status: str
    blocked: bool
    favorite: bool
    alerts: list[str]
    consent: ConsentDoc
    bookings: int
    last_visit: str | None
    external: ExternalDoc | None
    private_notes: str | None = None


class HoursDoc(Doc, frozen=True):
    """An open block of a weekday (0 = Sunday)."""

    clinic: str
    day: int
    start: str
    end: str


class BreakDoc(Doc, frozen=True):
    """A pause of a weekday."""

    name: str
    day: int
    start: str
    end: str


class PolicyDoc(Doc, frozen=True):
    """What a provider's bookings obey."""

    notice_minutes: int
    cancel_hours: int
    auto_confirm: bool
    max_per_day: int | None
    buffer_before: int
    buffer_after: int
    overbook_lanes: int


class OverrideDoc(Doc, frozen=True):
    """A date that differs from the usual hours."""

    date: str
    available: bool
    start: str | None
    end: str | None
    kind: str
    reason: str | None


class ProviderDoc(Doc, frozen=True):
    """One provider."""

    id: str
    name: str
    status: str
    slot_minutes: int
    clinics: list[str]
    hours: list[HoursDoc]
    breaks: list[BreakDoc]
    policy: PolicyDoc
    specialty: str | None = None
    overrides: list[OverrideDoc] = []
    key: str | None = None


class ServiceDoc(Doc, frozen=True):
    """One service."""

    id: str
    provider: str
    catalogue: str | None
    name: str
    kind: str
    parts: list[str]
    pricing: str
    price_min: str
    price_max: str
    duration_minutes: int | None
    buffer_before: int
    buffer_after: int
    max_per_day: int | None
    active: bool
    key: str | None = None


class ClinicDoc(Doc, frozen=True):
    """The home clinic of a profile."""

    id: str
    name: str
    timezone: str
    currency: str


class CountsDoc(Doc, frozen=True):
    """How much a profile holds."""

    patients: int
    appointments: int
    pending: int
    attention: int


class RemoteDoc(Doc, frozen=True):
    """The server of a shared profile."""

    url: str
    kind: Literal["postgres", "http"]
    signed_in: list[str]
    last_sync: str | None


class ProfileDoc(Doc, frozen=True):
    """A profile."""

    id: str
    path: str
    clinic: ClinicDoc
    schema: str
    protocol: int
    remote: RemoteDoc | None
    key: list[str]
    counts: CountsDoc


class CreatedDoc(Doc, frozen=True):
    """A new profile; the recovery key is shown this once."""

    id: str
    recovery_key: str


class SyncDoc(Doc, frozen=True):
    """What one ``himsog sync`` did, and how it stands now."""

    state: Literal["done", "offline", "held", "signed_out", "revoked"]
    reason: str | None
    mode: Literal["delta", "full"]
    pushed: int
    pulled: int
    refused: int
    waiting: int
    oldest_waiting_s: int | None
    duration_ms: int
    unread: int = 0


class LineDoc(Doc, frozen=True):
    """What was wrong with a line of an imported file."""

    line: int
    outcome: Literal["refused", "warned"]
    field: str | None
    rule: str
    text: str


class CreatedCountsDoc(Doc, frozen=True):
    """What an import made besides its rows."""

    patients: int = 0
    providers: int = 0
    services: int = 0


class OccurrenceDoc(Doc, frozen=True):
    """One occurrence of a calendar file inside the window."""

    uid: str
    start: str
    end: str
    all_day: bool
    summary: str


class SkippedDoc(Doc, frozen=True):
    """An item of a calendar file that was left out, and why."""

    uid: str | None
    rule: str
    text: str


class ImportDoc(Doc, frozen=True):
    """The report of an import; ``read`` = taken + unchanged + refused.

    ``lines`` are the first thousand; ``lines_left_out`` says how many more there were.
    """

    kind: str
    dry_run: bool
    act: str | None
    encoding: str
    read: int
    taken: int
    unchanged: int
    refused: int
    warned: int
    created: CreatedCountsDoc
    by_status: dict[str, int]
    lines: list[LineDoc]
    lines_left_out: int = 0


class IcsImportDoc(ImportDoc, frozen=True):
    """The report of a calendar file."""

    events: int = 0
    occurrences: list[OccurrenceDoc] = []
    skipped: list[SkippedDoc] = []


class TableDigestDoc(Doc, frozen=True):
    """One table of a digest."""

    rows: int
    sha256: str


class DigestDoc(Doc, frozen=True):
    """A fingerprint of the data in scope."""

    scope: dict[str, str]
    tables: dict[str, TableDigestDoc]


class ExportDoc(Doc, frozen=True):
    """How many rows went into which file."""

    rows: int
    file: str


class PrintDoc(Doc, frozen=True):
    """How many appointments went on how many sheets of which file."""

    rows: int
    pages: int
    file: str


class FindingDoc(Doc, frozen=True):
    """One finding of ``doctor``: ``level`` is ok, warning or error."""

    name: str
    level: str
    text: str
    todo: str | None = None


class HealthDoc(Doc, frozen=True):
    """The health of a profile."""

    ok: bool
    findings: list[FindingDoc]


class ErrorBody(Doc, frozen=True):
    """What went wrong."""

    code: str
    message: str
    details: list[ReasonDoc]
    alternatives: list[SlotDoc]


class ErrorDoc(Doc, frozen=True):
    """An error of the contract."""

    error: ErrorBody


class EntityDoc(Doc, frozen=True):
    """Which aggregate it is about."""

    type: str
    id: str


class MineDoc(Doc, frozen=True):
    """What somebody of the desk wanted: the fields of the intent that was refused. ``by`` is her name."""

    kind: str
    by: str | None
    at: str
    device: str
    values: dict[str, object]


class TheirsDoc(Doc, frozen=True):
    """What stands there now in the same fields, or who has the place that was wanted; ``by`` as far as is known."""

    by: str | None
    at: str | None
    source: str
    values: dict[str, object]


class AttentionDoc(Doc, frozen=True):
    """A card of Needs attention. ``base``: the same fields as they were seen when she acted.

    ``start`` is the appointment that is affected, ``soon`` whether that is less than a day away.
    """

    id: str
    kind: str
    entity: EntityDoc
    mine: MineDoc
    theirs: TheirsDoc
    base: dict[str, object]
    rules: list[ReasonDoc]
    ways: list[str]
    alternatives: list[SlotDoc]
    patient: PatientRef | None = None
    provider: Named | None = None
    start: str | None = None
    soon: bool = False
    creates: bool = False
    deletes: bool = False


class SetupChangeDoc(Doc, frozen=True):
    """One entry of a set-up document that was added or changed; ``fields`` are what changed."""

    entity: str
    key: str
    id: str
    change: Literal["added", "changed"]
    fields: list[str]


class SetupDoc(ActDoc, frozen=True):
    """What a set-up document did, or with ``dry_run`` would do: then ``act`` is null."""

    act: str | None  # type: ignore[assignment]
    dry_run: bool = False
    setup: list[SetupChangeDoc] = []
