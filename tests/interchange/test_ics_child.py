"""Calendar files through the real child process: bounds, budgets, and what the parent says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import DAY, parse_instant
from himsog_desktop.interchange.ics_guard import OutOfTime, cpu_slice
from himsog_desktop.interchange.ics_model import CalendarContent
from himsog_desktop.interchange.ics_read import default_window, read_calendar
from himsog_desktop.runtime.child import run_child
from tests.interchange.calendars import YEAR, calendar, rules
from tests.interchange.helpers import BERLIN, MANILA


def through_child(path: Path, window: tuple[int, int] = YEAR) -> CalendarContent:
    return read_calendar(path, zone=MANILA, window=window, run_child=run_child)


def put(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "calendar.ics"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_calendar_comes_back_whole(tmp_path: Path) -> None:
    path = put(
        tmp_path, calendar("UID:1\nDTSTART:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:Peña")
    )
    content = through_child(path)
    assert [o.summary for o in content.occurrences] == ["Peña"] * 3
    assert MANILA.iso(content.occurrences[0].start) == "2026-01-05T09:00:00+08:00"
    assert (content.events, content.skipped, content.warned) == (1, [], [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 200_000, "nested more than 16 deep"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + "x" * 50_000_000, "longer than 1 MB"),
        ("BEGIN:VCALENDAR\nX:y\n" + "END:VCALENDAR\n" * 5_000_000, "larger than 64 MB"),
        ("hello", "not a calendar file"),
    ],
)
def test_hostile_files_end_with_a_sentence(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        through_child(put(tmp_path, content))
    assert words in caught.value.message


def test_many_bombs_end_within_the_budget_and_the_rest_survives(tmp_path: Path) -> None:
    bomb = "UID:b{0}\nDTSTART:20260105T010000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"
    good = "UID:g{0}\nDTSTART:20260105T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    path = put(tmp_path, calendar(*(bomb.format(i) for i in range(12)), *(good.format(i) for i in range(12))))
    content = through_child(path)
    assert len(content.occurrences) == 24
    assert rules(content) == [(f"b{i}", "takes_too_long") for i in range(12)]


def test_ten_thousand_entries(tmp_path: Path) -> None:
    line = "UID:{0}\nDTSTART;TZID=Europe/Berlin:2026{1:02d}{2:02d}T090000\nDURATION:PT30M\nSUMMARY:Entry {0}"
    events = (line.format(i, 1 + i % 12, 1 + i % 28) for i in range(10_000))
    content = through_child(put(tmp_path, calendar(*events)))
    assert len({o.key for o in content.occurrences}) == 10_000
    assert content.components == 10_001


def test_a_file_that_is_not_there_and_a_window_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        through_child(tmp_path / "gone.ics")
    assert caught.value.code == "not_found"
    path = put(tmp_path, calendar())
    for window in ((5, 5), (10, 5), (0, 800 * DAY)):
        with pytest.raises(BadInput):
            through_child(path, window)


def test_the_window_that_is_taken_when_none_is_given() -> None:
    now = parse_instant("2026-03-30T10:00:00+02:00")
    first, last = default_window(now, BERLIN)
    assert BERLIN.iso(first) == "2025-12-30T00:00:00+01:00"
    assert BERLIN.iso(last) == "2028-01-01T00:00:00+01:00"


@dataclass(frozen=True)
class _Ran:
    ended: str
    output: bytes = b""


@pytest.mark.parametrize("ended", ["cpu", "time", "output", "crashed", "cancelled", "done"])
def test_whatever_ends_the_child_is_a_sentence(tmp_path: Path, ended: str) -> None:
    def run(
        module: str,
        arguments: Sequence[str],
        *,
        cpu_seconds: float,
        wall_seconds: float,
        memory_bytes: int,
        max_output: int,
        cancelled: Callable[[], bool] | None = None,
    ) -> _Ran:
        assert cpu_seconds == pytest.approx(2.001)
        assert wall_seconds > cpu_seconds
        assert memory_bytes == 256 << 20
        return _Ran(ended, b"not json")

    with pytest.raises(BadInput) as caught:
        read_calendar(put(tmp_path, calendar()), zone=MANILA, window=YEAR, run_child=run)
    assert caught.value.message.endswith(".")


def _go_on(what: float) -> None:
    while True:
        len(str(what))


@pytest.mark.parametrize("timer", [True, False])
def test_a_slice_of_time_stops_what_does_not_end(timer: bool) -> None:
    started = time.process_time()
    with pytest.raises(OutOfTime), cpu_slice(0.05, timer=timer):
        _go_on(started)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("timer", [True, False])
def test_a_slice_that_is_long_enough_does_nothing(timer: bool) -> None:
    with cpu_slice(30, timer=timer):
        assert sum(range(1000)) == 499500


def test_a_slice_within_a_slice_leaves_the_outer_one_running() -> None:
    def inner_then_on() -> None:
        with cpu_slice(30):
            pass
        _go_on(0)

    with pytest.raises(OutOfTime), cpu_slice(0.1):
        inner_then_on()
