"""A hundred acts at once: what the preview says is what is done; one act, one undo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Appointment, BookedService, CancelledBy, Status, StatusAct
from himsog_desktop.domain.commands import Bulk, Move, SetStatus, Step, Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.domain.time import MINUTE, parse_instant
from himsog_desktop.services import booking, bulk, histories, lists, pacing, patients, states, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc, PreviewDoc
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage.check import double_booked
from tests.support.profiles import MANILA, TODAY, FixedClock, World

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
    assert told == [(0, 4), (0, 4)], "the clock of these tests takes a second a look"
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


# ------------------------------------------------------------- what is said is what is done

PROVIDERS = ("cruz", "lim", "tan")
START = [8 * 60 + 20 * n for n in range(27)]


@st.composite
def clinics(draw: st.DrawFn) -> tuple[list[tuple[str, int, int, str]], list[tuple[list[int], dict[str, object]]]]:
    """Appointments as they stand (provider, start, length, state), and the steps over their places in the list."""
    there = draw(
        st.lists(
            st.tuples(
                st.sampled_from(PROVIDERS),
                st.sampled_from(START),
                st.sampled_from([20, 30, 60]),
                st.sampled_from([s.value for s in Status]),
            ),
            min_size=1,
            max_size=9,
        )
    )
    places = st.lists(st.integers(0, len(there) - 1), min_size=1, max_size=6)
    act = st.fixed_dictionaries({}, optional={"act": st.sampled_from(list(StatusAct))})
    move = st.fixed_dictionaries(
        {},
        optional={
            "provider_id": st.sampled_from(PROVIDERS),
            "day": st.sampled_from([TODAY, TODAY + timedelta(days=3)]),
            "shift": st.sampled_from([-60, -20, 20, 60, 180]),
        },
    )
    step = st.tuples(places, st.builds(lambda a, b: {**a, **b}, act, move).filter(bool))
    return there, draw(st.lists(step, min_size=1, max_size=4))


@pytest.fixture(scope="module")
def shared(clinic_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One clinic for all examples; each begins with an empty diary."""
    folder = tmp_path_factory.mktemp("bulk") / "profile"
    shutil.copytree(clinic_template, folder)
    made = World(folder, FixedClock(MANILA.instant(TODAY, 8 * 60)))
    yield made
    made.close()


def filled(world: World, desk: Desk, there: list[tuple[str, int, int, str]]) -> list[str]:
    """These appointments as they stand, whatever the rules say; their ids."""
    who = patients.add(desk, patients.PatientFields(name="Reyes, Ana", phone="0917 555 0101"))
    with desk.write("clean") as tx:
        for table in ("appointments", "appointment_desk", "appointment_service", "tile", "notice", "history", "act"):
            tx.raw.execute(f"DELETE FROM {table}")
        made = []
        for place, (provider, start, minutes, status) in enumerate(there):
            at = world.zone.instant(TODAY, start)
            service = (
                BookedService(world.service("therapy", "tan"), "Physiotherapy", 800) if provider == "tan" else None
            )
            if provider != "tan":
                service = BookedService(world.service("check-up", provider), "Check-up", 500)
            made.append(
                Appointment(
                    id=f"a{place}",
                    number=f"APT{place}",
                    clinic_id=desk.clinic.id,
                    provider_id=world.provider(provider),
                    patient_id=who.id,
                    start=at,
                    end=at + minutes * MINUTE,
                    status=Status(status),
                    patient_name=who.name,
                    patient_email="x@patients.invalid",
                    created=desk.now(),
                    updated=desk.now(),
                    services=(service,) if service else (),
                    lane=place,
                    overbook_reason="as it came",
                )
            )
        tx.put_many([(None, a) for a in made])
    return [a.id for a in made]


@given(example=clinics())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_the_preview_is_what_is_done_and_undo_takes_it_back(
    shared: World, example: tuple[list[tuple[str, int, int, str]], list[tuple[list[int], dict[str, object]]]]
) -> None:
    there, asked = example
    desk = shared.opened[0] if shared.opened else shared.desk()
    ids = filled(shared, desk, there)
    steps = []
    for places, fields in asked:
        named = dict(fields)
        if "provider_id" in named:
            named["provider_id"] = shared.provider(str(named["provider_id"]))
        steps.append(Step(tuple(ids[p] for p in places), **named))  # type: ignore[arg-type]
    wanted = Bulk(tuple(steps))
    before = rows(desk)
    seen = bulk.preview(desk, wanted)
    assert rows(desk) == before, "a preview writes nothing"
    done = bulk.carry_out(desk, wanted)
    # Each outcome in turn leads to what the next one of the row begins with, and the last to what stands.
    now = {a.id: place_of(a) for a in lists.appointments(desk, AppointmentFilter())}
    last = {o.id: o.after for o in seen.outcomes if o.after is not None}
    for key, after in last.items():
        assert now[key] == (after.start, after.end, after.provider.id, after.status)
    assert [r.id for r in done.refused] == [o.id for o in seen.outcomes if o.after is None]
    assert [r.rules for r in done.refused] == [o.rules for o in seen.outcomes if o.after is None]
    assert (seen.refused, seen.will_change) == (len(done.refused), done.count)
    assert {a.id for a in done.changed} <= set(last)
    assert double_booked(desk.reader) == 0
    if done.count:
        after = rows(desk)
        undone = undoing.undo(desk, Undo(done.act))
        assert undone.refused == []
        assert rows(desk) == before
        again = undoing.undo(desk, Undo(undone.act))
        assert again.refused == []
        assert rows(desk) == after


