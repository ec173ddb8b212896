"""What the suites of remotes share: bookings, patches and undos of the tests' clinics, and asking for one verdict."""

from __future__ import annotations

from typing import Any

from himsog_desktop.domain.intents import Intent, Verdict
from tests.support.shared import HOUR, Image, SharedClinic, new_id, now

_hours = iter(range(3000, 100_000, 3))


def free_hour() -> int:
    """Hours after the clinic's start at which nobody else of this module books."""
    return next(_hours)


def one(clinic: SharedClinic, intent: Intent, by: str = "mia") -> Verdict:
    return clinic.remote(by).push([intent])[0]


def booking(clinic: SharedClinic, by: str = "mia", hours: float | None = None, **more: Any) -> Intent:
    key = new_id()
    image = clinic.appointment(key, hours if hours is not None else free_hour()) | {"id": key} | more
    return clinic.intent("appointment", key, {}, image, kind="appointment.book", by=by)


def blocking(clinic: SharedClinic, hour: int) -> Intent:
    """An hour of leave of provider ``p``."""
    key, start = new_id(), clinic.start + hour * HOUR
    image = {
        "id": key, "provider_id": clinic.id("p"), "start": start, "end": start + HOUR, "title": "Leave",
        "created": now(), "updated": now(), "all_day": False, "external_system": None, "external_id": None,
    }  # fmt: skip
    return clinic.intent("block", key, {}, image, kind="block.add")


def back(clinic: SharedClinic, done: Intent, answer: Verdict, *, by: str = "mia") -> Intent:
    """The undo of a creation: the whole image away again."""
    return clinic.intent(done.entity, done.key, dict(answer.image), {}, kind=f"undo.{done.kind}", by=by)


def patch(
    clinic: SharedClinic, done: Verdict | Intent, before: Image, after: Image, by: str = "mia", kind: str = ""
) -> Intent:
    return clinic.intent(done.entity, done.key, before, after, by=by, kind=kind)


def new_patient(clinic: SharedClinic, by: str = "ana", **more: Any) -> Intent:
    key = new_id()
    image = clinic.patient("new") | {"id": key, "email": f"{key}@patients.invalid"} | more
    return clinic.intent("patient", key, {}, image, kind="patient.add", by=by)


def made_older(clinic: SharedClinic, intent: Intent, by: str) -> None:
    clinic.admin.execute(
        "UPDATE desk.ledger SET received_at = clock_timestamp() - %s::interval WHERE id = %s", (by, intent.id)
    )


def reached(clinic: SharedClinic) -> Image:
    add = new_patient(clinic, email=f"{new_id()}@mail.example")
    one(clinic, add, "ana")
    return {"patient_id": add.key, "patient_email": add.after["email"]}
