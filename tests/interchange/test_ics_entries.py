"""Single entries of calendar files: times, zones, what is wrong with them, and bytes that are no calendar."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.time import parse_instant
from himsog_desktop.interchange.ics_child import read
from himsog_desktop.interchange.ics_lines import OutOfBounds
from tests.interchange.calendars import VTIMEZONE, YEAR, calendar, expand, rules, times


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
