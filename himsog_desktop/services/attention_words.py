"""A card of Needs attention in words: what happened in one sentence, and both sides field by field.

``tell`` writes an instant as whoever reads it is used to. Names stay names: who hides them does it before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import SHOWN, Status
from himsog_desktop.domain.time import Micros, parse_instant
from himsog_desktop.domain.wording import one_line, phone_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from himsog_desktop.services.documents import AttentionDoc


class Tell(NamedTuple):
    """How instants and people are written: a day with its time, a time alone, a provider by id."""

    moment: Callable[[Micros], str]
    time: Callable[[Micros], str]
    provider: Callable[[str], str]


class Row(NamedTuple):
    """One line of a card: what it is, as it was seen, as she wanted it, as it stands there now."""

    label: str
    before: str
    mine: str
    theirs: str


_SLOT = ("start", "end", "provider_id")
_HIDDEN = frozenset(
    {
        *("lane", "cancelled_at", "cancelled_by", "cancelled_by_id", "outcome_missing", "source", "web_account"),
        *("external_system", "external_id", "email_shared", "patient_id", "patient_email", "overbook_reason"),
        *("position", "key", "user_id", "clinics", "total", "number"),
    }
)
_LABELS = {
    "status": "State",
    "visit": "Visit",
    "notes": "Note",
    "activity_notes": "Activity notes",
    "services": "Services",
    "resources": "Room",
    "location": "How",
    "type": "Kind of visit",
    "cancellation_reason": "Reason",
    "patient_name": "Patient",
    "patient_phone": "Phone",
    "name": "Name",
    "phone": "Phone",
    "email": "E-mail",
    "birth_date": "Birth date",
    "private_notes": "Private note",
    "slot_minutes": "Slot",
    "price_min": "Price",
    "price_max": "Price to",
}
_VISITS = {"arrived": "Arrived", "in_room": "In room", "with_provider": "With provider", "checked_out": "Checked out"}
NOTHING = "–"
"""What stands for a value that is not there."""


def rows(item: AttentionDoc, tell: Tell) -> list[Row]:
    """Both sides, field by field, in the order that a person looks for them."""
    mine, theirs, base = item.mine.values, item.theirs.values, item.base
    found: list[Row] = []
    names = [name for name in (mine or base) if name not in _HIDDEN]
    if item.kind == "slot" or any(name in _SLOT for name in names):
        here = {**base, **mine}
        found.append(Row("Time", _slot(base, base, tell), _slot(here, here, tell), _slot(theirs, theirs, tell)))
    if "patient_name" in theirs and item.kind == "slot":
        ours = mine.get("patient_name") or (item.patient.name if item.patient else None)
        found.append(Row("Patient", "", _value("patient_name", ours), _value("patient_name", theirs["patient_name"])))
    elif item.creates and "patient_name" in mine:
        there = _value("patient_name", theirs.get("patient_name"))
        found.append(Row("Patient", "", _value("patient_name", mine["patient_name"]), there))
    for name in names:
        if name in _SLOT or name == "patient_name" or (item.creates and _usual(name, mine.get(name))):
            continue
        label = _LABELS.get(name, name.replace("_", " ").capitalize())
        gone = NOTHING if item.deletes else _value(name, mine.get(name))
        beside = theirs.get(name) if item.kind != "slot" or name in theirs else None
        found.append(Row(label, _value(name, base.get(name)), gone, _value(name, beside)))
    if item.kind == "status" and "status" in theirs and "status" not in names:
        found.append(Row(_LABELS["status"], "", NOTHING, _value("status", theirs["status"])))
    if item.deletes:
        found.insert(0, Row("", "", "Deleted", "Kept"))
    return [row for row in found if row.mine != row.theirs or row.mine != NOTHING]


def _usual(name: str, value: object) -> bool:
    """What a new record says anyhow."""
    return not value or name in ("location", "clinic_id", "patient_phone") or (name == "visit" and not _state(value))


def _slot(values: Mapping[str, object], whole: Mapping[str, object], tell: Tell) -> str:
    start, end = values.get("start"), values.get("end")
    if not isinstance(start, str):
        provider = whole.get("provider_id")
        return one_line(tell.provider(str(provider))) if provider else NOTHING
    words = tell.moment(parse_instant(start))
    if isinstance(end, str):
        words += f"–{tell.time(parse_instant(end))}"
    provider = values.get("provider_id")
    return f"{words}, {one_line(tell.provider(str(provider)))}" if provider else words


def _value(name: str, value: object) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if name == "status":
        return SHOWN[Status(str(value))] if str(value) in Status.__members__ else str(value)
    if name == "visit":
        return _VISITS.get(_state(value), "Not arrived")
    if name in ("phone", "patient_phone"):
        return phone_words(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(one_line(str(v.get("name", "")) if isinstance(v, dict) else str(v)) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_value('', v)}" for k, v in value.items())
    return one_line(str(value))


def _state(value: object) -> str:
    return str(value.get("state") or "") if isinstance(value, dict) else ""


def headline(item: AttentionDoc, tell: Tell, *, names: bool = True) -> str:
    """What happened, in one sentence: ``Dr Cruz, today 10:00, is taken: Reyes, Ana``."""
    who = one_line(item.patient.name) if item.patient is not None and names else ""
    what = _about(item, tell)
    if item.kind == "slot":
        return _with(f"{what}, is taken", who)
    if item.kind == "deleted":
        return _with(f"{what}, was deleted elsewhere and changed here", who)
    if item.kind == "status":
        state, mine = (_value("status", values.get("status")) for values in (item.theirs.values, item.mine.values))
        if state == NOTHING:
            return _with(f"{what}, is in another state by now", who)
        done = f"was to be {mine.lower()} but " if mine != NOTHING else ""
        return _with(f"{what}, {done}is {state.lower()} by now", who)
    if item.kind == "forbidden":
        return _with(f"{what}, was not allowed to be changed", who)
    if item.kind == "unknown":
        return _with(f"{what}, was changed in a way that the server does not know", who)
    fields = [row.label.lower() for row in rows(item, tell) if row.label]
    told = f" ({', '.join(dict.fromkeys(fields[:3]))})" if fields else ""
    return _with(f"{what}, was changed here and elsewhere{told}", who)


def _with(words: str, who: str) -> str:
    if words.startswith(tuple(_ENTITIES.values())):
        words = words.replace(", ", " ", 1)
    return f"{words}: {who}" if who else f"{words}."


_ENTITIES = {
    "patient": "A patient",
    "provider": "A provider",
    "service": "A service",
    "clinic": "The clinic",
    "block": "A blocked time",
    "staff": "A person of the staff",
}


def _about(item: AttentionDoc, tell: Tell) -> str:
    if item.entity.type == "appointment" and item.start is not None:
        provider = one_line(item.provider.name) if item.provider is not None else "The appointment"
        moment = tell.moment(parse_instant(item.start))
        if moment.startswith(("Today", "Tomorrow")):
            moment = moment[0].lower() + moment[1:]
        return f"{provider}, {moment}"
    return _ENTITIES.get(item.entity.type, "Something")


def who_when(by: str | None, source: str, device: str, at: str | None, tell: Tell) -> str:
    """``Mara, 09:41, at front-desk``; what is not known is left out."""
    origin = {"web": "On the web", "import": "An import", "system": "The system", "desk": "At a desk"}.get(source, "")
    who = one_line(by) if by else origin
    when = tell.moment(parse_instant(at)) if at else ""
    told = ", ".join(part for part in (who, when) if part)
    return " · ".join(part for part in (told, one_line(device)) if part)
