"""Figures of sync with a real PostgreSQL on this machine, which flushes what it commits.

The server holds the clinic of 100,000 appointments, made once a day from the profile of the other figures.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.bench import fixtures
from himsog_desktop.bench import server as servers
from himsog_desktop.bench.measure import Taken
from himsog_desktop.bench.window import WINDOW, child, heard
from himsog_desktop.domain.errors import Fault
from himsog_desktop.domain.people import Role
from himsog_desktop.runtime import agent as agents
from himsog_desktop.runtime.programs import begin_module, run_module
from himsog_desktop.services import demo_clinic, profiles, sessions, sharing
from himsog_desktop.services.syncrun import Run, once
from himsog_desktop.storage.cache import Cache
from himsog_desktop.storage.connection import DATABASE_NAME, open_raw, transaction
from himsog_desktop.system import agentear, vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.bench.fixtures import BenchClock
    from himsog_desktop.bench.server import BenchServer
    from himsog_desktop.services.syncway import Line
    from himsog_desktop.storage.sessions import Session

DATABASE = "bench"
LOGIN = "bench"
COLLEAGUE = "colleague"
PASSWORD = "password of the bench"
CLINIC = "clinic"

INITIALS = 3
DELTAS = 24
BESIDE_TURNS, BESIDE_STARTS = 30, 4
"""How often a window starts without the agent and beside it, in turns.

One start spreads by a sixth of its time; the median of so many turns by less than a fiftieth, where the goal is a
twentieth.
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """The running server and its clinic."""

    server: BenchServer
    clinic: str

    @property
    def admin(self) -> str:
        """The administrator's URL."""
        return self.server.admin(DATABASE)


@contextmanager
def shared(clock: BenchClock) -> Iterator[Shared]:
    """The server with the clinic of 100,000; made when there is none of today."""
    name = f"{fixtures.profile(clock).name}-pg"
    ready = fixtures.folder() / name
    if not (ready / "clinic").exists():
        for old in fixtures.folder().glob("*-pg"):
            shutil.rmtree(old, ignore_errors=True)
        _fill(clock, ready)
    with servers.server(ready / "data") as running:
        yield Shared(running, (ready / "clinic").read_text())


def _fill(clock: BenchClock, ready: Path) -> None:
    """Hand a copy of the profile over to a new database, and let two people in."""
    from himsog_desktop.server import people

    ready.mkdir(mode=0o755)
    fixtures.folder().chmod(0o711)  # the server's user has to get to its own folder, and sees nothing else
    source = fixtures.copy_of(fixtures.profile(clock))
    try:
        with servers.server(ready / "data") as running:
            servers.create_database(running, DATABASE)
            desk = fixtures.desk_of(source, clock)
            with desk.cache:
                made = sharing.create_from(desk, running.admin(DATABASE))
            for login in (LOGIN, COLLEAGUE):
                clinic = made.clinics[0].id
                people.add(running.admin(DATABASE), people.Wanted(login, Role.MANAGER, [clinic], password=PASSWORD))
        (ready / "clinic").write_text(made.clinics[0].id)
    finally:
        fixtures.removed(source)


@contextmanager
def station(there: Shared, clock: BenchClock, login: str = LOGIN, *, filled: bool = False) -> Iterator[Path]:
    """A new profile, connected and signed in; ``filled``: in step."""
    home = Path(tempfile.mkdtemp(dir=fixtures.folder(), prefix="station-"))
    folder = home / "profile"
    try:
        profiles.create(folder, profiles.NewProfile("Empty", demo_clinic.ZONE), clock, fixtures.PASSPHRASE)
        with Cache(folder, _key(folder)) as cache:
            sessions.connect(cache, there.server.address(DATABASE), there.clinic)
            sessions.sign_in(cache, login, PASSWORD)
            if filled:
                _round(cache, clock)
        yield folder
    finally:
        fixtures.removed(home)


def _key(folder: Path) -> bytes:
    return vault.unlock(folder, fixtures.PASSPHRASE)


def _run(cache: Cache, clock: BenchClock) -> Run:
    def line(session: Session) -> Line:
        from himsog_desktop.sync.remotes.postgres import PostgresRemote

        address, clinic = sessions.address_of(cache), cache.meta("clinic")
        return PostgresRemote(address, session.login, session.secret, clinic=clinic, name="himsog bench")

    return Run(cache, clock, line)


