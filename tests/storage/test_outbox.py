"""With a server: what a person does waits, names what it needs, and can be withdrawn until it was sent."""

from __future__ import annotations

import dataclasses

from himsog_desktop.domain.appointment import BookedService
from himsog_desktop.domain.clinic import Pricing, Service, ServiceKind
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import HOUR
from himsog_desktop.storage import load, outbox
from tests.storage.conftest import NOW, Clinical
from tests.storage.server import settle_all, store_of


def test_an_act_that_was_never_sent_is_withdrawn_whole(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
        act = tx.act_id
    assert outbox.never_sent(remote.cache.reader, act)
    with remote.write() as tx:
        assert outbox.withdraw(tx, act) == 1
    assert load.appointments(remote.cache.reader, [made.id]) == []
    assert outbox.base_of(remote.cache.reader, "appointment", made.id) is None
    assert not store_of(remote).waiting(10)


def test_of_two_acts_on_one_thing_each_is_withdrawn_by_itself(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    settle_all(remote)
    moved = dataclasses.replace(made, start=made.start + HOUR, end=made.end + HOUR, updated=NOW + 1)
    noted = dataclasses.replace(moved, notes="late", updated=NOW + 2)
    with remote.write() as tx:
        tx.put(made, moved)
        first = tx.act_id
    with remote.write() as tx:
        tx.put(moved, noted)
    with remote.write() as tx:
        outbox.withdraw(tx, first)
    found = load.appointments(remote.cache.reader, [made.id])[0]
    assert (found.start, found.notes) == (made.start, "late")


def test_what_went_out_is_not_withdrawn(remote: Clinical) -> None:
    settle_all(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
        act = tx.act_id
    store = store_of(remote)
    store.sending([one.intent.id for one in store.waiting(10)])
    assert not outbox.never_sent(remote.cache.reader, act)
    with remote.write() as tx:
        assert outbox.withdraw(tx, act) == 0
    assert [one.sent for one in store.waiting(10)] == [True]


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
