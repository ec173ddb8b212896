"""With a server: what a person does waits, names what it needs, and can be withdrawn until it was sent."""

from __future__ import annotations

import dataclasses

import pytest

from himsog_desktop.domain.appointment import BookedService
from himsog_desktop.domain.clinic import Pricing, Room, Service, ServiceKind
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.merge import SLOT
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import HOUR
from himsog_desktop.storage import load, outbox
from tests.storage.conftest import NOW, Clinical
from tests.storage.server import settle_all, store_of


def _last(remote: Clinical) -> str:
    return store_of(remote).waiting(50)[-1].intent.id


def test_an_act_that_was_never_sent_is_withdrawn_whole(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    one = _last(remote)
    assert outbox.withdrawable(remote.cache.reader, one)
    with remote.write("undo.test") as tx:
        tx.withdraw([(made, None, one)])
    raw = remote.cache.reader
    assert load.appointments(raw, [made.id]) == []
    assert outbox.base_of(raw, "appointment", made.id) is None
    assert not store_of(remote).waiting(10)
    # It is told here, and nowhere else.
    told = raw.execute("SELECT kind, uid FROM history WHERE entity_id = ? ORDER BY seq", (made.id,)).fetchall()
    assert told == [("test", None), ("undo.test", None)]


def test_a_patch_holds_the_whole_place_so_that_it_is_compared_as_one(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    with remote.write() as tx:
        tx.put(made, dataclasses.replace(made, end=made.end + HOUR))
    intent = store_of(remote).waiting(50)[-1].intent
    assert set(intent.before) == set(intent.after) == set(SLOT)
    assert intent.before["provider_id"] == intent.after["provider_id"] == made.provider_id
    with remote.write() as tx:
        tx.put(made, dataclasses.replace(made, notes="late"))
    assert store_of(remote).waiting(50)[-1].intent.after == {"notes": "late"}


def test_what_others_stand_on_is_not_withdrawn_alone(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    booking = _last(remote)
    noted = dataclasses.replace(made, notes="late", updated=NOW + 2)
    with remote.write() as tx:
        tx.put(made, noted)
    note = _last(remote)
    moved = dataclasses.replace(noted, start=made.start + HOUR, end=made.end + HOUR, updated=NOW + 3)
    with remote.write() as tx:
        tx.put(noted, moved)
    raw = remote.cache.reader
    assert (outbox.withdrawable(raw, booking), outbox.withdrawable(raw, note)) == (False, True)
    with remote.write() as tx:
        tx.withdraw([(moved, dataclasses.replace(moved, notes=None), note)])
    found = load.appointments(raw, [made.id])[0]
    assert (found.start, found.notes) == (moved.start, None)
    with remote.write() as tx:
        tx.put(found, dataclasses.replace(found, start=made.start, end=made.end))
    assert not outbox.withdrawable(raw, store_of(remote).waiting(50)[-2].intent.id)


def test_what_went_out_is_not_withdrawn(remote: Clinical) -> None:
    settle_all(remote)
    with remote.write() as tx:
        tx.put(None, remote.appointment())
    store, one = store_of(remote), _last(remote)
    store.sending([one])
    assert not outbox.withdrawable(remote.cache.reader, one)
    assert [w.sent for w in store.waiting(10)] == [True]


def test_what_was_withdrawn_meanwhile_does_not_go_out(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
        tx.put(None, remote.appointment(700))
    store = store_of(remote)
    ids = [w.intent.id for w in store.waiting(10)]
    with remote.write() as tx:
        tx.withdraw([(made, None, ids[0])])
    with pytest.raises(Surroundings) as trouble:
        store.sending(ids)
    assert trouble.value.code == "retry"
    assert [w.sent for w in store.waiting(10)] == [False]


def test_a_booking_names_what_makes_its_patient_and_its_service(remote: Clinical) -> None:
    settle_all(remote)
    patient = Patient(new_id(), "New, Nina", "nina@example.com", NOW, NOW)
    service = Service(
        new_id(), remote.provider.id, "Check-up", ServiceKind.SINGLE, Pricing.FIXED, NOW, NOW, 50000, 50000
    )
    with remote.write() as tx:
        tx.put(None, service)
    with remote.write() as tx:
        tx.put(None, patient)
        booked = (BookedService(service.id, service.name, 50000),)
        tx.put(None, remote.appointment(patient_id=patient.id, services=booked))
    with remote.write() as tx:
        tx.put(None, remote.appointment(700))
    made_service, made_patient, booking, other = (one.intent for one in store_of(remote).waiting(10))
    assert set(booking.needs) == {made_service.id, made_patient.id}
    assert other.needs == ()
    # Whoever is known to the server by now needs no waiting for.
    settle_all(remote)
    with remote.write() as tx:
        tx.put(None, remote.appointment(800, patient_id=patient.id))
    assert store_of(remote).waiting(10)[0].intent.needs == ()


def test_an_edit_names_what_it_points_to_now(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    settle_all(remote)
    patient = Patient(new_id(), "New, Nina", "nina@example.com", NOW, NOW)
    with remote.write() as tx:
        tx.put(None, patient)
    with remote.write() as tx:
        tx.put(made, dataclasses.replace(made, patient_id=patient.id))
    first, edit = (one.intent for one in store_of(remote).waiting(10))
    assert edit.needs == (first.id,)


def test_a_room_that_is_booked_is_not_withdrawn(remote: Clinical) -> None:
    settle_all(remote)
    clinic = load.clinics(remote.cache.reader)[0]
    wider = dataclasses.replace(clinic, rooms=(Room("r1", clinic.id, "Room 1"),))
    with remote.write() as tx:
        tx.put(clinic, wider)
    room = _last(remote)
    assert outbox.withdrawable(remote.cache.reader, room)
    with remote.write() as tx:
        tx.put(None, remote.appointment(resources=("r1",)))
    assert store_of(remote).waiting(9)[-1].intent.needs == (room,)
    assert not outbox.withdrawable(remote.cache.reader, room)
