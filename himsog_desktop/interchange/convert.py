"""From the cells of one line to one record: a map compiled for one header.

The quick way reads every cell with readers made beforehand; only when a cell is at fault is the line
read again with care, to name everything that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, Final

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import DAY, HOUR, MINUTE, Micros, Zone
from himsog_desktop.domain.time import zone as zone_of
from himsog_desktop.interchange.bounds import MAX_DAYS_LONG
from himsog_desktop.interchange.cells import BadCell, quoted
from himsog_desktop.interchange.columns import Cell, Read, Row, cell_of, reader_of
from himsog_desktop.interchange.map_model import FIELDS, ImportMap, Source
from himsog_desktop.interchange.maps import find_column
from himsog_desktop.interchange.moments import Moment, Placer
from himsog_desktop.interchange.records import AppointmentRow, LineIssue, Outcome, PatientRow, Record
from himsog_desktop.interchange.source import UNDECODED

Issues = list[LineIssue]
Out = list[Any]
"""The values of one line in the order of its fields; their types follow from the kinds of the fields."""

_REFUSING: Final = frozenset(
    {"start", "end", "status", "patient_key", "patient_name", "name", "external_id", "provider", "provider_key"}
)
"""Fields without which, or with a wrong reading of which, a record would say something untrue."""


class _Field:
    """One field of ours, ready to be read from a line."""

    __slots__ = ("cell", "key", "read", "slot")

    def __init__(self, key: str, slot: int, cell: Cell, read: Read) -> None:
        self.key, self.slot, self.cell, self.read = key, slot, cell, read


class Converter:
    """A map compiled for one header; ``convert`` makes a record of a line.

    Raises BadInput when the map needs a column that the header has not. ``today`` settles birth years
    of two digits.
    """

    def __init__(self, plan: ImportMap, header: Sequence[str], zone: Zone, today: date) -> None:
        self.plan, self._header, self._today = plan, list(header), today
        self._names = FIELDS[plan.kind]
        self._zone = zone_of(plan.zone) if plan.zone else zone
        self._placer = Placer(self._zone)
        self._placers: dict[str, Placer] = {}
        self._order = {key: slot for slot, key in enumerate(self._names)}
        self._template: Out = [None] * len(self._order)
        self._fields: list[_Field] = []
        self._plain: list[tuple[int, int, Read]] = []
        self._made: list[_Field] = []
        self._used: set[int] = set()
        self._zone_cell: int | None = None
        for key, source in plan.fields.items():
            self._add(key, source)
        for list_field in ("services", "alerts"):
            if list_field in self._order and self._template[self._order[list_field]] is None:
                self._template[self._order[list_field]] = ()
        self._skips = [
            (index, rule) for rule in plan.skip if (index := find_column(self._header, rule.column)) is not None
        ]
        self.infers = bool((duration := plan.fields.get("duration")) and duration.infer)
        self._days_only = False
        self._derives = "external_id" not in plan.fields
        # Where the record's raw parts stand.
        self._slots = tuple(self._order.get(key, -1) for key in ("start", "end", "duration", "status"))
        self._make = self._patient if plan.kind == "patients" else self._appointment

    # ---------------------------------------------------------------------------------- compiling

    def _column(self, key: str, name: str, *, optional: bool) -> int | None:
        index = find_column(self._header, name)
        if index is not None:
            self._used.add(index)
        elif not optional:
            seen = ", ".join(header[:40] for header in self._header[:40])
            raise BadInput(
                "bad_value",
                f"The map {self.plan.name!r} takes {key} from a column {name[:60]!r}, which the file does not have. "
                f"Its columns: {seen}.",
            )
        return index

    def _add(self, key: str, source: Source) -> None:
        slot = self._order[key]
        if source.zone_column:
            self._zone_cell = self._column(key, source.zone_column, optional=source.optional)
        read = reader_of(self._names[key], source, self.plan.decimal, self._today)
        if source.pick == "constant":
            if source.constant is not None and source.constant != "":
                try:
                    self._template[slot] = read(source.constant)
                except BadCell as bad:
                    text = f"The map {self.plan.name!r}, key '{key}.constant': {bad.text}"
                    raise BadInput("bad_value", text) from None
            return
        lenient = source.optional or source.pick == "any"
        found = [self._column(key, name, optional=lenient) for name in source.columns]
        indexes = [index for index in found if index is not None]
        if not indexes:
            if source.pick == "any" and not source.optional:
                self._column(key, source.columns[0], optional=False)
            return
        cell = cell_of(source, indexes)
        field = _Field(key, slot, cell, read)
        self._fields.append(field)
        if len(indexes) == 1 and not (source.strip_prefix or source.pattern or source.split or source.flip):
            self._plain.append((slot, indexes[0], read))
        else:
            self._made.append(field)

    # ------------------------------------------------------------------------------------ reading

    def convert(self, line: int, row: Row, suspicious: bool, issues: Issues) -> Record | None:
        """The record of one line, or None when it is refused; what there is to say goes to ``issues``.

        ``row`` has at least as many cells as the header. ``suspicious``: look for undecodable bytes.
        """
        if suspicious and not self._sound(line, row, issues):
            return None
        for index, rule in self._skips:
            if row[index].strip().casefold() in rule.values:
                issues.append(LineIssue(line, "refused", rule.column, "skipped", rule.text))
                return None
        out = self._template[:]
        try:
            for slot, index, read in self._plain:
                if text := row[index]:
                    out[slot] = read(text)
            for field in self._made:
                if text := field.cell(row):
                    out[field.slot] = field.read(text)
        except BadCell:
            if not self._careful(line, row, out, issues):
                return None
        return self._make(line, row, out, issues)

    def _sound(self, line: int, row: Row, issues: Issues) -> bool:
        for index in self._used:
            if UNDECODED.search(row[index]):
                text = "Has characters that cannot be read: the file is damaged here or in another encoding."
                issues.append(LineIssue(line, "refused", self._header[index][:60], "encoding", text))
                return False
            if "\0" in row[index]:
                text = "Has a zero byte: the file is damaged here."
                issues.append(LineIssue(line, "refused", self._header[index][:60], "nul", text))
                return False
        return True

    def _careful(self, line: int, row: Row, out: Out, issues: Issues) -> bool:
        """Read every field by itself; False when the line has to be refused."""
        out[:] = self._template
        good = True
        for field in self._fields:
            text = field.cell(row)
            if not text.strip():
                continue
            try:
                out[field.slot] = field.read(text)
            except BadCell as bad:
                refused = field.key in _REFUSING
                good = good and not refused
                words = bad.text if refused else f"{bad.text} Left out."
                issues.append(LineIssue(line, "refused" if refused else "warned", field.key, bad.rule, words))
        return good

    def start_seconds(self, row: Row) -> int | None:
        """The wall clock of the start, to look at before reading; None when there is none."""
        slot = self._slots[0]
        for field in self._fields:
            if field.slot == slot:
                try:
                    moment = field.read(text) if (text := field.cell(row).strip()) else None
                except BadCell:
                    return None
                return moment[1] if isinstance(moment, tuple) else None
        return None

    def take_days_only(self) -> None:
        """Starts are days: the file writes midnight for all of them."""
        self._days_only = True

    def set_default_duration(self, minutes: int) -> None:
        """What an appointment without end or length lasts."""
        self._template[self._slots[2]] = minutes

    # ------------------------------------------------------------------------------------- making

    def _patient(self, line: int, row: Row, out: Out, issues: Issues) -> PatientRow | None:
        if out[self._order["name"]] is None:
            issues.append(LineIssue(line, "refused", "name", "missing", "Has no name."))
            return None
        row_made = PatientRow(line, *out)
        if self._derives:
            return row_made._replace(external_id=_derived(*row_made[2:6]))
        return row_made

    def _appointment(self, line: int, row: Row, out: Out, issues: Issues) -> AppointmentRow | None:
        (external_id, number, start_raw, end_raw, duration, status_raw, provider, provider_key, patient_key,
         patient_name, email, phone, birth_date, sex, address, services, price, notes, location, room, type_,
         booked_raw, cancelled_raw, reason, check_in_raw, real_start_raw, real_end_raw) = out  # fmt: skip
        if patient_name is None and patient_key is None:
            issues.append(LineIssue(line, "refused", "patient_name", "missing", "Names no patient."))
            return None
        placer = self._placer
        if self._zone_cell is not None and row[self._zone_cell].strip():
            try:
                placer = self._placer_of(row[self._zone_cell])
            except ValueError:
                text = f"There is no time zone {quoted(row[self._zone_cell])}."
                issues.append(LineIssue(line, "refused", "zone", "bad_value", text))
                return None
        if not isinstance(start_raw, tuple) or start_raw[0] is None:
            text = "Has no start." if start_raw is None else "Has a time and no day."
            issues.append(LineIssue(line, "refused", "start", "missing", text))
            return None
        day, seconds, offset = start_raw
        if self._days_only:
            seconds = offset = None
        try:
            start = placer.instant(day, seconds or 0, offset)
            end: Micros | None = None
            if isinstance(end_raw, tuple) and (end_raw[1] is not None or (end_raw[0] is not None and seconds is None)):
                end = self._end(placer, day, start, end_raw)
            elif isinstance(duration, int):
                end = start + duration * MINUTE
            if end is not None and end <= start:
                refused: Outcome = "refused" if end < start else "warned"
                rule = "ends_before_start" if end < start else "no_length"
                text = "Ends before it starts." if end < start else "Ends when it starts: the provider's slot is taken."
                issues.append(LineIssue(line, refused, "end", rule, text))
                if end < start:
                    return None
                end = start + duration * MINUTE if isinstance(duration, int) else None
            if end is not None and end - start > MAX_DAYS_LONG * DAY:
                text = f"Lasts more than {MAX_DAYS_LONG} days."
                issues.append(LineIssue(line, "refused", "end", "too_long", text))
                return None
            check_in = real_start = real_end = None
            if check_in_raw is not None or real_start_raw is not None or real_end_raw is not None:
                check_in = self._near(placer, day, start, check_in_raw)
                real_start = self._near(placer, day, start, real_start_raw)
                real_end = self._after(placer, day, real_start or start, real_end_raw)
            booked = None if booked_raw is None else self._moment(placer, booked_raw)
            cancelled = None if cancelled_raw is None else self._moment(placer, cancelled_raw)
        except (OverflowError, ValueError):
            issues.append(LineIssue(line, "refused", "start", "bad_date", "Lies outside the years that can be kept."))
            return None
        if self._derives:
            external_id = _derived(start, patient_key or patient_name, provider_key or provider, services)
        status, outcome_missing, strange = status_raw or (Status.CONFIRMED, True, None)
        if strange is not None:
            kept = "the outcome is missing" if outcome_missing else f"{status} was taken"
            text = f"The map does not know the status {quoted(strange)}: {kept}."
            issues.append(LineIssue(line, "warned", "status", "bad_status", text))
        return AppointmentRow(
            line, external_id, number, start, end, seconds is None, status, outcome_missing, provider, provider_key,
            patient_key, patient_name, email, phone, birth_date, sex, address, services, price, notes, location,
            room, type_, booked, cancelled, reason, check_in, real_start, real_end,
        )  # fmt: skip

    def _placer_of(self, name: str) -> Placer:
        name = name.strip()
        known = self._placers.get(name)
        if known is None:
            if len(self._placers) > 600 or len(name) > 60:
                raise ValueError("too many zones")
            known = self._placers[name] = Placer(zone_of(name))
        return known

    @staticmethod
    def _end(placer: Placer, day: date, start: Micros, raw: Moment) -> Micros:
        """The end; a time alone is of the start's day, or of the next when it would lie before the start."""
        if raw[0] is not None:
            whole_day = raw[1] is None
            return placer.instant(raw[0], raw[1] or 0, raw[2]) + (DAY if whole_day else 0)
        end = placer.instant(day, raw[1] or 0, raw[2])
        return end + DAY if end < start else end

    @staticmethod
    def _near(placer: Placer, day: date, start: Micros, raw: object) -> Micros | None:
        """A time of the visit: of the appointment's day, or of the day beside it if that is nearer to the start."""
        if not isinstance(raw, tuple) or raw[1] is None:
            return None
        if raw[0] is not None:
            return placer.instant(raw[0], raw[1], raw[2])
        moment = placer.instant(day, raw[1], raw[2])
        if moment - start > 12 * HOUR:
            return moment - DAY
        return moment + DAY if start - moment > 12 * HOUR else moment

    @staticmethod
    def _after(placer: Placer, day: date, earliest: Micros, raw: object) -> Micros | None:
        """A time of the visit that follows another, across midnight if need be."""
        if not isinstance(raw, tuple) or raw[1] is None:
            return None
        if raw[0] is not None:
            return placer.instant(raw[0], raw[1], raw[2])
        moment = placer.instant(day, raw[1], raw[2])
        while moment < earliest:
            moment += DAY
        return moment

    @staticmethod
    def _moment(placer: Placer, raw: object) -> Micros | None:
        if not isinstance(raw, tuple) or raw[0] is None:
            return None
        return placer.instant(raw[0], raw[1] or 0, raw[2])


def _derived(*parts: object) -> str:
    """An id for a record of a system that gives none: the same line has the same one, and it tells nothing."""
    return "~" + blake2b(repr(parts).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
