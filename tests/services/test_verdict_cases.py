"""The desk's own verdict against the table of cases; and that no sequence of acts double-books."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain import commands
from himsog_desktop.domain.appointment import Appointment, BookedService, Status, StatusAct
from himsog_desktop.domain.clinic import Block, ProviderStatus
from himsog_desktop.domain.errors import BadInput, HimsogError, Refused
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.numbers import new_number
from himsog_desktop.domain.people import Patient, Role
from himsog_desktop.domain.time import MINUTE, Micros
from himsog_desktop.services import booking, setup, setupfile, states, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ActDoc
from himsog_desktop.storage import load
from tests.contracts.verdict_cases import CASES, Act, Allowed, Book, Case, Move, There
from tests.contracts.verdict_cases import Refused as RefusedCase
from tests.support.profiles import TODAY, World

CLINIC = """
[[providers]]
key = "p"
name = "P"
slot_minutes = 30
[[providers.hours]]
day = [0, 1, 2, 3, 4, 5, 6]
start = "08:00"
end = "17:00"
[[providers.breaks]]
day = [0, 1, 2, 3, 4, 5, 6]
start = "12:00"
end = "13:00"
[[providers]]
key = "q"
name = "Q"
slot_minutes = 30
[[providers.hours]]
day = [0, 1, 2, 3, 4, 5, 6]
start = "08:00"
end = "17:00"
[[services]]
key = "plain"
name = "Plain"
providers = ["p", "q"]
price = 1
duration = 30
[[services]]
key = "buffered"
name = "Buffered"
providers = ["p"]
price = 1
duration = 30
buffer_before = 10
buffer_after = 10
[[services]]
key = "once"
name = "Once"
providers = ["p"]
price = 1
duration = 30
max_per_day = 1
"""


class Bench:
    """The clinic of the table, on a profile that is its own authority."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = world.desk()
        setup.apply(self.desk, setupfile.parse(CLINIC))
        now = self.desk.now()
        self.patients = {
            name: Patient(new_id(), name, f"{name}@example.com", now, now, blocked=name == "blocked")
            for name in ("x", "y", "blocked")
        }
        with self.desk.write("test") as tx:
            tx.put_many([(None, p) for p in self.patients.values()])

    def at(self, wall: str, day: int) -> Micros:
        return self.world.at(wall, TODAY + timedelta(days=day))

    def prepare(self, case: Case) -> list[str]:
        """Put what is given there; ids of the appointments."""
        cache = self.desk.cache
        with self.desk.write("test") as tx:
            old = load.providers(tx.raw, cache.clinic.id, self.world.provider("p"))[0]
            status = ProviderStatus.VERIFIED if case.active_provider else ProviderStatus.SUSPENDED
            tx.put(old, dataclasses.replace(old, policy=case.policy, status=status))
            for start, end in case.blocks:
                now = self.desk.now()
                tx.put(None, Block(new_id(), old.id, self.at(start, 0), self.at(end, 0), "Closed", now, now))
            made = [self._made(there) for there in case.given]
            tx.put_many([(None, a) for a in made])
        return [a.id for a in made]

    def _made(self, there: There) -> Appointment:
        who, now = self.patients[there.patient], self.desk.now()
        return Appointment(
            id=new_id(),
            number=new_number(),
            clinic_id=self.desk.clinic.id,
            provider_id=self.world.provider(there.provider),
            patient_id=who.id,
            start=self.at(there.start, there.day),
            end=self.at(there.end, there.day),
            status=there.status,
            patient_name=who.name,
            patient_email=who.email,
            created=now,
            updated=now,
            services=tuple(BookedService(self.world.service(key, there.provider), key, 100) for key in there.services),
            lane=there.lane,
            overbook_reason="urgent" if there.lane else None,
        )

    def ask(self, desk: Desk, case: Case, ids: list[str]) -> ActDoc:
        match case.ask:
            case Book() as ask:
                owner = ask.provider if ask.services != ("once",) else "p"
                return booking.book(
                    desk,
                    commands.Book(
                        self.world.provider(ask.provider),
                        self.at(ask.start, ask.day),
                        patient_id=self.patients[ask.patient].id,
                        service_ids=tuple(self.world.service(key, owner) for key in ask.services),
                        duration=ask.minutes,
                        confirm=ask.confirm,
                        overbook=ask.overbook,
                    ),
                )
            case Move() as ask:
                provider = self.world.provider(ask.provider) if ask.provider else None
                return booking.move(
                    desk, commands.Move(ids[0], self.at(ask.start, ask.day), provider, ask.minutes, ask.overbook)
                )
            case Act() as ask:
                return states.set_status(desk, commands.SetStatus(ask.act, (ids[0],)))


