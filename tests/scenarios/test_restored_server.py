"""The server is restored from yesterday's backup: what desks had sent since comes back, once.

Reliability, section 2.8 and P26, P27: another life of the database, a snapshot beneath the outbox, and the accepted
intents of the last 30 days offered again through the ordinary merge.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.campaigns import stations

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def server() -> Iterator[stations.CampaignServer]:
    with stations.campaign_server(None) as made:
        yield made


def _book(station: stations.Station, wall: str, name: str) -> str:
    start = f"2026-11-23T{wall}:00+08:00"
    done = station.run("book", "--provider", "cruz", "--start", start, "--patient-name", name, "--confirm")
    return str(done["changed"][0]["id"])


def test_what_the_server_lost_comes_back_once(tmp_path: Path, server: stations.CampaignServer) -> None:
    first = stations.clinic(tmp_path)
    clinic_id = stations.share(first, server.admin)
    stations.staff(first.environment, server.admin, clinic_id, ["mara", "joel"], "receptionist")
    mara = stations.station(tmp_path / "mara", server.url(), clinic_id, "mara")
    joel = stations.station(tmp_path / "joel", server.url(), clinic_id, "joel")
    before = _book(mara, "09:00", "Before, Backup")
    mara.sync()
    backup = tmp_path / "yesterday.dump"
    server.dump(backup)

    after = _book(mara, "09:30", "After, Backup")
    mara.run("status", "cancel", before, "--reason", "Scheduling error")
    mara.sync()
    joel.sync()
    note = _book(joel, "10:00", "Joel, After")
    joel.sync()
    waiting = _book(joel, "10:30", "Joel, Waiting")  # not sent when the server is set back

    server.restore(backup)
    with psycopg.connect(server.admin) as db:
        assert db.execute("SELECT count(*) FROM public.appointments").fetchone() == (1,)
    for station in (mara, joel, mara):
        station.sync()

    with psycopg.connect(server.admin) as db:
        rows = dict(db.execute("SELECT id, status::text FROM public.appointments").fetchall())
        told = db.execute(
            "SELECT entity_id, count(*) FROM desk.history WHERE kind = 'appointment.book' GROUP BY 1"
        ).fetchall()
    assert rows == {before: "CANCELLED", after: "CONFIRMED", note: "CONFIRMED", waiting: "CONFIRMED"}
    assert dict(told) == dict.fromkeys(rows, 1)
    there = mara.run("database", "digest", server.admin, "--clinic", clinic_id)["tables"]
    assert mara.run("digest")["tables"] == joel.run("digest")["tables"] == there
    assert mara.run("attention") == []
