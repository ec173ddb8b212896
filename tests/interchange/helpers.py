"""What the tests of interchange share: where real data lies, small tables, a map from a few lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.time import Zone
from himsog_desktop.interchange.map_model import ImportMap
from himsog_desktop.interchange.map_parser import parse_map
from himsog_desktop.interchange.records import AppointmentRow, LineIssue, PatientRow
from himsog_desktop.interchange.tables import open_table

MANILA = Zone("Asia/Manila")
BERLIN = Zone("Europe/Berlin")
TODAY = date(2026, 11, 20)
_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def data(name: str) -> Path:
    """A file or folder of the real data; the test is skipped where it is not there."""
    path = _DATA / name
    if not path.exists():
        pytest.skip(f"the sample data is not on this machine: {name}")
    return path


def make_map(text: str) -> ImportMap:
    return parse_map(text.encode(), name="test")


SIMPLE = """
kind = "appointments"
system = "old"
external_id = "Id"
patient_name = "Patient"
start = { column = "Start", format = "%Y-%m-%d %H:%M" }
"""


def read(
    path: Path, plan: ImportMap, zone: Zone = MANILA, today: date = TODAY
) -> tuple[list[AppointmentRow], list[PatientRow], list[LineIssue]]:
    rows: list[AppointmentRow] = []
    patients: list[PatientRow] = []
    issues: list[LineIssue] = []
    for item in open_table(path, plan, zone=zone, today=today).rows():
        match item:
            case AppointmentRow():
                rows.append(item)
            case PatientRow():
                patients.append(item)
            case LineIssue():
                issues.append(item)
    return rows, patients, issues


def write_csv(path: Path, rows: Iterable[Iterable[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path
