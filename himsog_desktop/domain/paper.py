"""What stands on a sheet of paper: text, lines, boxes and marks at their places. Made once, drawn by anybody.

Lengths are points (1/72 inch) from the top left corner of the sheet, angles there are none. ``grey`` goes from 0,
black, to 1, white: our sheets have no colour, so that every printer prints what was meant. Who lays out says all
places, also where text begins that ends at a margin; who draws (the PDF, the preview, the printer) decides nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    strong: bool = False
    grey: float = 0.0


class Stroke(NamedTuple):
    """A straight line; ``dash`` is the length of its dashes, 0 for none."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.5
    grey: float = 0.0
    dash: float = 0.0


class Block(NamedTuple):
    """A rectangle; None for a fill or an edge that it has not."""

    x: float
    y: float
    width: float
    height: float
    fill: float | None = None
    edge: float | None = None
    line: float = 0.5
    dash: float = 0.0


class Mark(NamedTuple):
    """A drawing of ``marks.MARKS`` in a square of that size; ``x`` and ``y`` are its top left corner."""

    x: float
    y: float
    size: float
    name: str
    grey: float = 0.0


Item = Words | Stroke | Block | Mark


class PaperPage(NamedTuple):
    """One sheet. ``label`` says what is on it, for whoever does not see it."""

    width: float
    height: float
    items: tuple[Item, ...]
    label: str = ""


class Paper(NamedTuple):
    """A document. The title holds nothing of patients: it is shown by viewers and spoolers."""

    title: str
    pages: tuple[PaperPage, ...]


A4 = (595.28, 841.89)
LETTER = (612.0, 792.0)
SIZES = {"a4": A4, "letter": LETTER}
"""Width and height of upright sheets by their words."""


def sheet(size: str, *, landscape: bool) -> tuple[float, float]:
    """Width and height of a sheet. Raises KeyError for a size that there is not."""
    width, height = SIZES[size]
    return (height, width) if landscape else (width, height)
