"""The set-up document: its tables and keys, read and checked.

One TOML document says clinic, rooms, staff, providers (with hours, breaks, overrides, policy) and
services; ``resources/setup/example.toml`` shows every key. What a document does not say stays as it is,
so most of what ``setupparts`` holds may be unsaid. A fault is told with its place: ``providers[2].hours[1].end: ends
before it starts``. Nothing here knows a profile: ``setup`` compares and writes.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Literal

from himsog_desktop.domain.clinic import Break, Override, OverrideKind, Pricing, ProviderStatus, ServiceKind
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.time import zone
from himsog_desktop.services import texts
from himsog_desktop.services.setupfields import Fields, fault
from himsog_desktop.services.setupparts import (
    UNSAID,
    ClinicPart,
    OpenTime,
    PolicyPart,
    PricePart,
    ProviderPart,
    RoomPart,
    ServicePart,
    SetupFile,
    StaffPart,
    Unsaid,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import TypeVar

    T = TypeVar("T")


MOST_ITEMS = 5_000
"""Providers, services, rooms or people in one document."""

MOST_OVERRIDE_DAYS = 366

_TABLES = ("clinic", "rooms", "staff", "providers", "services")


def parse(text: str) -> dict[str, object]:
    """TOML text as values. Raises BadInput naming the line."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        words = str(problem) if isinstance(problem, tomllib.TOMLDecodeError) else "nested too deeply"
        raise BadInput("bad_value", f"The set-up document is not TOML: {words}.") from None


def read(document: object) -> SetupFile:
    """Check a document. Raises BadInput with up to five faults, each with its place."""
    top = Fields(document, "")
    faults: list[str] = []

    def collected(name: str, reader: Callable[[Fields], T]) -> tuple[T, ...]:
        found: list[T] = []
        for item in top.tables(name, MOST_ITEMS):
            try:
                found.append(reader(item))
            except BadInput as problem:
                faults.append(problem.message)
        return tuple(found)

    top.only(*_TABLES)
    clinic = ClinicPart()
    if top.has("clinic"):
        try:
            clinic = _clinic(top.table("clinic"))
        except BadInput as problem:
            faults.append(problem.message)
    made = SetupFile(
        clinic,
        collected("rooms", _room),
        collected("staff", _staff),
        collected("providers", _provider),
        collected("services", _service),
    )
    if faults:
        more = f" And {len(faults) - 5} more." if len(faults) > 5 else ""
        raise BadInput("bad_value", " ".join(faults[:5]) + more)
    _unique("rooms", [(r.path, r.key) for r in made.rooms])
    _unique("staff", [(s.path, s.key.casefold()) for s in made.staff])
    _unique("providers", [(p.path, p.key) for p in made.providers])
    for service in made.services:
        _unique("services", [(service.path, one) for one in service.providers or ()], "offers it twice")
    return made


def _unique(what: str, keys: list[tuple[str, str]], words: str = "") -> None:
    seen: dict[str, str] = {}
    for path, key in keys:
        if key in seen:
            said = words or f"{seen[key]} has the same key"
            raise fault(f"{path}.{'providers' if words else 'key'}", f"{key[:60]!r}: {said}")
        seen[key] = path


def _clinic(item: Fields) -> ClinicPart:
    item.only("key", "name", "timezone", "currency")
    where, currency = item.text("timezone"), item.text("currency")
    if where is not None:
        item.checked("timezone", lambda: zone(where))
    if currency is not None:
        currency = currency.strip().upper()
        if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
            raise fault(item.path("currency"), "is three letters, like PHP")
    return ClinicPart(item.name("key"), item.name("name"), where, currency)


def _room(item: Fields) -> RoomPart:
    item.only("key", "name", "kind")
    return RoomPart(item.place, item.key(), item.name("name"), item.name("kind"))


def _staff(item: Fields) -> StaffPart:
    item.only("key", "login", "name", "role", "email", "active", "provider")
    login = item.name("login")
    key = item.key() if login is None or item.has("key") else login
    if login is not None and login != key:
        raise fault(item.path("login"), "must be the same as key")
    email = item.text("email")
    if email is not None:
        email = item.checked("email", lambda: texts.email(email)) or ""
    return StaffPart(
        item.place, key, item.name("name"), item.choice("role", Role), email, item.flag("active"), item.name("provider")
    )


def _provider(item: Fields) -> ProviderPart:
    item.only(
        *("key", "name", "specialty", "slot_minutes", "status"),
        *("hours", "breaks", "overrides", "policy"),
    )
    return ProviderPart(
        path=item.place,
        key=item.key(),
        name=item.name("name"),
        specialty=item.line("specialty"),
        # The platform's bounds (platform README).
        slot_minutes=item.number("slot_minutes", 5, 180),
        status=item.choice("status", ProviderStatus),
        hours=_hours(item) if item.has("hours") else None,
        breaks=_breaks(item) if item.has("breaks") else None,
        overrides=_overrides(item) if item.has("overrides") else None,
        policy=_policy(item.table("policy")) if item.has("policy") else None,
    )


def _hours(item: Fields) -> tuple[OpenTime, ...]:
    found: dict[OpenTime, str] = {}
    for block in item.tables("hours", 500):
        block.only("day", "start", "end")
        start, end = block.walls()
        for day in block.days():
            for other, place in found.items():
                if other.day == day and other.start < end and start < other.end:
                    raise fault(block.place, f"overlaps {place} on the same day")
            found[OpenTime(day, start, end)] = block.place
    return tuple(sorted(found, key=lambda h: (h.day, h.start)))


