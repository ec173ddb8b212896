"""What gives a field's text from the cells of a line, and what reads that text: made once per header."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date

from himsog_desktop.domain.appointment import Location
from himsog_desktop.interchange.bounds import MAX_SERVICES
from himsog_desktop.interchange.cells import (
    BadCell,
    duration_reader,
    email_text,
    long_text,
    money_reader,
    name_text,
    part_text,
    quoted,
    remember,
    sex_text,
    short_text,
    status_reader,
    unguarded,
)
from himsog_desktop.interchange.map_model import FieldKind, Source
from himsog_desktop.interchange.moments import moment_reader

Row = Sequence[str]
Read = Callable[[str], object]
Cell = Callable[[Row], str]


def cell_of(source: Source, indexes: list[int]) -> Cell:
    """What gives the text of a field from the cells of a line."""
    first = indexes[0]
    cell: Cell
    if source.pick == "any" and len(indexes) > 1:

        def cell(row: Row) -> str:
            return next((text for index in indexes if (text := row[index]).strip()), "")

    elif source.pick in ("join", "date_time") and len(indexes) > 1:
        join = " " if source.pick == "date_time" else source.join
        if source.pick == "date_time":
            # A time without a day says nothing: the day decides whether there is a moment at all.
            def cell(row: Row) -> str:
                day = row[first].strip()
                return f"{day}{join}{row[indexes[1]].strip()}".strip() if day else ""

        else:

            def cell(row: Row) -> str:
                return join.join(text for index in indexes if (text := row[index].strip()))

    else:
        cell = operator.itemgetter(first)
    if not (source.strip_prefix or source.pattern or source.split or source.flip):
        return cell
    return _worked(source, cell)


def _worked(source: Source, cell: Cell) -> Cell:
    prefix, pattern, split, flip = source.strip_prefix, source.pattern, source.split, source.flip

    def worked(row: Row) -> str:
        text = cell(row)
        if not text:
            return ""
        if prefix:
            text = text.strip().removeprefix(prefix)
        if split:
            text = text.split(split, 1)[0].strip()
        if pattern is not None and text:
            found = pattern.search(text)
            text = (found[1] or "") if found else ""
        if flip and text.count(",") == 1:
            last, given = text.split(",")
            text = f"{given.strip()} {last.strip()}".strip()
        return text

    return worked


def reader_of(kind: FieldKind, source: Source, decimal: str | None, today: date) -> Read:
    """What reads the text of a field of that kind; it gives the value or raises BadCell."""
    read = _reader(kind, source, decimal, today)
    return _mapped(source, read) if source.values and kind != "status" else read


def _reader(kind: FieldKind, source: Source, decimal: str | None, today: date) -> Read:
    match kind:
        case "text":
            return short_text
        case "name":
            return name_text
        case "long":
            return long_text
        case "email":
            return email_text
        case "sex":
            return sex_text
        case "status":
            return status_reader(dict(source.values), source.default)
        case "duration":
            return duration_reader(source.unit)
        case "money":
            return money_reader(decimal)
        case "location":
            return _location
        case "list":
            return _list_reader(source.separator)
        case "date":
            return _birth_reader(source.formats, today)
        case "moment":
            return moment_reader(source.formats)


def _mapped(source: Source, read: Read) -> Read:
    values = {key.strip().casefold(): value for key, value in source.values.items()}
    default = source.default

    def mapped(text: str) -> object:
        found = values.get(text.strip().casefold(), default if default is not None else text)
        return read(found) if found else None

    return remember(mapped)


def _location(text: str) -> Location | None:
    plain = re.sub(r"[\s-]+", "_", text.strip().casefold())
    if not plain:
        return None
    try:
        return Location(plain)
    except ValueError:
        raise BadCell("bad_value", f"{quoted(text)} is not in_person, video or phone.") from None


def _list_reader(separator: str) -> Read:
    def read(text: str) -> tuple[str, ...]:
        text = unguarded(text)
        parts = text.split(separator) if separator else [text]
        if len(parts) > MAX_SERVICES:
            raise BadCell("too_long", f"{len(parts):,} parts; at most {MAX_SERVICES} can be taken.")
        return tuple(clean for part in parts if part.strip() and (clean := part_text(part)))

    return remember(read)


def _birth_reader(formats: tuple[str, ...], today: date) -> Read:
    moment = moment_reader(formats, born_by=today)

    def read(text: str) -> str | None:
        if not text.strip():
            return None
        day = moment(text)[0]
        if day is None:
            raise BadCell("bad_date", f"{quoted(text)} is not a day.")
        if day > today:
            raise BadCell("bad_date", f"{quoted(text)} is a day of birth still to come.")
        return day.isoformat()

    return remember(read)