def _round(cache: Cache, clock: BenchClock) -> float:
    """Seconds of one whole round. Raises Fault when it does not come to its end."""
    run = _run(cache, clock)
    try:
        started = time.perf_counter()
        made = once(run)
        seconds = time.perf_counter() - started
    finally:
        run.close()
    if made.state != "done":
        raise Fault("internal", f"The round of sync ended as {made.state}: {made.reason}")
    return seconds


def sync_initial_100k_direct(clock: BenchClock) -> Taken:
    """Seconds from an empty, signed-in profile to everything here, searchable and on the disk.

    Floor: the rows of the same tables, calendar tiles among them, by COPY and one prepared insert each into the same
    tables and indexes of an encrypted file, in one transaction.
    """
    from himsog_desktop.server import bare

    samples, floor = [], []
    with shared(clock) as there:
        note, names = "", list[str]()
        for i in range(INITIALS + 1):
            with station(there, clock) as folder, Cache(folder, _key(folder)) as cache:
                seconds = _round(cache, clock)
                if not i:
                    names = bare.keep(there.admin, _rows(cache))
                    counted = cache.reader.execute("SELECT count(*) FROM appointments").fetchone()[0]
                    note = f"{counted:,} appointments"
            taken = _copied(there, names)
            if i:
                samples.append(seconds)
                floor.append(taken)
    return Taken(samples, floor, note)


def _rows(cache: Cache) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    for name in _tables(cache):
        rows = cache.reader.execute(f"SELECT * FROM {name}").fetchall()  # sql: identifiers only
        if rows:
            yield name, rows


def _tables(cache: Cache) -> list[str]:
    from himsog_desktop.storage.staging import DERIVED, FILLED

    return [name for name in (*FILLED, *DERIVED) if not name.startswith("patient_p") and name != "patient_trigram"]


def _copied(there: Shared, names: Sequence[str]) -> float:
    """Seconds of the floor."""
    from himsog_desktop.server import bare
    from himsog_desktop.storage import sql
    from himsog_desktop.storage.create import create_cache

    home = Path(tempfile.mkdtemp(dir=fixtures.folder(), prefix="floor-"))
    key = os.urandom(32)
    try:
        create_cache(home, key, {})
        raw = open_raw(home / DATABASE_NAME, key, writer=True)
        started = time.perf_counter()
        with transaction(raw):
            for name, rows in bare.rows_of(there.admin, names):
                raw.executemany(sql.insert_text(name), rows)
        seconds = time.perf_counter() - started
        raw.close()
        return seconds
    finally:
        fixtures.removed(home)


def sync_week_usable(clock: BenchClock) -> Taken:
    """Seconds from an open connection to this week, read as a screen reads it, on a profile that was empty.

    Floor: the bare answer of the server with those days.
    """
    from datetime import timedelta

    from himsog_desktop.services.week import week_page

    samples, floor, tiles = [], [], 0
    with shared(clock) as there:
        for i in range(INITIALS * 3 + 1):
            with station(there, clock) as folder, Cache(folder, _key(folder)) as cache:
                run = _run(cache, clock)
                try:
                    run.step()
                    started = time.perf_counter()
                    run.show_first()
                    with Cache(folder, cache.key) as screen:
                        monday = clock.today - timedelta(days=clock.today.weekday())
                        tiles = len(week_page(screen, monday).tiles)
                    seconds = time.perf_counter() - started
                    started = time.perf_counter()
                    run.days()
                    bare = time.perf_counter() - started
                finally:
                    run.close()
            if i:
                samples.append(seconds)
                floor.append(bare)
    return Taken(samples, floor, f"{tiles} appointments this week")


def sync_delta_visible_direct(clock: BenchClock) -> Taken:
    """Milliseconds from the commit of a colleague's act at the server to its paint in an open window of today.

    Floor: from a committed NOTIFY to another connection that has heard it and asked one thing.
    """
    from himsog_desktop.server import bare

    with shared(clock) as there, station(there, clock, filled=True) as here:
        with station(there, clock, COLLEAGUE, filled=True) as other:
            environment = _environment(clock)
            window = begin_module(
                WINDOW,
                ["--profile", str(here), "--bench", "sync_delta_visible"],
                environment=environment,
                patience=420,  # what is waited for here, one after the other
            )
            _until_idle(there)
            said = run_module(
                "himsog_desktop.bench.colleague", [str(other), str(DELTAS)], environment=environment, seconds=300
            )
            shown = heard(window(60))
        floor = bare.hints(there.admin, DELTAS)
    committed = msgspec.json.decode(said.output, type=list[int])
    samples = []
    for at in committed[1:]:
        after = [paint for paint in shown.samples if paint >= at]
        if after:
            samples.append((after[0] - at) / 1e6)
    return Taken(samples, floor, f"{len(samples)} of {len(committed) - 1} acts; {shown.note}")


