"""A clinic with its workstations at a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Database
from tests.support.stations import Clinic, open_clinic


@pytest.fixture
def clinic(shared_database: Database, tmp_path: Path) -> Iterator[Clinic]:
    """On the usual server."""
    yield from _clinic(shared_database, tmp_path)


@pytest.fixture
def each_clinic(each_shared_database: Database, tmp_path: Path) -> Iterator[Clinic]:
    """On each kind of server that this machine has."""
    yield from _clinic(each_shared_database, tmp_path)


def _clinic(database: Database, folder: Path) -> Iterator[Clinic]:
    made = open_clinic(database, folder)
    try:
        yield made
    finally:
        made.close()
