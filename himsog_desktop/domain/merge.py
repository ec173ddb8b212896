"""The law of one intent against an aggregate as it stands: what becomes of it, or why not. Pure.

Source: design, sections 2 and 3; reliability, section 2.4. The shared database decides by the same law in SQL;
here it predicts, and the simulator's server uses it. Never latest-wins, never by a clock. What a place needs
(that it is free, that its provider takes bookings) is not asked here: that takes more than one aggregate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from himsog_desktop.domain.appointment import ACTIVE, Status, StatusAct, may
from himsog_desktop.domain.intents import Image, Intent, Trouble

UNCOMPARED: Final = frozenset({"created", "updated"})
"""Never a conflict: the server's own."""

SLOT: Final = ("start", "end", "provider_id", "resources", "lane", "overbook_reason", "clinic_id")
"""The place of an appointment: one person's time in another's room is a place that nobody chose."""

UNITS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {"appointment": (SLOT, ("services", "total"))}
"""Per entity, the fields that are compared and replaced together or not at all."""

_STATUS: Final = (
    "status", "cancelled_at", "cancelled_by", "cancelled_by_id", "cancellation_reason", "outcome_missing",
)  # fmt: skip
_TEXTS: Final = frozenset({"notes", "activity_notes"})
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Merged:
    """What an intent makes of the current image; ``image`` is the new one, or the current one as it was."""

    verdict: Literal["accepted", "noop", "refused"]
    image: Image
    trouble: Trouble | None = None
    fields: tuple[str, ...] = ()


def whole_units(entity: str, seen: Image, wanted: Image, before: Image, after: Image) -> tuple[Image, Image]:
    """A patch with every unit whole that it touches: without that, nobody could compare it as one.

    ``seen`` and ``wanted`` are the whole images that the patch was taken from.
    """
    if not before or not after:
        return before, after
    more = [n for unit in UNITS.get(entity, ()) if any(n in after for n in unit) for n in unit if n in wanted]
    if not more:
        return before, after
    return {**before, **{n: seen.get(n) for n in more}}, {**after, **{n: wanted[n] for n in more}}


def merge(intent: Intent, current: Image, *, undo: bool = False) -> Merged:
    """What becomes of an intent. ``undo``: reverse transitions are allowed (its author's own act, in time)."""
    if intent.creates:
        return _create(intent, current)
    if intent.deletes:
        return _delete(intent, current)
    if not current:
        return Merged("refused", current, Trouble.DELETED, tuple(intent.after))
    unknown = tuple(n for n in intent.after if n not in current)
    if unknown:
        return Merged("refused", current, Trouble.UNKNOWN, unknown)
    return _edit(intent, current, undo)


def _create(intent: Intent, current: Image) -> Merged:
    if not current:
        return Merged("accepted", intent.after)
    clash = _differ(intent.after, current)
    return Merged("refused", current, Trouble.FIELD, clash) if clash else Merged("noop", current)


def _delete(intent: Intent, current: Image) -> Merged:
    if not current:
        return Merged("noop", current)
    clash = _differ(intent.before, current)
    return Merged("refused", current, Trouble.DELETED, clash) if clash else Merged("accepted", {})


def _differ(seen: Image, current: Image) -> tuple[str, ...]:
    return tuple(n for n, v in seen.items() if n not in UNCOMPARED and current.get(n, _MISSING) != v)


def _edit(intent: Intent, current: Image, undo: bool) -> Merged:
    before, after = intent.before, intent.after
    new = dict(current)
    clash: list[str] = []
    left = dict.fromkeys(n for n in after if n not in UNCOMPARED)
    if intent.entity == "appointment":
        if "status" not in left and _over(intent, current):
            return Merged("refused", current, Trouble.STATUS, ("status",))
        if "status" in left:
            if not _status(before, after, current, new, undo):
                return Merged("refused", current, Trouble.STATUS, ("status",))
            for name in _STATUS:
                left.pop(name, None)
        for name in _TEXTS & left.keys():
            del left[name]
            if not _text(name, before, after, current, new):
                clash.append(name)
    for unit in UNITS.get(intent.entity, ()):
        names = [n for n in unit if n in left]
        clash += _unit(names, before, after, current, new)
        for name in names:
            del left[name]
    for name in left:
        clash += _unit([name], before, after, current, new)
    if clash:
        return Merged("refused", current, Trouble.FIELD, tuple(clash))
    return Merged("noop", current) if new == current else Merged("accepted", new)


def _over(intent: Intent, current: Image) -> bool:
    """Whether it would move, or tell the visit of, an appointment that somebody closed meanwhile.

    An import corrects what is over; what stands there already is no trouble.
    """
    if Status(str(current["status"])) in ACTIVE or intent.kind.removeprefix("undo.").startswith("import."):
        return False
    return any(n in intent.after and intent.after[n] != current[n] for n in (*SLOT, "visit"))


def _unit(names: list[str], before: Image, after: Image, current: Image, new: dict[str, object]) -> list[str]:
    """Replace a unit that is still as it was seen; answers the fields that clash."""
    changed = [n for n in names if current[n] != before.get(n)]
    if not changed:
        new.update((n, after[n]) for n in names)
        return []
    if all(current[n] == after[n] for n in names):
        return []
    return changed


def _status(before: Image, after: Image, current: Image, new: dict[str, object], undo: bool) -> bool:
    """A transition is judged from the current state; the same state twice is no trouble."""
    now, target, seen = Status(str(current["status"])), Status(str(after["status"])), before.get("status")
    if now is target:
        return True
    if undo:
        if now != seen:
            return False
    elif not any(may(act, now) for act in StatusAct if act.target is target and _meant(act, seen)):
        return False
    new.update((n, after[n]) for n in _STATUS if n in after)
    return True


def _meant(act: StatusAct, seen: object) -> bool:
    """Whether the person did that act: confirming what was requested is no reopening of what is over."""
    return not isinstance(seen, str) or may(act, Status(seen))


def _text(name: str, before: Image, after: Image, current: Image, new: dict[str, object]) -> bool:
    """Notes append: what was added goes behind what stands there now."""
    seen, wanted, now = before.get(name), after[name], current[name]
    if now in (seen, wanted):
        new[name] = wanted
        return True
    old = seen if isinstance(seen, str) else ""
    if not isinstance(wanted, str) or not wanted.startswith(old):
        return False
    added = wanted[len(old) :]
    there = now if isinstance(now, str) else ""
    new[name] = f"{there}\n{added.lstrip(chr(10))}" if there else added.lstrip("\n")
    return True


def too_many_gone(gone: int, total: int) -> bool:
    """Whether that many deletions of that many aggregates need a person's word first (complaint 7).

    More than 200, or more than 5 %, and at least 20.
    """
    return gone > 200 or (gone >= 20 and gone * 20 > total)
