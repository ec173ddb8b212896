"""Tables of other systems read through a map: records one by one, issues beside them.

Nothing is loaded whole. A line that cannot be read is named and passed over; a file that is no table
at all raises BadInput. What a spreadsheet calls a formula is never looked at as one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from datetime import date
from itertools import islice
from math import gcd
from pathlib import Path
from typing import Final

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import Zone
from himsog_desktop.interchange.bounds import MAX_COLUMNS, MAX_RECORD_LINES, MAX_REPAIRS
from himsog_desktop.interchange.convert import Converter
from himsog_desktop.interchange.map_model import ImportMap
from himsog_desktop.interchange.maps import find_column
from himsog_desktop.interchange.orders import is_open, settle_orders
from himsog_desktop.interchange.records import LineIssue, Record
from himsog_desktop.interchange.source import LineTooLong, TableFile

_PREAMBLE: Final = 30
"""Lines before the header that reports may carry."""

_INFER_ROWS: Final = 20_000
_DAYS_ROWS: Final = 1_000
_DAYS_LEAST: Final = 10
"""Lines to look at, and lines needed, to say that a column of times holds days."""

_DELIMITERS: Final = ",;\t|"


class Table:
    """A table and its map, ready to be read as often as wanted.

    ``encoding``, ``delimiter`` and ``header`` are settled, as are ``inferred_minutes`` (the length that
    the file's own grid gives, if the map asks for it) and ``days_only`` (its starts are days without
    times). ``bytes_read`` of ``bytes_total`` tell how far a running ``rows`` is.
    """

    def __init__(self, path: Path, plan: ImportMap, *, zone: Zone, today: date) -> None:
        self.plan = plan
        self._file = TableFile(path, plan.encoding)
        self.encoding = self._file.encoding
        self.delimiter, self.header, self._header_line = _find_header(self._file, plan)
        if any(is_open(source) for source in plan.fields.values()):
            plan = settle_orders(plan, self.header, self._cells())
        self._converter = Converter(plan, self.header, zone, today)
        self.inferred_minutes = self._infer() if self._converter.infers else None
        self.days_only = plan.kind == "appointments" and self._has_days_only()
        if self.days_only:
            self._converter.take_days_only()

    @property
    def bytes_total(self) -> int:
        """The size of the file as it lies on the disk."""
        return self._file.bytes_total

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""
        return self._file.bytes_read

    def rows(self) -> Iterator[Record | LineIssue]:
        """Records and issues in the order of the file.

        An issue that refuses stands in place of its record; one that warns stands before it. Raises
        BadInput when the file turns out to be no table.
        """
        width = len(self.header)
        header = self.header
        first = header[0]
        convert = self._converter.convert
        file = self._file
        issues: list[LineIssue] = []
        for line, row in _records(file, self.delimiter, issues, skip_to=self._header_line):
            if issues:
                yield from issues
                issues.clear()
            if row is None:
                continue
            if len(row) != width:
                if not any(row):
                    continue
                if len(row) > width and any(cell.strip() for cell in row[width:]):
                    text = (
                        f"Has {len(row):,} cells where the header has {width:,}: "
                        "is a value with the separator in it not in quotation marks?"
                    )
                    yield LineIssue(line, "refused", None, "columns", text)
                    continue
                row += [""] * (width - len(row))
            elif (row[0] == first and row == header) or not any(row):
                continue
            record = convert(line, row, file.suspicious, issues)
            if issues:
                yield from issues
                issues.clear()
            if record is not None:
                yield record
        yield from issues

    def _cells(self) -> Iterator[list[str]]:
        """The whole lines, to look at before reading."""
        for _line, row in _records(self._file, self.delimiter, [], skip_to=self._header_line):
            if row is not None and len(row) >= len(self.header):
                yield row

    def _infer(self) -> int | None:
        """The step of the file's own grid, from the times at which its appointments start."""
        step = seen = 0
        for row in self._cells():
            seconds = self._converter.start_seconds(row)
            if seconds is not None and seconds % 60 == 0:
                step = gcd(step, seconds // 60)
                seen += 1
            if seen >= _INFER_ROWS or step == 1:
                break
        if seen >= 8 and 5 <= step <= 120:
            self._converter.set_default_duration(step)
            return step
        return None

    def _has_days_only(self) -> bool:
        """Whether every start is at midnight: a day that was written as a time (``2016-04-29T00:00:00Z``)."""
        seen = 0
        for row in islice(self._cells(), _DAYS_ROWS):
            seconds = self._converter.start_seconds(row)
            if seconds:
                return False
            seen += seconds is not None
        return seen >= _DAYS_LEAST


def open_table(path: Path, plan: ImportMap, *, zone: Zone, today: date) -> Table:
    """Open a table with a map; ``zone`` is the clinic's, ``today`` its date.

    Raises BadInput: no such file, no text, beyond the bounds, or without a column that the map needs.
    """
    return Table(path, plan, zone=zone, today=today)


def read_header(path: Path) -> list[str]:
    """The first line that is not empty, as cells: for ``maps.guess_map``. Raises BadInput."""
    return _find_header(TableFile(path), None)[1]


# ------------------------------------------------------------------------------------------- lines


class _Feed:
    """Hands physical lines to the csv module, and keeps those of the record at hand to read them again."""

    __slots__ = ("_again", "_lines", "number", "ran_out", "record")

    def __init__(self, lines: Iterator[str | None]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.number = 0
        self.record: list[str] = []
        self.ran_out = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._again:
            line: str | None = self._again.popleft()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                self.ran_out = True
                raise
        self.number += 1
        if line is None:
            raise LineTooLong
        self.record.append(line)
        if len(self.record) > MAX_RECORD_LINES:
            raise csv.Error("too many lines")
        return line

    def give_up_first(self) -> None:
        """Pass over the record's first line; the others are read again as records of their own."""
        self.number -= len(self.record) - 1
        self._again.extendleft(reversed(self.record[1:]))
        self.ran_out = False


def _records(
    file: TableFile, delimiter: str, issues: list[LineIssue], *, skip_to: int = 0
) -> Iterator[tuple[int, list[str] | None]]:
    """Line numbers and cells of the records after line ``skip_to``; None where only issues were added."""
    feed = _Feed(file.lines())
    reader = csv.reader(feed, delimiter=delimiter)
    repairs = 0
    while True:
        feed.record.clear()
        start = feed.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except LineTooLong:
            if start > skip_to:
                text = "This line is longer than a line of a table can be."
                issues.append(LineIssue(feed.number, "refused", None, "too_long", text))
                yield feed.number, None
            continue
        except csv.Error:
            row = None
        # A record that ended because the file did has an open quotation mark.
        if row is None or (feed.ran_out and len(feed.record) > 0):
            repairs += 1
            if repairs > MAX_REPAIRS:
                text = f"{file.path.name!r} has quotation marks that do not close in over {MAX_REPAIRS:,} lines."
                raise BadInput("bad_value", text)
            feed.give_up_first()
            # The reader has to be told that the open quotation mark is over.
            reader = csv.reader(feed, delimiter=delimiter)
            if start > skip_to:
                text = "A quotation mark in this line is never closed, or a value is too long."
                issues.append(LineIssue(start, "refused", None, "quotes", text))
                yield start, None
            continue
        if start > skip_to and row:
            if len(row) > MAX_COLUMNS:
                text = f"Has {len(row):,} cells; a table has at most {MAX_COLUMNS:,}."
                issues.append(LineIssue(start, "refused", None, "columns", text))
                yield start, None
            else:
                yield start, row


def _find_header(file: TableFile, plan: ImportMap | None) -> tuple[str, list[str], int]:
    """The delimiter, the header and its last line: the line that has what the map needs, else the first."""
    delimiters = [plan.delimiter] if plan and plan.delimiter else list(_DELIMITERS)
    wanted = plan.required_columns() if plan else ()
    best: tuple[int, int, str, list[str], int] | None = None
    for delimiter in delimiters:
        issues: list[LineIssue] = []
        records = _records(file, delimiter, issues)
        for _ in range(_PREAMBLE):
            line, row = next(records, (0, None))
            if line == 0:
                break
            if row is None:
                if any(issue.rule in ("too_long", "columns") for issue in issues) and best is None:
                    raise BadInput("too_long", f"{file.path.name!r} is no table we can read: {issues[0].text}")
                continue
            if _declares(row):
                continue
            cells = [cell.replace("\ufeff", "").strip() for cell in row]
            if not any(cells):
                continue
            present = sum(find_column(cells, column) is not None for column in wanted)
            score = (present, len(cells))
            if best is None or score > best[:2]:
                best = (*score, delimiter, cells, _last_line(line, row))
            if present == len(wanted):
                break
    if best is None:
        raise BadInput("bad_value", f"{file.path.name!r} has no header line.")
    return best[2], best[3], best[4]


def _declares(row: list[str]) -> bool:
    """Whether this is Excel's first line ``sep=;``: what the columns tell is more certain."""
    return len(row) <= 2 and row[0].replace("\ufeff", "").casefold().startswith("sep=") and len(row[0]) <= 6


def _last_line(line: int, row: list[str]) -> int:
    return line + sum(cell.count("\n") or cell.count("\r") for cell in row)
