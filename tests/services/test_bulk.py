"""A hundred acts at once: what the preview says is what is done; one act, one undo."""

from __future__ import annotations

from datetime import timedelta

import pytest

from himsog_desktop.domain.appointment import CancelledBy, StatusAct
from himsog_desktop.domain.commands import Bulk, Step, Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import bulk, histories, lists, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import PreviewDoc
from tests.support.profiles import TODAY, World

WALLS = ("09:00", "09:30", "10:00", "10:30")


@pytest.fixture
def four(desk: Desk, world: World) -> list[str]:
    """Check-ups of Dr Cruz, half an hour each."""
    check_up = (world.service("check-up"),)
    return [world.book(desk, wall, f"Patient {wall}", service_ids=check_up).id for wall in WALLS]


def said(found: PreviewDoc) -> list[tuple[str, str | None, list[str]]]:
    """Per outcome the time and state it leads to, and the rules against it."""
    return [
        (
            o.before.start[11:16],
            f"{o.after.start[11:16]} {o.after.status}" if o.after else None,
            [rule.rule for rule in o.rules],
        )
        for o in found.outcomes
    ]


def standing(desk: Desk, *ids: str) -> list[str]:
    found = [lists.appointment(desk, key) for key in ids]
    return [f"{a.start[5:16]} {a.provider.name} {a.status}" for a in found]


def test_half_moved_half_cancelled_is_one_act_with_one_undo(desk: Desk, world: World, four: list[str]) -> None:
    wanted = Bulk(
        (
            Step(tuple(four[:2]), provider_id=world.provider("lim")),
            Step(tuple(four[2:]), StatusAct.CANCEL, "provider ill", CancelledBy.CLINIC),
        )
    )
    before = [lists.appointment(desk, key) for key in four]
    seen = bulk.preview(desk, wanted)
    assert (seen.will_change, seen.refused) == (4, 0)
    assert [lists.appointment(desk, key) for key in four] == before, "a preview writes nothing"
    done = bulk.carry_out(desk, wanted)
    assert (done.kind, [a.id for a in done.changed], done.refused) == ("appointment.bulk", four, [])
    assert {a.provider.name for a in done.changed[:2]} == {"Dr Ramon Lim"}
    assert [s.id for s in done.changed[0].services] == [world.service("check-up", "lim")]
    assert {h.act for key in four for h in histories.history(desk, key)[1:]} == {done.act}
    undoing.undo(desk, Undo())
    again = [lists.appointment(desk, key) for key in four]
    assert again == before


def test_rows_of_one_act_see_each_other(desk: Desk, world: World, four: list[str]) -> None:
    """A time that was given up is free; of two that want the same time the second is refused."""
    wanted = Bulk(
        (
            Step((four[0],), StatusAct.CANCEL),
            Step((four[1],), shift=-30),
            Step((four[2],), shift=-60),
            Step((four[3],), shift=-60),
        )
    )
    seen = bulk.preview(desk, wanted)
    assert said(seen) == [
        ("09:00", "09:00 CANCELLED", []),
        ("09:30", "09:00 PENDING", []),
        ("10:00", None, ["booked"]),
        ("10:30", "09:30 PENDING", []),
    ]
    free = [slot.start[11:16] for slot in seen.outcomes[2].alternatives]
    assert len(free) == 3
    answer = bulk.carry_out(desk, wanted)
    assert [r.id for r in answer.refused] == [four[2]]
    undoing.undo(desk, Undo())
    assert [a[6:11] for a in standing(desk, *four)] == list(WALLS)


