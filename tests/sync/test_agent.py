"""The agent at a real PostgreSQL: it sends at once, hears of others at once, and survives what goes wrong."""

import os
import queue
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from himsog_desktop.runtime import agent as process
from himsog_desktop.services import syncing
from himsog_desktop.services.agent import Agent, run_agent
from himsog_desktop.storage.cache import Cache
from himsog_desktop.sync import backoff
from himsog_desktop.sync.address import parse
from himsog_desktop.system import agentear
from tests.support.profiles import KEY
from tests.support.proxy import Proxy
from tests.support.stations import Clinic, Station, until

pytestmark = pytest.mark.timeout(200)


def listens(station: Station) -> bool:
    """Whether its agent has opened its ear, and is in step with the server."""
    return (station.folder / agentear.FIFO).exists() and syncing.kept(station.desk.reader).state == "online"


def idle(clinic: Clinic, station: Station) -> bool:
    """Whether its agent waits for hints with nothing under way."""
    with psycopg.connect(clinic.database.url) as db:
        row = db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'himsog agent' AND usename = %s"
            " AND state = 'idle' AND now() - state_change > interval '100 ms'",
            (station.login,),
        ).fetchone()
        assert row is not None
        return row[0] == 1


def test_an_act_goes_out_at_once_and_a_colleague_sees_it_at_once(clinic: Clinic) -> None:
    a, b = clinic.station(), clinic.station()
    with a.agent(), b.agent():
        until(lambda: idle(clinic, a) and idle(clinic, b))
        a.book("09:00")
        took = until(lambda: b.appointments() == [("Reyes, Ana", "09:00", "synced")], 10)
        until(lambda: a.appointments() == [("Reyes, Ana", "09:00", "synced")], 10)
    # By the hint, not by the poll of ten seconds.
    assert took < 5


def test_one_process_pushes(clinic: Clinic) -> None:
    a = clinic.station()
    with a.agent() as first:
        until(lambda: idle(clinic, a))
        with a.agent() as second:
            assert second.wait(20) == process.TAKEN
        assert first.poll() is None


def test_the_command_has_the_agent_do_the_round(clinic: Clinic) -> None:
    a, b = clinic.station(), clinic.station()
    with a.agent():
        until(lambda: idle(clinic, a))
        b.book("09:00")
        assert b.sync().pushed == 2
        found = a.sync()
        assert (found.state, found.waiting) == ("done", 0)
        assert a.appointments() == [("Reyes, Ana", "09:00", "synced")]
        assert a.sync().state == "done"


def test_it_ends_when_its_window_is_gone(clinic: Clinic) -> None:
    a = clinic.station()
    with a.agent() as running:
        until(lambda: idle(clinic, a))
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(10) == 0


def test_one_that_is_killed_loses_nothing(clinic: Clinic) -> None:
    a, b = clinic.station(), clinic.station()
    for i in range(6):
        with a.agent() as running:
            until(lambda: (a.folder / agentear.FIFO).exists())
            a.book(f"{8 + i}:30" if i != 4 else "15:00", f"Patient, Number {i}")
            time.sleep(0.02 * i)
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
    assert a.sync().state == "done"
    b.sync()
    assert len(b.appointments()) == 6
    assert a.appointments() == b.appointments()
    with psycopg.connect(clinic.database.url) as db:
        assert db.execute("SELECT count(*) FROM public.appointments").fetchone() == (6,)


def test_a_flood_of_hints_makes_for_one_pull_a_second(clinic: Clinic) -> None:
    a = clinic.station()
    with a.agent() as running, psycopg.connect(clinic.database.url, autocommit=True) as db:
        until(lambda: idle(clinic, a))
        until(lambda: _cursor(a) is not None)
        stop = threading.Event()

        def flood() -> None:
            while not stop.is_set():
                db.execute("NOTIFY himsog_hint")

        noise = threading.Thread(target=flood)
        before, began = _cpu(running.pid), time.monotonic()
        pulls: set[str] = set()
        noise.start()
        try:
            while time.monotonic() - began < 4:
                pulls.add(_cursor(a) or "")
                # A hint changes nothing: what the cursor says moves with transactions only, so make some.
                with psycopg.connect(clinic.database.url, autocommit=True) as other:
                    other.execute("SELECT pg_current_xact_id()")
                time.sleep(0.05)
        finally:
            stop.set()
            noise.join()
        assert 2 <= len(pulls) <= 7
        assert _cpu(running.pid) - before < 2.0


