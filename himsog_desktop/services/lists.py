"""Lists of appointments: filtered, searched, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.errors import BadInput, not_found
from himsog_desktop.services import diaries, render
from himsog_desktop.services.booking import appointment_of
from himsog_desktop.services.patients import check_page
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import load, queries

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import AppointmentDoc


@dataclass(frozen=True, slots=True)
class AppointmentFilter:
    """Which appointments to list; None is no restriction.

    ``from_day`` to ``to_day`` are clinic dates, both included, and mean *starts in*. ``provider`` is an
    id or a key of the set-up document. ``statuses``: any of them. ``query``: a name, phone, e-mail
    address or appointment number, each in any spelling, or the beginning of one.
    """

    from_day: date | None = None
    to_day: date | None = None
    provider: str | None = None
    statuses: tuple[Status, ...] = ()
    query: str | None = None


def appointments(
    desk: Desk, wanted: AppointmentFilter, limit: int | None = None, offset: int = 0
) -> list[AppointmentDoc]:
    """A page of the appointments that the filter lets through, by start, then id.

    Raises BadInput for an unknown provider, dates the wrong way round or a negative page, NoAccess for
    a role that sees no patients. A provider sees her own columns.
    """
    return documents(desk, ids(desk, wanted, limit, offset))


def count(desk: Desk, wanted: AppointmentFilter) -> int:
    """How many appointments the filter lets through. Raises as ``appointments`` does."""
    return queries.count(desk.reader, _wanted(desk, wanted))


def ids(desk: Desk, wanted: AppointmentFilter, limit: int | None = None, offset: int = 0) -> list[str]:
    """The ids of the same page: what a list on screen holds. Raises as ``appointments`` does."""
    check_page(0 if limit is None else limit, offset)
    return queries.keys(desk.reader, _wanted(desk, wanted), limit, offset)


def documents(desk: Desk, keys: list[str]) -> list[AppointmentDoc]:
    """Appointments by id, in that order; those that are gone are left out."""
    return render.appointments(desk.reader, load.appointments(desk.reader, keys), desk.clinic)


def appointment(desk: Desk, key: str) -> AppointmentDoc:
    """One appointment by id or number. Raises BadInput("not_found")."""
    only = seen_providers(desk)
    found = appointment_of(desk.reader, key)
    if only is not None and found.provider_id not in only:
        raise not_found("appointment", key)
    return render.one(render.appointments(desk.reader, [found], desk.clinic))


def _wanted(desk: Desk, wanted: AppointmentFilter) -> queries.Wanted:
    only = seen_providers(desk)
    if wanted.from_day is not None and wanted.to_day is not None and wanted.to_day < wanted.from_day:
        raise BadInput("bad_value", "The last day lies before the first.")
    if wanted.provider is not None:
        chosen = diaries.provider_of(desk.reader, wanted.provider, desk.clinic).id
        only = (chosen,) if only is None or chosen in only else ()
    zone, query = desk.zone, (wanted.query or "").strip()
    return queries.Wanted(
        low=None if wanted.from_day is None else zone.day_bounds(wanted.from_day)[0],
        high=None if wanted.to_day is None else zone.day_bounds(wanted.to_day)[1],
        providers=only,
        statuses=tuple(dict.fromkeys(s.value for s in wanted.statuses)) or None,
        query=query or None,
    )
