"""Calendar files as blocked time or as appointments of a provider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from himsog_desktop.domain.commands import Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import digests, importing, lists, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import IcsImportDoc
from himsog_desktop.services.lists import AppointmentFilter
from tests.support.profiles import World

Write = Callable[..., Path]
WEEKLY = (
    "UID:team@x", "DTSTART;TZID=Asia/Manila:20261123T090000", "DTEND;TZID=Asia/Manila:20261123T100000",
    "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Asia/Manila:20261130T090000", "SUMMARY:Team",
)  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(*events: tuple[str, ...], name: str = "a.ics") -> Path:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
        for event in events:
            lines += ["BEGIN:VEVENT", "DTSTAMP:20261101T000000Z", *event, "END:VEVENT"]
        path = tmp_path / name
        path.write_bytes("\r\n".join([*lines, "END:VCALENDAR", ""]).encode())
        return path

    return made


def blocks(desk: Desk) -> list[tuple[str, str, str]]:
    zone = desk.zone
    rows = desk.reader.execute("SELECT title, start_time, end_time FROM blocks ORDER BY start_time, title").fetchall()
    return [(title, f"{zone.wall(start):%m-%d %H:%M}", f"{zone.wall(end):%m-%d %H:%M}") for title, start, end in rows]


def test_every_occurrence_blocks_and_exceptions_do_not(desk: Desk, world: World, write: Write) -> None:
    found = importing.import_ics(desk, write(WEEKLY), "cruz")
    assert isinstance(found, IcsImportDoc)
    assert (found.kind, found.events, found.read, found.taken, found.by_status) == ("blocks", 1, 3, 3, {})
    assert [o.start for o in found.occurrences] == [
        "2026-11-23T09:00:00+08:00", "2026-12-07T09:00:00+08:00", "2026-12-14T09:00:00+08:00",
    ]  # fmt: skip
    assert blocks(desk)[0] == ("Team", "11-23 09:00", "11-23 10:00")
    with pytest.raises(Refused) as refused:
        world.book(desk, "09:30", day=desk.zone.date_of(world.at("09:00") + 3 * 86_400_000_000))
    assert [reason.rule for reason in refused.value.details] == ["blocked_time"]


def test_the_same_file_again_is_unchanged_and_one_undo_removes_it(desk: Desk, write: Write) -> None:
    before = digests.digest(desk)
    path = write(WEEKLY, ("UID:day@x", "DTSTART;VALUE=DATE:20261201", "SUMMARY:Holiday"))
    importing.import_ics(desk, path, "cruz")
    again = importing.import_ics(desk, path, "cruz")
    assert (again.taken, again.unchanged, again.act) == (0, 4, None)
    other = importing.import_ics(desk, path, "lim")
    assert other.taken == 4, "another provider's time is another block"
    assert undoing.undo(desk, Undo(other.act)).refused == []
    assert undoing.undo(desk, Undo()).refused == []
    assert digests.digest(desk) == before


def test_an_entry_that_moved_moves_its_block(desk: Desk, write: Write) -> None:
    one = ("UID:a@x", "SUMMARY:Seminar", "DTSTART:20261201T010000Z", "DTEND:20261201T020000Z")
    importing.import_ics(desk, write(one), "cruz")
    moved = (*one[:2], "DTSTART:20261201T030000Z", "DTEND:20261201T040000Z")
    found = importing.import_ics(desk, write(moved), "cruz")
    assert (found.taken, found.unchanged) == (1, 0)
    assert blocks(desk) == [("Seminar", "12-01 11:00", "12-01 12:00")]


def test_what_is_shown_as_free_or_cancelled_blocks_nothing(desk: Desk, write: Write) -> None:
    path = write(
        ("UID:f@x", "SUMMARY:Birthday", "DTSTART;VALUE=DATE:20261201", "TRANSP:TRANSPARENT"),
        ("UID:c@x", "SUMMARY:Off", "DTSTART:20261201T010000Z", "DTEND:20261201T020000Z", "STATUS:CANCELLED"),
    )
    found = importing.import_ics(desk, path, "cruz")
    assert sorted((s.uid, s.rule) for s in found.skipped) == [("c@x", "cancelled"), ("f@x", "free")]
    assert (found.read, found.taken, found.refused, blocks(desk)) == (0, 0, 0, [])


def test_a_calendar_as_appointments(desk: Desk, write: Write) -> None:
    path = write(
        ("UID:1", "SUMMARY:Ana Reyes - Check-up", "DTSTART:20261123T010000Z", "DTEND:20261123T013000Z"),
        ("UID:2", "SUMMARY:Ben Uy", "DTSTART:20261123T011500Z", "STATUS:TENTATIVE"),
        ("UID:3", "SUMMARY:Ana Reyes", "DTSTART:20261101T010000Z", "DTEND:20261101T013000Z"),
    )
    found = importing.import_ics(desk, path, "cruz", kind="appointments")
    assert (found.taken, found.created.patients, found.created.providers) == (3, 2, 0)
    rows = lists.appointments(desk, AppointmentFilter())
    assert [(a.patient.name, a.status, a.lane, a.outcome_missing) for a in rows] == [
        ("Ana Reyes", "CONFIRMED", 0, True),
        ("Ana Reyes", "CONFIRMED", 0, False),
        ("Ben Uy", "PENDING", 1, False),
    ]
    assert [s.name for s in rows[1].services] == ["Check-up"]
    assert importing.import_ics(desk, path, "cruz", kind="appointments").unchanged == 3


def test_a_dry_run_and_a_stop_leave_nothing(desk: Desk, write: Write) -> None:
    before = digests.digest(desk)
    dry = importing.import_ics(desk, write(WEEKLY), "cruz", dry_run=True)
    assert (dry.taken, dry.act, dry.dry_run) == (3, None, True)
    with pytest.raises((Refused, BadInput)):
        importing.import_ics(desk, write(WEEKLY), "cruz", cancelled=lambda: True)
    assert digests.digest(desk) == before


def test_the_window_is_as_asked_for_and_two_years_at_most(desk: Desk, world: World, write: Write) -> None:
    path = write(("UID:d", "SUMMARY:Daily", "DTSTART:20200101T010000Z", "DTEND:20200101T013000Z", "RRULE:FREQ=DAILY"))
    day = 86_400_000_000
    now = world.clock.now()
    found = importing.import_ics(desk, path, "cruz", low=now, high=now + 10 * day, dry_run=True)
    assert len(found.occurrences) == 10
    whole = importing.import_ics(desk, path, "cruz", dry_run=True)
    assert 700 < len(whole.occurrences) <= 732
    with pytest.raises(BadInput, match="two years"):
        importing.import_ics(desk, path, "cruz", low=now, high=now + 1000 * day)
    with pytest.raises(BadInput, match="ends before"):
        importing.import_ics(desk, path, "cruz", low=now, high=now - day)


def test_the_same_request_gives_the_same_answer(desk: Desk, write: Write) -> None:
    path = write(WEEKLY)
    first = importing.import_ics(desk, path, "cruz", request_id="c1")
    assert importing.import_ics(desk, path, "cruz", request_id="c1") == first


def test_what_is_no_calendar_gets_a_sentence(desk: Desk, world: World, tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    path.write_text("not a calendar")
    with pytest.raises(BadInput):
        importing.import_ics(desk, path, "cruz")
    with pytest.raises(BadInput, match="no provider"):
        importing.import_ics(desk, path, "nobody")
    with pytest.raises(BadInput, match="blocks or as appointments"):
        importing.import_ics(desk, path, "cruz", kind="wishes")
    with pytest.raises(NoAccess):
        importing.import_ics(world.desk("rea"), path, "cruz")
