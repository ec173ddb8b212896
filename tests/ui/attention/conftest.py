"""The window on a profile that has a server, with what the server refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from himsog_desktop.domain.commands import Book
from himsog_desktop.domain.day import SYNC_PENDING
from himsog_desktop.domain.intents import Theirs, Told, Trouble
from himsog_desktop.domain.syncstate import SyncProgress, SyncState
from himsog_desktop.domain.time import HOUR, MINUTE, SECOND, Micros
from himsog_desktop.services import booking, openslots, profiles, syncing
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage.connection import transaction
from himsog_desktop.system import vault
from himsog_desktop.system.clock import SystemClock
from tests.support.refusals import Refusals, image, settle_all, share
from tests.ui.conftest import NOW, PASSPHRASE, Seat


class Shared:
    """What sync would write into the profile, from a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.desk: Desk = profiles.open_desk(
            folder, vault.unlock(folder, PASSPHRASE), SystemClock(NOW), initiator="sync"
        )
        share(self.desk)
        self.refusals = Refusals(self.desk)
        self.stands("online", last_sync=NOW - 3 * SECOND)

    def close(self) -> None:
        self.desk.cache.close()

    def stands(
        self,
        state: SyncState,
        reason: str = "",
        last_sync: Micros | None = None,
        progress: SyncProgress | None = None,
        login: str = "owner",
    ) -> None:
        """How it stands with the server, as whoever syncs writes it."""
        kept = msgspec.json.encode(syncing.Kept(state, reason, progress)).decode()
        values = {syncing.STATE_KEY: kept, "remote_host": "server.clinic.example", "signed_in": login}
        values["remote_url"] = "postgresql://server.clinic.example/himsog"
        if last_sync is not None:
            values["last_sync"] = str(last_sync)
        with transaction(self.desk.cache.writer):
            raw = self.desk.cache.writer
            raw.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", list(values.items()))
            raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["sync"],"initiator":"sync"}',))

    def booked(self, patient: int = 1) -> str:
        """An appointment at the next free time, taken by the server; its id."""
        slot = openslots.next_free(self.desk, count=1)[0]
        who = self.desk.reader.execute(
            "SELECT user_id FROM patients WHERE phone IS NOT NULL ORDER BY user_id LIMIT 1 OFFSET ?", (patient,)
        ).fetchone()[0]
        done = booking.book(self.desk, Book(slot.provider or "", slot.start, patient_id=who))
        settle_all(self.desk)
        return done.changed[0].id

    def taken(self) -> str:
        """A booking that was refused because somebody else has the time by now; the card."""
        mine = self.booked()
        start = image(self.desk, "appointment", mine)["start"]
        card = self.refusals.booking(mine, rules=(Told("booked", "Somebody has this time already."),))
        theirs = self.booked(2)
        assert image(self.desk, "appointment", theirs)["start"] == start
        return card

    def clash(self, hours: int = 48) -> str:
        """A note that was changed here and elsewhere; the card."""
        first = self.desk.zone.date_of(NOW + hours * HOUR)
        slot = openslots.next_free(self.desk, count=1, first=first + timedelta(days=1))[0]
        patient = self.desk.reader.execute("SELECT user_id FROM patients ORDER BY user_id LIMIT 1").fetchone()[0]
        done = booking.book(
            self.desk, Book(slot.provider or "", slot.start, patient_id=patient, notes="Bring the X-ray")
        )
        settle_all(self.desk)
        return self.refusals.change(
            done.changed[0].id,
            Trouble.FIELD,
            {"notes": "Needs a wheelchair"},
            kind="appointment.note",
            theirs=Theirs("Joel at the desk", NOW - 20 * MINUTE),
            fields=("notes",),
        )

    def pending(self, appointment_id: str) -> None:
        """It waits for the server."""
        with transaction(self.desk.cache.writer):
            self.desk.cache.writer.execute(
                "UPDATE tile SET flags = flags | ? WHERE id = ?", (SYNC_PENDING, appointment_id)
            )


@pytest.fixture
def shared(closed_seat: Seat):  # type: ignore[no-untyped-def]
    """The profile before the window opens."""
    closed_seat.doors.offline = True  # nobody syncs: there is no server
    made = Shared(closed_seat.folder)
    yield made
    made.close()


@pytest.fixture
def opened(closed_seat: Seat, demo_profile: tuple[Path, bytes]) -> Callable[[], Seat]:
    """Opens the window."""

    def do() -> Seat:
        closed_seat.open(demo_profile[1])
        return closed_seat

    return do
