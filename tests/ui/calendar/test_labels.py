from __future__ import annotations

import pytest

from himsog_desktop.domain.appointment import ACTIVE, SHOWN, Location, Status, VisitState
from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_REFUSED
from himsog_desktop.domain.time import MINUTE, zone
from himsog_desktop.ui.calendar import labels
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.theme.glyphs import GLYPHS
from himsog_desktop.ui.theme.tokens import STYLES
from tests.support.days import MANILA, at, page, tile


@pytest.mark.parametrize(
    ("hour", "full", "half", "axis"),
    [
        (0, "00:00", "12:00 AM", "12 AM"),
        (0.5, "00:30", "12:30 AM", "12:30 AM"),
        (9, "09:00", "9:00 AM", "9 AM"),
        (12, "12:00", "12:00 PM", "12 PM"),
        (13.25, "13:15", "1:15 PM", "1:15 PM"),
        (23 + 59 / 60, "23:59", "11:59 PM", "11:59 PM"),
    ],
)
def test_times_in_both_formats(hour: float, full: str, half: str, axis: str) -> None:
    assert Clock(zone(MANILA)).time(at(hour)) == full
    assert Clock(zone(MANILA), hour12=True).time(at(hour)) == half
    assert Clock(zone(MANILA), hour12=True).hour(round(hour * 60)) == axis


def test_the_words_are_those_of_the_domain() -> None:
    assert {status.value: word for status, word in SHOWN.items()} == labels.STATES
    assert set(labels.VISITS) == {visit.value for visit in VisitState}
    assert {status.value for status in ACTIVE} == {s for s in labels.STATES if labels.movable(tile("a", 9, status=s))}
    assert set(labels.LOCATION_ICONS) == {place.value for place in Location} - {"in_person"}


def test_every_state_has_a_look_an_icon_and_a_word() -> None:
    for status in Status:
        made = tile("a", 9, status=status.value)
        assert labels.style_of(made) in STYLES
        assert labels.icon_of(made) in GLYPHS
        assert labels.state_of(made) == SHOWN[status]
    icons = {labels.icon_of(tile("a", 9, status=s.value)) for s in Status}
    icons |= {labels.icon_of(tile("a", 9, visit=v.value)) for v in VisitState}
    assert len(icons) == len(Status) + len(VisitState), "no two may look alike"


def test_a_finished_visit_is_what_its_state_says() -> None:
    assert labels.state_of(tile("a", 9, status="COMPLETED", visit="checked_out")) == "Completed"
    assert labels.style_of(tile("a", 9, status="COMPLETED", visit="checked_out")) == "completed"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (12, "12 min"), (119, "119 min"), (125, "2 h 05"), (-5, "")]
)
def test_how_long_somebody_waits(minutes: int, words: str) -> None:
    assert labels.waited(tile("a", 9, visit="arrived", since=at(9)), at(9) + minutes * MINUTE) == words


def test_nobody_waits_who_is_not_here() -> None:
    assert labels.waited(tile("a", 9), at(10)) == ""
    assert labels.waited(tile("a", 9, status="COMPLETED", visit="checked_out", since=at(9)), at(10)) == ""


@pytest.mark.parametrize(
    ("name", "private"),
    [("Reyes, Ana", "R. A."), ("Dela Cruz, Jose Miguel", "D. C. J. M."), ("", "–"), (" , ", "–"), ("Ñ", "Ñ.")],
)
def test_initials(name: str, private: str) -> None:
    assert labels.shown_name(tile("a", 9, name=name), True) == private


def test_the_contracts_name_of_a_tile() -> None:
    made = tile("a", 9)
    assert labels.accessible_name(made, Clock(zone(MANILA))) == "09:00–09:30 Reyes, Ana, Check-up, Confirmed"


def test_grave_flags_come_first_and_in_words() -> None:
    made = tile("a", 9, flags=SYNC_REFUSED | SYNC_CONFLICT)
    warnings = [f.text for f in labels.facts(made, "Dr Cruz", Clock(zone(MANILA)), at(9)) if f.kind == "warning"]
    assert [w.split()[0] for w in warnings] == ["The", "Another"]


def test_counts_leave_out_the_cancelled() -> None:
    made = page(
        tile("a", 9), tile("b", 10, status="CANCELLED"), tile("c", 10, status="NO_SHOW"), tile("d", 9, provider="p1")
    )
    assert labels.booked_count(made) == {"p0": 2, "p1": 1}
