"""Paper as PDF bytes: reportlab draws what was laid out. Imported when something is written, never before.

The same paper gives the same bytes: no random ids, no clock but the moment that is handed in. Fonts are embedded
and cut down to the letters that are used. What the files say of their text (``ToUnicode``) lets it be searched.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from himsog_desktop.domain.marks import FIELD, MARKS
from himsog_desktop.domain.paper import Block, Mark, Stroke, Words
from himsog_desktop.domain.time import SECOND, to_datetime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from himsog_desktop.domain.paper import PaperPage
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.interchange.fontfile import FontFile
    from himsog_desktop.interchange.pdf_pen import Faces

PRODUCT = "Himsog Desktop"
STROKE = 1.5
"""Weight of the strokes of a mark, on its field of 16."""
_ARGUMENTS = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0, "O": 3, "D": 3, "R": 5}


def write_pdf(
    out: BinaryIO,
    title: str,
    pages: Iterable[PaperPage],
    faces: Faces,
    printed: Micros,
    told: Callable[[int], None] | None = None,
) -> int:
    """Write pages as they come; how many there were. ``told`` hears of every page and may raise to stop."""
    names = (_font(faces.regular), _font(faces.strong))
    canvas = _canvas(out, title, printed, names[0])
    count = 0
    for count, page in enumerate(pages, 1):
        canvas.setPageSize((page.width, page.height))
        drawer = _Drawer(canvas, page.height, names)
        for item in page.items:
            drawer.draw(item)
        canvas.showPage()
        if told is not None:
            told(count)
    canvas.save()
    return count


def _canvas(out: BinaryIO, title: str, printed: Micros, font: str) -> Any:
    from reportlab.lib.utils import TimeStamp
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(out, pageCompression=1, invariant=1, lang="en", initialFontName=font)
    canvas.setTitle(title)
    canvas.setCreator(PRODUCT)
    canvas.setProducer(PRODUCT)
    canvas.setAuthor(PRODUCT)
    canvas.setSubject("")
    document = canvas._doc
    stamp = TimeStamp(1)
    stamp.t = printed // SECOND
    stamp.lt = to_datetime(printed).timetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    document._timeStamp = stamp
    return canvas


def _font(face: FontFile) -> str:
    """Register a font once for the process under its file's name; each document cuts it down for itself."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = face.path.stem
    if name not in pdfmetrics.getRegisteredFontNames():
        made = TTFont(name, os.fspath(face.path), shapable=False)
        for figure in range(ord("0"), ord("9") + 1):
            made.face.charToGlyph[figure] = face.glyphs[figure]
            made.face.charWidths[figure] = face.advance(chr(figure)) * 1000
        pdfmetrics.registerFont(made)
    return name


class _Drawer:
    """One page on a canvas whose origin is at the bottom."""

    def __init__(self, canvas: Any, height: float, names: tuple[str, str]) -> None:
        self.canvas = canvas
        self.height = height
        self.names = names

    def draw(self, item: Words | Stroke | Block | Mark) -> None:
        if isinstance(item, Words):
            self._words(item)
        elif isinstance(item, Block):
            self._block(item)
        elif isinstance(item, Stroke):
            self._stroke(item)
        else:
            self._mark(item)

    def _words(self, item: Words) -> None:
        canvas = self.canvas
        canvas.setFillGray(item.grey)
        canvas.setFont(self.names[item.strong], item.size)
        canvas.drawString(item.x, self.height - item.y, item.text)

    def _stroke(self, item: Stroke) -> None:
        self._pen(item.width, item.grey, item.dash)
        self.canvas.line(item.x1, self.height - item.y1, item.x2, self.height - item.y2)

    def _block(self, item: Block) -> None:
        canvas = self.canvas
        if item.fill is not None:
            canvas.setFillGray(item.fill)
        if item.edge is not None:
            self._pen(item.line, item.edge, item.dash)
        canvas.rect(
            item.x,
            self.height - item.y - item.height,
            item.width,
            item.height,
            stroke=int(item.edge is not None),
            fill=int(item.fill is not None),
        )

    def _pen(self, width: float, grey: float, dash: float) -> None:
        self.canvas.setStrokeGray(grey)
        self.canvas.setLineWidth(width)
        if dash:
            self.canvas.setDash(dash, dash)
        else:
            self.canvas.setDash()

    def _mark(self, item: Mark) -> None:
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(item.x, self.height - item.y)
        scale = item.size / FIELD
        canvas.scale(scale, -scale)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        canvas.setDash()
        canvas.setLineWidth(STROKE)
        canvas.setStrokeGray(item.grey)
        canvas.setFillGray(item.grey)
        _draw_mark(canvas, MARKS[item.name].split())
        canvas.restoreState()


def _draw_mark(canvas: Any, words: list[str]) -> None:
    path = canvas.beginPath()
    x = y = 0.0
    at = 0
    while at < len(words):
        word = words[at]
        count = _ARGUMENTS[word]
        n = [float(w) for w in words[at + 1 : at + 1 + count]]
        at += 1 + count
        if word == "M":
            path.moveTo(*n)
        elif word == "L":
            path.lineTo(*n)
        elif word == "C":
            path.curveTo(*n)
        elif word == "Q":  # as a cubic curve
            a, b, c, d = n
            path.curveTo(x + (a - x) * 2 / 3, y + (b - y) * 2 / 3, c + (a - c) * 2 / 3, d + (b - d) * 2 / 3, c, d)
        elif word == "Z":
            path.close()
        elif word == "O":
            path.circle(*n)
        elif word == "D":
            canvas.circle(*n, stroke=0, fill=1)
        else:
            path.roundRect(*n)
        if word in "MLCQ":
            x, y = n[-2:]
    canvas.drawPath(path, stroke=1, fill=0)
