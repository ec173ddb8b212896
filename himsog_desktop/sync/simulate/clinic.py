"""The small clinic of a run: images, places, and the words both sides share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from himsog_desktop.domain.intents import Image
from himsog_desktop.domain.merge import SLOT

Key = tuple[str, str]
"""Entity and key of an aggregate."""

CLINICS: Final = ("c1", "c2")
PROVIDERS: Final[Mapping[str, tuple[str, ...]]] = {"c1": ("p1", "p2"), "c2": ("p3",)}
SLOTS: Final = 12
ACTIVE: Final = frozenset({"PENDING", "CONFIRMED"})


class Crash(Exception):
    """The process ended here."""


class Problem(Exception):
    """The server's error, by the code that its remote would raise."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def appointment(clinic: str, provider: str, start: int, patient: str) -> dict[str, object]:
    """The image of a new appointment."""
    return {
        "start": start, "end": start + 1, "provider_id": provider, "resources": [], "lane": 0,
        "overbook_reason": None, "clinic_id": clinic, "status": "PENDING", "patient_id": patient, "notes": None,
        "type": None, "updated": 0,
    }  # fmt: skip


def patient(clinic: str, name: str) -> dict[str, object]:
    """The image of a new patient."""
    return {"clinic_id": clinic, "name": name, "phone": None, "email": None, "updated": 0}


def takes(entity: str, image: Image) -> bool:
    """Whether it occupies time."""
    return entity == "appointment" and bool(image) and image["status"] in ACTIVE


def places(image: Image) -> frozenset[object]:
    """Everything that it occupies: resource and lane."""
    lane = image["lane"]
    resources: Iterable[str] = image["resources"]  # type: ignore[assignment]  # as built above
    return frozenset([(image["provider_id"], lane), *((r, lane) for r in resources)])


def resources(*images: Image) -> set[str]:
    """Everything that these may occupy: what a transaction has to wait for."""
    found: set[str] = set()
    for image in images:
        if "provider_id" in image:
            found.add(str(image["provider_id"]))
            found.update(image["resources"])  # type: ignore[arg-type]  # as built above
    return found


def meet(one: Image, other: Image) -> bool:
    """Whether two that both occupy time want the same place at the same time."""
    return (
        one["start"] < other["end"]  # type: ignore[operator]  # whole numbers
        and other["start"] < one["end"]  # type: ignore[operator]
        and not places(one).isdisjoint(places(other))
    )


def slot_of(image: Image) -> dict[str, object]:
    """The unit of its place."""
    return {name: image[name] for name in SLOT}
