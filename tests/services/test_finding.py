"""The search of the window finds what the plain lists hold."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus
from himsog_desktop.domain.time import DAY
from himsog_desktop.services import booking, finding, lists, patients, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage import finding as storage_finding
from tests.support.profiles import World


def test_people_are_those_of_the_register_s_own_search(world: World, desk: Desk) -> None:
    for name, phone in (("Uy, An", "0917 555 0101"), ("Ng, Uy", None), ("Peña, José", "+63 918 555 0102")):
        patients.add(desk, patients.PatientFields(name=name, phone=phone))
    for query in ("uy", "pena jose", "0917 555", "0102", "nobody", "'; DROP TABLE user", "*"):
        hits = finding.find(desk, query, 6)
        plain = patients.find(desk, query, 6)
        assert [p.id for p in hits.people] == [p.id for p in plain], query
        assert [p.name for p in hits.people] == [p.name for p in plain], query


def test_appointments_are_found_by_patient_and_by_number(world: World, desk: Desk) -> None:
    slots = lists_of_free(world, desk)
    made = booking.book(desk, Book(world.provider("cruz"), slots[0], new_patient=NewPatient("Uy, An"))).changed[0]
    far = booking.book(desk, Book(world.provider("cruz"), slots[1], patient_id=made.patient.id)).changed[0]
    assert [m.id for m in finding.find(desk, "uy", 6).meetings] == [made.id, far.id]
    assert [m.id for m in finding.find(desk, made.number[:9].lower(), 6).meetings] == [made.id]
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,), "Other"))
    assert {m.id: m.status for m in finding.of_patient(desk, made.patient.id, 6)} == {
        made.id: "CANCELLED",
        far.id: far.status,
    }
    listed = lists.appointments(desk, lists.AppointmentFilter(query="uy"))
    assert [m.id for m in finding.find(desk, "uy", 6).meetings] == [a.id for a in listed]


def lists_of_free(world: World, desk: Desk) -> tuple[int, int]:
    """A free time soon, and one beyond the days that are looked through by name."""
    from himsog_desktop.services import openslots

    today = desk.zone.date_of(desk.now())
    soon = openslots.free_slots(desk, world.provider("cruz"), today, 14)
    late = openslots.free_slots(desk, world.provider("cruz"), desk.zone.date_of(desk.now() + 20 * DAY), 14)
    return soon[0].start, late[0].start


def test_the_three_ways_to_the_same_appointments(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for wall in ("09:00", "09:30", "10:00"):
        world.book(desk, wall, f"Uy, An {wall}")
    one_by_one = finding.find(desk, "uy", 2).meetings
    assert len(one_by_one) == 2
    monkeypatch.setattr(storage_finding, "FEW", 0)
    assert finding.find(desk, "uy", 2).meetings == one_by_one
    monkeypatch.setattr(storage_finding, "MANY", 0)
    assert finding.find(desk, "uy", 2).meetings == one_by_one


def test_the_set_of_who_matches_is_made_once(desk: Desk) -> None:
    bound = {"low": 0, "high": 1, "prefix": "u*", "few": 6, "providers": None}
    steps = [row[3] for row in desk.reader.execute("EXPLAIN QUERY PLAN " + storage_finding._OF_SOME, bound)]
    assert "SEARCH w USING COVERING INDEX patient_word_id (patient_id=?)" in steps, steps
    assert not [step for step in steps if "CORRELATED" in step], steps
