"""What a map is once it is checked: fields and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from himsog_desktop.interchange.records import Kind

FieldKind = Literal[
    "text", "name", "long", "email", "sex", "date", "moment", "status", "duration", "money", "list", "location"
]  # fmt: skip

APPOINTMENT_FIELDS: Final[Mapping[str, FieldKind]] = {
    "external_id": "text", "number": "text", "start": "moment", "end": "moment", "duration": "duration",
    "status": "status", "provider": "name", "provider_key": "text", "patient_key": "text", "patient_name": "name",
    "patient_email": "email", "patient_phone": "text", "patient_birth_date": "date", "patient_sex": "sex",
    "patient_address": "long", "services": "list", "price": "money", "notes": "long", "location": "location",
    "room": "text", "type": "text", "booked_on": "moment", "cancelled_at": "moment", "cancellation_reason": "text",
    "check_in": "moment", "real_start": "moment", "real_end": "moment",
}  # fmt: skip
PATIENT_FIELDS: Final[Mapping[str, FieldKind]] = {
    "external_id": "text", "name": "name", "email": "email", "phone": "text", "birth_date": "date", "sex": "sex",
    "address": "long", "notes": "long", "alerts": "list",
}  # fmt: skip
FIELDS: Final[Mapping[Kind, Mapping[str, FieldKind]]] = {
    "appointments": APPOINTMENT_FIELDS,
    "patients": PATIENT_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from and how it is read; see the module's docstring."""

    columns: tuple[str, ...] = ()
    pick: Literal["one", "join", "any", "constant", "date_time"] = "one"
    join: str = " "
    constant: str | None = None
    formats: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    strip_prefix: str = ""
    pattern: re.Pattern[str] | None = None
    split: str = ""
    separator: str = ""
    flip: bool = False
    unit: str = "minutes"
    infer: bool = False
    optional: bool = False
    zone_column: str | None = None


@dataclass(frozen=True, slots=True)
class SkipRule:
    """Lines whose ``column`` has one of ``values`` (compared without case) are no records; ``text`` says why."""

    column: str
    values: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A map, checked. ``name`` is the file's name without ending; ``system`` owns the external ids."""

    name: str
    kind: Kind
    system: str
    title: str = ""
    about: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    zone: str | None = None
    decimal: str | None = None
    fields: Mapping[str, Source] = field(default_factory=dict)
    recognise: tuple[str, ...] = ()
    skip: tuple[SkipRule, ...] = ()

    def required_columns(self) -> tuple[str, ...]:
        """The columns without which a table is not of this layout, as the map spells them."""
        wanted: dict[str, None] = {}
        for source in self.fields.values():
            if not source.optional and source.pick != "any":
                wanted.update(dict.fromkeys(source.columns))
        return tuple(wanted)
