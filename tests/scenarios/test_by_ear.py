"""The phone booking by the accessibility tree alone: what a screen reader can find, read, write and press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface

from himsog_desktop.domain.errors import BadInput
from tests.scenarios.hands import Hands, no_mouse
from tests.ui.conftest import Seat

NAME = QAccessible.Text.Name
ROLE = QAccessible.Role


class Reader:
    """Somebody who has nothing but the tree: finds by role and name, reads, writes, does actions."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def all(self) -> Iterator[QAccessibleInterface]:
        """Everything that is to be seen, in the order of the tree."""
        root = QAccessible.queryAccessibleInterface(self.seat.window)
        assert root is not None
        waiting = [root]
        while waiting:
            found = waiting.pop(0)
            if found.state().invisible:
                continue
            yield found
            waiting[:0] = [c for c in (found.child(i) for i in range(found.childCount())) if c is not None]

    def find(self, role: QAccessible.Role, name: str) -> QAccessibleInterface | None:
        """The first of that role whose name begins so."""
        return next((one for one in self.all() if one.role() == role and one.text(NAME).startswith(name)), None)

    def need(self, role: QAccessible.Role, name: str) -> QAccessibleInterface:
        """The same, awaited."""
        self.seat.wait(lambda: self.find(role, name) is not None)
        found = self.find(role, name)
        assert found is not None
        return found

    def items(self, name: str) -> list[str]:
        """The names of a list's items."""
        found = self.need(ROLE.List, name)
        return [found.child(i).text(NAME) for i in range(found.childCount())]

    def press(self, name: str) -> None:
        """Press a button."""
        self._do(self.need(ROLE.Button, name), "Press")

    def toggle(self, inside: str, at: int) -> None:
        """Toggle an item of a list."""
        found = self.need(ROLE.List, inside).child(at)
        assert found is not None
        self._do(found, "Toggle")

    def write(self, name: str, text: str) -> None:
        """Put a text into a field."""
        field = self.need(ROLE.EditableText, name)
        field.setText(QAccessible.Text.Value, text)
        self.seat.settle()

    def _do(self, one: QAccessibleInterface, action: str) -> None:
        actions = one.actionInterface()
        assert actions is not None
        assert action in actions.actionNames()
        actions.doAction(action)
        self.seat.qtbot.wait(1)
        self.seat.settle()


@pytest.fixture
def reader(seat: Seat) -> Iterator[Reader]:
    """At the desk with a screen reader, without mouse and without keys."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    with no_mouse():
        yield Reader(seat)
    QAccessible.setActive(before)


def test_a_phone_booking_by_the_tree_alone_and_its_undo(reader: Reader) -> None:
    seat = reader.seat
    hands = Hands(seat)
    reader.press("New appointment")
    reader.write("Patient: name or digits", "rey")
    seat.wait(lambda: len(reader.items("Found patients")) > 2)
    heard = reader.items("Found patients")[1]
    reader.toggle("Found patients", 1)
    name = heard.split(", ")[0]
    seat.wait(lambda: hands.panel().patient.patient is not None)
    patient = hands.panel().patient.patient
    assert patient is not None
    assert patient.name.startswith(name)
    reader.write("Service", "check")
    seat.wait(lambda: len(reader.items("Found services")) > 0)
    reader.toggle("Found services", 0)
    reader._do(reader.need(ROLE.CheckBox, "Part of the day: Afternoon"), "Press")
    seat.wait(lambda: len(reader.items("Next available")) > 2)
    third = hands.panel().time.found[2]
    reader.toggle("Next available", 2)
    assert hands.panel().time.start == third.start
    reader.press("Book")
    seat.wait(lambda: seat.workspace.host.panel is None)
    seat.wait(lambda: hands.tile(lambda t: t.patient_id == patient.id and t.start == third.start) is not None)
    made = hands.tile(lambda t: t.patient_id == patient.id and t.start == third.start)
    assert made is not None
    assert hands.kept(made.id).status == "PENDING"
    # The painted day tells of it as well.
    assert any(patient.name in one.text(NAME) and "Requested" in one.text(NAME) for one in reader.all())
    reader.press("Undo")
    seat.wait(lambda: hands.tile(lambda t: t.id == made.id) is None)
    with pytest.raises(BadInput):
        hands.kept(made.id)
