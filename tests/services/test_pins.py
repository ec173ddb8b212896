"""The pinboard as it is kept: ids alone, what they are read anew, what can't be carried any more said."""

from __future__ import annotations

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Move, SetStatus, Undo
from himsog_desktop.services import booking, pins, states, undoing
from himsog_desktop.services.desk import Desk
from tests.support.profiles import World


def test_pins_are_kept_in_order_and_read_as_they_are_now(desk: Desk, world: World) -> None:
    assert pins.board(desk) == pins.Board(())
    one, two = world.book(desk, "09:00"), world.book(desk, "10:00", "Uy, Ng", provider="lim")
    pins.keep(desk, [two.id, one.id, two.id])
    board = pins.board(desk)
    assert [(pin.tile.id, pin.tile.name, pin.provider) for pin in board.pins] == [
        (two.id, "Uy, Ng", two.provider.name),
        (one.id, "Reyes, Ana", one.provider.name),
    ]
    booking.move(desk, Move(one.id, world.at("11:00")))
    assert [pin.tile.start for pin in pins.board(desk).pins] == [world.at("10:00"), world.at("11:00")]
    pins.keep(desk, [])
    assert pins.board(desk).pins == ()


def test_nothing_of_a_patient_is_kept(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    pins.keep(desk, [made.id])
    (body,) = desk.reader.execute("SELECT body FROM drafts").fetchone()
    assert body == f'["{made.id}"]'


def test_what_is_cancelled_or_gone_is_lost_with_the_reason(desk: Desk, world: World) -> None:
    one, two = world.book(desk, "09:00"), world.book(desk, "10:00", "Uy, Ng")
    three = booking.book(desk, _booking(world))
    pins.keep(desk, [one.id, two.id, three.changed[0].id])
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (one.id,), reason="Feeling better"))
    undoing.undo(desk, Undo(three.act))
    board = pins.board(desk)
    assert [pin.tile.id for pin in board.pins] == [two.id]
    assert [(lost.name, lost.why) for lost in board.lost] == [
        ("Reyes, Ana", "it is cancelled now"),
        ("", "it is not there any more"),
    ]


def _booking(world: World):  # type: ignore[no-untyped-def]
    from himsog_desktop.domain.commands import Book, NewPatient

    return Book(world.provider("cruz"), world.at("11:00"), new_patient=NewPatient("Tan, Li"))
