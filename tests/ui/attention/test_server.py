"""How it stands with the server, on the bars, in the banner and on the page of the connection."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Qt

from himsog_desktop.domain.syncstate import SyncProgress, SyncStatus
from himsog_desktop.domain.time import MINUTE, SECOND
from himsog_desktop.ui.shell.help import lines_of
from himsog_desktop.ui.shell.keymap import ATTENTION, bindings
from himsog_desktop.ui.sync.connection import ConnectionPage
from himsog_desktop.ui.sync.fresh import Freshness
from himsog_desktop.ui.sync.words import ALARM, BUSY, QUIET, WARN, age_words, alarm, tell
from tests.ui.attention.conftest import Shared
from tests.ui.conftest import NOW, Seat

KEY = Qt.Key
Opened = Callable[[], Seat]


def test_a_profile_without_a_server_says_nothing_of_one(seat: Seat) -> None:
    w = seat.workspace
    assert w.following is None
    assert list(w.sidebar.buttons) == ["today", "appointments", "settings"]
    assert w.top.state.text() == "On this computer"
    seat.press(KEY.Key_4)
    assert w.pages.currentWidget() is w.day
    told = " ".join(says for _group, lines in lines_of(bindings()) for says, _keys in lines)
    assert "server" not in told.casefold()
    assert "attention" not in told.casefold()


def test_the_map_of_a_shared_profile_has_the_cards_keys() -> None:
    groups = dict(lines_of(bindings(), shared=True))
    assert ("Discard, with a reason", ("X",)) in groups[ATTENTION]
    assert ("Needs attention", ("4",)) in groups["The window"]


AT = "10:00"


def _tell(state: str, **more: object):  # type: ignore[no-untyped-def]
    given = {"last_sync": NOW - 3 * SECOND, "server": "server", **more}
    return tell(SyncStatus(state, **given), NOW, lambda _at: AT)  # type: ignore[arg-type]


def test_words_and_tones() -> None:
    assert _tell("online").words == "Synced just now"
    assert _tell("online").tone == QUIET
    waits = _tell("online", waiting=4, oldest_waiting=NOW - 12 * MINUTE)
    assert (waits.words, waits.tone) == ("Synced just now · 4 changes wait, oldest 12 min", WARN)
    assert _tell("online", waiting=1, oldest_waiting=NOW - 15 * MINUTE).tone == ALARM
    offline = _tell("offline")
    assert (offline.words, offline.tone, offline.glyph) == ("Offline · as of 10:00", WARN, "cloud-off")
    assert _tell("signed_out", login="mara").tone == ALARM
    older = _tell("online", unread=3)
    assert (older.words, older.tone) == ("Synced just now · Not everything is shown: install the newer version", WARN)
    assert older.tip.startswith("3 records of the clinic can't be shown by this version")
    nobody = _tell("signed_out", waiting=1, oldest_waiting=NOW)
    assert (nobody.words, nobody.tone) == ("Nobody is signed in · 1 change waits", WARN)
    filling = _tell("online", progress=SyncProgress(41, 100))
    assert (filling.short, filling.tone) == ("Filling 41 %", BUSY)
    assert [age_words(s) for s in (3, 25, 190, 7300)] == ["just now", "20 s ago", "3 min ago", "2 h ago"]


def test_only_what_a_person_must_mend_is_an_alarm() -> None:
    assert alarm(SyncStatus("offline")) is None
    assert alarm(SyncStatus("online")) is None
    for state in ("signed_out", "revoked", "held"):
        assert alarm(SyncStatus(state)) is not None  # type: ignore[arg-type]


def test_the_bars_follow_and_the_banner_comes_at_the_first_failure(shared: Shared, opened: Opened) -> None:
    seat = opened()
    following = seat.workspace.following
    assert following is not None
    seat.wait(lambda: following.mark.text() == "Synced just now")
    assert following.banner.isHidden()
    held = seat.focus()
    shared.stands("offline", "The line broke.")
    seat.doors._heard("changed")
    seat.wait(lambda: following.mark.text().startswith("Offline"))
    assert following.banner.isHidden(), "no banner and no dialog while offline"
    assert seat.workspace.top.state.text() == "Offline"
    shared.stands("signed_out")
    seat.doors._heard("changed")
    seat.wait(lambda: following.banner.isVisible())
    assert "does not take this login any more (owner)" in following.banner.text.text()
    assert seat.messages() == [], "the banner says it: the same words over the day would only cover it"
    assert seat.focus() is held
    following.banner.go.click()
    assert isinstance(seat.workspace.pages.currentWidget(), ConnectionPage)
    assert not any(button.isChecked() for button in seat.workspace.sidebar.buttons.values())
    shared.stands("online", last_sync=NOW)
    seat.doors._heard("changed")
    seat.wait(lambda: following.banner.isHidden())


def test_an_act_while_offline_says_that_it_is_kept_here(shared: Shared, opened: Opened) -> None:
    shared.stands("offline")
    seat = opened()
    following = seat.workspace.following
    assert following is not None
    seat.wait(lambda: following.unreached())
    page = seat.workspace.day.view.page
    assert page is not None
    tile = next(t for t in page.tiles if t.status == "PENDING")
    seat.workspace.day.view.go_to(tile.id)
    seat.press(KEY.Key_C)
    seat.wait(lambda: any("kept here until the server is reached" in text for text in seat.messages()))
    seat.wait(lambda: following.status.waiting == 1)


class Ticking:
    """Milliseconds that pass when they are told to."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


