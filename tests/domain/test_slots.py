"""The examples of the contract's "Slots", one by one, and the words of the reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from himsog_desktop.domain.clinic import Break, Hours, Override, OverrideKind, Policy, Provider, ProviderStatus
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rules import Reason, Rule
from himsog_desktop.domain.slots import Busy, DayLimit, Diary, SlotRules, rules_for
from himsog_desktop.domain.time import MINUTE, parse_instant, zone

MANILA = zone("Asia/Manila")
NEW_YORK = zone("America/New_York")
FRIDAY = date(2026, 11, 20)


def at(wall: str, day: str = "2026-11-20") -> int:
    return parse_instant(f"{day}T{wall}:00+08:00")


def week(*walls: tuple[int, int]) -> tuple[Hours, ...]:
    return tuple(Hours("c", day, start, end) for day in range(7) for start, end in walls)


def starts(diary: Diary, day: date = FRIDAY, days: int = 1) -> list[str]:
    return [f"{diary.rules.zone.wall(s.start):%H:%M}" for s in diary.slots(day, days)]


NINE_TO_NOON = SlotRules(MANILA, 30, week((540, 720)))


def words(rules: SlotRules, start: str, end: str, *busy: Busy, now: int = 0) -> list[tuple[str, str]]:
    return [tuple(r) for r in Diary(rules, busy, now=now).why(at(start), at(end)).reasons]


def test_the_grid_lists_a_slot_while_it_ends_inside() -> None:
    assert starts(Diary(NINE_TO_NOON, now=0)) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    assert starts(Diary(replace(NINE_TO_NOON, duration=50), now=0)) == ["09:00", "09:50", "10:40"]
    assert starts(Diary(replace(NINE_TO_NOON, duration=100, step=30), now=0)) == ["09:00", "09:30", "10:00"]


def test_touching_and_overlapping_hours_are_one_block_and_a_gap_starts_a_new_grid() -> None:
    rules = SlotRules(MANILA, 50, week((540, 600), (600, 700), (590, 610), (715, 780)))
    assert starts(Diary(rules, now=0)) == ["09:00", "09:50", "10:40", "11:55"]


def test_a_block_across_midnight_keeps_its_grid() -> None:
    rules = SlotRules(MANILA, 45, (Hours("c", 5, 1320, 1440), Hours("c", 6, 0, 120)))
    assert starts(Diary(rules, now=0)) == ["22:00", "22:45", "23:30"]
    assert starts(Diary(rules, now=0), date(2026, 11, 21)) == ["00:15", "01:00"]


def test_a_block_may_have_begun_days_ago_and_a_slot_may_last_longer_than_a_day() -> None:
    through = (Hours("c", 4, 1320, 1440), Hours("c", 5, 0, 1440), Hours("c", 6, 0, 120))
    saturday = date(2026, 11, 21)
    assert starts(Diary(SlotRules(MANILA, 45, through), now=0), saturday) == ["00:15", "01:00"]
    assert starts(Diary(SlotRules(MANILA, 120, through, step=60), now=0), saturday) == ["00:00"]
    always = Diary(SlotRules(MANILA, 4000, week((0, 1440)), step=720), now=0)
    assert starts(always) == ["00:00", "12:00"]
    assert starts(Diary(SlotRules(MANILA, 1680, through, step=60), now=0), date(2026, 11, 19)) == ["22:00"]


def test_a_closed_day_is_closed_to_its_last_hour_where_it_has_25() -> None:
    closed = (Override("2026-11-01", False, None, None, OverrideKind.HOLIDAY),)
    diary = Diary(SlotRules(NEW_YORK, 30, week((1320, 1440)), closed), now=0)
    assert starts(diary, date(2026, 11, 1)) == []
    midnight = NEW_YORK.day_bounds(date(2026, 11, 1))[1]
    assert diary.why(midnight - 30 * MINUTE, midnight).rules == Rule.HOLIDAY


def test_hours_and_breaks_before_a_skipped_midnight_reach_into_the_next_day() -> None:
    # In Nuuk 28 March 2026 has no hour from 23:00: half past eleven is half past midnight.
    nuuk = zone("America/Nuuk")
    rules = SlotRules(nuuk, 30, (Hours("c", 6, 1320, 1410),), breaks=(Break("Tea", 6, 1380, 1400),))
    diary = Diary(rules, now=0)
    assert starts(diary, date(2026, 3, 28)) == ["22:00", "22:30"]
    (slot,) = diary.day(date(2026, 3, 29))
    assert slot.start == nuuk.day_bounds(date(2026, 3, 29))[0]
    assert slot.reasons == (Reason("break", "Break time: Tea"),)
    assert slot == diary.why(slot.start, slot.end)


def test_available_overrides_replace_the_hours_and_unavailable_ones_take_out() -> None:
    day = str(FRIDAY)
    opened = (Override(day, True, 600, 660), Override(day, True, 840, 900))
    assert starts(Diary(replace(NINE_TO_NOON, overrides=opened), now=0)) == ["10:00", "10:30", "14:00", "14:30"]
    part = (Override(day, False, 570, 615),)
    assert starts(Diary(replace(NINE_TO_NOON, overrides=part), now=0)) == ["09:00", "10:15", "10:45", "11:15"]
    closed = (*opened, Override(day, False))
    assert starts(Diary(replace(NINE_TO_NOON, overrides=closed), now=0)) == []
    assert len(starts(Diary(replace(NINE_TO_NOON, overrides=closed), now=0), date(2026, 11, 21))) == 6


def test_a_sunday_can_be_opened() -> None:
    sunday = date(2026, 11, 22)
    weekdays = tuple(h for h in week((540, 720)) if h.day != 0)
    rules = SlotRules(MANILA, 60, weekdays, (Override(str(sunday), True, 600, 720),))
    assert starts(Diary(rules, now=0), sunday) == ["10:00", "11:00"]


def test_breaks_block_without_moving_the_grid() -> None:
    rules = replace(NINE_TO_NOON, breaks=(Break("Tea", 5, 610, 620),))
    blocked = [s for s in Diary(rules, now=0).day(FRIDAY) if not s.available]
    assert [s.start for s in blocked] == [at("10:00")]
    assert blocked[0].reasons == (Reason("break", "Break time: Tea"),)
    assert len(starts(Diary(rules, now=0))) == 6


def test_back_to_back_is_allowed_and_buffers_widen_the_candidate_only() -> None:
    busy = [Busy(at("10:00"), at("10:30"))]
    assert [s.rules for s in Diary(NINE_TO_NOON, busy, now=0).day(FRIDAY)] == [0, 0, Rule.BOOKED, 0, 0, 0]
    wide = Diary(replace(NINE_TO_NOON, buffer_before=10, buffer_after=40), busy, now=0).day(FRIDAY)
    assert [s.rules for s in wide] == [Rule.BUFFER, Rule.BUFFER, Rule.BOOKED, Rule.BUFFER, 0, 0]
    exact = Diary(replace(NINE_TO_NOON, buffer_before=30, buffer_after=30), busy, now=0)
    assert [s.rules for s in exact.day(FRIDAY)] == [0, Rule.BUFFER, Rule.BOOKED, Rule.BUFFER, 0, 0]
    assert [exact.why(s.start, s.end) for s in exact.day(FRIDAY)] == exact.day(FRIDAY)


def test_busy_times_of_the_days_around_count_too() -> None:
    rules = SlotRules(MANILA, 45, (Hours("c", 5, 0, 60), Hours("c", 5, 1380, 1440), Hours("c", 6, 0, 120)))
    eve = [Busy(at("23:00", "2026-11-19"), at("23:50", "2026-11-19"))]
    morrow = [Busy(at("00:20", "2026-11-21"), at("01:00", "2026-11-21"))]
    for busy, before, after, expected in (
        (eve, 0, 60, [0, 0, 0]),
        (eve, 15, 0, [Rule.BUFFER, 0, 0]),
        (morrow, 60, 0, [0, 0, Rule.BOOKED]),
        (morrow[:0], 60, 60, [0, 0, 0]),
        ([Busy(at("00:40", "2026-11-21"), at("01:00", "2026-11-21"))], 0, 15, [0, 0, Rule.BUFFER]),
    ):
        diary = Diary(replace(rules, buffer_before=before, buffer_after=after), busy, now=0)
        assert [s.rules for s in diary.day(FRIDAY)] == expected


def test_buffers_may_pass_closing() -> None:
    free = Diary(replace(NINE_TO_NOON, buffer_before=60, buffer_after=60), now=0).free(FRIDAY)
    assert len(free) == 6


def test_a_busy_time_met_directly_and_another_through_a_buffer_name_both() -> None:
    busy = [Busy(at("10:00"), at("10:30")), Busy(at("10:30"), at("11:00"))]
    slot = Diary(replace(NINE_TO_NOON, buffer_after=5), busy, now=0).why(at("10:00"), at("10:30"))
    assert slot.rules == Rule.BOOKED | Rule.BUFFER


def test_a_room_or_a_patient_may_follow_on_within_the_buffer() -> None:
    busy = [Busy(at("10:00"), at("10:30"), Rule.RESOURCE_BUSY), Busy(at("10:00"), at("10:30"), Rule.PATIENT_BUSY)]
    diary = Diary(replace(NINE_TO_NOON, buffer_before=15, buffer_after=15), busy, now=0)
    assert diary.why(at("10:30"), at("11:00")).available
    assert diary.why(at("10:15"), at("10:45")).rules == Rule.RESOURCE_BUSY | Rule.PATIENT_BUSY


def test_past_and_notice_are_both_named() -> None:
    diary = Diary(replace(NINE_TO_NOON, notice=60), now=at("09:30"))
    assert [s.rules for s in diary.day(FRIDAY)] == [Rule.PAST | Rule.NOTICE, Rule.NOTICE, Rule.NOTICE, 0, 0, 0]


def test_max_per_day_counts_appointments_that_start_that_clinic_day() -> None:
    busy = [Busy(at("23:00", "2026-11-19"), at("09:30")), Busy(at("11:30"), at("12:00"))]
    one = Diary(replace(NINE_TO_NOON, max_per_day=1), busy, now=0)
    assert all(Rule.MAX_PER_DAY in s.rules for s in one.day(FRIDAY))
    two = Diary(replace(NINE_TO_NOON, max_per_day=2), busy, now=0)
    assert not any(Rule.MAX_PER_DAY in s.rules for s in two.day(FRIDAY))
    # In a profile the busy times are widened, so the real starts are given beside them.
    told = Diary(replace(NINE_TO_NOON, max_per_day=2), busy, now=0, starts=[at("09:00"), at("11:30")])
    assert all(Rule.MAX_PER_DAY in s.rules for s in told.day(FRIDAY))


def test_only_appointments_count_for_the_limit_and_a_service_has_its_own() -> None:
    block = [Busy(at("10:00"), at("10:30"), Rule.BLOCKED_TIME, "Staff meeting")]
    assert len(Diary(replace(NINE_TO_NOON, max_per_day=1), block, now=0).free(FRIDAY)) == 5
    limit = DayLimit(1, (at("10:00"),), "X-ray")
    slots = Diary(NINE_TO_NOON, now=0, limits=[limit]).day(FRIDAY)
    assert slots[0].reasons == (Reason("max_per_day", "The day is full: at most 1 a day for X-ray"),)


def test_empty_busy_times_block_nothing() -> None:
    assert len(Diary(NINE_TO_NOON, [Busy(at("10:10"), at("10:10"))], now=0).free(FRIDAY)) == 6


def test_a_wall_time_that_dst_skips_moves_forward_by_the_gap() -> None:
    # 8 March 2026: 02:00 becomes 03:00. Open from 02:30, which is shown as 03:30.
    rules = SlotRules(NEW_YORK, 30, week((150, 300)))
    assert starts(Diary(rules, now=0), date(2026, 3, 8)) == ["03:30", "04:00", "04:30"]
    # An hour that comes twice is there once: open 00:30 to 01:30 is one hour, not two.
    rules = SlotRules(NEW_YORK, 30, week((30, 90)))
    assert starts(Diary(rules, now=0), date(2026, 11, 1)) == ["00:30", "01:00"]
    # Through the change the grid goes by elapsed minutes: 00:30 to 03:00 lasts 3.5 hours.
    rules = SlotRules(NEW_YORK, 60, week((30, 180)))
    assert starts(Diary(rules, now=0), date(2026, 11, 1)) == ["00:30", "01:30", "01:30"]


def test_hours_that_dst_skips_whole_are_shown_an_hour_later_or_not_at_all() -> None:
    rules = SlotRules(NEW_YORK, 30, week((120, 180)))
    assert starts(Diary(rules, now=0), date(2026, 3, 8)) == []
    rules = SlotRules(NEW_YORK, 15, week((120, 150)))
    assert starts(Diary(rules, now=0), date(2026, 3, 8)) == ["03:00", "03:15"]


def test_why_names_usual_hours_and_what_an_override_took() -> None:
    day = str(FRIDAY)
    vacation = replace(NINE_TO_NOON, overrides=(Override(day, False, None, None, OverrideKind.VACATION, "Sea"),))
    assert words(vacation, "10:00", "10:30") == [("vacation", "On vacation: Sea")]
    assert [r for r, _ in words(vacation, "13:00", "13:30")] == ["closed", "vacation"]
    holiday = replace(NINE_TO_NOON, overrides=(Override(day, False, 540, 600, OverrideKind.HOLIDAY),))
    assert words(holiday, "09:45", "10:15") == [("holiday", "Holiday")]
    assert words(holiday, "10:15", "10:45") == []
    fewer = replace(NINE_TO_NOON, overrides=(Override(day, True, 600, 660),))
    assert words(fewer, "09:00", "09:30") == [("override", "Other hours on this date")]
    assert words(fewer, "11:30", "12:30") == [
        ("closed", "Closed: usual hours are 09:00–12:00"),
        ("override", "Other hours on this date"),
    ]


def test_why_off_the_grid_names_every_rule() -> None:
    rules = replace(
        NINE_TO_NOON,
        notice=1440,
        buffer_after=10,
        breaks=(Break("Lunch", 5, 705, 780),),
        max_per_day=1,
        provider_active=False,
    )
    busy = (
        Busy(at("11:30"), at("11:50")),
        Busy(at("12:20"), at("12:30"), Rule.HELD),
        Busy(at("11:00"), at("12:10"), Rule.BLOCKED_TIME, "Staff meeting"),
        Busy(at("11:00"), at("12:10"), Rule.RESOURCE_BUSY, "Room 2"),
        Busy(at("12:00"), at("12:01"), Rule.PATIENT_BUSY),
    )
    assert words(rules, "11:37", "12:15", *busy, now=at("11:38")) == [
        ("past", "Past time"),
        ("notice", "Starts before the minimum notice of 24 hours"),
        ("closed", "Closed: usual hours are 09:00–12:00"),
        ("break", "Break time: Lunch"),
        ("booked", "Already booked"),
        ("blocked_time", "Blocked time: Staff meeting"),
        ("buffer", "Too close to another time that is taken: keep 10 minutes after free"),
        ("max_per_day", "The day is full: at most 1 a day"),
        ("provider_inactive", "The provider takes no bookings at present"),
        ("resource_busy", "In use: Room 2"),
        ("patient_busy", "The patient has another appointment then"),
    ]


def test_why_looks_across_midnight() -> None:
    rules = SlotRules(MANILA, 45, (Hours("c", 5, 1320, 1440), Hours("c", 6, 0, 120)))
    diary = Diary(rules, now=0)
    assert diary.why(at("23:00"), at("01:00", "2026-11-21")).available
    assert diary.why(at("23:00"), at("02:01", "2026-11-21")).rules == Rule.CLOSED


@pytest.mark.parametrize(("start", "end"), [("10:00", "10:00"), ("10:00", "09:00")])
def test_an_end_that_is_not_after_the_start_is_bad_input(start: str, end: str) -> None:
    with pytest.raises(BadInput) as caught:
        Diary(NINE_TO_NOON, now=0).why(at(start), at(end))
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize(
    "wrong",
    [{"duration": 0}, {"duration": -30}, {"step": 0}, {"notice": -1}, {"buffer_after": -5}, {"max_per_day": -1}],
)
def test_rules_without_sense_are_bad_input(wrong: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        replace(NINE_TO_NOON, **wrong)  # type: ignore[arg-type]


def test_rules_of_a_provider_are_those_of_one_clinic() -> None:
    provider = Provider(
        "p", "u", "Dr Cruz", ProviderStatus.SUSPENDED, 45, 0, 0,
        hours=(Hours("c", 5, 540, 720), Hours("other", 5, 780, 1020)),
        policy=Policy(notice_minutes=30, buffer_before=5, buffer_after=10, max_per_day=8),
    )  # fmt: skip
    rules = rules_for(provider, "c", MANILA, buffer_after=20)
    assert rules.hours == (Hours("c", 5, 540, 720),)
    assert (rules.duration, rules.notice, rules.buffer_before, rules.buffer_after) == (45, 30, 5, 20)
    assert rules.max_per_day == 8
    assert not rules.provider_active


def test_slots_are_equal_by_what_they_say() -> None:
    one, other = (Diary(NINE_TO_NOON, now=0, provider="p").day(FRIDAY) for _ in range(2))
    assert one == other
    assert hash(one[0]) == hash(other[0])
    assert one[0] != other[1]
    assert one[0] != Diary(NINE_TO_NOON, now=0, provider="q").day(FRIDAY)[0]
    assert one[0].end - one[0].start == 30 * MINUTE


def test_no_days_no_slots_and_no_hours_no_slots() -> None:
    assert Diary(NINE_TO_NOON, now=0).slots(FRIDAY, 0) == []
    assert Diary(replace(NINE_TO_NOON, hours=()), now=0).slots(FRIDAY, 400) == []
