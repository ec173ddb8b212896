"""The law of one intent, by properties; and a few cases in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from himsog_desktop.domain.intents import Intent, Trouble
from himsog_desktop.domain.merge import SLOT, UNITS, Merged, merge, too_many_gone, whole_units

Image = dict[str, Any]

PLAIN = ("patient_name", "type", "location")
VALUES = st.sampled_from(["a", "b", "c"])
STATUSES = ("PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW")
LEGAL = {
    ("PENDING", "CONFIRMED"),
    ("PENDING", "CANCELLED"),
    ("CONFIRMED", "COMPLETED"),
    ("CONFIRMED", "CANCELLED"),
    ("CONFIRMED", "NO_SHOW"),
    ("CONFIRMED", "PENDING"),
    ("COMPLETED", "CONFIRMED"),
    ("CANCELLED", "CONFIRMED"),
    ("NO_SHOW", "CONFIRMED"),
}

images = st.fixed_dictionaries(
    {
        "start": st.integers(0, 2),
        "end": st.integers(3, 4),
        "provider_id": VALUES,
        "resources": st.lists(VALUES, max_size=2),
        "lane": st.integers(0, 1),
        "overbook_reason": st.none(),
        "clinic_id": st.just("c"),
        "status": st.sampled_from(STATUSES),
        "cancellation_reason": st.none() | VALUES,
        "services": st.lists(VALUES, max_size=1),
        "total": st.integers(0, 2),
        "notes": st.none() | VALUES,
        "visit": st.fixed_dictionaries({"state": st.none() | VALUES}),
        **dict.fromkeys(PLAIN, VALUES),
        "created": st.integers(),
        "updated": st.integers(),
    }
)
opened = images.map(lambda i: {**i, "status": "PENDING" if i["status"] in ("COMPLETED", "CANCELLED") else "CONFIRMED"})
"""Of appointments that still take their time."""

CASES = [*SLOT, "services", "total", "visit", *PLAIN]


def patch(before: Mapping[str, Any], after: Mapping[str, Any], kind: str = "appointment.edit") -> Intent:
    return Intent("i", "act", kind, 1, "appointment", "a", before, after, None, "d", 0)


def edit(seen: Image, **wanted: Any) -> Intent:
    """The patch of somebody who saw ``seen`` and wants these fields otherwise."""
    differ = {n: v for n, v in wanted.items() if seen[n] != v}
    before, after = whole_units("appointment", seen, {**seen, **wanted}, {n: seen[n] for n in differ}, differ)
    return patch(before, after)


@st.composite
def edits(draw: st.DrawFn, fields: list[str] | None = None) -> tuple[Image, Intent]:
    """What somebody saw, and a change of one field or more of it, never of a status or a note."""
    seen = draw(opened)
    names = draw(st.sets(st.sampled_from(fields or CASES), min_size=1, max_size=3))
    other = draw(images)
    made = edit(seen, **{n: other[n] for n in names})
    assume(made.after)
    return seen, made


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[n] == other[n] for n in one if n not in ("created", "updated"))


@given(edits())
def test_what_is_as_it_was_seen_becomes_what_is_wanted(case: tuple[Image, Intent]) -> None:
    seen, intent = case
    assert merge(intent, seen) == Merged("accepted", {**seen, **intent.after})


@given(edits(), opened, st.booleans())
def test_the_same_again_changes_nothing_more(case: tuple[Image, Intent], other: Image, done: bool) -> None:
    intent = case[1]
    once = merge(intent, {**other, **(intent.after if done else intent.before)})
    assert once.verdict == ("noop" if done else "accepted")
    again = merge(intent, once.image)
    assert again.verdict == "noop"
    assert again.image == once.image


@given(edits(), edits())
def test_edits_that_share_no_unit_commute(one: tuple[Image, Intent], other: tuple[Image, Intent]) -> None:
    seen, first = one
    second = other[1]
    assume(not first.after.keys() & second.after.keys())
    # Both saw the same: the second's change, made on what the first one saw.
    second = patch({n: seen[n] for n in second.before}, second.after)
    assume(any(second.before[n] != second.after[n] for n in second.after))
    there = merge(second, merge(first, seen).image)
    back = merge(first, merge(second, seen).image)
    assert there.verdict == back.verdict == "accepted"
    assert there.image == back.image


@given(edits(), opened)
def test_no_field_is_replaced_that_was_not_seen_and_none_is_written_unasked(
    case: tuple[Image, Intent], current: Image
) -> None:
    _, intent = case
    found = merge(intent, current)
    if found.verdict == "refused":
        assert found.image == current
        assert found.trouble is Trouble.FIELD
        assert found.fields
        assert all(current[n] != intent.before[n] for n in found.fields)
    for name in current:
        if found.image[name] != current[name]:
            assert current[name] == intent.before[name]
            assert found.image[name] == intent.after[name]


@given(edits(list(SLOT)), edits(list(SLOT)))
def test_a_place_is_one_persons_whole(one: tuple[Image, Intent], other: tuple[Image, Intent]) -> None:
    seen, first = one
    wanted = {**seen, **{n: other[1].after[n] for n in SLOT}}
    second = edit(seen, **{n: wanted[n] for n in SLOT})
    assume(second.after)
    result = merge(second, merge(first, seen).image).image
    slots = [{n: i[n] for n in SLOT} for i in ({**seen, **first.after}, wanted)]
    assert {n: result[n] for n in SLOT} in slots


@given(images, st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_a_status_is_judged_from_what_it_is_now(seen: Image, now: str, target: str) -> None:
    assume((seen["status"], target) in LEGAL)
    current = {**seen, "status": now}
    found = merge(patch({"status": seen["status"]}, {"status": target}), current)
    if now == target:
        assert found.verdict == "noop"
    elif (now, target) not in LEGAL:
        assert (found.verdict, found.trouble, found.fields) == ("refused", Trouble.STATUS, ("status",))
    elif found.verdict == "refused":
        # Only what is over already isn't reopened by somebody who meant to confirm it, and the other way round.
        assert (target, now == "PENDING", seen["status"] == "PENDING") in [
            ("CONFIRMED", True, False),
            ("CONFIRMED", False, True),
        ]
    else:
        assert found.image["status"] == target


@given(images, st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_an_undo_takes_a_status_back_only_from_what_it_was_made(seen: Image, target: str, now: str) -> None:
    assume(target != seen["status"])
    current = {**seen, "status": now}
    intent = patch({"status": seen["status"]}, {"status": target}, "undo.appointment.confirm")
    found = merge(intent, current, undo=True)
    expected = "noop" if now == target else "accepted" if now == seen["status"] else "refused"
    assert found.verdict == expected


@given(edits(), st.sampled_from(["COMPLETED", "CANCELLED", "NO_SHOW"]))
def test_what_is_over_is_neither_moved_nor_visited(case: tuple[Image, Intent], status: str) -> None:
    seen, intent = case
    found = merge(intent, {**seen, "status": status})
    if any(n in (*SLOT, "visit") and v != seen[n] for n, v in intent.after.items()):
        assert (found.verdict, found.trouble, found.fields) == ("refused", Trouble.STATUS, ("status",))
    else:
        assert found.verdict == "accepted"


@given(images, images)
def test_a_deletion_needs_everything_to_be_as_it_was_seen(seen: Image, current: Image) -> None:
    found = merge(patch(seen, {}), current)
    assert (found.verdict == "accepted") is same(seen, current)
    assert found.image == ({} if found.verdict == "accepted" else current)
    assert found.verdict == "accepted" or found.trouble is Trouble.DELETED


@given(images, images)
def test_a_creation_that_is_there_already_is_a_noop_or_clashes(wanted: Image, current: Image) -> None:
    assert merge(patch({}, wanted), {}) == Merged("accepted", wanted)
    found = merge(patch({}, wanted), current)
    assert found.verdict == ("noop" if same(wanted, current) else "refused")
    assert found.image == current


def test_notes_append_and_never_replace_anothers() -> None:
    base = {"notes": None, "status": "PENDING"}
    one, other = patch(base, {"notes": "allergic"}), patch(base, {"notes": "called"})
    both = merge(other, merge(one, base).image)
    assert both == Merged("accepted", {**base, "notes": "allergic\ncalled"})
    more = patch({"notes": "called"}, {"notes": "called\ncame late"})
    assert merge(more, both.image).image["notes"] == "allergic\ncalled\ncame late"
    rewrite = patch({"notes": "called"}, {"notes": "wrote"})
    assert merge(rewrite, both.image) == Merged("refused", both.image, Trouble.FIELD, ("notes",))


def test_what_is_not_there_any_more_is_not_edited_and_what_is_not_known_is_not_written() -> None:
    assert merge(patch({"type": "a"}, {"type": "b"}), {}).trouble is Trouble.DELETED
    assert merge(patch({"colour": "a"}, {"colour": "b"}), {"type": "a", "status": "PENDING"}).trouble is Trouble.UNKNOWN
    assert merge(patch({"type": "a"}, {}), {}) == Merged("noop", {})


def test_a_patch_holds_every_field_of_a_unit_that_it_touches() -> None:
    seen = {n: n for n in SLOT} | {"type": "x", "services": [], "total": 0}
    wanted = {**seen, "start": "later"}
    before, after = whole_units("appointment", seen, wanted, {"start": "start"}, {"start": "later"})
    assert set(before) == set(after) == set(SLOT)
    assert whole_units("appointment", seen, seen, {"type": "x"}, {"type": "y"}) == ({"type": "x"}, {"type": "y"})
    assert whole_units("patient", {}, {"name": "A"}, {}, {"name": "A"}) == ({}, {"name": "A"})
    assert UNITS.keys() == {"appointment"}


def test_many_deletions_need_a_word() -> None:
    assert not too_many_gone(19, 20)
    assert too_many_gone(20, 399)
    assert not too_many_gone(20, 400)
    assert not too_many_gone(200, 4000)
    assert too_many_gone(201, 100_000)
