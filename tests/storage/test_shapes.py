"""What rows are written by follows the schema, and a booking never loads SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.dialects import sqlite

from himsog_desktop.storage import sql, tables
from himsog_desktop.storage.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
DIALECT = sqlite.dialect(paramstyle="qmark")


def test_the_shapes_are_those_of_the_schema() -> None:
    assert tables.shapes() == SHAPES, "run: python -m himsog_desktop.storage.tables > himsog_desktop/storage/shapes.py"


@pytest.mark.parametrize("name", SHAPES)
def test_the_text_is_what_sqlalchemy_would_write(name: str) -> None:
    table = tables.metadata.tables[name]
    keys = [column for column in table.columns if column.primary_key]

    def bare(text: str) -> str:
        return " ".join(text.replace('"', "").split())

    assert bare(sql.insert_text(name)) == bare(str(insert(table).compile(dialect=DIALECT)))
    gone = delete(table).where(*(column == "" for column in keys)).compile(dialect=DIALECT)
    assert bare(sql.delete_text(name)) == bare(str(gone)).replace(f"{name}.", "")
    assert [c.name for c in keys] == [SHAPES[name][0].split()[i] for i in SHAPES[name][1]]
    assert sql.upsert_text(name).startswith(sql.insert_text(name))


def test_writing_loads_no_sqlalchemy() -> None:
    code = (
        "import sys, himsog_desktop.storage.write, himsog_desktop.services.booking; print('sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
