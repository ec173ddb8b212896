"""Follows how the profile stands with its server, and has the window say it: bars, badge, banner, messages.

Made where the profile has a server, after the first paint. It reads the cache alone; nobody waits for a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout

from himsog_desktop.domain.freshness import PART_OF_PAGE
from himsog_desktop.domain.resolution import CARD
from himsog_desktop.domain.syncstate import LOCAL, SyncStatus
from himsog_desktop.ui.appointments.words import moment_words
from himsog_desktop.ui.attention.telling import TOPIC, Telling
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.shell.pages import ATTENTION, CONNECTION, TODAY
from himsog_desktop.ui.shell.toasts import Button, announce
from himsog_desktop.ui.sync.banner import Banner
from himsog_desktop.ui.sync.fresh import Freshness
from himsog_desktop.ui.sync.mark import LinkMark
from himsog_desktop.ui.sync.words import alarm, tell

if TYPE_CHECKING:
    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import AttentionDoc
    from himsog_desktop.ui.shell.workspace import Workspace

LOOK_MS = 5_000
"""How often ages are told anew."""
CARDS_MS = 300_000
"""How often the cards are read anew when nothing else asks for it."""
WARM_MS = 120
"""How long the pointer rests on a page's word before the page is warmed."""
_WHO_AND_WHERE = frozenset({"clinic", "staff"})
"""Lists whose change may mean another clinic or another person at this desk."""

Brief = tuple[list["AttentionDoc"], dict[str, str]]


def read_brief(desk: Desk) -> Brief:
    """The cards without their ways out, and the names of the providers."""
    from himsog_desktop.services import attention

    names = dict(desk.reader.execute("SELECT id, healthcare_name FROM providers").fetchall())
    return attention.items(desk, whole=0), names


