"""Small tables and maps for tests of imports."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

HEADER = ("id", "patient", "name", "email", "phone", "born", "doctor", "start", "minutes", "service", "price", "status",
          "note")  # fmt: skip
MAP = """
kind = "appointments"
system = "old"

[fields]
external_id = { column = "id" }
patient_key = { column = "patient", optional = true }
patient_name = { column = "name" }
patient_email = { column = "email" }
patient_phone = { column = "phone" }
patient_birth_date = { column = "born", format = "%Y-%m-%d" }
provider = { column = "doctor" }
start = { column = "start", format = "%Y-%m-%d %H:%M" }
duration = { column = "minutes" }
services = { column = "service", separator = "; " }
price = { column = "price" }
notes = { column = "note" }

[fields.status]
column = "status"

[fields.status.values]
came = "COMPLETED"
off = "CANCELLED"
missed = "NO_SHOW"
due = "CONFIRMED"
asked = "PENDING"
"?" = "UNKNOWN"
"""
PATIENTS_HEADER = ("id", "name", "email", "phone", "born", "sex", "address", "note")
PATIENTS_MAP = """
kind = "patients"
system = "old"

[fields]
external_id = { column = "id" }
name = { column = "name" }
email = { column = "email" }
phone = { column = "phone" }
birth_date = { column = "born", format = "%Y-%m-%d" }
sex = { column = "sex" }
address = { column = "address" }
notes = { column = "note" }
"""


def row(**cells: str) -> dict[str, str]:
    """A line of an appointments table; what is not given is empty, but for what every line needs."""
    usual = {"id": "1", "name": "Ana Reyes", "doctor": "Dr Elena Cruz", "start": "2026-11-23 09:00", "minutes": "30",
             "status": "due"}  # fmt: skip
    return {**dict.fromkeys(HEADER, ""), **usual, **cells}


def patient(**cells: str) -> dict[str, str]:
    """A line of a patients table."""
    return {**dict.fromkeys(PATIENTS_HEADER, ""), "id": "1", "name": "Ana Reyes", **cells}


class Tables:
    """Writes tables and their maps into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.map = self._text("old.toml", MAP)
        self.patients_map = self._text("old-patients.toml", PATIENTS_MAP)

    def _text(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8")
        return str(self.folder / name)

    def appointments(self, *rows: dict[str, str], name: str = "appointments.csv") -> Path:
        """A table of these lines."""
        return self._write(name, HEADER, rows)

    def patients(self, *rows: dict[str, str], name: str = "patients.csv") -> Path:
        """The same of patients."""
        return self._write(name, PATIENTS_HEADER, rows)

    def many(self, count: int, name: str = "many.csv") -> Path:
        """So many appointments of a quarter as many patients, one after the other at Dr Lim, all long past."""
        return self._write(
            name,
            HEADER,
            (
                row(
                    id=f"m{i}",
                    patient=f"p{i % (count // 4 or 1)}",
                    name=f"Patient Number {i % (count // 4 or 1)}",
                    doctor="Dr Ramon Lim",
                    start=f"20{10 + i // 8064 % 15:02d}-{i // 672 % 12 + 1:02d}-{i // 24 % 28 + 1:02d} {i % 24:02d}:00",
                    minutes="20",
                    status="came",
                )
                for i in range(count)
            ),
        )

    def _write(self, name: str, header: Sequence[str], rows: Iterable[dict[str, str]]) -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
        return path
