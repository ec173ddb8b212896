"""The clinic's providers and what they offer. No patient data: every role may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.services import diaries, render
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ProviderDoc, ServiceDoc


def providers(desk: Desk) -> list[ProviderDoc]:
    """All providers in the order of their columns, suspended ones too."""
    return [render.provider(p) for p in load.providers(desk.reader, desk.clinic.id)]


def services(desk: Desk, provider: str | None = None) -> list[ServiceDoc]:
    """All services, or those of one provider (id or key of the set-up document); inactive ones too.

    Raises BadInput("not_found") for an unknown provider.
    """
    only = None if provider is None else diaries.provider_of(desk.reader, provider, desk.clinic).id
    return [render.service(s) for s in load.services(desk.reader, only)]
