"""What the people of a run do: at the desks through their profile, on the web straight at the server."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from himsog_desktop.domain.intents import Image, Intent
from himsog_desktop.domain.merge import whole_units
from himsog_desktop.sync.simulate.clinic import (
    PROVIDERS,
    SLOTS,
    Key,
    appointment,
    meet,
    patient,
    slot_of,
    takes,
)

if TYPE_CHECKING:
    from himsog_desktop.sync.simulate.faults import Faults
    from himsog_desktop.sync.simulate.server import Server
    from himsog_desktop.sync.simulate.store import SimStore

_AFTER = {"PENDING": ("CONFIRMED", "CANCELLED"), "CONFIRMED": ("COMPLETED", "CANCELLED", "NO_SHOW", "PENDING")}
_KINDS = {
    "CONFIRMED": "confirm",
    "CANCELLED": "cancel",
    "COMPLETED": "complete",
    "NO_SHOW": "no_show",
    "PENDING": "unconfirm",
}
_VALUES = ("A", "B", "C", "A")


class Desk:
    """A person at a desk: acts on what the screen shows, whatever the server has by now."""

    def __init__(self, random: Random, faults: Faults, new_id: Callable[[SimStore], str]) -> None:
        self._random = random
        self._faults = faults
        self._new_id = new_id
        self._at = 0

    def act(self, store: SimStore, at: int) -> list[Intent]:
        """One act: the intents of it, empty when nothing came to mind. ``at`` is what the workstation's clock says."""
        self._at = at
        random, view = self._random, store.view()
        chance = random.random()
        if chance < self._faults.undo:
            return self._undo(store, view)
        if chance < self._faults.undo + self._faults.chains * 0.4:
            return self._chain(store, view)
        kind = random.random()
        mine = [k for k, image in view.items() if takes(k[0], image)]
        if kind < 0.4 or not mine:
            return self._book(store, view)
        key = mine[0] if random.random() < self._faults.hot else random.choice(mine)
        image = view[key]
        if kind < 0.65:
            place = self._free(store, view, key, image)
            return [] if place is None else [self._edit(store, key, "appointment.move", image, place)]
        if kind < 0.85:
            return [self._status(store, key, image)]
        text = image["notes"]
        more = f"n{random.randint(0, 999)}"
        return [self._edit(store, key, "appointment.note", image, {"notes": f"{text}\n{more}" if text else more})]

    def _intent(
        self,
        store: SimStore,
        key: Key,
        kind: str,
        before: Image,
        after: Image,
        needs: tuple[str, ...] = (),
        act: str = "",
    ) -> Intent:
        id_ = self._new_id(store)
        pending = (
            r.intent.id
            for r in store.queue
            if r.intent.creates and r.intent.entity == "patient" and r.intent.key == after.get("patient_id")
        )
        return Intent(
            id_, act or id_, kind, 1, *key, before, after, store.name, store.device, self._at, (*needs, *pending)
        )  # fmt: skip

    def _edit(self, store: SimStore, key: Key, kind: str, image: Image, wanted: Image, act: str = "") -> Intent:
        before, after = {n: image[n] for n in wanted}, dict(wanted)
        before, after = whole_units(key[0], image, {**image, **wanted}, before, after)  # type: ignore[assignment]
        return self._intent(store, key, kind, before, after, act=act)

    def _book(self, store: SimStore, view: dict[Key, Image]) -> list[Intent]:
        random = self._random
        patients = [k for k in view if k[0] == "patient"]
        made: list[Intent] = []
        many = "import." if random.random() < 0.1 else ""
        if not patients or random.random() < 0.3:
            who = ("patient", f"u{random.getrandbits(40):x}")
            made.append(
                self._intent(store, who, f"{many}patient.add", {}, patient(store.clinic, random.choice(_VALUES)))
            )
        else:
            who = random.choice(patients)
        place = self._free(store, view, ("", ""), appointment(store.clinic, PROVIDERS[store.clinic][0], 0, who[1]))
        if place is None:
            return made
        image = {**appointment(store.clinic, "", 0, who[1]), **place}
        needs = (made[0].id,) if made else ()
        key = ("appointment", f"a{random.getrandbits(40):x}")
        return [*made, self._intent(store, key, f"{many}appointment.book", {}, image, needs)]

    def _free(self, store: SimStore, view: dict[Key, Image], key: Key, image: Image) -> dict[str, object] | None:
        """A place that looks free; in a hot clinic everybody wants the first ones."""
        random = self._random
        for _ in range(4):
            start = random.randrange(3 if random.random() < self._faults.hot else SLOTS)
            rooms = ["r1"] if random.random() < 0.2 else []
            place = {
                **slot_of(image), "provider_id": random.choice(PROVIDERS[store.clinic]), "start": start,
                "end": start + random.choice((1, 1, 2)), "resources": rooms, "clinic_id": store.clinic, "lane": 0,
                "overbook_reason": None,
            }  # fmt: skip
            if random.random() < 0.1:  # double-booked on purpose
                place |= {"lane": 1 + random.randrange(2), "overbook_reason": "x"}
            wanted = {**image, **place}
            others = [i for k, i in view.items() if k != key and takes(k[0], i) and meet(wanted, i)]
            if not others:
                return place
        return None

    def _status(self, store: SimStore, key: Key, image: Image) -> Intent:
        target = self._random.choice(_AFTER[str(image["status"])])
        return self._edit(store, key, f"appointment.{_KINDS[target]}", image, {"status": target})

    def _chain(self, store: SimStore, view: dict[Key, Image]) -> list[Intent]:
        """The same field of a patient several times in a row, also back to what it was."""
        patients = [k for k in view if k[0] == "patient"]
        if not patients:
            return []
        key = patients[0] if self._random.random() < 0.5 else self._random.choice(patients)
        image, made = dict(view[key]), []
        name = self._random.choice(("phone", "phone", "email", "name"))
        for value in self._random.sample(_VALUES, self._random.randint(1, 4)):
            if image[name] != value:
                made.append(self._edit(store, key, "patient.edit", image, {name: value}))
                image[name] = value
        return made

    def _undo(self, store: SimStore, view: dict[Key, Image]) -> list[Intent]:
        """Take back the last act of this desk, if nothing looks changed since and its place still looks free.

        A place is looked at again before anything is taken back, also of what never went out (``services.undoing``).
        """
        mine = [r for r in store.rows.values() if r.intent.author == store.name and r.state in ("pending", "done")]
        if not mine:
            return []
        intent = mine[-1].intent
        key = (intent.entity, intent.key)
        image = view.get(key, {})
        if intent.kind.startswith("undo.") or any(image.get(n) != v for n, v in intent.after.items() if n != "updated"):
            return []
        if not intent.creates and not _fits(view, key, image, {**image, **intent.before}):
            return []
        if store.withdraw(intent.id):
            return []
        if intent.creates:
            return [] if key[0] == "patient" else [self._intent(store, key, "undo.book", image, {}, act=intent.id)]
        return [self._edit(store, key, "undo.edit", image, intent.before, act=intent.id)]


