from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.errors import HimsogError, Refused
from himsog_desktop.runtime.worker import Worker
from himsog_desktop.services.desk import Desk
from himsog_desktop.ui.bridge import BUG, Backend, Behind


class Bench:
    """A backend over the real worker, with a desk that nobody touches."""

    def __init__(self, qtbot: QtBot, desk: Callable[[], Desk]) -> None:
        self.qtbot = qtbot
        self.reported: list[BaseException] = []
        self.nudges = 0
        self.worker = Worker("test")
        self.backend = Backend(self.worker, desk, desk, nudge=self._nudge, report=self.reported.append)
        self.said: list[HimsogError] = []
        self.backend.unhandled.connect(self.said.append)
        self.answers: list[object] = []

    def _nudge(self) -> None:
        self.nudges += 1

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.backend.busy)

    def hold(self) -> threading.Event:
        """Keep the worker busy until the event is set."""
        gate = threading.Event()
        self.worker.submit(lambda: (gate.wait(5) and None) or None)
        return gate


class NoCache:
    """Stands where a desk's cache is closed."""

    def close(self) -> None:
        return None


class NoDesk:
    """A desk that only exists."""

    cache = NoCache()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot, NoDesk)  # type: ignore[arg-type]
    yield made
    made.backend.close()
    assert made.worker.stop(2)
    made.backend.deleteLater()


def test_an_answer_comes_on_the_thread_of_the_screen(bench: Bench) -> None:
    threads: list[threading.Thread] = []
    bench.backend.read(
        lambda _desk: threading.current_thread(), lambda there: threads.extend([there, threading.current_thread()])
    )
    bench.idle()
    assert threads[0] is not threading.current_thread()
    assert threads[1] is threading.current_thread()


def test_only_the_newest_of_a_key_is_answered(bench: Bench) -> None:
    gate = bench.hold()
    ran: list[int] = []
    for number in range(5):
        bench.backend.read(lambda _desk, n=number: ran.append(n) or n, bench.answers.append, key="search")
    gate.set()
    bench.idle()
    assert bench.answers == [4]
    assert ran == [4]


def test_a_cancelled_read_is_neither_done_nor_answered(bench: Bench) -> None:
    gate = bench.hold()
    ran: list[int] = []
    handle = bench.backend.read(lambda _desk: ran.append(1), bench.answers.append)
    handle.cancel()
    gate.set()
    bench.idle()
    assert (ran, bench.answers) == ([], [])


def test_nothing_is_answered_to_a_widget_that_is_gone(bench: Bench) -> None:
    gate = bench.hold()
    owner = QObject()
    bench.backend.read(lambda _desk: 1, bench.answers.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    bench.idle()
    assert bench.answers == []


def test_an_act_is_done_though_its_widget_is_gone_and_its_refusal_is_said(bench: Bench) -> None:
    gate = bench.hold()
    owner = QObject()
    ran: list[int] = []

    def work(_desk: Desk) -> None:
        ran.append(1)
        raise Refused("in_use", "No.")

    bench.backend.act(work, bench.answers.append, lambda error: None, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    bench.idle()
    assert ran == [1]
    assert [e.message for e in bench.said] == ["No."]
    assert bench.nudges == 1


def test_an_error_that_nobody_handles_is_said(bench: Bench) -> None:
    def work(_desk: Desk) -> None:
        raise Refused("in_use", "Somebody else uses it.")

    bench.backend.read(work, bench.answers.append)
    bench.idle()
    assert [e.message for e in bench.said] == ["Somebody else uses it."]
    bench.backend.read(work, bench.answers.append, bench.answers.append)
    bench.idle()
    assert len(bench.said) == 1
    assert len(bench.answers) == 1


def test_a_fault_of_ours_is_logged_and_said_without_its_words(bench: Bench) -> None:
    def work(_desk: Desk) -> None:
        raise ZeroDivisionError("with data in it")

    bench.backend.read(work, bench.answers.append)
    bench.idle()
    assert [type(e) for e in bench.reported] == [ZeroDivisionError]
    assert [e.message for e in bench.said] == [BUG]


def test_what_was_written_arrives_in_order(bench: Bench) -> None:
    seen: list[ChangeSet] = []
    bench.backend.changed.connect(seen.append)
    sent = [ChangeSet(days=frozenset({f"2026-11-2{n}"})) for n in range(3)]
    for changes in sent:
        bench.worker.submit(lambda c=changes: bench.backend.written(c))
    bench.qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == sent


def test_after_the_end_nothing_is_answered(bench: Bench) -> None:
    gate = bench.hold()
    bench.backend.read(lambda _desk: 1, bench.answers.append)
    bench.backend.close()
    gate.set()
    assert bench.worker.stop(2)
    bench.backend.read(lambda _desk: 2, bench.answers.append)
    bench.qtbot.wait(20)
    assert bench.answers == []


def test_an_act_is_not_said_to_have_failed_when_only_the_reading_behind_it_did(bench: Bench) -> None:
    def broken(_desk: Desk, _answer: object) -> object:
        raise ValueError("a fault of ours")

    bench.backend.behind = lambda: Behind(broken, bench.answers.append)
    bench.backend.act(lambda _desk: "done", bench.answers.append)
    bench.idle()
    assert (bench.answers, bench.said) == (["done"], [])
    assert [type(error) for error in bench.reported] == [ValueError]
    assert bench.nudges == 1, "what follows reads it"


def test_what_fails_before_it_is_sent_out_is_not_under_way_for_ever(bench: Bench) -> None:
    def fails() -> Behind:
        raise RuntimeError("the model is gone")

    bench.backend.behind = fails
    with pytest.raises(RuntimeError, match="the model is gone"):
        bench.backend.act(lambda _desk: None)
    assert not bench.backend.busy
