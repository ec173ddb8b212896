"""How far long work is, and the wish to stop it."""

from __future__ import annotations

import pytest

from himsog_desktop.runtime.progress import Cancelled, CancelToken, Progress, Step


def test_a_listener_hears_now_and_then_and_always_of_the_end() -> None:
    now = 0.0
    heard: list[int] = []
    progress = Progress(lambda step: heard.append(step.done), now=lambda: now)
    for done in range(1, 1_001):
        now += 0.001
        progress(done, 1_000)
    assert heard[0] == 1
    assert heard[-1] == 1_000
    assert 9 <= len(heard) <= 12
    assert progress.step == Step(1_000, 1_000)


def test_another_part_is_told_at_once() -> None:
    heard: list[str] = []
    progress = Progress(lambda step: heard.append(step.part), now=lambda: 0.0)
    progress(1, None, "Reading")
    progress(2, None, "Reading")
    progress(0, 10, "Saving")
    assert heard == ["Reading", "Saving"]


def test_telling_is_enough_to_be_stopped() -> None:
    token = CancelToken()
    progress = Progress(token=token)
    progress(1)
    assert not token()
    token.cancel()
    assert token.cancelled
    assert token()
    with pytest.raises(Cancelled):
        progress(2)
    assert progress.step.done == 2
    progress.tell(3)
    assert progress.step.done == 3


@pytest.mark.parametrize(
    ("step", "share"), [(Step(0, None), None), (Step(5, 0), None), (Step(5, 10), 0.5), (Step(12, 10), 1.0)]
)
def test_the_share(step: Step, share: float | None) -> None:
    assert step.share == share
