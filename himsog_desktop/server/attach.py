"""The desk beside the platform's own tables, on a database that the web application is using.

What is made is schema ``desk``, two roles that cannot sign in, grants and triggers; no table or column of the
platform is renamed, retyped or dropped. Each step is a short transaction of its own, so that it may break off
anywhere and be run again: triggers come first, so that no row that is written meanwhile is missed, then the rows that
were there are entered in batches (``migrations/shared/sql/28_fill.sql``). Desks are let in when all of it is done.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, NamedTuple

from himsog_desktop.domain.errors import NoAccess, Refused
from himsog_desktop.domain.wording import counted
from himsog_desktop.server import overlaps, platform, triggers
from himsog_desktop.server.briefly import alone, briefly
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.migrate import DESK, OWNER, files, make_roles, make_schema, repeatable, run_file
from himsog_desktop.server.overlaps import Overlap
from himsog_desktop.server.state import Clinic, State, clinics, clinics_to_be, is_newer, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.server.connection import Connection

BATCHES = {"provider": 20, "appointment": 200}
"""How many rows a transaction enters at first."""

QUICK_S, SLOW_S, LARGEST = 0.08, 0.2, 500
"""A batch grows while it is quick and shrinks when it is slow: the web waits for a row no longer than a batch takes."""

LISTED = 50_000
STUCK = 120
_FILL_LOCK = "200ms"
"""With a batch less than ``deadlock_timeout`` (1 s): when we and the web wait for each other, we give way."""


class Step(NamedTuple):
    """One thing that attaching does, in plain words."""

    name: str
    text: str


class Attached(NamedTuple):
    """What was done, or would be. ``differences``: why nothing can be done."""

    state: Literal["attached", "already", "would attach", "refused"]
    differences: list[str]
    steps: list[Step]
    clinics: list[Clinic]
    overlaps: list[Overlap]


def attach(url: str, *, dry_run: bool = False, progress: Callable[[int, int | None], None] | None = None) -> Attached:
    """Attach, or go on with what broke off. ``progress``: appointments entered, and of how many.

    Raises NoAccess ``schema_newer`` for a desk of a newer program, Refused ``in_use`` when another is at it or the
    tables were never free, and as ``administrator`` does.
    """
    with administrator(url) as db:
        refuse_newer(db)
        if state_of(db) is State.READY:
            return Attached("already", [], [], clinics(db), overlaps.laid(db))
        told = hindrances(db)
        if told:
            return Attached("refused", told, [], [], [])
        if dry_run:
            with db.transaction():
                db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                found = overlaps.to_be(db)
                return Attached("would attach", [], _plan(db, len(found)), clinics_to_be(db), found)
        with alone(db):
            steps = _do(db, progress or (lambda _done, _total: None))
        return Attached("attached", [], steps, clinics(db), overlaps.laid(db))


def refuse_newer(db: Connection) -> None:
    """Raises NoAccess ``schema_newer``."""
    if is_newer(db):
        raise NoAccess("schema_newer", "A newer Himsog Desktop made this desk. Install it here and run it again.")


def hindrances(db: Connection) -> list[str]:
    """Why the desk can't be attached here; nothing when it can."""
    if state_of(db) is State.EMPTY:
        return ["This database is empty: there is no platform to attach to. Use himsog database create."]
    return platform.differences(db) + platform.rights(db)


_COUNTS = """
SELECT (SELECT count(*) FROM public.providers), (SELECT count(*) FROM public.appointments),
       (SELECT count(*) FROM public.appointments WHERE status IN ('PENDING', 'CONFIRMED')),
       (SELECT count(DISTINCT user_id) FROM public.appointments)
"""


