from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.interchange.map_model import FIELDS
from himsog_desktop.interchange.map_parser import parse_map
from himsog_desktop.interchange.maps import find_column, find_map, guess_map, maps_folder, shipped_maps
from himsog_desktop.interchange.tables import read_header
from tests.interchange.helpers import MANILA, SIMPLE, TODAY, data, make_map, read, write_csv


@pytest.mark.parametrize("name", shipped_maps())
def test_every_shipped_map_is_sound(name: str) -> None:
    plan = find_map(name)
    assert plan.name == name
    assert plan.title != name
    assert plan.required_columns() or plan.recognise


def test_a_map_is_found_by_name_or_path(tmp_path: Path) -> None:
    assert find_map("acuity.toml").system == "acuity"
    assert find_map("medscheduler_patients").kind == "patients"
    own = tmp_path / "acuity.toml"
    own.write_text(SIMPLE)
    assert find_map(own).system == "old"
    for missing in ("nothing-like-it", tmp_path / "gone.toml", "../import_maps/acuity"):
        with pytest.raises(BadInput) as caught:
            find_map(missing)
        assert caught.value.code == "not_found"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ('kind = "appointments"\n-> kind = "dogs"', "kind"),
        ('external_id = "Id"\n-> colour = "Id"', "colour"),
        ('external_id = "Id"\n-> external_id = { colum = "Id" }', "external_id.colum"),
        ('external_id = "Id"\n-> external_id = { column = "Id", constant = "x" }', "external_id"),
        ('external_id = "Id"\n-> external_id = 7', "external_id"),
        ('external_id = "Id"\n-> external_id = { column = "Id", pattern = "(" }', "external_id.pattern"),
        ('external_id = "Id"\n-> external_id = { column = "Id", pattern = "x" }', "external_id.pattern"),
        ('external_id = "Id"\n-> external_id = { column = "Id", format = "%Y" }', "external_id.format"),
        ('external_id = "Id"\n-> external_id = { date = "Id" }', "external_id.date"),
        ('external_id = "Id"\n-> status = { column = "S", values = { a = "MAYBE" } }', "status.values.a"),
        ('external_id = "Id"\n-> status = { constant = "MAYBE" }', "status.constant"),
        ('external_id = "Id"\n-> duration = { column = "D", unit = "weeks" }', "duration.unit"),
        ('external_id = "Id"\n-> location = { column = "L", values = { a = "moon" } }', "location.values"),
        ('external_id = "Id"\n-> patient_first = "F"', "patient_name"),
        ('external_id = "Id"\n-> encoding = "klingon"', "encoding"),
        ('external_id = "Id"\n-> zone = "Mars/Olympus"', "zone"),
        ('external_id = "Id"\n-> delimiter = ";;"', "delimiter"),
        ('external_id = "Id"\n-> decimal = "x"', "decimal"),
        ('external_id = "Id"\n-> skip = 5', "skip"),
        ('external_id = "Id"\n-> id = "A"\nexternal_id = "B"', "external_id"),
        ('"%Y-%m-%d %H:%M"-> "%Q"', "start.format"),
        ('patient_name = "Patient"\n-> ', "patient_name"),
    ],
)
def test_a_bad_map_is_refused_by_naming_the_key(change: str, key: str) -> None:
    old, new = change.split("-> ", 1)
    assert old in SIMPLE
    with pytest.raises(BadInput) as caught:
        make_map(SIMPLE.replace(old, new + "\n" if old.endswith("\n") else new))
    assert repr(key) in caught.value.message


@pytest.mark.parametrize("content", [b"\xff\xfe", b"kind = ", b"[[[[", b"a." * 5000 + b"b = 1"])
def test_what_is_no_map_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        parse_map(content, name="test")


def test_fields_may_stand_at_the_top_or_in_a_table() -> None:
    inner = SIMPLE.replace("external_id", "[fields]\nexternal_id", 1)
    assert make_map(inner).fields == make_map(SIMPLE).fields


def test_a_missing_column_names_the_column_and_what_there_is(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [["Id", "Client", "Start"], ["1", "Ana", "2026-12-01 09:00"]])
    with pytest.raises(BadInput) as caught:
        read(path, make_map(SIMPLE))
    assert "'Patient'" in caught.value.message
    assert "Id, Client, Start" in caught.value.message


def test_columns_are_found_despite_case_spaces_and_punctuation() -> None:
    header = ["\ufeffstart  time", "E_Mail 1 - Value", "Start"]
    assert find_column(header, "Start Time") == 0
    assert find_column(header, "start") == 2
    assert find_column(header, "E-mail 1 - Value") == 1
    assert find_column(header, "End") is None


LAYOUTS = {
    "acuity_appointments.csv": "acuity",
    "fresha_appointments.csv": "fresha",
    "google_calendar_import.csv": "google-calendar",
    "google_contacts_new.csv": "google-contacts",
    "google_contacts_old.csv": "google-contacts-old",
    "orthotics_appointments.csv": "orthotics",
    "outlook_calendar.csv": "outlook-calendar",
    "outlook_calendar_german.csv": "outlook-calendar-german",
    "outlook_contacts.csv": "outlook-contacts",
    "patientcare_appointments.csv": "patientcare",
    "practice_client_appointments.csv": "practice-client",
}


@pytest.mark.parametrize(("file", "name"), LAYOUTS.items())
def test_every_layout_is_recognised_by_its_header(file: str, name: str) -> None:
    found = guess_map(read_header(data(f"csv_imports/{file}")))
    assert found is not None
    assert found.name == name


def test_layouts_known_by_their_columns_only_are_recognised() -> None:
    known = json.loads(data("csv_imports/layouts.json").read_text(encoding="utf-8"))
    named = next(value for key, value in known.items() if key.startswith("named_columns_only"))
    expected = {
        "Square Appointments": "square",
        "Booksy": "booksy-clients",
        "Trafft appointments": "trafft",
        "Trafft customers": "trafft-customers",
        "Schedulicity": "schedulicity",
    }
    for system, columns in named.items():
        found = guess_map(columns)
        assert found is not None, system
        assert found.name == expected[system]


def test_a_strange_header_is_not_recognised() -> None:
    assert guess_map(["Apples", "Pears", "Name"]) is None


def test_every_shipped_map_reads_a_table_with_its_own_columns(tmp_path: Path) -> None:
    for name in shipped_maps():
        plan = find_map(name)
        header = list(dict.fromkeys([*plan.required_columns(), *plan.recognise]))
        header += [c for source in plan.fields.values() for c in source.columns if c not in header]
        header += [source.zone_column for source in plan.fields.values() if source.zone_column]
        path = tmp_path / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=plan.delimiter or ",").writerow(header)
        assert read(path, plan, MANILA, TODAY) == ([], [], [])


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    guide = (maps_folder() / "README.md").read_text(encoding="utf-8")
    example = guide.split("```toml\n")[1].split("```")[0]
    plan = make_map(example)
    header = ["Id", "First", "Last", "Mobile", "Start", "Minutes", "Outcome", "Services", "All day"]
    line = ["1", "Ana", "Reyes", "0917", "01/12/2026 09:00", "30", "Yes", "A; B", "FALSE"]
    rows, _, issues = read(write_csv(tmp_path / "t.csv", [header, line]), plan)
    assert (rows[0].patient_name, rows[0].services, rows[0].type, issues) == ("Ana Reyes", ("A", "B"), "import", [])
    for kind in FIELDS.values():
        assert all(f"{name}" in guide for name in kind)
