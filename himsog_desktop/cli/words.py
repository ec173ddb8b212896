"""The documents of acts, errors, appointments and slots as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from himsog_desktop.cli.tables import clock, counted, day, fields, plain, shortened, span, table, when
from himsog_desktop.domain.appointment import SHOWN, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from himsog_desktop.services.documents import (
        ActDoc,
        AppointmentDoc,
        AttentionDoc,
        ErrorDoc,
        HistoryDoc,
        NoticeDoc,
        OutcomeDoc,
        PlaceDoc,
        PreviewDoc,
        ReasonDoc,
        SlotDoc,
    )

_DONE = {
    "appointment.book": "Booked",
    "appointment.move": "Moved",
    "appointment.note": "Noted",
    "appointment.confirm": "Confirmed",
    "appointment.complete": "Completed",
    "appointment.cancel": "Cancelled",
    "appointment.no-show": "Marked as no-show",
    "appointment.reopen": "Reopened",
    "appointment.unconfirm": "No longer confirmed",
    "appointment.bulk": "Changed",
    "setup.apply": "Set up",
    "attention.mine": "Kept as it was wanted",
    "attention.theirs": "Kept as it stands there",
    "attention.slot": "Put at another time",
    "attention.discard": "Discarded",
}
HISTORY_CELL = 40


def error_text(document: ErrorDoc) -> str:
    """An error: what happened, every rule, and what could be done instead."""
    error = document.error
    lines = [plain(error.message), *(f"- {plain(detail.text)}" for detail in error.details)]
    if error.alternatives:
        lines.append("Free instead:")
        lines += [f"- {day(s.start)} {span(s.start, s.end)}  (--start {s.start})" for s in error.alternatives]
    return "\n".join(lines)


def reasons_text(reasons: Sequence[ReasonDoc]) -> str:
    """Rules on one line."""
    return "; ".join(plain(reason.text) for reason in reasons)


def act_text(act: ActDoc) -> str:
    """What an act did, what it refused, and until when it can be undone."""
    verb = "Undone" if act.kind.startswith("undo.") else _DONE.get(act.kind, "Done")
    lines = [f"{verb}: {counted(len(act.changed), 'appointment')}." if act.changed else f"{verb}."]
    if act.changed:
        lines.append(appointments_text(act.changed))
    if act.refused:
        lines.append(f"Refused: {counted(len(act.refused), 'row')}.")
        lines += [f"- {row.id}: {reasons_text(row.rules) or row.code}" for row in act.refused]
    until = f"; can be undone until {clock(act.undoable_until)}" if act.undoable_until else ""
    lines.append(f"Act {act.act}{until}.")
    return "\n".join(lines)


def preview_text(found: PreviewDoc) -> str:
    """Every outcome of a bulk act, and what is free instead where one is refused."""
    will = counted(found.will_change, "appointment")
    lines = [f"Nothing was changed. {will} would change, {found.refused:,} would be refused."]
    if found.outcomes:
        lines.append(
            table(
                ("Number", "Patient", "Now", "Then"),
                [(o.number, o.patient, _place(o.before), _then(o)) for o in found.outcomes],
            )
        )
    return "\n".join(lines)


def _place(at: PlaceDoc) -> str:
    return f"{day(at.start)} {span(at.start, at.end)} {plain(at.provider.name)}, {status_word(at.status)}"


def _then(o: OutcomeDoc) -> str:
    if o.after is not None:
        return _place(o.after)
    free = f" (free: {', '.join(when(s.start) for s in o.alternatives)})" if o.alternatives else ""
    return f"refused: {reasons_text(o.rules)}{free}"


def notices_text(found: Sequence[NoticeDoc]) -> str:
    """Messages that wait, what may go first before."""
    if not found:
        return "No messages wait."
    return table(
        ("Due", "State", "What", "Number", "Appointment", "Provider", "Patient", "By"),
        [
            (when(n.due), n.state, n.kind, n.number, when(n.start), n.provider.name, n.patient, ", ".join(n.channels))
            for n in found
        ],
    )


def attention_text(found: Sequence[AttentionDoc]) -> str:
    """Cards, one after another: what happened, both sides, the ways out."""
    from himsog_desktop.services import attention_words as words

    if not found:
        return "Nothing needs attention."
    return "\n\n".join(_card(item, words) for item in found)


def _card(item: AttentionDoc, words: ModuleType) -> str:
    offset = datetime.fromisoformat(item.mine.at).tzinfo

    def iso(instant: int) -> str:
        return datetime.fromtimestamp(instant / 1e6, offset).isoformat()

    def provider(key: str) -> str:
        return item.provider.name if item.provider is not None and item.provider.id == key else key

    tell = words.Tell(lambda i: when(iso(i)), lambda i: clock(iso(i)), provider)
    lines = [
        f"{item.id}",
        plain(words.headline(item, tell)),
        *(f"- {plain(rule.text)}" for rule in item.rules),
        table(
            ("", "Seen", "Wanted", "Stands there"),
            [(row.label, row.before, row.mine, row.theirs) for row in words.rows(item, tell)],
        ),
        f"Wanted by {plain(words.who_when(item.mine.by, '', item.mine.device, item.mine.at, tell))}",
        f"There by {plain(words.who_when(item.theirs.by, item.theirs.source, '', item.theirs.at, tell))}",
        f"Ways: {', '.join(item.ways)}",
        *(f"- free: {day(s.start)} {span(s.start, s.end)}  (--slot {s.start})" for s in item.alternatives),
    ]
    return "\n".join(line for line in lines if line)


def status_word(status: str) -> str:
    """How a state is called."""
    return SHOWN[Status(status)]


def appointments_text(found: Sequence[AppointmentDoc]) -> str:
    """A table of appointments; the number names one in every command."""
    if not found:
        return "No appointments."
    return table(
        ("Number", "Day", "Time", "State", "Provider", "Patient", "Services", "Note"),
        [
            (
                a.number,
                day(a.start),
                span(a.start, a.end),
                status_word(a.status),
                a.provider.name,
                a.patient.name,
                shortened(", ".join(s.name for s in a.services)),
                shortened(plain(a.notes), HISTORY_CELL),
            )
            for a in found
        ],
    )


def appointment_text(a: AppointmentDoc) -> str:
    """Everything about one appointment."""
    cancelled = a.cancelled
    return fields(
        [
            ("Number", a.number),
            ("Id", a.id),
            ("When", f"{day(a.start)} {span(a.start, a.end)} ({a.duration_minutes} min)"),
            ("State", status_word(a.status) + (" (outcome missing)" if a.outcome_missing else "")),
            ("Visit", (a.visit or "").replace("_", " ")),
            ("Provider", a.provider.name),
            ("Patient", a.patient.name),
            ("Patient id", a.patient.id),
            ("Phone", a.patient.phone),
            ("E-mail", a.patient.email),
            ("Services", ", ".join(f"{s.name} ({s.price})" for s in a.services)),
            ("Total", f"{a.total} {a.currency}"),
            ("Place", a.location.replace("_", " ")),
            ("Rooms", ", ".join(r.name for r in a.resources)),
            ("Type", a.type),
            ("Overbooked", a.overbook_reason),
            ("Note", a.notes),
            ("Cancelled", f"{when(cancelled.at)} by {cancelled.by or 'unknown'}" if cancelled else None),
            ("Reason", cancelled.reason if cancelled else None),
            ("From", a.source + (f" ({a.external.system} {a.external.id})" if a.external else "")),
            ("Made", when(a.created)),
            ("Changed", when(a.updated)),
        ]
    )


def slots_text(found: Sequence[SlotDoc]) -> str:
    """Slots by day, with why the others are not free."""
    if not found:
        return "No slots."
    lines: list[str] = []
    shown = ""
    for slot in found:
        if slot.start[:10] != shown:
            shown = slot.start[:10]
            lines.append(day(slot.start))
        why = "free" if slot.available else reasons_text(slot.reasons)
        lines.append(f"  {span(slot.start, slot.end)}  {why}")
    return "\n".join(lines)


def next_text(found: Sequence[SlotDoc]) -> str:
    """The next free slots, as ``book`` wants them."""
    if not found:
        return "No free time in the next two months."
    return table(
        ("Day", "Time", "Provider", "--start"),
        [(day(s.start), span(s.start, s.end), s.provider, s.start) for s in found],
    )


def history_text(found: Sequence[HistoryDoc]) -> str:
    """What happened, oldest first."""
    if not found:
        return "No history."
    return table(
        ("When", "Who", "What", "From", "Changes", "Act"),
        [(when(h.at), h.by.name if h.by else "", h.kind, h.source, _changes(h), h.act) for h in found],
    )


def _changes(entry: HistoryDoc) -> str:
    if not entry.before:
        return "made"
    if not entry.after:
        return "removed"
    names = [name for name in entry.after if name != "updated"]
    return shortened(
        ", ".join(f"{name}: {_value(entry.before.get(name))} → {_value(entry.after[name])}" for name in names), 120
    )


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return shortened(plain(value), HISTORY_CELL)
    if isinstance(value, list | dict):
        return counted(len(value), "entry", "entries")
    return str(value)
