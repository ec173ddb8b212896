"""What history says of a change is what the two images differ in."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Appointment, Visit, VisitState
from himsog_desktop.domain.clinic import Block, Provider, Service
from himsog_desktop.domain.people import Patient
from himsog_desktop.storage.images import changed, changed_texts, encode, image_of

KINDS = (Appointment, Patient, Provider, Service, Block)
records = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.builds(kind), st.builds(kind)))


@given(pair=records)
def test_the_quick_way_says_what_the_images_say(pair: tuple[object, object]) -> None:
    before, after = pair
    slow = changed(image_of(before), image_of(after))
    assert changed_texts(before, after) == (encode(slow[0]), encode(slow[1]))
    assert changed_texts(after, after) == ("{}", "{}")


def test_a_step_of_the_visit_is_told_whole() -> None:
    made = Appointment("i", "n", "c", "p", "u", 1, 2, "PENDING", "Ana", "", 1, 1)  # type: ignore[arg-type]
    there = dataclasses.replace(made, visit=Visit(VisitState.ARRIVED, 5))
    before, after = changed_texts(made, there)
    assert '"arrived_at":null' in before
    assert '"state":"arrived"' in after