def _breaks(item: Fields) -> tuple[Break, ...]:
    found: dict[Break, str] = {}
    for pause in item.tables("breaks", 500):
        pause.only("name", "day", "start", "end")
        start, end = pause.walls()
        name = pause.name("name") or "Break"
        for day in pause.days():
            made = Break(name, day, start, end)
            if made in found:
                raise fault(pause.place, f"says the same as {found[made]}")
            found[made] = pause.place
    return tuple(sorted(found, key=lambda b: (b.day, b.start, b.end, b.name)))


def _overrides(item: Fields) -> tuple[Override, ...]:
    found: dict[tuple[object, ...], Override] = {}
    for entry in item.tables("overrides", 5_000):
        entry.only("date", "until", "available", "start", "end", "kind", "reason")
        available = entry.flag("available") or False
        kind = entry.choice("kind", OverrideKind)
        if kind is None:
            kind = OverrideKind.CUSTOM_HOURS if available else OverrideKind.BLOCKED
        start: int | None = None
        end: int | None = None
        if entry.has("start") or entry.has("end"):
            start, end = entry.walls()
        elif available:
            raise fault(entry.path("start"), "is missing: hours of one date need start and end")
        reason = entry.line("reason") or None
        for day in _dates(entry):
            made = Override(day.isoformat(), available, start, end, kind, reason)
            same = (made.date, available, start, end, kind)
            if same in found:
                raise fault(entry.place, f"says the same of {made.date} as another entry")
            found[same] = made
    return tuple(sorted(found.values(), key=lambda o: (o.date, -1 if o.start is None else o.start, o.kind)))


def _dates(entry: Fields) -> list[date]:
    first = entry.date("date")
    if first is None:
        raise fault(entry.path("date"), "is missing")
    last = entry.date("until") or first
    if last < first:
        raise fault(entry.path("until"), "lies before date")
    if (last - first).days >= MOST_OVERRIDE_DAYS:
        raise fault(entry.path("until"), f"at most {MOST_OVERRIDE_DAYS} days in one entry")
    return [type(first).fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def _policy(item: Fields) -> PolicyPart:
    item.only(
        *("notice_minutes", "cancel_hours", "auto_confirm", "max_per_day"),
        *("buffer_before", "buffer_after", "overbook_lanes"),
    )
    return PolicyPart(
        notice_minutes=item.number("notice_minutes", 0, 366 * 1440),
        cancel_hours=item.number("cancel_hours", 0, 366 * 24),
        auto_confirm=item.flag("auto_confirm"),
        max_per_day=_or_word(item, "max_per_day", "unlimited", 1, 1_000),
        buffer_before=item.number("buffer_before", 0, 1440),
        buffer_after=item.number("buffer_after", 0, 1440),
        overbook_lanes=item.number("overbook_lanes", 0, 9),
    )


def _or_word(item: Fields, name: str, word: Literal["unlimited", "slot"], least: int, most: int) -> int | Unsaid | None:
    """A number, or the word that means none (TOML has no null)."""
    if not item.has(name):
        return UNSAID
    if item.raw(name) == word:
        return None
    try:
        return item.number(name, least, most)
    except BadInput as problem:
        raise BadInput(problem.code, problem.message.rstrip(".") + f', or "{word}".') from None


def _service(item: Fields) -> ServicePart:
    item.only(
        *("key", "name", "description", "providers", "kind", "parts", "active"),
        *("pricing", "price", "price_min", "price_max"),
        *("duration", "buffer_before", "buffer_after", "max_per_day"),
    )
    description = item.text("description")
    if description is not None:
        description = item.checked("description", lambda: texts.note(description, "description")) or ""
    kind, parts = item.choice("kind", ServiceKind), item.names("parts")
    if parts and kind is ServiceKind.SINGLE:
        raise fault(item.path("parts"), "only a PACKAGE has parts")
    if parts == () and kind is ServiceKind.PACKAGE:
        raise fault(item.path("parts"), "a package needs at least one part")
    return ServicePart(
        path=item.place,
        key=item.key(),
        name=item.name("name"),
        description=description,
        providers=item.names("providers"),
        kind=kind or (ServiceKind.PACKAGE if parts else None),
        parts=parts,
        price=_price(item),
        duration=_or_word(item, "duration", "slot", 1, 1440),
        buffer_before=item.number("buffer_before", 0, 1440),
        buffer_after=item.number("buffer_after", 0, 1440),
        max_per_day=_or_word(item, "max_per_day", "unlimited", 1, 1_000),
        active=item.flag("active"),
    )


def _price(item: Fields) -> PricePart:
    made = PricePart(
        item.choice("pricing", Pricing), item.pesos("price"), item.pesos("price_min"), item.pesos("price_max")
    )
    ranged = made.price_min is not None or made.price_max is not None
    if made.price is not None and ranged:
        raise fault(item.path("price"), "stands beside price_min and price_max: say one or the other")
    if made.pricing is Pricing.FIXED and ranged:
        raise fault(item.path("pricing"), "FIXED has a price, not price_min and price_max")
    if made.pricing is Pricing.RANGE and made.price is not None:
        raise fault(item.path("pricing"), "RANGE has price_min and price_max, not a price")
    if made.pricing is Pricing.INQUIRE and (made.price is not None or ranged):
        raise fault(item.path("pricing"), "INQUIRE has no price: it is agreed with the patient")
    if made.price_min is not None and made.price_max is not None and made.price_max < made.price_min:
        raise fault(item.path("price_max"), "is less than price_min")
    return made
