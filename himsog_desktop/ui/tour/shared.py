"""Shots of a profile that has a server: cards, how it stands with the server, what waits, the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt

from himsog_desktop.domain.syncstate import SyncProgress, SyncState, SyncStatus
from himsog_desktop.domain.time import SECOND
from himsog_desktop.ui.sync.line import Finding, Standing
from himsog_desktop.ui.tour.feel import large
from himsog_desktop.ui.tour.stage import SMALL, USUAL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.ui.attention.page import AttentionPage
    from himsog_desktop.ui.sync.follow import Following

    Prepare = Callable[[Stage], None]

SHARED = "shared"
NOBODY = "nobody"
"""The same, and nobody is signed in."""
UNSEEING = "unseeing"
"""The same, with somebody whose role sees no patients."""

TALL = QSize(1366, 1400)


def _following(stage: Stage) -> Following:
    found = stage.workspace.following
    assert found is not None
    stage.hand.until(lambda: found.known, "the cards")
    return found


def _as_it_opens(stage: Stage) -> None:
    stage.workspace.open_page("today")
    stage.settle()


def _cards(stage: Stage) -> AttentionPage:
    from himsog_desktop.ui.attention.page import AttentionPage

    _following(stage)
    stage.workspace.open_page("attention")
    page = stage.workspace.pages.currentWidget()
    assert isinstance(page, AttentionPage)
    stage.hand.until(lambda: page.known, "the cards")
    stage.settle()
    return page


def _first(stage: Stage) -> None:
    page = _cards(stage)
    page.area.verticalScrollBar().setValue(0)
    page.cards[0].setFocus()


def _phone(stage: Stage) -> None:
    _first(stage)
    card = _cards(stage).cards[0]
    if card.phone.isHidden():
        stage.press(Qt.Key.Key_P, "p")


def _phone_away(stage: Stage) -> None:
    _cards(stage).cards[0].phone.hide()


def _discard(stage: Stage) -> None:
    _first(stage)
    stage.press(Qt.Key.Key_X, "x")


def _discard_away(stage: Stage) -> None:
    _cards(stage).cards[0].reason.hide()


def _last(stage: Stage) -> None:
    page = _cards(stage)
    page.cards[-1].setFocus()


def _empty(stage: Stage) -> None:
    page = _cards(stage)
    page.show_cards(([], {}))
    _following(stage).take_cards(([], {}))


def _error(stage: Stage) -> None:
    from himsog_desktop.domain.errors import Surroundings

    page = _cards(stage)
    page.failed(Surroundings("disk", "The disk or the cache file failed. Nothing was lost."))


def _read_again(stage: Stage) -> None:
    _cards(stage).read()
    _following(stage).read_cards()


def _landed(stage: Stage) -> None:
    """A card comes while the day is in view."""
    following = _following(stage)
    following.announce(following.items[:1])


def stands(
    state: SyncState,
    reason: str = "",
    *,
    since: int = 3,
    waiting: int = 0,
    oldest: int = 0,
    progress: SyncProgress | None = None,
    unread: int = 0,
) -> Prepare:
    """How it stands with the server, ``since`` and ``oldest`` in seconds."""

    def prepare(stage: Stage) -> None:
        following = _following(stage)
        now = following.now
        first = now - oldest * SECOND if waiting else None
        status = SyncStatus(
            state, reason, now - since * SECOND, waiting, first, progress=progress, server="server.clinic.example", login="mara", unread=unread
        )
        following.read = lambda: status
        following.look()
        stage.settle()

    return prepare


def _as_it_is(stage: Stage) -> None:
    following = _following(stage)
    following.read = following.read_here
    stage.workspace.messages.clear()
    following.look()


def _waiting_details(stage: Stage) -> None:
    from himsog_desktop.domain.day import SYNC_PENDING

    _following(stage)
    page = stage.view.page
    assert page is not None
    tile = next(tile for tile in page.tiles if tile.flags & SYNC_PENDING)
    stage.workspace.open_details(tile.id)
    stage.settle(0.3)


def _connection(*found: Finding) -> Prepare:
    """The page with what a test found."""

    def prepare(stage: Stage) -> None:
        from himsog_desktop.ui.sync.connection import ConnectionPage

        stage.workspace.open_page("connection")
        page = stage.workspace.pages.currentWidget()
        assert isinstance(page, ConnectionPage)
        stage.settle(0.2)
        page.show_standing(Standing(_URL, "", ("mara",)) if stage.workspace.following else Standing())
        page.login.setText("mara")
        page.password.setText("nothing" if any(one.what == "password" for one in found) else "")
        if found:
            page.tested(list(found))
        else:
            page.findings.show_findings(())

    return prepare


_URL = "postgresql://server.clinic.example/himsog?sslrootcert=/etc/himsog/ca.pem"
_PORT = Finding("port", "ok", "server.clinic.example answers at port 5432.")
_CERTIFICATE = Finding("certificate", "ok", "The certificate of server.clinic.example is trusted.")
_WELL = (
    _PORT,
    _CERTIFICATE,
    Finding("password", "ok", "The login and the password are right."),
    Finding("rights", "ok", "Mara Santos may see: Digos Family Clinic."),
    Finding(
        "clock",
        "warning",
        "The clock of this computer is 4 minutes behind the server's.",
        "Set the clock of this computer, or have it set over the network.",
    ),
)
_SEVERAL = (
    _PORT,
    _CERTIFICATE,
    Finding("password", "ok", "The login and the password are right."),
    Finding(
        "rights",
        "ok",
        "Mara Santos may see: Digos Family Clinic, Santa Cruz Clinic.",
        clinics=(("digos", "Digos Family Clinic"), ("santa-cruz", "Santa Cruz Clinic")),
    ),
)
_WRONG = (
    _PORT,
    Finding(
        "certificate",
        "error",
        "The certificate of server.clinic.example is not from an authority that this computer trusts.",
        "Name the file of your clinic's certificate authority: ?sslrootcert=/path/to/ca.pem",
    ),
)


def _page(page: str) -> Prepare:
    return lambda stage: stage.workspace.open_page(page)


_OFFLINE = stands("offline", since=70 * 60, waiting=4, oldest=12 * 60)


def _shot(name: str, prepare: Prepare, size: QSize = USUAL, tidy: Prepare | None = None) -> Shot:
    return Shot(name, prepare, size, SHARED, tidy)


SHOTS = (
    _shot("attention-cards", _first),
    _shot("attention-all", _first, TALL),
    _shot("attention-last", _last),
    _shot("attention-phone", _phone, tidy=_phone_away),
    _shot("attention-discard", _discard, tidy=_discard_away),
    _shot("attention-cards_small", _first, SMALL),
    _shot("attention-cards_200", large(_first), USUAL),
    _shot("attention-cards_200_small", large(_first), SMALL),
    _shot("attention-empty", _empty, tidy=_read_again),
    _shot("attention-empty_200", large(_empty), SMALL, tidy=_read_again),
    _shot("attention-error", _error, tidy=_read_again),
    _shot("attention-landed", _landed),
    _shot("server-online", stands("online"), tidy=_as_it_is),
    _shot("server-unread", stands("online", unread=3), tidy=_as_it_is),
    _shot("server-waiting", stands("online", since=8, waiting=1, oldest=4), tidy=_as_it_is),
    _shot("server-offline", _OFFLINE, tidy=_as_it_is),
    _shot("server-offline_small", _OFFLINE, SMALL, tidy=_as_it_is),
    _shot("server-offline_200", large(_OFFLINE), USUAL, tidy=_as_it_is),
    _shot("server-alarm_200", large(stands("offline", since=4000, waiting=23, oldest=26 * 60)), SMALL, tidy=_as_it_is),
    _shot("server-alarm", stands("offline", since=4000, waiting=23, oldest=26 * 60), tidy=_as_it_is),
    _shot("server-signed_out", stands("signed_out", since=900, waiting=2, oldest=300), tidy=_as_it_is),
    _shot("server-signed_out_200", large(stands("signed_out", since=900)), SMALL, tidy=_as_it_is),
    Shot("server-nobody", _as_it_opens, USUAL, NOBODY),
    Shot("server-nobody_200", large(_as_it_opens), SMALL, NOBODY),
    Shot("server-unseeing", _as_it_opens, USUAL, UNSEEING),
    Shot("server-unseeing_200", large(_as_it_opens), SMALL, UNSEEING),
    _shot("server-revoked", stands("revoked", since=900), tidy=_as_it_is),
    _shot(
        "server-held",
        stands("held", "This program is older than the server. Update Himsog Desktop on this computer.", since=900),
        tidy=_as_it_is,
    ),
    _shot(
        "server-filling", stands("online", since=0, progress=SyncProgress(41_250, 103_400)), tidy=_as_it_is
    ),
    _shot("connection-well", _connection(*_WELL)),
    _shot("connection-wrong", _connection(*_WRONG)),
    _shot("connection-wrong_small", _connection(*_WRONG), SMALL),
    _shot("connection-wrong_200", large(_connection(*_WRONG)), USUAL),
    Shot("connection-local", _connection(), USUAL),
    Shot("connection-several", _connection(*_SEVERAL), USUAL),
    Shot("connection-several_200", large(_connection(*_SEVERAL)), SMALL),
    _shot("details-waiting", _waiting_details),
    _shot("week-waiting", _page("week")),
    _shot("month-waiting", _page("month")),
    _shot("agenda-waiting", _page("agenda")),
    _shot("appointments-waiting", _page("appointments")),
    _shot("help-keys_shared", lambda stage: stage.program.window.toggle_help(), tidy=lambda stage: stage.program.window.toggle_help()),
)
