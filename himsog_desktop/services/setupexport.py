"""The set-up as a TOML document that ``setup apply`` reads back without a change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Pricing, ServiceKind
from himsog_desktop.domain.time import format_wall
from himsog_desktop.services.setupfields import DAY_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from himsog_desktop.domain.clinic import Policy, Provider, Service
    from himsog_desktop.services.setupmodel import Standing

    T = TypeVar("T")

Value = str | int | bool | list[str] | None
Line = tuple[str, Value]

HEAD = """\
# The set-up of a clinic, as `himsog setup export` writes it and `himsog setup apply` reads it.
# Entries are known again by their key. What is not said here stays as it is; nothing is deleted.
"""


def toml(standing: Standing) -> str:
    """The whole set-up."""
    clinic = standing.clinic
    blocks = [
        HEAD,
        _table(
            "[clinic]",
            [("key", clinic.key), ("name", clinic.name), ("timezone", clinic.timezone), ("currency", clinic.currency)],
        ),
    ]
    blocks += [_table("[[rooms]]", [("key", r.key or r.id), ("name", r.name), ("kind", r.kind)]) for r in clinic.rooms]
    columns = {p.user_id: p for p in standing.providers}
    for s in standing.staff:
        own = columns.get(s.id)
        blocks.append(
            _table(
                "[[staff]]",
                [
                    ("key", s.login),
                    ("name", s.name),
                    ("role", s.role.value),
                    ("email", s.email),
                    ("active", s.active),
                    ("provider", (own.key or own.id) if own else None),
                ],
            )
        )
    blocks += [_provider(p, clinic.id) for p in standing.providers]
    blocks += _services(standing)
    return "\n".join(blocks)


def _table(head: str, lines: Iterable[Line]) -> str:
    return "\n".join([head, *(f"{key} = {_value(value)}" for key, value in lines if value is not None), ""])


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    # A JSON string is a TOML string, but for this one sign.
    return json.dumps(value or "", ensure_ascii=False).replace("\x7f", "\\u007f")


def _provider(p: Provider, clinic_id: str) -> str:
    lines: list[Line] = [
        ("key", p.key or p.id),
        ("name", p.name),
        ("specialty", p.specialty),
        ("slot_minutes", p.slot_minutes),
        ("status", p.status.value),
    ]
    here = [h for h in p.hours if h.clinic_id == clinic_id]
    # An empty list says so; nothing at all would leave what another profile has.
    lines += [(name, []) for name, found in (("hours", here), ("breaks", p.breaks)) if not found]
    lines += [("overrides", [])] if not p.overrides else []
    blocks = [_table("[[providers]]", lines), _policy(p.policy)]
    for (start, end), days in _by_days((h.day, (h.start, h.end)) for h in here):
        blocks.append(
            _table("[[providers.hours]]", [("day", days), ("start", format_wall(start)), ("end", format_wall(end))])
        )
    for (name, start, end), days in _by_days((b.day, (b.name, b.start, b.end)) for b in p.breaks):
        blocks.append(
            _table(
                "[[providers.breaks]]",
                [("name", name), ("day", days), ("start", format_wall(start)), ("end", format_wall(end))],
            )
        )
    for o in p.overrides:
        walls = [("start", o.start), ("end", o.end)]
        blocks.append(
            _table(
                "[[providers.overrides]]",
                [
                    ("date", o.date),
                    ("available", o.available),
                    *((name, None if wall is None else format_wall(wall)) for name, wall in walls),
                    ("kind", o.kind.value),
                    ("reason", o.reason),
                ],
            )
        )
    return "\n".join(blocks)


def _by_days(found: Iterable[tuple[int, T]]) -> Iterable[tuple[T, list[str]]]:
    """The same times of several days, each once with its days."""
    grouped: dict[T, list[str]] = {}
    for day, times in found:
        grouped.setdefault(times, []).append(DAY_NAMES[day])
    return grouped.items()


def _policy(policy: Policy) -> str:
    return _table(
        "[providers.policy]",
        [
            ("notice_minutes", policy.notice_minutes),
            ("cancel_hours", policy.cancel_hours),
            ("auto_confirm", policy.auto_confirm),
            ("max_per_day", "unlimited" if policy.max_per_day is None else policy.max_per_day),
            ("buffer_before", policy.buffer_before),
            ("buffer_after", policy.buffer_after),
            ("overbook_lanes", policy.overbook_lanes),
        ],
    )


def _services(standing: Standing) -> list[str]:
    """One entry per key and set of values, with everybody who offers it so."""
    keys = service_keys(standing.services)
    owners = {p.id: p.key or p.id for p in standing.providers}
    entries: dict[str, tuple[list[Line], list[str]]] = {}
    for s in standing.services:
        lines = _service_lines(s, keys)
        entries.setdefault(_table("", lines), (lines, []))[1].append(owners.get(s.provider_id, s.provider_id))
    return [_table("[[services]]", [*lines[:2], ("providers", who), *lines[2:]]) for lines, who in entries.values()]


def service_keys(services: Sequence[Service]) -> dict[str, str]:
    """The key that each service goes by: its own, else its catalogue entry's, else its id."""
    return {s.id: s.key or s.catalogue or s.id for s in services}


def _service_lines(s: Service, keys: dict[str, str]) -> list[Line]:
    price: list[Line] = []
    if s.pricing is Pricing.FIXED:
        price = [("price", s.price_min // 100)]
    elif s.pricing is Pricing.RANGE:
        price = [("price_min", s.price_min // 100), ("price_max", s.price_max // 100)]
    return [
        ("key", keys[s.id]),
        ("name", s.name),
        ("description", s.description),
        ("kind", s.kind.value),
        ("parts", [keys.get(part, part) for part in s.parts] if s.kind is ServiceKind.PACKAGE else None),
        ("pricing", s.pricing.value),
        *price,
        ("duration", "slot" if s.duration is None else s.duration),
        ("buffer_before", s.buffer_before),
        ("buffer_after", s.buffer_after),
        ("max_per_day", "unlimited" if s.max_per_day is None else s.max_per_day),
        ("active", s.active),
    ]
