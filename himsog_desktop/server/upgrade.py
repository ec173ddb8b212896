"""Bringing a shared database to what this program needs: tables by revision, functions, triggers, grants, heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from himsog_desktop.server import attach, triggers
from himsog_desktop.server.attach import Step, refuse_newer
from himsog_desktop.server.briefly import alone, briefly
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.migrate import HEAD, make_roles, make_schema, repeatable, run_file
from himsog_desktop.server.state import prepared, revision

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection


class Upgraded(NamedTuple):
    """What was done, or would be."""

    state: Literal["upgraded", "would upgrade"]
    steps: list[Step]


def upgrade(url: str, *, dry_run: bool = False) -> Upgraded:
    """Bring everything up; running it again changes nothing. Desks stay connected meanwhile.

    Raises Refused ``in_use`` where no desk is attached or another is at it, NoAccess ``schema_newer``, and as
    ``administrator`` does.
    """
    with administrator(url) as db:
        refuse_newer(db)
        prepared(db)
        before = revision(db)
        tables = (
            f"The tables are of revision {before} already."
            if before == HEAD
            else f"Tables from revision {before} to {HEAD}."
        )
        lacking = {(s, t): len(triggers.missing(db, s, t)) for s, t in triggers.tables()}
        steps = [
            Step("tables", tables),
            Step("functions", "Functions and grants anew."),
            *(Step("triggers", f"{count} triggers on {t}.") for (_, t), count in lacking.items() if count),
        ]
        if dry_run:
            return Upgraded("would upgrade", steps)
        with alone(db):
            briefly(db, lambda: _make(db))
            for schema, table in triggers.tables():
                briefly(db, lambda schema=schema, table=table: triggers.install(db, schema, table))  # type: ignore[misc]
            for kind in attach.BATCHES:
                entered = attach.fill(db, kind, lambda _done, _total: None)
                if entered:
                    steps.append(Step("heads", f"{entered:,} {kind}s that were not entered."))
        return Upgraded("upgraded", steps)


def _make(db: Connection) -> None:
    make_roles(db)
    make_schema(db)
    for path in repeatable():
        run_file(db, path)
