"""How it stands with the server, on the bars, in the banner and on the page of the connection."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from himsog_desktop.domain.errors import BadInput, HimsogError, NoAccess
from himsog_desktop.domain.syncstate import SyncProgress, SyncStatus
from himsog_desktop.domain.time import MINUTE, SECOND
from himsog_desktop.storage.connection import transaction
from himsog_desktop.ui.shell.help import lines_of
from himsog_desktop.ui.shell.keymap import ATTENTION, bindings
from himsog_desktop.ui.sync.connection import ConnectionPage
from himsog_desktop.ui.sync.fresh import Freshness
from himsog_desktop.ui.sync.line import Finding, Standing, Wish
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


class Fake:
    """A line whose far end is a list of answers."""

    def __init__(self) -> None:
        self.known = Standing()
        self.findings = [Finding("port", "ok", "It answers.")]
        self.error: HimsogError | None = None
        self.wishes: list[Wish] = []
        self.signed: list[str] = []
        self.asked = 0
        self.accepted = False

    def standing(self) -> Standing:
        return self.known

    def test(self, wish: Wish) -> list[Finding]:
        self.wishes.append(wish)
        return self.findings

    def connect(self, wish: Wish) -> None:
        self.wishes.append(wish)
        self._raise()

    def sign_in(self, login: str, password: str) -> None:
        self._raise()
        self.signed.append(login)

    def sign_out(self, login: str) -> None:
        self.known = self.known._replace(signed_in=tuple(one for one in self.known.signed_in if one != login))

    def accept_deletions(self) -> None:
        self.accepted = True

    def sync_now(self) -> None:
        self.asked += 1

    def _raise(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def connection(shared: Shared, opened: Opened) -> tuple[Seat, ConnectionPage, Fake]:
    seat = opened()
    seat.workspace.open_page("connection")
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, ConnectionPage)
    seat.wait(lambda: bool(page.standing.clinic))
    fake = Fake()
    fake.known = page.standing._replace(url="postgresql://server/himsog", signed_in=("owner",))
    page.line = fake
    page.arrive()
    page.url.setText(fake.known.url)
    seat.wait(lambda: page.standing == fake.known)
    return seat, page, fake


def test_a_test_says_what_is_wrong_and_what_to_do(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    seat, page, fake = connection
    fake.findings.append(Finding("password", "error", "The password is wrong.", "Check it; capitals count."))
    page.password.setText("secret")
    page.test.click()
    seat.wait(lambda: bool(page.findings.found))
    assert page.says.text().startswith("This has to be mended first")
    assert "Wrong: The password is wrong. Check it; capitals count." in page.findings.accessibleDescription()
    assert "secret" not in repr(fake.wishes)


def test_which_clinic_is_chosen_by_its_name(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    seat, page, fake = connection
    page.show_standing(Standing("postgresql://server/himsog"))
    both = (("c1", "Digos & Sons"), ("c2", "Santa Cruz"))
    fake.findings = [Finding("rights", "ok", "Owner may see: both.", clinics=both)]
    fake.error = BadInput("usage", "Say which clinic this profile is for: himsog connect URL --clinic ID.")
    page.login.setText("owner")
    page.password.setText("right")
    page.password.setFocus()
    assert page.clinics.isHidden()
    seat.press(KEY.Key_Return)
    seat.wait(page.clinics.isVisible)
    assert "himsog" not in page.says.text()
    assert seat.focus() is page.clinics.button
    menu = page.clinics.button.menu
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Digos && Sons", "Santa Cruz"]
    page.go.click()
    assert len([wish for wish in fake.wishes if wish.clinic]) == 0
    assert seat.focus() is page.clinics.button, "nothing was chosen yet"
    menu.actions()[1].trigger()
    assert page.clinics.button.accessibleName().endswith("Santa Cruz")
    fake.error = BadInput("bad_value", "Not today.")
    page.go.click()
    seat.wait(lambda: page.says.text() == "Not today.")
    assert fake.wishes[-1].clinic == "c2"
    page.login.setFocus()
    page.login.selectAll()
    seat.type("joel")
    assert (page.clinics.isHidden(), page.clinics.chosen) == (True, "")


def test_signing_in_again_keeps_everything(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    seat, page, fake = connection
    fake.error = NoAccess("signed_out", "The server does not take this login with this password.")
    page.login.setText("owner")
    page.password.setText("wrong")
    page.password.setFocus()
    seat.press(KEY.Key_Return)
    seat.wait(lambda: page.says.text() == fake.error.message if fake.error else False)
    assert page.password.hasFocus()
    assert page.password.selectedText()
    fake.error = None
    page.password.setText("right")
    seat.press(KEY.Key_Return)
    seat.wait(lambda: fake.signed == ["owner"])
    seat.wait(lambda: page.password.text() == "")
    assert "Signed in as owner." in seat.messages()


def test_signing_out_says_what_waits(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    seat, page, fake = connection
    page.sign_out("owner")
    seat.wait(lambda: fake.known.signed_in == ())
    seat.wait(lambda: page.standing.signed_in == ())
    assert any("waits for the next sign-in" in text for text in seat.messages())


def test_many_deletions_are_taken_over_only_when_a_person_says_so_twice(
    shared: Shared, connection: tuple[Seat, ConnectionPage, Fake]
) -> None:
    seat, page, fake = connection
    reason = "The server says that 900 of 1,000 records are gone. If that is right, run himsog"
    shared.stands("held", f"{reason} sync --accept-deletions.")
    seat.doors._heard("changed")
    seat.wait(page.gone.isVisible)
    assert "himsog sync" not in page.state.text()
    assert "900 of 1,000" in page.state.text()
    page.gone.click()
    assert not fake.accepted
    page.gone.click()
    seat.wait(lambda: fake.accepted)


def test_an_empty_field_is_named_and_nothing_is_sent(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    _seat, page, fake = connection
    page.password.clear()
    page.go.click()
    assert page.says.text() == "Still empty: Password."
    assert page.password.hasFocus()
    assert fake.signed == []


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


def test_a_window_where_nobody_is_signed_in_says_so_and_leads_to_the_connection(shared: Shared, opened: Opened) -> None:
    shared.stands("signed_out")
    with transaction(shared.desk.cache.writer):
        shared.desk.cache.writer.execute("DELETE FROM session")
        shared.desk.cache.writer.execute("DELETE FROM meta WHERE key = 'signed_in'")
    seat = opened()
    w = seat.workspace
    calm = w.signed_out
    assert calm is not None
    assert w.following is not None
    assert (w.top.person.text(), w.day.view.page) == ("Nobody", None)
    # Whatever is pressed: no error, no message, no patient, and the button keeps the keyboard.
    for key in (KEY.Key_1, KEY.Key_2, KEY.Key_4, KEY.Key_W, KEY.Key_M, KEY.Key_A, KEY.Key_T, KEY.Key_C, KEY.Key_Slash):
        seat.press(key)
        seat.settle()
        assert w.pages.currentWidget() is calm
        assert seat.focus() is calm.go
    seat.press(KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    seat.settle()
    assert w.host.panel is None
    assert w.following.banner.isHidden()
    assert seat.messages() == []
    assert w.following.mark.text().startswith("Nobody is signed in")
    seat.press(KEY.Key_Space)
    page = w.pages.currentWidget()
    assert isinstance(page, ConnectionPage)
    seat.wait(lambda: bool(page.standing.clinic))
    seat.wait(page.login.hasFocus)
    assert page.standing.signed_in == ()
    seat.press(KEY.Key_Escape)
    assert w.pages.currentWidget() is calm
    assert seat.messages() == []


def test_who_signs_out_leaves_nothing_on_the_screen(shared: Shared, opened: Opened) -> None:
    """Also when another program does it; and the day is back when somebody signs in."""
    seat = opened()
    assert seat.workspace.signed_out is None
    seat.wait(lambda: seat.workspace.day.view.page is not None)
    raw = shared.desk.cache.writer
    with transaction(raw):
        kept = raw.execute("SELECT * FROM session").fetchall()
        raw.execute("DELETE FROM session")
        raw.execute("DELETE FROM meta WHERE key = 'signed_in'")
        raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["sync","staff"]}',))
    seat.doors._heard("changed")
    seat.wait(lambda: seat.workspace.signed_out is not None)
    assert seat.workspace.day.view.page is None
    with transaction(raw):
        raw.executemany(f"INSERT INTO session VALUES ({', '.join('?' * len(kept[0]))})", kept)
        raw.execute("INSERT INTO meta (key, value) VALUES ('signed_in', 'owner')")
        raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["sync","staff"]}',))
    seat.settle()
    seat.doors._heard("changed")
    seat.wait(lambda: seat.workspace.signed_out is None)
    seat.wait(lambda: seat.workspace.day.view.page is not None)


def test_a_session_begins_anew_on_the_page_of_the_connection(shared: Shared, opened: Opened) -> None:
    seat = opened()
    before = seat.workspace
    before.reopen_asked.emit("connection")
    after = seat.workspace
    assert after is not before
    seat.settle()
    assert isinstance(after.pages.currentWidget(), ConnectionPage)
    seat.press(KEY.Key_Escape)
    seat.wait(lambda: after.pages.currentWidget() is after.day)
    seat.wait(lambda: after.day.view.page is not None)


def test_a_local_profile_finds_the_way_to_a_server_by_name(seat: Seat) -> None:
    seat.press(KEY.Key_Slash)
    seat.type(">connection")
    seat.settle()
    seat.press(KEY.Key_Return)
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, ConnectionPage)
    assert page.go.text() == "Connect and sign in"
    assert "no server yet" in page.state.text()
    seat.wait(page.url.hasFocus)
    page.url.setText("postgresql://somebody:secret@server/himsog")
    page.test.click()
    seat.wait(lambda: "Leave the name and the password out" in page.says.text())
    page.url.setText("postgresql://127.0.0.1:9/himsog")
    page.test.click()
    seat.wait(lambda: bool(page.findings.found), timeout=8000)
    assert "no database answers" in page.findings.spoken
