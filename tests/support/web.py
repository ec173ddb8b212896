"""The web platform as a third party: its database made from ``schema.json`` alone, and plain SQL as it writes it.

Nothing of ours takes part: no table, name or function of ``himsog_desktop`` is used here.
"""

from __future__ import annotations

import json
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine o'clock in Manila."""


def schema() -> dict[str, Any]:
    """The platform's schema as facts, kept beside the repository; skips without it."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "platform" / "schema.json"
    file = Path(os.environ.get("HIMSOG_TEST_PLATFORM", beside))
    if not file.is_file():
        pytest.skip(f"the platform's schema is not there: {file} (HIMSOG_TEST_PLATFORM names another)")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def build(db: psycopg.Connection[Any]) -> None:
    """Make the platform's tables in ``public``."""
    facts = schema()
    for name, labels in facts["enums"].items():
        db.execute(f'CREATE TYPE "{name}" AS ENUM ({", ".join(repr(x) for x in labels)})'.encode())
    for name, table in facts["tables"].items():
        parts = [
            f'"{c["name"]}" {c["type"]}'
            + ("" if c["nullable"] else " NOT NULL")
            + (f" DEFAULT {c['default']}" if c.get("default") else "")
            for c in table["columns"]
        ]
        parts.append(f"PRIMARY KEY ({_columns(table['primary_key'])})")
        db.execute(f'CREATE TABLE "{name}" ({", ".join(parts)})'.encode())
        for columns in table["unique"]:
            db.execute(f'CREATE UNIQUE INDEX ON "{name}" ({_columns(columns)})'.encode())
        for columns in table["indexes"]:
            db.execute(f'CREATE INDEX ON "{name}" ({_columns(columns)})'.encode())
    for name, table in facts["tables"].items():
        for key in table["foreign_keys"]:
            db.execute(
                f'ALTER TABLE "{name}" ADD FOREIGN KEY ({_columns(key["columns"])})'
                f' REFERENCES "{key["references"]}" ({_columns(key["referenced_columns"])})'
                f" ON DELETE {key['on_delete']} ON UPDATE {key['on_update']}".encode()
            )