def _until_idle(there: Shared) -> None:
    _until(there, lambda idle: idle > 0, "The agent did not connect.")


def _until(there: Shared, good: Callable[[int], bool], otherwise: str) -> None:
    """Wait until the number of agents connected and at rest is good."""
    from himsog_desktop.server import bare

    until = time.monotonic() + 60
    while not good(bare.idle_agents(there.admin)):
        if time.monotonic() > until:
            raise Fault("internal", otherwise)
        time.sleep(0.2)  # house: no-sleep, because the agent is another process


def sync_stall(clock: BenchClock) -> Taken:
    """The longest time in ms between two ticks of a window's event loop during an initial sync beside it.

    Floor: the longest of the same window at rest, for as long.
    """
    with shared(clock) as there, station(there, clock) as here:
        ran = run_module(
            WINDOW,
            ["--profile", str(here), "--bench", "sync_stall"],
            environment=_environment(clock),
            seconds=300,
        )
        said = heard(ran)
    return Taken(said.samples, said.floor, said.note)


def memory_agent(clock: BenchClock) -> Taken:
    """Proportional set size in MiB of the agent after an initial sync and a colleague's acts; floor: at its start."""
    with (
        shared(clock) as there,
        station(there, clock) as here,
        station(there, clock, COLLEAGUE, filled=True) as other,
        agents.running([str(here)], _key(here).hex().encode() + b"\n") as pid,
    ):
        first, highest = 0.0, 0.0
        until = time.monotonic() + 120
        while not _filled(here) and time.monotonic() < until:
            time.sleep(0.05)  # house: no-sleep, because the agent is another process
            now = _pss(pid)
            first, highest = first or now, max(highest, now)
        _until_idle(there)
        run_module("himsog_desktop.bench.colleague", [str(other), "12"], environment=_environment(clock), seconds=300)
        at_end = _pss(pid)
    return Taken([at_end], [first], f"{highest:.1f} at the highest, during the initial sync")


def agent_beside(clock: BenchClock) -> Taken:
    """A window with its profile's agent at work beside it, to the same window without: the worse of two ratios.

    They are the start to the first paint, taken in turns, and the memory of the window with its week open. Without,
    the right to sync is held here, so that the agent that the window starts ends at once: in both there is one.
    """
    ratios: list[float] = []
    memory: dict[bool, float] = {}
    with shared(clock) as there, station(there, clock, filled=True) as here:
        for turn in range(BESIDE_TURNS + 1):
            starts: dict[bool, float] = {}
            for beside in (False, True) if turn % 2 else (True, False):
                with _beside(here, there) if beside else _alone(here):
                    taken = [child(clock, here, "start_first_paint").samples[0] for _ in range(BESIDE_STARTS)]
                starts[beside] = statistics.median(taken)
            # The first turn is a warm-up. A turn that the machine changed its pace in counts once.
            ratios += [starts[True] / starts[False]] if turn else []
        for beside in (False, True):
            with _beside(here, there) if beside else _alone(here):
                memory[beside] = child(clock, here, "memory_week", seconds=300).samples[0]
    start = statistics.median(ratios)
    kept = memory[True] / memory[False]
    count = BESIDE_TURNS * BESIDE_STARTS
    low, _, high = statistics.quantiles(ratios, n=4)
    told = (
        f"first paint {start:.3f} of {count} starts each (half of the turns: {low:.2f} to {high:.2f}), "
        f"memory {kept:.3f} ({memory[True]:.1f} MiB)"
    )
    return Taken([max(start, kept)], [1.0], told)


@contextmanager
def _beside(folder: Path, there: Shared) -> Iterator[None]:
    """The agent at work for as long as the block runs."""
    with agents.running([str(folder)], _key(folder).hex().encode() + b"\n"):
        _until_idle(there)
        yield
    _until(there, lambda idle: idle == 0, "The agent did not end.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = agentear.pusher_lock(folder)
    if not lock.try_acquire():
        raise Fault("internal", "Another process syncs the profile of the figure.")
    try:
        yield
    finally:
        lock.release()


def _filled(folder: Path) -> bool:
    with Cache(folder, _key(folder)) as cache:
        return cache.reader.execute("SELECT 1 FROM meta WHERE key = 'cursor'").fetchone() is not None


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _environment(clock: BenchClock) -> dict[str, str]:
    return {
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
        "HIMSOG_NOW": clock.text,
        "HIMSOG_PASSPHRASE": fixtures.PASSPHRASE,
    }
