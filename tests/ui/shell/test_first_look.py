"""The follower's first look: it goes on from where the first paint's page was read, and reads nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.bootstrap.session import Watch
from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.services import booking, openslots
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage.cache import Cache
from tests.ui.conftest import Seat


@pytest.fixture
def other(closed_seat: Seat) -> Iterator[Desk]:
    """Another program at the same profile."""
    desk = closed_seat.other_process()
    yield desk
    desk.cache.close()


def book(desk: Desk) -> str:
    """A new patient in the next free time of the first provider; the appointment's id."""
    providers = desk.reader.execute("SELECT provider_id FROM provider_desk ORDER BY key").fetchall()
    provider = str(providers[0][0])
    start = openslots.free_slots(desk, provider, date(2026, 11, 20))[-1].start
    return booking.book(desk, Book(provider, start, new_patient=NewPatient("Reyes, Ana"))).changed[0].id


@pytest.fixture
def watched(closed_seat: Seat, demo_profile: tuple[Path, bytes]) -> Iterator[tuple[Watch, list[bool]]]:
    key = demo_profile[1]
    with Cache(closed_seat.folder, key) as cache:
        stood = cache.stands()
    opened: list[bool] = []
    watch = Watch(closed_seat.folder, key, stood, opened.append)
    yield watch, opened
    watch.close()


def test_nothing_was_written_nothing_is_told(watched: tuple[Watch, list[bool]], other: Desk) -> None:
    watch, opened = watched
    assert watch.poll() is None
    assert opened == [False]
    made = book(other)
    told = watch.poll()
    assert told is not None
    assert not told.everything
    assert made in told.appointments
    assert opened == [False]


def test_what_was_written_before_the_first_look_is_told(watched: tuple[Watch, list[bool]], other: Desk) -> None:
    made = book(other)
    told = watched[0].poll()
    assert told is not None
    assert not told.everything
    assert made in told.appointments
    assert watched[0].poll() is None


def test_what_was_written_before_the_first_paint_is_on_the_screen(
    closed_seat: Seat, demo_profile: tuple[Path, bytes], other: Desk
) -> None:
    closed_seat.program.begin(demo_profile[1])
    made = book(other)
    closed_seat.program.window.show()
    closed_seat.settle()
    closed_seat.wait(lambda: closed_seat.workspace.day.view.tile(made) is not None)
