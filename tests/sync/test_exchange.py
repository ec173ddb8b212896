"""One request after the other over a store and a remote that blocks: the way of ``himsog sync`` and the agent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.intents import Batch, Intent, Person, Rows, Verdict, Welcome
from himsog_desktop.sync import exchange
from himsog_desktop.sync.engine import Engine, Idle, Pull, Push, Request, Snapshot, State
from himsog_desktop.sync.exchange import Tally, look, step
from himsog_desktop.sync.simulate.client import broken
from himsog_desktop.sync.simulate.clinic import Problem, patient
from himsog_desktop.sync.simulate.server import Server
from himsog_desktop.sync.simulate.snapshots import snapshot
from himsog_desktop.sync.simulate.store import SimStore


class Direct:
    """A remote without a network, over the simulator's server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.down = self.breaks = False
        self.asked: list[str] = []

    def _called(self, name: str) -> None:
        self.asked.append(name)
        if self.down:
            raise Surroundings("offline", "no")

    def hello(self) -> Welcome:
        self._called("hello")
        return Welcome(1, 1, "s", self.server.epoch, Person("p", "p", "P", "manager"), (("c1", "One"),), 0)

    def push(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        self._called("push")
        try:
            return [self._verdict(intent) for intent in intents]
        except Problem as problem:
            raise Surroundings(problem.code, "no") from problem

    def _verdict(self, intent: Intent) -> Verdict:
        known = self.server.stored(intent)
        if known is not None:
            return known
        tx = self.server.decide(intent, "s0", "c1")
        self.server.commit(tx, 0.0)
        assert tx.entry is not None
        return tx.entry.verdict

    def abandon(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        self._called("abandon")
        made = []
        for intent in intents:
            tx = self.server.give_up(intent, "s0", "c1")
            self.server.commit(tx, 0.0)
            assert tx.entry is not None
            made.append(tx.entry.verdict)
        return made

    def pull(self, clinic: str, cursor: str) -> Iterator[Batch]:
        self._called("pull")
        try:
            changes, history, cards = self.server.changes(clinic, cursor)
        except Problem as problem:
            raise Surroundings(problem.code, "no") from problem
        parts = [Batch(tuple(changes), tuple(history), tuple(cards)), Batch(cursor=self.server.cursor())]
        return broken(parts[:1]) if self.breaks else iter(parts)  # type: ignore[return-value, arg-type]

    def snapshot(self, clinic: str, place: str | None) -> Iterator[Rows]:
        self._called("snapshot")
        return iter(snapshot(self.server, clinic, place))

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        self._called(f"known {len(ids)}")
        return self.server.known(ids)

    def wait(self, seconds: float) -> bool:
        return False

    def close(self) -> None:
        return None


class Desk:
    """A profile, an engine and a server."""

    def __init__(self) -> None:
        self.remote = Direct(Server(lambda _: None))
        self.store = SimStore("s0", "d", "c1")
        self.engine = Engine("c1", lambda: 0.0)
        self.tally = Tally()
        self.now = 0.0

    def run(self) -> list[type[Request]]:
        """Everything there is to do now."""
        done: list[type[Request]] = []
        while not isinstance(request := self._step(), Idle):
            done.append(type(request))
            assert len(done) < 50
        return done

    def _step(self) -> Request:
        return step(self.engine, self.store, self.remote, lambda: self.now, self.tally)

    def add(self, id_: str, key: str = "u", **fields: object) -> Intent:
        """A person adds a patient, or edits one."""
        seen = self.store.image(("patient", key))
        before, after = ({n: seen[n] for n in fields}, fields) if seen else ({}, {**patient("c1", "A"), **fields})
        intent = Intent(id_, id_, "patient.edit", 1, "patient", key, before, after, "s0", "d", 0)
        self.store.add([intent])
        return intent


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_first_round_takes_the_life_sends_what_waits_and_fetches_everything(desk: Desk) -> None:
    desk.add("1")
    assert [kind.__name__ for kind in desk.run()] == ["Hello", "Reoffer", "Push", "Snapshot", "Pull"]
    assert (desk.engine.state, desk.tally) == (State.DONE, Tally(pushed=1, pulled=1, refused=0, full=True))
    assert look(desk.engine, desk.store).waiting == []
    assert desk.store.image(("patient", "u"))["name"] == "A"


def test_a_chain_goes_one_by_one_and_a_refused_one_is_counted(desk: Desk) -> None:
    desk.add("1")
    desk.run()
    desk.add("2", phone="B")
    desk.add("3", phone="C")
    server = desk.remote.server
    tx = server.begin("web", ("patient", "u"), [])
    tx.before = server.data.images["patient", "u"]
    tx.after = {**tx.before, "phone": "W"}
    tx.clinic, tx.uid = "c1", "w"
    server.commit(tx, 0.0)
    desk.now = 20.0
    assert desk.run() == [Push, Push, Pull]
    assert (desk.tally.pushed, desk.tally.refused) == (3, 2)
    assert desk.store.image(("patient", "u"))["phone"] == "W"
    assert desk.store.cards.keys() == {"2", "3"}


def test_a_stream_that_breaks_is_nothing_and_is_fetched_again(desk: Desk) -> None:
    desk.add("1")
    desk.run()
    before = desk.store.cursor()
    desk.remote.breaks, desk.now = True, 20.0
    assert isinstance(desk._step(), Pull)
    assert (desk.engine.state, desk.engine.reason, desk.store.cursor()) == (State.OFFLINE, "offline", before)
    desk.remote.breaks = False
    desk.run()
    assert desk.engine.state is State.DONE


def test_while_the_server_is_away_everything_waits(desk: Desk) -> None:
    desk.remote.down = True
    desk.add("1")
    desk.engine = Engine("c1", lambda: 1.0)
    assert [kind.__name__ for kind in desk.run()] == ["Hello"]
    assert desk.engine.pausing(0.5)
    assert not desk.engine.online
    assert [w.intent.id for w in desk.store.waiting(9)] == ["1"]


def test_a_restored_server_gets_back_what_it_lost_in_the_order_of_the_acts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "CHUNK", 2)
    desk.add("1")
    desk.run()
    backup = desk.remote.server.data.copy()
    for number, phone in enumerate(("B", "C", "D"), 2):
        desk.add(str(number), phone=phone)
    desk.now = 20.0
    desk.run()
    desk.remote.server.restore(backup)
    desk.now, desk.remote.asked = 40.0, []
    desk.run()
    assert desk.remote.asked[:5] == ["pull", "hello", "known 2", "known 2", "push"]
    assert desk.remote.server.data.images["patient", "u"]["phone"] == "D"
    assert (desk.engine.state, desk.store.epoch(), desk.tally.refused) == (State.DONE, "e2", 0)


def test_a_poison_intent_ends_with_the_servers_word_and_what_stands_on_it_too(desk: Desk) -> None:
    desk.remote.server.poison.add("1")
    desk.add("1")
    desk.add("2", phone="B")
    desk.add("3", key="other")
    desk.run()
    assert {id_: row.state for id_, row in desk.store.rows.items()} == {"1": "refused", "2": "refused", "3": "done"}
    assert desk.remote.server.data.cards.keys() == {"1", "2"}
    assert desk.remote.asked.count("abandon") == 2


def test_a_number_that_stands_for_another_payload_needs_attention_here(desk: Desk) -> None:
    desk.add("1")
    desk.run()
    other = SimStore("s0", "d", "c1")
    desk.store, desk.engine, desk.now = other, Engine("c1", lambda: 0.0), 20.0
    desk.add("1", key="another")
    desk.run()
    verdict = other.rows["1"].verdict
    assert verdict is not None
    assert [rule.rule for rule in verdict.rules] == ["reused"]
    assert desk.engine.state is State.DONE


def test_a_snapshot_that_broke_off_goes_on_at_its_place(desk: Desk) -> None:
    for number in range(12):
        desk.add(str(number), key=f"u{number:02}")
    desk.run()
    again = SimStore("s1", "d", "c1")
    again.again((), "e1")
    parts: list[object] = list(snapshot(desk.remote.server, "c1", None))
    with pytest.raises(Surroundings):
        again.stage(broken(parts[:1]), "e1", exchange.nothing, fresh=True)  # type: ignore[arg-type]
    desk.store, desk.engine = again, Engine("c1", lambda: 0.0)
    requests = [desk._step() for _ in range(3)]
    assert isinstance(requests[1], Snapshot)
    assert requests[1].place == again_place(parts[0])
    assert len(again.base) == 12


def again_place(part: object) -> str:
    assert isinstance(part, Rows)
    return part.place


def test_what_comes_from_another_life_of_the_server_than_said_hello_is_not_taken(desk: Desk) -> None:
    desk.add("1")
    desk.run()
    held = look(desk.engine, desk.store)
    desk.remote.server.restore(desk.remote.server.data)
    parts = snapshot(desk.remote.server, "c1", None)
    request = Snapshot("c1", "e1", None)
    running = exchange.steps(request, desk.store)
    next(running)
    with pytest.raises(Surroundings) as told:
        running.send(parts)
    assert told.value.code == "snapshot_needed"
    assert look(desk.engine, desk.store)[1:3] == held[1:3]
