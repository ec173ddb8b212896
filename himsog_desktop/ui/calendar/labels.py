"""The words of the day: times in the clinic's format, names, states, everything a tile knows. No Qt.

The accessible name of a tile is part of the contract: "09:00–09:30 Reyes, Ana, Check-up, Confirmed".
"""

from __future__ import annotations

from typing import NamedTuple

from himsog_desktop.domain.day import (
    OUTCOME_MISSING,
    OVERBOOKED,
    PATIENT_ALERT,
    SYNC_CONFLICT,
    SYNC_PENDING,
    SYNC_REFUSED,
    DayPage,
    ProviderColumn,
    Tile,
)
from himsog_desktop.domain.marks import MARK_OF
from himsog_desktop.domain.time import MINUTE, Micros, Zone
from himsog_desktop.domain.wording import initials, one_line, phone_words, shorter_names

__all__ = ["one_line", "phone_words", "shorter_names"]  # as other modules of the calendar know them

# Words, not the enums of domain.appointment: nothing else of that module is needed before the first
# paint. The tests hold both to each other.
VISITS = {"arrived": "Arrived", "in_room": "In room", "with_provider": "With provider", "checked_out": "Checked out"}
STATES = {
    "PENDING": "Requested",
    "CONFIRMED": "Confirmed",
    "COMPLETED": "Completed",
    "CANCELLED": "Cancelled",
    "NO_SHOW": "No-show",
}
_STYLES = {
    "PENDING": "requested",
    "CONFIRMED": "confirmed",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "NO_SHOW": "no_show",
}
_ACTIVE = frozenset({"PENDING", "CONFIRMED"})
LOCATION_ICONS = {"video": "video", "phone": "phone"}
_LOCATIONS = {"in_person": "In person", "video": "Video call", "phone": "Phone call"}
SPANS = {"break": "Break", "block": "Blocked", "vacation": "Vacation", "holiday": "Holiday", "override": "Other hours"}
FLAGS = (
    (SYNC_REFUSED, "The server refused a change of it: see Needs attention."),
    (SYNC_CONFLICT, "Another appointment has the same time."),
    (SYNC_PENDING, "Waiting to be sent to the server."),
    (OUTCOME_MISSING, "Outcome missing: completed, or no-show?"),
    (OVERBOOKED, "Overbooked on purpose."),
    (PATIENT_ALERT, "This patient has an alert."),
)
"""What each bit of ``Tile.flags`` means, gravest first."""
_SYNC = (
    (SYNC_REFUSED, "a change was refused"),
    (SYNC_CONFLICT, "overlaps another"),
    (SYNC_PENDING, "waiting to be sent"),
)
"""What a name says of it too: whoever hears the day must not have to ask for it."""


class Clock:
    """Times of one zone as the clinic writes them: 24 hours, or 12 with AM and PM."""

    __slots__ = ("_known", "hour12", "zone")

    def __init__(self, zone: Zone, *, hour12: bool = False) -> None:
        self.zone = zone
        self.hour12 = hour12
        self._known: dict[Micros, str] = {}

    def time(self, instant: Micros) -> str:
        """``"09:30"`` or ``"9:30 AM"``."""
        found = self._known.get(instant)
        if found is None:
            if len(self._known) > 4000:
                self._known.clear()
            found = self._known[instant] = self.wall(self.zone.minutes_of(instant))
        return found

    def wall(self, minutes: int) -> str:
        """The same, of minutes of the day."""
        hours, rest = divmod(minutes, 60)
        if not self.hour12:
            return f"{hours:02d}:{rest:02d}"
        return f"{(hours + 11) % 12 + 1}:{rest:02d} {'AM' if hours < 12 else 'PM'}"

    def hour(self, minutes: int) -> str:
        """A label of the axis: ``"09:00"``, or ``"9 AM"``."""
        if not self.hour12 or minutes % 60:
            return self.wall(minutes)
        return f"{(minutes // 60 + 11) % 12 + 1} {'AM' if minutes < 720 else 'PM'}"

    def range(self, start: Micros, end: Micros) -> str:
        """``"09:00–09:30"``, with an en dash."""
        return f"{self.time(start)}–{self.time(end)}"


class Fact(NamedTuple):
    """One line of the hover card. ``kind`` is ``title``, ``state``, ``fact``, ``note`` or ``warning``."""

    kind: str
    text: str


def in_visit(tile: Tile) -> bool:
    """Whether the patient is in the house: the visit says more than the state then."""
    return tile.visit is not None and tile.status in _ACTIVE


def style_of(tile: Tile) -> str:
    """Which look of the theme a tile has."""
    return "visit" if in_visit(tile) else _STYLES.get(tile.status, "confirmed")


