"""The sheet of all providers: a column for each, the hours downwards, as the day looks on the screen.

Too many providers or hours go on further sheets, and each says what it shows. Who does not come stands below the
columns in a section of its own. Everything is told by shape, edge and words, so that it prints in black and white.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.paper import Paper, sheet
from himsog_desktop.domain.time import HOUR, MINUTE
from himsog_desktop.domain.wording import initials, one_line, phone_words, shorter_names
from himsog_desktop.interchange.pdf_frame import (
    BODY,
    HEAD,
    HIDDEN,
    MARGIN,
    SMALL,
    TITLE,
    floor_of,
    foot,
    legend,
    printed_words,
)
from himsog_desktop.interchange.pdf_lanes import LEAST_LINE, Placed, Stretch, groups, placed, stretches
from himsog_desktop.interchange.pdf_pen import LINE, SOFT, Pen
from himsog_desktop.interchange.pdf_rows import STATES
from himsog_desktop.interchange.pdf_words import counted, long_day, time_of, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.paper import PaperPage
    from himsog_desktop.interchange.pdf_pen import Faces
    from himsog_desktop.interchange.pdf_rows import PrintChoices, PrintColumn, PrintDay, PrintRow

LEAST_COLUMN = 104.0
"""Width of a provider's column: a name and a time stand in it."""
TOP = MARGIN + 42
"""Where the names of the providers stand."""
NAMES = 25.0
LEGEND = 12.0
GONE_LINE = 9.5
GONE_HEAD = 15.0
GONE_MOST = 7
"""So many who do not come stand below the hours; more take sheets of their own."""
TEXT, MINOR = 7.5, 6.8
"""Sizes of type in an appointment."""
CLOSED = 0.93
"""The grey of hours in which nobody is there."""


class _Sheet(NamedTuple):
    """What one sheet shows: providers, hours, those who do not come from this one on."""

    columns: Sequence[PrintColumn]
    hours: Stretch | None
    gone: tuple[int, int] | None
    """The first and the number of lines in the section of those who do not come."""


def provider_sheet(day: PrintDay, choices: PrintChoices, faces: Faces) -> Paper:
    """The paper of a day with all providers side by side. Raises KeyError for a size that there is not."""
    width, height = sheet(choices.size, landscape=choices.lying)
    hours = _hours_width(Pen(faces, width, height), choices)
    planned = _planned(day, width - 2 * MARGIN - hours, floor_of(height) - TOP - NAMES - LEGEND)
    made: list[PaperPage] = []
    for number, wanted in enumerate(planned, 1):
        pen = Pen(faces, width, height)
        words = _shown(day, wanted, choices)
        _head(pen, day, words, f"Page {number} of {len(planned)}")
        _body(pen, day, wanted, choices, hours)
        said = [printed_words(day.zone, day.printed, choices.hour12)] if choices.printed_line else []
        if choices.hide_names:
            said.append(HIDDEN)
        if number == len(planned):
            said.insert(0, totals(row for column in day.columns for row in column.rows))
        foot(pen, said, "")
        made.append(pen.page(f"All providers, {long_day(day.day)}, page {number} of {len(planned)}: {words}"))
    return Paper(f"All providers {day.day.isoformat()}", tuple(made))


# ------------------------------------------------------------------------------------------- planning


