"""Entries of a calendar as occurrences within a window.

Entries without recurrence are placed directly. A series is expanded within a slice of CPU time of its
own: one bad rule costs its own entry and no other.
"""

from __future__ import annotations

import time as clock
from datetime import datetime, timedelta
from typing import Final

from himsog_desktop.domain.time import Micros, to_datetime, to_micros
from himsog_desktop.interchange.bounds import MAX_OCCURRENCES
from himsog_desktop.interchange.ics_entries import Entry, EntryReader, stamp
from himsog_desktop.interchange.ics_guard import OutOfTime, cpu_slice
from himsog_desktop.interchange.ics_lines import OutOfBounds, RawCalendar
from himsog_desktop.interchange.ics_model import Occurrence
from himsog_desktop.interchange.ics_rules import BadRule
from himsog_desktop.interchange.ics_series import expand, load_libraries
from himsog_desktop.interchange.ics_values import When, is_day
from himsog_desktop.interchange.ics_zones import Zones

_MAX_ALL: Final = 150_000
"""Occurrences of one file inside the window: what the memory of the child can hold."""

_TOO_SLOW: Final = "Its rule takes too long to work out: it may have no occurrence."
_QUICK_SLICE: Final = 0.05


class Expander:
    """Expands the entries of one file into ``occurrences``; what is left out goes to the calendar's ``skipped``."""

    def __init__(self, calendar: RawCalendar, zones: Zones, window: tuple[Micros, Micros], until: float) -> None:
        self.calendar, self.clinic = calendar, zones.clinic
        self.reader = EntryReader(calendar, zones)
        self.first, self.last = window
        self._until = until  # of the process's CPU time
        self.occurrences: list[Occurrence] = []
        self.outside = 0

    def run(self) -> None:
        """Expand everything. Raises OutOfBounds when there is more than can be held."""
        groups: dict[str, list[Entry]] = {}
        for raw in self.calendar.events:
            entry = self.reader.entry(raw)
            if entry is not None:
                groups.setdefault(entry.uid, []).append(entry)
        again: list[list[Entry]] = []
        for group in groups.values():
            changed = sum(entry.recurrence_id is not None for entry in group)
            # Changes of a series that is not in the file stand for themselves, whatever rule they carry.
            if changed == len(group) or (changed == 0 and not any(entry.recurs for entry in group)):
                self._single(group)
            elif not self._series(group, _QUICK_SLICE):
                again.append(group)
        # What was not done at once gets a share of what is left.
        for group in again:
            left = self._until - clock.process_time()
            if left < 0.05 or not self._series(group, min(1.0, left / 3)):
                self.reader.skip(group[0], "takes_too_long", _TOO_SLOW)
        self.occurrences.sort(key=lambda occurrence: (occurrence.start, occurrence.key))

    def _instant(self, when: When) -> Micros:
        if isinstance(when, datetime):
            return to_micros(when)
        return to_micros(datetime(when.year, when.month, when.day, tzinfo=self.clinic))

    def _place(self, entry: Entry, start: When, end: When, key: str) -> Occurrence | None:
        """The occurrence, or None when it has no part in the window."""
        first, last = self._instant(start), self._instant(end)
        if first >= self.last or last < self.first or (last == self.first and first < last):
            return None
        return Occurrence(
            uid=entry.uid,
            key=key,
            start=first,
            end=last,
            all_day=is_day(start),
            summary=entry.summary,
            line=entry.raw.line,
            tentative=entry.status == "TENTATIVE",
            free=entry.free,
        )

    def _take(self, found: list[Occurrence]) -> None:
        self.occurrences += found
        if not found:
            self.outside += 1
        if len(self.occurrences) > _MAX_ALL:
            raise OutOfBounds("too_long", f"The calendar file has more than {_MAX_ALL:,} occurrences in the window.")

    def _single(self, group: list[Entry]) -> None:
        """Entries without recurrence. One UID several times is several entries, unless one replaces another."""
        if len(group) > 1 and group[0].recurrence_id is None:
            newest = max(entry.sequence for entry in group)
            group = [entry for entry in group if entry.sequence == newest]
        taken: set[str] = set()
        for entry in group:
            if entry.cancelled:
                self.reader.skip(entry, "cancelled", "It is cancelled in the calendar.")
                continue
            key = entry.uid
            if len(group) > 1 or entry.recurrence_id:
                key = f"{entry.uid}/{stamp(entry.recurrence_id or entry.start)}"
                if key in taken:
                    continue
                taken.add(key)
            occurrence = self._place(entry, entry.start, entry.end, key)
            self._take([occurrence] if occurrence else [])

    def _series(self, group: list[Entry], seconds: float) -> bool:
        """Expand the entries of one UID; False when the slice was too short, and nothing was taken."""
        masters = [entry for entry in group if entry.recurrence_id is None]
        changes = [entry for entry in group if entry.recurrence_id is not None]
        newest = max(entry.sequence for entry in masters)
        masters = [entry for entry in masters if entry.sequence == newest]
        found: dict[tuple[str, Micros, Micros], Occurrence] = {}
        for master in masters:
            load_libraries(master, changes)
            try:
                with cpu_slice(seconds):
                    expanded = self._expand(master, changes)
            except OutOfTime:
                return False
            except BadRule as bad:
                self.reader.skip(master, bad.rule, bad.text)
            except (ValueError, OverflowError):
                self.reader.skip(master, "bad_value", "A day, time or rule of the series cannot be read.")
            except MemoryError:
                raise
            except Exception:  # whatever a rule makes a library do is the entry's fault, not ours
                self.reader.skip(master, "bad_value", "The rule by which it repeats cannot be worked out.")
            else:
                if expanded is None:
                    text = f"It takes place more than {MAX_OCCURRENCES:,} times in the window."
                    self.reader.skip(master, "too_many", text)
                elif not expanded:
                    self.outside += 1
                else:
                    for occurrence in expanded:
                        found.setdefault((occurrence.key, occurrence.start, occurrence.end), occurrence)
        if found:
            self._take(list(found.values()))
        return True

    def _expand(self, master: Entry, changes: list[Entry]) -> list[Occurrence] | None:
        """The occurrences of one series; None when there are too many."""
        first, last = to_datetime(self.first) - timedelta(days=1), to_datetime(self.last) + timedelta(days=1)
        result: list[Occurrence] = []
        for entry, start, end, mark in expand(self.reader, master, changes, first, last):
            occurrence = self._place(entry, start, end, f"{entry.uid}/{mark}")
            if occurrence is not None:
                result.append(occurrence)
                if len(result) > MAX_OCCURRENCES:
                    return None
        return result
