"""The desk on the platform's own database, from the administrator's side: attach, detach, check, upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.services.documents import Doc
from himsog_desktop.services.sharing import ClinicThere

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.server.attach import Step
    from himsog_desktop.server.overlaps import Overlap
    from himsog_desktop.server.state import Clinic

LISTED = 1000
"""How many overlaps a document names; their number is beside them."""


class StepDoc(Doc, frozen=True):
    """One thing that is done, in plain words."""

    name: str
    text: str


class OverlapDoc(Doc, frozen=True):
    """An appointment of the web that stands on a lane, and those beside it, by id."""

    id: str
    provider_id: str
    lane: int
    beside: list[str]


class AttachDoc(Doc, frozen=True):
    """``attach``. ``changed``: whether something was done; ``differences``: why nothing can be."""

    state: str
    changed: bool
    dry_run: bool
    differences: list[str]
    steps: list[StepDoc]
    clinics: list[ClinicThere]
    overlaps: list[OverlapDoc]
    overlaps_total: int


class LostDoc(Doc, frozen=True):
    """What only the desk holds."""

    what: str
    count: int


class DetachDoc(Doc, frozen=True):
    """``detach``. ``kept``: roles that stay, and why."""

    state: str
    changed: bool
    dry_run: bool
    lost: list[LostDoc]
    steps: list[StepDoc]
    kept: list[str]


class CheckDoc(Doc, frozen=True):
    """``check``. ``differences`` are wrong; ``advice`` works but should be otherwise."""

    state: str
    version: str
    ok: bool
    differences: list[str]
    advice: list[str]
    clinics: list[ClinicThere]
    overlaps: list[OverlapDoc]
    overlaps_total: int


class UpgradeDoc(Doc, frozen=True):
    """``upgrade``."""

    state: str
    dry_run: bool
    steps: list[StepDoc]


def attach(url: str, *, dry_run: bool = False, progress: Callable[[int, int | None], None] | None = None) -> AttachDoc:
    """Put the desk beside the platform's tables. Raises as ``server.attach`` does."""
    from himsog_desktop.server import attach as server

    found = server.attach(url, dry_run=dry_run, progress=progress)
    return AttachDoc(
        found.state,
        found.state == "attached",
        dry_run,
        found.differences,
        _steps(found.steps),
        _clinics(found.clinics),
        _overlaps(found.overlaps[:LISTED]),
        len(found.overlaps),
    )


def detach(url: str, *, yes: bool = False, dry_run: bool = False) -> DetachDoc:
    """Take the desk away. Raises as ``server.detach`` does."""
    from himsog_desktop.server import detach as server

    found = server.detach(url, yes=yes, dry_run=dry_run)
    return DetachDoc(
        found.state,
        found.state == "detached",
        dry_run,
        [LostDoc(*one) for one in found.lost],
        _steps(found.steps),
        found.kept,
    )


def check(url: str) -> CheckDoc:
    """Look a shared database, or the platform's own, over. Raises as ``server.check`` does."""
    from himsog_desktop.server import check as server

    found = server.check(url)
    return CheckDoc(
        found.state.value,
        found.version,
        not found.differences,
        found.differences,
        found.advice,
        _clinics(found.clinics),
        _overlaps(found.overlaps[:LISTED]),
        len(found.overlaps),
    )


def upgrade(url: str, *, dry_run: bool = False) -> UpgradeDoc:
    """Bring a shared database to what this program needs. Raises as ``server.upgrade`` does."""
    from himsog_desktop.server import upgrade as server

    found = server.upgrade(url, dry_run=dry_run)
    return UpgradeDoc(found.state, dry_run, _steps(found.steps))


def _steps(found: list[Step]) -> list[StepDoc]:
    return [StepDoc(*one) for one in found]


def _clinics(found: list[Clinic]) -> list[ClinicThere]:
    return [ClinicThere(one.id, one.name, len(one.providers)) for one in found]


def _overlaps(found: list[Overlap]) -> list[OverlapDoc]:
    return [OverlapDoc(one.id, one.provider, one.lane, list(one.others)) for one in found]