def rows(desk: Desk) -> list[object]:
    """Everything that a bulk act may touch, as it is stored."""
    tables = ("appointments", "appointment_desk", "appointment_service", "tile")
    owed = desk.reader.execute("SELECT appointment_id, kind FROM notice WHERE kind IS NOT NULL ORDER BY 1").fetchall()
    return [owed, *(desk.reader.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables)]


def place_of(a: AppointmentDoc) -> tuple[str, str, str, str]:
    return a.start, a.end, a.provider.id, a.status


@given(example=clinics())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_many_at_once_come_to_what_one_after_the_other_does(
    shared: World, example: tuple[list[tuple[str, int, int, str]], list[tuple[list[int], dict[str, object]]]]
) -> None:
    """The plan sees changes that are not written yet; the single acts see them written."""
    there, asked = example
    desk = shared.opened[0] if shared.opened else shared.desk()
    ids = filled(shared, desk, there)
    wanted = Bulk(tuple(_simple(shared, ids, places, fields) for places, fields in asked))
    seen = bulk.preview(desk, wanted)
    refused = []
    for step in wanted.steps:
        for key in dict.fromkeys(step.ids):
            try:
                if step.act is not None:
                    states.set_status(desk, SetStatus(step.act, (key,), step.reason, step.cancelled_for))
                else:
                    booking.move(desk, _move(desk, key, step))
            except Refused as refusal:
                rules = [r.rule for r in refusal.details] or [refusal.code]
                refused.append((key, rules, [s.start for s in refusal.alternatives]))
    single = rows(desk)[1:]
    assert refused == [
        (o.id, [r.rule for r in o.rules], [parse_instant(s.start) for s in o.alternatives])
        for o in seen.outcomes
        if o.after is None
    ]
    filled(shared, desk, there)
    bulk.carry_out(desk, wanted)

    def bare(tables: list[object]) -> list[object]:
        # Each filling has a patient of its own.
        return [[tuple(v for v in row if v not in people) for row in table] for table in tables]  # type: ignore[attr-defined]

    people = {row[0] for row in desk.reader.execute("SELECT id FROM user")}
    assert bare(rows(desk)[1:]) == bare(single)


def _simple(world: World, ids: list[str], places: list[int], fields: dict[str, object]) -> Step:
    """A step that is one single act for each row."""
    named = dict(fields)
    if "act" in named:
        named = {"act": named["act"]}
    if "provider_id" in named:
        named["provider_id"] = world.provider(str(named["provider_id"]))
    return Step(tuple(ids[p] for p in places), **named)  # type: ignore[arg-type]


def _move(desk: Desk, key: str, step: Step) -> Move:
    a = lists.appointment(desk, key)
    start = parse_instant(a.start)
    if step.day is not None:
        start = desk.zone.instant(step.day, desk.zone.minutes_of(start))
    return Move(key, start + step.shift * MINUTE, step.provider_id)


@pytest.mark.parametrize("broken", [False, True])
def test_one_row_touched_twice_goes_back_twice_in_chunks_too(
    desk: Desk, world: World, four: list[str], monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 2)
    monkeypatch.setattr(pacing, "MOST_ROWS", 12)  # three rows a chunk
    before = [lists.appointment(desk, key) for key in four]
    wanted = Bulk((Step(tuple(four[:2]), StatusAct.CONFIRM), Step(tuple(four), shift=300)))
    done = bulk.carry_out(desk, wanted)
    assert done.refused == []
    if broken:

        def cut_off(so_far: int, _of: int) -> None:
            if so_far:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            undoing.undo(desk, Undo(done.act), progress=cut_off)
        assert undoing.finish_broken(desk) == 1
    else:
        assert undoing.undo(desk, Undo(done.act)).refused == []
    assert [(a.start, a.status) for a in (lists.appointment(desk, key) for key in four)] == [
        (a.start, a.status) for a in before
    ]
