"""A demo clinic for the tour that has a server: what waits for it, and what it refused. No server is ever spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import Appointment, StatusAct
from himsog_desktop.domain.commands import Book, Move, SetStatus, WriteNote
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.intents import Card, Intent, Theirs, Told, Trouble, Verdict
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.time import HOUR, MINUTE, SECOND
from himsog_desktop.services import booking, openslots, profiles, states, syncing
from himsog_desktop.services import sessions as signing
from himsog_desktop.storage import load, sessions
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.images import changed, image_of

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.ports import Clock
    from himsog_desktop.services.desk import Desk

SERVER = "server.clinic.example"


def share(folder: Path, key: bytes, clock: Clock) -> None:
    """Give a demo profile a server, five cards, and three changes that wait."""
    desk = profiles.open_desk(folder, key, clock)
    with desk.cache:
        _Made(desk).fill()


def leave(folder: Path, key: bytes) -> None:
    """Sign out whoever is signed in there."""
    with Cache(folder, key) as cache:
        for login in signing.signed_in(cache):
            signing.sign_out(cache, login)
        kept = msgspec.json.encode(syncing.Kept("signed_out")).decode()
        sessions.remember(cache.writer, {syncing.STATE_KEY: kept})


def unsee(folder: Path, key: bytes) -> None:
    """Give whoever works there the role that sees no patients."""
    with Cache(folder, key) as cache, transaction(cache.writer):
        cache.writer.execute("UPDATE staff SET role = ?", (Role.IT.value,))


class _Made:
    """Writes what sync would have written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        rows = desk.reader.execute("SELECT user_id FROM patients WHERE phone IS NOT NULL ORDER BY user_id LIMIT 40")
        self.patients = [row[0] for row in rows]
        self.cards: list[Card] = []

    def fill(self) -> None:
        """All of it."""
        desk = self.desk
        soon, later = self._free(1), self._free(3)
        mine = self._book(soon, 3)
        self._drop(mine)
        self._book(soon, 9)
        rule = Told("booked", "The server gave this time to somebody else first.")
        whole = image_of(mine)
        self._card(Trouble.SLOT, mine.id, {}, whole, "appointment.book", 12, rules=(rule,))
        self._clashes(self._book(later, 5))
        self._state(self._book(self._free(5), 7))
        waiting = [self._book(self._free(n), 10 + n) for n in (1, 2)]
        with transaction(desk.cache.writer):
            raw = desk.cache.writer
            for card in self.cards:
                body = msgspec.json.encode(card).decode()
                raw.execute("INSERT INTO card (id, body, resolved) VALUES (?, ?, NULL)", (card.intent.id, body))
            settings = {
                "authority": REMOTE,
                syncing.STATE_KEY: msgspec.json.encode(syncing.Kept("online")).decode(),
                "last_sync": str(desk.now() - 3 * SECOND),
                "remote_host": SERVER,
                "remote_url": f"postgresql://{SERVER}/himsog?sslrootcert=/etc/himsog/ca.pem",
                "signed_in": profiles.OWNER,
            }
            me = desk.staff
            sessions.keep(raw, sessions.Session(me.login, me.id, me.name, me.role.value, "no password of anybody"))
            raw.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", list(settings.items()))
        desk.cache.forget()
        booking.write_note(desk, WriteNote(waiting[0].id, "Asked to be called before"))
        booking.move(desk, Move(waiting[1].id, self._free(4, waiting[1].provider_id).start))

    def _free(self, number: int, provider: str | None = None) -> Slot:
        return openslots.next_free(self.desk, (provider,) if provider else (), count=number)[-1]

    def _book(self, slot: Slot, patient: int) -> Appointment:
        wanted = Book(
            slot.provider or "", slot.start, patient_id=self.patients[patient], notes="Bring the X-ray", confirm=True
        )
        return self._read(booking.book(self.desk, wanted).changed[0].id)

    def _read(self, key: str) -> Appointment:
        return load.appointments(self.desk.reader, [key])[0]

    def _drop(self, gone: Appointment) -> None:
        with self.desk.write("sync") as tx:
            tx.project([(gone, None)])

    def _clashes(self, there: Appointment) -> None:
        """A note that two people wrote, and a phone."""
        image = image_of(there)
        before, after = changed(image, {**image, "notes": "Needs a wheelchair; her daughter comes with her"})
        self._card(Trouble.FIELD, there.id, before, after, "appointment.note", 40, by="Joel Reyes", fields=("notes",))
        patient = image_of(load.patients(self.desk.reader, [there.patient_id], self.desk.clinic.id)[0])
        before, after = {"phone": "+639175550148"}, {"phone": "+639175550149"}
        self._card(Trouble.FIELD, str(patient["id"]), before, after, "patient.edit", 65, entity="patient", source="web")

    def _state(self, there: Appointment) -> None:
        """Completed here, cancelled by the patient on the web."""
        image = image_of(there)
        before, after = changed(image, {**image, "status": "COMPLETED"})
        states.set_status(self.desk, SetStatus(StatusAct.CANCEL, (there.id,), "Patient request"))
        self._card(Trouble.STATUS, there.id, before, after, "appointment.complete", 90, source="web")

    def _card(
        self,
        trouble: Trouble,
        key: str,
        before: dict[str, object],
        after: dict[str, object],
        kind: str,
        minutes: int,
        *,
        entity: str = "appointment",
        by: str | None = None,
        source: str = "desk",
        rules: tuple[Told, ...] = (),
        fields: tuple[str, ...] = (),
    ) -> None:
        desk = self.desk
        at = desk.now() - minutes * MINUTE
        intent = Intent(
            new_id(), new_id(), kind, 1, entity, key, before, after, desk.staff.id, "front-desk-2", at
        )  # fmt: skip
        theirs = Theirs(by, at - HOUR // 4, source)
        verdict = Verdict(intent.id, "refused", entity, key, 3, {}, trouble, fields, rules, theirs)
        self.cards.append(Card(intent, verdict, "Mara Santos"))
