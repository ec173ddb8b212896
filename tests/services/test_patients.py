"""The register: found in any spelling, checked field by field, seen by those who may."""

from __future__ import annotations

from datetime import date

import pytest

from himsog_desktop.domain.appointment import NO_MAIL_DOMAIN
from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import booking, histories, patients
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.patients import PatientFields
from tests.support.profiles import World


def names(desk: Desk, query: str | None, limit: int = 10, offset: int = 0) -> list[str]:
    return [p.name for p in patients.find(desk, query, limit, offset)]


@pytest.fixture
def people(desk: Desk) -> Desk:
    for name, phone, email in [
        ("Peña, José María", "0917 555 0101", "jose@example.com"),
        ("Ng, Li", "+63 2 8888 0102", None),
        ("Uy, Ana", None, "ana.uy@example.com"),
        ("Reyes, Ana Lucia", "0918-555-0103", None),
        ("Santos, Analyn", "09195550104", None),
    ]:
        patients.add(desk, PatientFields(name=name, phone=phone, email=email))
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pena jose", {"Peña, José María"}),
        ("JOSÉ", {"Peña, José María"}),
        ("ng", {"Ng, Li"}),
        ("uy", {"Uy, Ana"}),
        ("ana", {"Uy, Ana", "Reyes, Ana Lucia", "Santos, Analyn"}),
        ("ana r", {"Reyes, Ana Lucia"}),
        ("0917 555 01 01", {"Peña, José María"}),
        ("+63 917 555", {"Peña, José María"}),
        ("5550103", {"Reyes, Ana Lucia"}),
        ("0104", {"Santos, Analyn"}),
        ("ana.uy@exam", {"Uy, Ana"}),
        ("ucia", {"Reyes, Ana Lucia"}),
        ("nobody", set()),
        ("'; DROP TABLE user", set()),
        ('" OR 1 --', set()),
        ("***", set()),
        ("()", set()),
    ],
)
def test_found_in_any_spelling(people: Desk, query: str, found: set[str]) -> None:
    assert set(names(people, query)) == found


def test_by_name_page_by_page(people: Desk) -> None:
    everybody = ["Ng, Li", "Peña, José María", "Reyes, Ana Lucia", "Santos, Analyn", "Uy, Ana"]
    assert names(people, None) == everybody
    assert names(people, "  ", 2, 3) == everybody[3:]
    assert names(people, None, 0) == []
    with pytest.raises(BadInput):
        patients.find(people, None, -1)


def test_pages_of_a_search_neither_repeat_nor_leave_out(desk: Desk) -> None:
    for i in range(7):
        patients.add(desk, PatientFields(name=f"Anders Number{i}"))
        patients.add(desk, PatientFields(name=f"Roanders Number{i}"))
    pages = [names(desk, "anders", 3, offset) for offset in range(0, 15, 3)]
    assert len({n for page in pages for n in page}) == 14
    assert sum(len(page) for page in pages) == 14
    assert all(n.startswith("Anders") for page in pages[:2] for n in page), "whole beginnings come first"


def test_those_seen_last_come_first(desk: Desk, world: World) -> None:
    for name in ("Cruz One", "Cruz Two", "Cruz Three"):
        patients.add(desk, PatientFields(name=name))
    two = patients.find(desk, "cruz two", 1)[0]
    booking.book(desk, Book(world.provider("cruz"), world.at("09:00"), patient_id=two.id))
    assert names(desk, "cruz")[0] == "Cruz Two"


def test_added_with_every_field(desk: Desk) -> None:
    made = patients.add(
        desk,
        PatientFields(
            name="  Dela   Cruz,\tJuan ",
            email="Juan@Example.COM",
            phone="(0917) 555-0199",
            birth_date="1980-02-29",
            sex="F",
            address="12 Rizal St\nDigos",
            alerts=("Penicillin", "", "Penicillin"),
            consent_sms=False,
            consent_whatsapp=True,
            favorite=True,
            private_notes="likes mornings",
        ),
    )
    assert made == patients.show(desk, made.id)
    assert (made.name, made.email, made.phone) == ("Dela Cruz, Juan", "juan@example.com", "+639175550199")
    assert (made.birth_date, made.sex, made.alerts) == ("1980-02-29", "female", ["Penicillin"])
    assert (made.consent.email, made.consent.sms, made.consent.whatsapp) == (True, False, True)
    assert (made.status, made.favorite, made.bookings, made.last_visit) == ("favorite", True, 0, None)


