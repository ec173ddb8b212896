"""``book``, ``move``, ``status``, ``note``, ``undo``: one act each, with one undo."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command, request_id
from himsog_desktop.cli.parameters import INSTANT, one_of, whole
from himsog_desktop.cli.progress import Progress, progress_option
from himsog_desktop.cli.words import act_text
from himsog_desktop.domain.appointment import CancelledBy, Location, StatusAct
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import ActDoc

MINUTES = whole(1, 24 * 60)


def acted(act: ActDoc) -> Answer:
    """An act as an answer: exit 1 when some of a bulk act was refused."""
    return answered(act, act_text, 1 if act.refused else 0)


@command(
    "book",
    "Book an appointment. It is requested until it is confirmed, unless the provider's policy confirms by itself. "
    "A time that is not free is refused with every rule and three alternatives.",
)
@click.option("--provider", required=True, metavar="ID", help="Id, or key of the set-up document.")
@click.option("--start", required=True, type=INSTANT, help="Like 2026-11-20T09:00:00+08:00.")
@click.option("--patient", metavar="ID", help="A patient of the register.")
@click.option("--patient-name", metavar="NAME", help="A new patient.")
@click.option("--patient-email", metavar="EMAIL")
@click.option("--patient-phone", metavar="PHONE", help="In any spelling.")
@click.option("--service", "services", multiple=True, metavar="ID", help="May be given several times.")
@click.option("--duration", type=MINUTES, metavar="MIN", help="Minutes; else the services' sum.")
@click.option("--notes", metavar="TEXT")
@click.option("--confirm", is_flag=True, help="Book it as confirmed.")
@click.option("--overbook", metavar="REASON", help="Double-book on purpose, and why.")
@click.option("--location", type=one_of(Location), default="in_person")
@click.option("--type", "kind", metavar="TYPE", help="The clinic's own word for this kind of visit.")
@click.option("--room", "rooms", multiple=True, metavar="ID", help="Id or key of a room; may be given several times.")
@request_id
@click.pass_obj
def book(
    called: Invocation,
    provider: str,
    start: int,
    patient: str | None,
    patient_name: str | None,
    patient_email: str | None,
    patient_phone: str | None,
    services: tuple[str, ...],
    duration: int | None,
    notes: str | None,
    confirm: bool,
    overbook: str | None,
    location: Location,
    kind: str | None,
    rooms: tuple[str, ...],
    request_id: str | None,
) -> Answer:
    """An act with one changed appointment."""
    from himsog_desktop.domain.commands import Book, NewPatient
    from himsog_desktop.services import booking

    if patient is None and patient_name is None:
        raise BadInput("usage", "Say which patient: --patient ID, or --patient-name NAME for a new one.")
    if patient is not None and (patient_name, patient_email, patient_phone) != (None, None, None):
        raise BadInput("usage", "Give --patient ID, or --patient-name with --patient-email and --patient-phone.")
    new = None if patient_name is None else NewPatient(patient_name, patient_email, patient_phone)
    wanted = Book(
        provider_id=provider,
        start=start,
        patient_id=patient,
        new_patient=new,
        service_ids=services,
        duration=duration,
        notes=notes,
        confirm=confirm,
        overbook=overbook,
        location=location,
        type=kind,
        room_ids=rooms,
    )
    return acted(booking.book(called.desk, wanted, request_id))


@command("move", "Move an appointment, also to another provider, to another room or to another length.")
@click.argument("appointment", metavar="ID")
@click.option("--start", required=True, type=INSTANT, help="The new start, like 2026-11-20T09:00:00+08:00.")
@click.option("--provider", metavar="ID", help="Another provider.")
@click.option("--duration", type=MINUTES, metavar="MIN", help="Minutes; else what it has.")
@click.option("--room", "rooms", multiple=True, metavar="ID", help='Another room, by id or key; "" for none.')
@click.option("--overbook", metavar="REASON", help="Double-book on purpose, and why.")
@request_id
@click.pass_obj
def move(
    called: Invocation,
    appointment: str,
    start: int,
    provider: str | None,
    duration: int | None,
    rooms: tuple[str, ...],
    overbook: str | None,
    request_id: str | None,
) -> Answer:
    """An act with one changed appointment."""
    from himsog_desktop.domain.commands import Move
    from himsog_desktop.services import booking

    where = tuple(room for room in rooms if room) if rooms else None
    wanted = Move(appointment, start, provider, duration, overbook, where)
    return acted(booking.move(called.desk, wanted, request_id))


@command(
    "status",
    "Confirm, complete, cancel, mark as no-show, reopen or unconfirm appointments: one act, one undo. "
    "What a rule refuses is listed, the others are done.",
)
@click.argument("act", metavar="confirm|complete|cancel|no-show|reopen|unconfirm", type=one_of(StatusAct))
@click.argument("appointments", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", help="Why, for a cancellation.")
@click.option("--by", "on_behalf", type=one_of(CancelledBy), default="clinic", help="Who cancelled.")
@click.option("--dry-run", is_flag=True, help="Tell every outcome, and change nothing.")
@progress_option
@request_id
@click.pass_obj
def status(
    called: Invocation,
    act: StatusAct,
    appointments: tuple[str, ...],
    reason: str | None,
    on_behalf: CancelledBy,
    dry_run: bool,
    progress: bool | None,
    request_id: str | None,
) -> Answer:
    """An act; exit 1 when any was refused. With ``--dry-run`` a preview."""
    from himsog_desktop.domain.commands import Bulk, SetStatus, Step
    from himsog_desktop.services import states

    if dry_run:
        from himsog_desktop.cli.commands.bulk import performed

        return performed(called, Bulk((Step(appointments, act, reason, on_behalf),)), dry_run=True)
    told = progress if not called.in_batch else False
    with Progress("rows", wanted=told) as shown:
        return acted(states.set_status(called.desk, SetStatus(act, appointments, reason, on_behalf), request_id, shown))


@command("note", "Replace the note of an appointment. TEXT may be - to read it from standard input.")
@click.argument("appointment", metavar="ID")
@click.argument("text")
@request_id
@click.pass_obj
def note(called: Invocation, appointment: str, text: str, request_id: str | None) -> Answer:
    """An act with one changed appointment."""
    from himsog_desktop.domain.commands import WriteNote
    from himsog_desktop.services import booking

    if text == "-":
        called.not_in_batch("A note from standard input")
        text = _typed()
    return acted(booking.write_note(called.desk, WriteNote(appointment, text), request_id))


def _typed() -> str:
    """Standard input as text, as much as the longest note could take in bytes, and one more."""
    from himsog_desktop.services.texts import NOTE_MOST

    read = sys.stdin.buffer.read(NOTE_MOST * 4 + 1)
    if len(read) > NOTE_MOST * 4:
        raise BadInput("too_long", f"The note is too long; {NOTE_MOST:,} characters are the most.")
    try:
        return read.decode().rstrip("\n")
    except UnicodeDecodeError:
        raise BadInput("bad_value", "The note is not valid UTF-8 text. Check its encoding.") from None


@command(
    "undo",
    "Take an act back: the named one, or your newest. Within ten minutes, by who did it; what changed meanwhile stays.",
)
@click.argument("act", required=False)
@progress_option
@request_id
@click.pass_obj
def undo(called: Invocation, act: str | None, progress: bool | None, request_id: str | None) -> Answer:
    """An act."""
    from himsog_desktop.domain.commands import Undo
    from himsog_desktop.services import undoing

    wanted = progress if not called.in_batch else False
    with Progress("rows", wanted=wanted) as shown:
        return acted(undoing.undo(called.desk, Undo(act), request_id, shown))
