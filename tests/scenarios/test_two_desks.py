"""Two desks at one real server: the window at one, a script at the other (mission, S3 and S4, the window's part)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.system import vault
from himsog_desktop.ui.attention.page import AttentionPage
from himsog_desktop.ui.shell.gates import FirstRun, RecoveryKey
from himsog_desktop.ui.sync.connection import ConnectionPage
from himsog_desktop.ui.sync.follow import Following
from tests.campaigns import stations
from tests.campaigns.stations import Station
from tests.support import postgres
from tests.ui.conftest import Seat

KEY = Qt.Key
TEN, ELEVEN = "2026-11-20T10:00:00+08:00", "2026-11-20T11:00:00+08:00"

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(not postgres.USUAL, reason="there is no PostgreSQL here"),
]


@dataclass
class Two:
    """The window at Mara's desk, and Joel's desk by commands."""

    seat: Seat
    mara: Station
    joel: Station
    provider: str

    @property
    def following(self) -> Following:
        found = self.seat.workspace.following
        assert found is not None
        return found

    def book(self, station: Station, start: str, name: str) -> str:
        done = station.run("book", "--provider", self.provider, "--start", start, "--patient-name", name)
        return str(done["changed"][0]["id"])

    def shown(self, name: str) -> bool:
        page = self.seat.workspace.day.view.page
        return page is not None and any(tile.name == name for tile in page.tiles)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, Station, str]]:
    """A clinic at a server: profiles of its two receptionists as they were filled first, the administrator's way in."""
    folder = tmp_path_factory.mktemp("two")
    server = postgres.start(postgres.USUAL)
    try:
        database = server.create()
        first = stations.clinic(folder)
        clinic_id = stations.share(first, database.url)
        stations.staff(first.environment, database.url, clinic_id, ["mara", "joel"], "receptionist")
        url = server.address(database.name)
        yield (
            stations.station(folder / "mara", url, clinic_id, "mara"),
            stations.station(folder / "joel", url, clinic_id, "joel"),
            database.url,
        )
    finally:
        server.stop()


@pytest.fixture
def two(qtbot: QtBot, qapp: QApplication, clinic: tuple[Station, Station, str], tmp_path: Path) -> Iterator[Two]:
    mara, joel = (made.copy(tmp_path / made.login, made.login) for made in clinic[:2])
    provider = next(p["id"] for p in joel.run("providers") if p["name"] == "Dr Elena Cruz")
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    seat = Seat(qtbot, qapp, mara.folder)
    yield Two(seat, mara, joel, provider)
    seat.close()
    qapp.setQuitOnLastWindowClosed(quits)
    qapp.setStyleSheet("")


def open_window(two: Two, *, agent: bool) -> None:
    two.seat.doors.offline = not agent
    two.seat.open(vault.unlock(two.mara.folder, stations.PASSPHRASE))


def test_what_a_colleague_books_is_here_by_itself_and_glows(two: Two) -> None:
    open_window(two, agent=True)
    two.seat.wait(lambda: two.following.status.state == "online", timeout=15_000)
    made = two.book(two.joel, "2026-11-20T13:00:00+08:00", "Joel's patient")
    two.joel.run("sync")
    two.seat.wait(lambda: two.shown("Joel's patient"), timeout=20_000)
    assert made in dict(two.seat.workspace.day.view.glow.strengths())