def test_a_patient_without_mail_shows_none(desk: Desk) -> None:
    made = patients.add(desk, PatientFields(name="Walk In"))
    assert made.email is None
    stored = desk.reader.execute("SELECT email FROM user WHERE id = ?", (made.id,)).fetchone()[0]
    assert stored.endswith("@" + NO_MAIL_DOMAIN)
    assert all(NO_MAIL_DOMAIN not in str(h) for h in histories.history(desk, made.id))


def test_none_keeps_and_an_empty_text_clears(desk: Desk) -> None:
    made = patients.add(desk, PatientFields(name="Ann", email="a@example.com", phone="09175550101", alerts=("x",)))
    same = patients.edit(desk, made.id, PatientFields())
    assert same == made
    assert len(histories.history(desk, made.id)) == 1, "nothing changed, nothing is told"
    cleared = patients.edit(desk, made.id, PatientFields(email="", phone=" ", alerts=()))
    assert (cleared.email, cleared.phone, cleared.alerts) == (None, None, [])
    renamed = patients.edit(desk, made.id, PatientFields(name="Anna"))
    assert renamed.name == "Anna"
    assert names(desk, "anna") == ["Anna"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (PatientFields(name=""), "bad_value"),
        (PatientFields(name="x" * 201), "too_long"),
        (PatientFields(name="\x00\x1f"), "bad_value"),
        (PatientFields(name="A", email="nowhere"), "bad_value"),
        (PatientFields(name="A", phone="12"), "bad_value"),
        (PatientFields(name="A", phone="call me"), "bad_value"),
        (PatientFields(name="A", birth_date="2026-02-31"), "bad_value"),
        (PatientFields(name="A", birth_date="2026-11-21"), "bad_value"),
        (PatientFields(name="A", birth_date="1/2/1980"), "bad_value"),
        (PatientFields(name="A", address="x" * 501), "too_long"),
        (PatientFields(name="A", private_notes="x" * 10_000_000), "too_long"),
        (PatientFields(name="A", alerts=tuple("abcdefghijklmnopqrstuvw")), "too_long"),
        (PatientFields(), "usage"),
    ],
)
def test_what_cannot_be_right_gets_a_sentence(desk: Desk, world: World, fields: PatientFields, code: str) -> None:
    with pytest.raises(BadInput) as told:
        patients.add(desk, fields)
    assert told.value.code == code
    assert len(told.value.message) < 200
    assert world.count("user") == 0


def test_rich_text_in_a_name_is_text(desk: Desk) -> None:
    made = patients.add(desk, PatientFields(name="<b>Ann</b> <img src=x>"))
    assert made.name == "<b>Ann</b> <img src=x>"


def test_unknown_ids(desk: Desk) -> None:
    for act in (
        lambda: patients.show(desk, "nobody"),
        lambda: patients.edit(desk, "nobody", PatientFields(name="A")),
    ):
        with pytest.raises(BadInput) as told:
            act()
        assert told.value.code == "not_found"


def test_a_family_may_share_an_address(desk: Desk) -> None:
    first = patients.add(desk, PatientFields(name="Cruz, Ana", email="family@example.com"))
    second = patients.add(desk, PatientFields(name="Cruz, Ben", email="family@example.com"))
    assert first.email == second.email == "family@example.com"
    stored = [row[0] for row in desk.reader.execute("SELECT email FROM user")]
    assert len(set(stored)) == 2, "the platform keeps each address once"
    assert set(names(desk, "family@example")) == {"Cruz, Ana", "Cruz, Ben"}
    own = patients.edit(desk, second.id, PatientFields(email="ben@example.com"))
    assert own.email == "ben@example.com"
    assert "ben@example.com" in [row[0] for row in desk.reader.execute("SELECT email FROM user")]