def icon_of(tile: Tile) -> str:
    """The icon of its state: never colour alone."""
    return MARK_OF.get((tile.visit or "") if in_visit(tile) else tile.status, "question")


def state_of(tile: Tile) -> str:
    """The word of its state; of the visit once the patient is in the house."""
    if in_visit(tile):
        return VISITS.get(tile.visit or "", "Arrived")
    return STATES.get(tile.status, tile.status)


def movable(tile: Tile) -> bool:
    """Whether it still occupies time, and so may be moved."""
    return tile.status in _ACTIVE


def waited(tile: Tile, now: Micros) -> str:
    """How long the patient has been in the present state of the visit, such as ``"12 min"``, or ``""``."""
    if not in_visit(tile) or tile.visit_since is None or now < tile.visit_since:
        return ""
    minutes = (now - tile.visit_since) // MINUTE
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d}"


def shown_name(tile: Tile, privacy: bool = False) -> str:
    """The patient's name in one line; initials when strangers can see the screen."""
    name = one_line(tile.name)
    if not privacy:
        return name
    return initials(name)


def service_of(tile: Tile) -> str:
    """The services in few words: the first, and how many more."""
    if not tile.services:
        return ""
    first, *more = tile.services.split("; ")
    first = one_line(first)
    return f"{first} +{len(more)}" if more else first


def accessible_name(tile: Tile, clock: Clock, privacy: bool = False) -> str:
    """``"09:00–09:30 Reyes, Ana, Check-up, Confirmed"``, and ``", waiting to be sent"`` where that is so."""
    service = service_of(tile)
    middle = f", {service}" if service else ""
    sync = sync_words(tile.flags)
    end = f", {sync}" if sync else ""
    return f"{clock.range(tile.start, tile.end)} {shown_name(tile, privacy)}{middle}, {state_of(tile)}{end}"


def sync_words(flags: int) -> str:
    """How it stands with the server in a few words; "" where there is nothing to say."""
    return ", ".join(words for bit, words in _SYNC if flags & bit)


def accessible_description(tile: Tile, provider: str, now: Micros) -> str:
    """What stands beside the name: provider, waiting time, how it takes place, every flag in words."""
    parts = [provider]
    time_waited = waited(tile, now)
    if time_waited:
        parts.append(f"for {time_waited}")
    if tile.location in LOCATION_ICONS:
        parts.append(_LOCATIONS[tile.location])
    said = SYNC_REFUSED | SYNC_CONFLICT | SYNC_PENDING  # the name says it
    parts += [words.rstrip(".") for bit, words in FLAGS if tile.flags & bit & ~said]
    return ", ".join(part for part in parts if part)


def slot_name(clock: Clock, start: Micros, end: Micros, provider: str, blocked: str = "") -> str:
    """``"10:00 free, Dr Cruz"``; a longer stretch as a range; what lies in the way in place of "free"."""
    when = clock.time(start) if not end else clock.range(start, end)
    return f"{when} {blocked or 'free'}, {provider}"


def blocked_word(column: ProviderColumn, instant: Micros) -> str:
    """What lies in the way at an instant (``"Lunch"``, ``"closed"``), ``""`` when it is open."""
    for span in column.spans:
        if span.start <= instant < span.end and span.kind != "override":
            return one_line(span.text) or SPANS.get(span.kind, "Blocked")
    if any(start <= instant < end for start, end in column.open):
        return ""
    return "closed"


def facts(tile: Tile, provider: str, clock: Clock, now: Micros, privacy: bool = False) -> list[Fact]:
    """Everything a tile knows, for the hover card, top to bottom."""
    length = (tile.end - tile.start) // MINUTE
    time_waited = waited(tile, now)
    found = [
        Fact("title", shown_name(tile, privacy)),
        Fact("state", state_of(tile) + (f" · {time_waited}" if time_waited else "")),
        Fact("fact", f"{clock.range(tile.start, tile.end)} · {length} min · {provider}"),
    ]
    found += [Fact("fact", one_line(name)) for name in tile.services.split("; ") if name]
    if tile.location in _LOCATIONS:
        found.append(Fact("fact", _LOCATIONS[tile.location]))
    if not privacy:
        if tile.phone:
            found.append(Fact("fact", phone_words(tile.phone)))
        if tile.note:
            found.append(Fact("note", one_line(tile.note)))
    found += [Fact("warning", words) for bit, words in FLAGS if tile.flags & bit]
    return found


def booked_count(page: DayPage) -> dict[str, int]:
    """How many appointments occupy time or took place, per column."""
    counts: dict[str, int] = {}
    for tile in page.tiles:
        if tile.status != "CANCELLED":
            column = page.column_of(tile)
            counts[column] = counts.get(column, 0) + 1
    return counts
