"""The bytes of a table as lines of text: decompressed, decoded and split, all within bounds.

Bytes that cannot be decoded become lone surrogates (as Python's ``surrogateescape`` has it), so that
their line can be named and the rest of the file be read.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.interchange.bounds import MAX_RATIO, MAX_TABLE_BYTES, MAX_TABLE_LINE, RATIO_FREE_BYTES

_CHUNK: Final = 1 << 18
_SAMPLE: Final = 1 << 16
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS: Final = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP file: save the sheet as CSV and import that"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV and import that"),
    (b"%PDF", "a PDF: export the list as CSV and import that"),
    (b"SQLite format 3\x00", "a database file, not a table"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed with xz: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip file: unpack it first"),
)
UNDECODED: Final = re.compile("[\udc80-\udcff\ufffd]")
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class LineTooLong(Exception):
    """A physical line beyond the bound was passed over; reading goes on after it."""


class TableFile:
    """One table file, to be read from the start as often as wanted.

    ``encoding`` is settled (given or guessed) when it is made. Raises BadInput when the file is not
    there, is no text, or breaks the bounds of compression.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self.path = path
        try:
            self.bytes_total = path.stat().st_size
            with path.open("rb") as file:
                head = file.read(16)
        except OSError as error:
            raise BadInput("not_found", f"The file {path.name!r} cannot be read: {error.strerror}.") from None
        self.compressed = head[:2] == b"\x1f\x8b"
        self.bytes_read = 0
        self.suspicious = False  # set as soon as undecodable bytes or NULs were met
        guessed = self._guess()
        self.guessed = encoding is None
        self.encoding = guessed if encoding is None or self._has_mark else encoding

    # ------------------------------------------------------------------------------------- bytes

    def chunks(self) -> Iterator[bytes]:
        """The bytes, decompressed and bounded. Raises BadInput beyond the bounds or when damaged."""
        self.bytes_read = total = 0
        try:
            with self.path.open("rb") as raw:
                stream: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=raw) if self.compressed else raw
                while chunk := stream.read(_CHUNK):
                    total += len(chunk)
                    self.bytes_read = raw.tell()
                    if total > MAX_TABLE_BYTES:
                        raise BadInput("too_long", f"{self.path.name!r} holds more than {MAX_TABLE_BYTES >> 30} GiB.")
                    if self.compressed and total > RATIO_FREE_BYTES and total > MAX_RATIO * max(raw.tell(), 1):
                        raise BadInput(
                            "too_long", f"{self.path.name!r} unpacks to more than {MAX_RATIO} times its size: refused."
                        )
                    yield chunk
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise BadInput("bad_value", f"{self.path.name!r} is damaged: its compression breaks off.") from None
        except OSError as error:
            raise BadInput("not_found", f"The file {self.path.name!r} cannot be read: {error.strerror}.") from None

    def _guess(self) -> str:
        """The encoding by its mark, by its NULs, as UTF-8 if it is that throughout, else by its letters."""
        self._has_mark = False
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        high = bytearray()
        broken = whole = 0
        first = True
        chunks = self.chunks()
        for chunk in chunks:
            if first:
                first = False
                for mark, name in _BOMS:
                    if chunk.startswith(mark):
                        self._has_mark = True
                        chunks.close()  # type: ignore[attr-defined]
                        return name
                for mark, what in _FORMATS:
                    if chunk.startswith(mark):
                        raise BadInput("bad_value", f"{self.path.name!r} is {what}.")
                if wide := _wide(chunk[:4096]):
                    chunks.close()  # type: ignore[attr-defined]
                    return wide
                if _binary(chunk[:_SAMPLE]):
                    raise BadInput("bad_value", f"{self.path.name!r} is not a table of text.")
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(chunk)
            bad = sum(1 for _ in UNDECODED.finditer(text))
            broken += bad
            whole += sum(1 for c in text if c > "\x7f") - bad if bad or not whole else 0
            if len(high) < _SAMPLE:
                for found in re.finditer(rb"[^\r\n,;\t]{0,12}[\x80-\xff][^\r\n,;\t]{0,12}", chunk):
                    high += found[0] + b"\n"
                    if len(high) >= _SAMPLE:
                        break
        if first:
            raise BadInput("bad_value", f"{self.path.name!r} is empty.")
        # A few broken bytes among many good ones are damage, not another encoding.
        if broken == 0 or (whole >= 4 and whole >= 10 * broken):
            return "utf-8"
        return _narrow(bytes(high))

    # ------------------------------------------------------------------------------------- lines

    def texts(self) -> Iterator[str]:
        """The text in pieces; sets ``suspicious`` when a piece holds what could not be decoded, or a NUL."""
        wide = self.encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
        decoder = codecs.getincrementaldecoder(self.encoding)("replace" if wide else "surrogateescape")
        self.suspicious = False
        try:
            for chunk in self.chunks():
                text = decoder.decode(chunk)
                if "\0" in text or (not text.isascii() and UNDECODED.search(text)):
                    self.suspicious = True
                yield text
            rest = decoder.decode(b"", final=True)
        except (UnicodeError, ValueError):
            raise BadInput("bad_value", f"{self.path.name!r} cannot be read as {self.encoding}.") from None
        if rest:
            self.suspicious = self.suspicious or bool(UNDECODED.search(rest))
            yield rest

    def lines(self) -> Iterator[str | None]:
        """Physical lines with their ends; None in place of a line that is too long."""
        tail = ""
        skipping = False
        for text in self.texts():
            text = tail + text
            tail = ""
            if text.endswith("\r"):  # its newline may come with the next piece
                text, tail = text[:-1], "\r"
            if _LONE_RETURN.search(text):
                parts = _LINE.findall(text)
                if parts and not parts[-1]:
                    parts.pop()
                rest = "" if text.endswith(("\n", "\r")) else parts.pop() if parts else ""
            else:
                parts = text.split("\n")
                rest = parts.pop()
                parts = [part + "\n" for part in parts]
            for part in parts:
                if skipping:
                    skipping = False
                    yield None
                elif len(part) > MAX_TABLE_LINE:
                    yield None
                else:
                    yield part
            tail = rest + tail
            if len(tail) > MAX_TABLE_LINE:
                skipping, tail = True, "\r" if tail.endswith("\r") else ""
        if skipping:
            yield None
        elif tail:
            yield tail


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of western text is NUL."""
    if len(sample) < 8:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _binary(sample: bytes) -> bool:
    controls = sum(sample.count(bytes((b,))) for b in range(32) if b not in (9, 10, 11, 12, 13, 27))
    return controls > max(8, len(sample) // 100)


def _narrow(sample: bytes) -> str:
    """The one-byte encoding whose readings of the high bytes look most like letters within words."""
    best, best_score = "cp1252", -1.0
    for name in ("cp1252", "mac_roman", "cp850"):
        score = _letters(sample, name)
        if score > best_score + 0.1:
            best, best_score = name, score
    if best_score >= 0.75:
        return best
    import charset_normalizer  # slow to load, and seldom needed

    found = charset_normalizer.from_bytes(sample).best()
    if found is None or found.encoding.startswith("utf") or found.encoding == "ascii":
        return best
    return found.encoding if _letters(sample, found.encoding) > best_score else best


def _letters(sample: bytes, encoding: str) -> float:
    """The share of characters beyond ASCII that are letters beside letters, or marks used in names and notes."""
    text = sample.decode(encoding, "replace")
    good = total = 0
    for index, c in enumerate(text):
        if c <= "\x7f":
            continue
        total += 1
        before, after = text[index - 1] if index else "\n", text[index + 1] if index + 1 < len(text) else "\n"
        if c in "–—‘’“”€…°§ªº½²®©\u00a0₱":
            # A dash, quote or degree stands beside a space or an end, seldom within a word but for ’.
            good += c == "’" or not (before.isalpha() and after.isalpha())
        elif c.isalpha() and (before.isalpha() or after.isalpha()):
            # Capitals do not follow small letters within a word.
            good += not (c.isupper() and before.islower())
    return good / total if total else 1.0
