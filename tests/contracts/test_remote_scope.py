"""What a desk is told of what its person does not see, or that changes while it is being told."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.intents import Change
from tests.contracts.remote_hands import booking, one, patch
from tests.support.shared import SharedClinic

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True, scope="module")
def met(clinic: SharedClinic) -> None:
    """A copied database begins another life when the first desk says hello."""
    clinic.remote("mia").hello()


def cursor_of(clinic: SharedClinic, by: str) -> str:
    last = list(clinic.remote(by).snapshot(clinic.id("A"), None))[-1]
    assert last.cursor is not None
    return last.cursor


def changes(clinic: SharedClinic, by: str, cursor: str) -> tuple[dict[str, Change], str]:
    batches = list(clinic.remote(by).pull(clinic.id("A"), cursor))
    assert batches[-1].cursor is not None
    return {change.key: change for batch in batches for change in batch.changes}, batches[-1].cursor


def test_what_changes_while_a_snapshot_is_read_comes_with_the_first_pull(clinic: SharedClinic) -> None:
    """Its version there must be later than the one that the snapshot told, or the pull is taken for known."""
    made = one(clinic, booking(clinic))
    told, cursor, changed = 0, None, False
    for part in clinic.remote("ana").snapshot(clinic.id("A"), None):
        if part.table == "synced":
            told = next((int(str(row[2])) for row in part.rows if row[1] == made.key), told)
        if part.table == "appointments" and not changed:
            assert one(clinic, patch(clinic, made, {"notes": None}, {"notes": "later"})).verdict == "accepted"
            changed = True
        cursor = part.cursor
    assert changed
    assert cursor is not None
    came, _ = changes(clinic, "ana", cursor)
    assert came[made.key].image["notes"] == "later"
    assert came[made.key].ver > told > 0


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


def test_what_goes_to_anothers_column_is_gone_from_this_persons_desk(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic))
    cursor = cursor_of(clinic, "dora")
    moved = patch(
        clinic, made, {"provider_id": clinic.id("p")}, {"provider_id": clinic.id("q")}, kind="appointment.move"
    )
    assert one(clinic, moved).verdict == "accepted"
    came, _ = changes(clinic, "dora", cursor)
    assert (came[made.key].state, came[made.key].image) == ("evicted", {})


def test_nobody_goes_on_where_somebody_left_off_who_sees_more_or_less(clinic: SharedClinic) -> None:
    """What was left out would never come, and what she may not see would never go."""
    everything, own = cursor_of(clinic, "mia"), cursor_of(clinic, "dora")
    other = one(clinic, booking(clinic, provider_id=clinic.id("q")))
    for who, cursor in (("mia", own), ("dora", everything)):
        with pytest.raises(Surroundings) as caught:
            changes(clinic, who, cursor)
        assert caught.value.code == "snapshot_needed"
    assert changes(clinic, "dora", own)[0][other.key].image == {}
    assert other.key in changes(clinic, "ana", everything)[0]


def test_a_snapshot_of_somebody_who_sees_a_part_is_of_that_part(clinic: SharedClinic) -> None:
    """Her appointments, their patients, the history of both, and the cards of what was refused to her."""
    mine, theirs = one(clinic, booking(clinic)), one(clinic, booking(clinic, provider_id=clinic.id("q")))
    refused = patch(clinic, mine, {"notes": "another"}, {"notes": "new"}, by="dora")
    assert one(clinic, refused, "dora").refused
    others = patch(clinic, mine, {"notes": "another"}, {"notes": "new"}, by="ana")
    assert one(clinic, others, "ana").refused
    rows = [(part.table, row) for part in clinic.remote("dora").snapshot(clinic.id("A"), None) for row in part.rows]
    told = {str(row[8]) for table, row in rows if table == "history" and row[7] == "appointment"}
    assert told & {mine.key, theirs.key} == {mine.key}
    cards = {str(row[0]) for table, row in rows if table == "card"}
    assert cards & {refused.id, others.id} == {refused.id}
