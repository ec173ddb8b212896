"""The register of patients: find, show, add, correct."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import NO_MAIL_DOMAIN, shown_email
from himsog_desktop.domain.errors import BadInput, NoAccess, not_found
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Consent, Patient, Role, fold
from himsog_desktop.domain.rights import Verb
from himsog_desktop.services import render, texts
from himsog_desktop.services.documents import PatientDoc
from himsog_desktop.services.phones import region_of, required_e164
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import load, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

MOST_ALERTS = 20
ADDRESS_MOST = 500


@dataclass(frozen=True, slots=True)
class PatientFields:
    """What a form says of a patient. None keeps what there is; an empty text clears the field.

    ``alerts`` replace all alerts. ``birth_date`` is ``YYYY-MM-DD``, ``phone`` in any spelling.
    """

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    address: str | None = None
    alerts: tuple[str, ...] | None = None
    consent_email: bool | None = None
    consent_sms: bool | None = None
    consent_push: bool | None = None
    consent_whatsapp: bool | None = None
    blocked: bool | None = None
    favorite: bool | None = None
    private_notes: str | None = None


def find(desk: Desk, query: str | None, limit: int, offset: int = 0) -> list[PatientDoc]:
    """Patients whose name, phone or e-mail matches, best first; all of them by name without a query.

    Accents, case and the spelling of a phone don't matter. Raises NoAccess for a role that sees no
    patients; a provider finds those who have or had an appointment with her.
    """
    check_page(limit, offset)
    only = seen_providers(desk)
    raw = desk.reader
    if query is None or not query.strip():
        ids = search.by_name(raw, limit, offset, only)
    else:
        ids = search.find_patients(raw, query, limit, offset, only)
    return _documents(desk, raw, ids)


def show(desk: Desk, key: str) -> PatientDoc:
    """One patient by id. Raises BadInput("not_found")."""
    only = seen_providers(desk)
    patient = patient_of(desk, desk.reader, key)
    if only is not None and not search.is_seen_by(desk.reader, patient.id, only):
        raise not_found("patient", key)
    return _documents(desk, desk.reader, [patient.id])[0]


def patient_of(desk: Desk, raw: Raw, key: str) -> Patient:
    """The record of a patient. Raises BadInput("not_found")."""
    found = load.patients(raw, [key.strip()], desk.clinic.id)
    if not found:
        raise not_found("patient", key)
    return found[0]


def add(desk: Desk, fields: PatientFields, request_id: str | None = None) -> PatientDoc:
    """Add a patient to the register. Raises BadInput for a field that can't be right."""
    desk.require(Verb.EDIT_PATIENT)

    def work(tx: Transaction) -> PatientDoc:
        if fields.name is None:
            raise BadInput("usage", "A patient needs a name.")
        key = new_id()
        blank = Patient(key, "", placeholder(key), created=tx.at, updated=tx.at)
        patient = _checked(desk, tx, blank, fields)
        tx.put(None, patient)
        return _documents(desk, tx.raw, [patient.id])[0]

    return desk.act("patient.add", work, PatientDoc, request_id=request_id, asked=repr(fields))


def edit(desk: Desk, key: str, fields: PatientFields, request_id: str | None = None) -> PatientDoc:
    """Change what the form says of a patient.

    A patient who registered on the web keeps that account as it is: the desk's corrections stand beside
    it and win on our screens (design, section 2, "Who is who"). Raises BadInput, and NoAccess when
    somebody but a manager unblocks.
    """
    desk.require(Verb.EDIT_PATIENT)

    def work(tx: Transaction) -> PatientDoc:
        old = patient_of(desk, tx.raw, key)
        if old.blocked and fields.blocked is False and desk.staff.role is not Role.MANAGER:
            raise NoAccess("forbidden", "Only a manager can unblock a patient.")
        new = _checked(desk, tx, old, fields)
        if new != old:
            tx.put(old, dataclasses.replace(new, updated=tx.at))
        return _documents(desk, tx.raw, [old.id])[0]

    return desk.act("patient.edit", work, PatientDoc, request_id=request_id, asked=f"{key}\n{fields!r}")


