"""S4 of days.md, without payments and leases: the cable is out for a morning, and comes back with a flap.

Two desks and the web application at one real PostgreSQL, by a line that can be cut. Exactly the seeded
conflicts become cards; nothing is lost and nothing is there twice; every cache equals the server.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from himsog_desktop.domain.appointment import StatusAct, VisitState
from himsog_desktop.domain.commands import Book, Move, NewPatient, SetStatus, SetVisit
from himsog_desktop.domain.time import MINUTE, to_micros
from himsog_desktop.services import booking, profiles, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage.cache import Cache
from himsog_desktop.system import vault
from tests.campaigns import stations
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class _Clock:
    """Friday 20 November 2026, 08:00 in Manila, for acts; whoever waits waits for real."""

    def now(self) -> int:
        return to_micros(datetime.fromisoformat(stations.NOW))

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def server() -> Iterator[stations.CampaignServer]:
    with stations.campaign_server(None) as made:
        yield made


class _Clinic:
    """Two desks A and B, forty confirmed visits that both know, and the web."""

    def __init__(self, folder: Path, server: stations.CampaignServer, proxy: Proxy) -> None:
        first = stations.clinic(folder)
        desk = _desk(first)
        self.provider = next(
            p for p in desk.reader.execute("SELECT provider_id FROM provider_desk WHERE key = 'cruz'")
        )[0]
        self.starts = [
            to_micros(datetime.fromisoformat(slot["start"]))
            for slot in first.run("slots", "--provider", "cruz", "--from", "2026-11-23", "--days", "30", "--only-free")
        ]
        self.known = [_book(desk, self.provider, self.starts.pop(0), f"Known, Number {i}") for i in range(40)]
        desk.cache.close()
        self.admin = server.admin
        self.clinic_id = stations.share(first, server.admin)
        stations.staff(first.environment, server.admin, self.clinic_id, ["mara", "joel"], "receptionist")
        url = server.url(proxy.port)
        self.a = stations.station(folder / "a", url, self.clinic_id, "mara")
        self.b = stations.station(folder / "b", url, self.clinic_id, "joel")


def _desk(station: stations.Station) -> Desk:
    key = vault.unlock(station.folder, stations.PASSPHRASE)
    return profiles.open_desk(station.folder, key, _Clock())


def _book(desk: Desk, provider: str, start: int, name: str) -> str:
    command = Book(provider_id=provider, start=start, new_patient=NewPatient(name), confirm=True)
    return booking.book(desk, command).changed[0].id


def _web_books(db: psycopg.Connection[Any], provider: str, start: int) -> bool:
    """As the web application does it: look, then insert."""
    user, end = str(uuid.uuid4()), start + 30 * MINUTE
    times = [datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(microseconds=t) for t in (start, end)]
    busy = db.execute(
        "SELECT 1 FROM public.appointments WHERE provider_id = %s AND status IN ('PENDING', 'CONFIRMED')"
        " AND start_time < %s AND end_time > %s",
        (provider, times[1], times[0]),
    ).fetchone()
    if busy is not None:
        return False
    db.execute(
        'INSERT INTO public."user" (id, name, email, "updatedAt") VALUES (%s, %s, %s, now())',
        (user, "Web, Patient", f"{user}@example.com"),
    )
    db.execute(
        "INSERT INTO public.appointments (id, appointment_number, user_id, provider_id, start_time, end_time, status,"
        " total_price, patient_name, patient_email, updated_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'PENDING', 500, 'Web, Patient', %s, now())",
        (str(uuid.uuid4()), f"APT{uuid.uuid4().int % 10**8:08}WEBS", user, provider, *times, f"{user}@example.com"),
    )
    return True


def test_a_morning_without_the_cable_ends_with_exactly_the_seeded_conflicts(
    tmp_path: Path, server: stations.CampaignServer
) -> None:
    with Proxy(server.address) as proxy:
        clinic = _Clinic(tmp_path, server, proxy)
        proxy.cut()
        assert clinic.a.run("sync", good=(3,))["state"] == "offline"
        booked, stolen = _offline_acts(clinic)
        _web_acts(clinic, stolen)

        # A killed process in the middle of its sync, and a flap: what was under way is done again, once.
        proxy.mend()
        broken = clinic.a.start("sync")
        proxy.swallow(2)
        stations.eventually("a reply was lost", lambda: proxy.swallowed > 0 or broken.poll() is not None, 30)
        stations.kill(broken)
        proxy.flap()
        for station in (clinic.a, clinic.b, clinic.a):
            station.sync(30)

        cards = {item["entity"]["id"]: item["kind"] for item in clinic.a.run("attention")}
        assert cards == {item["entity"]["id"]: item["kind"] for item in clinic.b.run("attention")}
        # Two slots that both desks sold, one that the web sold from under each, and the move of what it cancelled.
        assert sorted(cards.values()) == ["slot"] * 4 + ["status"]
        assert cards[clinic.known[20]] == "status"
        _compare(clinic, booked, set(cards))


def _offline_acts(clinic: _Clinic) -> tuple[dict[str, str], list[int]]:
    """20 bookings, 6 moves, 14 check-ins and 3 cancellations; two slots are sold by both."""
    booked: dict[str, str] = {}
    both, of_a, of_b = clinic.starts[:2], clinic.starts[2:10], clinic.starts[10:18]
    for station, name, mine, free, first in (
        (clinic.a, "A", of_a, clinic.starts[18:21], 0),
        (clinic.b, "B", of_b, clinic.starts[21:24], 20),
    ):
        desk = _desk(station)
        for i, start in enumerate([*both, *mine]):
            person = f"{name}, Number {i}"
            booked[person] = _book(desk, clinic.provider, start, person)
        for i, start in enumerate(free):
            booking.move(desk, Move(clinic.known[first + i], start))
        for i in range(7):
            states.set_visit(desk, SetVisit(clinic.known[first + 5 + i], VisitState.ARRIVED))
        cancelled = tuple(clinic.known[first + 15 : first + (17 if name == "A" else 16)])
        states.set_status(desk, SetStatus(StatusAct.CANCEL, cancelled, "Scheduling error"))
        desk.cache.close()
    return booked, [of_a[0], of_b[0]]


def _web_acts(clinic: _Clinic, stolen: list[int]) -> None:
    """Seven bookings, two of them where a desk has sold already, and two cancellations, one of a moved one."""
    with psycopg.connect(clinic.admin, autocommit=True) as db:
        for start in [*stolen, *clinic.starts[24:29]]:
            assert _web_books(db, clinic.provider, start)
        for key in (clinic.known[20], clinic.known[38]):
            db.execute(
                "UPDATE public.appointments SET status = 'CANCELLED', cancelled_at = now(), updated_at = now(),"
                " cancellation_reason = 'Schedule conflict' WHERE id = %s",
                (key,),
            )


def _compare(clinic: _Clinic, booked: dict[str, str], refused: set[str]) -> None:
    there = clinic.a.run("database", "digest", clinic.admin, "--clinic", clinic.clinic_id)["tables"]
    for station in (clinic.a, clinic.b):
        assert station.run("digest")["tables"] == there
        counts = station.run("profile", "info")["counts"]
        assert counts["pending"] == 0
    with psycopg.connect(clinic.admin) as db:
        rows = db.execute("SELECT patient_name, id FROM public.appointments").fetchall()
        arrived = db.execute("SELECT count(*) FROM desk.visit WHERE state = 'arrived'").fetchone()
    names = [name for name, _ in rows]
    for name, key in booked.items():
        assert names.count(name) == (0 if key in refused else 1), name
    assert names.count("Web, Patient") == 7
    assert arrived == (14,)
    with Cache(clinic.a.folder, vault.unlock(clinic.a.folder, stations.PASSPHRASE)) as cache:
        assert cache.reader.execute("SELECT count(*) FROM tile").fetchone()[0] == len(rows)