def _columns(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def new_id() -> str:
    """An id as the web application makes them."""
    return str(uuid.uuid4())


class Web:
    """The web application's statements, as its panels and jobs send them."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db

    def user(self, name: str, role: str = "USER") -> str:
        """Somebody signs up."""
        key = new_id()
        self.db.execute(
            'INSERT INTO "user" (id, name, email, role, "updatedAt")'
            " VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC')",
            (key, name, f"{key}@example.org", role),
        )
        return key

    def provider(self, name: str) -> str:
        """A provider signs up and is verified, with a week of hours and a lunch break."""
        owner, key = self.user(name, "PROVIDER"), new_id()
        self.db.execute(
            "INSERT INTO providers (id, user_id, healthcare_name, status, address, updated_at)"
            " VALUES (%s, %s, %s, 'VERIFIED', 'Rizal Avenue', now() AT TIME ZONE 'UTC')",
            (key, owner, name),
        )
        self.db.execute(
            "INSERT INTO operating_hours (id, provider_id, day_of_week, start_time, end_time, is_closed, updated_at)"
            " SELECT gen_random_uuid(), %s, day, '09:00', '17:00', day = 0, now() FROM generate_series(0, 6) AS day",
            (key,),
        )
        self.db.execute(
            "INSERT INTO break_times (id, provider_id, day_of_week, start_time, end_time, updated_at)"
            " VALUES (gen_random_uuid(), %s, 1, '12:00', '13:00', now())",
            (key,),
        )
        return key

    def service(self, provider: str, name: str, price: int = 500, of: tuple[str, ...] = ()) -> str:
        """A service, or with ``of`` a package."""
        key = new_id()
        self.db.execute(
            "INSERT INTO services (id, provider_id, name, fixed_price, type, updated_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            (key, provider, name, price, "PACKAGE" if of else "SINGLE"),
        )
        for part in of:
            self.db.execute(
                "INSERT INTO service_packages (parent_package_id, child_service_id) VALUES (%s, %s)", (key, part)
            )
        return key

    def book(
        self,
        provider: str,
        patient: str,
        start: datetime,
        minutes: int = 30,
        service: str | None = None,
        status: str = "PENDING",
    ) -> str:
        """The insert of a booking, in one transaction with its services."""
        key = new_id()
        with self.db.transaction():
            self.db.execute(
                "INSERT INTO appointments (id, appointment_number, user_id, provider_id, start_time, end_time, status,"
                " total_price, patient_name, patient_email, updated_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, 500, 'Ana Reyes', 'ana@example.org', now() AT TIME ZONE 'UTC')",
                (key, f"APT{key[:8]}{key[-4:]}", patient, provider, start, start + timedelta(minutes=minutes), status),
            )
            if service is not None:
                self.db.execute(
                    "INSERT INTO appointment_service (appointment_id, service_id, price_at_booking, updated_at)"
                    " VALUES (%s, %s, 500, now() AT TIME ZONE 'UTC')",
                    (key, service),
                )
        return key

    def change(self, key: str, **to: Any) -> None:
        """An update of an appointment."""
        fields = ", ".join(f'"{name}" = %s' for name in to)
        text = f"UPDATE appointments SET {fields}, updated_at = now() AT TIME ZONE 'UTC' WHERE id = %s"
        assert self.db.execute(text.encode(), (*to.values(), key)).rowcount == 1

    def delete(self, table: str, key: str) -> None:
        """A row goes, with its cascades."""
        assert self.db.execute(f'DELETE FROM "{table}" WHERE id = %s'.encode(), (key,)).rowcount == 1


def crowd(db: psycopg.Connection[Any], appointments: int, providers: int = 20, patients: int = 5000) -> None:
    """A platform that has been in use: many rows by set, none overlapping."""
    db.execute(
        'INSERT INTO "user" (id, name, email, role, "updatedAt")'
        " SELECT 'u' || n, 'Patient ' || n, 'u' || n || '@example.org', 'USER', now() FROM generate_series(1, %s) AS n",
        (patients,),
    )
    db.execute(
        'INSERT INTO "user" (id, name, email, role, "updatedAt")'
        " SELECT 'o' || n, 'Dr ' || n, 'o' || n || '@example.org', 'PROVIDER', now() FROM generate_series(1, %s) AS n",
        (providers,),
    )
    db.execute(
        "INSERT INTO providers (id, user_id, healthcare_name, status, address, updated_at)"
        " SELECT 'p' || n, 'o' || n, 'Clinic ' || n, 'VERIFIED', 'Rizal Avenue', now()"
        " FROM generate_series(1, %s) AS n",
        (providers,),
    )
    db.execute(
        "INSERT INTO services (id, provider_id, name, fixed_price, updated_at)"
        " SELECT 's' || n || '-' || k, 'p' || n, 'Service ' || k, 100 * k, now()"
        " FROM generate_series(1, %s) AS n, generate_series(1, 5) AS k",
        (providers,),
    )
    db.execute(
        "INSERT INTO appointments (id, appointment_number, user_id, provider_id, start_time, end_time, status,"
        " total_price, patient_name, patient_email, updated_at)"
        " SELECT 'a' || n, 'APT' || n, 'u' || 1 + n %% %s, 'p' || 1 + n %% %s, t, t + interval '30 minutes',"
        "  (CASE n %% 5 WHEN 0 THEN 'PENDING' WHEN 1 THEN 'CANCELLED' WHEN 2 THEN 'COMPLETED' ELSE 'CONFIRMED' END)"
        "  ::\"AppointmentStatus\", 500, 'Patient', 'u@example.org', now()"
        " FROM generate_series(1, %s) AS n, LATERAL (SELECT timestamptz '2024-01-01 00:00+00'"
        "  + (n / %s) * interval '30 minutes' AS t) AS at",
        (patients, providers, appointments, providers),
    )
    db.execute(
        "INSERT INTO appointment_service (appointment_id, service_id, price_at_booking, updated_at)"
        " SELECT a.id, 's' || substr(a.provider_id, 2) || '-1', 100, now() FROM appointments AS a WHERE a.id LIKE 'a%%'"
    )
    db.execute("ANALYZE")
