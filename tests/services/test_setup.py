"""The set-up document: what it says comes about, twice the same, and every slip is told with its place."""

# ruff: noqa: E501 - a fault is a line

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.commands import Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import directory, histories, setup, setupfile, undoing
from himsog_desktop.services.desk import Desk
from tests.support.profiles import World, make_profile

EXAMPLE = Path(__file__).parents[2] / "resources" / "setup" / "example.toml"


def apply(desk: Desk, text: str, **more: object):
    return setup.apply(desk, setupfile.parse(text), **more)


@pytest.fixture
def empty(tmp_path: Path, world: World):
    folder = tmp_path / "empty"
    folder.mkdir()
    make_profile(folder, "")
    made = World(folder, world.clock)
    yield made
    made.close()


def test_the_example_sets_up_a_clinic_and_says_so(empty: World) -> None:
    desk = empty.desk()
    told = apply(desk, EXAMPLE.read_text(encoding="utf-8"))
    assert {(c.entity, c.key, c.change) for c in told.setup} >= {
        ("clinic", "clinic", "changed"),
        ("staff", "ana", "added"),
        ("provider", "cruz", "added"),
        ("service", "annual", "added"),
    }
    assert desk.clinic.name == "Example Family Clinic"
    assert [room.name for room in desk.clinic.rooms] == ["Room 1", "Ultrasound"]
    cruz, lim = directory.providers(desk)
    assert (cruz.name, cruz.slot_minutes, cruz.policy.overbook_lanes) == ("Dr Elena Cruz", 30, 1)
    assert [h.day for h in cruz.hours] == [1, 2, 3, 4, 5, 6]
    assert [o.date for o in cruz.overrides] == ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-28"]
    assert lim.hours[0].end == "24:00"
    checkups = [s for s in directory.services(desk) if s.name == "Check-up"]
    assert len(checkups) == 2
    assert len({s.catalogue for s in checkups}) == 1
    annual = next(s for s in directory.services(desk, "cruz") if s.kind == "PACKAGE")
    names = {s.id: s.name for s in directory.services(desk, "cruz")}
    assert [names[part] for part in annual.parts] == ["Check-up", "Vaccination"]
    assert (annual.pricing, annual.price_min) == ("FIXED", "1800.00")


def test_a_second_time_and_its_own_export_change_nothing(empty: World) -> None:
    desk = empty.desk()
    apply(desk, EXAMPLE.read_text(encoding="utf-8"))
    again = apply(desk, EXAMPLE.read_text(encoding="utf-8"))
    assert again.setup == []
    assert again.undoable_until is None
    exported = setup.export(desk)
    assert apply(desk, exported).setup == []
    assert setup.export(desk) == exported


def test_an_export_builds_the_same_clinic_elsewhere(empty: World, desk: Desk) -> None:
    exported = setup.export(desk)
    other = empty.desk()
    apply(other, exported)
    assert setup.export(other) == exported


def test_what_was_made_without_keys_is_known_by_its_id(desk: Desk) -> None:
    with desk.write("test") as tx:
        tx.raw.execute("UPDATE provider_desk SET key = NULL")
        tx.raw.execute("UPDATE service_desk SET key = NULL")
    exported = setup.export(desk)
    assert apply(desk, exported).setup == []
    provider = directory.providers(desk)[0]
    told = apply(desk, f'[[providers]]\nkey = "{provider.id}"\nname = "Dr E. Cruz"')
    assert [(c.change, c.fields) for c in told.setup] == [("changed", ["name"])]
    assert directory.providers(desk)[0].name == "Dr E. Cruz"


def test_a_dry_run_tells_and_changes_nothing(desk: Desk, world: World) -> None:
    before, acts = setup.export(desk), world.count("act")
    told = apply(
        desk, '[[providers]]\nkey = "cruz"\nslot_minutes = 45\n[[rooms]]\nkey = "r9"\nname = "Nine"', dry_run=True
    )
    assert told.act is None
    assert told.dry_run
    assert {(c.entity, c.key, tuple(c.fields)) for c in told.setup} == {
        ("clinic", "clinic", ("rooms",)),
        ("provider", "cruz", ("slot_minutes",)),
    }
    assert setup.export(desk) == before
    assert world.count("act") == acts


