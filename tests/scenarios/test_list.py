"""All selected, a thousand confirmed and taken back, while another program books: nothing is lost, nothing jumps.

The same on the small clinic, each time the suite runs, and on the one with 100,000 appointments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.domain.commands import Book
from himsog_desktop.services import booking, openslots
from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.page import AppointmentsPage
from tests.scenarios.hands import CONTROL, KEY, Hands
from tests.ui.conftest import Seat

MANY = 1_000
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def at(page: AppointmentsPage, place: Place, x: int) -> QPoint:
    y = page.view.rows.top(place) - page.view.verticalScrollBar().value()
    return QPoint(x, y + page.view.rows.row // 2)


def seen(page: AppointmentsPage) -> list[tuple[str, int]]:
    page.view.viewport().repaint()
    return list(page.view._seen)


@contextmanager
def booker(hands: Hands) -> Iterator[Callable[[], str]]:
    """Another program that books whoever comes first into the next free time, each time it is asked."""
    with hands.desk() as desk:
        people = [r[0] for r in desk.reader.execute("SELECT id FROM user WHERE role = 'USER' LIMIT 40")]

        def book() -> str:
            slot = openslots.next_free(desk, (), (), None, 1)[0]
            return booking.book(desk, Book(slot.provider or "", slot.start, patient_id=people.pop())).changed[0].id

        yield book


def a_thousand(seat: Seat) -> None:
    hands = Hands(seat)
    hands.keys(KEY.Key_2)
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    view, model = page.view, page.model
    page.set_state(page.state.__class__(range="all"))
    seat.wait(lambda: model.ready, timeout=20_000)
    with hands.desk() as desk:
        everything = desk.reader.execute("SELECT count(*) FROM appointments").fetchone()[0]

    # Everything that is found, loaded or not; what comes later is not selected unseen.
    hands.keys(KEY.Key_A, modifier=CONTROL)
    assert len(view.chosen) == everything > len(model.lines)
    with booker(hands) as book:
        new = book()
        seat.wait(lambda: bool(model.stale))
        assert len(view.chosen) == everything
        assert new not in view.chosen
        hands.keys(KEY.Key_R, modifier=CONTROL)
        seat.wait(lambda: model.found.find(new), timeout=20_000)
        assert len(view.chosen) == everything
        assert new not in view.chosen
        hands.keys(KEY.Key_Escape)
        assert len(view.chosen) == 0

        # The first thousand requests: a click, and a click with Shift far below.
        many = min(MANY, model.found.sections[0].total)
        view.jump(0)
        seat.wait(lambda: len(seen(page)) > 3)
        viewport = view.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, PLAIN, at(page, Place(0, 0), 15))
        view.scroll_to(Place(0, many - 1))
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, SHIFT, at(page, Place(0, many - 1), 200))
        chosen = page.chosen()
        assert len(chosen) == many
        view.setFocus()
        seat.settle()
        before = seen(page)
        booked = [book()]
        QTest.keyClick(view, KEY.Key_C)
        booked.append(book())

        def all_are(status: str) -> bool:
            view.viewport().repaint()
            rows = [model.lines.get(key) for key, _ in before if key in chosen]
            return all(row is not None and row.tile.status == status for row in rows)

        seat.wait(lambda: all_are("CONFIRMED"), timeout=30_000)
        booked.append(book())
        seat.wait(lambda: bool(model.stale))
        assert page.chosen() == chosen
        assert seen(page) == before
        assert seat.messages()[-1].startswith("Confirmed")

        # From its message: Ctrl+Z would take back the newest act of this person, who books elsewhere as well.
        toast = seat.workspace.messages.newest
        assert toast is not None
        assert toast.button is not None
        toast.button.click()
        seat.wait(lambda: all_are("PENDING"), timeout=30_000)
        booked.append(book())
        assert page.chosen() == chosen
        assert seen(page) == before

        # In order again, with what was booked meanwhile; what was selected still is, and nothing else.
        hands.keys(KEY.Key_R, modifier=CONTROL)
        seat.wait(lambda: all(model.found.find(key) for key in booked), timeout=20_000)
        assert set(page.chosen()) == set(chosen)
    with hands.desk() as desk:
        marks = ",".join("?" * len(chosen))
        text = f"SELECT DISTINCT status FROM appointments WHERE id IN ({marks})"  # sql: identifiers only
        assert desk.reader.execute(text, chosen).fetchall() == [("PENDING",)]


def test_a_thousand_of_a_small_clinic(seat: Seat) -> None:
    a_thousand(seat)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_thousand_of_a_hundred_thousand(busy_desk: Seat) -> None:
    a_thousand(busy_desk)
