"""A pen over one sheet: text that is measured, cut or wrapped, right-aligned; lines, boxes, marks.

Letters that our fonts have not are never left out in silence: a box stands in their place, and ``missing`` says so,
for the line at the foot that tells the reader.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from himsog_desktop.domain.paper import Block, Item, Mark, PaperPage, Stroke, Words
from himsog_desktop.domain.wording import one_line
from himsog_desktop.interchange.fontfile import MISSING, FontFile

SOFT = 0.33
"""The grey of what is less important: 7:1 on white, and still dark when a printer saves toner."""
LINE = 0.62
"""The grey of lines between things."""
ELLIPSIS = "…"


class Faces(NamedTuple):
    """The two weights that we print with."""

    regular: FontFile
    strong: FontFile


class Pen:
    """Collects what stands on one sheet."""

    def __init__(self, faces: Faces, width: float, height: float) -> None:
        self.faces = faces
        self.width = width
        self.height = height
        self.missing = False
        self._items: list[Item] = []

    def page(self, label: str) -> PaperPage:
        """The sheet as it is now."""
        return PaperPage(self.width, self.height, tuple(self._items), label)

    # -------------------------------------------------------------------------------- text

    def clean(self, text: str) -> str:
        """One line of letters that we have."""
        if text.isascii() and text.isprintable() and "  " not in text:
            return text
        found, lost = _cleaned(self.faces.regular, text)
        self.missing = self.missing or lost or MISSING in found
        return found

    def measure(self, text: str, size: float, *, strong: bool = False) -> float:
        """The width of a line in points."""
        return (self.faces.strong if strong else self.faces.regular).width(text, size)

    def cut(self, text: str, size: float, room: float, *, strong: bool = False) -> str:
        """As much of a clean line as fits, with an ellipsis; ``""`` when not even one letter does."""
        if self.measure(text, size, strong=strong) <= room:
            return text
        face = self.faces.strong if strong else self.faces.regular
        left = room - face.width(ELLIPSIS, size)
        kept = 0
        for letter in text:
            left -= face.advance(letter) * size
            if left < 0:
                break
            kept += 1
        return text[:kept].rstrip() + ELLIPSIS if kept else ""

    def wrap(self, text: str, size: float, room: float, most: int, *, strong: bool = False) -> list[str]:
        """A text in at most so many lines; what does not fit ends in an ellipsis."""
        lines: list[str] = []
        words = self.clean(text).split()
        while words and len(lines) < most:
            line = words.pop(0)
            while words and self.measure(f"{line} {words[0]}", size, strong=strong) <= room:
                line = f"{line} {words.pop(0)}"
            if words and len(lines) == most - 1:
                line = f"{line} {words[0]}"  # cut below, so that there is an ellipsis
            lines.append(self.cut(line, size, room, strong=strong))
        return lines

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        strong: bool = False,
        grey: float = 0.0,
        room: float | None = None,
        align: str = "left",
    ) -> float:
        """Write one line with its baseline at ``y``, cut to ``room``; how wide it is.

        ``align`` is ``left``, ``right`` (it ends at ``x``) or ``centre``.
        """
        line = self.clean(text)
        width = self.measure(line, size, strong=strong)
        if room is not None and width > room:
            line = self.cut(line, size, room, strong=strong)
            width = self.measure(line, size, strong=strong)
        if not line:
            return 0.0
        if align != "left":
            x -= width if align == "right" else width / 2
        self._items.append(Words(round(x, 2), round(y, 2), line, size, strong, grey))
        return width

    # --------------------------------------------------------------------------------- rest

    def stroke(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, grey: float = LINE, dash: float = 0.0
    ) -> None:
        """Draw a straight line."""
        self._items.append(Stroke(round(x1, 2), round(y1, 2), round(x2, 2), round(y2, 2), width, grey, dash))

    def block(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: float | None = None,
        edge: float | None = None,
        line: float = 0.5,
        dash: float = 0.0,
    ) -> None:
        """Draw a rectangle."""
        place = (round(x, 2), round(y, 2), round(width, 2), round(height, 2))
        self._items.append(Block(*place, fill, edge, line, dash))

    def mark(self, x: float, y: float, size: float, name: str, *, grey: float = 0.0) -> None:
        """Draw a mark with its top left corner there."""
        self._items.append(Mark(round(x, 2), round(y, 2), size, name, grey))


@lru_cache(maxsize=4096)
def _cleaned(face: FontFile, text: str) -> tuple[str, bool]:
    """The text in composed letters of the font, and whether any was replaced."""
    lost = False
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", one_line(text)):
        if face.has(letter) and not unicodedata.combining(letter):
            letters.append(letter)
        elif letter in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff":
            continue  # they have no look of their own
        else:
            lost = True
            letters.append(MISSING)
    return "".join(letters), lost