def test_what_a_document_does_not_say_stays(desk: Desk) -> None:
    before = {p.id: p for p in directory.providers(desk)}
    services = directory.services(desk)
    told = apply(desk, '[[services]]\nkey = "check-up"\nprice = 550')
    assert [(c.entity, c.fields) for c in told.setup] == [("service", ["price_min", "price_max"])] * 2
    assert {p.id: p for p in directory.providers(desk)} == before
    assert len(directory.services(desk)) == len(services)
    apply(desk, '[[providers]]\nkey = "cruz"\nbreaks = []\n[providers.policy]\nmax_per_day = 12')
    cruz = directory.providers(desk)[0]
    assert cruz.breaks == []
    assert cruz.hours == before[cruz.id].hours
    assert (cruz.policy.max_per_day, cruz.policy.overbook_lanes) == (12, 1)
    apply(desk, '[[providers]]\nkey = "cruz"\n[providers.policy]\nmax_per_day = "unlimited"')
    assert directory.providers(desk)[0].policy.max_per_day is None


def test_one_entry_may_differ_from_provider_to_provider(desk: Desk) -> None:
    apply(desk, '[[services]]\nkey = "check-up"\nproviders = ["lim"]\nprice = 700')
    prices = {s.provider: s.price_min for s in directory.services(desk) if s.key == "check-up"}
    assert sorted(prices.values()) == ["500.00", "700.00"]
    assert len({s.catalogue for s in directory.services(desk) if s.key == "check-up"}) == 1
    assert apply(desk, setup.export(desk)).setup == []


def test_columns_move_only_when_the_document_says_another_order(desk: Desk) -> None:
    def order() -> list[str | None]:
        return [p.key for p in directory.providers(desk)]

    assert order() == ["cruz", "lim", "tan"]
    apply(desk, '[[providers]]\nkey = "tan"\n[[providers]]\nkey = "new"\nname = "Dr New"')
    assert order() == ["cruz", "lim", "tan", "new"]
    apply(desk, '[[providers]]\nkey = "new"\n[[providers]]\nkey = "cruz"')
    assert order() == ["new", "cruz", "lim", "tan"]


def test_a_set_up_can_be_undone_and_redone_unless_it_is_in_use(desk: Desk, world: World) -> None:
    before = setup.export(desk)
    told = apply(desk, '[clinic]\nname = "Other"\n[[providers]]\nkey = "new"\nname = "Dr New"')
    assert desk.clinic.name == "Other"
    undone = undoing.undo(desk, Undo(told.act))
    assert setup.export(desk) == before
    assert desk.clinic.name == "Clinic under test"
    undoing.undo(desk, Undo(undone.act))
    assert [p.key for p in directory.providers(desk)][-1] == "new"

    told = apply(
        desk,
        '[[providers]]\nkey = "busy"\nname = "Dr Busy"\n[[providers.hours]]\nday = "fri"\nstart = "08:00"\nend = "17:00"',
    )
    world.book(desk, "09:00", provider="busy")
    with pytest.raises(Refused) as refused:
        undoing.undo(desk, Undo(told.act))
    assert [r.rule for r in refused.value.details] == ["in_use"]


def test_the_same_request_gives_the_same_answer(desk: Desk) -> None:
    document = setupfile.parse('[[rooms]]\nkey = "r9"\nname = "Nine"')
    first = setup.apply(desk, document, request_id="5b0c")
    assert setup.apply(desk, document, request_id="5b0c") == first
    assert first.act is not None
    assert histories.act(desk, first.act).kind == "setup.apply"


def test_only_those_who_may_change_it(world: World) -> None:
    for login in ("ana", "dr-cruz", "rea", "ivan"):
        with pytest.raises(NoAccess):
            apply(world.desk(login), "")
        with pytest.raises(NoAccess):
            setup.export(world.desk(login))


