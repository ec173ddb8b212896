"""A shared database with two clinics, people of every role, and a way to say what stands there.

Clinic A has the providers ``p`` and ``q`` (services ``plain`` of p, ``other`` of q), two rooms, the patients ``x``,
``y`` and ``blocked``; clinic B has ``z`` and a patient of its own. ``w`` is a patient of the web at clinic A.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from himsog_desktop.domain.intents import Intent
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.sync.address import parse
from himsog_desktop.sync.remotes.postgres import PostgresRemote

if TYPE_CHECKING:
    import psycopg

    from tests.support.postgres import Database

PASSWORD = "a password of tests"
HOUR = 3_600_000_000
Image = dict[str, Any]

LOGINS = {
    Role.MANAGER: "mia",
    Role.RECEPTIONIST: "ana",
    Role.PROVIDER: "dora",
    Role.READ_ONLY: "rea",
    Role.IT: "ivan",
}
"""People of clinic A; ``ben`` is another receptionist there, ``bea`` the manager of clinic B, ``duo`` works at both."""


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def now() -> int:
    """The wall clock in microseconds."""
    return time.time_ns() // 1000


class SharedClinic:
    """The clinics of the tests on a fresh shared database, and the administrator's connection to it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.admin = database.connect()
        self.ids: dict[str, str] = {}
        self._remotes: dict[str, PostgresRemote] = {}
        base = now() // HOUR * HOUR
        self.start = base + 48 * HOUR
        """Two days ahead, on the hour."""
        for clinic in ("A", "B"):
            self.admin.execute(
                "INSERT INTO desk.clinics (id, name, timezone, currency) VALUES (%s, %s, 'Asia/Manila', 'PHP')",
                (self.id(clinic), f"Clinic {clinic}"),
            )
        self.admin.execute(
            "INSERT INTO desk.rooms VALUES (%s, %s, 'One', 'room', NULL, 0)", (self.id("r1"), self.id("A"))
        )
        self.admin.execute(
            "INSERT INTO desk.rooms VALUES (%s, %s, 'Two', 'room', NULL, 1)", (self.id("r2"), self.id("A"))
        )
        for provider, clinic, service in (("p", "A", "plain"), ("q", "A", "other"), ("z", "B", "far")):
            self._provider(provider, clinic, service)
        for patient, clinic in (("x", "A"), ("y", "A"), ("blocked", "A"), ("b", "B")):
            self.put("patient", self.patient(patient) | {"blocked": patient == "blocked"}, clinic)
        self.web_user("w")
        self.admin.execute("SELECT desk.admit(%s::text, ARRAY[%s])", (self.id("A"), self.id("w")))
        for role, login in LOGINS.items():
            self.hire(login, role, "A", provider="p" if role is Role.PROVIDER else None)
        self.hire("ben", Role.RECEPTIONIST, "A")
        self.hire("bea", Role.MANAGER, "B")
        self.hire("duo", Role.RECEPTIONIST, "A", "B")

    def id(self, name: str) -> str:
        """The id of something by its name in the tests."""
        return self.ids.setdefault(name, new_id())

    def _provider(self, name: str, clinic: str, service: str) -> None:
        user = self.id(f"user of {name}")
        run = self.admin.execute
        run(
            """INSERT INTO public."user" (id, name, email, role, "updatedAt") VALUES (%s, %s, %s, 'PROVIDER', now())""",
            (user, name, f"{name}@clinic.example"),
        )
        run("INSERT INTO desk.clinic_providers VALUES (%s, %s, 0)", (self.id(name), self.id(clinic)))
        run(
            "INSERT INTO public.providers (id, user_id, healthcare_name, status, address, updated_at)"
            " VALUES (%s, %s, %s, 'VERIFIED', '', now())",
            (self.id(name), user, f"Dr {name}"),
        )
        run(
            "INSERT INTO public.services (id, provider_id, name, updated_at, fixed_price)"
            " VALUES (%s, %s, %s, now(), 500)",
            (self.id(service), self.id(name), service),
        )

    def web_user(self, name: str) -> None:
        """Somebody who registered on the web."""
        run = self.admin.execute
        run(
            """INSERT INTO public."user" (id, name, email, "updatedAt") VALUES (%s, %s, %s, now())""",
            (self.id(name), f"Web {name}", f"{name}@web.example"),
        )
        run(
            """INSERT INTO public.account (id, "accountId", "providerId", "userId", "updatedAt")
               VALUES (%s, 'a', 'credential', %s, now())""",
            (new_id(), self.id(name)),
        )

    def hire(self, login: str, role: Role, *clinics: str, provider: str | None = None) -> None:
        """Make a person with a login; its id is known as ``login``."""
        ids = [self.id(clinic) for clinic in clinics]
        own = self.id(provider) if provider else None
        made = people.add(
            self.database.url,
            people.Wanted(self.login(login), role, ids, login.title(), None, own, PASSWORD),
        )
        self.ids[login] = made.id

    def login(self, name: str) -> str:
        """The name of the role: roles belong to the server, and a server has many databases of tests."""
        return f"{name}-{self.database.name[-8:]}"

    def close(self) -> None:
        """End all connections, and take the roles away."""
        for remote in self._remotes.values():
            remote.close()
        logins = [row[0] for row in self.admin.execute("SELECT name FROM desk.login").fetchall()]
        self.admin.close()
        self.database.drop()
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.database.server.url(), autocommit=True) as db:
            for login in logins:
                db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))

    # ------------------------------------------------------------------------------------- records

    def patient(self, name: str) -> Image:
        """A new patient's image."""
        key = self.id(name)
        return {
            "id": key, "name": name.title(), "email": f"{key}@patients.invalid", "created": now(), "updated": now(),
            "phone": None, "birth_date": None, "sex": None, "address": None,
            "consent": {"email": True, "sms": True, "push": False, "whatsapp": False}, "alerts": [], "blocked": False,
            "favorite": False, "private_notes": None, "external_system": None, "external_id": None,
            "web_account": False, "email_shared": False,
        }  # fmt: skip

    def appointment(self, name: str, hours: float = 0, minutes: int = 30, **more: Any) -> Image:
        """An appointment's image: ``x`` at ``p``, ``hours`` after the clinic's start."""
        start = self.start + int(hours * HOUR)
        image = {
            "id": self.id(name), "number": f"APT{uuid.uuid4().int % 10**8:08d}TEST", "clinic_id": self.id("A"),
            "provider_id": self.id("p"), "patient_id": self.id("x"), "start": start,
            "end": start + minutes * 60_000_000, "status": "CONFIRMED", "patient_name": "X",
            "patient_email": f"{self.id('x')}@patients.invalid", "created": now() // 1000 * 1000, "updated": now(),
            "patient_phone": None, "notes": None, "activity_notes": None, "services": [], "total": 0,
            "location": "in_person", "type": None, "resources": [], "lane": 0, "overbook_reason": None,
            "source": "desk", "external_system": None, "external_id": None, "outcome_missing": False,
            "cancelled_at": None, "cancelled_by": None, "cancelled_by_id": None, "cancellation_reason": None,
            "visit": {"state": None, "arrived_at": None, "in_room_at": None, "with_provider_at": None,
                      "checked_out_at": None},
        }  # fmt: skip
        return image | more

    def put(self, entity: str, image: Image, clinic: str = "A", old: Image | None = None) -> Image:
        """Put an aggregate there whatever the rules say; its image."""
        with self.admin.transaction():
            self.admin.execute("SET LOCAL ROLE himsog_owner")
            self.admin.execute("SET LOCAL timezone = 'UTC'")
            self.admin.execute("SELECT set_config('desk.source', 'desk', true)")
            self.admin.execute(
                "SELECT desk.put(%s, %s::jsonb, %s::jsonb, %s)",
                (entity, json.dumps(old or {}), json.dumps(image), self.id(clinic)),
            )
        return self.image(entity, str(image.get("id") or (old or {}).get("id")), clinic)

    def image(self, entity: str, key: str, clinic: str = "A") -> Image:
        """An aggregate as the server has it; empty when it is not there."""
        row = self.admin.execute("SELECT desk.image(%s, %s, %s)", (entity, key, self.id(clinic))).fetchone()
        return dict(row[0]) if row and row[0] else {}

    # ------------------------------------------------------------------------------------- speaking

    def remote(self, name: str) -> PostgresRemote:
        """A person's way to the server."""
        if name not in self._remotes:
            self._remotes[name] = self.new_remote(name)
        return self._remotes[name]

    def new_remote(self, name: str) -> PostgresRemote:
        """Another connection of a person."""
        address = parse(f"{self.database.address}")
        return PostgresRemote(address, self.login(name), PASSWORD)

    def person(self, name: str, **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A bare connection of a person."""
        return self.database.person(self.login(name), PASSWORD, **more)

    def intent(
        self, entity: str, key: str, before: Image, after: Image, *, kind: str = "", by: str = "mia", **more: Any
    ) -> Intent:
        """An intent of a person."""
        given: dict[str, Any] = {
            "id": new_id(), "act": new_id(), "kind": kind or f"{entity}.edit", "version": 1, "entity": entity,
            "key": key, "before": before, "after": after, "author": self.ids[by], "device": "test", "at": now(),
        }  # fmt: skip
        return Intent(**(given | more))

    def count(self, text: str, *values: object) -> int:
        """One number of the administrator's."""
        row = self.admin.execute(text.encode(), values).fetchone()
        return int(row[0]) if row else 0
