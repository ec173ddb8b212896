"""Whose rows a person may see: everybody's, those of her own columns, or none.

Source: design, section 2, "Roles". A provider's own columns are those whose platform user is the
person at the desk (``Provider.user_id``); the role "it" sees no patient data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.rights import Verb, allowed

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk


def own_providers(desk: Desk) -> tuple[str, ...]:
    """Ids of the columns that are this person's own."""
    rows = desk.reader.execute("SELECT id FROM providers WHERE user_id = ? ORDER BY id", (desk.staff.id,))
    return tuple(row[0] for row in rows)


def seen_providers(desk: Desk) -> tuple[str, ...] | None:
    """The columns whose appointments this person may see; None is all of them.

    Raises NoAccess("forbidden") for a role that sees no patient data.
    """
    if allowed(desk.staff.role, Verb.SEE):
        return None
    if allowed(desk.staff.role, Verb.SEE, own=True):
        return own_providers(desk)
    desk.require(Verb.SEE)
    return None


def require_for(desk: Desk, verb: Verb, provider_id: str) -> None:
    """Raises NoAccess("forbidden") when the person may not do this in that provider's column."""
    if not allowed(desk.staff.role, verb):
        own = allowed(desk.staff.role, verb, own=True) and provider_id in own_providers(desk)
        if not own:
            desk.require(verb)
