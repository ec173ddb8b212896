"""Paper as PDF bytes: reportlab draws what was laid out. Imported when something is written, never before.

The same paper gives the same bytes: no random ids, no clock but the moment that is handed in. Fonts are embedded
and cut down to the letters that are used. What the files say of their text (``ToUnicode``) lets it be searched.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from himsog_desktop.domain.marks import FIELD, MARKS
from himsog_desktop.domain.paper import Block, Mark, Stroke, Words
from himsog_desktop.domain.time import SECOND, to_datetime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from himsog_desktop.domain.paper import Item, PaperPage
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
    fonts = (_font(faces.regular), _font(faces.strong))
    canvas = _canvas(out, title, printed, fonts[0].fontName)
    count = 0
    for count, page in enumerate(pages, 1):
        canvas.setPageSize((page.width, page.height))
        _Drawer(canvas, page.height, fonts).draw(page.items)
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


def _font(face: FontFile) -> Any:
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
    return pdfmetrics.getFont(name)


class _Drawer:
    """Turns items into the operators of a page (PDF 32000-1, 8 and 9), whose origin is at the bottom.

    The operators are written here, not by reportlab's drawing methods: a hundred thousand rows take a third of the
    time, and a page holds nothing that depends on what was drawn before.
    """

    def __init__(self, canvas: Any, height: float, fonts: tuple[Any, Any]) -> None:
        self._canvas = canvas
        self._document = canvas._doc
        self._height = height
        self._fonts = fonts

    def draw(self, items: Iterable[Item]) -> None:
        """Add items to the page that is open."""
        operators: list[str] = self._canvas._code
        for item in items:
            if isinstance(item, Words):
                operators.append(self._words(item))
            elif isinstance(item, Block):
                operators.append(self._block(item))
            elif isinstance(item, Stroke):
                operators.append(self._stroke(item))
            else:
                operators.append(self._mark(item))

    def _words(self, item: Words) -> str:
        font, shown = self._fonts[item.strong], []
        for subset, letters in font.splitString(item.text, self._document):
            name = font.getSubsetInternalName(subset, self._document)
            shown.append(f"{name} {item.size:g} Tf ({self._canvas._escape(letters)}) Tj")
        return f"{item.grey:g} g BT 1 0 0 1 {item.x:.6g} {self._height - item.y:.6g} Tm {' '.join(shown)} ET"

    def _stroke(self, item: Stroke) -> str:
        start = f"{item.x1:.6g} {self._height - item.y1:.6g} m"
        end = f"{item.x2:.6g} {self._height - item.y2:.6g} l S"
        return f"{_pen(item.width, item.grey, item.dash)} {start} {end}"

    def _block(self, item: Block) -> str:
        said = [] if item.fill is None else [f"{item.fill:g} g"]
        if item.edge is not None:
            said.append(_pen(item.line, item.edge, item.dash))
        bottom = self._height - item.y - item.height
        said.append(f"{item.x:.6g} {bottom:.6g} {item.width:.6g} {item.height:.6g} re")
        said.append("n" if item.fill is None and item.edge is None else _PAINTED[item.fill is None, item.edge is None])
        return " ".join(said)

    def _mark(self, item: Mark) -> str:
        scale = item.size / FIELD
        place = f"{scale:.6g} 0 0 {-scale:.6g} {item.x:.6g} {self._height - item.y:.6g} cm"
        return f"q {place} 1 J 1 j {_pen(STROKE, item.grey, 0)} {item.grey:g} g {_drawing(item.name)} Q"


_PAINTED = {(False, False): "B", (False, True): "f", (True, False): "S"}
"""The operator that paints a rectangle, by whether it has no fill and no edge."""


def _pen(width: float, grey: float, dash: float) -> str:
    dashes = f"[{dash:g} {dash:g}]" if dash else "[]"
    return f"{grey:g} G {width:g} w {dashes} 0 d"


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    """The operators of a mark on its field of 16."""
    from reportlab.pdfgen.pathobject import PDFPathObject

    stroked, filled = PDFPathObject(), PDFPathObject()
    x = y = 0.0
    words = MARKS[name].split()
    at = 0
    while at < len(words):
        word = words[at]
        count = _ARGUMENTS[word]
        n = [float(w) for w in words[at + 1 : at + 1 + count]]
        at += 1 + count
        if word == "M":
            stroked.moveTo(*n)
        elif word == "L":
            stroked.lineTo(*n)
        elif word == "C":
            stroked.curveTo(*n)
        elif word == "Q":  # as a cubic curve
            a, b, c, d = n
            stroked.curveTo(x + (a - x) * 2 / 3, y + (b - y) * 2 / 3, c + (a - c) * 2 / 3, d + (b - d) * 2 / 3, c, d)
        elif word == "Z":
            stroked.close()
        elif word == "O":
            stroked.circle(*n)
        elif word == "D":
            filled.circle(*n)
        else:
            stroked.roundRect(*n)
        if word in "MLCQ":
            x, y = n[-2:]
    drawn = f"{stroked.getCode()} S"
    return f"{drawn} {filled.getCode()} f" if "D" in words else drawn
