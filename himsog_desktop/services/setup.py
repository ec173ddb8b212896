"""The clinic's set-up as one document: apply it, write it out.

The document is described by ``resources/setup/example.toml`` and read by ``setupfile``.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

from himsog_desktop.domain.rights import Verb
from himsog_desktop.services import setupexport, setupfile
from himsog_desktop.services.documents import Named, SetupChangeDoc, SetupDoc
from himsog_desktop.services.setupmodel import Plan, Standing
from himsog_desktop.services.setupplan import plan
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.setupmodel import Change
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

KIND = "setup.apply"


def apply(desk: Desk, document: dict[str, object], dry_run: bool = False, request_id: str | None = None) -> SetupDoc:
    """Bring the clinic to what a set-up document says (``setupfile.parse`` reads its TOML).

    Entries are known again by their key; the same document a second time changes nothing. What it does
    not say stays: leaving an entry out deletes nothing. A service ends with ``active = false``, a
    provider with ``status = "SUSPENDED"``, a person with ``active = false``. ``dry_run`` checks, tells
    what would change and changes nothing.

    Raises BadInput naming the place of each fault, NoAccess("forbidden") without the right to change
    the set-up, or the staff.
    """
    desk.require(Verb.EDIT_SETUP)
    wanted = setupfile.read(document)
    if wanted.staff:
        desk.require(Verb.MANAGE_STAFF)
    if dry_run:
        at = desk.now()
        return _document(desk, None, at, plan(_standing(desk, desk.reader), wanted, at), dry_run=True)

    def work(tx: Transaction) -> SetupDoc:
        made = plan(_standing(desk, tx.raw), wanted, tx.at)
        write(tx, made)
        return _document(desk, tx.act_id, tx.at, made)

    asked = json.dumps(document, sort_keys=True, default=str)
    return desk.act(KIND, work, SetupDoc, request_id=request_id, asked=asked)


def write(tx: Transaction, made: Plan) -> None:
    """Write the changes of a plan into an open transaction."""
    for _, _, old, new in made.changes:
        tx.put(old, new)
    if any(change.entity == "service" for change in made.changes):
        tx.raw.executemany(
            "INSERT INTO catalogue (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            list(made.catalogue.items()),
        )


def export(desk: Desk) -> str:
    """The set-up as TOML, with a key for every entry; applied again it changes nothing."""
    desk.require(Verb.EDIT_SETUP)
    return setupexport.toml(_standing(desk, desk.reader))


def _standing(desk: Desk, raw: Raw) -> Standing:
    """The set-up as the connection sees it, not as this desk remembers it."""
    home = desk.clinic.id
    clinic = next(c for c in load.clinics(raw) if c.id == home)
    return Standing(clinic, load.staff(raw), load.providers(raw, home), load.services(raw))


def _document(desk: Desk, act_id: str | None, at: Micros, made: Plan, *, dry_run: bool = False) -> SetupDoc:
    undoable = act_id is not None and bool(made.changes)
    return SetupDoc(
        act=act_id,
        kind=KIND,
        at=desk.zone.iso(at),
        by=Named(desk.staff.id, desk.staff.name),
        undoable_until=desk.zone.iso(desk.undoable_until(at)) if undoable else None,
        changed=[],
        refused=[],
        dry_run=dry_run,
        setup=[_told(change) for change in made.changes],
    )


def _told(change: Change) -> SetupChangeDoc:
    old, new = change.old, change.new
    if old is None:
        return SetupChangeDoc(change.entity, change.key, new.id, "added", [])
    names = [f.name for f in fields(new) if f.name != "updated" and getattr(old, f.name) != getattr(new, f.name)]
    return SetupChangeDoc(change.entity, change.key, new.id, "changed", names)
