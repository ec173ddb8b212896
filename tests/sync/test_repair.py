"""What becomes of what waits behind a refused intent, by cases and against a server that obeys the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.intents import Intent, Trouble, Verdict
from himsog_desktop.domain.merge import merge
from himsog_desktop.ports import Repair
from himsog_desktop.sync.repair import repair


def made(
    id_: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    key: str = "a",
    entity: str = "patient",
    needs: tuple[str, ...] = (),
) -> Intent:
    return Intent(id_, "act", "k", 1, entity, key, before, after, None, "d", 0, needs)


def refused(intent: Intent) -> Verdict:
    return Verdict(intent.id, "refused", intent.entity, intent.key, 1, {}, Trouble.FIELD)


def after(first: Intent, *rest: Intent) -> Repair:
    return repair(refused(first), [first, *rest])


def test_the_next_on_the_field_takes_over_what_the_refused_one_had_seen() -> None:
    one = made("1", {"phone": "a", "name": "n"}, {"phone": "b", "name": "m"})
    other = made("x", {"phone": "b"}, {"phone": "z"}, key="another")
    two = made("2", {"phone": "b"}, {"phone": "c"})
    three = made("3", {"phone": "c", "name": "m"}, {"phone": "b", "name": "l"})
    assert after(one, other, two, three) == Repair(
        (replace(two, before={"phone": "a"}), replace(three, before={"phone": "c", "name": "n"}))
    )


def test_only_the_next_one_even_when_a_later_one_saw_the_same_value() -> None:
    one, two = made("1", {"f": "a"}, {"f": "b"}), made("2", {"f": "b"}, {"f": "a"})
    three, four = made("3", {"f": "a"}, {"f": "b"}), made("4", {"f": "b"}, {"f": "c"})
    assert after(one, two, three, four) == Repair((replace(two, before={"f": "a"}),))


def test_what_stands_on_a_refused_creation_or_needs_it_is_given_up_all_the_way_down() -> None:
    patient = made("1", {}, {"name": "A"}, key="p")
    phone = made("2", {"phone": None}, {"phone": "1"}, key="p")
    booking = made("3", {}, {"patient_id": "p"}, key="b", entity="appointment", needs=("1",))
    move = made("4", {"start": 1}, {"start": 2}, key="b", entity="appointment")
    note = made("5", {"notes": None}, {"notes": "n"}, key="c", entity="appointment")
    assert after(patient, phone, booking, move, note) == Repair((), ("2", "3", "4"))


def test_nothing_waits_or_nothing_was_refused() -> None:
    one = made("1", {"f": "a"}, {"f": "b"})
    assert after(one) == Repair()
    assert repair(replace(refused(one), verdict="accepted"), [one, made("2", {"f": "b"}, {"f": "c"})]) == Repair()
    deletion = made("1", {"f": "a"}, {})
    assert after(deletion, made("2", {}, {"f": "a"})) == Repair()


VALUES = st.sampled_from("abc")
FIELDS = ("f", "g")


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=2), st.data())
def test_a_chain_of_ones_own_never_clashes_with_itself_and_ends_at_what_was_wanted_last(
    start: dict[str, str], data: st.DataObject
) -> None:
    """Some of a desk's edits are refused for reasons of their own; nobody else writes."""
    seen, queue = dict(start), []
    for number in range(data.draw(st.integers(1, 6))):
        wanted = data.draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1))
        wanted = {n: v for n, v in wanted.items() if seen[n] != v}
        if wanted:
            queue.append(made(str(number), {n: seen[n] for n in wanted}, wanted))
            seen |= wanted
    current: Mapping[str, Any] = dict(start)
    expected = dict(start)
    while queue:
        first = queue[0]
        if data.draw(st.booleans()):
            changed = {i.id: i for i in repair(refused(first), queue).changed}
            queue = [changed.get(i.id, i) for i in queue[1:]]
            continue
        found = merge(first, current)
        assert found.verdict != "refused", (first, current)
        current = found.image
        expected |= {n: str(v) for n, v in first.after.items()}
        queue = queue[1:]
    assert current == expected
