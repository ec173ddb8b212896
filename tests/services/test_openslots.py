"""Open times of a profile: what can be booked is free, what is free can be booked."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.commands import Book, NewPatient, Undo
from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.time import MINUTE, parse_instant
from himsog_desktop.services import booking, directory, openslots, setup, setupfile, undoing
from himsog_desktop.services.desk import Desk
from tests.support.profiles import TODAY, FixedClock, World

MONDAY = TODAY + timedelta(days=3)


def walls(found, available: bool = True) -> list[str]:
    return [s.start[11:16] for s in found if s.available is available]


def test_the_grid_of_a_day(desk: Desk, world: World) -> None:
    world.book(desk, "09:00", day=MONDAY)
    found = openslots.slots(desk, "cruz", MONDAY)
    assert len(found) == 18
    assert found[0].provider == world.provider("cruz")
    assert walls(found)[:4] == ["08:00", "08:30", "09:30", "10:00"]
    blocked = {s.start[11:16]: [r.rule for r in s.reasons] for s in found if not s.available}
    assert blocked == {"09:00": ["booked"], "12:00": ["break"], "12:30": ["break"]}
    assert walls(openslots.slots(desk, world.provider("cruz"), MONDAY, only_free=True), available=False) == []


def test_the_past_is_blocked_and_a_holiday_has_no_slots(desk: Desk, world: World) -> None:
    world.clock.forward(61)
    assert walls(openslots.slots(desk, "cruz", TODAY))[0] == "09:30"
    assert openslots.slots(desk, "cruz", date(2026, 11, 30)) == []
    assert openslots.slots(desk, "cruz", date(2026, 11, 22)) == [], "a Sunday"


def test_services_make_the_length_and_the_buffers(desk: Desk, world: World) -> None:
    one_hour = openslots.slots(desk, "cruz", MONDAY, service_ids=["procedure"])
    assert [s.start[11:16] for s in one_hour] == [f"{h:02d}:00" for h in range(8, 17)]
    assert walls(one_hour, available=False) == ["12:00"]
    both = openslots.slots(desk, "cruz", MONDAY, service_ids=[world.service("check-up"), "procedure"])
    assert both[0].end[11:16] == "09:30"
    short = openslots.slots(desk, "cruz", MONDAY, duration=10)
    assert short[0].end[11:16] == "08:10"
    world.book(desk, "09:00", day=MONDAY, service_ids=(world.service("vaccination"),))
    after = {s.start[11:16]: [r.rule for r in s.reasons] for s in openslots.slots(desk, "cruz", MONDAY)}
    assert after["09:30"], "ten minutes are kept free after a vaccination"
    assert after["10:00"] == []


def test_a_services_own_limit_a_day(desk: Desk, world: World) -> None:
    world.book(desk, "09:00", day=MONDAY, service_ids=(world.service("procedure"),))
    found = openslots.slots(desk, "cruz", MONDAY, service_ids=["procedure"])
    assert walls(found) == []
    assert {r.rule for s in found for r in s.reasons} >= {"max_per_day"}
    assert walls(openslots.slots(desk, "cruz", MONDAY))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"provider": "nobody"}, "not_found"),
        ({"service_ids": ["nothing"]}, "not_found"),
        ({"days": 0}, "bad_value"),
        ({"days": 367}, "bad_value"),
        ({"duration": 0}, "bad_value"),
        ({"duration": 1441}, "bad_value"),
    ],
)
def test_what_makes_no_sense(desk: Desk, more: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as told:
        openslots.slots(desk, **{"provider": "cruz", "first": MONDAY, **more})  # type: ignore[arg-type]
    assert told.value.code == code


def test_services_of_others_are_not_offered(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        openslots.slots(desk, "cruz", MONDAY, service_ids=["therapy"])
    assert refused.value.code == "service_not_offered"


def test_next_over_several_providers(desk: Desk, world: World) -> None:
    first = openslots.next_available(desk)
    assert [(s.provider, s.start[11:16]) for s in first] == [(world.provider("cruz"), "08:00")]
    found = openslots.next_available(desk, count=6)
    assert [s.start for s in found] == sorted(s.start for s in found)
    evening = openslots.next_available(desk, part="evening")
    assert [(s.provider, s.start[11:16]) for s in evening] == [(world.provider("tan"), "17:00")]
    only = openslots.next_available(desk, ["lim", world.provider("lim")], part="afternoon", count=2)
    assert [s.start[11:16] for s in only] == ["13:00", "13:20"]
    assert openslots.next_available(desk, ["lim"], first=date(2026, 11, 21))[0].start[:10] == "2026-11-23"
    assert openslots.next_available(desk, ["lim"], first=date(2020, 1, 1))[0].start[:10] == "2026-11-20"


def test_a_service_named_at_one_provider_is_found_at_the_others(desk: Desk, world: World) -> None:
    for named in ("check-up", world.service("check-up", "lim"), world.service("check-up", "cruz")):
        found = openslots.next_available(desk, service_ids=[named], first=MONDAY, count=8)
        assert {s.provider for s in found} == {world.provider("cruz"), world.provider("lim")}, named
        assert all((parse_instant(s.end) - parse_instant(s.start)) // MINUTE == 30 for s in found)
    only_tan = openslots.next_available(desk, service_ids=["therapy"], count=3)
    assert {s.provider for s in only_tan} == {world.provider("tan")}
    with pytest.raises(Refused, match="No provider"):
        openslots.next_available(desk, ["cruz", "lim"], service_ids=["therapy"])
    with pytest.raises(BadInput):
        openslots.next_available(desk, service_ids=["nothing"])


def test_suspended_providers_are_not_asked(desk: Desk, world: World) -> None:
    setup.apply(desk, setupfile.parse('[[providers]]\nkey = "cruz"\nstatus = "SUSPENDED"'))
    assert {s.provider for s in openslots.next_available(desk, count=20)}.isdisjoint({world.provider("cruz")})
    assert openslots.next_available(desk, ["cruz"]) == []


@pytest.mark.parametrize("bad", [{"count": 0}, {"count": 201}, {"part": "noon"}, {"providers": ["nobody"]}])
def test_next_that_makes_no_sense(desk: Desk, bad: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        openslots.next_available(desk, **bad)  # type: ignore[arg-type]


def test_next_is_the_first_free_of_the_grid(desk: Desk, world: World) -> None:
    for wall in ("08:00", "08:30", "09:00"):
        world.book(desk, wall, day=MONDAY)
    for key in ("cruz", "lim", "tan"):
        free = openslots.slots(desk, key, TODAY, 30, only_free=True)
        assert openslots.next_available(desk, [key], count=40) == free[:40]


@given(
    provider=st.sampled_from(["cruz", "lim", "tan"]),
    offset=st.integers(0, 8),
    number=st.integers(0, 60),
    services=st.sampled_from([(), ("check-up",), ("vaccination",), ("procedure",), ("annual",)]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_free_books_and_what_is_not_is_refused_with_the_same_rules(
    desk: Desk, world: World, provider: str, offset: int, number: int, services: tuple[str, ...]
) -> None:
    """The slots that are shown and the verdict that is given are one law."""
    if provider == "tan" or (provider == "lim" and services in (("procedure",), ("annual",))):
        services = ()
    day = TODAY + timedelta(days=offset)
    found = openslots.slots(desk, provider, day, service_ids=services)
    if not found:
        return
    slot = found[number % len(found)]
    command = Book(
        world.provider(provider),
        parse_instant(slot.start),
        new_patient=NewPatient("Reyes, Ana"),
        service_ids=tuple(world.service(key, provider) for key in services),
    )
    told = openslots.explain(
        desk, world.provider(provider), command.start, parse_instant(slot.end), service_ids=command.service_ids
    )
    assert [r.rule for r in told] == [r.rule for r in slot.reasons]
    if slot.available:
        made = booking.book(desk, command).changed[0]
        assert (made.start, made.end) == (slot.start, slot.end)
        return
    with pytest.raises(Refused) as refused:
        booking.book(desk, command)
    assert [d.rule for d in refused.value.details] == [r.rule for r in slot.reasons]
    for other in refused.value.alternatives:
        again = booking.book(desk, dataclasses.replace(command, start=other.start))
        undoing.undo(desk, Undo(again.act))


def test_why_not(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00", day=MONDAY)
    cruz, start, end = world.provider("cruz"), world.at("09:15", MONDAY), world.at("09:45", MONDAY)

    def rules(low: str, high: str, day: date = MONDAY) -> list[str]:
        return [r.rule for r in openslots.explain(desk, "cruz", world.at(low, day), world.at(high, day))]

    assert rules("09:15", "09:45") == ["booked"]
    assert openslots.explain(desk, cruz, start, end, ignore=made.id) == ()
    assert rules("11:45", "12:15") == ["break"]
    assert rules("06:00", "06:30", TODAY) == ["past", "notice", "closed"]
    busy = openslots.explain(desk, "lim", start, end, patient_id=made.patient.id)
    assert [r.rule for r in busy] == ["patient_busy"]
    with pytest.raises(BadInput):
        openslots.explain(desk, cruz, end, start)
    with pytest.raises(BadInput):
        openslots.explain(desk, "nobody", start, end)


def test_slots_of_a_rules_file(world: World) -> None:
    document = {
        "timezone": "Europe/Berlin",
        "hours": [{"day": 1, "start": "09:00", "end": "10:00"}],
        "busy": [{"start": "2026-11-23T09:30:00+01:00", "end": "2026-11-23T09:40:00+01:00"}],
        "duration": 30,
    }
    found = openslots.slots_from_rules(document, MONDAY, 1, world.clock)
    assert [(s.provider, s.start, s.available) for s in found] == [
        (None, "2026-11-23T09:00:00+01:00", True),
        (None, "2026-11-23T09:30:00+01:00", False),
    ]
    late = openslots.slots_from_rules(document, MONDAY, 1, FixedClock(world.at("23:00", MONDAY)))
    assert late[0].reasons[0].rule == "past"
    with pytest.raises(BadInput):
        openslots.slots_from_rules([], MONDAY, 1, world.clock)
    with pytest.raises(BadInput):
        openslots.slots_from_rules(document, MONDAY, 0, world.clock)


def test_the_directory(desk: Desk, world: World) -> None:
    assert [p.key for p in directory.providers(world.desk("ivan"))] == ["cruz", "lim", "tan"]
    assert {s.key for s in directory.services(desk, "lim")} == {"check-up", "vaccination"}
    assert len(directory.services(desk)) == 7
    with pytest.raises(BadInput):
        directory.services(desk, "nobody")
