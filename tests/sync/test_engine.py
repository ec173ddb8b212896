"""What the planner of sync says next, by what happened before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from himsog_desktop.domain.intents import Intent, Person, Verdict, Welcome
from himsog_desktop.ports import Applied, Waiting
from himsog_desktop.sync.engine import (
    POISON,
    Abandon,
    Engine,
    Hello,
    Idle,
    Local,
    Park,
    Pull,
    Push,
    Reoffer,
    Snapshot,
    State,
)

HERE = "c1"


def welcome(epoch: str = "e1", low: int = 1, clinic: str = HERE) -> Welcome:
    return Welcome(low, low, "s1", epoch, Person("p", "ana", "Ana", "manager"), ((clinic, "Clinic"),), 0)


def intent(
    number: int, key: str = "a", *, needs: tuple[str, ...] = (), after: dict[str, object] | None = None
) -> Intent:
    wanted = {"n": number} if after is None else after
    return Intent(f"i{number}", "act", "k", 1, "appointment", key, {"n": 0}, wanted, None, "d", 0, needs)


def local(*waiting: Intent, cursor: str | None = "c", epoch: str | None = "e1", doomed: Sequence[str] = ()) -> Local:
    return Local([Waiting(i, w, False, w.id in doomed) for i, w in enumerate(waiting)], cursor, epoch)


def met(jitter: float = 1.0) -> Engine:
    engine = Engine(HERE, lambda: jitter)
    assert engine.next(0.0, local()) == Hello()
    engine.done(Hello(), 0.0, welcome())
    return engine


def verdict(one: Intent) -> Verdict:
    return Verdict(one.id, "accepted", one.entity, one.key, 1, {})


def test_hello_then_what_waits_then_a_pull_then_nothing_for_about_ten_seconds() -> None:
    engine = met()
    waiting = intent(1)
    push = engine.next(0.0, local(waiting))
    assert push == Push((waiting,))
    engine.done(push, 0.0, (verdict(waiting),))
    pull = engine.next(0.0, local())
    assert pull == Pull(HERE, "e1", "c")
    engine.done(pull, 0.0, Applied(0, 0))
    assert engine.state is State.DONE
    idle = engine.next(0.1, local())
    assert isinstance(idle, Idle)
    assert (round(idle.until, 6), idle.why) == (12.0, "done")


def test_a_push_has_one_intent_of_each_aggregate_and_none_whose_needs_wait() -> None:
    one, two, other, needy = intent(1), intent(2), intent(3, "b"), intent(4, "c", needs=("i1",))
    assert met().next(0.0, local(one, two, other, needy)) == Push((one, other))
    assert met().next(0.0, local(two, other, needy)) == Push((two, other, needy))


def test_what_a_person_did_goes_before_the_rows_of_an_import_and_those_in_larger_pushes() -> None:
    rows = [replace(intent(n, f"r{n}"), kind="import.appointment") for n in range(300)]
    booked, later = intent(900, "b"), intent(901, "r5")
    assert met().next(0.0, local(*rows, booked, later)) == Push((booked,))
    assert met().next(0.0, local(*rows, later)) == Push(tuple(rows[:200]))
    assert met().next(0.0, local(*(intent(n, f"k{n}") for n in range(30)))) == Push(
        tuple(intent(n, f"k{n}") for n in range(20))
    )


def test_a_booking_waits_for_the_undo_of_an_import_that_may_make_its_place_free() -> None:
    gone = replace(intent(1, "a"), kind="undo.import.appointments", after={})
    booked = replace(intent(2, "b"), before={}, after={"start": 9})
    note = intent(3, "c")
    assert met().next(0.0, local(gone, booked, note)) == Push((note,))
    assert met().next(0.0, local(gone, booked)) == Push((gone,))


def test_an_aggregate_that_has_to_wait_holds_up_no_other() -> None:
    engine = met()
    one, other = intent(1), intent(2, "b")
    engine.failed(Push((one, other)), 0.0, "retry")
    assert engine.next(0.5, local(one, other)) == Push((other,))
    assert engine.next(1.0, local(one)) == Push((one,))


def test_the_line_is_tried_again_after_a_pause_that_doubles_up_to_five_minutes() -> None:
    engine = Engine(HERE, lambda: 1.0)
    pauses, now = [], 0.0
    for _ in range(12):
        engine.failed(Hello(), now, "offline")
        idle = engine.next(now, local())
        assert isinstance(idle, Idle)
        pauses.append(idle.until - now)
        now = idle.until
        assert engine.next(now, local()) == Hello()
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_poison_intent_is_given_up_at_the_server_after_five_faults_also_when_others_go_before_it() -> None:
    engine = met(0.0)
    good, bad = intent(1, "a"), intent(2, "b")
    for _ in range(POISON):
        engine.done(Push((good, bad)), 0.0, (verdict(good),))
        engine.failed(Push((bad,)), 0.0, "internal")
    assert engine.next(0.0, local(bad)) == Abandon((bad,))


def test_poison_is_given_up_within_half_a_minute_however_long_the_pauses_fall() -> None:
    engine, now, bad = met(), 0.0, intent(1)
    tries = 0
    while not isinstance(request := engine.next(now, local(bad)), Abandon):
        if isinstance(request, Push):
            tries += 1
            engine.failed(request, now, "internal")
        elif isinstance(request, Pull):
            engine.done(request, now)
        else:
            assert isinstance(request, Idle)
            now = request.until
    assert tries == POISON
    assert now <= 30.0


def test_a_full_disk_is_no_fault_of_what_waits() -> None:
    engine, now = met(), 0.0
    for _ in range(3 * POISON):
        push = engine.next(now, local(intent(1)))
        assert push == Push((intent(1),))
        engine.failed(push, now, "disk_full")
        assert (engine.state, engine.reason) == (State.OFFLINE, "disk_full")
        idle = engine.next(now, local(intent(1)))
        assert isinstance(idle, Idle)
        now = idle.until


def test_what_is_doomed_is_given_up_before_anything_is_pushed() -> None:
    one, other = intent(1), intent(2, "b")
    assert met().next(0.0, local(one, other, doomed=["i2"])) == Abandon((other,))


def test_an_id_that_stands_for_another_payload_is_parked_here() -> None:
    engine = met()
    one = intent(1)
    engine.failed(Push((one,)), 0.0, "reused")
    assert engine.next(0.0, local(one)) == Park(one)
    engine.done(Park(one), 0.0, ())
    assert engine.next(0.0, local()) == Pull(HERE, "e1", "c")


def test_another_life_of_the_server_is_offered_what_it_lost_and_then_a_snapshot_is_fetched_behind_what_waits() -> None:
    engine = Engine(HERE, lambda: 1.0)
    engine.done(Hello(), 0.0, welcome("e2"))
    assert engine.next(0.0, local(intent(1))) == Reoffer("e2")
    engine.done(Reoffer("e2"), 0.0)
    assert engine.next(0.0, local(intent(1), cursor=None, epoch="e2")) == Push((intent(1),))
    assert engine.next(0.0, local(cursor=None, epoch="e2")) == Snapshot(HERE, "e2", None)


def test_the_first_thing_is_to_take_the_name_of_the_servers_life() -> None:
    assert met().next(0.0, local(epoch=None, cursor=None)) == Reoffer("e1")


def test_while_something_waits_the_pause_is_a_minute_at_most() -> None:
    engine, now = Engine(HERE, lambda: 1.0), 0.0
    for _ in range(9):
        engine.failed(Hello(), now, "offline")
    assert engine.next(now, local()) == Idle(256.0, "pause")
    assert engine.next(now, local(intent(1))) == Idle(60.0, "pause")
    assert engine.next(60.0, local(intent(1))) == Hello()


def test_what_takes_a_place_goes_after_what_of_ours_may_make_it_free() -> None:
    engine = met()
    leaving, coming = intent(1, "a", after={"status": "CANCELLED"}), intent(2, "b", after={"start": 9})
    assert engine.next(0.0, local(leaving, coming)) == Push((leaving, coming))
    engine.failed(Push((leaving, coming)), 0.0, "retry")
    note = intent(3, "c")
    assert engine.next(0.5, local(leaving, coming, note)) == Push((note,))
    assert engine.next(1.0, local(leaving, coming)) == Push((leaving, coming))


def test_a_cursor_of_no_use_leads_to_a_hello_and_a_snapshot_that_goes_on_where_it_broke_off() -> None:
    engine = met(0.0)
    engine.failed(Pull(HERE, "e1", "c"), 0.0, "snapshot_needed")
    assert engine.next(0.0, local()) == Hello()
    engine.done(Hello(), 0.0, welcome())
    # A server that was put back from a copy has the same name, and lost what it had said since.
    assert engine.next(0.0, local()) == Reoffer("e1")
    engine.done(Reoffer("e1"), 0.0)
    fresh = local()._replace(cursor=None)
    assert engine.next(0.0, fresh) == Snapshot(HERE, "e1", None)
    engine.failed(Snapshot(HERE, "e1", None), 0.0, "offline")
    engine.done(Hello(), 9.0, welcome())
    assert engine.next(9.0, fresh._replace(staged="p7")) == Snapshot(HERE, "e1", "p7")
    engine.failed(Snapshot(HERE, "e1", "p7"), 9.0, "snapshot_needed")
    engine.done(Hello(), 9.0, welcome())
    assert engine.next(9.0, fresh._replace(staged="p7")) == Snapshot(HERE, "e1", None)
    engine.done(Snapshot(HERE, "e1", None), 0.0, Applied(1, 0))
    assert engine.next(0.0, local()) == Pull(HERE, "e1", "c")


def test_a_protocol_that_does_not_fit_holds_the_queue_and_asks_again_later() -> None:
    engine = Engine(HERE, lambda: 1.0)
    engine.done(Hello(), 0.0, welcome(low=9))
    assert (engine.state, engine.reason) == (State.HELD, "held_upgrade")
    assert engine.next(0.0, local(intent(1))) == Idle(1.0, "pause")
    assert engine.next(1.0, local(intent(1))) == Hello()


def test_too_many_deletions_hold_what_comes_and_not_what_goes() -> None:
    engine = met()
    engine.failed(Pull(HERE, "e1", "c"), 0.0, "deletions")
    assert (engine.state, engine.reason) == (State.HELD, "deletions")
    assert engine.next(0.0, local(intent(1))) == Push((intent(1),))
    engine.accept_deletions = True
    engine.hint()
    assert engine.next(1.0, local()) == Pull(HERE, "e1", "c", True)


def test_signed_out_and_revoked_wait_for_a_person() -> None:
    engine = met()
    engine.failed(Push((intent(1),)), 0.0, "signed_out")
    assert engine.state is State.SIGNED_OUT
    assert engine.next(1e9, local(intent(1))) == Idle(float("inf"), "stopped")
    engine.resume()
    assert engine.next(1e9, local(intent(1))) == Hello()
    engine.failed(Hello(), 1e9, "revoked")
    assert engine.next(2e9, local(intent(1))) == Idle(float("inf"), "stopped")
    # Somebody else signed in, or she was let in again.
    engine.resume()
    assert engine.next(2e9, local(intent(1))) == Hello()


def test_a_clinic_that_is_not_ours_is_no_session() -> None:
    engine = Engine(HERE, lambda: 1.0)
    engine.done(Hello(), 0.0, welcome(clinic="another"))
    assert (engine.state, engine.reason) == (State.SIGNED_OUT, "forbidden")


def test_a_flood_of_hints_is_one_pull_a_second() -> None:
    engine = met()
    engine.done(Pull(HERE, "e1", "c"), 5.0, Applied(0, 0))
    engine.hint()
    assert engine.next(5.1, local()) == Idle(6.0, "done")
    assert engine.next(6.0, local()) == Pull(HERE, "e1", "c")


def test_an_intent_that_breaks_the_line_each_time_lets_the_others_go_first() -> None:
    engine = met()
    bad, good = intent(1), intent(2, "b")
    engine.failed(Push((bad, good)), 0.0, "offline")
    engine.done(Hello(), 1.0, welcome())
    assert engine.next(1.0, local(bad, good)) == Push((good,))
