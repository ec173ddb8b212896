"""What somebody found who worked at the window for a day: each test is a fault that was there once."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from himsog_desktop.ui.shell.gates import Unlock
from tests.ui.conftest import Seat


def whole(field: QLineEdit) -> bool:
    """Whether all of a field's height is on the screen."""
    return field.visibleRegion().boundingRect().height() == field.sizeHint().height()


@pytest.mark.parametrize("width", [960, 1366, 1920])
def test_the_field_of_the_lock_is_not_cut_off(closed_seat: Seat, width: int) -> None:
    closed_seat.open(None)
    gate = closed_seat.program.window.gate
    assert isinstance(gate, Unlock)
    closed_seat.window.resize(width, 600)
    closed_seat.wait(lambda: whole(gate.words))
    gate.wrong("The passphrase does not fit this profile. Check it, or use the recovery key instead.")
    closed_seat.wait(lambda: whole(gate.words))