def _cursor(station: Station) -> str | None:
    with Cache(station.folder, KEY) as cache:
        row = cache.reader.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone()
    return None if row is None else str(row[0])


def _cpu(pid: int) -> float:
    """Seconds of processor time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_who_signs_in_beside_it_is_taken_up(clinic: Clinic) -> None:
    a = clinic.station()
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute(f"ALTER ROLE \"{a.login}\" PASSWORD 'another password'")
    with a.agent():
        until(lambda: a.status().state == "signed_out")
        a.book("09:00")
        a.sign_in(password="another password")
        agentear.nudge(a.folder)
        until(lambda: a.status().state == "online" and not a.status().waiting)


def test_another_address_is_taken_up(clinic: Clinic) -> None:
    a = clinic.station()
    a.connect("postgresql://127.0.0.1:9/himsog")
    with a.agent():
        until(lambda: a.status().state == "offline")
        a.book("09:00")
        a.connect()
        until(lambda: a.status().state == "online" and not a.status().waiting)


def test_a_server_that_goes_and_comes_back(clinic: Clinic) -> None:
    a = clinic.station()
    server = clinic.database.server
    with a.agent():
        until(lambda: idle(clinic, a))
        data = str(server.folder / "data") if server.folder else ""
        from tests.support.postgres import as_server

        server.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", **as_server())
        try:
            until(lambda: a.status().state == "offline", 30)
            assert a.status().reason
            a.book("09:00")
        finally:
            server.run("pg_ctl", "-D", data, "-l", str(server.folder / "log"), "-w", "start", **as_server())
        agentear.nudge(a.folder, agentear.SYNC)
        until(lambda: a.status().state == "online" and not a.status().waiting, 60)


@contextmanager
def here(station: Station) -> Iterator[None]:
    """Its agent on a thread of ours, where its pauses can be seen to."""
    begun: queue.Queue[Agent] = queue.Queue()
    arguments = (station.folder, KEY, station.clinic.clock)
    thread = threading.Thread(target=run_agent, args=arguments, kwargs={"ready": begun.put})
    thread.start()
    try:
        yield
    finally:
        begun.get(timeout=30).stop()
        thread.join(30)
        assert not thread.is_alive()


def test_it_notices_by_itself_that_the_line_is_mended(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST", 3600.0)
    monkeypatch.setattr(random, "random", lambda: 1.0)
    a = clinic.station()
    there = parse(clinic.database.address)
    with Proxy((there.host, there.port)) as proxy:
        a.connect(f"postgresql://127.0.0.1:{proxy.port}/{there.database}")
        with here(a):
            # In step from before: what counts is that the agent has its line.
            until(lambda: idle(clinic, a), 60)
            proxy.cut()
            a.book("09:00")
            until(lambda: a.status().state == "offline", 60)
            # It means to pause for a minute now, as long as it may with something in the outbox.
            until(lambda: proxy.refused >= 3, 30)
            proxy.mend()
            took = until(lambda: a.status().state == "online" and not a.status().waiting, 60)
        assert took < 30


def test_what_it_is_started_with_holds_no_key(clinic: Clinic) -> None:
    a = clinic.station()
    with a.agent() as running:
        until(lambda: idle(clinic, a))
        for name in ("cmdline", "environ"):
            assert KEY.hex().encode() not in Path(f"/proc/{running.pid}/{name}").read_bytes()


def test_a_key_that_is_wrong_ends_it(clinic: Clinic) -> None:
    a = clinic.station()
    started = subprocess.Popen(process.command([str(a.folder)]), stdin=subprocess.PIPE)
    out = started.communicate(b"00" * 32 + b"\n", timeout=30)
    assert out
    assert started.returncode == 4
