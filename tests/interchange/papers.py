"""Invented days for paper, and how a PDF is written down to be compared: ``golden/*.txt`` is what was looked at.

``python -m tests.interchange.papers`` writes the golden files again; then look at the pages, and at the difference.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from himsog_desktop.domain.appointment import Appointment, BookedService, Status
from himsog_desktop.domain.day import Span
from himsog_desktop.domain.paper import Paper
from himsog_desktop.domain.time import MINUTE, Micros, parse_instant, zone
from himsog_desktop.interchange.pdf_list import day_list
from himsog_desktop.interchange.pdf_pen import Faces
from himsog_desktop.interchange.pdf_rows import PrintChoices, PrintColumn, PrintDay, PrintRow
from himsog_desktop.interchange.pdf_sheet import provider_sheet
from himsog_desktop.interchange.pdf_table import TableHead, appointments_table
from himsog_desktop.interchange.pdf_write import write_pdf
from himsog_desktop.services.printing import faces
from tests.support.pdf_reading import PdfFile, read_pdf

GOLDEN = Path(__file__).parent / "golden"
MANILA = zone("Asia/Manila")
FRIDAY = date(2026, 11, 20)
PRINTED = parse_instant("2026-11-20T07:40:00+08:00")
LONG_NOTE = "Comes with her daughter, who speaks for her. Uses a wheelchair: room 2, not room 1. " * 3


def at(hour: float, day: date = FRIDAY) -> Micros:
    return MANILA.instant(day, round(hour * 60))


def row(key: str, hour: float, minutes: int = 30, name: str = "Reyes, Ana", **fields: object) -> PrintRow:
    made = PrintRow(
        start=at(hour),
        end=at(hour) + minutes * MINUTE,
        id=key,
        name=name,
        birth_date="1984-03-12",
        phone="+639175550101",
        services="Check-up",
        status="CONFIRMED",
        visit=None,
        visit_since=None,
        note=None,
    )
    return made._replace(**fields)  # type: ignore[arg-type]


CRUZ = (
    row("a", 7, name="Peña, José", status="COMPLETED", visit="checked_out", visit_since=at(7.5)),
    row("b", 7.5, name="Đặng, Thị Ngọc", visit="with_provider", visit_since=at(7.6), birth_date=None),
    row("c", 8, name="Иванова, Анна", visit="in_room", visit_since=at(7.9), phone="+442079460000"),
    row("d", 8.5, name="محمد علي", visit="arrived", visit_since=at(8.2), note="Interpreter, please"),
    row("e", 9, name="Reyes, Ana", status="PENDING", services="Check-up; Vaccination; Blood pressure check"),
    row("f", 9, name="Reyes, Ana Lim", note=LONG_NOTE),
    row("g", 9.25, 15, name="Dela Cruz-Villanueva, Maria Concepcion Immaculada", phone=None),
    row("h", 10, name="Gone, Gina", status="CANCELLED"),
    row("i", 10.5, name="Missing, Max", status="NO_SHOW"),
    row("j", 11, 5, name="Short, S."),
    row("k", 19.5, name="Late, Lena", services=""),
)
LIM = tuple(row(f"l{i:02d}", 8 + i / 4, 15, name=f"Santos, Ben {i}") for i in range(36))


def column(key: str, name: str, rows: Iterable[PrintRow] = (), **fields: object) -> PrintColumn:
    open_hours = ((at(8), at(12)), (at(13), at(17)))
    lunch = Span(at(12), at(13), "break", "Lunch")
    return PrintColumn(key, name, None, open_hours, (lunch,), tuple(rows))._replace(**fields)  # type: ignore[arg-type]


def day(*columns: PrintColumn, of: date = FRIDAY) -> PrintDay:
    low, high = MANILA.day_bounds(of)
    return PrintDay("Digos Family Clinic", MANILA, of, low, high, columns, PRINTED)


SMALL = day(
    column("p0", "Dr Elena Cruz", CRUZ, specialty="Family medicine"),
    column("p1", "Dr Ramon Lim", LIM),
    column("p2", "Marisol Tan", open=(), spans=(Span(at(0), at(24), "vacation", "Vacation"),)),
)
MANY = day(*[column(f"p{i}", f"Dr Number {i + 1}", [row(f"x{i}", 6 + i, 45)]) for i in range(14)])


def bytes_of(paper: Paper, printed: Micros = PRINTED) -> bytes:
    out = io.BytesIO()
    write_pdf(out, paper.title, paper.pages, faces(), printed)
    return out.getvalue()


def list_of(of: PrintDay = SMALL, **choices: object) -> Paper:
    return day_list(of, PrintChoices(**choices), faces())  # type: ignore[arg-type]


def sheet_of(of: PrintDay = SMALL, **choices: object) -> Paper:
    return provider_sheet(of, PrintChoices(kind="sheet", **choices), faces())  # type: ignore[arg-type]


def appointment(number: int, status: Status = Status.CONFIRMED) -> Appointment:
    start = at(8) + number * 30 * MINUTE
    return Appointment(
        id=f"id{number:05d}",
        number=f"APT{number:05d}",
        clinic_id="c",
        provider_id=f"p{number % 2}",
        patient_id="u",
        start=start,
        end=start + 30 * MINUTE,
        status=status,
        patient_name="Peña, José" if number % 3 else "Reyes, Ana Lim",
        patient_email="jose@example.com" if number % 2 else "x@patients.invalid",
        created=start,
        updated=start,
        patient_phone="+639175550101",
        services=(BookedService("s", "Check-up", 50_000), BookedService("t", "Vaccination", 60_000)),
        total=110_000,
    )


def table_of(count: int, with_faces: Faces | None = None) -> Paper:
    statuses = tuple(Status)
    head = TableHead("Digos Family Clinic", MANILA, "PHP", "20 Nov 2026 – 27 Nov 2026", PRINTED)
    rows = [appointment(i, statuses[i % 5]) for i in range(count)]
    names = {"p0": "Dr Elena Cruz", "p1": "Dr Ramon Lim"}
    return Paper("Appointments", tuple(appointments_table(head, rows, count, names, with_faces or faces())))


DOCUMENTS: dict[str, Callable[[], Paper]] = {
    "list": list_of,
    "list-hidden-letter": lambda: list_of(hide_names=True, size="letter"),
    "list-12-hours-landscape": lambda: list_of(hour12=True, landscape=True, notes=False, printed_line=False),
    "sheet": sheet_of,
    "sheet-hidden": lambda: sheet_of(hide_names=True),
    "sheet-many": lambda: sheet_of(MANY),
    "table": lambda: table_of(40),
}
"""Every document that has a golden file."""


def written_down(found: PdfFile) -> str:
    """A document as lines: each text with its place, and how many lines, boxes and marks a sheet has."""
    lines: list[str] = []
    for number, page in enumerate(found.pages, 1):
        lines.append(f"== sheet {number}  {page.width:g} x {page.height:g}")
        counts = {word: page.operators.count(end) for word, end in (("lines", " l S\n"), ("boxes", " re "))}
        lines.append(f"   {counts['lines']} lines, {counts['boxes']} boxes, {page.operators.count(' cm')} transforms")
        for text in page.texts:
            weight = "b" if "SemiBold" in text.font else " "
            lines.append(f"{text.x:7.2f} {text.y:7.2f} {text.size:4g} {weight} {text.grey:4g}  {text.text}")
    return "\n".join(lines) + "\n"


def texts(paper: Paper) -> list[list[str]]:
    """The texts of each sheet, as the file has them."""
    return [[text.text for text in page.texts] for page in read_pdf(bytes_of(paper)).pages]


def main(_arguments: Sequence[str] = ()) -> None:
    """Write every golden file again."""
    GOLDEN.mkdir(exist_ok=True)
    for name, make in DOCUMENTS.items():
        data = bytes_of(make())
        (GOLDEN / f"{name}.txt").write_text(written_down(read_pdf(data)), encoding="utf-8")


if __name__ == "__main__":
    main()
