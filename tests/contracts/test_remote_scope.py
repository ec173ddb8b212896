"""What a desk is told of what its person does not see, or that changes while it is being told."""

from __future__ import annotations

import pytest

from tests.contracts.remote_hands import booking, one, patch
from tests.support.shared import SharedClinic

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True, scope="module")
def met(clinic: SharedClinic) -> None:
    """A copied database begins another life when the first desk says hello."""
    clinic.remote("mia").hello()


def test_a_refusal_tells_no_version_of_what_it_does_not_show(clinic: SharedClinic) -> None:
    """A desk where somebody else sees it would take it for gone, and the next pull for known."""
    made = one(clinic, booking(clinic))
    moved = patch(
        clinic, made, {"provider_id": clinic.id("p")}, {"provider_id": clinic.id("q")}, kind="appointment.move"
    )
    assert one(clinic, moved).verdict == "accepted"
    told = one(clinic, patch(clinic, made, {"notes": None}, {"notes": "mine"}, by="dora"), "dora")
    assert (told.verdict, told.trouble, told.image, told.ver) == ("refused", "forbidden", {}, 0)


def test_a_refusal_without_a_look_tells_what_stands_there(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic))
    told = one(clinic, patch(clinic, made, {"notes": None}, {"notes": "x" * 1_000_001}))
    assert (told.verdict, told.image["id"], told.ver) == ("refused", made.key, made.ver)
    told = one(clinic, patch(clinic, made, {"notes": None}, {"notes": "y"}, by="bea"), "mia")
    assert (told.verdict, told.image["id"], told.ver) == ("refused", made.key, made.ver)
