"""The appointments of an export as a list on paper (EXP-2): one line each, with the state as a mark and in words.

Pages come one by one, so that a hundred thousand rows need no more memory than the file. Lines are of one height,
which says how many sheets there will be before the first is made.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import Status, shown_email
from himsog_desktop.domain.marks import MARK_OF
from himsog_desktop.domain.money import shown
from himsog_desktop.domain.paper import sheet
from himsog_desktop.domain.wording import phone_words
from himsog_desktop.interchange.pdf_frame import BODY, MARGIN, SMALL, TITLE, floor_of, foot, printed_words
from himsog_desktop.interchange.pdf_pen import LINE, SOFT, Pen
from himsog_desktop.interchange.pdf_rows import STATES
from himsog_desktop.interchange.pdf_words import counted, states_counted, time_of, weekday_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.paper import PaperPage
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.interchange.pdf_pen import Faces

ROW = 14.0
SIZE = 8.0
TOP = MARGIN + 64
TOTALS = 20.0


class TableHead(NamedTuple):
    """What is printed and how: ``filters`` says in words which appointments were asked for."""

    clinic: str
    zone: Zone
    currency: str
    filters: str
    printed: Micros
    size: str = "a4"
    landscape: bool = True


_COLUMNS = (
    # word, share of the width, whether it ends at the right
    ("Date", 0.095, False),
    ("Time", 0.05, False),
    ("Patient", 0.17, False),
    ("Phone", 0.09, False),
    ("Email", 0.14, False),
    ("Provider", 0.125, False),
    ("Services", 0.16, False),
    ("Status", 0.09, False),
    ("Total", 0.08, True),
)


def appointments_table(
    head: TableHead, appointments: Iterable[Appointment], count: int, providers: Mapping[str, str], faces: Faces
) -> Iterator[PaperPage]:
    """The sheets of so many appointments, in the order given; ``providers`` are names by id.

    Raises KeyError for a size of sheet that there is not.
    """
    width, height = sheet(head.size, landscape=head.landscape)
    each = int((floor_of(height) - TOP - TOTALS) // ROW)
    sheets = max(math.ceil(count / each), 1)
    counts: Counter[str] = Counter()
    total = 0
    rows = iter(appointments)
    for number in range(1, sheets + 1):
        pen = Pen(faces, width, height)
        _head(pen, head, f"Page {number} of {sheets}")
        y = TOP
        for _, row in zip(range(each), rows, strict=False):  # in this order: none is taken in vain
            _row(pen, head, row, providers.get(row.provider_id, ""), y)
            y += ROW
            counts[row.status.value] += 1
            total += row.total if row.status is not Status.CANCELLED else 0
        if number == sheets:
            _totals(pen, head, counts, total, y)
        foot(pen, [printed_words(head.zone, head.printed, False)], "")
        yield pen.page(f"Appointments, page {number} of {sheets}")


def _places(width: float) -> list[tuple[str, float, float, bool]]:
    """Word, left edge, width and side of each column."""
    inner = width - 2 * MARGIN
    found, x = [], MARGIN
    for word, share, right in _COLUMNS:
        found.append((word, x, inner * share - 5, right))
        x += inner * share
    return found


def _head(pen: Pen, head: TableHead, page: str) -> None:
    left, right = MARGIN, pen.width - MARGIN
    used = pen.words(right, MARGIN + 9, page, BODY, grey=SOFT, align="right")
    pen.words(left, MARGIN + 9, head.clinic, BODY, grey=SOFT, room=right - left - used - 12)
    width = pen.words(left, MARGIN + 32, "Appointments", TITLE, strong=True)
    pen.words(left + width + 10, MARGIN + 32, head.filters, BODY, grey=SOFT, room=right - left - width - 10)
    for word, x, room, at_right in _places(pen.width):
        end = x + room + 5
        pen.words(end if at_right else x, TOP - 6, word, SMALL, strong=True, grey=SOFT, align=_side(at_right))
    pen.stroke(left, TOP - 2, right, TOP - 2, width=1.0, grey=0.0)


def _side(right: bool) -> str:
    return "right" if right else "left"


def _row(pen: Pen, head: TableHead, row: Appointment, provider: str, y: float) -> None:
    zone = head.zone
    shade = SOFT if row.status in (Status.CANCELLED, Status.NO_SHOW) else 0.0
    texts = (
        weekday_day(zone.date_of(row.start)),
        time_of(zone, row.start),
        row.patient_name,
        phone_words(row.patient_phone or ""),
        shown_email(row.patient_email) or "",
        provider,
        ", ".join(service.name for service in row.services),
        STATES[row.status.value],
        shown(row.total, head.currency),
    )
    base = y + 9.8
    for text, (word, x, room, at_right) in zip(texts, _places(pen.width), strict=True):
        if word == "Status":
            pen.mark(x, base - 7.2, 8.0, MARK_OF[row.status.value])
            x, room = x + 11, room - 11
        end = x + room + 5
        strong = word == "Patient"
        pen.words(end if at_right else x, base, text, SIZE, strong=strong, grey=shade, room=room, align=_side(at_right))
    pen.stroke(MARGIN, y + ROW, pen.width - MARGIN, y + ROW, grey=LINE, width=0.35)


def _totals(pen: Pen, head: TableHead, counts: Counter[str], total: int, y: float) -> None:
    number = counts.total()
    words = "No appointments."
    if number:
        words = f"{counted(number, 'appointment')}: {states_counted(counts.elements())}."
        if counts[Status.CANCELLED.value] < number:
            words += f" {shown(total, head.currency)} without the cancelled ones."
    pen.stroke(MARGIN, y, pen.width - MARGIN, y, width=1.0, grey=0.0)
    pen.words(MARGIN, y + 13, words, BODY, strong=True, room=pen.width - 2 * MARGIN)