def test_who_registered_on_the_web_is_corrected_beside_the_account(desk: Desk) -> None:
    with desk.write("test") as tx:
        tx.raw.execute(
            "INSERT INTO user (id, name, email, role, emailVerified, createdAt, updatedAt, status)"
            " VALUES ('web-1', 'Web User', 'web@example.com', 'USER', 1, 1, 1, 'ACTIVE')"
        )
    account = desk.reader.execute("SELECT * FROM user WHERE id = 'web-1'").fetchone()
    edited = patients.edit(desk, "web-1", PatientFields(name="Webb, Ursula", phone="09175550101"))
    assert (edited.name, edited.email, edited.phone) == ("Webb, Ursula", "web@example.com", "+639175550101")
    assert desk.reader.execute("SELECT * FROM user WHERE id = 'web-1'").fetchone() == account
    assert patients.edit(desk, "web-1", PatientFields(email="u@example.com")).email == "u@example.com"
    assert desk.reader.execute("SELECT * FROM user WHERE id = 'web-1'").fetchone() == account
    assert names(desk, "ursula") == ["Webb, Ursula"]


def test_blocked_is_blocked_until_a_manager_says_otherwise(desk: Desk, world: World) -> None:
    ana = world.desk("ana")
    made = patients.add(ana, PatientFields(name="Trouble, Tom", email="tom@example.com"))
    assert patients.edit(ana, made.id, PatientFields(blocked=True)).status == "blocked"
    at = world.at("09:00")
    for who in (
        Book(world.provider("cruz"), at, patient_id=made.id),
        Book(world.provider("cruz"), at, new_patient=NewPatient("trouble, TOM", email="Tom@example.com")),
    ):
        with pytest.raises(Refused) as refused:
            booking.book(ana, who)
        assert refused.value.code == "patient_blocked"
    with pytest.raises(NoAccess):
        patients.edit(ana, made.id, PatientFields(blocked=False))
    assert not patients.edit(desk, made.id, PatientFields(blocked=False)).blocked


def test_who_sees_and_who_edits(desk: Desk, world: World) -> None:
    seen = world.book(desk, "09:00", "Seen, Sally", provider="cruz").patient.id
    other = world.book(desk, "09:00", "Other, Olga", provider="lim").patient.id
    with pytest.raises(NoAccess):
        patients.find(world.desk("ivan"), None, 10)
    with pytest.raises(NoAccess):
        patients.show(world.desk("ivan"), seen)
    cruz = world.desk("dr-cruz")
    assert names(cruz, None) == names(cruz, "s") == ["Seen, Sally"]
    assert patients.show(cruz, seen).name == "Seen, Sally"
    with pytest.raises(BadInput):
        patients.show(cruz, other)
    for login in ("rea", "dr-cruz", "ivan"):
        with pytest.raises(NoAccess):
            patients.add(world.desk(login), PatientFields(name="A"))
        with pytest.raises(NoAccess):
            patients.edit(world.desk(login), seen, PatientFields(name="A"))
    assert len(names(world.desk("rea"), None)) == 2


def test_the_same_request_adds_once(desk: Desk, world: World) -> None:
    first = patients.add(desk, PatientFields(name="Once"), request_id="r-1")
    assert patients.add(desk, PatientFields(name="Once"), request_id="r-1") == first
    assert world.count("user") == 1
    with pytest.raises(BadInput, match="already used"):
        patients.add(desk, PatientFields(name="Twice"), request_id="r-1")


def test_bookings_and_status(desk: Desk, world: World) -> None:
    made = patients.add(desk, PatientFields(name="Often, Olive"))
    assert patients.show(desk, made.id).status == "new"
    for i in range(5):
        booking.book(desk, Book(world.provider("tan"), world.at("10:00", date(2026, 11, 23 + i)), patient_id=made.id))
        assert patients.show(desk, made.id).status == ("new" if i < 1 else "returning" if i < 4 else "regular")
    world.clock.forward(4 * 24 * 60)
    shown = patients.show(desk, made.id)
    assert (shown.bookings, shown.last_visit) == (5, "2026-11-23T10:00:00+08:00")