class Following(QObject):
    """One open session's eye on the server."""

    changed = Signal(object)
    """A ``SyncStatus``."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.w = workspace
        self.status: SyncStatus = LOCAL
        self.read = self.read_here
        """Where it is read."""
        self.items: list[AttentionDoc] = []
        self._known: set[str] | None = None
        self._providers: dict[str, str] = {}
        self._worst = ""
        look = workspace.look
        self.mark = LinkMark(look, workspace.status)
        self.mark.clicked.connect(self.go)
        workspace.status.add_first(self.mark)
        policy = workspace.status.left.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        workspace.status.left.setSizePolicy(policy)
        # What does not fit is cut at the end; it never makes the window wider.
        workspace.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.banner = Banner(look, workspace)
        self.banner.pressed.connect(lambda: workspace.open_page(CONNECTION))
        column = workspace.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.banner)
        self.fresh = Freshness(self.sync_now, self)
        self.fresh.changed.connect(self.show_freshness)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        # Time alone makes a card urgent.
        self._cards_timer = QTimer(self)
        self._cards_timer.setInterval(CARDS_MS)
        self._cards_timer.timeout.connect(self.read_cards)
        self._warm = QTimer(self)
        self._warm.setSingleShot(True)
        self._warm.setInterval(WARM_MS)
        self._warm.timeout.connect(self._warm_page)
        self._wanted = ""
        workspace.sidebar.hovered.connect(self._hovered)
        workspace.ready.backend.changed.connect(self._changed)
        workspace.acts.unreached = self.unreached
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._came_back)

    def start(self) -> None:
        """From now on."""
        self._timer.start()
        self._cards_timer.start()
        self.fresh.start()
        self.look()
        self.read_cards()

    # ----------------------------------------------------------------------------- what is known

    @property
    def now(self) -> Micros:
        """The wall clock."""
        return self.w.session.opened.clock.now()

    @property
    def known(self) -> bool:
        """Whether the cards were read."""
        return self._known is not None

    def unreached(self) -> bool:
        """Whether the server was out of reach just now."""
        return self.status.state not in ("online", "local")

    def look(self) -> None:
        """Read how it stands, and say it: a few microseconds, on this thread."""
        status = self.read()
        told = tell(status, self.now, self.moment)
        self.mark.show_told(told)
        self.w.top.state.setText(told.short)
        self.w.top.state.setToolTip(self.mark.toolTip())
        self.w.top.state.set_colour({"alarm": "danger", "busy": "accent"}.get(told.tone, "muted"))
        self._sound(status)
        if status != self.status:
            self.status = status
            self.fresh.heard(status, self.now)
            self.changed.emit(status)

    def read_here(self) -> SyncStatus:
        """How it stands, from the cache."""
        return self.w.session.sync_status()

    def moment(self, at: Micros) -> str:
        """An instant as this window writes it."""
        clock = Clock(self.w.session.opened.zone, hour12=self.w.prefs.now.hour12)
        return moment_words(clock, at, self.now)

    def _sound(self, status: SyncStatus) -> None:
        """The banner, read out when it comes."""
        if self.w.stand_in is not None:
            self.w.stand_in.show_waiting(status.waiting)
        if self.w.session.opened.nobody:
            return  # the page says it
        found = alarm(status)
        if self.banner.show_alarm(found) and found is not None and found.text != self._worst:
            # The banner is the message: the same words over the day would only cover it.
            announce(self.banner, f"{found.text} {found.todo}", urgent=True)
        self._worst = found.text if found is not None else ""

    # -------------------------------------------------------------------------------- following

    def _changed(self, changes: ChangeSet) -> None:
        self.look()
        if (changes.everything or not changes.lists.isdisjoint(_WHO_AND_WHERE)) and self.w.session.outdated():
            at = self.w.made(CONNECTION)
            self.w.reopen_asked.emit(CONNECTION if at is not None and self.w.pages.currentWidget() is at else TODAY)
            return
        if changes.everything or CARD in changes.lists or "appointment" in changes.lists:
            self.read_cards()

    def read_cards(self) -> None:
        """Read the cards anew: the badge counts them, and a new one is announced."""
        backend = self.w.ready.backend
        backend.read(read_brief, self.take_cards, _nobody, key="attention-brief", owner=self, background=True)

    def take_cards(self, brief: Brief) -> None:
        """The cards came."""
        self.items, self._providers = brief
        button = self.w.sidebar.buttons.get(ATTENTION)
        if button is not None:
            button.show_count(len(self.items), alarm=any(item.soon for item in self.items))
        ids = {item.id for item in self.items}
        known, self._known = self._known, ids
        if known is None:
            return  # what was there when she came is on the badge
        new = [item for item in self.items if item.id not in known]
        if new and self.w.pages.currentWidget() is not self.w.made(ATTENTION):
            self.announce(new)

    def announce(self, new: list[AttentionDoc]) -> None:
        """Something new needs a person: a message, which takes no keyboard."""
        prefs = self.w.prefs.now
        clock = Clock(self.w.session.opened.zone, hour12=prefs.hour12)
        if len(new) == 1:
            words = Telling(clock, self.now, self._providers, privacy=prefs.privacy).headline(new[0])
        else:
            words = self.tr("{0} changes could not be taken by the server.").format(len(new))
        keys = self.w.key_of("page_attention")
        look = Button(self.tr("Look"), keys, lambda: self.w.open_page(ATTENTION))
        self.w.messages.say(words, look, error=True, topic=TOPIC)

    # -------------------------------------------------------------------------------- freshness

    def show_freshness(self) -> None:
        """The sign of the part in view."""
        if self.w.stand_in is not None:
            return
        part = self.w.part_in_view()
        as_of = "" if self.status.last_sync is None else self.moment(self.status.last_sync)
        self.w.status.show_freshness(part, self.fresh.part(part), self.fresh.now(), local=False, as_of=as_of)

    def look_at(self, part: str) -> None:
        """Another part is in view."""
        self.fresh.look_at(part)
        self.show_freshness()

    def sync_now(self) -> None:
        """Ask whoever syncs."""
        line = self.w.session.line()
        if line is not None:
            line.sync_now()

    def _came_back(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.fresh.focused()

    def _hovered(self, page: str) -> None:
        self._wanted = page
        self._warm.start()

    def _warm_page(self) -> None:
        button = self.w.sidebar.buttons.get(self._wanted)
        if button is not None and button.underMouse():
            self.fresh.warm(PART_OF_PAGE.get(self._wanted, self._wanted))

    # ------------------------------------------------------------------------------------ going

    def go(self) -> None:
        """A click on the mark: to the cards when that is all there is to do, else to the connection."""
        well = self.status.state == "online" and self.status.progress is None
        self.w.open_page(ATTENTION if well and self.items else CONNECTION)


def _nobody(_error: HimsogError) -> None:
    """A role that sees no patients has no cards."""
