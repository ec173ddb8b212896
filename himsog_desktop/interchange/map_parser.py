"""Checking a map document key by key, so that what is wrong with it can be named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Final, Literal

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import zone as zone_of
from himsog_desktop.interchange.cells import UNKNOWN, status_of
from himsog_desktop.interchange.map_model import FIELDS, FieldKind, ImportMap, SkipRule, Source
from himsog_desktop.interchange.moments import check_format
from himsog_desktop.interchange.records import Kind

_NAME_PARTS = ("first", "middle", "last", "suffix")
_ALIASES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "appointments": {
        "id": "external_id", "patient": "patient_name", "patient_id": "patient_key", "provider_id": "provider_key",
        "provider_name": "provider", "service": "services", "created": "booked_on", "email": "patient_email",
        "phone": "patient_phone", "birth_date": "patient_birth_date", "sex": "patient_sex",
        "address": "patient_address", "total": "price",
    },
    "patients": {
        "id": "external_id", "patient_key": "external_id", "key": "external_id", "patient_name": "name",
        "patient_email": "email", "patient_phone": "phone", "patient_birth_date": "birth_date",
        "patient_sex": "sex", "patient_address": "address",
    },
}  # fmt: skip
_TOP = {"kind", "title", "system", "external_system", "encoding", "delimiter", "zone", "timezone", "decimal", "about",
        "recognise", "skip", "fields"}  # fmt: skip
_SOURCE_KEYS = {"column", "columns", "any", "join", "constant", "date", "time", "format", "values", "default",
                "strip_prefix", "pattern", "split", "separator", "flip", "unit", "infer", "optional",
                "zone_column"}  # fmt: skip


def parse_map(content: bytes, *, name: str) -> ImportMap:
    """A map from the bytes of a TOML file. Raises BadInput naming the key at fault."""
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("bad_value", f"The map {name!r} is not UTF-8 text.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput("bad_value", f"The map {name!r} is not TOML: {str(error)[:120]}.") from None
    return _Parser(name).map(document)


class _Parser:
    """Checks a map document key by key, so that what is wrong can be named."""

    def __init__(self, name: str) -> None:
        self.name = name

    def bad(self, key: str, why: str) -> BadInput:
        return BadInput("bad_value", f"The map {self.name!r}, key {key[:80]!r}: {why}")

    def map(self, document: dict[str, object]) -> ImportMap:
        kind = self.text(document, "kind")
        if kind != "appointments" and kind != "patients":
            raise self.bad("kind", "is appointments or patients.")
        return self.checked("patients" if kind == "patients" else "appointments", document)

    def checked(self, kind: Kind, document: dict[str, object]) -> ImportMap:
        keys = dict(document)
        for section in ("fields", kind):
            inner = keys.pop(section, {})
            if not isinstance(inner, dict):
                raise self.bad(section, "is a table of fields.")
            for key, value in inner.items():
                if key in keys:
                    raise self.bad(key, "stands twice.")
                keys[key] = value
        fields: dict[str, Source] = {}
        parts: dict[str, Source] = {}
        for key, value in keys.items():
            if key in _TOP:
                continue
            prefix = "patient_" if kind == "appointments" else ""
            part = key.removeprefix(prefix).removesuffix("_name")
            if part in _NAME_PARTS and key not in FIELDS[kind]:
                parts[part] = self.source(key, "name", value)
                continue
            target = _ALIASES[kind].get(key, key)
            if target not in FIELDS[kind]:
                raise self.bad(key, f"is no field of ours. Fields: {', '.join(FIELDS[kind])}.")
            if target in fields:
                raise self.bad(key, "stands twice.")
            fields[target] = self.source(key, FIELDS[kind][target], value)
        if parts:
            self.join_name("patient_name" if kind == "appointments" else "name", parts, fields)
        self.check_fields(kind, fields)
        encoding, zone = self.text(document, "encoding"), self.text(document, "zone") or self.text(document, "timezone")
        if encoding is not None:
            try:
                "".encode(encoding)
            except LookupError:
                raise self.bad("encoding", f"there is no encoding {encoding[:40]!r}.") from None
        if zone is not None:
            try:
                zone_of(zone)
            except ValueError as error:
                raise self.bad("zone", f"{error}.") from None
        delimiter, decimal = self.text(document, "delimiter"), self.text(document, "decimal")
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise self.bad("delimiter", "is one character such as ; or \\t.")
        if decimal is not None and decimal not in (".", ","):
            raise self.bad("decimal", "is . or ,")
        return ImportMap(
            name=self.name,
            kind=kind,
            system=self.text(document, "system") or self.text(document, "external_system") or self.name,
            title=self.text(document, "title") or self.name,
            about=self.text(document, "about") or "",
            encoding=encoding,
            delimiter=delimiter,
            zone=zone,
            decimal=decimal,
            fields=fields,
            recognise=self.texts("recognise", document.get("recognise", [])),
            skip=tuple(self.skip_rule(value) for value in self.tables("skip", document.get("skip", []))),
        )

    def check_fields(self, kind: Kind, fields: dict[str, Source]) -> None:
        if kind == "patients":
            if "name" not in fields:
                raise self.bad("name", "is missing: a patient needs a name.")
        else:
            if "start" not in fields:
                raise self.bad("start", "is missing: an appointment needs a start.")
            if not fields.keys() & {"patient_name", "patient_key"}:
                raise self.bad("patient_name", "is missing: an appointment needs patient_name or patient_key.")

    def join_name(self, target: str, parts: dict[str, Source], fields: dict[str, Source]) -> None:
        if target in fields:
            raise self.bad(target, "stands beside its own parts: give one or the other.")
        ordered = [parts[part] for part in _NAME_PARTS if part in parts]
        if any(part.pick != "one" or part.pattern or part.values for part in ordered):
            raise self.bad(target, f"parts of a name are plain columns; use {target} with columns, pattern or values.")
        fields[target] = Source(
            columns=tuple(part.columns[0] for part in ordered),
            pick="join",
            strip_prefix=ordered[0].strip_prefix,
            optional=all(part.optional for part in ordered),
        )

    def source(self, key: str, kind: FieldKind, value: object) -> Source:
        if isinstance(value, str):
            value = {"column": value}
        if not isinstance(value, dict):
            raise self.bad(key, 'is a column name or a table such as { column = "Start" }.')
        for inner in value:
            if inner not in _SOURCE_KEYS:
                raise self.bad(f"{key}.{inner}", f"is not known. Known: {', '.join(sorted(_SOURCE_KEYS))}.")
        columns, pick = self.origin(key, kind, value)
        formats = self.texts(f"{key}.format", value.get("format", []))
        for form in formats:
            if kind not in ("moment", "date"):
                raise self.bad(f"{key}.format", "only days and times have a format.")
            if wrong := check_format(form):
                raise self.bad(f"{key}.format", f"{wrong}.")
        default = self.text(value, "default", key)
        mapped = self.values(key, kind, value.get("values", {}), default)
        unit = self.text(value, "unit", key) or "minutes"
        if unit not in ("seconds", "minutes", "hours"):
            raise self.bad(f"{key}.unit", "is seconds, minutes or hours.")
        constant = value.get("constant")
        if isinstance(constant, (int, float)) and not isinstance(constant, bool):
            constant = str(constant)
        if constant is not None and not isinstance(constant, str):
            raise self.bad(f"{key}.constant", "is a text or a number.")
        if constant is not None and kind == "status" and status_of(mapped.get(constant, constant)) is None:
            raise self.bad(f"{key}.constant", f"{constant[:40]!r} is no state.")
        join = self.text(value, "join", key)
        return Source(
            columns=columns,
            pick=pick,
            join=" " if join is None else join,
            constant=constant,
            formats=formats,
            values=mapped,
            default=default,
            strip_prefix=self.text(value, "strip_prefix", key) or "",
            pattern=self.pattern(key, self.text(value, "pattern", key)),
            split=self.text(value, "split", key) or "",
            separator=self.text(value, "separator", key) or "",
            flip=self.flag(value, "flip", key),
            unit=unit,
            infer=self.flag(value, "infer", key),
            optional=self.flag(value, "optional", key),
            zone_column=self.text(value, "zone_column", key),
        )

    def origin(
        self, key: str, kind: FieldKind, value: dict[str, object]
    ) -> tuple[tuple[str, ...], Literal["one", "join", "any", "constant", "date_time"]]:
        given: list[str] = [name for name in ("column", "columns", "any", "constant", "date", "infer") if name in value]
        if "time" in value and "date" not in value:  # a time of the appointment's own day
            given.append("time")
        if len(given) != 1:
            raise self.bad(key, "needs exactly one of column, columns, any, constant or date.")
        how = given[0]
        if how in ("date", "time", "infer") and kind != ("duration" if how == "infer" else "moment"):
            raise self.bad(f"{key}.{how}", "does not belong to this field.")
        if how in ("constant", "infer"):
            return (), "constant"
        if how in ("column", "time"):
            return (self.column(f"{key}.{how}", value[how]),), "one"
        if how == "date":
            both = [self.column(f"{key}.{part}", value[part]) for part in ("date", "time") if part in value]
            return tuple(both), "date_time" if len(both) == 2 else "one"
        several = self.texts(f"{key}.{how}", value[how])
        if not several:
            raise self.bad(f"{key}.{how}", "names no column.")
        return several, "join" if how == "columns" else "any"

    def values(self, key: str, kind: FieldKind, given: object, default: str | None) -> dict[str, str]:
        if not isinstance(given, dict) or not all(isinstance(to, str) for to in given.values()):
            raise self.bad(f"{key}.values", "is a table from their words to ours.")
        mapped = {str(word): str(to) for word, to in given.items()}
        if kind == "status":
            for word, to in [*mapped.items(), ("default", default or UNKNOWN)]:
                if status_of(to) is None:
                    raise self.bad(f"{key}.values.{word}", f"{to[:40]!r} is no state: PENDING, CONFIRMED, COMPLETED, "
                                   "CANCELLED, NO_SHOW, or UNKNOWN for an outcome that nobody noted.")  # fmt: skip
        if kind == "location" and not {*mapped.values(), default or "video"} <= {"in_person", "video", "phone"}:
            raise self.bad(f"{key}.values", "a location is in_person, video or phone.")
        return mapped

    def pattern(self, key: str, text: str | None) -> re.Pattern[str] | None:
        if text is None:
            return None
        try:
            found = re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.bad(f"{key}.pattern", f"is no expression: {error}.") from None
        if found.groups != 1:
            raise self.bad(f"{key}.pattern", "needs exactly one group, the part to take.")
        return found

    def skip_rule(self, value: dict[str, object]) -> SkipRule:
        values = self.texts("skip.values", value.get("values", []))
        return SkipRule(
            self.column("skip.column", value.get("column")),
            frozenset(text.strip().casefold() for text in values),
            self.text(value, "text", "skip") or "Left out as the map says.",
        )

    def column(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.bad(key, "is the name of a column.")
        return value

    def text(self, table: dict[str, object], key: str, within: str = "") -> str | None:
        value = table.get(key)
        if value is not None and not isinstance(value, str):
            raise self.bad(f"{within}.{key}" if within else key, "is a text.")
        return value

    def flag(self, table: dict[str, object], key: str, within: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(f"{within}.{key}", "is true or false.")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.bad(key, "is a text or a list of texts.")
        return tuple(str(item) for item in value)

    def tables(self, key: str, value: object) -> list[dict[str, object]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, "is a list of tables.")
        return [dict(item) for item in value]
