"""The digest of a profile: the same on two profiles that hold the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.services.documents import DigestDoc, TableDigestDoc
from himsog_desktop.storage.digest import digests

if TYPE_CHECKING:
    from himsog_desktop.domain.fingerprint import TableDigest
    from himsog_desktop.services.desk import Desk


def digest(desk: Desk) -> DigestDoc:
    """The fingerprint of everything that this profile holds."""
    return document(desk.clinic.id, digests(desk.reader))


def document(clinic_id: str, found: dict[str, TableDigest]) -> DigestDoc:
    """A digest as a document."""
    return DigestDoc({"clinic": clinic_id}, {name: TableDigestDoc(t.rows, t.sha256) for name, t in found.items()})
