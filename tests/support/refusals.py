"""A profile that has a server, and what the server refused: cards as a pull brings them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.intents import Card, Image, Intent, Theirs, Told, Trouble, Verdict
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import changed, decode, image_of


def share(desk: Desk) -> None:
    """From now on the profile has a server: what is done waits for its verdict."""
    with transaction(desk.cache.writer):
        desk.cache.writer.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('authority', 'remote')")
        desk.cache.writer.execute(
            "INSERT OR REPLACE INTO session (login, staff_id, name, role, secret)"
            " SELECT login, id, name, role, 'not the password' FROM staff WHERE active"
        )
    desk.cache.forget()


def settle_all(desk: Desk) -> None:
    """The server took everything that waited."""
    with transaction(desk.cache.writer):
        desk.cache.writer.execute("DELETE FROM outbox")
        desk.cache.writer.execute("DELETE FROM base")
        desk.cache.writer.execute("UPDATE tile SET flags = flags & ~7")


def image(desk: Desk, entity: str, key: str) -> dict[str, object]:
    """An aggregate as it stands in the profile; empty when it is not there."""
    found = KINDS[entity].load(desk.reader, [key], desk.clinic.id)
    return image_of(found[0] if found else None)


NOBODY = Theirs()
"""Not known who."""


@dataclass
class Refusals:
    """Writes cards as sync would."""

    desk: Desk

    def add(
        self,
        trouble: Trouble,
        before: Image,
        after: Image,
        *,
        entity: str = "appointment",
        key: str = "",
        kind: str = "appointment.move",
        theirs: Theirs = NOBODY,
        rules: tuple[Told, ...] = (),
        author: str | None = None,
        author_name: str | None = "Mara at the desk",
        fields: tuple[str, ...] = (),
        intent_id: str | None = None,
    ) -> str:
        """A card; its id."""
        intent = Intent(
            id=intent_id or new_id(),
            act=new_id(),
            kind=kind,
            version=1,
            entity=entity,
            key=key or str(after.get("id") or before.get("id")),
            before=before,
            after=after,
            author=author or self.desk.staff.id,
            device="front-desk-2",
            at=self.desk.now(),
        )
        stands = image(self.desk, entity, intent.key)
        verdict = Verdict(intent.id, "refused", entity, intent.key, 7, stands, trouble, fields, rules, theirs)
        body = msgspec.json.encode(Card(intent, verdict, author_name)).decode()
        changes = '{"lists":["card"],"initiator":"sync"}'
        with transaction(self.desk.cache.writer):
            raw = self.desk.cache.writer
            raw.execute("INSERT INTO card (id, body, resolved) VALUES (?, ?, NULL)", (intent.id, body))
            raw.execute("INSERT INTO change_log (changes) VALUES (?)", (changes,))
        return intent.id

    def booking(self, appointment_id: str, trouble: Trouble = Trouble.SLOT, **more: object) -> str:
        """The booking of an appointment was refused: it falls out of the profile, and is a card."""
        whole = image(self.desk, "appointment", appointment_id)
        self.drop(appointment_id)
        return self.add(trouble, {}, whole, kind="appointment.book", **more)  # type: ignore[arg-type]

    def change(self, appointment_id: str, trouble: Trouble, after: Image, **more: object) -> str:
        """A change of an appointment was refused."""
        before = image(self.desk, "appointment", appointment_id)
        seen, wanted = changed(before, {**before, **after})
        return self.add(trouble, seen, wanted, key=appointment_id, **more)  # type: ignore[arg-type]

    def drop(self, appointment_id: str) -> Appointment:
        """Take an appointment out of the profile as a refusal does: no history, no intent."""
        found = KINDS["appointment"].load(self.desk.reader, [appointment_id], self.desk.clinic.id)[0]
        assert isinstance(found, Appointment)
        with self.desk.write("sync") as tx:
            tx.project([(found, None)])
        return found


def outbox(desk: Desk) -> list[tuple[str, str, str, dict[str, object], dict[str, object]]]:
    """What waits: entity, key, kind, before, after."""
    rows = desk.reader.execute(
        "SELECT entity_type, entity_id, kind, patch FROM outbox WHERE state = 'pending' ORDER BY seq"
    )
    found = []
    for entity, key, kind, patch in rows.fetchall():
        read = decode(patch)
        found.append((entity, key, kind, read["before"], read["after"]))
    return found  # type: ignore[return-value]
