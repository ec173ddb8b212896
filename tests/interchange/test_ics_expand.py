"""Occurrences of calendar files, in this process: what each kind of entry and rule gives."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.time import parse_instant, to_micros
from himsog_desktop.interchange import ics_series
from himsog_desktop.interchange.ics_child import read
from himsog_desktop.interchange.ics_lines import OutOfBounds
from himsog_desktop.interchange.ics_model import CalendarContent
from tests.interchange.helpers import MANILA, data

YEAR = (parse_instant("2026-01-01T00:00:00+08:00"), parse_instant("2027-01-01T00:00:00+08:00"))


def calendar(*events: str, before: str = "") -> str:
    inner = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{inner}END:VCALENDAR\r\n"


def expand(
    tmp_path: Path, *events: str, before: str = "", window: tuple[int, int] = YEAR, cpu_seconds: float = 60
) -> CalendarContent:
    path = tmp_path / "calendar.ics"
    path.write_text(calendar(*events, before=before), encoding="utf-8", newline="")
    return read(path, "Asia/Manila", window, cpu_seconds)


def times(content: CalendarContent) -> list[str]:
    return [
        f"{MANILA.iso(o.start)[:16]}/{MANILA.iso(o.end)[11:16] if not o.all_day else MANILA.iso(o.end)[:10]}"
        for o in content.occurrences
    ]


def rules(content: CalendarContent) -> list[tuple[str, str]]:
    return [(skipped.uid, skipped.rule) for skipped in content.skipped]


# ------------------------------------------------------------------------------------------- entries


def test_the_forms_of_a_time(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:1\nDTSTART:20260105T010000Z\nDTEND:20260105T013000Z",
        "UID:2\nDTSTART;TZID=Europe/Berlin:20260706T090000\nDURATION:PT45M",
        "UID:3\nDTSTART:20260710T090000\nDTEND:20260710T093000",
        "UID:4\nDTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20260803",
        "UID:5\nDTSTART;VALUE=DATE:20260901",
        "UID:6\nDTSTART:20261001T090000",
        "UID:7\nDTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20261101",
    )
    assert times(content) == [
        "2026-01-05T09:00/09:30",
        "2026-07-06T15:00/15:45",
        "2026-07-10T09:00/09:30",
        "2026-08-01T00:00/2026-08-03",
        "2026-09-01T00:00/2026-09-02",
        "2026-10-01T09:00/09:00",
        "2026-11-01T00:00/2026-11-02",
    ]
    assert [(w.uid, w.rule) for w in content.warned] == [("6", "no_length")]
    assert [o.all_day for o in content.occurrences] == [False, False, False, True, True, False, True]


def test_the_summary_is_text(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        'UID:1\nDTSTART:20260105T010000Z\nSUMMARY;LANGUAGE="e:n":Ng\\, Ana\\; <b>x</b>\\nsecond\\\\ l\n ine',
        "UID:2\nDTSTART:20260106T010000Z\nSUMMARY:" + "\n ".join(["word"] * 300),
    )
    assert content.occurrences[0].summary == "Ng, Ana; <b>x</b> second\\ line"
    assert len(content.occurrences[1].summary or "") == 500


@pytest.mark.parametrize(
    ("tzid", "offset"),
    [
        ("W. Europe Standard Time", "+02:00"), ('"Eastern Standard Time"', "-04:00"), ("Europe_Berlin", "+02:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "+02:00"), ("Singapore Standard Time", "+08:00"),
        ("/mozilla.org/20050126_1/America/New_York", "-04:00"), ("GMT-05.00/-04.00", "-04:00"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern"', "+02:00"), ("UTC+9", "+09:00"), ("Etc/GMT-8", "+08:00"),
    ],
)  # fmt: skip
def test_zones_by_the_names_that_programs_give_them(tmp_path: Path, tzid: str, offset: str) -> None:
    content = expand(tmp_path, f"UID:1\nDTSTART;TZID={tzid}:20260706T090000")
    assert content.occurrences[0].start == parse_instant(f"2026-07-06T09:00:00{offset}")
    assert [w.rule for w in content.warned] == ["no_length"]


VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our Own
BEGIN:STANDARD
DTSTART:20001029T030000
TZOFFSETFROM:+0600
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:+0500
TZOFFSETTO:+0600
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_that_the_file_describes(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:1\nDTSTART;TZID=Our Own:20260105T090000\nDURATION:PT1H",
        "UID:2\nDTSTART;TZID=Our Own:20260706T090000\nDURATION:PT1H",
        "UID:3\nDTSTART;TZID=Nobodys:20260707T090000\nDURATION:PT1H",
        before=VTIMEZONE,
    )
    starts = ["2026-01-05T09:00:00+05:00", "2026-07-06T09:00:00+06:00", "2026-07-07T09:00:00+06:00"]
    assert [o.start for o in content.occurrences] == [parse_instant(start) for start in starts]
    assert [(w.uid, w.rule) for w in content.warned] == [("3", "zone")]


def test_a_zone_that_nobody_knows_is_the_clinics_and_said(tmp_path: Path) -> None:
    content = expand(tmp_path, "UID:1\nDTSTART;TZID=CST:20260105T090000\nDURATION:PT1H")
    assert times(content) == ["2026-01-05T09:00/10:00"]
    assert [(w.rule, w.field) for w in content.warned] == [("zone", "DTSTART")]


def test_what_is_wrong_with_an_entry_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:none\nSUMMARY:x",
        "UID:feb\nDTSTART:20260231T090000",
        "UID:word\nDTSTART:tomorrow",
        "UID:back\nDTSTART:20260105T090000Z\nDTEND:20260105T080000Z",
        "UID:minus\nDTSTART:20260105T090000Z\nDURATION:-PT1H",
        "UID:off\nDTSTART:20260105T090000Z\nSTATUS:CANCELLED",
        "UID:rule\nDTSTART:20260105T090000Z\nRRULE:FREQ=OFTEN",
        "UID:end\nDTSTART:00010101T000000\nDTEND:99991231T235959",
        "UID:good\nDTSTART:20260105T090000Z\nDURATION:PT1H",
    )
    assert rules(content) == [
        ("none", "missing"),
        ("feb", "bad_value"),
        ("word", "bad_value"),
        ("back", "ends_before_start"),
        ("minus", "ends_before_start"),
        ("off", "cancelled"),
        ("rule", "bad_value"),
        ("end", "too_long"),
    ]
    assert [o.uid for o in content.occurrences] == ["good"]
    assert content.events == 9


def test_what_is_no_event_is_counted(tmp_path: Path) -> None:
    other = "".join(f"BEGIN:{name}\r\nUID:x\r\nEND:{name}\r\n" for name in ("VTODO", "VTODO", "VJOURNAL", "VFREEBUSY"))
    content = expand(tmp_path, before=other)
    assert content.ignored == {"VTODO": 2, "VJOURNAL": 1, "VFREEBUSY": 1}
    assert content.events == 0


def test_an_entry_without_its_end_is_not_half_taken(tmp_path: Path) -> None:
    path = tmp_path / "c.ics"
    path.write_text(
        calendar("UID:1\nDTSTART:20260105T010000Z") + "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:2\nDTSTART:20260106"
    )
    content = read(path, "Asia/Manila", YEAR, 60)
    assert [o.uid for o in content.occurrences] == ["1"]
    assert rules(content) == [("2", "broken")]


def test_alarms_inside_an_entry_do_not_touch_it(tmp_path: Path) -> None:
    alarm = "BEGIN:VALARM\nDTSTART:20300101T000000Z\nSUMMARY:Alarm\nDURATION:PT5H\nEND:VALARM"
    content = expand(tmp_path, f"UID:1\nDTSTART:20260105T010000Z\n{alarm}\nSUMMARY:Entry\nDURATION:PT1H")
    assert times(content) == ["2026-01-05T09:00/10:00"]
    assert content.occurrences[0].summary == "Entry"


def test_one_uid_for_several_entries_loses_none(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:x\nDTSTART:20260105T010000Z\nDURATION:PT1H\nSUMMARY:A",
        "UID:x\nDTSTART:20260106T010000Z\nDURATION:PT1H\nSUMMARY:B",
        "DTSTART:20260107T010000Z\nDURATION:PT1H\nSUMMARY:C",
        "DTSTART:20260107T010000Z\nDURATION:PT1H\nSUMMARY:D",
    )
    assert sorted(o.summary or "" for o in content.occurrences) == ["A", "B", "C", "D"]
    assert len({o.key for o in content.occurrences}) == 4


def test_the_newer_of_two_versions_counts(tmp_path: Path) -> None:
    content = expand(
        tmp_path,
        "UID:x\nSEQUENCE:2\nDTSTART:20260106T010000Z\nDURATION:PT1H",
        "UID:x\nSEQUENCE:1\nDTSTART:20260105T010000Z\nDURATION:PT1H",
    )
    assert times(content) == ["2026-01-06T09:00/10:00"]


def test_what_has_a_part_in_the_window_is_in_it(tmp_path: Path) -> None:
    window = (parse_instant("2026-03-02T00:00:00+08:00"), parse_instant("2026-03-03T00:00:00+08:00"))
    content = expand(
        tmp_path,
        "UID:before\nDTSTART:20260301T090000\nDTEND:20260302T000000",
        "UID:into\nDTSTART:20260301T230000\nDTEND:20260302T010000",
        "UID:leave\nDTSTART;VALUE=DATE:20260201\nDTEND;VALUE=DATE:20260401",
        "UID:in\nDTSTART:20260302T090000\nDURATION:PT1H",
        "UID:after\nDTSTART:20260303T000000\nDURATION:PT1H",
        window=window,
    )
    assert [o.uid for o in content.occurrences] == ["leave", "into", "in"]
    assert content.outside == 2


# -------------------------------------------------------------------------------------------- series


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


# ----------------------------------------------------------------------------------- bounds and bytes


def test_the_bounds_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.ics"
    for content in (
        "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 20_000,
        "BEGIN:VCALENDAR\nX:" + "x" * 1_100_000,
        "BEGIN:VCALENDAR\nX:" + "x\n " * 600_000,
    ):
        path.write_text(content)
        with pytest.raises(OutOfBounds) as caught:
            read(path, "Asia/Manila", YEAR, 2)
        assert caught.value.code == "too_long"


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 100, b"PK\x03\x04", b"name,start\nAna,2026\n"])
def test_what_is_no_calendar_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.ics"
    path.write_bytes(content)
    with pytest.raises(OutOfBounds) as caught:
        read(path, "Asia/Manila", YEAR, 2)
    assert "not a calendar" in caught.value.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "c.ics"
    text = calendar("UID:1\nDTSTART:20260105T010000Z\nDURATION:PT1H\nSUMMARY:José\n  Peña").replace("\r\n", "\n")
    path.write_bytes(text.replace("\n", end).encode(encoding))
    content = read(path, "Asia/Manila", YEAR, 60)
    assert [o.summary for o in content.occurrences] == ["José Peña"]
    assert [w.rule for w in content.warned] == (["encoding"] if encoding == "cp1252" else [])


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_never_does_worse_than_a_sentence(tmp_path: Path, junk: bytes, at: int, lost: int) -> None:
    whole = calendar(
        "UID:1\nDTSTART;TZID=Europe/Berlin:20260105T010000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=9\nEXDATE:20260106T000000Z",
        "UID:2\nDTSTART:20260105T010000Z\nDTEND:20260105T020000Z",
        before=VTIMEZONE,
    ).encode()
    path = tmp_path / "c.ics"
    path.write_bytes(whole[:at] + junk + whole[at + lost :])
    try:
        content = read(path, "Asia/Manila", YEAR, 60)
    except OutOfBounds:
        return
    assert all(skipped.text.endswith(".") for skipped in content.skipped)


# ------------------------------------------------------------------------------- against the library

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
    exdates = "".join(f"\nEXDATE;TZID={zone}:{start + timedelta(days=d):%Y%m%dT%H%M%S}" for d in excluded)
    event = f"UID:s\nDTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\nDURATION:PT{minutes}M\nRRULE:{rule}{exdates}"
    mine = expand(tmp_path, event)
    parsed = icalendar.Calendar.from_ical(calendar(event))
    edges = (datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = recurring_ical_events.of(parsed).between(edges[0] - timedelta(days=9), edges[1])
    expected = {(to_micros(part["DTSTART"].dt), to_micros(part["DTEND"].dt)) for part in theirs}
    expected = {(a, b) for a, b in expected if a < YEAR[1] and b >= YEAR[0] and not (b == YEAR[0] and a < b)}
    assert {(o.start, o.end) for o in mine.occurrences} == expected


# -------------------------------------------------------------------------------------- real calendars

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


def test_the_way_by_the_library_is_taken_only_when_it_must_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("not for a plain rule")

    monkeypatch.setattr(ics_series, "_by_library", refuse)
    content = expand(tmp_path, "UID:s\nDTSTART:20260105T010000Z\nRRULE:FREQ=DAILY;COUNT=3")
    assert len(content.occurrences) == 3
    assert ZoneInfo("Asia/Manila").key == MANILA.name
