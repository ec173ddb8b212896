"""Reads back what our PDF files draw: every text with its place, size and grey, by the file's own tables.

Not a PDF reader, only as much of one as reportlab's output needs: content streams and the ``ToUnicode`` maps of
fonts that were cut down. So the files themselves are what tests compare, not what we meant to write.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import NamedTuple

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_TEXT = re.compile(
    r"(?P<grey>[\d.]+) g BT 1 0 0 1 (?P<x>[\d.]+) (?P<y>[\d.]+) Tm (?P<show>(?:/F\d+\+\d+ [\d.]+ Tf .*?)+) ET\n",
    re.DOTALL,
)
_PIECE = re.compile(r"/(?P<font>F\d+\+\d+) (?P<size>[\d.]+) Tf \((?P<string>(?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)


class Drawn(NamedTuple):
    """One text: ``y`` is its baseline, from the top of the sheet."""

    x: float
    y: float
    text: str
    size: float
    font: str
    grey: float


class PdfPage(NamedTuple):
    """One sheet, with the operators that drew it."""

    width: float
    height: float
    texts: tuple[Drawn, ...]
    operators: str


class PdfFile(NamedTuple):
    """A document; ``fonts`` are the names of its fonts as they are embedded."""

    pages: tuple[PdfPage, ...]
    fonts: frozenset[str]
    facts: bytes


def read_pdf(data: bytes) -> PdfFile:
    """Every page of a file that reportlab wrote."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(data)}
    names: dict[str, dict[int, str]] = {}
    called: dict[str, str] = {}
    for body in objects.values():
        if b"/Type /Font\n" in body or b"/Type /Font " in body:
            name = re.search(rb"/Name /(\S+)", body)
            base = re.search(rb"/BaseFont /(\S+)", body)
            unicode_map = re.search(rb"/ToUnicode (\d+) 0 R", body)
            assert name is not None
            assert base is not None
            called[name[1].decode()] = base[1].decode()
            if unicode_map is not None:
                names[name[1].decode()] = _letters(_content(objects[int(unicode_map[1])]))
    pages = tuple(_page(body, objects, names, called) for body in objects.values() if b"/Type /Page\n" in body)
    facts = next(body for body in objects.values() if b"/CreationDate" in body)
    return PdfFile(pages, frozenset(called.values()), facts)


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    raw = found[1]
    if b"/ASCII85Decode" in body:
        raw = base64.a85decode(b"<~" + raw.strip(), adobe=True)
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body else raw


def _letters(table: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    text = table.decode("latin-1")
    for block in re.findall(r"beginbfchar\n(.*?)endbfchar", text, re.DOTALL):
        for code, letters in re.findall(r"<(\w+)> <(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange\n(.*?)endbfrange", text, re.DOTALL):
        for first, last, letters in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = chr(int(letters, 16) + code - int(first, 16))
        for first, _last, listed in re.findall(r"<(\w+)> <(\w+)> \[(.*?)\]", block, re.DOTALL):
            for number, letters in enumerate(re.findall(r"<(\w+)>", listed)):
                found[int(first, 16) + number] = bytes.fromhex(letters).decode("utf-16-be")
    return found


def _page(
    body: bytes, objects: dict[int, bytes], letters: dict[str, dict[int, str]], called: dict[str, str]
) -> PdfPage:
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", body)
    contents = re.search(rb"/Contents (\d+) 0 R", body)
    assert box is not None
    assert contents is not None
    width, height = float(box[1]), float(box[2])
    operators = _content(objects[int(contents[1])]).decode("latin-1")
    texts: list[Drawn] = []
    for found in _TEXT.finditer(operators):
        font, size, said = "", 0.0, ""
        for piece in _PIECE.finditer(found["show"]):
            font, size = piece["font"], float(piece["size"])
            codes = _ESCAPE.sub(_unescaped, piece["string"])
            said += "".join(letters[font][ord(code)] for code in codes)
        y = round(height - float(found["y"]), 2)
        texts.append(Drawn(float(found["x"]), y, said, size, called[font].partition("+")[2], float(found["grey"])))
    return PdfPage(width, height, tuple(texts), operators)


def _unescaped(found: re.Match[str]) -> str:
    word = found[1]
    if len(word) == 3:
        return chr(int(word, 8))
    return {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(word, word)
