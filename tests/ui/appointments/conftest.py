from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.appointments.rig import Rig


@pytest.fixture
def rig(qapp, tmp_path: Path) -> Iterator[Rig]:
    """A real small clinic, its owner at the desk."""
    made = Rig(qapp, tmp_path)
    yield made
    made.close()
    assert not made.reported


@pytest.fixture
def mara(qapp, tmp_path: Path) -> Iterator[Rig]:
    """The same with a receptionist."""
    made = Rig(qapp, tmp_path, "mara")
    yield made
    made.close()
    assert not made.reported
