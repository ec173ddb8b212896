"""The freshness policy: the seed's table, and the laws of what is read again and when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.freshness import (
    FIRST_RETRY_MS,
    LONGEST_RETRY_MS,
    MINUTE_MS,
    POLICIES,
    RETRIES,
    Part,
    State,
    Step,
    began,
    ended,
    is_stale,
    policy_of,
    retry_delay,
    state,
    step,
)

MS = st.integers(0, 30 * MINUTE_MS)
NAMES = st.sampled_from([*POLICIES, "something new"])
PARTS = st.builds(Part, st.none() | MS, st.booleans(), st.integers(0, 6), MS, st.booleans(), MS)


def test_the_table_is_the_seeds() -> None:
    minutes = {name: (p.stale_after / MINUTE_MS, p.keep / MINUTE_MS, p.every) for name, p in POLICIES.items()}
    assert minutes == {
        "dashboard": (0.5, 5, 60_000),
        "today": (0.5, 5, 60_000),
        "activities": (1, 5, None),
        "appointments": (0.5, 5, None),
        "calendar": (1, 10, None),
        "services": (5, 10, None),
        "analytics": (2, 10, None),
    }
    assert [retry_delay(n) for n in (1, 2, 3, 4, 5, 50)] == [1000, 2000, 4000, 8000, 10_000, 10_000]


@given(NAMES, PARTS, MS, st.booleans(), st.booleans())
def test_a_local_profile_is_fresh_and_never_turns(name: str, part: Part, now: int, focused: bool, asked: bool) -> None:
    assert state(policy_of(name), part, now, local=True) is State.FRESH
    assert step(policy_of(name), part, now, local=True, focused=focused, asked=asked) is Step.NOTHING


@given(NAMES, PARTS, MS, st.booleans(), st.booleans())
def test_nothing_is_read_twice_at_once(name: str, part: Part, now: int, focused: bool, asked: bool) -> None:
    assert step(policy_of(name), began(part), now, local=False, focused=focused, asked=asked) is Step.NOTHING


@given(NAMES, PARTS, MS)
def test_what_was_just_read_is_fresh_until_its_time_is_over(name: str, part: Part, now: int) -> None:
    policy = policy_of(name)
    read = ended(part, now, well=True)
    assert state(policy, read, now, local=False) is State.FRESH
    assert step(policy, read, now, local=False, focused=True) is not Step.READ
    assert not is_stale(policy, read, now + policy.stale_after - 1)
    assert state(policy, read, now + policy.stale_after, local=False) is State.STALE


@given(NAMES, st.none() | st.just(0), st.integers(1, 20))
def test_two_retries_and_then_it_waits_for_somebody(name: str, read_at: int | None, seconds: int) -> None:
    policy = policy_of(name)
    part, now, attempts = Part(read_at), 10 * MINUTE_MS, 0
    part = ended(began(part), now, well=False)
    limit = now + min(policy.every or 60_000, 60_000)
    while now < limit:
        if step(policy, part, now, local=False) is Step.READ:
            assert now - part.tried_at >= FIRST_RETRY_MS
            part = ended(began(part), now, well=False)
            attempts += 1
        now += 1000 // min(seconds, 4)
        if part.failures > RETRIES:
            break
    assert attempts == RETRIES
    assert state(policy, part, now, local=False) is State.FAILED
    assert step(policy, part, now, local=False) is Step.NOTHING
    assert step(policy, part, now, local=False, asked=True) is Step.READ
    assert step(policy, part, now, local=False, focused=True) is Step.READ


@given(st.integers(0, 400), st.integers(0, 400))
def test_waiting_grows_and_has_an_end(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert FIRST_RETRY_MS <= retry_delay(low) <= retry_delay(high) <= LONGEST_RETRY_MS


@given(NAMES, PARTS, MS)
def test_what_nobody_sees_is_forgotten_in_time_and_never_read(name: str, part: Part, now: int) -> None:
    policy = policy_of(name)
    unseen = Part(part.read_at, False, part.failures, part.tried_at, False, part.left_at)
    wanted = step(policy, unseen, now, local=False, focused=True)
    assert wanted is not Step.READ
    assert (wanted is Step.FORGET) == (part.read_at is not None and now - part.left_at >= policy.keep)
