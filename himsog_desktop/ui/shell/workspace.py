"""An open session on screen: sidebar, top bar, pages, panel, status bar. One command each, in and out.

Made light for the first paint; ``start`` brings it to life after that. It decides nothing about appointments:
gestures become commands in ``Acts``, change sets reach the model, and the model tells the view.

Long because it is where the parts of a session meet; each part is a module of its own.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.ui.shell.controls import Surface
from himsog_desktop.ui.shell.day import Day
from himsog_desktop.ui.shell.joining import said, say_of
from himsog_desktop.ui.shell.pages import (
    APPOINTMENTS,
    ATTENTION,
    CONNECTION,
    MAKERS,
    PRINT,
    SETTINGS,
    TODAY,
    CalendarPage,
    Page,
    is_face,
    make,
)
from himsog_desktop.ui.shell.sidebar import Entry as PageEntry
from himsog_desktop.ui.shell.sidebar import Sidebar
from himsog_desktop.ui.shell.topbar import StatusBar, TopBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from himsog_desktop.domain.appointment import StatusAct
    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.models.search_model import Found
    from himsog_desktop.ui.shell.acts import Acts
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.monitor import Monitor
    from himsog_desktop.ui.shell.palette import Entry
    from himsog_desktop.ui.shell.panel_host import PanelHost
    from himsog_desktop.ui.shell.panels import BookingRequest, Panel, PanelFactory, Proposal
    from himsog_desktop.ui.shell.pins import Pins
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.shell.settings_page import SettingsPage
    from himsog_desktop.ui.shell.toasts import Toasts
    from himsog_desktop.ui.shell.views import Views
    from himsog_desktop.ui.sync.follow import Following
    from himsog_desktop.ui.sync.stand_in import StandIn
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

ROOM_FOR_WORDS = 1100
"""Below this width, at scale 1, the sidebar shows icons alone."""
BESIDE_BOOKING = "book"
"""What is kept of a booking panel: that there was one; what was typed is a draft."""
USUAL_PANEL = 380
OUT_OF_SIGHT = "out of sight"
MIDNIGHT_MS = 30_000
"""How often it is looked whether a new clinic day has begun."""


class Workspace(Surface):
    """The whole content of the window while a profile is open."""

    lock_asked = Signal()
    help_asked = Signal()
    quit_asked = Signal()
    scheme_asked = Signal(object)
    reopen_asked = Signal(str)
    """The clinic, its server or who sits here is another: the session begins anew, on that page."""

    def __init__(self, look: ThemeSource, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(look, parent, token="canvas")
        self.session = session
        self.prefs = session.prefs
        opened = session.opened
        self.context: DeskContext | None = None
        self._panels: PanelFactory | None = None
        person = self.tr("Nobody") if opened.nobody else opened.person
        self.top = TopBar(look, self, clinic=opened.clinic, person=person, shared=opened.shared)
        entries = (
            PageEntry(TODAY, "today", self.tr("Today"), "1"),
            PageEntry(APPOINTMENTS, "list", self.tr("Appointments"), "2"),
            PageEntry(SETTINGS, "gear", self.tr("Settings"), "3"),
        )
        last = (PageEntry(ATTENTION, "alert", self.tr("Needs attention"), "4"),) if opened.shared else ()
        self.sidebar = Sidebar(look, entries, narrow=self.prefs.now.narrow, parent=self, last=last)
        self.sidebar.show_page(TODAY)
        self.day = Day(look, self.prefs, opened.zone, opened.clock.now, self)
        self.settings: SettingsPage | None = None
        self.monitor: Monitor | None = None
        self.following: Following | None = None
        """The eye on the server, where there is one."""
        self.recent: tuple[str, ...] = ()
        """Acts that were taken from the palette, the latest first."""
        self.provider_names: list[tuple[str, str]] = []
        """Ids and names of all providers, hidden ones too; filled after the first paint."""
        self.sources: list[Callable[[], list[Entry]]] = []
        """What pages add to the palette: entries whose ids are acts."""
        self.views: Views | None = None
        self.pins: Pins | None = None
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.day)
        self._made: dict[str, QWidget] = {TODAY: self.day}
        self._stand_in: StandIn | None = None
        self._asked: tuple[StatusAct, tuple[str, ...]] | None = None
        """The act that was asked about before it is done."""
        if opened.nobody or opened.unseeing:
            from himsog_desktop.ui.sync.stand_in import StandIn

            self._stand_in = StandIn(look, self, nobody=opened.nobody)
            self._stand_in.asked.connect(lambda: self.open_page(CONNECTION))
            self.pages.addWidget(self._stand_in)
            self.pages.setCurrentWidget(self._stand_in)
        self._host: PanelHost | None = None
        self.status = StatusBar(look, self)
        self._arrange()
        self.day.begin(opened.day, opened.page)
        self._today = opened.day
        self._midnight = QTimer(self)
        self._midnight.setInterval(MIDNIGHT_MS)
        self._midnight.timeout.connect(self._look_at_clock)

    def _arrange(self) -> None:
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.sidebar)
        across.addWidget(self.pages, 1)
        self._across = across
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(across, 1)
        column.addWidget(self.status)
        self.top.set_sidebar_width(self.sidebar.width())
        self.sidebar.narrow_toggled.connect(self._narrowed)
        self.sidebar.chosen.connect(self.open_page)
        say_of(self, self.day)
        self.pages.currentChanged.connect(self._page_changed)
        self.day.toolbar.face_asked.connect(self.show_face)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self, theme: Theme) -> None:
        QTimer.singleShot(0, self, self._fit)  # when all parts have taken the new look

    def _fit(self) -> None:
        """Large letters or a small window: words of the sidebar go first, then the panel gets narrower."""
        self.sidebar.set_tight(self.width() < self.look.theme.metrics.px(ROOM_FOR_WORDS))
        self.top.set_sidebar_width(self.sidebar.width())
        if self._host is not None:
            self._host.set_room(self.width() - self.sidebar.width())

    # ---------------------------------------------------------------------------- coming alive

    def start(self) -> Backend:
        """After the first paint: the worker, what acts, the search, the menus."""
        from himsog_desktop.ui.models.day_model import DayModel
        from himsog_desktop.ui.shell import menus
        from himsog_desktop.ui.shell.acts import Acts
        from himsog_desktop.ui.shell.context import DeskContext
        from himsog_desktop.ui.shell.going import Going
        from himsog_desktop.ui.shell.grid_acts import GridActs
        from himsog_desktop.ui.shell.keymap import bindings
        from himsog_desktop.ui.shell.pins import Pins
        from himsog_desktop.ui.shell.toasts import Toasts
        from himsog_desktop.ui.shell.views import Views

        opened = self.session.opened
        backend = self.session.start()
        messages = Toasts(self.look, self)
        messages.stand_above(self.status)
        acts = Acts(
            backend,
            messages,
            lambda: self.day.view.clock,
            lambda: self.prefs.now.privacy,
            self,
            lambda act: bindings(self.prefs.now.keys).first(act),
        )
        self.context = DeskContext(
            backend, acts, messages, self.look, self.prefs, opened.zone, opened.clock, Going(self), opened.shared
        )
        backend.unhandled.connect(self._say_error)
        backend.changed.connect(self._changed)
        self.grid_acts = GridActs(self)
        self.grid_acts.serve(self.day)
        self.day.menu_asked.connect(lambda tile_id, at: menus.show_tile_menu(self, tile_id, at))
        model = DayModel(backend, self.session.read_day, opened.day, opened.page, self.day)
        if self._stand_in is None:
            self.day.attach(model)
        self.top.search.connect_to(backend, self._local_rows, hour12=self.prefs.now.hour12)
        self.top.search.chosen.connect(self._found)
        self.top.search.left.connect(self.take_keyboard)
        self.views = Views(self)
        self.views.begin()
        self.pins = Pins(self)
        menus.fill_person_menu(self)
        menus.fill_provider_menu(self)
        self._midnight.start()
        self.prefs.changed.connect(lambda new, old: self.name_keys() if new.keys != old.keys else None)
        if self.prefs.now.keys:
            self.name_keys()
        if self._stand_in is not None:
            self.top.search.setEnabled(False)
            self._stand_in.arrive()
        elif self.window().focusWidget() is None:
            self.day.take_keyboard()
        self.pages.currentChanged.connect(self._page_shown)
        if opened.shared:
            from himsog_desktop.ui.sync.follow import Following

            self.following = Following(self)
        self._show_freshness(TODAY)
        if self.following is not None:
            QTimer.singleShot(0, self.following, self.following.start)
        if self.prefs.now.face is not None or self.prefs.now.beside is not None:
            QTimer.singleShot(0, self, self._restore)
        return backend

    def _restore(self) -> None:
        """What was in view when the window closed; today has been painted first."""
        if self.stand_in is not None:
            return
        face, beside = self.prefs.now.face or TODAY, self.prefs.now.beside
        if self._host is not None and self._host.panel is not None:
            return  # somebody was faster
        gone = face == ATTENTION and not self.session.opened.shared
        if face not in (TODAY, PRINT, CONNECTION) and not gone and (is_face(face) or face in MAKERS):
            if is_face(face):
                self.show_face(face)
            else:
                self.open_page(face)
        if beside == BESIDE_BOOKING and is_face(face):
            self.open_booking()
        elif beside is not None and beside != BESIDE_BOOKING:
            self.open_details(beside)
        self.take_keyboard()  # where one begins; what stands beside is looked at first

    def _page_changed(self, _at: int) -> None:
        """What a page said in the status bar goes with it, and comes back with it."""
        self.status.right.setText("")
        self.status.left.setText(said(self.pages.currentWidget()))

    def _page_shown(self, _at: int) -> None:
        """Keep which page is in view; the settings and a paper are nobody's place to begin."""
        current = self.pages.currentWidget()
        name = next((page for page, made in self._made.items() if made is current), None)
        if name is not None:
            self._show_freshness(name)
        if name is not None and name not in (PRINT, CONNECTION):
            self.prefs.note(self.prefs.now._replace(face=None if name == TODAY else name))

    def _show_freshness(self, page: str) -> None:
        if self.stand_in is not None:
            return  # nothing is shown that could be fresh
        from himsog_desktop.domain.freshness import PART_OF_PAGE

        part = PART_OF_PAGE.get(page, page)
        if self.following is not None:
            self.following.look_at(part)
        else:
            self.status.show_freshness(part)

    def part_in_view(self) -> str:
        """Which part of the policy table the page in view is."""
        from himsog_desktop.domain.freshness import PART_OF_PAGE

        current = self.pages.currentWidget()
        name = next((page for page, made in self._made.items() if made is current), TODAY)
        return PART_OF_PAGE.get(name, name)

    @property
    def stand_in(self) -> StandIn | None:
        """The page that stands for all others while nobody is signed in, or a role that sees no patients."""
        return self._stand_in

    def made(self, page: str) -> QWidget | None:
        """A page, if it was made already."""
        return self._made.get(page)

    def key_of(self, act: str) -> str:
        """The key of an act in force."""
        from himsog_desktop.ui.shell.keymap import bindings

        return bindings(self.prefs.now.keys).first(act)

    def _beside(self, what: str | None) -> None:
        """Keep what stands in the panel."""
        self.prefs.note(self.prefs.now._replace(beside=what))

    def measure(self) -> None:
        """Begin to measure how fast the window answers, unless that is switched off."""
        from himsog_desktop.ui.shell.monitor import Monitor
        from himsog_desktop.ui.shell.window import MainWindow

        window: object = self.window()
        if self.monitor is None and self.prefs.now.measure and isinstance(window, MainWindow):
            backend = self.ready.backend
            self.monitor = Monitor(window, self.prefs, lambda: backend.busy, self)
            self.monitor.listen(on=True)

    def show_performance(self) -> None:
        """The panel that tells of it."""
        from himsog_desktop.domain.speed import Speeds
        from himsog_desktop.ui.shell.performance_panel import PerformancePanel

        self.measure()
        session, monitor = self.session, self.monitor

        def read() -> Speeds:
            return session.speeds().with_other(monitor.speeds if monitor is not None else Speeds())

        def clear() -> None:
            session.keep_speeds(None)
            if monitor is not None:
                monitor.take()

        self.show_panel(PerformancePanel(self.look, read, clear))

    def name_keys(self, root: QWidget | None = None) -> None:
        """Tips and buttons name the keys in force."""
        from himsog_desktop.ui.shell.tips import follow

        follow(root or self, self.prefs.now.keys)

    @property
    def ready(self) -> DeskContext:
        """The parts of the session, once it has started."""
        assert self.context is not None
        return self.context

    @property
    def acts(self) -> Acts:
        """What a person can do."""
        return self.ready.acts

    @property
    def messages(self) -> Toasts:
        """Where messages go."""
        return self.ready.messages

    def _look_at_clock(self) -> None:
        """Past midnight the page that showed today goes on to the new one."""
        today = self.day.today
        if today != self._today:
            before, self._today = self._today, today
            if self.day.day == before and self.host.panel is None:
                self.day.show_day(today)
            else:
                self.day.toolbar.show_day(self.day.day, today)

    # -------------------------------------------------------------------------------- pages

    def open_page(self, page: str) -> None:
        """Show a page."""
        if self.stand_in is not None and page not in (CONNECTION, SETTINGS):
            self.pages.setCurrentWidget(self.stand_in)
            self.stand_in.arrive()
        elif page == TODAY:
            self.pages.setCurrentWidget(self.day)
            self.day.go_today()
        elif page == SETTINGS:
            if self.settings is None:
                from himsog_desktop.ui.shell.settings_page import SettingsPage

                self.settings = SettingsPage(self.ready, self)
                self.settings.scheme_asked.connect(self.scheme_asked)
                self.pages.addWidget(self.settings)
            self.pages.setCurrentWidget(self.settings)
            self.settings.begin()
        else:
            shown = self.page(page)
            self.pages.setCurrentWidget(shown)
            assert isinstance(shown, Page)
            shown.arrive()
        if page != PRINT:  # the paper of a face, which stays marked
            self.sidebar.show_page(TODAY if is_face(page) else page)

    def page(self, page: str) -> QWidget:
        """A page of ``pages.MAKERS``, made when it is first asked for."""
        if page not in self._made:
            made = self._made[page] = make(page, self.ready, self.session, self)
            if isinstance(made, Day):
                self.grid_acts.serve(made)
            self.pages.addWidget(made)
            from himsog_desktop.ui.shell.joining import join

            join(self, made)
            if self.prefs.now.keys:
                self.name_keys(made)
        return self._made[page]

    @property
    def grid(self) -> Day:
        """The painted grid in view, the day where another page is."""
        current: object = self.pages.currentWidget()
        return current if isinstance(current, Day) else self.day

    def to_calendar(self) -> CalendarPage:
        """The face of the calendar in view, else the day, which then comes into view."""
        if not isinstance(self.pages.currentWidget(), CalendarPage):
            self.show_calendar()
        return self.face

    def take_keyboard(self) -> None:
        """The keyboard goes back to the page in view."""
        current: object = self.pages.currentWidget()
        if isinstance(current, Day):
            current.take_keyboard()
        elif isinstance(current, Page):
            current.arrive()

    def show_face(self, page: str) -> None:
        """Another face of the calendar, on the day in view."""
        before = self.face
        if self.stand_in is not None:
            self.open_page(page)
            return
        if page == TODAY:
            self.show_calendar()
            if before.day != self.day.day:
                self.day.show_day(before.day)
            self.day.take_keyboard()
            return
        shown = self.page(page)
        assert isinstance(shown, CalendarPage)
        if shown is not before:
            shown.show_day(before.day)
        self.open_page(page)

    @property
    def face_page(self) -> str:
        """The page of the face in view, the day's where another page is."""
        current = self.pages.currentWidget()
        return next((page for page, made in self._made.items() if made is current and is_face(page)), TODAY)

    @property
    def face(self) -> CalendarPage:
        """The face of the calendar in view; the day where another page is."""
        current: object = self.pages.currentWidget()
        return current if isinstance(current, CalendarPage) else self.day

    @property
    def beside(self) -> bool:
        """Whether what is in view is a face of the calendar: panels open beside it."""
        return isinstance(self.pages.currentWidget(), CalendarPage)

    def tile(self, appointment_id: str) -> Tile | None:
        """An appointment as the face in view knows it; None where it does not."""
        here: object = self.pages.currentWidget()
        knows = here if hasattr(here, "tile") else getattr(self.face, "view", None)
        found: Tile | None = None if knows is None else knows.tile(appointment_id)
        return found

    def show_calendar(self) -> None:
        """The day, wherever it stands."""
        self.pages.setCurrentWidget(self.day)
        self.sidebar.show_page(TODAY)

    def _narrowed(self, narrow: bool) -> None:
        self.top.set_sidebar_width(self.sidebar.width())
        self.prefs.set(self.prefs.now._replace(narrow=narrow))

    def add_strip(self, strip: QWidget) -> None:
        """Put a strip above the status bar, under every page."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.status), strip)
        self.messages.stand_above(strip)

    # -------------------------------------------------------------------------------- panels

    @property
    def host(self) -> PanelHost:
        """The room for a panel; made when the first paint is done."""
        if self._host is None:
            from himsog_desktop.ui.shell.panel_host import PanelHost

            self._host = PanelHost(self.look, self)
            self._across.addWidget(self._host)
            self._fit()
            self._host.set_wanted(self.prefs.now.panel)
            self._host.emptied.connect(self._panel_gone)
            self._host.widened.connect(self._panel_widened)
        return self._host

    def _factory(self) -> PanelFactory:
        if self._panels is None:
            self._panels = self.session.panels()
        return self._panels

    def open_booking(self, request: BookingRequest | None = None) -> None:
        """Book: into the panel that is open already, else in a new one."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        wanted = request or BookingRequest(self.face.day)
        if wanted.room_ids and wanted.provider_id is None and wanted.start is not None:
            self._book_in_room(wanted, wanted.start)
            return
        self.to_calendar()
        if self.host.panel is not None and self.host.panel.take(wanted):
            self.host.panel.focus_first()
            return
        self.show_panel(self._factory().booking(self.ready, wanted))
        self._beside(BESIDE_BOOKING)
        # The grid marks a time only when one is meant.
        view = self.grid.view
        view.cursor_held = view.cursor_held and wanted.start is not None

    def _book_in_room(self, request: BookingRequest, start: Micros) -> None:
        """A room was meant: with the first provider who is free then, or whoever is first."""

        def read(desk: Desk) -> str | None:
            from himsog_desktop.services import openslots

            return openslots.free_provider(desk, start, request.duration)

        def show(provider_id: str | None) -> None:
            if provider_id is not None:
                self.open_booking(request._replace(provider_id=provider_id))

        self.ready.backend.read(read, show, key="free-provider", owner=self)

    def open_details(self, appointment_id: str) -> None:
        """Show one appointment beside the day."""
        if self.host.panel is not None and self.host.panel.shows(appointment_id):
            self.host.panel.focus_first()
            return
        self.show_panel(self._factory().details(self.ready, appointment_id))
        self._beside(appointment_id)

    def open_cancel(self, ids: tuple[str, ...]) -> None:
        """Ask for the reason, beside what is in view; of many, show what will happen to each."""
        if not ids:
            return
        if len(ids) > 1:
            self.open_many(ids, "cancel")
            return
        from himsog_desktop.ui.shell.cancel_panel import CancelPanel

        tile = self.tile(ids[0])
        who, when = self.tr("appointment"), ""
        if tile is not None:
            from himsog_desktop.ui.calendar.labels import shown_name
            from himsog_desktop.ui.models.words import day_words

            who = shown_name(tile, self.prefs.now.privacy)
            provider = dict(self.provider_names).get(tile.provider_id, "")
            day, clock = self.session.opened.zone.date_of(tile.start), self.day.view.clock
            when = ", ".join(filter(None, (day_words(day), clock.range(tile.start, tile.end), provider)))
        self.show_panel(CancelPanel(self.ready, ids, who, when))

    def start_move(self, appointment_id: str, day: date) -> None:
        """The day takes the keyboard with this appointment in hand; from another day's page its cursor alone."""
        if self.grid is not self.pages.currentWidget():
            self.show_calendar()
        grid = self.grid
        grid.open_at(day, appointment_id)
        grid.take_keyboard()
        cursor = grid.view.cursor
        if cursor is not None and cursor.tile_id == appointment_id:
            grid.view.keyboard.start_move(cursor)

    def show_panel(self, panel: Panel) -> None:
        """Put a panel beside what is in view."""
        self._hold(True)
        self._beside(None)  # of most panels nothing is kept: whoever keeps something says so
        self.host.show_panel(panel)
        if self.prefs.now.keys:
            self.name_keys(panel)
        self.messages.keep_clear(self.host.width())

    def _panel_widened(self, width: int) -> None:
        self.prefs.set(self.prefs.now._replace(panel=None if width == USUAL_PANEL else width))
        self.messages.keep_clear(self.host.width())

    def _panel_gone(self) -> None:
        self._beside(None)
        self._hold(False)
        self.messages.keep_clear(0)
        self.take_keyboard()

    def _hold(self, held: bool) -> None:
        """Keep the place under the cursor marked while a panel has the keyboard."""
        for page in (self.face,) if held else self._made.values():
            view = getattr(page, "view", None)
            if view is not None and hasattr(view, "cursor_held"):
                view.cursor_held = held
                # Of what scrolls the viewport alone: its head and its axis look no different.
                (view.viewport() if isinstance(view, QAbstractScrollArea) else view).update()

    # --------------------------------------------------------------------------------- acts

    def chosen(self) -> tuple[str, ...]:
        """What the state keys act on: the choice of the page in view."""
        current: object = self.pages.currentWidget()
        return current.chosen() if isinstance(current, Page) else ()

    def open_many(self, ids: tuple[str, ...], fate: str) -> None:
        """Show what an act on many will do to each, before it does: ``cancel``, ``move``."""
        from himsog_desktop.ui.appointments_list.bulk_panel import BulkPanel

        self.show_panel(BulkPanel(self.ready, ids, fate))

    def do_status(self, act: StatusAct) -> None:
        """One state key."""
        from himsog_desktop.domain.appointment import StatusAct

        ids = self.chosen()
        if not ids:
            self.messages.say(self.tr("Choose an appointment first: arrows, or a click."))
        elif act is StatusAct.CANCEL:
            self.open_cancel(ids)
        elif not self._asks_first(act, ids):
            self.acts.set_state_of(act, ids)

    def _asks_first(self, act: StatusAct, ids: tuple[str, ...]) -> bool:
        """Of what is selected a part is out of sight: the first press says so, the second one does it."""
        elsewhere: int = getattr(self.pages.currentWidget(), "elsewhere", 0)
        asked, self._asked = self._asked, (act, ids) if elsewhere else None
        if not elsewhere or asked == (act, ids):
            self.messages.drop(OUT_OF_SIGHT)
            return False
        words = self.tr("{0} are selected, {1} of them not in this list. Press the key again for all of them.")
        self.messages.say(words.format(f"{len(ids):,}", f"{elsewhere:,}"), topic=OUT_OF_SIGHT)
        return True

    def _changed(self, changes: ChangeSet) -> None:
        for made in self._made.values():
            if isinstance(made, Day):
                made.glow(changes, self.session.initiator)

    def _say_error(self, error: HimsogError) -> None:
        if self.session.opened.nobody and error.code == "signed_out":
            return  # the page says it
        text = error.message
        if error.alternatives:
            times = ", ".join(self._when(slot.start) for slot in error.alternatives)
            text = f"{text} {self.tr('Free: {0}.').format(times)}"
        self.messages.say(text, error=True)

    def _when(self, instant: Micros) -> str:
        """The time of a free slot, with its day when that is not the one in view."""
        from himsog_desktop.ui.models.words import day_words

        day = self.session.opened.zone.date_of(instant)
        time = self.day.view.clock.time(instant)
        return time if day == self.face.day else f"{day_words(day).rpartition(' ')[0]} {time}"

    # -------------------------------------------------------------------------------- search

    def _local_rows(self, query: str) -> list[Found]:
        from himsog_desktop.ui.shell.commands import local_rows

        return local_rows(self, query)

    def _found(self, found: Found) -> None:
        from himsog_desktop.ui.shell.commands import take_found

        take_found(self, found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from himsog_desktop.ui.shell.commands import press_key

        if self.context is None or not press_key(self, event):
            event.ignore()

    def propose(self, proposal: Proposal | None) -> None:
        """Show on the grid in view what a panel is about to take."""
        self.grid.propose(proposal)

    def tile_menu_at_cursor(self) -> None:
        """The menu of what the cursor stands on."""
        grid = self.grid
        cursor = grid.view.cursor
        if cursor is not None:
            rect = grid.view.cursor_rect()
            grid.menu_asked.emit(cursor.tile_id or "", grid.view.viewport().mapToGlobal(rect.center()))