def test_freshness_goes_by_the_policy_and_never_turns_while_offline(qtbot, qapp) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QObject

    from himsog_desktop.domain.freshness import State, policy_of, state

    owner, clock, asked = QObject(), Ticking(), []
    fresh = Freshness(lambda: asked.append(clock.ms), owner, clock)
    online = SyncStatus("online", last_sync=NOW)
    fresh.heard(online, NOW)
    fresh.look_at("today")
    assert asked == []

    def shown() -> State:
        return state(policy_of("today"), fresh.part("today"), clock.ms, local=False)

    assert shown() is State.FRESH
    clock.ms = 30_000
    assert shown() is State.STALE
    clock.ms = 60_000
    fresh._tick()
    assert asked == [60_000], "its own turn"
    assert shown() is State.FETCHING
    fresh.heard(dataclasses.replace(online, last_sync=NOW + 60 * SECOND), NOW + 60 * SECOND)
    assert shown() is State.FRESH
    fresh.heard(SyncStatus("offline", last_sync=NOW + 60 * SECOND), NOW + 61 * SECOND)
    for minute in range(2, 120):
        clock.ms = minute * 60_000
        fresh._tick()
    assert asked == [60_000]
    assert shown() is State.STALE
    fresh.focused()
    assert len(asked) == 2, "the window came back"
    fresh.heard(SyncStatus("offline", "still", last_sync=NOW + 60 * SECOND), NOW)
    fresh.asked("today")
    assert len(asked) == 3, "a person asked"
    owner.deleteLater()


def test_a_hovered_page_is_warmed_once(qtbot, qapp) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QObject

    owner, clock, asked = QObject(), Ticking(), []
    fresh = Freshness(lambda: asked.append(clock.ms), owner, clock)
    fresh.heard(SyncStatus("online", last_sync=NOW), NOW)
    fresh.warm("appointments")
    assert asked == []
    clock.ms = 31_000
    fresh.warm("appointments")
    fresh.warm("appointments")
    assert asked == [31_000]
    owner.deleteLater()


def test_what_has_no_room_in_the_bar_is_cut_with_a_mark_and_what_waits_comes_first(
    shared: Shared, opened: Opened
) -> None:
    shared.stands("offline", "The line broke.", last_sync=NOW - 3 * MINUTE)
    shared.pending(shared.booked())
    seat = opened()
    following = seat.workspace.following
    assert following is not None
    status = SyncStatus("offline", "", NOW - 3 * MINUTE, 23, NOW - 26 * MINUTE, server="server")
    following.read = lambda: status
    following.look()
    mark, words = following.mark, "Offline · as of today 10:07 · 23 changes wait, oldest 26 min"
    assert mark.text().startswith("Offline · as of")
    assert mark._fitting(10_000) == mark.text()
    assert mark._fitting(len(words)) == "Offline · 23 changes wait, oldest 26 min"


def test_what_a_page_holds_is_said_while_it_is_in_view(seat: Seat) -> None:
    w = seat.workspace
    seat.wait(lambda: "appointments" in w.status.left.text())
    told = w.status.left.text()
    w.open_page("connection")
    assert w.status.left.text() == ""
    w.open_page("appointments")
    seat.wait(lambda: "listed" in w.status.left.text())
    w.open_page("connection")
    w.open_page("today")
    assert w.status.left.text() == told
