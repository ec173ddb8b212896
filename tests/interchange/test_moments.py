from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.time import Zone, to_micros
from himsog_desktop.interchange.cells import BadCell
from himsog_desktop.interchange.moments import Placer, check_format, moment_reader
from tests.interchange.helpers import BERLIN, MANILA

D = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%d/%m/%Y %H:%M", "1/12/2026 9:05", (D, 32700, None)),
        ("%d/%m/%Y %H:%M", "01/12/2026 09:05:30", (D, 32730, None)),
        ("%d/%m/%Y %H:%M", "01/12/2026", (D, None, None)),
        ("%m/%d/%Y %I:%M %p", "12/1/2026 9:30am", (D, 34200, None)),
        ("%m/%d/%Y %I:%M:%S %p", "12/1/2026 9:30:00 PM", (D, 77400, None)),
        ("%m/%d/%Y %I:%M:%S %p", "12/1/2026 9:30 p.m.", (D, 77400, None)),
        ("%m/%d/%Y %I:%M %p", "12/01/2026 12:00 AM", (D, 0, None)),
        ("%m/%d/%Y %I:%M %p", "12/01/2026 12:15 PM", (D, 44100, None)),
        ("%B %d, %Y %I:%M %p", "December 1, 2026 9:30 am", (D, 34200, None)),
        ("%d %b %Y %H:%M", "1 Dec 2026 09:30", (D, 34200, None)),
        ("%d %b %Y", "1st december 2026", (D, None, None)),
        ("%d %b %Y", "1 Sept. 2026", (date(2026, 9, 1), None, None)),
        ("%d.%m.%y", "01.12.26", (D, None, None)),
        ("%A, %d %B %Y", "Tuesday, 1 December 2026", (D, None, None)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-12-01T09:30:00Z", (D, 34200, 0)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-12-01T09:30:00+08:00", (D, 34200, 28800)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-12-01T09:30:00.123-05:30", (D, 34200, -19800)),
        ("%Y-%m-%d %H:%M", "2026-12-01 24:00", (date(2026, 12, 2), 0, None)),
        ("%m/%d/%Y", "12/1/2026 00:00:00", (D, None, None)),
        ("%m/%d/%Y", "12/1/2026 12:00:00 AM", (D, None, None)),
        ("%H:%M:%S", "09:30:15", (None, 34215, None)),
        ("%H:%M", "9:30", (None, 34200, None)),
        ("%I:%M %p", "9:30 PM", (None, 77400, None)),
        ("%m/%d/%Y %H%M", "12/01/2026 0930", (D, 34200, None)),
    ],
)
def test_formats(form: str, text: str, expected: object) -> None:
    assert check_format(form) is None
    assert moment_reader((form,))(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", (D, None, None)),
        ("2026-12-01 09:30", (D, 34200, None)),
        ("2026-12-01T09:30:00Z", (D, 34200, 0)),
        ("2026-12-01T09:30:00.000000+08:00", (D, 34200, 28800)),
        ("2026-12-01 9:30 PM", (D, 77400, None)),
        ("December 1, 2026 9:30 am", (D, 34200, None)),
        ("1 Dec 2026", (D, None, None)),
        ("01.12.2026 09:30", (D, 34200, None)),
        ("9:30am", (None, 34200, None)),
        ("'2026-12-01", (D, None, None)),
    ],
)
def test_what_can_be_read_in_one_way_needs_no_format(text: str, expected: object) -> None:
    assert moment_reader(())(text) == expected


@pytest.mark.parametrize(
    ("forms", "text", "rule"),
    [
        ((), "03/04/2026", "bad_date"),
        (("%d/%m/%Y",), "31/02/2026", "bad_date"),
        (("%Y-%m-%d",), "2026-02-31", "bad_date"),
        (("%Y-%m-%d",), "2026-13-01", "bad_date"),
        (("%d/%m/%Y",), "12/13/2026", "bad_date"),
        (("%d/%m/%Y",), "1/1/1820", "bad_date"),
        (("%Y-%m-%d %H:%M",), "2026-12-01 25:00", "bad_time"),
        (("%Y-%m-%d %H:%M",), "2026-12-01 09:75", "bad_time"),
        (("%I:%M %p",), "13:00 PM", "bad_time"),
        (("%H:%M",), "noon", "bad_time"),
        (("%Y-%m-%d %H:%M",), "2026-12-01 x", "bad_time"),
    ],
)
def test_what_there_is_not_is_said(forms: tuple[str, ...], text: str, rule: str) -> None:
    with pytest.raises(BadCell) as caught:
        moment_reader(forms)(text)
    assert caught.value.rule == rule
    assert text in caught.value.text


def test_two_digit_years_of_birth_are_past() -> None:
    read = moment_reader(("%d/%m/%y",), born_by=date(2026, 11, 20))
    assert read("01/02/88")[0] == date(1988, 2, 1)
    assert read("01/02/26")[0] == date(2026, 2, 1)
    assert read("01/02/27")[0] == date(1927, 2, 1)


@pytest.mark.parametrize("form", ["%Q", "%d/%m", "plain", "%d %d %m %Y", "%M"])
def test_a_format_that_cannot_work_is_refused(form: str) -> None:
    assert check_format(form) is not None


@given(st.datetimes(datetime(1901, 1, 1), datetime(2190, 1, 1)))
def test_readers_agree_with_strptime(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, fold=0)  # a time that comes twice is the first, a skipped one moves on
    expected = (moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second, None)
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%B %d, %Y %H:%M:%S", "%a %d %b %Y %I:%M:%S %p"):
        assert moment_reader((form,))(moment.strftime(form)) == expected, form


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from([MANILA, BERLIN]))
def test_wall_times_become_instants(moment: datetime, zone: Zone) -> None:
    moment = moment.replace(microsecond=0, fold=0)  # a time that comes twice is the first, a skipped one moves on
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    assert Placer(zone).instant(moment.date(), seconds) == to_micros(moment.replace(tzinfo=ZoneInfo(zone.name)))


def test_a_skipped_hour_moves_forward_and_a_double_one_is_the_first() -> None:
    placer = Placer(BERLIN)
    assert BERLIN.iso(placer.instant(date(2026, 3, 29), 2 * 3600 + 1800)) == "2026-03-29T03:30:00+02:00"
    assert BERLIN.iso(placer.instant(date(2026, 10, 25), 2 * 3600 + 1800)) == "2026-10-25T02:30:00+02:00"


def test_an_offset_wins_over_the_zone() -> None:
    expected = to_micros(datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("UTC")) - timedelta(hours=2))
    assert Placer(MANILA).instant(D, 34200, 7200) == expected
