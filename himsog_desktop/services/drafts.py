"""Bookings that were interrupted: kept for the person who typed them, offered again, never filled in unasked.

A draft lies encrypted in the cache and nowhere else (inventory APT-24; mission, S15). It is the person's
own: a colleague at the same workstation is not offered it. Whose booking it is always stands beside it,
so that no patient's data are carried into another's (expected, complaint 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.domain.time import DAY, Micros
from himsog_desktop.storage import drafts as stored

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk

MOST = 3
"""So many interrupted bookings are kept for one person; an older one makes room."""

KEPT_DAYS = 7
"""A draft that nobody came back to for a week is not offered any more."""


class BookingDraft(msgspec.Struct, frozen=True):
    """A booking as far as it was typed. Empty texts and None: not said yet.

    ``services`` are ids of services of any provider that offers them; ``start`` an instant, ``duration``
    in minutes.
    """

    id: str
    patient_id: str | None = None
    patient_name: str = ""
    typed: str = ""
    new_patient: bool = False
    phone: str = ""
    email: str = ""
    birth_date: str = ""
    services: tuple[str, ...] = ()
    provider_id: str | None = None
    start: Micros | None = None
    duration: int | None = None
    part: str = ""
    location: str = "in_person"
    type: str = ""
    note: str = ""
    confirm: bool = False
    at: Micros = 0
    room: str = ""

    @property
    def who(self) -> str:
        """Whose booking it is, as far as that was said."""
        return self.patient_name or self.typed

    @property
    def worth_keeping(self) -> bool:
        """Whether anything was typed that somebody would miss."""
        return bool(
            self.patient_id
            or self.typed.strip()
            or self.note.strip()
            or self.services
            or self.phone.strip()
            or self.email.strip()
        )


def new_draft_id() -> str:
    """The id of a booking that begins."""
    return new_id()


def keep(desk: Desk, draft: BookingDraft) -> None:
    """Keep a booking as it stands. Without history, without a change set. Raises Surroundings."""
    if not allowed(desk.staff.role, Verb.BOOK):
        return
    body = msgspec.json.encode(draft).decode()
    family = _family(desk)
    stored.put(desk.cache, stored.Kept(family + draft.id, body, desk.now()), MOST, family)


def drop(desk: Desk, draft_id: str) -> None:
    """Forget a draft: it was booked, or given up."""
    stored.drop(desk.cache, _family(desk) + draft_id)


def drop_all(desk: Desk) -> None:
    """Forget all of this person's drafts."""
    for draft in kept(desk):
        drop(desk, draft.id)


def kept(desk: Desk) -> list[BookingDraft]:
    """This person's interrupted bookings, newest first; ``at`` says when each was left."""
    oldest = desk.now() - KEPT_DAYS * DAY
    found = []
    for row in stored.of(desk.reader, _family(desk)):
        if row.at < oldest:
            continue
        try:
            draft = msgspec.json.decode(row.body, type=BookingDraft)
        except msgspec.ValidationError:
            # Of a release that typed other things; not worth an error.
            continue
        found.append(msgspec.structs.replace(draft, at=row.at))
    return found


def _family(desk: Desk) -> str:
    return f"booking/{desk.staff.id}/"
