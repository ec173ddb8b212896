"""Day first or month first: settled by the file itself where a map allows both.

``03/04/2026`` can be read in two ways, and a column must not be read now in one, now in the other. A
map that lists formats of both orders leaves it to the file: a first number over 12 anywhere shows that
the day stands first, a second number over 12 that the month does. A file that shows neither is read as
the map lists first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from himsog_desktop.interchange.columns import cell_of
from himsog_desktop.interchange.map_model import ImportMap, Source
from himsog_desktop.interchange.maps import find_column

_NUMBERS: Final = re.compile(r"\s*'?(\d{1,2})[/.\- ](\d{1,2})[/.\- ]\d{2,4}")
_SAMPLE_ROWS: Final = 50_000


def order_of(form: str) -> str | None:
    """``dmy`` or ``mdy`` for a format that writes both as numbers before the year; else None."""
    letters = re.sub("[^dmyY]", "", "".join(re.findall(r"%(.)", form)))
    order = letters.lower().replace("e", "d")
    return order if order in ("dmy", "mdy") else None


def is_open(source: Source) -> bool:
    """Whether the map leaves the order of this field to the file."""
    return len({order for form in source.formats if (order := order_of(form))}) == 2


def settle_orders(plan: ImportMap, header: Sequence[str], rows: Iterable[Sequence[str]]) -> ImportMap:
    """The map with formats of one order only in its open fields, by what ``rows`` show."""
    fields = [source for source in plan.fields.values() if is_open(source)]
    cells = []
    for source in fields:
        indexes = [index for name in source.columns if (index := find_column(header, name)) is not None]
        if indexes:
            cells.append(cell_of(source, indexes))
    day_first = month_first = 0
    for count, row in enumerate(rows):
        if count >= _SAMPLE_ROWS:
            break
        for cell in cells:
            found = _NUMBERS.match(cell(row))
            if found is not None:
                day_first += int(found[1]) > 12
                month_first += int(found[2]) > 12
    if day_first == month_first:
        first = next(order for form in fields[0].formats if (order := order_of(form)))
    else:
        first = "dmy" if day_first > month_first else "mdy"
    losing = "mdy" if first == "dmy" else "dmy"
    settled = {
        key: replace(source, formats=tuple(form for form in source.formats if order_of(form) != losing))
        if is_open(source)
        else source
        for key, source in plan.fields.items()
    }
    return replace(plan, fields=settled)
