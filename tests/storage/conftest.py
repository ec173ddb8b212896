"""A small cache with a clinic, one provider and one patient; the clock stands still."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.appointment import Appointment, BookedService, Status
from himsog_desktop.domain.clinic import Clinic, Hours, Provider, ProviderStatus
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.numbers import new_number
from himsog_desktop.domain.people import Patient, Role, Staff
from himsog_desktop.domain.time import HOUR, MINUTE, zone
from himsog_desktop.storage import rows, sql
from himsog_desktop.storage.cache import LOCAL, REMOTE, Cache
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.create import create_cache

DAY = date(2026, 11, 20)
NOW = zone("Asia/Manila").instant(DAY, 8 * 60)


@dataclasses.dataclass
class Clinical:
    """A cache with people in it, and makers of more."""

    cache: Cache
    clinic: Clinic
    provider: Provider
    patient: Patient

    def write(self, kind: str = "test", at: int = NOW):
        """One write in the owner's name."""
        return self.cache.write(act_id=new_id(), at=at, by_id="owner", device="test", kind=kind)

    def appointment(self, start_minutes: int = 600, **fields: object) -> Appointment:
        """An appointment of the provider on the day."""
        start = zone("Asia/Manila").instant(DAY, 0) + start_minutes * MINUTE
        made = Appointment(
            id=new_id(),
            number=new_number(),
            clinic_id=self.clinic.id,
            provider_id=self.provider.id,
            patient_id=self.patient.id,
            start=start,
            end=start + 30 * MINUTE,
            status=Status.PENDING,
            patient_name=self.patient.name,
            patient_email=self.patient.email,
            created=NOW - HOUR,
            updated=NOW - HOUR,
        )
        return dataclasses.replace(made, **fields)


def make(folder: Path, authority: str = LOCAL) -> Clinical:
    """A new cache in the folder."""
    key = os.urandom(32)
    clinic = Clinic(new_id(), "Digos Family Clinic", "Asia/Manila")
    create_cache(folder, key, {"profile": new_id(), "clinic": clinic.id, "authority": authority})
    cache = Cache(folder, key)
    with transaction(cache.writer):
        for name, row in [
            *rows.clinic_rows(clinic),
            *rows.staff_rows(Staff("owner", "owner", "Owner", Role.MANAGER, clinic.id)),
        ]:
            cache.writer.execute(sql.upsert_text(name), row)
    provider = Provider(
        new_id(),
        new_id(),
        "Dr Cruz",
        ProviderStatus.VERIFIED,
        30,
        NOW,
        NOW,
        clinics=(clinic.id,),
        hours=tuple(Hours(clinic.id, day, 8 * 60, 17 * 60) for day in range(7)),
    )
    patient = Patient(new_id(), "Peña, José", "jose@example.com", NOW, NOW, phone="+639175550101")
    found = Clinical(cache, clinic, provider, patient)
    with transaction(cache.writer):
        pass
    with found.write() as tx:
        tx.put(None, provider)
        tx.put(None, patient)
    return found


@pytest.fixture
def clinical(tmp_path: Path) -> Iterator[Clinical]:
    """A profile that is its own authority."""
    found = make(tmp_path)
    yield found
    found.cache.close()


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Clinical]:
    """A profile whose intents wait for a server."""
    found = make(tmp_path, REMOTE)
    yield found
    found.cache.close()


__all__ = ["DAY", "NOW", "BookedService", "Clinical", "make"]
