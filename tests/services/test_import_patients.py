"""Importing a table of patients: who is meant, who is added, what is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.people import fold
from himsog_desktop.services import digests, importing, patients
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ImportDoc, PatientDoc
from himsog_desktop.services.importing_people import Reader, same_name
from himsog_desktop.services.patients import PatientFields
from himsog_desktop.services.phones import e164
from tests.support.profiles import World
from tests.support.tables import Tables, patient, row


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    folder = tmp_path / "tables"
    folder.mkdir()
    return Tables(folder)


def take(desk: Desk, tables: Tables, *rows: dict[str, str]) -> ImportDoc:
    return importing.import_patients(desk, tables.patients(*rows), tables.patients_map)


def known(desk: Desk) -> dict[str, PatientDoc]:
    return {p.name: p for p in patients.find(desk, None, 100)}


def test_patients_are_added_found_and_the_same_again_is_unchanged(desk: Desk, world: World, tables: Tables) -> None:
    rows = [
        patient(id="1", name="Ana Reyes", phone="(0917) 555-0101", born="1980-02-29", sex="F", address="12 Mabini"),
        patient(id="2", name="José Ng", email="Jose@Example.com", note="asks for mornings"),
        patient(id="", name="No Id", phone="0918 555 0102"),
        patient(id="", name="Bare Name"),
    ]
    found = take(desk, tables, *rows)
    assert (found.read, found.taken, found.created.patients, found.by_status) == (4, 4, 4, {})
    ana = known(desk)["Ana Reyes"]
    assert (ana.phone, ana.birth_date, ana.sex, ana.address) == ("+639175550101", "1980-02-29", "female", "12 Mabini")
    assert known(desk)["José Ng"].private_notes == "asks for mornings"
    assert [p.name for p in patients.find(desk, "jose ng", 5)] == ["José Ng"], "search finds whom an import added"
    before = digests.digest(desk)
    again = take(desk, tables, *rows)
    assert (again.taken, again.unchanged, again.act) == (0, 4, None)
    assert digests.digest(desk) == before


def test_who_is_there_is_found_by_address_phone_or_birth_date_and_gets_what_was_missing(
    desk: Desk, tables: Tables
) -> None:
    for fields in (
        PatientFields(name="Maria Cristina dela Peña", email="mc@example.com"),
        PatientFields(name="José Ng", phone="0918 555 0102"),
        PatientFields(name="Luz Uy", birth_date="1990-05-05", phone="0917 555 0199"),
    ):
        patients.add(desk, fields)
    found = take(
        desk,
        tables,
        patient(id="1", name="Maria C. dela Pena", email="MC@example.com", born="1988-02-28"),
        patient(id="2", name="jose ng", phone="+63 918-555-0102", sex="m"),
        patient(id="3", name="LUZ UY", born="1990-05-05", phone="0917 555 0100", address="7 Rizal"),
    )
    assert (found.taken, found.created.patients) == (3, 0)
    now = known(desk)
    assert now["Maria Cristina dela Peña"].birth_date == "1988-02-28"
    assert now["José Ng"].sex == "male"
    luz = now["Luz Uy"]
    assert (luz.phone, luz.address) == ("+639175550199", "7 Rizal"), "what is there is not replaced"
    assert luz.external is not None
    assert (luz.external.system, luz.external.id) == ("old", "3"), "from now on the other system's key names her"


def test_a_family_that_shares_an_address_stays_several_people(desk: Desk, tables: Tables) -> None:
    rows = [
        patient(id="1", name="Maria Reyes", email="home@example.com", phone="0917 555 0101"),
        patient(id="2", name="Jose Reyes", email="home@example.com", phone="0917 555 0101"),
        patient(id="3", name="Maria Reyes", email="home@example.com", born="2015-01-01"),
        patient(id="4", name="Maria Reyes", email="home@example.com", born="1985-01-01"),
    ]
    assert take(desk, tables, *rows).created.patients == 4
    assert [p.email for p in patients.find(desk, "reyes", 9)] == ["home@example.com"] * 4
    assert take(desk, tables, *rows).unchanged == 4
    shared = desk.reader.execute("SELECT count(*) FROM user WHERE email = 'home@example.com'").fetchone()[0]
    assert shared == 1, "the platform keeps each address once"


def test_two_rows_that_mean_one_person_here_become_two_when_their_keys_differ(desk: Desk, tables: Tables) -> None:
    patients.add(desk, PatientFields(name="Ana Reyes", phone="0917 555 0101"))
    rows = [patient(id="1", phone="0917 555 0101"), patient(id="2", phone="0917 555 0101")]
    assert take(desk, tables, *rows).created.patients == 1
    assert take(desk, tables, *rows).unchanged == 2


def test_a_row_with_the_key_of_a_patient_brings_her_up_to_date(desk: Desk, tables: Tables) -> None:
    take(desk, tables, patient(name="Ana Reyes", phone="0917 555 0101", address="12 Mabini"))
    found = take(desk, tables, patient(name="Ana Reyes Cruz", phone="0917 555 0102"))
    assert (found.taken, found.created.patients) == (1, 0)
    [ana] = patients.find(desk, "ana", 5)
    assert (ana.name, ana.phone, ana.address) == ("Ana Reyes Cruz", "+639175550102", "12 Mabini")


def test_what_people_corrected_since_stays(desk: Desk, tables: Tables) -> None:
    take(desk, tables, patient(phone="0917 555 0101", address="12 Mabini"))
    [ana] = patients.find(desk, "ana", 5)
    patients.edit(desk, ana.id, PatientFields(phone="0917 555 0109"))
    assert take(desk, tables, patient(phone="0917 555 0101", address="12 Mabini")).unchanged == 1
    found = take(desk, tables, patient(phone="0917 555 0102", address="13 Mabini"))
    assert [(line.rule, line.field) for line in found.lines] == [("changed_here", "phone")]
    [ana] = patients.find(desk, "ana", 5)
    assert (ana.phone, ana.address) == ("+639175550109", "13 Mabini")


def test_what_can_not_be_right_is_left_out_and_said(desk: Desk, tables: Tables) -> None:
    found = take(desk, tables, patient(id="1", phone="12"), patient(id="2", name="B C", email="nobody@nowhere"),
                 patient(id="3", name=""), patient(id="1", name="Again"))  # fmt: skip
    assert [(line.line, line.outcome, line.field, line.rule) for line in found.lines] == [
        (2, "warned", "phone", "bad_value"),
        (3, "warned", "email", "bad_value"),
        (4, "refused", "name", "missing"),
        (5, "refused", "external_id", "duplicate"),
    ]
    assert (found.read, found.taken, found.refused, found.warned) == (4, 2, 2, 2)


def test_appointments_find_the_patients_that_were_imported(desk: Desk, tables: Tables) -> None:
    take(desk, tables, patient(id="77", name="Ana Reyes"))
    rows = tables.appointments(row(id="1", patient="77", name=""), row(id="2", name="ana reyes", minutes="20"))
    found = importing.import_appointments(desk, rows, tables.map)
    assert (found.taken, found.refused, found.created.patients) == (2, 0, 0)
    [ana] = patients.find(desk, "ana", 5)
    assert ana.bookings == 2


def test_a_patient_of_whom_the_file_has_only_a_key_gets_her_name_later(desk: Desk, tables: Tables) -> None:
    rows = tables.appointments(row(id="1", patient="77", name=""))
    found = importing.import_appointments(desk, rows, tables.map, create_missing=True)
    assert [(line.rule, line.field) for line in found.lines] == [("patient_nameless", "patient_name")]
    assert take(desk, tables, patient(id="77", name="Ana Reyes")).created.patients == 0
    assert list(known(desk)) == ["Ana Reyes"]
    assert importing.import_appointments(desk, rows, tables.map).unchanged == 1


def test_people_without_a_key_are_one_within_the_file(desk: Desk, tables: Tables) -> None:
    rows = tables.appointments(
        row(id="1", name="Ana Reyes"),
        row(id="2", name="ANA REYES", start="2026-11-23 10:00"),
        row(id="3", name="Ana Reyes", phone="0917 555 0101", start="2026-11-23 11:00"),
        row(id="4", name="Ana  Reyes", start="2026-11-23 12:00"),
    )
    found = importing.import_appointments(desk, rows, tables.map, create_missing=True)
    assert (found.taken, found.created.patients) == (4, 2)
    assert importing.import_appointments(desk, rows, tables.map).unchanged == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maria Cristina dela Peña", "maria c. dela pena", True),
        ("Reyes, Ana", "Ana Reyes", True),
        ("Ana Reyes", "Ana Reyes Cruz", True),
        ("José Ng", "Maria Ng", False),
        ("Juan Reyes", "Jose Reyes", False),
        ("", "Ana", False),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, same: bool) -> None:
    assert same_name(fold(one), fold(other)) is same
    assert same_name(fold(other), fold(one)) is same


@given(st.from_regex(r"(\+?63|0)[ -]?9[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{4}", fullmatch=True))
def test_the_quick_way_to_read_a_mobile_number_is_the_librarys(typed: str) -> None:
    reader = Reader.__new__(Reader)
    reader._region, reader._phones = "PH", {}
    assert reader.phone(typed) == e164(typed, "PH")
