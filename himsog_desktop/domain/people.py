"""Patients and staff, and how names and phones are compared.

A patient is a platform ``user`` plus what the desk knows (design, section 2, "Who is who").
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from himsog_desktop.domain.time import Micros


class Role(StrEnum):
    """What a person may do (design, section 2, "Roles")."""

    READ_ONLY = "read-only"
    PROVIDER = "provider"
    RECEPTIONIST = "receptionist"
    MANAGER = "manager"
    IT = "it"


class PatientStatus(StrEnum):
    """Shown status, in this precedence: blocked, favorite, regular, returning, new (CUS-2)."""

    BLOCKED = "blocked"
    FAVORITE = "favorite"
    REGULAR = "regular"
    RETURNING = "returning"
    NEW = "new"


def patient_status(*, blocked: bool, favorite: bool, bookings: int) -> PatientStatus:
    """The status by CUS-2: blocked, favorite, regular (5 bookings or more), returning (2), new."""
    if blocked:
        return PatientStatus.BLOCKED
    if favorite:
        return PatientStatus.FAVORITE
    if bookings >= 5:
        return PatientStatus.REGULAR
    return PatientStatus.RETURNING if bookings > 1 else PatientStatus.NEW


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether messages may be sent, per channel."""

    email: bool = True
    sms: bool = True
    push: bool = False
    whatsapp: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: an aggregate. ``phone`` is E.164, ``birth_date`` is ``YYYY-MM-DD``.

    ``email`` may be a placeholder (``appointment.shown_email``); the platform needs one, and one of its
    own: ``email_shared`` says that somebody else had this address first (a family's). ``web_account``:
    registered on the web, so that the desk keeps corrections beside it and never rewrites it.
    """

    id: str
    name: str
    email: str
    created: Micros
    updated: Micros
    phone: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    address: str | None = None
    consent: Consent = Consent()
    alerts: tuple[str, ...] = ()
    blocked: bool = False
    favorite: bool = False
    private_notes: str | None = None
    external_system: str | None = None
    external_id: str | None = None
    web_account: bool = False
    email_shared: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works at the desk."""

    id: str
    login: str
    name: str
    role: Role
    clinic_id: str | None = None
    email: str | None = None
    active: bool = True


def fold(text: str) -> str:
    """Text for comparing and searching: no accents, no case, single spaces.

    ``"Peña,  José"`` and ``"pena, jose"`` fold to the same. ``ñ`` folds to ``n``, ``ß`` to ``ss``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def digits(text: str) -> str:
    """The ASCII digits of a phone as it was typed."""
    return "".join(c for c in text if "0" <= c <= "9")
