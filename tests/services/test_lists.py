"""Lists of appointments against a plain filter over everything."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus
from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.domain.people import digits, fold
from himsog_desktop.services import booking, lists, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc
from himsog_desktop.services.lists import AppointmentFilter
from tests.support.profiles import TODAY, World

NAMES = ("Reyes, Ana", "Peña, José", "Ng, Li", "Reyes, Benjamin", "Uy, Analyn")
WALLS = {"cruz": ("08:00", "10:30", "16:30"), "lim": ("09:00",), "tan": ("10:00", "17:00")}
ACTS = (None, StatusAct.CONFIRM, StatusAct.CANCEL, StatusAct.CONFIRM, None)


@pytest.fixture
def busy(desk: Desk, world: World) -> Desk:
    """Three providers, six days, five names, several states."""
    n = 0
    for offset in (0, 3, 5, 7, 12, 31):
        day = TODAY + timedelta(days=offset)
        for provider, walls in WALLS.items():
            for wall in walls:
                if provider in ("lim", "cruz") and day.weekday() not in (0, 2, 4):
                    continue
                made = world.book(desk, wall, NAMES[n % 5], provider=provider, day=day)
                act = ACTS[n % len(ACTS)]
                if act is not None and Status(made.status) is not act.target:
                    states.set_status(desk, SetStatus(act, (made.id,)))
                n += 1
    return desk


def plain(everything: list[AppointmentDoc], wanted: AppointmentFilter, provider_id: str | None) -> list[str]:
    """The filter said another way: one look at each row."""

    def lets_through(a: AppointmentDoc) -> bool:
        day = date.fromisoformat(a.start[:10])
        words = fold(wanted.query or "").replace(",", " ").split()
        hay = [*fold(a.patient.name).replace(",", " ").split(), digits(a.patient.phone or "")]
        return (
            (wanted.from_day is None or day >= wanted.from_day)
            and (wanted.to_day is None or day <= wanted.to_day)
            and (provider_id is None or a.provider.id == provider_id)
            and (not wanted.statuses or Status(a.status) in wanted.statuses)
            and all(any(h.startswith(w) for h in hay) for w in words)
        )

    return [a.id for a in everything if lets_through(a)]


days = st.none() | st.integers(-1, 33).map(lambda n: TODAY + timedelta(days=n))
filters = st.builds(
    AppointmentFilter,
    from_day=days,
    to_day=days,
    provider=st.sampled_from([None, "cruz", "lim", "tan"]),
    statuses=st.lists(st.sampled_from(list(Status)), max_size=3).map(tuple),
    query=st.sampled_from([None, "", "reyes", "rey an", "pena", "ng", "PEÑA José", "uy", "x"]),
)


def test_every_filter_says_what_a_plain_look_says(busy: Desk, world: World) -> None:
    everything = lists.appointments(busy, AppointmentFilter())
    assert len(everything) > 20
    assert everything == sorted(everything, key=lambda a: (a.start, a.id))

    @given(wanted=filters, limit=st.none() | st.integers(0, 40), offset=st.integers(0, 30))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def same(wanted: AppointmentFilter, limit: int | None, offset: int) -> None:
        if wanted.from_day and wanted.to_day and wanted.to_day < wanted.from_day:
            with pytest.raises(BadInput):
                lists.ids(busy, wanted)
            return
        expected = plain(everything, wanted, world.provider(wanted.provider) if wanted.provider else None)
        page = expected[offset:] if limit is None else expected[offset : offset + limit]
        assert lists.ids(busy, wanted, limit, offset) == page
        assert lists.count(busy, wanted) == len(expected)
        assert [a.id for a in lists.appointments(busy, wanted, limit, offset)] == page

    same()


def test_found_by_number_phone_and_mail(desk: Desk, world: World) -> None:
    made = booking.book(
        desk,
        Book(
            world.provider("cruz"),
            world.at("09:00"),
            new_patient=NewPatient("Peña, José", phone="0917 555 0101", email="jp@example.com"),
        ),
    ).changed[0]
    world.book(desk, "10:00", "Somebody Else")
    for query in (
        made.number,
        made.number.lower(),
        made.number[:9],
        made.number[3:],
        "0917-555-0101",
        "+63 917 555 0101",
        "5550101",
        "jp@example",
        "JP@EXAMPLE.COM",
        "pena jo",
    ):
        assert lists.ids(desk, AppointmentFilter(query=query)) == [made.id], query
    assert lists.ids(desk, AppointmentFilter(query="'; DROP TABLE appointments; --")) == []
    assert lists.ids(desk, AppointmentFilter(query="%")) == []
    assert lists.appointment(desk, made.number.lower()).id == made.id
    assert lists.appointment(desk, made.id) == lists.appointments(desk, AppointmentFilter(query=made.number))[0]


def test_many_patients_are_found_in_order_too(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from himsog_desktop.storage import queries

    for wall in ("08:00", "08:30", "09:00", "09:30"):
        world.book(desk, wall, f"Reyes, N{wall[:2]}{wall[3:]}")
    few = lists.ids(desk, AppointmentFilter(query="reyes", statuses=(Status.PENDING,), provider="cruz"))
    monkeypatch.setattr(queries, "FEW_PATIENTS", 2)
    assert lists.ids(desk, AppointmentFilter(query="reyes", statuses=(Status.PENDING,), provider="cruz")) == few
    assert len(few) == 4


def test_days_are_the_clinics(desk: Desk, world: World) -> None:
    late = world.book(desk, "17:00", provider="tan")
    tomorrow = TODAY + timedelta(days=1)
    midnight = booking.appointment_of(desk.reader, world.book(desk, "10:00", provider="tan", day=tomorrow).id)
    with desk.write("import") as tx:
        tx.put(midnight, dataclasses.replace(midnight, start=world.at("00:00", tomorrow)))
    assert lists.ids(desk, AppointmentFilter(TODAY, TODAY)) == [late.id]
    assert lists.ids(desk, AppointmentFilter(tomorrow, tomorrow)) == [midnight.id]
    assert lists.ids(desk, AppointmentFilter(tomorrow + timedelta(days=1))) == []
    assert lists.ids(desk, AppointmentFilter(None, TODAY - timedelta(days=1))) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (AppointmentFilter(TODAY, TODAY - timedelta(days=1)), "bad_value"),
        (AppointmentFilter(provider="nobody"), "not_found"),
    ],
)
def test_filters_that_make_no_sense(desk: Desk, wanted: AppointmentFilter, code: str) -> None:
    for ask in (lists.ids, lists.count, lists.appointments):
        with pytest.raises(BadInput) as told:
            ask(desk, wanted)
        assert told.value.code == code


def test_pages_that_make_no_sense_and_unknown_appointments(desk: Desk) -> None:
    with pytest.raises(BadInput):
        lists.ids(desk, AppointmentFilter(), -1)
    with pytest.raises(BadInput):
        lists.ids(desk, AppointmentFilter(), 1, -1)
    for key in ("", "nothing", "APT00000000AAAA", "'; DROP TABLE"):
        with pytest.raises(BadInput) as told:
            lists.appointment(desk, key)
        assert told.value.code == "not_found"


def test_who_sees_what(desk: Desk, world: World) -> None:
    own = world.book(desk, "09:00", provider="cruz")
    other = world.book(desk, "09:00", "Other, One", provider="lim")
    cruz = world.desk("dr-cruz")
    assert lists.ids(cruz, AppointmentFilter()) == [own.id]
    assert lists.ids(cruz, AppointmentFilter(provider="lim")) == []
    assert lists.count(cruz, AppointmentFilter(query="other")) == 0
    assert lists.appointment(cruz, own.id).id == own.id
    with pytest.raises(BadInput):
        lists.appointment(cruz, other.id)
    assert set(lists.ids(world.desk("rea"), AppointmentFilter())) == {own.id, other.id}
    for ask in (lists.ids, lists.count):
        with pytest.raises(NoAccess):
            ask(world.desk("ivan"), AppointmentFilter())
    with pytest.raises(NoAccess):
        lists.appointment(world.desk("ivan"), own.id)
