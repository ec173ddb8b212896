"""Booking, moving and noting: what comes of them, and what they refuse."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from himsog_desktop.domain.commands import Book, Move, NewPatient, Undo, WriteNote
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.domain.numbers import is_number
from himsog_desktop.services import booking, histories, lists, patients, setup, setupfile, undoing
from himsog_desktop.services.desk import Desk, Replayed
from himsog_desktop.storage import hot
from tests.support.profiles import TODAY, World

TOMORROW = TODAY + timedelta(days=1)
MONDAY = TODAY + timedelta(days=3)


@pytest.fixture
def nine(world: World) -> Book:
    return Book(world.provider("cruz"), world.at("09:00"), new_patient=NewPatient("Peña, José", phone="0917 555 0101"))


def test_what_a_booking_makes(desk: Desk, world: World, nine: Book) -> None:
    command = dataclasses.replace(
        nine, service_ids=(world.service("check-up"), "vaccination"), notes="first\nvisit ", type="Intake"
    )
    answer = booking.book(desk, command)
    assert (answer.kind, answer.refused, answer.undoable_until) == ("appointment.book", [], "2026-11-20T08:10:00+08:00")
    made = answer.changed[0]
    assert is_number(made.number)
    assert (made.start, made.end) == ("2026-11-20T09:00:00+08:00", "2026-11-20T09:30:00+08:00")
    assert (made.status, made.source, made.sync, made.lane) == ("PENDING", "desk", "local", 0)
    assert [(s.name, s.price) for s in made.services] == [("Check-up", "500.00"), ("Vaccination", "600.00")]
    assert (made.total, made.currency, made.notes, made.type) == ("1100.00", "PHP", "first\nvisit", "Intake")
    assert (made.patient.name, made.patient.phone, made.patient.email) == ("Peña, José", "+639175550101", None)
    assert lists.appointment(desk, made.id) == made
    tile = hot.tiles(desk.reader, world.at("00:00"), world.at("23:59"))[0]
    assert (tile.id, tile.name, tile.services) == (made.id, "Peña, José", "Check-up; Vaccination")


def test_packages_ranges_and_what_is_to_be_agreed(desk: Desk, world: World) -> None:
    package = world.book(desk, "09:00", service_ids=("annual", "check-up"))
    assert (package.total, package.duration_minutes) == ("1800.00", 60)
    assert [s.price for s in package.services] == ["1800.00", "0.00"]
    asked = world.book(desk, "10:00", service_ids=("procedure",))
    assert (asked.total, asked.duration_minutes) == ("0.00", 60)


def test_a_number_is_drawn_again_when_it_is_taken(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.book(desk, "09:00")
    drawn = iter([first.number, first.number, "APT00000001AAAA"])
    monkeypatch.setattr(booking, "new_number", lambda: next(drawn))
    assert world.book(desk, "10:00").number == "APT00000001AAAA"


def test_refused_with_every_rule_and_three_free_times(desk: Desk, world: World, nine: Book) -> None:
    booking.book(desk, nine)
    with pytest.raises(Refused) as refused:
        booking.book(desk, nine)
    told = refused.value
    assert (told.code, told.exit_code) == ("slot_unavailable", 1)
    assert [r.rule for r in told.details] == ["booked"]
    assert [world.zone.iso(s.start)[11:16] for s in told.alternatives] == ["09:30", "10:00", "10:30"]
    assert "Peña" not in told.message
    assert world.count("appointments") == world.count("user") == 1, "the second patient was not kept either"


def test_alternatives_go_on_into_the_next_open_days(desk: Desk, world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.book(desk, "18:00")
    assert [world.zone.iso(s.start)[:16] for s in refused.value.alternatives] == [
        "2026-11-21T08:00",
        "2026-11-21T08:30",
        "2026-11-21T09:00",
    ]


def test_who_is_known_by_name_and_address_is_not_made_twice(desk: Desk, world: World) -> None:
    def booked(wall: str, name: str, email: str) -> str:
        command = Book(world.provider("cruz"), world.at(wall), new_patient=NewPatient(name, email=email))
        return booking.book(desk, command).changed[0].patient.id

    first = booked("09:00", "Peña, José", "jp@example.com")
    assert booked("10:00", "PENA,  JOSE", "JP@Example.com") == first
    assert booked("11:00", "Peña, Ana", "jp@example.com") != first
    assert world.count("patients") == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"provider_id": "nobody"}, "not_found"),
        ({"service_ids": ("nothing",)}, "not_found"),
        ({"new_patient": None}, "usage"),
        ({"patient_id": "somebody"}, "usage"),
        ({"new_patient": None, "patient_id": "nobody"}, "not_found"),
        ({"duration": 0}, "bad_value"),
        ({"duration": -30}, "bad_value"),
        ({"duration": 1441}, "bad_value"),
        ({"notes": "x" * 10_000_000}, "too_long"),
        ({"type": "x" * 300}, "too_long"),
        ({"new_patient": NewPatient("")}, "bad_value"),
        ({"new_patient": NewPatient("A", email="x@")}, "bad_value"),
        ({"new_patient": NewPatient("A", phone="99")}, "bad_value"),
        ({"new_patient": NewPatient("A", birth_date="2026-02-31")}, "bad_value"),
        ({"new_patient": NewPatient("A", birth_date="2030-01-01")}, "bad_value"),
    ],
)
def test_what_cannot_be_understood(desk: Desk, world: World, nine: Book, change: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as told:
        booking.book(desk, dataclasses.replace(nine, **change))  # type: ignore[arg-type]
    assert told.value.code == code
    assert len(told.value.message) < 200
    assert world.count("appointments") == world.count("user") == 0


def test_the_same_request_books_once(desk: Desk, world: World, nine: Book) -> None:
    first = booking.book(desk, nine, request_id="r-1")
    world.clock.forward(5)
    assert booking.book(desk, nine, request_id="r-1") == first
    assert booking.book(world.desk(), nine, request_id="r-1") == first
    assert world.count("appointments") == 1
    with pytest.raises(BadInput, match="already used"):
        booking.book(desk, dataclasses.replace(nine, start=world.at("10:00")), request_id="r-1")
    with pytest.raises(BadInput, match="already used"):
        booking.move(desk, Move(first.changed[0].id, world.at("10:00")), request_id="r-1")


def test_the_same_request_is_refused_the_same_way(desk: Desk, world: World, nine: Book) -> None:
    made = booking.book(desk, nine)
    with pytest.raises(Refused) as first:
        booking.book(desk, nine, request_id="r-1")
    booking.move(desk, Move(made.changed[0].id, world.at("10:00")))
    with pytest.raises(Replayed) as again:
        booking.book(desk, nine, request_id="r-1")
    assert again.value.code_of_exit == 1
    error = again.value.document.error
    assert (error.code, error.message) == (first.value.code, first.value.message)
    assert [d.rule for d in error.details] == ["booked"]
    assert len(error.alternatives) == 3
    assert booking.book(desk, nine, request_id="r-2").changed, "a new request finds the time free"


def test_bad_input_may_be_mended_with_the_same_request(desk: Desk, world: World, nine: Book) -> None:
    with pytest.raises(BadInput):
        booking.book(desk, dataclasses.replace(nine, duration=-1), request_id="r-1")
    assert booking.book(desk, nine, request_id="r-1").changed


def test_moving_keeps_what_is_not_said(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00", service_ids=("annual",), notes="kept")
    moved = booking.move(desk, Move(made.number, world.at("14:00", MONDAY))).changed[0]
    assert (moved.id, moved.number, moved.duration_minutes) == (made.id, made.number, 60)
    assert moved.start[:16] == "2026-11-23T14:00"
    assert (moved.services, moved.total, moved.notes, moved.status) == (made.services, made.total, "kept", "PENDING")
    assert hot.tiles(desk.reader, world.at("00:00"), world.at("23:59")) == ()
    assert len(hot.tiles(desk.reader, world.at("00:00", MONDAY), world.at("23:59", MONDAY))) == 1


def test_moving_to_another_provider_takes_her_service_at_the_booked_price(desk: Desk, world: World) -> None:
    setup.apply(desk, setupfile.parse('[[services]]\nkey = "check-up"\nproviders = ["lim"]\nprice = 700'))
    made = world.book(desk, "09:00", service_ids=("check-up",))
    moved = booking.move(desk, Move(made.id, world.at("09:00"), "lim")).changed[0]
    assert moved.provider.id == world.provider("lim")
    assert [(s.id, s.price) for s in moved.services] == [(world.service("check-up", "lim"), "500.00")]
    assert moved.total == "500.00"
    with pytest.raises(Refused) as refused:
        booking.move(desk, Move(made.id, world.at("11:00"), "tan"))
    assert refused.value.code == "service_not_offered"


def test_moving_nowhere_changes_nothing_and_leaves_nothing_to_undo(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    before = world.count("history")
    answer = booking.move(desk, Move(made.id, world.at("09:00")))
    assert answer.changed == [made]
    assert answer.undoable_until is None
    assert world.count("history") == before


def test_a_visit_that_has_begun_can_last_longer_but_not_start_earlier(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    world.clock.forward(70)
    longer = booking.move(desk, Move(made.id, world.at("09:00"), duration=60)).changed[0]
    assert longer.end[11:16] == "10:00"
    with pytest.raises(Refused) as refused:
        booking.move(desk, Move(made.id, world.at("08:30")))
    assert [r.rule for r in refused.value.details] == ["past", "notice"]


def test_an_imported_row_without_length_gets_one_when_it_moves(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    old = booking.appointment_of(desk.reader, made.id)
    with desk.write("import") as tx:
        tx.put(old, dataclasses.replace(old, end=old.start))
    assert booking.move(desk, Move(made.id, world.at("10:00"))).changed[0].duration_minutes == 30


@pytest.mark.parametrize("duration", [0, -5, 1441])
def test_lengths_that_make_no_sense(desk: Desk, world: World, duration: int) -> None:
    made = world.book(desk, "09:00")
    with pytest.raises(BadInput):
        booking.move(desk, Move(made.id, world.at("10:00"), duration=duration))


def test_a_note_is_replaced_and_can_be_taken_away(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    noted = booking.write_note(desk, WriteNote(made.number, " <b>bold</b>\nnote\x00 "))
    assert noted.changed[0].notes == "<b>bold</b>\nnote"
    assert hot.tiles(desk.reader, world.at("00:00"), world.at("23:59"))[0].note == "<b>bold</b>\nnote"
    assert booking.write_note(desk, WriteNote(made.id, "  ")).changed[0].notes is None
    with pytest.raises(BadInput) as told:
        booking.write_note(desk, WriteNote(made.id, "x" * 10_001))
    assert told.value.code == "too_long"


def test_a_provider_notes_her_own_appointments_only(desk: Desk, world: World) -> None:
    own, other = world.book(desk, "09:00"), world.book(desk, "09:00", provider="lim")
    cruz = world.desk("dr-cruz")
    assert booking.write_note(cruz, WriteNote(own.id, "seen")).changed[0].notes == "seen"
    with pytest.raises(NoAccess):
        booking.write_note(cruz, WriteNote(other.id, "seen"))
    for login in ("rea", "ivan"):
        with pytest.raises(NoAccess):
            booking.write_note(world.desk(login), WriteNote(own.id, "x"))


def test_change_sets_name_what_changed(desk: Desk, world: World) -> None:
    window = world.desk(initiator="window")
    window.cache.poll()
    made = world.book(desk, "09:00")
    seen = window.cache.poll()
    assert seen is not None
    assert (seen.appointments, seen.days) == ({made.id}, {TODAY.isoformat()})
    assert seen.providers == {world.provider("cruz")}
    booking.move(desk, Move(made.id, world.at("09:00", TOMORROW)))
    seen = window.cache.poll()
    assert seen is not None
    assert seen.days == {TODAY.isoformat(), TOMORROW.isoformat()}
    assert window.cache.poll() is None


def test_two_desks_never_both_get_the_time(desk: Desk, world: World, nine: Book) -> None:
    other = world.desk("ana")
    other.reader.execute("SELECT 1 FROM appointments").fetchall()
    booking.book(desk, nine)
    with pytest.raises(Refused):
        booking.book(other, nine)


def test_patients_by_id(desk: Desk, world: World) -> None:
    known = patients.add(desk, patients.PatientFields(name="Known, Kim", birth_date="1990-05-06"))
    made = booking.book(desk, Book("cruz", world.at("09:00"), patient_id=known.id)).changed[0]
    assert (made.patient.id, made.patient.birth_date) == (known.id, "1990-05-06")
    assert date.fromisoformat(made.created[:10]) == TODAY


# ------------------------------------------------------------------------------------ rooms


def test_a_room_is_booked_kept_and_in_use(desk: Desk, world: World, nine: Book) -> None:
    room = desk.clinic.rooms[0]
    assert room.key is not None
    made = booking.book(desk, dataclasses.replace(nine, room_ids=(room.key,))).changed[0]
    assert [(r.id, r.name) for r in made.resources] == [(room.id, room.name)]
    other = dataclasses.replace(
        nine, provider_id=world.provider("lim"), new_patient=NewPatient("Uy, Ng"), room_ids=(room.id,)
    )
    with pytest.raises(Refused) as refusal:
        booking.book(desk, other)
    assert [(r.rule, r.text) for r in refusal.value.details] == [("resource_busy", f"In use: {room.name}")]
    with pytest.raises(BadInput) as unknown:
        booking.book(desk, dataclasses.replace(other, room_ids=("attic",)))
    assert unknown.value.code == "not_found"


def test_another_room_alone_is_an_act_with_its_undo(desk: Desk, world: World) -> None:
    first = desk.clinic.rooms[0]
    here = world.book(desk, "09:00", room_ids=(first.id,))
    answer = booking.move(desk, Move(here.id, world.at("09:00"), room_ids=()))
    assert answer.changed[0].resources == []
    assert [(h.before.get("resources"), h.after.get("resources")) for h in histories.history(desk, here.id)[1:]] == [
        ([first.id], [])
    ]
    taken = world.book(desk, "09:00", provider="lim", room_ids=(first.id,))
    with pytest.raises(Refused) as refusal:
        undoing.undo(desk, Undo(answer.act))  # somebody else sits there by now
    assert refusal.value.code == "undo_refused"
    booking.move(desk, Move(taken.id, world.at("09:00"), room_ids=()))
    undoing.undo(desk, Undo(answer.act))
    assert [r.id for r in lists.appointment(desk, here.id).resources] == [first.id]


def test_a_move_keeps_its_room_and_meets_who_is_in_it(desk: Desk, world: World) -> None:
    room = desk.clinic.rooms[0]
    world.book(desk, "10:00", provider="lim", room_ids=(room.id,))
    mine = world.book(desk, "09:00", room_ids=(room.id,))
    ten = Move(mine.id, world.at("10:00"))
    assert [r.rule for r in booking.why_not_move(desk, ten)] == ["resource_busy"]
    with pytest.raises(Refused) as refusal:
        booking.move(desk, ten)
    assert [r.rule for r in refusal.value.details] == ["resource_busy"]
    assert booking.why_not_move(desk, dataclasses.replace(ten, room_ids=())) == ()
    assert (
        lists.appointment(desk, booking.move(desk, dataclasses.replace(ten, room_ids=())).changed[0].id).resources == []
    )


def test_why_a_move_is_not_possible_is_what_it_is_refused_for(desk: Desk, world: World) -> None:
    mine = world.book(desk, "09:00")
    world.book(desk, "10:00")
    for command in (
        Move(mine.id, world.at("10:15")),
        Move(mine.id, world.at("06:00")),
        Move(mine.id, world.at("12:15"), world.provider("lim")),
        Move(mine.id, world.at("09:00"), duration=90),
    ):
        reasons = booking.why_not_move(desk, command)
        assert reasons
        with pytest.raises(Refused) as refusal:
            booking.move(desk, command)
        assert refusal.value.details == reasons
    assert booking.why_not_move(desk, Move(mine.id, world.at("09:00"))) == ()
