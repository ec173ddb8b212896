"""Saved views: kept encrypted, one's own, in the order of their keys."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.services import drafts, views
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.views import MOST, SavedView, named


def test_views_come_back_as_they_were_kept(desk: Desk) -> None:
    assert views.kept(desk) == []
    mine = [
        named(SavedView("", "week", hidden=("p1",), order=("p2", "p1"), zoom=30), " Reyes,  follow-ups "),
        named(SavedView("", columns="rooms"), "Rooms"),
    ]
    views.keep(desk, mine)
    assert views.kept(desk) == mine
    assert mine[0].name == "Reyes, follow-ups"
    assert drafts.kept(desk) == []  # they are no interrupted bookings
    views.keep(desk, mine[1:])
    assert views.kept(desk) == mine[1:]
    views.keep(desk, [])
    assert views.kept(desk) == []


def test_no_more_than_there_are_keys(desk: Desk) -> None:
    views.keep(desk, [named(SavedView(""), f"View {n}") for n in range(MOST + 4)])
    assert len(views.kept(desk)) == MOST


def test_a_view_is_known_by_what_it_shows() -> None:
    one = named(SavedView("", zoom=30), "One")
    assert one.shows_as(SavedView("Other", zoom=30, id="x"))
    assert not one.shows_as(SavedView("One", zoom=15, id=one.id))
    assert named(one, "Another").id == one.id
    with pytest.raises(BadInput):
        named(one, "  ")


def test_what_another_release_kept_is_no_error(desk: Desk) -> None:
    from himsog_desktop.storage import drafts as stored

    stored.put(desk.cache, stored.Kept(f"views/{desk.staff.id}/", '{"not": "ours"}', 1), 1, "views/")
    assert views.kept(desk) == []
