"""The day list: for each provider the whole day, row under row, with room to tick off.

A provider begins on a new sheet; every sheet says whose it is, of which day, and which of hers. A row is never
parted. Who does not come (no-show, cancelled) stands in a section below the others; totals end each provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.paper import Paper, sheet
from himsog_desktop.domain.time import Micros
from himsog_desktop.domain.wording import initials, phone_words
from himsog_desktop.interchange.pdf_frame import (
    BODY,
    HEAD,
    HIDDEN,
    MARGIN,
    SMALL,
    TITLE,
    floor_of,
    foot,
    printed_words,
)
from himsog_desktop.interchange.pdf_pen import LINE, SOFT, Pen
from himsog_desktop.interchange.pdf_rows import STATES, VISITS, PrintColumn, PrintDay, PrintRow
from himsog_desktop.interchange.pdf_words import birth_words, counted, long_day, range_of, time_of, totals

if TYPE_CHECKING:
    from himsog_desktop.domain.paper import PaperPage
    from himsog_desktop.interchange.pdf_pen import Faces
    from himsog_desktop.interchange.pdf_rows import PrintChoices

LEADING = 11.0
PAD = 4.0
HEADING = 22.0
"""Height of the heading of a section."""
GONE_WORDS = "No-show and cancelled"
_STATE = 76.0
"""Width of the columns of state and visit."""
SECOND = SMALL + 0.5
"""Size of what stands below the first line of a cell."""
TICK = 9.0
"""Side of the box to tick off."""


class _Columns(NamedTuple):
    """Where the columns begin and how much they hold."""

    box: float
    time: float
    patient: float
    service: float
    status: float
    visit: float
    right: float


class _Cell(NamedTuple):
    """One line of a cell."""

    text: str
    strong: bool = False
    grey: float = 0.0
    size: float = BODY


class _Laid(NamedTuple):
    """A row that was measured, or the heading of a section."""

    row: PrintRow | None
    height: float
    time: str = ""
    patient: tuple[_Cell, ...] = ()
    service: tuple[_Cell, ...] = ()
    visit: tuple[_Cell, ...] = ()


def day_list(day: PrintDay, choices: PrintChoices, faces: Faces) -> Paper:
    """The paper of a day list. Raises KeyError for a size of sheet that there is not."""
    width, height = sheet(choices.size, landscape=choices.lying)
    at = _columns(Pen(faces, width, height), day, choices)
    parts = [(column, _paginated(day, column, choices, Pen(faces, width, height), at)) for column in day.columns]
    sheets = sum(len(pages) for _, pages in parts)
    made: list[PaperPage] = []
    for column, pages in parts:
        for number, laid in enumerate(pages, 1):
            pen = Pen(faces, width, height)
            _head(pen, day, column, choices, at, f"Page {number} of {len(pages)}")
            y = _rows(pen, laid, at)
            if number == len(pages):
                pen.stroke(MARGIN, y, width - MARGIN, y, width=1.0, grey=0.0)
                pen.words(MARGIN, y + 14, totals(column.rows), BODY, strong=True, room=width - 2 * MARGIN)
            _foot(pen, day, choices, len(made) + 1, sheets)
            made.append(pen.page(_label(day, column, number, len(pages))))
    if not made:
        made.append(_nothing(day, choices, Pen(faces, width, height)))
    return Paper(f"Day list {day.day.isoformat()}", tuple(made))


def _label(day: PrintDay, column: PrintColumn, number: int, of: int) -> str:
    counts = counted(len(column.rows), "appointment")
    return f"{column.name}, {long_day(day.day)}, page {number} of {of}, {counts}"


def _nothing(day: PrintDay, choices: PrintChoices, pen: Pen) -> PaperPage:
    text = "Nobody works on this day and nothing is booked."
    pen.words(MARGIN, MARGIN + 9, day.clinic, BODY, grey=SOFT, room=pen.width / 2)
    pen.words(MARGIN, MARGIN + 32, long_day(day.day), TITLE, strong=True)
    pen.words(MARGIN, MARGIN + 56, text, BODY)
    _foot(pen, day, choices, 1, 1)
    return pen.page(f"{long_day(day.day)}: {text}")


# ------------------------------------------------------------------------------------------ measuring


def _columns(pen: Pen, day: PrintDay, choices: PrintChoices) -> _Columns:
    times = [range_of(day.zone, day.day, r.start, r.end, choices.hour12) for c in day.columns for r in c.rows]
    time = max([pen.measure(text, BODY, strong=True) for text in times], default=40.0) + 10
    left, right = MARGIN + TICK + 8, pen.width - MARGIN
    status, visit = right - 2 * _STATE, right - _STATE
    patient = left + time
    service = patient + (status - patient) * 0.53
    return _Columns(MARGIN, left, patient, service, status, visit, right)


def _paginated(day: PrintDay, column: PrintColumn, choices: PrintChoices, pen: Pen, at: _Columns) -> list[list[_Laid]]:
    """The rows of a provider in sheets; room for the totals is kept on the last."""
    coming = [_measured(day, row, choices, pen, at) for row in column.rows if not row.gone]
    gone = [_measured(day, row, choices, pen, at) for row in column.rows if row.gone]
    laid = [*coming, _Laid(None, HEADING), *gone] if gone else coming
    room = floor_of(pen.height) - _TOP
    pages: list[list[_Laid]] = [[]]
    used = 0.0
    for number, row in enumerate(laid):
        # A heading takes the row after it along, the last row the totals.
        tail = laid[number + 1].height if row.row is None else 0.0
        tail += _TOTALS if number == len(laid) - 1 or (row.row is None and number == len(laid) - 2) else 0.0
        if used + row.height + tail > room and pages[-1]:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += row.height
    return pages


_TOP = MARGIN + 78
"""Where the rows of a sheet begin."""
_TOTALS = 20.0


def _measured(day: PrintDay, row: PrintRow, choices: PrintChoices, pen: Pen, at: _Columns) -> _Laid:
    time = range_of(day.zone, day.day, row.start, row.end, choices.hour12)
    patient_room = at.service - at.patient - 8
    shade = SOFT if row.gone else 0.0
    name = initials(row.name) if choices.hide_names else row.name
    patient = [_Cell(line, True, shade) for line in pen.wrap(name, BODY, patient_room, 2, strong=True)]
    if not choices.hide_names:
        birth, phone = birth_words(row.birth_date, day.day), phone_words(row.phone or "")
        both = f"{birth}  ·  {phone}"
        if birth and phone and pen.measure(pen.clean(both), SECOND) <= patient_room:
            patient.append(_Cell(both, grey=SOFT, size=SECOND))
        else:
            patient += [_Cell(text, grey=SOFT, size=SECOND) for text in (birth, phone) if text]
    service_room = at.status - at.service - 8
    names = ", ".join(name for name in row.services.split("; ") if name)
    service = [_Cell(line, grey=shade) for line in pen.wrap(names, BODY, service_room, 3)]
    if choices.notes and not choices.hide_names and row.note:
        note = f"Note: {row.note}"
        service += [_Cell(line, grey=SOFT, size=SECOND) for line in pen.wrap(note, SECOND, service_room, 4)]
    visit: list[_Cell] = []
    if row.visit is not None:
        visit.append(_Cell(VISITS.get(row.visit, row.visit)))
        if row.visit_since is not None:
            word = "at" if row.visit == "checked_out" else "since"
            said = f"{word} {time_of(day.zone, row.visit_since, choices.hour12)}"
            visit.append(_Cell(said, grey=SOFT, size=SECOND))
    lines = max(len(patient), len(service), len(visit), 1)
    height = 2 * PAD + LEADING * lines
    return _Laid(row, height, time, tuple(patient), tuple(service), tuple(visit))


# -------------------------------------------------------------------------------------------- drawing


def _head(pen: Pen, day: PrintDay, column: PrintColumn, choices: PrintChoices, at: _Columns, number: str) -> None:
    left, right = MARGIN, pen.width - MARGIN
    used = pen.words(right, MARGIN + 9, number, BODY, grey=SOFT, align="right")
    pen.words(left, MARGIN + 9, day.clinic, BODY, grey=SOFT, room=right - left - used - 12)
    used = pen.words(right, MARGIN + 32, long_day(day.day), HEAD, strong=True, align="right")
    room = right - left - used - 16
    width = pen.words(left, MARGIN + 32, column.name, TITLE, strong=True, room=room)
    if column.specialty and room - width > 60:
        pen.words(left + width + 8, MARGIN + 32, column.specialty, BODY, grey=SOFT, room=room - width - 8)
    pen.words(left, MARGIN + 48, _hours(day, column, choices), SECOND, grey=SOFT, room=right - left)
    y = _TOP - 7
    for x, word in (
        (at.time, "Time"),
        (at.patient, "Patient"),
        (at.service, "Services"),
        (at.status, "Status"),
        (at.visit, "Visit"),
    ):
        pen.words(x, y, word, SMALL, strong=True, grey=SOFT)
    pen.stroke(left, _TOP - 2, right, _TOP - 2, width=1.0, grey=0.0)


def _hours(day: PrintDay, column: PrintColumn, choices: PrintChoices) -> str:
    """``"Open 08:00–12:00, 13:00–17:00 · Lunch 12:00–13:00"``."""

    def said(start: Micros, end: Micros) -> str:
        return range_of(day.zone, day.day, max(start, day.low), min(end, day.high), choices.hour12)

    hours = ", ".join(said(start, end) for start, end in column.open)
    parts = [f"Open {hours}" if hours else "Closed"]
    for span in column.spans:
        word = span.text or span.kind.capitalize()
        if choices.hide_names and span.kind == "block":
            word = "Blocked"  # a person's own words, which may name somebody
        whole = span.start <= day.low and span.end >= day.high
        parts.append(word if whole else f"{word} {said(span.start, span.end)}")
    return "  ·  ".join(parts)


def _rows(pen: Pen, laid: list[_Laid], at: _Columns) -> float:
    """Draw the rows of a sheet; where they end."""
    y = _TOP
    if not laid:
        pen.words(at.time, y + PAD + BODY, "No appointments.", BODY, grey=SOFT)
        return y + 2 * PAD + LEADING
    for row in laid:
        if row.row is None:
            pen.words(at.box, y + HEADING - 7, GONE_WORDS, BODY, strong=True)
            y += HEADING
            pen.stroke(MARGIN, y - 2, at.right, y - 2, grey=0.0)
            continue
        _row(pen, row, row.row, at, y)
        y += row.height
        pen.stroke(MARGIN, y, at.right, y, grey=LINE)
    return y


def _row(pen: Pen, laid: _Laid, row: PrintRow, at: _Columns, y: float) -> None:
    base = y + PAD + BODY - 1
    shade = SOFT if row.gone else 0.0
    pen.block(at.box, base - TICK + 1.5, TICK, TICK, edge=shade, line=0.7)
    pen.words(at.time, base, laid.time, BODY, strong=not row.gone, grey=shade, room=at.patient - at.time - 4)
    _cells(pen, laid.patient, at.patient, base, at.service)
    _cells(pen, laid.service, at.service, base, at.status)
    pen.mark(at.status, base - 8.5, 10.0, _state_mark(row), grey=0.0)
    word = STATES.get(row.status, row.status)
    pen.words(at.status + 13, base, word, BODY, grey=shade, room=at.visit - at.status - 15)
    if row.visit is not None:
        pen.mark(at.visit, base - 8.5, 10.0, row._replace(status="CONFIRMED").mark, grey=0.0)
        _cells(pen, laid.visit, at.visit + 13, base, at.right + 4)


def _cells(pen: Pen, cells: tuple[_Cell, ...], x: float, base: float, right: float) -> None:
    for number, cell in enumerate(cells):
        y = base + number * LEADING
        pen.words(x, y, cell.text, cell.size, strong=cell.strong, grey=cell.grey, room=right - x - 4)


def _state_mark(row: PrintRow) -> str:
    """The mark of the state alone: the visit has a column of its own here."""
    return row._replace(visit=None).mark


def _foot(pen: Pen, day: PrintDay, choices: PrintChoices, number: int, of: int) -> None:
    said = [printed_words(day.zone, day.printed, choices.hour12)] if choices.printed_line else []
    if choices.hide_names:
        said.append(HIDDEN)
    foot(pen, said, f"Sheet {number} of {of}")
