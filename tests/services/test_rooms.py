"""The clinic's day with rooms as columns, and where somebody is free in one."""

from __future__ import annotations

from himsog_desktop.domain.commands import Move
from himsog_desktop.domain.day import NO_ROOM, ROOM, rooms_in
from himsog_desktop.services import booking, openslots
from himsog_desktop.services.day import day_page, merged, room_page
from himsog_desktop.services.desk import Desk
from tests.support.profiles import TODAY, World


def test_a_columns_id_says_its_rooms() -> None:
    assert (rooms_in(ROOM + "r1"), rooms_in(ROOM), rooms_in("p1"), rooms_in("2026-11-20")) == (("r1",), (), None, None)


def test_each_stands_in_its_room_and_the_rest_in_the_last(desk: Desk, world: World) -> None:
    room = desk.clinic.rooms[0].id
    inside = world.book(desk, "09:00", room_ids=(room,))
    outside = world.book(desk, "10:00", provider="lim")
    page = room_page(desk.cache, TODAY)
    assert [(c.id, c.name) for c in page.columns] == [(ROOM + room, "Room 1"), (ROOM, "No room")]
    assert {t.id: page.column_of(t) for t in page.tiles} == {inside.id: ROOM + room, outside.id: ROOM}
    assert page.of_rooms
    assert {page.provider_name(t.provider_id) for t in page.tiles} == {
        c.name for c in day_page(desk.cache, TODAY).columns[:2]
    }
    hidden = room_page(desk.cache, TODAY, (NO_ROOM,))
    assert [t.id for t in hidden.tiles] == [inside.id]
    assert room_page(desk.cache, TODAY, (), (), (outside.provider.id,)).tiles == hidden.tiles


def test_a_room_is_open_when_anybody_is(desk: Desk) -> None:
    page = room_page(desk.cache, TODAY)
    everybody = merged(stretch for c in day_page(desk.cache, TODAY).columns for stretch in c.open)
    assert everybody
    assert all(list(c.open) == everybody for c in page.columns)
    assert merged([(5, 7), (1, 2), (2, 3), (6, 9)]) == [(1, 3), (5, 9)]


def test_a_room_is_free_when_somebody_can_be_booked_in_it(desk: Desk, world: World) -> None:
    room = desk.clinic.rooms[0].id
    at = (world.at("09:00"), world.at("09:30"))
    assert openslots.explain_room(desk, (room,), *at) == ()
    assert openslots.free_provider(desk, at[0]) == world.provider("cruz")
    here = world.book(desk, "09:00", room_ids=(room,))
    assert [(r.rule, r.text) for r in openslots.explain_room(desk, (room,), *at)] == [
        ("resource_busy", "In use: Room 1")
    ]
    assert openslots.explain_room(desk, (), *at) == ()
    assert openslots.free_provider(desk, at[0]) == world.provider("lim")
    booking.move(desk, Move(here.id, at[0], room_ids=()))
    assert openslots.explain_room(desk, (room,), *at) == ()
