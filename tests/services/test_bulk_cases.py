"""Bulk acts against the tables: rows against rows, and each single verdict of the law once more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from himsog_desktop.domain import commands
from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.people import Role
from himsog_desktop.services import bulk, lists
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import OutcomeDoc
from tests.contracts import verdict_cases
from tests.contracts.bulk_cases import CASES, BulkCase, No
from tests.contracts.verdict_cases import Act, Allowed, Case, Move
from tests.contracts.verdict_cases import Refused as RefusedCase
from tests.services.test_verdict_cases import LOGINS, Bench
from tests.support.profiles import MANILA, TODAY, FixedClock, World

SINGLE = [
    case
    for case in verdict_cases.CASES
    if isinstance(case.ask, Act) or (isinstance(case.ask, Move) and not (case.ask.minutes or case.ask.overbook))
]


@pytest.fixture(scope="module")
def bench(clinic_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One clinic for both tables; each case is taken away again."""
    folder = tmp_path_factory.mktemp("bulk-cases") / "profile"
    shutil.copytree(clinic_template, folder)
    world = World(folder, FixedClock(MANILA.instant(TODAY, 8 * 60)))
    yield Bench(world)
    world.close()


@pytest.fixture(scope="module")
def desks(bench: Bench) -> dict[Role, Desk]:
    return {role: bench.world.desk(login) for role, login in LOGINS.items()}


def prepared(bench: Bench, case: Case) -> list[str]:
    with bench.desk.write("clean") as tx:
        for table in ("appointments", "appointment_desk", "appointment_service", "tile", "blocks"):
            tx.raw.execute(f"DELETE FROM {table}")
    return bench.prepare(case)


def test_the_names_of_the_cases_are_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rows_against_rows(bench: Bench, case: BulkCase) -> None:
    alone = Case(
        "", Act(verdict_cases.StatusAct.CONFIRM), Allowed(), case.given, policy=case.policy, blocks=case.blocks
    )
    ids = prepared(bench, alone)
    keys = {bench.world.provider(key): key for key in ("p", "q")}
    wanted = commands.Bulk(
        tuple(
            commands.Step(
                tuple(ids[place] for place in do.places),
                do.act,
                provider_id=bench.world.provider(do.provider) if do.provider else None,
                day=_day(case, do.places[0], do.days) if do.days else None,
                shift=do.shift,
            )
            for do in case.steps
        )
    )
    seen = bulk.preview(bench.desk, wanted)

    def told(o: OutcomeDoc) -> str | No:
        if o.after is None:
            return No(tuple(rule.rule for rule in o.rules))
        return f"{o.after.start[11:16]} {keys[o.after.provider.id]} {o.after.status}"

    assert tuple(told(o) for o in seen.outcomes) == case.expect
    for o in seen.outcomes:
        refused_by_time = o.after is None and o.rules[0].rule not in ("transition_refused", "service_not_offered")
        assert len(o.alternatives) == (3 if refused_by_time else 0)
    done = bulk.carry_out(bench.desk, wanted)
    assert [r.id for r in done.refused] == [o.id for o in seen.outcomes if o.after is None]
    last = {o.id: o.after for o in seen.outcomes if o.after}
    for key, after in last.items():
        there = lists.appointment(bench.desk, key)
        assert (there.start, there.end, there.provider, there.status) == (
            after.start,
            after.end,
            after.provider,
            after.status,
        )


def _day(case: BulkCase, place: int, days: int):
    return TODAY + timedelta(days=case.given[place].day + days)


@pytest.mark.parametrize("case", SINGLE, ids=lambda case: case.name)
def test_the_law_for_one_is_the_law_for_many(bench: Bench, desks: dict[Role, Desk], case: Case) -> None:
    ids = prepared(bench, case)
    wanted = commands.Bulk((_step(bench, case, ids[0]),))
    desk = desks[case.role]
    expected = case.expect
    if isinstance(expected, RefusedCase) and expected.code == "forbidden":
        with pytest.raises(HimsogError) as told:
            bulk.preview(desk, wanted)
        assert told.value.code == "forbidden"
        return
    outcome = bulk.preview(desk, wanted).outcomes[0]
    done = bulk.carry_out(desk, wanted)
    if isinstance(expected, RefusedCase):
        assert outcome.after is None
        assert [r.code for r in done.refused] == [expected.code]
        assert tuple(r.rule for r in outcome.rules) == (expected.rules or (expected.code,))
        return
    assert outcome.after is not None
    assert done.refused == []
    there = lists.appointment(desk, ids[0])
    assert there.lane == expected.lane
    assert expected.status is None or there.status == expected.status.value


def _step(bench: Bench, case: Case, key: str) -> commands.Step:
    ask = case.ask
    if isinstance(ask, Act):
        return commands.Step((key,), ask.act)
    assert isinstance(ask, Move)
    first = case.given[0]
    minutes = (bench.at(ask.start, ask.day) - bench.at(first.start, first.day)) // 60_000_000
    provider = bench.world.provider(ask.provider) if ask.provider else bench.world.provider("p")
    return commands.Step((key,), provider_id=provider, shift=minutes)
