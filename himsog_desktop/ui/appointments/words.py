"""The words of the panels: days, ages, phones, and what happened to an appointment. No Qt."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import SHOWN, Location, Status
from himsog_desktop.domain.people import digits
from himsog_desktop.domain.quickparse import read_typed
from himsog_desktop.domain.time import DAY, parse_instant
from himsog_desktop.ui.calendar.labels import VISITS, Clock, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.documents import HistoryDoc

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TYPES = (
    "Initial Consultation",
    "Follow-up Visit",
    "Medication Review",
    "Test Results Review",
    "Urgent Visit",
    "Routine Checkup",
    "Video Call",
    "In-Person Visit",
    "Phone Call",
)
"""The nine types of an appointment (inventory APT-6)."""

LOCATIONS = {
    Location.IN_PERSON.value: "In person",
    Location.PHONE.value: "Phone",
    Location.VIDEO.value: "Video",
}


def day_words(day: date, today: date | None = None) -> str:
    """``Fri 20 Nov``, with the year where it is not this one; ``Today`` and ``Tomorrow`` beside today."""
    if today is not None and 0 <= (day - today).days <= 1:
        return ("Today", "Tomorrow")[(day - today).days]
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def date_words(day: date) -> str:
    """``20 Nov 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(clock: Clock, at: Micros, now: Micros) -> str:
    """``09:41`` today, ``yesterday 09:41``, ``20 Nov, 09:41`` before that."""
    day, today = clock.zone.date_of(at), clock.zone.date_of(now)
    if day == today:
        return clock.time(at)
    if (today - day).days == 1:
        return f"yesterday {clock.time(at)}"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}, {clock.time(at)}"


def age(born: str | None, today: date) -> str:
    """``41 y``, ``7 months`` under two years, ``12 days`` under two months; empty when it can't be told."""
    try:
        birth = date.fromisoformat(born or "")
    except ValueError:
        return ""
    if birth > today:
        return ""
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    if months >= 24:
        return f"{months // 12} y"
    return f"{months} months" if months >= 2 else f"{(today - birth).days} days"


def born_words(born: str | None, today: date) -> str:
    """``14 Mar 1985 (41 y)``."""
    try:
        birth = date.fromisoformat(born or "")
    except ValueError:
        return ""
    years = age(born, today)
    return f"{date_words(birth)} ({years})" if years else date_words(birth)


def phone_words(phone: str | None) -> str:
    """A Philippine number as people say it, others as they stand: ``0917 555 0101``."""
    if not phone:
        return ""
    bare = digits(phone)
    if phone.startswith("+63") and len(bare) == 12:
        return f"0{bare[2:5]} {bare[5:8]} {bare[8:]}"
    return phone


def phone_tail(phone: str | None) -> str:
    """The last four digits, by which two people of one name are told apart."""
    bare = digits(phone or "")
    return f"…{bare[-4:]}" if len(bare) >= 4 else bare


def read_minutes(typed: str, today: date) -> int | None:
    """A length as people type it: ``30``, ``30 min``, ``1h30``; None when it is none."""
    text = typed.strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 and 0 < int(text) <= 1440 else None
    read = read_typed(text, today) if text else None
    return None if read is None else read.duration


def initials(name: str) -> str:
    """What stands in place of a name when strangers can see the screen."""
    return " ".join(f"{part[0]}." for part in one_line(name).replace(",", " ").split() if part) or "–"


def tip(text: str) -> str:
    """A text from data as a tool tip: Qt would read markup in it, so that what looks like any is escaped."""
    return f"<span>{escape(text)}</span>" if "<" in text or "&" in text else text


# ------------------------------------------------------------------------------------ history


