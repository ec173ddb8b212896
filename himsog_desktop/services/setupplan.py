"""What a set-up document would change: the clinic as it stands, compared with what is said.

Entries are known again by their key; what was made without one (by an import, by hand) by its id, which
is what ``setup export`` writes then. Lists that the document has replace what there was, single values
it leaves out stay. Nothing is deleted: what the document leaves out altogether stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import (
    Clinic,
    Hours,
    Policy,
    Provider,
    ProviderStatus,
    Room,
)
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Role, Staff
from himsog_desktop.services.setupcatalogue import Services
from himsog_desktop.services.setupfields import fault
from himsog_desktop.services.setupmodel import Plan, either
from himsog_desktop.services.setupparts import UNSAID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.setupmodel import Standing
    from himsog_desktop.services.setupparts import (
        PolicyPart,
        ProviderPart,
        RoomPart,
        SetupFile,
    )

    T = TypeVar("T")

DEFAULT_SLOT = 30
"""Minutes of a slot unless the document says (the platform's default)."""


def plan(standing: Standing, wanted: SetupFile, at: Micros) -> Plan:
    """What to write. Raises BadInput with its place for what does not fit together."""
    made = Plan()
    clinic = _clinic(standing.clinic, wanted)
    made.add("clinic", clinic.key or clinic.id, standing.clinic, clinic)
    providers = Providers(standing, wanted, at)
    _staff(standing, wanted, providers, made)
    for key, old, new in providers.pairs():
        made.add("provider", key, old, new)
    Services(standing, wanted, providers, at).plan(made)
    return made


# ------------------------------------------------------------------------------ clinic, rooms


def _clinic(old: Clinic, wanted: SetupFile) -> Clinic:
    part = wanted.clinic
    rooms = _rooms(old, wanted.rooms) if wanted.rooms else old.rooms
    return replace(
        old,
        key=either(part.key, old.key),
        name=either(part.name, old.name),
        timezone=either(part.timezone, old.timezone),
        currency=either(part.currency, old.currency),
        rooms=rooms,
    )


def _rooms(clinic: Clinic, parts: Sequence[RoomPart]) -> tuple[Room, ...]:
    named = {r.key: r for r in clinic.rooms if r.key} | {r.id: r for r in clinic.rooms}
    listed = []
    for part in parts:
        old = named.get(part.key)
        if old is None:
            if part.name is None:
                raise fault(f"{part.path}.name", "is missing: a new room needs a name")
            listed.append(Room(new_id(), clinic.id, part.name, part.kind or "room", part.key))
        else:
            listed.append(replace(old, name=either(part.name, old.name), kind=either(part.kind, old.kind)))
    have = {r.id for r in listed}
    return (*listed, *(r for r in clinic.rooms if r.id not in have))


# -------------------------------------------------------------------------------------- staff


def _staff(standing: Standing, wanted: SetupFile, providers: Providers, made: Plan) -> None:
    people = {s.login.casefold(): s for s in standing.staff}
    after = dict(people)
    for part in wanted.staff:
        old = people.get(part.key.casefold())
        if old is None:
            if part.role is None:
                raise fault(f"{part.path}.role", f"is missing: one of {', '.join(Role)}")
            new = Staff(
                new_id(),
                part.key,
                part.name or part.key,
                part.role,
                standing.clinic.id,
                part.email or None,
                either(part.active, True),
            )
        else:
            new = replace(
                old,
                name=either(part.name, old.name),
                role=either(part.role, old.role),
                email=old.email if part.email is None else part.email or None,
                active=either(part.active, old.active),
            )
        after[part.key.casefold()] = new
        made.add("staff", part.key, old, new)
        if part.provider is not None:
            providers.belongs_to(part.provider, new.id, f"{part.path}.provider")
    if not any(s.active and s.role is Role.MANAGER for s in after.values()):
        raise BadInput("bad_value", "staff: at least one active person must be a manager, or nobody could mend it.")


# ---------------------------------------------------------------------------------- providers


class Providers:
    """The providers as they are to be, by key."""

    def __init__(self, standing: Standing, wanted: SetupFile, at: Micros) -> None:
        self.clinic = standing.clinic
        self.at = at
        self.old = {p.id: p for p in standing.providers}
        self._named = {p.id: p.id for p in standing.providers} | {p.key: p.id for p in standing.providers if p.key}
        self.new: dict[str, Provider] = dict(self.old)
        self._keys: dict[str, str] = {}
        listed = [self._read(part) for part in wanted.providers]
        self._place(standing.providers, listed)

    def named(self, key: str, path: str) -> Provider:
        """The provider of a key or id. Raises BadInput."""
        found = self._named.get(key)
        if found is None:
            raise fault(path, f"there is no provider {key[:60]!r}, neither in this document nor in the profile")
        return self.new[found]

    def belongs_to(self, key: str, staff_id: str, path: str) -> None:
        """The column is this person's own (``services.reach``)."""
        found = self.named(key, path)
        if found.user_id != staff_id:
            self.new[found.id] = replace(found, user_id=staff_id, updated=self.at)

    def pairs(self) -> Iterable[tuple[str, Provider | None, Provider]]:
        """Key, before and after of each."""
        for key, new in self.new.items():
            yield self._keys.get(key) or new.key or key, self.old.get(key), new

    def _read(self, part: ProviderPart) -> str:
        found = self._named.get(part.key)
        if found is None:
            if part.name is None:
                raise fault(f"{part.path}.name", "is missing: a new provider needs a name")
            new = Provider(
                new_id(), new_id(), part.name, ProviderStatus.VERIFIED, DEFAULT_SLOT, self.at, self.at, key=part.key
            )
            self._named[part.key] = found = new.id
        else:
            new = self.new[found]
        self._keys[found] = part.key
        self.new[found] = self._changed(new, part)
        return found

    def _changed(self, old: Provider, part: ProviderPart) -> Provider:
        hours = old.hours
        if part.hours is not None:
            here = {Hours(self.clinic.id, h.day, h.start, h.end) for h in part.hours}
            elsewhere = {h for h in old.hours if h.clinic_id != self.clinic.id}
            hours = _same(old.hours, here | elsewhere, lambda h: (h.day, h.start, h.end, h.clinic_id))
        breaks = old.breaks
        if part.breaks is not None:
            breaks = _same(old.breaks, set(part.breaks), lambda b: (b.day, b.start, b.end, b.name))
        overrides = old.overrides
        if part.overrides is not None:
            overrides = _same(
                old.overrides, set(part.overrides), lambda o: (o.date, -1 if o.start is None else o.start, o.kind.value)
            )
        clinics = old.clinics if self.clinic.id in old.clinics else (*old.clinics, self.clinic.id)
        return replace(
            old,
            name=either(part.name, old.name),
            specialty=old.specialty if part.specialty is None else part.specialty or None,
            slot_minutes=either(part.slot_minutes, old.slot_minutes),
            status=either(part.status, old.status),
            clinics=clinics,
            hours=hours,
            breaks=breaks,
            overrides=overrides,
            policy=old.policy if part.policy is None else _policy(old.policy, part.policy),
            updated=self.at,
        )

    def _place(self, standing: Sequence[Provider], listed: Sequence[str]) -> None:
        """New columns go to the end; only a document in another order than the columns moves those."""
        there = [p.id for p in standing]
        mentioned = set(listed)
        before = [key for key in there if key in mentioned]
        fresh = [key for key in listed if key not in self.old]
        if [*before, *fresh] == list(listed):
            last = max((p.position for p in standing), default=-1)
            order = {key: last + 1 + i for i, key in enumerate(fresh)}
        else:
            order = {key: i for i, key in enumerate([*listed, *(key for key in there if key not in mentioned)])}
        for key, position in order.items():
            self.new[key] = replace(self.new[key], position=position)


def _same(old: tuple[T, ...], wanted: set[T], order: Callable[[T], tuple[object, ...]]) -> tuple[T, ...]:
    """The wanted entries; the old tuple itself when it says the same in another order."""
    return old if len(old) == len(wanted) and set(old) == wanted else tuple(sorted(wanted, key=order))


def _policy(old: Policy, part: PolicyPart) -> Policy:
    return Policy(
        notice_minutes=either(part.notice_minutes, old.notice_minutes),
        cancel_hours=either(part.cancel_hours, old.cancel_hours),
        auto_confirm=either(part.auto_confirm, old.auto_confirm),
        max_per_day=old.max_per_day if part.max_per_day is UNSAID else part.max_per_day,
        buffer_before=either(part.buffer_before, old.buffer_before),
        buffer_after=either(part.buffer_after, old.buffer_after),
        overbook_lanes=either(part.overbook_lanes, old.overbook_lanes),
    )
