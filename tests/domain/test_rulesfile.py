"""The rules file: what it means, and a sentence for everything that is wrong with one."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.clinic import Break, Hours, Override, OverrideKind
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.rulesfile import rules_from_document
from himsog_desktop.domain.slots import Busy
from himsog_desktop.domain.time import parse_instant

FULL: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "hours": [{"day": 5, "start": "09:00", "end": "12:00"}, {"day": 5, "start": "22:00", "end": "24:00"}],
    "overrides": [
        {"date": "2026-11-27", "start": None, "end": None, "available": False},
        {"date": "2026-11-28", "start": "10:00", "end": "11:00", "available": True},
    ],
    "breaks": [{"day": 5, "start": "10:00", "end": "10:15", "name": "Tea"}],
    "busy": [{"start": "2026-11-20T09:30:00+01:00", "end": "2026-11-20T09:00:00Z"}],
    "duration": 30,
    "step": 15,
    "notice_minutes": 60,
    "buffer_before": 5,
    "buffer_after": 10,
    "max_per_day": 4,
    "now": "2026-11-20T08:00:00+01:00",
}
LEAST: dict[str, Any] = {"timezone": "Asia/Manila", "hours": [], "duration": 20}


def test_a_full_file_says_everything() -> None:
    read = rules_from_document(FULL, clock=0)
    assert read.rules.zone.name == "Europe/Berlin"
    assert read.rules.hours == (Hours("", 5, 540, 720), Hours("", 5, 1320, 1440))
    assert read.rules.overrides == (
        Override("2026-11-27", False, None, None, OverrideKind.BLOCKED),
        Override("2026-11-28", True, 600, 660),
    )
    assert read.rules.breaks == (Break("Tea", 5, 600, 615),)
    assert (read.rules.duration, read.rules.grid_step, read.rules.notice) == (30, 15, 60)
    assert (read.rules.buffer_before, read.rules.buffer_after, read.rules.max_per_day) == (5, 10, 4)
    assert read.busy == (
        Busy(parse_instant("2026-11-20T08:30:00Z"), parse_instant("2026-11-20T09:00:00Z"), Rule.BOOKED),
    )
    assert read.now == parse_instant("2026-11-20T07:00:00Z")
    slots = read.diary().day(date(2026, 11, 20))
    assert slots[0].provider is None
    assert [r.rule for r in slots[0].reasons] == ["buffer"]


def test_what_a_file_leaves_out_has_its_default() -> None:
    read = rules_from_document({**LEAST, "step": None, "busy": None, "max_per_day": None, "more": 1}, clock=77)
    assert read.now == 77
    assert read.busy == ()
    assert read.rules.grid_step == 20
    assert read.rules.max_per_day is None
    assert read.rules.provider_active


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("timezone", None, "timezone is missing."),
        ("timezone", 8, "timezone must be text."),
        ("timezone", "Asia/Manilla", "timezone: there is no time zone called 'Asia/Manilla'."),
        ("timezone", "../../etc/passwd", "timezone: there is no time zone called '../../etc/passwd'."),
        ("timezone", "", "timezone: there is no time zone called ''."),
        ("hours", None, "hours is missing."),
        ("hours", {"day": 1}, "hours must be a list."),
        ("hours", ["09:00"], "hours[0] must be an object with named values."),
        ("hours", [{"day": 7, "start": "09:00", "end": "10:00"}], "hours[0].day must be from 0 to 6."),
        ("hours", [{"day": True, "start": "09:00", "end": "10:00"}], "hours[0].day must be a whole number."),
        ("hours", [{"start": "09:00", "end": "10:00"}], "hours[0].day is missing: 0 is Sunday, 6 is Saturday."),
        ("hours", [{"day": 1, "end": "10:00"}], "hours[0].start is missing."),
        ("hours", [{"day": 1, "start": "10:00", "end": "10:00"}], "hours[0].end must be after hours[0].start."),
        (
            "hours",
            [{"day": 1, "start": "24:00", "end": "24:00"}],
            "hours[0].start: not a time of day of the form 09:30",
        ),
        ("breaks", [{"day": 1, "start": "10:00", "end": "9:00"}], "breaks[0].end: not a time of day of the form 09:30"),
        ("overrides", [{"available": False}], "overrides[0].date is missing."),
        ("overrides", [{"date": "2026-02-31"}], "overrides[0].date: there is no such day: 2026-02-31."),
        ("overrides", [{"date": "20 Nov"}], "overrides[0].date: not a date of the form 2026-11-20."),
        ("overrides", [{"date": "2026-11-20", "available": "no"}], "overrides[0].available must be true or false."),
        ("overrides", [{"date": "2026-11-20", "start": "10:00"}], "overrides[0].end is missing."),
        ("overrides", [{"date": "2026-11-20", "available": True}], "overrides[0].start is missing: an available"),
        ("overrides", [{"date": "2026-11-20", "kind": "party"}], "overrides[0].kind: must be one of vacation, holiday"),
        ("duration", None, "duration is missing."),
        ("duration", 0, "duration must be from 1 to 1440."),
        ("duration", -30, "duration must be from 1 to 1440."),
        ("duration", 10**400, "duration must be from 1 to 1440."),
        ("duration", 30.0, "duration must be a whole number."),
        ("duration", "30", "duration must be a whole number."),
        ("step", 0, "step must be from 1 to 1440."),
        ("notice_minutes", -1, "notice_minutes must be from 0 to"),
        ("buffer_before", 1.5, "buffer_before must be a whole number."),
        ("buffer_after", float("nan"), "buffer_after must be a whole number."),
        ("max_per_day", -1, "max_per_day must be from 0 to"),
    ],
)
def test_what_is_wrong_is_named(key: str, value: object, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        rules_from_document({**LEAST, key: value}, clock=0)
    assert caught.value.code == "bad_value"
    assert caught.value.message.startswith(sentence)


@pytest.mark.parametrize(
    ("busy", "code", "sentence"),
    [
        ({"start": "2026-11-20T09:00:00", "end": "x"}, "bad_instant", "busy[0].start: the time has no offset"),
        ({"start": "2026-02-31T09:00:00Z", "end": "x"}, "bad_instant", "busy[0].start: there is no such moment"),
        ({"start": 5, "end": 6}, "bad_value", "busy[0].start must be text."),
        (
            {"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00+01:00"},
            "bad_value",
            "busy[0].end must be after busy[0].start.",
        ),
    ],
)
def test_busy_times_need_moments_in_order(busy: object, code: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        rules_from_document({**LEAST, "busy": [busy]}, clock=0)
    assert (caught.value.code, caught.value.message[: len(sentence)]) == (code, sentence)


def test_now_needs_an_offset_too() -> None:
    with pytest.raises(BadInput, match=r"^now: the time has no offset") as caught:
        rules_from_document({**LEAST, "now": "2026-11-20T08:00:00"}, clock=0)
    assert caught.value.code == "bad_instant"


@pytest.mark.parametrize("document", [None, [], "x", 5, {}])
def test_a_document_of_another_shape_is_bad_input(document: object) -> None:
    with pytest.raises(BadInput):
        rules_from_document(document, clock=0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_no_damage_to_a_file_ends_in_anything_but_bad_input(data: st.DataObject) -> None:
    document = copy.deepcopy(FULL)
    for _ in range(data.draw(st.integers(1, 3))):
        key = data.draw(st.sampled_from(sorted(FULL)))
        value = document[key]
        if isinstance(value, list) and value and isinstance(value[0], dict) and value[0] and data.draw(st.booleans()):
            value[0][data.draw(st.sampled_from(sorted(value[0])))] = data.draw(JSON)
        else:
            document[key] = data.draw(JSON)
    try:
        read = rules_from_document(document, clock=0)
    except BadInput:
        return
    read.diary().slots(date(2026, 11, 20), 2)