def test_a_lost_race_is_a_card_that_another_time_answers(two: Two) -> None:
    open_window(two, agent=False)
    seat = two.seat
    mine = two.book(two.mara, TEN, "Mara's patient")
    seat.wait(lambda: two.shown("Mara's patient"), timeout=20_000)
    tile = next(t for t in seat.workspace.day.view.page.tiles if t.id == mine)  # type: ignore[union-attr]
    assert tile.flags & 1, "it waits"
    two.book(two.joel, TEN, "Joel's other patient")
    assert two.joel.run("sync")["refused"] == 0
    held = seat.focus()
    two.mara.run("sync", good=(0, 1))
    seat.wait(lambda: two.shown("Joel's other patient") and not two.shown("Mara's patient"), timeout=20_000)
    seat.wait(lambda: len(two.following.items) == 1, timeout=20_000)
    seat.wait(lambda: any("is taken" in text for text in seat.messages()))
    assert seat.focus() is held
    seat.press(KEY.Key_4)
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, AttentionPage)
    seat.wait(lambda: len(page.cards) == 1)
    labels = {row.label: (row.mine, row.theirs) for row in page.cards[0].sides._rows}
    assert labels["Patient"] == ("Mara's patient", "Joel's other patient")
    seat.press(KEY.Key_1)
    seat.wait(lambda: not page.cards)
    assert two.mara.sync()["refused"] == 0
    two.joel.sync()
    there = two.joel.run("appointment", mine)
    assert (there["status"], there["sync"]) == ("PENDING", "synced")
    assert there["start"] > TEN
    assert two.joel.run("attention") == []
    assert two.mara.run("digest")["tables"] == two.joel.run("digest")["tables"]
    # Taken back after the server has it: the card is there again, on both desks.
    seat.press(KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    seat.wait(lambda: len(page.cards) == 1)
    assert two.mara.sync()["refused"] == 0
    two.joel.sync()
    (card,) = two.joel.run("attention")
    assert card["mine"]["values"]["patient_name"] == "Mara's patient"
    assert two.mara.run("digest")["tables"] == two.joel.run("digest")["tables"]
    # The server is that of the next test as well: no card is left there.
    two.joel.run("resolve", card["id"], "--discard", "--reason", "She was told by phone")
    two.joel.sync()


def test_a_card_is_on_the_other_desk_by_itself_and_one_answer_is_enough(two: Two) -> None:
    open_window(two, agent=True)
    seat = two.seat
    two.book(two.joel, ELEVEN, "Joel's second")
    mine = two.book(two.mara, ELEVEN, "Mara's second")
    stations.eventually("the agent sends it", lambda: two.mara.run("appointment", mine)["sync"] == "synced", 30)
    assert two.joel.run("sync", good=(0, 1))["refused"] == 1
    seat.wait(lambda: len(two.following.items) == 1, timeout=20_000)
    seat.wait(lambda: any("is taken" in text for text in seat.messages()))
    assert seat.workspace.sidebar.buttons["attention"].count == 1
    (card,) = two.joel.run("attention")
    assert (card["kind"], card["mine"]["by"]) == ("slot", two.following.items[0].mine.by)
    assert card["theirs"]["values"]["patient_name"] == "Mara's second"
    two.joel.run("resolve", card["id"], "--discard", "--reason", "She was told by phone")
    two.joel.sync()
    seat.wait(lambda: two.following.items == [], timeout=20_000)
    assert seat.workspace.sidebar.buttons["attention"].count == 0


@contextmanager
def other_password(admin_url: str, login: str, password: str) -> Iterator[None]:
    """Somebody gave that person another password, and whoever is connected with the old one is thrown out."""
    import psycopg
    from psycopg import sql

    def give(word: str) -> None:
        text = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(word))
        db.execute(text)
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (login,))

    with psycopg.connect(admin_url, autocommit=True) as db:
        give(password)
        try:
            yield
        finally:
            give(stations.PASSWORD)


def test_a_password_that_expired_is_mended_in_the_window_and_nothing_is_lost(
    two: Two, clinic: tuple[Station, Station, str]
) -> None:
    open_window(two, agent=True)
    seat, following = two.seat, two.following
    seat.wait(lambda: following.status.state == "online", timeout=20_000)
    with other_password(clinic[2], "mara", "another password"):
        two.book(two.mara, "2026-11-20T15:00:00+08:00", "Mara's third")
        seat.wait(following.banner.isVisible, timeout=30_000)
        assert following.status.waiting == 2, "the patient and the booking"
        following.banner.go.click()
        page = seat.workspace.pages.currentWidget()
        assert isinstance(page, ConnectionPage)
        seat.wait(lambda: bool(page.standing.clinic))
        assert page.login.text() == "mara"
        page.password.setText("not this one")
        page.go.click()
        seat.wait(lambda: page.says.isVisible() and not page._busy, timeout=15_000)
        assert "password" in page.says.text()
        page.password.setText("another password")
        page.go.click()
        seat.wait(lambda: "Signed in as mara." in seat.messages(), timeout=15_000)
        seat.wait(lambda: following.banner.isHidden() and not following.status.waiting, timeout=30_000)
    two.joel.sync()
    assert [a["patient"]["name"] for a in two.joel.run("appointments", "--query", "Mara's third")] == ["Mara's third"]


def test_a_new_computer_joins_the_clinic_from_its_first_start(
    qtbot: QtBot, qapp: QApplication, clinic: tuple[Station, Station, str], tmp_path: Path
) -> None:
    url = clinic[1].run("profile", "info")["remote"]["url"]
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    seat = Seat(qtbot, qapp, tmp_path / "new")
    try:
        seat.open(None)
        gate = seat.program.window.gate
        assert isinstance(gate, FirstRun)
        gate.zone.setText("Europe/Berlin")  # as this computer thinks; the clinic is elsewhere
        gate.passphrase.setText(stations.PASSPHRASE)
        gate.server.click()
        seat.wait(lambda: isinstance(seat.program.window.gate, RecoveryKey), timeout=10_000)
        gate = seat.program.window.gate
        assert isinstance(gate, RecoveryKey)
        gate.kept.click()
        gate.go.click()
        seat.settle()
        page = seat.workspace.pages.currentWidget()
        assert isinstance(page, ConnectionPage)
        page.url.setText(url)
        page.login.setText("joel")
        page.password.setText(stations.PASSWORD)
        page.go.click()
        seat.wait(lambda: seat.program.session is not None and seat.program.session.opened.shared, timeout=20_000)
        seat.wait(lambda: seat.program.session.opened.zone.name == "Asia/Manila", timeout=30_000)  # type: ignore[union-attr]
        seat.settle()
        assert seat.program.session is not None
        assert seat.program.session.opened.clinic == "Clinic under test"
        seat.workspace.open_page("today")
        seat.wait(lambda: seat.workspace.day.view.page is not None and len(seat.workspace.day.view.page.columns) == 3)
    finally:
        seat.close()
        qapp.setQuitOnLastWindowClosed(quits)
        qapp.setStyleSheet("")