PROVIDER = '[[providers]]\nkey = "p"\nname = "P"\n'
SERVICE = '[[services]]\nkey = "s"\nname = "S"\nproviders = ["cruz"]\n'
FAULTS = {
    "hours": (
        PROVIDER + '[[providers.hours]]\nday = "mon"\nstart = "17:00"\nend = "08:00"',
        "providers[0].hours[0].end: ends before it starts",
    ),
    "hours of no length": (
        PROVIDER + '[[providers.hours]]\nday = "mon"\nstart = "08:00"\nend = "08:00"',
        "providers[0].hours[0].end: ends when it starts",
    ),
    "overlapping hours": (
        PROVIDER
        + '[[providers.hours]]\nday = ["mon", "tue"]\nstart = "08:00"\nend = "12:00"\n'
        + '[[providers.hours]]\nday = "tue"\nstart = "11:00"\nend = "13:00"',
        "providers[0].hours[1]: overlaps providers[0].hours[0] on the same day",
    ),
    "no such day": (
        PROVIDER + '[[providers.hours]]\nday = "moonday"\nstart = "08:00"\nend = "12:00"',
        "providers[0].hours[0].day: is one of sun, mon",
    ),
    "no such time": (
        PROVIDER + '[[providers.hours]]\nday = 1\nstart = "25:00"\nend = "26:00"',
        "providers[0].hours[0].start: not a time of day",
    ),
    "31 February": (
        PROVIDER + '[[providers.overrides]]\ndate = "2027-02-31"',
        "providers[0].overrides[0].date: there is no such day",
    ),
    "dates the wrong way round": (
        PROVIDER + '[[providers.overrides]]\ndate = "2027-02-03"\nuntil = "2027-02-01"',
        "providers[0].overrides[0].until: lies before date",
    ),
    "a slip of the pen": (PROVIDER + "slotminutes = 20", "providers[0].slotminutes: is not known here"),
    "an unknown table": ("[[provider]]\nkey = 'p'", "provider: is not known here"),
    "slot too short": (
        PROVIDER + "slot_minutes = 4",
        "providers[0].slot_minutes: must be a whole number from 5 to 180",
    ),
    "a truth for a number": (PROVIDER + "slot_minutes = true", "providers[0].slot_minutes: must be a whole number"),
    "policy": (PROVIDER + "[providers.policy]\nmax_per_day = 0", 'from 1 to 1000, or "unlimited"'),
    "no key": ('[[rooms]]\nname = "R"', "rooms[0].key: is missing"),
    "the same key": (
        '[[rooms]]\nkey = "r"\nname = "R"\n[[rooms]]\nkey = "r"\nname = "Q"',
        "rooms[1].key: 'r': rooms[0] has the same key",
    ),
    "a new one without a name": ('[[providers]]\nkey = "q"', "providers[0].name: is missing"),
    "not a list": ("[rooms]\nkey = 'r'", "rooms: must be a list: write [[rooms]]"),
    "zone": ('[clinic]\ntimezone = "Mars/Olympus"', "clinic.timezone: there is no time zone"),
    "currency": ('[clinic]\ncurrency = "pesos"', "clinic.currency: is three letters"),
    "an empty name": ('[clinic]\nname = "  "', "clinic.name: The name is empty"),
    "a long name": (f'[clinic]\nname = "{"x" * 5000}"', "clinic.name: The name has more than 200 characters"),
    "role": ('[[staff]]\nkey = "x"\nrole = "boss"', "staff[0].role: must be one of read-only, provider"),
    "mail": (
        '[[staff]]\nkey = "x"\nrole = "it"\nemail = "nowhere"',
        "staff[0].email: The e-mail address can't be right",
    ),
    "the last manager": (
        '[[staff]]\nkey = "owner"\nrole = "receptionist"',
        "at least one active person must be a manager",
    ),
    "an unknown column": (
        '[[staff]]\nkey = "ana"\nprovider = "nobody"',
        "staff[0].provider: there is no provider 'nobody'",
    ),
    "who offers it": ('[[services]]\nkey = "s"\nname = "S"\nprice = 1', "services[0].providers: is missing"),
    "an unknown provider": (
        '[[services]]\nkey = "s"\nname = "S"\nprice = 1\nproviders = ["cruz", "x"]',
        "services[0].providers[1]: there is no provider 'x'",
    ),
    "twice the same provider": (
        '[[services]]\nkey = "s"\nname = "S"\nprice = 1\nproviders = ["cruz", "cruz"]',
        "services[0].providers: 'cruz': offers it twice",
    ),
    "said twice": (
        SERVICE + "price = 1\n" + SERVICE + "price = 2",
        "services[1].providers[0]: 's' of this provider is said twice",
    ),
    "no price": (SERVICE, "services[0].price: is missing"),
    "centavos": (SERVICE + 'price = "500.50"', "services[0].price: has centavos, and the platform"),
    "a price that is none": (SERVICE + 'price = "five"', "services[0].price: Not an amount"),
    "a binary fraction": (SERVICE + "price = 1.5", "services[0].price: must be an amount such as 500"),
    "a negative price": (SERVICE + "price = -5", "services[0].price: can't be negative"),
    "range upside down": (SERVICE + "price_min = 5\nprice_max = 4", "services[0].price_max: is less than price_min"),
    "half a range": (SERVICE + "price_min = 5", "services[0].price_max: is missing"),
    "both prices": (SERVICE + "price = 5\nprice_min = 5\nprice_max = 6", "services[0].price: stands beside price_min"),
    "inquire": (SERVICE + 'pricing = "INQUIRE"\nprice = 5', "services[0].pricing: INQUIRE has no price"),
    "parts of a single": (SERVICE + 'kind = "SINGLE"\nparts = ["check-up"]\nprice = 5', "only a PACKAGE has parts"),
    "a package of nothing": (SERVICE + 'kind = "PACKAGE"\nprice = 5', "services[0].parts: is missing"),
    "an unknown part": (
        SERVICE + 'parts = ["therapy"]\nprice = 5',
        "services[0].parts[0]: Dr Elena Cruz doesn't offer 'therapy'",
    ),
    "a package in itself": (SERVICE + 'parts = ["s"]\nprice = 5', "services[0].parts: a package can't hold itself"),
    "nobody offers it": ('[[services]]\nkey = "s"\nproviders = []', "services[0].providers: names nobody"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_is_told_with_its_place(desk: Desk, world: World, case: str) -> None:
    text, words = FAULTS[case]
    before, acts = setup.export(desk), world.count("act")
    with pytest.raises(BadInput, match=re.escape(words)):
        apply(desk, text)
    assert setup.export(desk) == before
    assert world.count("act") == acts


def test_several_faults_are_told_together(desk: Desk) -> None:
    with pytest.raises(BadInput) as told:
        apply(desk, '[clinic]\ncurrency = "x"\n[[rooms]]\nname = "R"\n[[staff]]\nkey = "y"\nrole = "boss"')
    assert all(place in told.value.message for place in ("clinic.currency", "rooms[0].key", "staff[0].role"))


def test_a_chain_of_packages_that_closes_is_refused(desk: Desk) -> None:
    text = (
        '[[services]]\nkey = "a"\nname = "A"\nproviders = ["cruz"]\nparts = ["b"]\nprice = 1\n'
        '[[services]]\nkey = "b"\nname = "B"\nproviders = ["cruz"]\nparts = ["a"]\nprice = 1\n'
    )
    with pytest.raises(BadInput, match="can't hold itself"):
        apply(desk, text)


@pytest.mark.parametrize("text", ["= 5", "[clinic\n", "a = " + "[" * 5000, "\x00"])
def test_what_is_not_toml(text: str) -> None:
    with pytest.raises(BadInput, match="is not TOML"):
        setupfile.parse(text)


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False)
values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3))
names = st.sampled_from(
    ["key", "name", "clinic", "rooms", "staff", "providers", "services", "hours", "day", "start", "end", "policy",
     "price", "parts", "kind", "role", "timezone", "slot_minutes", "date", "overrides"]
)  # fmt: skip
tables = st.recursive(values, lambda v: st.dictionaries(names, v | st.lists(v, max_size=2), max_size=4), max_leaves=12)


@given(document=st.dictionaries(names, tables | st.lists(tables, max_size=3), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_document_at_all_makes_more_than_a_sentence(document: dict[str, object], desk: Desk) -> None:
    told = ""
    try:
        setup.apply(desk, document, dry_run=True)
    except BadInput as fault:
        told = fault.message
    assert not told or told.endswith(".")
