"""What a TrueType file says of its letters: which it has, how wide they are, and its figures of one width.

Read by ourselves so that layout needs neither reportlab nor Qt, and PDF, preview and printer put every letter at
the same place. Source: OpenType 1.9, tables ``cmap`` (formats 4 and 12), ``head``, ``hhea``, ``hmtx``, ``GSUB``.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MISSING = "□"
"""Stands where a letter is not in the font."""


class FontFile:
    """One font. ``glyphs`` gives the number of each code point's drawing, figures being those of one width."""

    __slots__ = ("_advances", "_known", "glyphs", "path", "units")

    def __init__(self, path: Path) -> None:
        """Raises OSError, and ValueError when it is no TrueType font."""
        data = path.read_bytes()
        try:
            tables = _tables(data)
            self.units: int = struct.unpack_from(">H", data, tables["head"] + 18)[0]
            count: int = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
            advances = struct.unpack_from(">" + "Hh" * count, data, tables["hmtx"])[::2]
            self.glyphs: dict[int, int] = _characters(data, tables["cmap"])
            swapped = _single_substitutions(data, tables["GSUB"], b"tnum") if "GSUB" in tables else {}
        except (struct.error, KeyError, IndexError) as error:
            raise ValueError(f"{path.name} is not a TrueType font that can be read") from error
        for figure in range(ord("0"), ord("9") + 1):
            self.glyphs[figure] = swapped.get(self.glyphs[figure], self.glyphs[figure])
        self.path = path
        self._advances = advances
        self._known: dict[str, float] = {}

    def has(self, letter: str) -> bool:
        """Whether the font has a letter."""
        return ord(letter) in self.glyphs

    def advance(self, letter: str) -> float:
        """The width of a letter, as a part of the type size."""
        found = self._known.get(letter)
        if found is None:
            glyph = self.glyphs.get(ord(letter), 0)
            # The last advance goes on for all glyphs after it.
            found = self._known[letter] = self._advances[min(glyph, len(self._advances) - 1)] / self.units
        return found

    def width(self, text: str, size: float) -> float:
        """The width of a line of text in points: the letters beside each other, without kerning."""
        known = self._known
        try:
            return sum([known[letter] for letter in text]) * size
        except KeyError:
            return sum([self.advance(letter) for letter in text]) * size


@lru_cache(maxsize=8)
def font_file(path: Path) -> FontFile:
    """A font, read once. Raises as the class does."""
    return FontFile(path)


def _tables(data: bytes) -> dict[str, int]:
    if data[:4] != b"\0\1\0\0":
        raise ValueError("a font with TrueType outlines was expected")
    (count,) = struct.unpack_from(">H", data, 4)
    found = {}
    for i in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * i)
        found[tag.decode("latin-1")] = offset
    return found


def _characters(data: bytes, at: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">H", data, at + 2)
    best: tuple[int, int] = (0, 0)
    for i in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, at + 4 + 8 * i)
        (form,) = struct.unpack_from(">H", data, at + offset)
        if (platform == 0 or (platform == 3 and encoding in (1, 10))) and form in (4, 12):
            best = max(best, (form, at + offset))
    form, where = best
    if form == 12:
        return _groups(data, where)
    if form == 4:
        return _segments(data, where)
    raise ValueError("the font has no Unicode table")


def _groups(data: bytes, at: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">L", data, at + 12)
    found: dict[int, int] = {}
    for i in range(min(count, 20_000)):
        first, last, glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * i)
        for code in range(first, min(last, 0x10FFFF) + 1):
            found[code] = glyph + code - first
    return found


def _segments(data: bytes, at: int) -> dict[int, int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    places = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, places)
    found: dict[int, int] = {}
    for i in range(count):
        for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
            glyph = code
            if offsets[i]:
                (glyph,) = struct.unpack_from(">H", data, places + 2 * i + offsets[i] + 2 * (code - starts[i]))
                if not glyph:
                    continue
            glyph = (glyph + deltas[i]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found


def _single_substitutions(data: bytes, at: int, feature: bytes) -> dict[int, int]:
    """Glyph to glyph, of every single substitution (lookup type 1) that a feature names."""
    features, lookups = (at + place for place in struct.unpack_from(">HH", data, at + 6))
    (count,) = struct.unpack_from(">H", data, features)
    wanted: set[int] = set()
    for i in range(count):
        tag, offset = struct.unpack_from(">4sH", data, features + 2 + 6 * i)
        if tag == feature:
            (many,) = struct.unpack_from(">H", data, features + offset + 2)
            wanted.update(struct.unpack_from(f">{many}H", data, features + offset + 4))
    found: dict[int, int] = {}
    for number in sorted(wanted):
        lookup = lookups + struct.unpack_from(">H", data, lookups + 2 + 2 * number)[0]
        kind, _flag, many = struct.unpack_from(">HHH", data, lookup)
        for offset in struct.unpack_from(f">{many}H", data, lookup + 6):
            table = lookup + offset
            if kind == 7:  # the same, further away
                kind_there, far = struct.unpack_from(">HL", data, table + 2)
                if kind_there == 1:
                    found.update(_single(data, table + far))
            elif kind == 1:
                found.update(_single(data, table))
    return found


def _single(data: bytes, at: int) -> dict[int, int]:
    form, coverage, what = struct.unpack_from(">HHH", data, at)
    covered = _covered(data, at + coverage)
    if form == 1:
        return {glyph: (glyph + what) & 0xFFFF for glyph in covered}
    return dict(zip(covered, struct.unpack_from(f">{what}H", data, at + 6), strict=True))


def _covered(data: bytes, at: int) -> list[int]:
    form, count = struct.unpack_from(">HH", data, at)
    if form == 1:
        return list(struct.unpack_from(f">{count}H", data, at + 4))
    found: list[int] = []
    for i in range(count):
        first, last, _index = struct.unpack_from(">HHH", data, at + 4 + 6 * i)
        found += range(first, last + 1)
    return found