def _plan(db: Connection, overlapping: int) -> list[Step]:
    providers, appointments, active, patients = db.execute(_COUNTS).fetchall()[0]
    made = sum(path.read_text(encoding="utf-8").count("CREATE OR REPLACE FUNCTION") for path in repeatable())
    tables = sum(p.read_text(encoding="utf-8").count("CREATE TABLE") for p in files() if "tables" in p.stem)
    return [
        Step("roles", f"Make the roles {OWNER} (owns the desk) and {DESK} (its people); neither can sign in."),
        Step("schema", f"Make schema desk with {tables} tables and {made} functions, beside the platform's."),
        Step(
            "grants",
            f"Let {OWNER} read and write {', '.join(platform.TABLES[:-1])}; see who has an account. Nobody else gets"
            " any right on a table.",
        ),
        *(
            Step(
                "triggers",
                f"Put {len(list(triggers.triggers('public', name)))} triggers on {name}. Writers wait 1 s at most; when"
                " it does not get its turn it tries again.",
            )
            for name in triggers.PLATFORM
        ),
        Step("providers", f"Make a clinic of its own for each of {providers:,} providers."),
        Step(
            "appointments",
            f"Enter {appointments:,} appointments of {patients:,} patients in batches; {active:,} of them take time.",
        ),
        Step(
            "overlaps",
            f"Put {counted(overlapping, 'appointment')} that {'overlaps' if overlapping == 1 else 'overlap'} another"
            " on a lane beside it.",
        ),
        Step("ready", "Let desks in. From then on the database refuses an overlap, the web's too (error 23P01)."),
    ]


def _do(db: Connection, progress: Callable[[int, int | None], None]) -> list[Step]:
    briefly(db, lambda: _make(db))
    steps = [
        Step("roles", f"Roles {OWNER} and {DESK} are there."),
        Step("schema", "Schema desk is there with its tables, functions and grants."),
    ]
    for schema, table in triggers.tables():
        put = briefly(db, lambda schema=schema, table=table: triggers.install(db, schema, table))  # type: ignore[misc]
        if schema == "public":
            steps.append(Step("triggers", f"{put} triggers were put on {table}."))
    providers = fill(db, "provider", lambda _done, _total: None)
    steps.append(Step("providers", f"{providers:,} providers were entered; each has a clinic."))
    steps.append(Step("appointments", f"{fill(db, 'appointment', progress):,} appointments were entered."))
    db.execute("ANALYZE desk.head, desk.occupancy, desk.appointment_desk")
    db.execute("UPDATE desk.meta SET state = 'ready'")
    steps.append(Step("ready", "Desks are let in. From now on the database refuses an overlap."))
    return steps


def _make(db: Connection) -> None:
    make_roles(db)
    make_schema(db)
    for path in repeatable():
        run_file(db, path)


def fill(db: Connection, kind: str, progress: Callable[[int, int | None], None]) -> int:
    """Enter what is not entered yet, until nothing is left; answers how many rows that were.

    Raises Refused ``in_use`` when somebody holds the last of them and does not let go.
    """
    entered = stuck = 0
    size = BATCHES[kind]
    while keys := _unfilled(db, kind):
        done = start = 0
        while start < len(keys):
            batch = keys[start : start + size]
            began = time.monotonic()
            done += briefly(db, lambda batch=batch: _batch(db, kind, batch), lock=_FILL_LOCK)  # type: ignore[misc]
            took = time.monotonic() - began
            start += len(batch)
            size = min(size * 2, LARGEST) if took < QUICK_S else max(size // 2, 5) if took > SLOW_S else size
            progress(entered + done, entered + len(keys))
        entered += done
        stuck = 0 if done else stuck + 1
        if stuck > STUCK:
            raise Refused(
                "in_use",
                f"{len(keys)} rows of {kind}s are held by a transaction that does not end. End it and run this again:"
                " it goes on where it stopped.",
            )
        if stuck:
            db.execute("SELECT pg_sleep(0.5)")
    return entered


def _unfilled(db: Connection, kind: str) -> list[str]:
    return [key for (key,) in db.execute("SELECT key FROM desk.unfilled(%s) LIMIT %s", (kind, LISTED))]


def _batch(db: Connection, kind: str, keys: list[str]) -> int:
    db.execute("SET LOCAL ROLE himsog_owner")
    text = "SELECT desk.fill_providers(%s)" if kind == "provider" else "SELECT desk.fill_appointments(%s)"
    (done,) = db.execute(text, (keys,)).fetchall()[0]
    db.execute("RESET ROLE")
    return int(done)
