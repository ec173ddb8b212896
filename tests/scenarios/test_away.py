"""A provider is away: eighteen visits chosen, half moved, half cancelled, seen in one preview, then all taken back.

And the opening of the day: requests confirmed in bulk, the day's sheets on paper. Through the real window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel

from himsog_desktop.services.documents import AppointmentDoc
from himsog_desktop.ui.appointments_list.bulk_panel import BulkPanel
from himsog_desktop.ui.appointments_list.page import AppointmentsPage
from tests.scenarios.hands import CONTROL, KEY, SHIFT, Hands, no_mouse
from tests.ui.conftest import Seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def hands(busy_desk: Seat) -> Iterator[Hands]:
    """At the keyboard of the full clinic."""
    with no_mouse():
        yield Hands(busy_desk)


def the_list(hands: Hands) -> AppointmentsPage:
    """The page of all appointments, by its key."""
    hands.keys(KEY.Key_2)
    page = hands.seat.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    hands.seat.wait(lambda: page.model.found.total > 0)
    hands.seat.settle()
    return page


def facts(found: AppointmentDoc) -> tuple[object, ...]:
    """What an undo has to bring back, to the letter."""
    return (
        found.start,
        found.end,
        found.provider.id,
        found.status,
        tuple((s.id, s.price) for s in found.services),
        tuple(r.id for r in found.resources),
        found.lane,
        found.total,
        found.cancelled,
    )


def test_eighteen_visits_half_moved_half_cancelled_in_one_act_and_back(hands: Hands) -> None:
    seat = hands.seat
    page = the_list(hands)
    view = seat.workspace.day.view
    assert view.page is not None
    cruz, lim = view.page.columns[0], view.page.columns[1]
    page.set_state(replace(page.state, providers=(cruz.id,)))
    seat.settle()
    hands.keys(*[KEY.Key_Down, KEY.Key_Space] * 18)
    ids = page.chosen()
    assert len(ids) == 18
    assert page.bulk.isVisible()
    before = {key: facts(hands.kept(key)) for key in ids}
    assert {fact[2] for fact in before.values()} == {cruz.id}

    page.bulk.buttons["move"].click()
    seat.settle()
    panel = seat.workspace.host.panel
    assert isinstance(panel, BulkPanel)
    seat.wait(lambda: len(panel._names) > 1)
    next(a for a in panel._to_menu.actions() if a.text() == lim.name).trigger()
    seat.wait(lambda: panel.preview is not None and len(panel.preview.outcomes) == 18)
    half = set(ids[9:])
    chosen = panel.outcomes.selectionModel()
    for row, (key, _kind) in enumerate(panel.outcomes.outcomes.rows):
        if key in half:
            chosen.select(panel.outcomes.outcomes.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
    panel.set_fate("cancel")
    seat.wait(
        lambda: (
            panel.preview is not None
            and sum(o.after is not None and o.after.status == "CANCELLED" for o in panel.preview.outcomes) == 9
        )
    )
    preview = panel.preview
    assert preview is not None
    assert {o.id for o in preview.outcomes} == set(ids)
    assert preview.will_change + preview.refused == 18
    assert all(o.rules for o in preview.outcomes if o.after is None)
    assert {key: facts(hands.kept(key)) for key in ids} == before, "a preview writes nothing"

    panel.do.click()
    seat.wait(lambda: seat.workspace.host.panel is None)
    seat.settle()
    for outcome in preview.outcomes:
        now = hands.kept(outcome.id)
        if outcome.after is None:
            assert facts(now) == before[outcome.id]
        else:
            assert (now.status, now.provider.id, now.start) == (
                outcome.after.status,
                outcome.after.provider.id,
                outcome.after.start,
            )
    changed = [o.id for o in preview.outcomes if o.after is not None]
    acts = {hands.history(key)[-1].act for key in changed}
    assert len(acts) == 1, "one act"
    assert set(page.chosen()) == set(ids), "the selection is still there"

    hands.keys(KEY.Key_Z, modifier=CONTROL)
    seat.wait(lambda: facts(hands.kept(changed[-1])) == before[changed[-1]])
    assert {key: facts(hands.kept(key)) for key in ids} == before
    hands.keys(KEY.Key_Z, modifier=CONTROL | SHIFT)
    seat.wait(lambda: facts(hands.kept(changed[-1])) != before[changed[-1]])
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    seat.wait(lambda: facts(hands.kept(changed[-1])) == before[changed[-1]])


def test_the_day_is_opened_and_its_requests_confirmed_at_once(hands: Hands) -> None:
    seat = hands.seat
    page = the_list(hands)
    page.set_state(replace(page.state, statuses=("PENDING",)))
    seat.settle()
    hands.keys(KEY.Key_Home, KEY.Key_Space, *[KEY.Key_Down, KEY.Key_Space] * 10)
    ids = page.chosen()
    assert len(ids) == 11
    assert {hands.kept(key).status for key in ids} == {"PENDING"}
    hands.keys(KEY.Key_C)
    seat.wait(lambda: hands.kept(ids[-1]).status == "CONFIRMED")
    assert {hands.kept(key).status for key in ids} == {"CONFIRMED"}
    assert "11" in seat.messages()[-1]
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    seat.wait(lambda: hands.kept(ids[-1]).status == "PENDING")
    assert {hands.kept(key).status for key in ids} == {"PENDING"}