class Teller:
    """Tells what happened, newest or oldest, in sentences. ``providers`` are names by id."""

    def __init__(self, clock: Clock, now: Micros, providers: Mapping[str, str]) -> None:
        self._clock = clock
        self._now = now
        self._providers = providers

    def sentence(self, entry: HistoryDoc) -> str:
        """What was done, such as ``Moved from Fri 20 Nov 10:00 to Fri 20 Nov 10:30``."""
        words = self._what(entry)
        if not entry.kind.startswith("undo."):
            return words
        return f"Undone: {words[0].lower()}{words[1:]}" if entry.kind != "undo.undo" else f"Done again: {words}"

    def who(self, entry: HistoryDoc) -> str:
        """By whom, when, where: ``Owner, 09:41 · front-desk``."""
        by = one_line(entry.by.name) if entry.by is not None and entry.by.name else _SOURCES.get(entry.source, "")
        at = moment_words(self._clock, parse_instant(entry.at), self._now)
        told = ", ".join(part for part in (by, at) if part)
        return " · ".join(part for part in (told, one_line(entry.device)) if part)

    def _what(self, entry: HistoryDoc) -> str:
        before, after = entry.before, entry.after
        if not before:
            when = self._when(after.get("start"))
            verb = {"import": "Imported", "web": "Booked on the web"}.get(entry.source, "Booked")
            made = f"{verb} for {when}" + self._with(after.get("provider_id"))
            reason = after.get("overbook_reason")
            return f"{made}, overbooked: {one_line(str(reason))}" if reason else made
        if not after:
            return "Booking taken back" if entry.kind.startswith("undo") else "Deleted"
        parts = [part for part in (self._place(entry), self._status(entry), self._visit(entry), _note(entry)) if part]
        parts += _rest(entry, bool(parts))
        return "; ".join(parts) or "Changed"

    def _when(self, instant: object) -> str:
        if not isinstance(instant, str):
            return "?"
        at = parse_instant(instant)
        day, today = self._clock.zone.date_of(at), self._clock.zone.date_of(self._now)
        year = "" if day.year == today.year else f" {day.year}"
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year} {self._clock.time(at)}"

    def _with(self, provider: object) -> str:
        name = one_line(self._providers.get(str(provider), ""))
        return f" with {name}" if name else ""

    def _place(self, entry: HistoryDoc) -> str:
        before, after = entry.before, entry.after
        moved, other = "start" in after, "provider_id" in after
        if moved:
            old, new = before.get("start"), after.get("start")
            to = self._when(new)
            words = f"Moved from {self._when(old)} to {to}"
            if _same_day(old, new):
                # Moved from Fri 20 Nov 10:00 to 10:30
                words = f"Moved from {self._when(old)} to {self._clock.time(parse_instant(str(new)))}"
            return words + (self._with(after.get("provider_id")) if other else "")
        if other:
            return f"Moved from {self._name(before.get('provider_id'))} to {self._name(after.get('provider_id'))}"
        if "end" in after and isinstance(after["end"], str):
            until = self._clock.time(parse_instant(after["end"]))
            before_end = before.get("end")
            if isinstance(before_end, str):
                change = (parse_instant(after["end"]) - parse_instant(before_end)) // 60_000_000
                return f"Made {abs(change)} min {'longer' if change > 0 else 'shorter'}: until {until}"
            return f"Now until {until}"
        return ""

    def _name(self, provider: object) -> str:
        return one_line(self._providers.get(str(provider), "")) or "another provider"

    def _status(self, entry: HistoryDoc) -> str:
        new = entry.after.get("status")
        if not isinstance(new, str):
            return ""
        words = _BECAME.get((str(entry.before.get("status")), new)) or _shown(new)
        if new == Status.CANCELLED.value:
            by = {"patient": " by the patient", "clinic": " by the clinic"}.get(
                str(entry.after.get("cancelled_by")), ""
            )
            reason = entry.after.get("cancellation_reason")
            words = f"Cancelled{by}" + (f": {one_line(str(reason))}" if reason else "")
        return words

    def _visit(self, entry: HistoryDoc) -> str:
        new = entry.after.get("visit")
        if not isinstance(new, dict):
            return ""
        state = new.get("state")
        return "Taken back: not arrived" if state is None else VISITS.get(str(state), "Visit changed")


_SOURCES = {"web": "Web", "import": "Import", "sync": "Server", "desk": "", "system": "System"}
_BECAME = {
    ("PENDING", "CONFIRMED"): "Confirmed",
    ("CONFIRMED", "PENDING"): "No longer confirmed",
    ("CONFIRMED", "COMPLETED"): "Completed",
    ("CONFIRMED", "NO_SHOW"): "Marked as no-show",
    ("COMPLETED", "CONFIRMED"): "Reopened",
    ("CANCELLED", "CONFIRMED"): "Reopened",
    ("NO_SHOW", "CONFIRMED"): "Reopened",
}
_TOLD = frozenset(
    {
        *("start", "end", "provider_id", "status", "visit", "notes", "updated", "lane", "cancelled_at"),
        *("cancelled_by", "cancelled_by_id", "cancellation_reason", "outcome_missing", "overbook_reason"),
    }
)
_FIELDS = {
    "services": "services changed",
    "total": "price changed",
    "location": "location changed",
    "type": "type changed",
    "resources": "room changed",
    "patient_name": "name changed",
    "patient_phone": "phone changed",
    "patient_email": "e-mail changed",
    "activity_notes": "activity notes changed",
}


def _shown(status: str) -> str:
    return SHOWN[Status(status)] if status in Status.__members__ else status


def _note(entry: HistoryDoc) -> str:
    if "notes" not in entry.after:
        return ""
    if not entry.after["notes"]:
        return "Note removed"
    return "Note changed" if entry.before.get("notes") else "Note added"


def _rest(entry: HistoryDoc, told: bool) -> list[str]:
    names = [n for n in entry.after if n not in _TOLD]
    words = list(dict.fromkeys(_FIELDS.get(n, f"{n.replace('_', ' ')} changed") for n in names))
    if told and entry.after.get("provider_id"):
        # Moving to another provider maps the services; that is no news of its own.
        words = [w for w in words if w not in ("services changed", "price changed")]
    if words and not told:
        words[0] = words[0][0].upper() + words[0][1:]
    return words


def _same_day(old: object, new: object) -> bool:
    return isinstance(old, str) and isinstance(new, str) and old[:10] == new[:10]


def waited_words(since: Micros | None, now: Micros) -> str:
    """``12 min``, ``2 h 05``: how long somebody has been waiting; empty for the future or nothing."""
    if since is None or now < since or now - since > 2 * DAY:
        return ""
    minutes = (now - since) // 60_000_000
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d}"
