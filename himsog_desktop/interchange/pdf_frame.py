"""What every sheet has around its content: margins, the line at the foot, the marks and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.marks import MARK_OF
from himsog_desktop.interchange.fontfile import MISSING
from himsog_desktop.interchange.pdf_pen import LINE, SOFT
from himsog_desktop.interchange.pdf_rows import STATES, VISITS
from himsog_desktop.interchange.pdf_words import short_day, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.interchange.pdf_pen import Pen

MARGIN = 36.0
"""Half an inch: what any printer can reach."""
FOOT = 24.0
"""What the foot takes above the margin."""
SMALL, BODY, HEAD, TITLE = 7.5, 9.0, 12.0, 16.0
"""Sizes of type in points."""

LOST = f"{MISSING} stands for letters that this program cannot print: see the screen."
HIDDEN = "Names are hidden"


def floor_of(height: float) -> float:
    """Where content ends and the foot begins."""
    return height - MARGIN - FOOT


def foot(pen: Pen, left: Iterable[str], right: str) -> None:
    """The line at the foot: what is to be known of the paper on the left, which sheet this is on the right."""
    base = pen.height - MARGIN
    pen.stroke(MARGIN, base - 11, pen.width - MARGIN, base - 11, grey=LINE)
    used = pen.words(pen.width - MARGIN, base, right, SMALL, grey=SOFT, align="right")
    said = [*left, LOST] if pen.missing else list(left)
    pen.words(MARGIN, base, "  ·  ".join(said), SMALL, grey=SOFT, room=pen.width - 2 * MARGIN - used - 12)


def printed_words(zone: Zone, printed: Micros, hour12: bool) -> str:
    """``"Printed 20 Nov 2026 10:10"``, in the clinic's time."""
    return f"Printed {short_day(zone.date_of(printed))} {time_of(zone, printed, hour12)}"


def legend(pen: Pen, x: float, y: float, room: float) -> None:
    """The marks and their words in one line, as many as there is room for."""
    words = [(MARK_OF[key], word) for key, word in (*STATES.items(), *VISITS.items())]
    size, gap = 7.0, 10.0
    right = x + room
    for mark, word in words:
        width = size + 3 + pen.measure(word, SMALL - 0.5)
        if x + width > right:
            return
        pen.mark(x, y - size + 1, size, mark, grey=SOFT)
        pen.words(x + size + 3, y, word, SMALL - 0.5, grey=SOFT)
        x += width + gap
