"""Pauses, and the notice of a sync that stands still."""

from __future__ import annotations

from himsog_desktop.sync.backoff import Backoff
from himsog_desktop.sync.watchdog import Watchdog, level


def test_a_pause_is_a_part_of_what_it_may_be_and_ends_when_it_works() -> None:
    backoff = Backoff(lambda: 0.5)
    assert [backoff.failed(100.0) for _ in range(3)] == [100.5, 101.0, 102.0]
    assert backoff.since == 100.0
    backoff.worked()
    assert (backoff.until, backoff.failed(0.0)) == (0.0, 0.5)


def test_a_pause_has_its_own_bound() -> None:
    backoff = Backoff(lambda: 1.0, longest=60.0)
    for _ in range(5000):
        until = backoff.failed(0.0)
    assert until == 60.0


def test_it_barks_once_a_minute_while_something_waits_and_nothing_is_exchanged() -> None:
    dog = Watchdog(0.0)
    assert not dog.stuck(59.9, waiting=True, online=True)
    assert dog.stuck(60.0, waiting=True, online=True)
    assert not dog.stuck(119.0, waiting=True, online=True)
    assert dog.stuck(120.0, waiting=True, online=True)


def test_it_is_quiet_after_an_exchange_and_while_nothing_waits_or_the_line_is_known_to_be_down() -> None:
    dog = Watchdog(0.0)
    dog.exchanged(50.0)
    assert not dog.stuck(100.0, waiting=True, online=True)
    assert not dog.stuck(150.0, waiting=False, online=True)
    assert not dog.stuck(200.0, waiting=True, online=True)
    assert not dog.stuck(250.0, waiting=True, online=False)
    assert not dog.stuck(300.0, waiting=True, online=True)
    assert dog.stuck(310.0, waiting=True, online=True)


def test_what_waits_is_red_after_a_quarter_of_an_hour() -> None:
    assert [level(seconds) for seconds in (None, 0.0, 899.0, 900.0)] == ["none", "waiting", "waiting", "late"]
