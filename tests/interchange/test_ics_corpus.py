"""The real calendar files of ../shared/data."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from himsog_desktop.domain.time import parse_instant, to_micros
from himsog_desktop.interchange.ics_child import read
from himsog_desktop.interchange.ics_lines import OutOfBounds
from tests.interchange.calendars import YEAR
from tests.interchange.helpers import MANILA, data

QUIET = {"empty.ics", "invalid.ics"}
"""Files that are no calendar at all."""


def test_every_real_calendar_file_gives_its_occurrences() -> None:
    files = sorted(data("ics").rglob("*.ics"))
    assert len(files) == 150
    taken: dict[str, int] = {}
    for path in files:
        if path.name in QUIET:
            with pytest.raises(OutOfBounds):
                read(path, "Asia/Manila", YEAR, 60)
            continue
        found: set[str] = set()
        named: set[str] = set()
        for year in (2007, 2009, 2011, 2013, 2015, 2017, 2019, 2021, 2023, 2025):
            window = (to_micros(datetime(year, 1, 1, tzinfo=UTC)), to_micros(datetime(year + 2, 1, 1, tzinfo=UTC)))
            content = read(path, "Asia/Manila", window, 60)
            assert all(o.start <= o.end for o in content.occurrences)
            found |= {o.key for o in content.occurrences}
            named |= {skipped.uid for skipped in content.skipped}
            assert "takes_too_long" not in {skipped.rule for skipped in content.skipped}
        taken[path.name] = len(found)
        if content.events and not found and not named:
            # Nothing taken and nothing said: the entry has to lie elsewhere in time.
            assert content.outside, path.name
    # Counted by hand from the files.
    expected = {
        "recurring_event.ics": 607,
        "event_rrule_recuid_cancelled.ics": 5,
        "event_rrule_recuid.ics": 6,
        "event_dtr_exdatez.ics": 3,
        "feed.ics": 4,
        "event_dt_multi_recuid_no_master.ics": 2,
        "office_356_custom_timezone.ics": 51,
        "google_calendar_invalid_offset.ics": 0,
    }
    assert {name: taken[name] for name in expected} == expected


def test_the_philippine_holidays() -> None:
    path = data("ph/ph_holidays_2024_2027.ics")
    window = (parse_instant("2026-01-01T00:00:00+08:00"), parse_instant("2027-01-01T00:00:00+08:00"))
    content = read(path, "Asia/Manila", window, 60)
    days = {MANILA.date_of(o.start) for o in content.occurrences}
    assert date(2026, 12, 25) in days
    assert date(2026, 6, 12) in days
    assert all(o.all_day and o.end - o.start == 86_400_000_000 for o in content.occurrences)
