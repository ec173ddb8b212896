"""The page of the connection, who is signed in, and the window where nobody is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from himsog_desktop.domain.errors import BadInput, HimsogError, NoAccess
from himsog_desktop.storage.connection import transaction
from himsog_desktop.ui.sync.connection import ConnectionPage
from himsog_desktop.ui.sync.line import Finding, Standing, Wish
from tests.ui.attention.conftest import Shared
from tests.ui.conftest import Seat

KEY = Qt.Key
Opened = Callable[[], Seat]


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


def test_what_a_test_found_comes_into_view_with_large_letters(connection: tuple[Seat, ConnectionPage, Fake]) -> None:
    seat, page, fake = connection
    seat.window.resize(960, 600)
    seat.program.look.choose("light", 2.0)
    fake.findings = [Finding("port", "ok", "It answers."), Finding("password", "error", "Wrong.", "Check it.")]
    page.password.setText("right")
    page.test.click()
    seat.wait(lambda: bool(page.findings.found))
    port = page.area.viewport()

    def seen() -> bool:
        at = page.findings.mapTo(port, page.findings.rect().topLeft())
        return 0 <= at.y() < port.height() - 20

    seat.wait(seen)


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


def test_a_window_where_nobody_is_signed_in_says_so_and_leads_to_the_connection(shared: Shared, opened: Opened) -> None:
    shared.stands("signed_out")
    with transaction(shared.desk.cache.writer):
        shared.desk.cache.writer.execute("DELETE FROM session")
        shared.desk.cache.writer.execute("DELETE FROM meta WHERE key = 'signed_in'")
    seat = opened()
    w = seat.workspace
    calm = w.stand_in
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


def test_a_role_that_sees_no_patients_has_a_calm_page_and_what_is_hers(shared: Shared, opened: Opened) -> None:
    """Also when the role is taken from somebody who has the day before her; and the day is back with the role."""
    seat = opened()
    seat.wait(lambda: seat.workspace.day.view.page is not None)
    _has_role(shared, seat, "it")
    seat.wait(lambda: seat.workspace.stand_in is not None)
    w = seat.workspace
    calm = w.stand_in
    assert calm is not None
    assert w.day.view.page is None
    assert "no patients" in calm.accessibleName()
    for key in (KEY.Key_1, KEY.Key_2, KEY.Key_4, KEY.Key_W, KEY.Key_M, KEY.Key_A, KEY.Key_T, KEY.Key_C, KEY.Key_Slash):
        seat.press(key)
        seat.settle()
        assert w.pages.currentWidget() is calm
        assert seat.focus() is calm.go
    seat.press(KEY.Key_3)
    assert w.pages.currentWidget() is w.settings
    seat.press(KEY.Key_Escape)
    assert w.pages.currentWidget() is calm
    seat.press(KEY.Key_Space)
    assert isinstance(w.pages.currentWidget(), ConnectionPage)
    seat.settle()
    assert seat.messages() == []
    _has_role(shared, seat, "manager")
    seat.wait(lambda: seat.workspace.stand_in is None)
    seat.press(KEY.Key_1)
    seat.wait(lambda: seat.workspace.day.view.page is not None)


def _has_role(shared: Shared, seat: Seat, role: str) -> None:
    """The server says that whoever sits here has another role."""
    raw = shared.desk.cache.writer
    with transaction(raw):
        raw.execute("UPDATE staff SET role = ? WHERE login = 'owner'", (role,))
        raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["staff"]}',))
    seat.doors._heard("changed")


def test_who_signs_out_leaves_nothing_on_the_screen(shared: Shared, opened: Opened) -> None:
    """Also when another program does it; and the day is back when somebody signs in."""
    seat = opened()
    assert seat.workspace.stand_in is None
    seat.wait(lambda: seat.workspace.day.view.page is not None)
    raw = shared.desk.cache.writer
    with transaction(raw):
        kept = raw.execute("SELECT * FROM session").fetchall()
        raw.execute("DELETE FROM session")
        raw.execute("DELETE FROM meta WHERE key = 'signed_in'")
        raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["sync","staff"]}',))
    seat.doors._heard("changed")
    seat.wait(lambda: seat.workspace.stand_in is not None)
    assert seat.workspace.day.view.page is None
    with transaction(raw):
        raw.executemany(f"INSERT INTO session VALUES ({', '.join('?' * len(kept[0]))})", kept)
        raw.execute("INSERT INTO meta (key, value) VALUES ('signed_in', 'owner')")
        raw.execute("INSERT INTO change_log (changes) VALUES (?)", ('{"lists":["sync","staff"]}',))
    seat.settle()
    seat.doors._heard("changed")
    seat.wait(lambda: seat.workspace.stand_in is None)
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