def _planned(day: PrintDay, width: float, height: float) -> list[_Sheet]:
    found: list[_Sheet] = []
    for columns in groups(day.columns, width, LEAST_COLUMN) or [()]:
        most = max((sum(row.gone for row in column.rows) for column in columns), default=0)
        below = most if most <= GONE_MOST else 0
        taken = GONE_HEAD + below * GONE_LINE if below else 0.0
        parts = stretches(day, height - taken)
        found += [_Sheet(columns, part, None) for part in parts[:-1]]
        found.append(_Sheet(columns, parts[-1], (0, below) if below else None))
        if most > below:
            each = int((height - GONE_HEAD) // GONE_LINE)
            found += [_Sheet(columns, None, (at, min(each, most - at))) for at in range(0, most, each)]
    return found


def _shown(day: PrintDay, wanted: _Sheet, choices: PrintChoices) -> str:
    """What a sheet shows, where it is not all: ``"Providers 1–6 of 12 · 07:00–19:00"``."""
    parts = []
    if len(wanted.columns) < len(day.columns):
        first = next(i for i, column in enumerate(day.columns, 1) if column.id == wanted.columns[0].id)
        parts.append(f"Providers {first}–{first + len(wanted.columns) - 1} of {len(day.columns)}")
    else:
        parts.append(counted(len(day.columns), "provider"))
    if wanted.hours is None:
        parts.append("No-show and cancelled")
    else:
        start = time_of(day.zone, wanted.hours.start, choices.hour12)
        end = time_of(day.zone, wanted.hours.end, choices.hour12)
        ends = wanted.hours.end == day.high and not choices.hour12
        parts.append(f"{start}–{'24:00' if ends else end}")
    return "  ·  ".join(parts)


# -------------------------------------------------------------------------------------------- drawing


def _head(pen: Pen, day: PrintDay, words: str, page: str) -> None:
    left, right = MARGIN, pen.width - MARGIN
    used = pen.words(right, MARGIN + 9, page, BODY, grey=SOFT, align="right")
    pen.words(left, MARGIN + 9, day.clinic, BODY, grey=SOFT, room=right - left - used - 12)
    used = pen.words(left, MARGIN + 31, long_day(day.day), TITLE, strong=True)
    pen.words(right, MARGIN + 31, words, BODY, grey=SOFT, align="right", room=right - left - used - 16)


def _hours_width(pen: Pen, choices: PrintChoices) -> float:
    return pen.measure("12:00 PM" if choices.hour12 else "00:00", SMALL) + 6


def _body(pen: Pen, day: PrintDay, wanted: _Sheet, choices: PrintChoices, hours: float) -> None:
    if not wanted.columns:
        pen.words(MARGIN, TOP + 20, "Nobody works on this day and nothing is booked.", HEAD)
        return
    left, right = MARGIN + hours, pen.width - MARGIN
    each = (right - left) / len(wanted.columns)
    top = TOP + NAMES
    below = top + (0.0 if wanted.hours is None else wanted.hours.y(wanted.hours.end))
    if wanted.hours is not None:
        _axis(pen, day, wanted.hours, choices, top, left, right)
    for number, column in enumerate(wanted.columns):
        x = left + number * each
        _name(pen, column, x, each)
        if wanted.hours is not None:
            _column(pen, day, column, wanted.hours, choices, (x, top, each))
        if wanted.gone is not None:
            _gone(pen, day, column, choices, wanted.gone, (x, below, each))
    bottom = below
    if wanted.gone is not None:
        bottom += GONE_HEAD + wanted.gone[1] * GONE_LINE
        pen.stroke(MARGIN, below, right, below, width=1.0, grey=0.0)
    for number in range(len(wanted.columns) + 1):
        x = left + number * each
        pen.stroke(x, TOP, x, bottom, grey=LINE)
    pen.stroke(MARGIN, top, right, top, width=1.0, grey=0.0)
    pen.stroke(MARGIN, bottom, right, bottom, grey=LINE)
    legend(pen, left, floor_of(pen.height) - 1, right - left)


def _axis(
    pen: Pen, day: PrintDay, hours: Stretch, choices: PrintChoices, top: float, left: float, right: float
) -> None:
    """The hours by the clinic's clock, which may leave one out or say one twice."""
    for instant in range(hours.start, hours.end + 1, 30 * MINUTE):
        y = top + hours.y(instant)
        full = day.zone.minutes_of(instant) % 60 == 0
        if hours.start < instant < hours.end:
            pen.stroke(left, y, right, y, grey=0.72 if full else 0.86, width=0.5 if full else 0.35)
        if full and instant < hours.end:
            pen.words(left - 4, y + 8, time_of(day.zone, instant, choices.hour12), SMALL, grey=SOFT, align="right")


def _name(pen: Pen, column: PrintColumn, x: float, width: float) -> None:
    pen.words(x + 4, TOP + 9, column.name, BODY, strong=True, room=width - 8)
    coming = sum(not row.gone for row in column.rows)
    words = counted(coming, "appointment") if coming else "nothing booked"
    pen.words(x + 4, TOP + 19, words, SMALL, grey=SOFT, room=width - 8)


def _column(
    pen: Pen, day: PrintDay, column: PrintColumn, hours: Stretch, choices: PrintChoices, at: tuple[float, float, float]
) -> None:
    x, top, width = at
    _closed(pen, column, hours, at)
    for span in column.spans:
        if span.kind != "override" and span.end > hours.start and span.start < hours.end:
            y, tall = hours.y(span.start), hours.y(span.end) - hours.y(span.start)
            pen.block(x + 0.5, top + y, width - 1, tall, fill=CLOSED)
            word = "Blocked" if choices.hide_names and span.kind == "block" else span.text or span.kind.capitalize()
            if tall >= TEXT:
                pen.words(
                    x + width / 2, top + y + tall / 2 + 2.5, word, MINOR, grey=SOFT, align="centre", room=width - 8
                )
    least = math.ceil(LEAST_LINE / hours.hour * HOUR)
    coming = [row for row in column.rows if not row.gone]
    for each in placed(coming, least):
        if each.row.start < hours.end and (each.row.end > hours.start or each.row.start >= hours.start):
            _tile(pen, day, each, hours, choices, at)


def _closed(pen: Pen, column: PrintColumn, hours: Stretch, at: tuple[float, float, float]) -> None:
    """Grey where the provider is not there."""
    x, top, width = at
    edge = hours.start
    for start, end in (*column.open, (hours.end, hours.end)):
        if start > edge and edge < hours.end:
            y = hours.y(edge)
            pen.block(x + 0.5, top + y, width - 1, hours.y(start) - y, fill=CLOSED)
        edge = max(edge, end)


_LOOK = {
    # fill, edge, width of the bar, dashes
    "PENDING": (1.0, 0.25, 0.0, 2.0),
    "CONFIRMED": (1.0, 0.25, 2.2, 0.0),
    "COMPLETED": (0.97, 0.6, 0.9, 0.0),
    "visit": (0.84, 0.0, 3.2, 0.0),
}


def _tile(
    pen: Pen, day: PrintDay, wanted: Placed, hours: Stretch, choices: PrintChoices, at: tuple[float, float, float]
) -> None:
    x, top, width = at
    row = wanted.row
    each = (width - 3) / wanted.lanes
    left = x + 1.5 + wanted.lane * each
    y = top + hours.y(row.start)
    tall = max(hours.y(row.end) - hours.y(row.start) - 0.8, LEAST_LINE - 0.8)
    if y + tall > top + hours.y(hours.end):
        y = max(top, top + hours.y(hours.end) - tall)
    fill, edge, bar, dash = _LOOK["visit" if row.in_visit else row.status]
    pen.block(left, y, each - 1.2, tall, fill=fill, edge=edge, line=0.6, dash=dash)
    if bar:
        pen.block(left, y, bar, tall, fill=0.0 if bar > 1 else 0.45)
    _texts(pen, day, row, choices, (left + 4.5, y, each - 7.5, tall), begun=row.start < hours.start)


def _texts(
    pen: Pen,
    day: PrintDay,
    row: PrintRow,
    choices: PrintChoices,
    at: tuple[float, float, float, float],
    *,
    begun: bool,
) -> None:
    """As many whole lines as there is height for: name; time and services; phone; note."""
    x, y, room, tall = at
    shade = SOFT if row.status == "COMPLETED" else 0.0
    step = 8.6
    lines = max(int((tall - 1.2) // step), 1)
    size = TEXT if tall > 8.4 else TEXT - 0.5
    # One line stands in the middle by its capitals, several begin at the top.
    base = y + tall / 2 + 0.36 * size if lines == 1 else y + 8.4
    mark = 7.0
    pen.mark(x + room - mark, base - 6.2, mark, row.mark)
    room_name = room - mark - 2
    time = ("… " if begun else "") + time_of(day.zone, row.start, choices.hour12)
    short = pen.measure(time, MINOR) + 3
    if room_name - short > 38:
        pen.words(x, base, time, MINOR, grey=SOFT)
    else:
        short = 0.0
    name = _name_for(pen, row, choices, room_name - short)
    used = pen.words(x + short, base, name, size, strong=True, grey=shade, room=room_name - short)
    services = ", ".join(one_line(part) for part in row.services.split("; ") if part)
    if lines == 1:
        left = room_name - short - used - 4
        if services and left > 24:
            pen.words(x + short + used + 4, base, services, MINOR, grey=SOFT, room=left)
        return
    further = [services]
    if not choices.hide_names:
        further.append(phone_words(row.phone or ""))
        if choices.notes and row.note:
            further.append(row.note)
    for text in [text for text in further if text][: lines - 1]:
        base += step
        pen.words(x, base, text, MINOR, grey=SOFT, room=room)


def _name_for(pen: Pen, row: PrintRow, choices: PrintChoices, room: float) -> str:
    """The name whole, else with an initial, else the family name; cut by whoever draws it."""
    if choices.hide_names:
        return initials(row.name)
    names = shorter_names(pen.clean(row.name))
    return next((name for name in names if pen.measure(name, TEXT, strong=True) <= room), names[-1])


def _gone(
    pen: Pen,
    day: PrintDay,
    column: PrintColumn,
    choices: PrintChoices,
    lines: tuple[int, int],
    at: tuple[float, float, float],
) -> None:
    """The section of those who do not come."""
    x, y, width = at
    first, count = lines
    listed = [row for row in column.rows if row.gone][first : first + count]
    if listed:
        pen.words(x + 4, y + 10.5, "No-show and cancelled", MINOR, strong=True, room=width - 8)
    base = y + GONE_HEAD + 6
    for row in listed:
        pen.mark(x + 4, base - 6.2, 7.0, row.mark)
        time = time_of(day.zone, row.start, choices.hour12)
        used = 10 + pen.words(x + 14, base, time, MINOR, grey=SOFT) + 3
        word = STATES[row.status]
        side = pen.measure(word, MINOR) + 6
        room = width - 8 - used
        if room - side > 40:
            pen.words(x + width - 4, base, word, MINOR, grey=SOFT, align="right")
            room -= side
        pen.words(x + 4 + used, base, _name_for(pen, row, choices, room), TEXT, grey=SOFT, room=room)
        base += GONE_LINE
