"""Days and times as other systems write them, read by hand-made readers (strptime takes ten times as long).

A format is written with strptime's letters: ``%Y %y %m %d %H %I %M %S %f %p %b %B %a %A %z %Z``. It is
compiled to one expression that is a little more patient than strptime: months by name long or
short, one digit or two, ``am`` with or without space, seconds and ``T`` where they were not
announced, and a day alone where the time is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from himsog_desktop.domain.time import DAY, FIRST_YEAR, LAST_YEAR, SECOND, Micros, Zone
from himsog_desktop.interchange.cells import BadCell, quoted, remember

Moment = tuple[date | None, int | None, int | None]
"""A day, seconds of the day, the offset from UTC in seconds: each None where the text has none."""

ReadMoment = Callable[[str], Moment]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

_DAY_TOKENS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})(?:st|nd|rd|th)?",
    "e": r"(?P<d>\d{1,2})(?:st|nd|rd|th)?",
    "b": r"(?P<b>[A-Za-z]{3,9})\.?",
    "a": r"[^\W\d_]{2,10}\.?",
}
_DAY_TOKENS |= {"B": _DAY_TOKENS["b"], "h": _DAY_TOKENS["b"], "A": _DAY_TOKENS["a"]}
_TIME_TOKENS = {
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})(?:[.,]\d+)?",
    "f": r"\d{1,9}",
    "p": r"(?P<p>[AaPp])\.?\s?[Mm]\.?",
    "z": r"(?P<z>[Zz]|[+-]\d{2}:?\d{2})",
    "Z": r"[A-Za-z]{1,5}",
}
_MIDNIGHT = r"(?:[ T](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s?AM)(?:Z|[+-]00:?00)?)?"

AUTO: Final = (
    "%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M %p", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M",
    "%B %d, %Y %I:%M %p", "%B %d, %Y %H:%M", "%d %B %Y %I:%M %p", "%d %B %Y %H:%M", "%d-%b-%Y %H:%M",
    "%A, %B %d, %Y %I:%M %p", "%a %d %b %Y %H:%M",
    "%I:%M %p", "%H:%M", "%I %p",
)  # fmt: skip
"""What is tried when the map gives no format: what can be read in one way only."""


def check_format(text: str) -> str | None:
    """What is wrong with a format, in words; None when nothing is."""
    known = _DAY_TOKENS.keys() | _TIME_TOKENS.keys() | {"%"}
    bad = [letter for letter in re.findall(r"%(.?)", text, re.DOTALL) if letter not in known]
    if bad:
        return f"%{bad[0]} is not known in a format"
    letters = re.findall(r"%(.)", text)
    if not letters:
        return "a format is written with letters such as %d/%m/%Y %H:%M"
    day = {"B": "b", "h": "b", "e": "d"}
    plain = [day.get(letter, letter) for letter in letters if letter not in "aAfZ%"]
    twice = {letter for letter in plain if plain.count(letter) > 1}
    if twice:
        return f"%{twice.pop()} stands twice"
    has_day = bool({"Y", "y", "m", "d", "b"} & set(plain))
    if has_day and not ({"Y", "y"} & set(plain) and {"m", "b"} & set(plain) and "d" in plain):
        return "a day needs a year, a month and a day (%Y or %y, %m or %b, %d)"
    if "M" in plain and not {"H", "I"} & set(plain):
        return "minutes need hours (%H or %I)"
    return None


@lru_cache(maxsize=256)
def _expressions(form: str) -> tuple[re.Pattern[str], ...]:
    """The format as an expression; a second one for the day alone when the time stands last."""
    parts: list[str] = []
    first_time: int | None = None
    day_after_time = has_day = False
    pieces = re.findall(r"%.|\s+|.", form, re.DOTALL)
    seconds_done = False
    for at, piece in enumerate(pieces):
        if seconds_done and (piece == "%S" or (piece == ":" and pieces[at + 1 : at + 2] == ["%S"])):
            continue
        letter = piece[1:] if len(piece) == 2 and piece[0] == "%" else ""
        if letter in _DAY_TOKENS:
            has_day = True
            day_after_time = day_after_time or first_time is not None
            parts.append(_DAY_TOKENS[letter])
        elif letter in _TIME_TOKENS:
            if first_time is None:
                first_time = len(parts)
            parts.append(_TIME_TOKENS[letter])
            if letter == "M" and ("%S" not in form or pieces[at + 1 : at + 3] == [":", "%S"]):
                parts.append(r"(?::(?P<S>\d{2})(?:[.,]\d+)?)?")
                seconds_done = True
            if letter == "M" and "%p" in form and pieces[at + 1 : at + 2] == ["%p"]:
                parts.append(r"\s*")
        elif letter == "%":
            parts.append("%")
        elif piece.isspace():
            parts.append(r"(?:\s+|T)" if has_day and first_time is None else r"\s*")
        else:
            parts.append(re.escape(piece))
    whole = "".join(parts)
    found = [re.compile(whole + (_MIDNIGHT if first_time is None else ""), re.IGNORECASE)]
    if has_day and first_time is not None and not day_after_time:
        lead = "".join(parts[:first_time])
        lead = lead.removesuffix(r"(?:\s+|T)").removesuffix(r"\s*").removesuffix(",")
        found.append(re.compile(lead, re.IGNORECASE))
    return tuple(found)


def _value(found: re.Match[str], text: str, century_of: Callable[[int], int]) -> Moment:
    g = found.groupdict()
    day: date | None = None
    if g.get("Y") or g.get("y"):
        year = int(g["Y"]) if g.get("Y") else century_of(int(g["y"]))
        month = _MONTHS.get(g["b"].lower(), 0) if g.get("b") else int(g["m"])
        day = _day(year, month, int(g["d"]), text)
    seconds: int | None = None
    hour_text = g.get("H") or g.get("I")
    if hour_text:
        hour, minute, second = int(hour_text), int(g.get("M") or 0), int(g.get("S") or 0)
        half = g.get("p")
        if half and g.get("I"):
            if not 1 <= hour <= 12:
                raise BadCell("bad_time", f"There is no time {quoted(text)}.")
            hour = hour % 12 + (12 if half in "pP" else 0)
        if hour == 24 and minute == 0 and second == 0 and day is not None:
            day, hour = day + timedelta(days=1), 0
        if hour > 23 or minute > 59 or second > 60:
            raise BadCell("bad_time", f"There is no time {quoted(text)}.")
        seconds = hour * 3600 + minute * 60 + min(second, 59)
    offset = g.get("z")
    return day, seconds, None if not offset else _offset(offset)


def _offset(text: str) -> int:
    if text in "zZ":
        return 0
    size = int(text[1:3]) * 3600 + int(text[-2:]) * 60
    if size > 14 * 3600:
        raise BadCell("bad_time", f"There is no offset {quoted(text)}.")
    return -size if text[0] == "-" else size


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadCell("bad_date", f"There is no day {quoted(text)}.") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell("bad_date", f"The year of {quoted(text)} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return found


def moment_reader(formats: tuple[str, ...], *, born_by: date | None = None) -> ReadMoment:
    """A reader of moments in these formats, or of what can be read in one way only when there are none.

    ``born_by``: years of two digits that lie after it are of the century before.
    """
    expressions = [e for form in (formats or AUTO) for e in _expressions(form)]
    iso = not formats or any(form.startswith("%Y-%m-%d") for form in formats)
    has_time = not formats or any("%H" in form or "%I" in form for form in formats)
    clock_only = all("%Y" not in form and "%y" not in form for form in formats) and bool(formats)

    def century_of(year: int) -> int:
        if born_by is not None:
            return 2000 + year if 2000 + year <= born_by.year else 1900 + year
        return 2000 + year if year < 69 else 1900 + year

    def by_expression(text: str) -> Moment:
        for expression in expressions:
            found = expression.fullmatch(text)
            if found is not None:
                return _value(found, text, century_of)
        if clock_only:
            raise BadCell("bad_time", f"{quoted(text)} is not a time of the form {formats[0]}.")
        if formats:
            raise BadCell("bad_date", f"{quoted(text)} is not of the form {' or '.join(formats[:3])}.")
        if re.match(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}", text):
            raise BadCell("bad_date", f"{quoted(text)} can be read in two ways: name its format in the map.")
        raise BadCell("bad_date", f"{quoted(text)} is not a day or time that can be read without a format.")

    slow = remember(by_expression)
    days: dict[str, date] = {}

    def read(text: str) -> Moment:
        text = text.strip()
        size = len(text)
        # 2026-12-01, optionally with T09:30[:15][Z|+08:00]: sliced, not matched.
        if iso and size >= 10 and text[4] == "-" and text[7] == "-":
            head = text[:10]
            day = days.get(head)
            if day is None:
                try:
                    day = _day(int(text[:4]), int(text[5:7]), int(text[8:10]), text)
                except BadCell:
                    raise
                except ValueError:
                    return slow(text)
                if len(days) > 20_000:
                    days.clear()
                days[head] = day
            if size == 10:
                return day, None, None
            if has_time and size >= 16 and text[13] == ":" and text[10] in "T ":
                clock = _clock(text[11:19] if size >= 19 and text[16] == ":" else text[11:16])
                if clock is not None:
                    if size in (16, 19):
                        return day, clock, None
                    if size in (17, 20) and text[-1] in "Zz":
                        return day, clock, 0
            return _iso_rest(text, day) if has_time else slow(text)
        if size in (5, 8) and text[2] == ":" and (clock := _clock(text)) is not None and (clock_only or not formats):
            return None, clock, None
        if text[:1] == "'":
            text = text.lstrip("'")
        return slow(text)

    return read


_CLOCKS: dict[str, int] = {}
_ISO_REST = re.compile(
    r".{10}[Tt ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*"
    r"(?:([AaPp])\.?[Mm]\.?)?\s*([Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?"
)


def _clock(text: str) -> int | None:
    """Seconds of the day of ``09:30`` or ``09:30:15``; None when it is neither."""
    known = _CLOCKS.get(text)
    if known is not None:
        return known
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", text):
        return None
    seconds = int(text[:2]) * 3600 + int(text[3:5]) * 60 + int(text[6:8] or 0)
    _CLOCKS[text] = seconds  # at most 87,840 of them
    return seconds


def _iso_rest(text: str, day: date) -> Moment:
    found = _ISO_REST.fullmatch(text)
    if found is None:
        raise BadCell("bad_time", f"{quoted(text)} is not a day and time such as 2026-12-01 09:30.")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise BadCell("bad_time", f"There is no time {quoted(text)}.")
        hour = hour % 12 + (12 if found[4] in "pP" else 0)
    if hour == 24 and minute == second == 0:
        day, hour = day + timedelta(days=1), 0
    if hour > 23 or minute > 59 or second > 60:
        raise BadCell("bad_time", f"There is no time {quoted(text)}.")
    offset = found[5]
    if offset in (None, ""):
        return day, hour * 3600 + minute * 60 + min(second, 59), None
    shift = 0 if offset in ("Z", "z", "UTC") else _offset(offset if len(offset) > 3 else offset + ":00")
    return day, hour * 3600 + minute * 60 + min(second, 59), shift


_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


class Placer:
    """Puts moments into a zone: an instant for a day and seconds of the day.

    A wall time that DST skips moves forward by the gap; one that comes twice is the first.
    """

    __slots__ = ("_midnights", "_zone")

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._midnights: dict[date, Micros | None] = {}

    def instant(self, day: date, seconds: int, offset: int | None = None) -> Micros:
        """The instant; ``offset`` (seconds from UTC), where the text had one, wins over the zone."""
        if offset is not None:
            return (day.toordinal() - _EPOCH_DAY) * DAY + (seconds - offset) * SECOND
        try:
            midnight = self._midnights[day]
        except KeyError:
            first, last = self._zone.day_bounds(day)
            # Only a day of 24 hours can be counted through from its midnight.
            midnight = first if last - first == DAY else None
            if len(self._midnights) > 50_000:
                self._midnights.clear()
            self._midnights[day] = midnight
        if midnight is not None:
            return midnight + seconds * SECOND
        return self._zone.instant(day, seconds // 60) + seconds % 60 * SECOND