def test_a_day_is_moved_at_the_same_wall_time(desk: Desk, world: World, four: list[str]) -> None:
    monday = TODAY + timedelta(days=3)
    seen = bulk.preview(desk, Bulk((Step(tuple(four), StatusAct.CONFIRM, day=monday),)))
    assert [o.after and o.after.start for o in seen.outcomes] == [f"2026-11-23T{w}:00+08:00" for w in WALLS]
    assert {o.after.status for o in seen.outcomes if o.after} == {"CONFIRMED"}
    sunday = bulk.preview(desk, Bulk((Step(tuple(four), day=TODAY + timedelta(days=2)),)))
    assert (sunday.will_change, sunday.refused) == (0, 4)
    assert all([r.rule for r in o.rules] == ["closed"] and len(o.alternatives) == 3 for o in sunday.outcomes)


def test_what_makes_no_sense_is_said_before_anything(desk: Desk, world: World, four: list[str]) -> None:
    for steps in ((), (Step(()),), (Step((four[0],)),), (Step(("nobody",), StatusAct.CANCEL),)):
        with pytest.raises(BadInput):
            bulk.carry_out(desk, Bulk(steps))
    with pytest.raises(BadInput):
        bulk.preview(desk, Bulk((Step((four[0],), provider_id="nobody"),)))
    with pytest.raises(NoAccess):
        bulk.preview(world.desk("rea"), Bulk((Step((four[0],), StatusAct.CANCEL),)))


def test_stopped_in_the_middle_nothing_is_done(desk: Desk, four: list[str]) -> None:
    wanted = Bulk((Step(tuple(four[:2]), StatusAct.CANCEL), Step(tuple(four[2:]), StatusAct.CONFIRM)))
    told: list[tuple[int, int]] = []
    with pytest.raises(Refused) as stopped:
        bulk.carry_out(desk, wanted, "r", lambda *so_far: told.append(so_far), lambda: len(told) > 1)
    assert stopped.value.code == "cancelled"
    assert told == [(0, 4), (1, 4)]
    assert {a.split()[-1] for a in standing(desk, *four)} == {"PENDING"}
    # The request was not answered: asked again it is done.
    assert len(bulk.carry_out(desk, wanted, "r").changed) == 4


def test_an_undo_goes_back_in_order_one_gives_up_what_another_takes_again(desk: Desk, world: World) -> None:
    first = world.book(desk, "09:00", "First").id
    bulk.carry_out(desk, Bulk((Step((first,), StatusAct.CANCEL),)))
    second = world.book(desk, "09:00", "Second").id
    swap = Bulk((Step((second,), StatusAct.CANCEL), Step((first,), StatusAct.REOPEN)))
    assert bulk.carry_out(desk, swap).refused == []
    undone = undoing.undo(desk, Undo())
    assert undone.refused == []
    assert [a.split()[-1] for a in standing(desk, first, second)] == ["CANCELLED", "PENDING"]


def test_one_row_touched_twice_goes_back_twice(desk: Desk, world: World, four: list[str]) -> None:
    away = Step((four[0],), shift=300)
    wanted = Bulk(
        (away, Step((four[1],), shift=-30), Step((four[0],), shift=-270), Step((four[0],), StatusAct.CONFIRM))
    )
    answer = bulk.carry_out(desk, wanted)
    assert answer.refused == []
    assert [a[6:11] for a in standing(desk, *four[:2])] == ["09:30", "09:00"]
    undoing.undo(desk, Undo())
    assert [a[6:11] + a[-8:] for a in standing(desk, *four[:2])] == ["09:00 PENDING", "09:30 PENDING"]


def test_what_changed_meanwhile_stays_and_the_rest_goes_back(desk: Desk, world: World, four: list[str]) -> None:
    bulk.carry_out(desk, Bulk((Step(tuple(four), StatusAct.CONFIRM),)))
    bulk.carry_out(desk, Bulk((Step((four[1],), StatusAct.NO_SHOW),)))
    act = histories.history(desk, four[0])[-1].act
    answer = undoing.undo(desk, Undo(act))
    assert [r.id for r in answer.refused] == [four[1]]
    assert [a.split()[-1] for a in standing(desk, *four)] == ["PENDING", "NO_SHOW", "PENDING", "PENDING"]
