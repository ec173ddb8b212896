"""The fingerprint of a table: equal on every profile of a clinic and on their server. Pure.

Rows come in the canonical form of design, section 2 ("Canonical values"), in an order that both sides can make.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class TableDigest(NamedTuple):
    """Rows of a table and the SHA-256 over all of them."""

    rows: int
    sha256: str


def fingerprint(rows: Iterable[Sequence[object]]) -> TableDigest:
    """Counts and hashes rows; truth is 1 and 0, and JSON text is hashed by what it says."""
    count, total = 0, hashlib.sha256()
    for row in rows:
        total.update(json.dumps([_plain(v) for v in row], ensure_ascii=False, separators=(",", ":")).encode())
        total.update(b"\n")
        count += 1
    return TableDigest(count, total.hexdigest())


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] == "[":
        try:
            return json.dumps(json.loads(value), ensure_ascii=False)
        except ValueError:
            return value
    return value