def _checked(desk: Desk, tx: Transaction, old: Patient, fields: PatientFields) -> Patient:
    """The patient with what the form says, each field checked."""
    today = desk.zone.date_of(tx.at)
    new = old
    if fields.name is not None:
        new = dataclasses.replace(new, name=texts.name(fields.name))
    if fields.email is not None:
        new = with_email(tx.raw, new, texts.email(fields.email))
    if fields.phone is not None:
        new = dataclasses.replace(new, phone=required_e164(fields.phone, region_of(desk.clinic.timezone)))
    if fields.birth_date is not None:
        new = dataclasses.replace(new, birth_date=texts.birth_date(fields.birth_date, today))
    if fields.sex is not None:
        new = dataclasses.replace(new, sex=_sex(fields.sex))
    if fields.address is not None:
        new = dataclasses.replace(new, address=texts.note(fields.address, "address", ADDRESS_MOST))
    if fields.alerts is not None:
        new = dataclasses.replace(new, alerts=_alerts(fields.alerts))
    if fields.private_notes is not None:
        new = dataclasses.replace(new, private_notes=texts.note(fields.private_notes))
    return dataclasses.replace(
        new,
        consent=_consent(new.consent, fields),
        blocked=new.blocked if fields.blocked is None else fields.blocked,
        favorite=new.favorite if fields.favorite is None else fields.favorite,
    )


def _sex(text: str) -> str | None:
    from himsog_desktop.interchange.cells import sex_text

    return sex_text(texts.name(text, "sex")) if text.strip() else None


def _alerts(given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > MOST_ALERTS:
        raise BadInput("too_long", f"At most {MOST_ALERTS} alerts.")
    return tuple(dict.fromkeys(texts.name(alert, "alert") for alert in given if alert.strip()))


def _consent(old: Consent, fields: PatientFields) -> Consent:
    def kept(before: bool, said: bool | None) -> bool:
        return before if said is None else said

    return Consent(
        kept(old.email, fields.consent_email),
        kept(old.sms, fields.consent_sms),
        kept(old.push, fields.consent_push),
        kept(old.whatsapp, fields.consent_whatsapp),
    )


def placeholder(patient_id: str) -> str:
    """The address of a patient without e-mail, at a reserved domain."""
    return f"{patient_id}@{NO_MAIL_DOMAIN}"


def with_email(raw: Raw, patient: Patient, email: str | None) -> Patient:
    """The patient with this address (None: without one).

    The platform keeps each address once. When somebody has it already, as in a family, it is kept
    beside the platform's row (``Patient.email_shared``).
    """
    if email == shown_email(patient.email):
        return patient
    if email is None:
        return dataclasses.replace(patient, email=placeholder(patient.id), email_shared=False)
    taken = raw.execute("SELECT 1 FROM user WHERE email = ? AND id <> ?", (email, patient.id)).fetchone()
    shared = taken is not None and not patient.web_account
    return dataclasses.replace(patient, email=email, email_shared=shared)


def known(raw: Raw, clinic_id: str, name: str, email: str) -> Patient | None:
    """The patient who has this address and this name, in any spelling of accents and case."""
    rows = raw.execute("SELECT id FROM user WHERE email = ? AND role = 'USER'", (email,)).fetchall()
    for patient in load.patients(raw, [row[0] for row in rows], clinic_id):
        if fold(patient.name) == fold(name):
            return patient
    return None


def _documents(desk: Desk, raw: Raw, ids: Sequence[str]) -> list[PatientDoc]:
    return render.patients(raw, load.patients(raw, ids, desk.clinic.id), desk.zone, desk.now())


def check_page(limit: int, offset: int) -> None:
    """Raises BadInput for a page that makes no sense."""
    if limit < 0 or offset < 0:
        raise BadInput("bad_value", "The limit and the offset can't be negative.")
