"""Series of calendar files: exceptions, bounds, and both ways of expanding them held equal."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.time import MINUTE, to_micros
from himsog_desktop.interchange import ics_series
from tests.interchange.calendars import YEAR, calendar, expand, rules, times
from tests.interchange.helpers import MANILA


def test_a_series_with_exceptions_moves_and_cancellations(tmp_path: Path) -> None:
    master = "UID:s\nDTSTART;TZID=Europe/Berlin:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=8\nSUMMARY:Team"
    content = expand(
        tmp_path,
        master + "\nEXDATE;TZID=Europe/Berlin:20260309T090000\nEXDATE:20260316T080000Z\nEXDATE;VALUE=DATE:20260420",
        "UID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20260323T090000\nDTSTART;TZID=Europe/Berlin:20260324T140000\n"
        "DURATION:PT30M\nSUMMARY:Moved",
        "UID:s\nRECURRENCE-ID:20260406T070000Z\nDTSTART:20260406T070000Z\nSTATUS:CANCELLED",
    )
    # Daylight saving starts on 29 March: nine o'clock stays nine o'clock there, an hour earlier here.
    assert times(content) == [
        "2026-03-02T16:00/17:00",
        "2026-03-24T21:00/21:30",
        "2026-03-30T15:00/16:00",
        "2026-04-13T15:00/16:00",
    ]
    assert content.occurrences[1].summary == "Moved"
    assert content.occurrences[1].key == "s/20260323T080000Z"


def test_more_dates_and_periods(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:s\nDTSTART:20260302T010000Z\nDURATION:PT1H\nRDATE:20260303T010000Z,20260305T010000Z\n"
        "RDATE;VALUE=PERIOD:20260306T010000Z/PT2H,20260307T010000Z/20260307T040000Z",
    )
    expected = ["02T09:00/10:00", "03T09:00/10:00", "05T09:00/10:00", "06T09:00/11:00", "07T09:00/12:00"]
    assert [time[8:] for time in times(content)] == expected


def test_this_and_all_that_follow(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:s\nDTSTART:20260302T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4",
        "UID:s\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260316T010000Z\nDTSTART:20260316T030000Z\nDURATION:PT30M",
    )
    assert [time[5:] for time in times(content)] == [
        "03-02T09:00/10:00", "03-09T09:00/10:00", "03-16T11:00/11:30", "03-23T11:00/11:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        ("DTSTART;TZID=Europe/Berlin:20260302T230000", "20260304", "2026-03-05T06:00"),
        ("DTSTART;TZID=Europe/Berlin:20260302T230000", "20260304T220000Z", "2026-03-05T06:00"),
        ("DTSTART;TZID=Europe/Berlin:20260302T230000", "20260304T215959Z", "2026-03-04T06:00"),
        ("DTSTART;TZID=Europe/Berlin:20260302T230000", "20260304T230000", "2026-03-05T06:00"),
        ("DTSTART;VALUE=DATE:20260302", "20260304T160000Z", "2026-03-04T00:00"),
        ("DTSTART:20260302T090000", "20260304T010000Z", "2026-03-04T09:00"),
    ],
)
def test_an_until_of_another_kind_than_the_start(tmp_path: Path, start: str, until: str, last: str) -> None:
    content = expand(tmp_path, f"UID:s\n{start}\nRRULE:FREQ=DAILY;UNTIL={until}")
    assert MANILA.iso(content.occurrences[-1].start)[:16] == last


def test_changes_of_a_series_that_is_not_there_stand_for_themselves(tmp_path: Path) -> None:
    change = "UID:s\nRECURRENCE-ID:2026030{0}T010000Z\nDTSTART:2026030{0}T020000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    content = expand(tmp_path, change.format(2), change.format(3))
    assert times(content) == ["2026-03-02T10:00/11:00", "2026-03-03T10:00/11:00"]


BOMBS = {
    "FREQ=SECONDLY": "too_often",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30": "too_often",
    "FREQ=MINUTELY;COUNT=1000000000": "too_often",
    "FREQ=HOURLY": "too_often",
    "FREQ=HOURLY;UNTIL=20261231T000000Z": "too_many",
    "FREQ=DAILY;BYHOUR=1,2,3,4,5": "too_many",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31": "takes_too_long",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5": "takes_too_long",
    "FREQ=HOURLY;COUNT=5;BYMONTH=2;BYMONTHDAY=31": "takes_too_long",
    "FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))) + ";BYMINUTE=" + ",".join(map(str, range(60))): "too_many",
    "FREQ=DAILY;INTERVAL=0": "bad_value",
    "FREQ=DAILY;COUNT=-1": "bad_value",
    "FREQ=YEARLY;BYDAY=400MO": "bad_value",
    "FREQ=YEARLY;BYMONTH=13": "bad_value",
    "FREQ=WEEKLY;UNTIL=soon": "bad_value",
    "FREQ=DAILY;FREQ=DAILY": "bad_value",
    "FREQ=DAILY\nEXRULE:FREQ=DAILY": "not_supported",
    "RSCALE=HEBREW;FREQ=YEARLY": "not_supported",
    ";;;": "bad_value",
}


@pytest.mark.parametrize(("rule", "why"), BOMBS.items())
def test_a_rule_without_end_or_sense_costs_its_own_entry(tmp_path: Path, rule: str, why: str) -> None:
    content = expand(
        tmp_path,
        f"UID:bomb\nDTSTART:20260105T010000Z\nDURATION:PT1H\nRRULE:{rule}",
        "UID:good\nDTSTART:20260105T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3",
        cpu_seconds=2,
    )
    assert rules(content) == [("bomb", why)]
    assert [o.uid for o in content.occurrences] == ["good"] * 3
    assert content.skipped[0].text.endswith(".")


def test_a_rule_that_goes_on_for_ever_is_cut_by_the_window_only(tmp_path: Path) -> None:
    for rule in ("FREQ=DAILY", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;UNTIL=99991231T000000Z"):
        content = expand(tmp_path, f"UID:s\nDTSTART:20260105T010000Z\nDURATION:PT1H\nRRULE:{rule}")
        assert len(content.occurrences) == 361
        assert content.skipped == []


RULES = st.builds(
    lambda freq, interval, more, end: ";".join(filter(None, [f"FREQ={freq}", f"INTERVAL={interval}", more, end])),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 4),
    st.sampled_from(["", "BYDAY=MO,WE", "BYMONTHDAY=1,15,31", "BYMONTH=3,10", "BYDAY=SU;BYMONTH=3", "BYHOUR=8,17"]),
    st.sampled_from(["", "COUNT=7", "UNTIL=20261025T010000Z", "UNTIL=20260601T070000Z"]),
)
ZONES = ["Asia/Manila", "Europe/Berlin", "America/New_York", "UTC"]


@given(
    RULES,
    st.datetimes(datetime(2025, 3, 1), datetime(2026, 11, 1)),
    st.sampled_from(ZONES),
    st.integers(0, 3000),
    st.lists(st.integers(0, 40), max_size=3),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_quick_way_and_the_library_agree(
    tmp_path: Path, rule: str, start: datetime, zone: str, minutes: int, excluded: list[int]
) -> None:
    start = start.replace(second=0, microsecond=0)
    if "BYHOUR" in rule:
        excluded = []  # the library takes an exception's wall clock for another occurrence's time in UTC
    exdates = "".join(f"\nEXDATE;TZID={zone}:{start + timedelta(days=d):%Y%m%dT%H%M%S}" for d in excluded)
    event = f"UID:s\nDTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\nDURATION:PT{minutes}M\nRRULE:{rule}{exdates}"
    mine = expand(tmp_path, event)
    parsed = icalendar.Calendar.from_ical(calendar(event))
    edges = (datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = recurring_ical_events.of(parsed).between(edges[0] - timedelta(days=9), edges[1])
    # The library lets a length follow the wall clock over a change of the clocks; RFC 5545 has it exact.
    length = minutes * MINUTE
    starts = {to_micros(part["DTSTART"].dt) for part in theirs}
    expected = {
        at for at in starts if at < YEAR[1] and at + length >= YEAR[0] and (at >= YEAR[0] or at + length > YEAR[0])
    }
    assert {o.start for o in mine.occurrences} == expected
    assert {o.end - o.start for o in mine.occurrences} <= {length}


def test_the_way_by_the_library_is_taken_only_when_it_must_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("not for a plain rule")

    monkeypatch.setattr(ics_series, "_by_library", refuse)
    content = expand(tmp_path, "UID:s\nDTSTART:20260105T010000Z\nRRULE:FREQ=DAILY;COUNT=3")
    assert len(content.occurrences) == 3
    assert ZoneInfo("Asia/Manila").key == MANILA.name