def _fits(view: dict[Key, Image], key: Key, image: Image, wanted: Image) -> bool:
    """Whether what stands there as ``image`` may stand as ``wanted``: it has that place now, or the place is free."""
    if not takes(key[0], wanted) or (takes(key[0], image) and slot_of(image) == slot_of(wanted)):
        return True
    return not any(k != key and takes(k[0], i) and meet(wanted, i) for k, i in view.items())


class Web:
    """The web application: reads, then writes, without a lock, and overwrites what it likes."""

    def __init__(self, random: Random, faults: Faults) -> None:
        self._random = random
        self._faults = faults

    def wish(self, server: Server) -> tuple[Key, Callable[[Image], Image | None]] | None:
        """An aggregate and what is to become of it; the change answers None when it would do nothing."""
        random, images = self._random, server.data.images
        chance = random.random()
        appointments = [k for k in images if k[0] == "appointment"]
        patients = [k for k in images if k[0] == "patient"]
        if appointments and chance < self._faults.web_deletes:
            return random.choice(appointments), lambda _: {}
        if appointments and chance < self._faults.web_deletes + self._faults.evictions:
            return random.choice(appointments), _elsewhere
        if chance < 0.5 and patients:
            return self._insert(server, random.choice(patients))
        if chance < 0.75 and patients:
            name, value = random.choice(("phone", "email")), random.choice(_VALUES)
            return random.choice(patients), lambda i: {**i, name: value} if i else None
        if appointments:
            status = random.choice(("CANCELLED", "CONFIRMED"))
            return random.choice(appointments), lambda i: _set(i, status)
        return None

    def _insert(self, server: Server, who: Key) -> tuple[Key, Callable[[Image], Image | None]] | None:
        random = self._random
        clinic = str(server.data.images[who]["clinic_id"])
        start = random.randrange(3 if random.random() < self._faults.hot else SLOTS)
        image = appointment(clinic, random.choice(PROVIDERS[clinic]), start, who[1])
        if server.blockers("", image):
            return None
        return ("appointment", f"w{random.getrandbits(40):x}"), lambda i: None if i else image


def _set(image: Image, status: str) -> Image | None:
    return {**image, "status": status} if image and takes("appointment", image) else None


def _elsewhere(image: Image) -> Image | None:
    """To a provider of the other clinic."""
    if not image:
        return None
    clinic = "c2" if image["clinic_id"] == "c1" else "c1"
    return {**image, "clinic_id": clinic, "provider_id": PROVIDERS[clinic][0]}