@pytest.fixture(scope="module")
def shared(clinic_template, tmp_path_factory: pytest.TempPathFactory):
    """One clinic for the whole table; each case is taken away again."""
    import shutil

    from himsog_desktop.domain.time import zone
    from tests.support.profiles import FixedClock

    folder = tmp_path_factory.mktemp("cases") / "profile"
    shutil.copytree(clinic_template, folder)
    world = World(folder, FixedClock(zone("Asia/Manila").instant(TODAY, 8 * 60)))
    yield Bench(world)
    world.close()


LOGINS = {
    Role.MANAGER: "owner",
    Role.RECEPTIONIST: "ana",
    Role.PROVIDER: "dr-cruz",
    Role.READ_ONLY: "rea",
    Role.IT: "ivan",
}


@pytest.fixture(scope="module")
def desks(shared: Bench) -> dict[Role, Desk]:
    return {role: shared.world.desk(login) for role, login in LOGINS.items()}


def test_the_names_of_the_cases_are_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_law(shared: Bench, desks: dict[Role, Desk], case: Case) -> None:
    with shared.desk.write("clean") as tx:
        for table in ("appointments", "appointment_desk", "appointment_service", "tile", "blocks"):
            tx.raw.execute(f"DELETE FROM {table}")
    ids = shared.prepare(case)
    before = rows(shared.desk)
    match case.expect:
        case Allowed() as expected:
            changed = shared.ask(desks[case.role], case, ids).changed[0]
            assert changed.lane == expected.lane
            assert expected.status is None or changed.status == expected.status.value
            assert bool(changed.overbook_reason) or not changed.lane
        case RefusedCase() as expected:
            with pytest.raises(HimsogError) as told:
                shared.ask(desks[case.role], case, ids)
            assert told.value.code == expected.code
            assert tuple(r.rule for r in told.value.details) == expected.rules
            if expected.code == "slot_unavailable":
                assert len(told.value.alternatives) == (3 if case.active_provider else 0)
                assert all(slot.available for slot in told.value.alternatives)
            assert rows(shared.desk) == before, "a refusal changes nothing"


def rows(desk: Desk) -> list[tuple[object, ...]]:
    return desk.reader.execute("SELECT * FROM appointments ORDER BY id").fetchall()


# ------------------------------------------------------------------- no sequence double-books

wall = st.integers(0, 18).map(lambda n: 8 * 60 + 30 * n)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), wall, st.sampled_from([15, 30, 60]), st.booleans()),
        st.tuples(st.just("move"), st.integers(0, 9), wall, st.booleans()),
        st.tuples(st.just("state"), st.integers(0, 9), st.sampled_from(list(StatusAct))),
        st.tuples(st.just("undo"), st.integers(0, 14)),
    ),
    min_size=3,
    max_size=14,
)


@given(sequence=steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_of_one_lane_overlap_whatever_is_done(shared: Bench, sequence: list[tuple[object, ...]]) -> None:
    """The server's exclusion constraint (design, "Never double-booked"), of any sequence of acts."""
    desk, zone = shared.desk, shared.world.zone
    case = Case("", Act(StatusAct.CONFIRM), Allowed())
    with desk.write("clean") as tx:
        for table in ("appointments", "appointment_desk", "appointment_service", "tile", "blocks"):
            tx.raw.execute(f"DELETE FROM {table}")
    shared.prepare(case)
    ids: list[str] = []
    acts: list[str] = []
    for step in sequence:
        try:
            match step:
                case ("book", int(minutes), int(length), bool(over)):
                    answer = booking.book(
                        desk,
                        commands.Book(
                            shared.world.provider("q"),
                            zone.instant(TODAY, minutes),
                            new_patient=commands.NewPatient("N"),
                            duration=length,
                            overbook="urgent" if over else None,
                        ),
                    )
                    ids.append(answer.changed[0].id)
                case ("move", int(n), int(minutes), bool(over)) if ids:
                    answer = booking.move(
                        desk,
                        commands.Move(
                            ids[n % len(ids)], zone.instant(TODAY, minutes), overbook="urgent" if over else None
                        ),
                    )
                case ("state", int(n), StatusAct() as act) if ids:
                    answer = states.set_status(desk, commands.SetStatus(act, (ids[n % len(ids)],)))
                case ("undo", int(n)) if acts:
                    answer = undoing.undo(desk, commands.Undo(acts[n % len(acts)]))
                case _:
                    continue
            acts.append(answer.act)
        except (Refused, BadInput):
            pass
        standing = [
            (lane, start, end)
            for lane, start, end in desk.reader.execute(
                "SELECT d.lane, a.start_time, a.end_time FROM appointments AS a"
                " JOIN appointment_desk AS d ON d.appointment_id = a.id WHERE a.status IN ('PENDING', 'CONFIRMED')"
            )
        ]
        for i, (lane, start, end) in enumerate(standing):
            assert end - start >= MINUTE
            for other, low, high in standing[:i]:
                assert lane != other or end <= low or high <= start
    assert all(Status(row[0]) for row in desk.reader.execute("SELECT status FROM appointments"))
