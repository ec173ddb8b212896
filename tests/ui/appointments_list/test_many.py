"""Moving and cancelling many: every outcome is on the screen before it happens, and is what happens."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from himsog_desktop.domain.time import parse_instant
from himsog_desktop.services import lists
from himsog_desktop.ui.appointments_list.bulk_panel import BulkPanel
from himsog_desktop.ui.appointments_list.outcome_list import DONE, OUT, REFUSED
from tests.ui.appointments_list.conftest import Listed

KEY, SHIFT, CONTROL = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
MARK = QItemSelectionModel.SelectionFlag.Select


def coming(listed: Listed, count: int) -> list[str]:
    """Select some confirmed ones of the coming days."""
    now = listed.seat.workspace.ready.clock.now()
    listed.page.model.need(listed.ids("CONFIRMED")[:400])
    listed.settle()
    lines = listed.page.model.lines
    ids = [k for k in listed.ids("CONFIRMED") if k in lines and lines[k].tile.start > now + 86_400_000_000][:count]
    assert len(ids) == count
    listed.view.clear_chosen()
    for key in ids:
        listed.view.toggle(key)
    return ids


def panel(listed: Listed, act: str) -> BulkPanel:
    listed.page.bulk.buttons[act].click()
    found = listed.seat.workspace.host.panel
    assert isinstance(found, BulkPanel)
    listed.seat.settle()
    return found


def kinds(found: BulkPanel) -> dict[str, int]:
    counted: dict[str, int] = {}
    for _, kind in found.outcomes.outcomes.rows:
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def kept(listed: Listed, ids: list[str]) -> dict[str, tuple[str, str, str]]:
    desk = listed.seat.other_process()
    found = {a.id: (a.provider.id, a.start, a.status) for a in lists.documents(desk, ids)}
    desk.cache.close()
    return found


def test_nothing_is_done_before_it_is_said_where_to(listed: Listed) -> None:
    coming(listed, 4)
    found = panel(listed, "move")
    assert not found.do.isEnabled()
    assert found.summary.text() == "Say where to: another provider, a day, or later."


def test_what_the_preview_says_is_what_happens_and_one_undo_takes_it_back(listed: Listed) -> None:
    ids = coming(listed, 12)
    before = kept(listed, ids)
    found = panel(listed, "move")
    other = found._names[2]
    found._choose_provider(*other)
    listed.seat.settle()
    said = {o.id: o for o in found.preview.outcomes}
    assert set(said) == set(ids)
    assert found.do.isEnabled() == bool(found.preview.will_change)
    assert kept(listed, ids) == before
    found.do.click()
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is None)
    after = kept(listed, ids)
    for key, outcome in said.items():
        expected = outcome.before if outcome.after is None else outcome.after
        assert after[key] == (expected.provider.id, expected.start, expected.status)
    assert set(listed.view.chosen) == set(ids)
    QTest.keyClick(listed.seat.focus(), KEY.Key_Z, CONTROL)
    listed.seat.wait(lambda: any(text.startswith("Undone") for text in listed.seat.messages()))
    assert kept(listed, ids) == before


def test_a_refusal_names_its_rule_and_offers_times_that_are_taken_by_one_click(listed: Listed) -> None:
    coming(listed, 30)
    found = panel(listed, "move")
    for name in found._names:
        found._choose_provider(*name)
        listed.seat.settle()
        refused = [o for o in found.preview.outcomes if o.after is None and o.alternatives]
        if refused:
            break
    assert refused
    rows = found.outcomes.outcomes.rows
    place = next(i for i, (key, _) in enumerate(rows) if key == refused[0].id)
    assert rows[place][1] == REFUSED
    assert refused[0].rules[0].text.rstrip(".") in found.outcomes.outcomes.outcome(place).after
    found.outcomes.setCurrentIndex(found.outcomes.outcomes.index(place, 0))
    listed.seat.wait(lambda: found._ways.isVisible() and all(b.isVisible() for b in found._ways.children()[-1:]))
    ways = [
        b
        for b in found._ways.findChildren(QAbstractButton)
        if b.accessibleName().startswith("Instead at") and b.isVisible()
    ]
    assert len(ways) == min(len(refused[0].alternatives), 3)
    ways[0].click()
    listed.seat.settle()
    slot = refused[0].alternatives[0]
    taken = next(o for o in found.preview.outcomes if o.id == refused[0].id)
    assert taken.after is not None
    assert parse_instant(taken.after.start) == parse_instant(slot.start)


def test_half_is_moved_half_cancelled_some_left_as_one_act(listed: Listed) -> None:
    ids = coming(listed, 18)
    before = kept(listed, ids)
    found = panel(listed, "move")
    found.later.setText("15m")
    found._typed()
    listed.seat.settle()
    rows = found.outcomes.outcomes.rows
    for place in range(9):
        found.outcomes.selectionModel().select(found.outcomes.outcomes.index(place, 0), MARK)
    cancelled = {key for key, _ in rows[:9]}
    found.set_fate("cancel")
    listed.seat.settle()
    left = next(key for key, _ in found.outcomes.outcomes.rows if key not in cancelled)
    found.outcomes.clearSelection()
    place = next(i for i, (key, _) in enumerate(found.outcomes.outcomes.rows) if key == left)
    found.outcomes.setCurrentIndex(found.outcomes.outcomes.index(place, 0))
    found.set_fate("out")
    listed.seat.settle()
    assert kinds(found)[OUT] == 1
    assert kinds(found)[DONE] >= 9
    assert found._cancelling.isVisible()
    found._choose_reason("Facility issues", found.plan.by)
    found.note.setText("no water")
    found.do.click()
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is None)
    after = kept(listed, ids)
    assert after[left] == before[left]
    assert all(after[key][2] == "CANCELLED" for key in cancelled)
    desk = listed.seat.other_process()
    reasons = {a.cancelled.reason for a in lists.documents(desk, list(cancelled)) if a.cancelled}
    desk.cache.close()
    assert reasons == {"Facility issues: no water"}
    listed.seat.workspace.acts.undo()
    listed.seat.wait(lambda: kept(listed, ids) == before)


def test_days_and_lengths_are_typed_and_nonsense_moves_nothing(listed: Listed) -> None:
    coming(listed, 3)
    found = panel(listed, "move")
    found.day.setText("someday")
    found._typed()
    assert found.plan.day is None
    assert found.day.accessibleDescription() == "Not a date: try tue, 24 nov or +7d"
    found.day.setText("+7d")
    found.later.setText("-30m")
    found._typed()
    listed.seat.settle()
    assert found.plan.day == listed.page.today() + timedelta(days=7)
    assert found.plan.shift == -30
    assert found.day.accessibleDescription() == ""
    assert found.preview is not None


def test_the_key_x_on_many_shows_every_outcome_first(listed: Listed) -> None:
    ids = coming(listed, 5)
    listed.view.setFocus()
    listed.press(KEY.Key_X)
    found = listed.seat.workspace.host.panel
    assert isinstance(found, BulkPanel)
    listed.seat.settle()
    assert found.preview.will_change == 5
    assert found.do.text() == "Cancel 5"
    QTest.keyClick(listed.seat.focus(), KEY.Key_Escape)
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is None)
    assert set(listed.view.chosen) == set(ids)
    assert listed.seat.workspace.pages.currentWidget() is listed.page


def test_a_preview_that_nobody_waits_for_any_more_is_given_up(listed: Listed) -> None:
    """Of thousands it takes seconds, in which nothing else would be read."""
    coming(listed, 4)
    found = panel(listed, "cancel")
    found.look_ahead()
    first = found._given_up[0]
    found.look_ahead()
    second = found._given_up[0]
    assert first
    assert not second
    listed.seat.workspace.host.close_panel()
    listed.seat.wait(lambda: second)
