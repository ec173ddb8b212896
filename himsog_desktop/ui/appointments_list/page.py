"""The page Appointments, put together: bars, list, what is said in place of it, and where its gestures go."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.listing import ALWAYS, Order
from himsog_desktop.ui.appointments_list import kept
from himsog_desktop.ui.appointments_list.bulk_bar import BulkBar
from himsog_desktop.ui.appointments_list.filters import FilterBar
from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.model import ListModel
from himsog_desktop.ui.appointments_list.notice import Notice
from himsog_desktop.ui.appointments_list.strip import SectionStrip
from himsog_desktop.ui.appointments_list.view import ListView
from himsog_desktop.ui.calendar.labels import STATES, Clock
from himsog_desktop.ui.shell.controls import Surface
from himsog_desktop.ui.shell.panels import BookingRequest

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QHideEvent, QShowEvent

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import Session


LONG_S = 1.0
MOST_ORDERED = 5_000


class AppointmentsPage(Surface):
    """Every appointment (``ui.shell.pages.Page``)."""

    menu_asked = Signal(str, QPoint)
    cursor_words = Signal(str)
    day_words = Signal(str)

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(context.look, parent, token="surface")
        self.setAccessibleName(self.tr("Appointments"))
        self.context = context
        self.query = ""
        self.state = kept.read(context.prefs.now.listing)
        self.free_today: int | None = None
        self.model = ListModel(context.backend, session.initiator, self)
        self.filters = FilterBar(context.look, self)
        self.filters.today = self.today
        self.strip = SectionStrip(context.look, self)
        self.view = ListView(context.look, self.model, self)
        self.view.words = self._section_words
        self.notice = Notice(context.look, self)
        self.bulk = BulkBar(context.look, self)
        self.bulk.hide()
        body = QWidget(self)
        self._body = QStackedLayout(body)
        self._body.addWidget(self.view)
        self._body.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.strip)
        column.addWidget(body, 1)
        column.addWidget(self.bulk)
        self._known = False
        self._began = 0.0
        self.elsewhere = 0
        """How many of what is selected are not in the list as it is filtered now."""
        self._connect()
        self._take_prefs(context.prefs.now, None)

    def _connect(self) -> None:
        self.context.prefs.changed.connect(self._take_prefs)
        self.filters.state_asked.connect(self.set_state)
        self.filters.query_changed.connect(self._find)
        self.filters.left.connect(self.view.setFocus)
        self.strip.section_asked.connect(self._jump)
        self.strip.order_asked.connect(self.put_in_order)
        self.model.opened.connect(lambda _again: self._opened())
        self.model.grew.connect(self._grew)
        self.model.stale_changed.connect(self._count)
        self.model.failed.connect(self._failed)
        self.notice.retried.connect(self._from_notice)
        self.view.opened.connect(self.context.go.details)
        self.view.order_asked.connect(self._order)
        self.view.invited.connect(self._invited)
        self.view.menu_asked.connect(self.menu_asked)
        self.view.chosen_changed.connect(self._chosen)
        self.bulk.asked.connect(self._act)
        self.bulk.cleared.connect(self.view.clear_chosen)
        self.bulk.stopped.connect(self.context.acts.stop)
        self.context.acts.progress.connect(self._progress)
        self.context.acts.ended.connect(self._ended)

    # ----------------------------------------------------------------------------- the protocol

    def arrive(self) -> None:
        """See ``Page``."""
        if not self._known:
            self._known = True
            self.context.backend.read(_providers, self._named, owner=self)
            self._show()
        self.view.setFocus()
        self._count()

    def forget(self) -> None:
        """Know nothing of the list any more: it is read as for the first time when it comes into view."""
        self._known = False
        self.model.forget()

    def chosen(self) -> tuple[str, ...]:
        """What a state key means: what is selected, else the row that the keyboard is on."""
        if len(self.view.chosen):
            return self._in_list_order(self.view.chosen.ids())
        return () if self.view.current is None else (self.view.current,)

    def _in_list_order(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """From top to bottom, what is not listed last; so many that nobody follows stay as they were selected."""
        if len(ids) > MOST_ORDERED:
            return ids
        found = self.model.found
        last = Place(len(found.sections), 0)
        return tuple(sorted(ids, key=lambda key: found.find(key) or last))

    def tile(self, appointment_id: str) -> Tile | None:
        """An appointment of the list, when its row is known."""
        line = self.model.lines.get(appointment_id)
        return None if line is None else line.tile

    # ----------------------------------------------------------------------------------- state

    def today(self) -> date:
        """The clinic's date."""
        return self.context.zone.date_of(self.context.clock.now())

    def set_state(self, state: kept.State) -> None:
        """Other filters, another order, other columns; all of it is kept."""
        before, self.state = self.state, state
        prefs = self.context.prefs
        prefs.set(prefs.now._replace(listing=state.words()))
        self.filters.show_state(state)
        self.view.header.set_order(state.order.value, state.down)
        if state.hidden != before.hidden:
            self.view.hidden = state.hidden
            self.view.refresh()
        if replace(state, hidden=()) != replace(before, hidden=()):
            self._show()

    def _order(self, order: str) -> None:
        wanted = Order(order)
        down = not self.state.down if wanted is self.state.order else False
        self.set_state(replace(self.state, order=wanted, down=down))

    def _find(self, query: str) -> None:
        if query.strip() != self.query:
            self.query = query.strip()
            self._show()

    def _show(self) -> None:
        self.free_today = None
        self.model.show(self.state.wanted(self.today(), self.query))

    def retry(self) -> None:
        """Read it again."""
        self._show()

    def _from_notice(self) -> None:
        """Its button: read again what failed, or show again what was left out."""
        if self.model.error is None:
            self.filters.clear()
            self.view.setFocus()
        else:
            self._show()

    def put_in_order(self) -> None:
        """What changed goes where it belongs now."""
        self.model.reload()
        self.view.setFocus()

    def _take_prefs(self, now: Prefs, _before: object) -> None:
        self.view.clock = Clock(self.context.zone, hour12=now.hour12)
        self.view.privacy = now.privacy
        self.view.year = self.today().year
        self.view.hidden = self.state.hidden
        self.view.header.set_order(self.state.order.value, self.state.down)
        self.filters.show_state(self.state)
        self.view.refresh()

    def _named(self, names: list[tuple[str, str]]) -> None:
        self.view.names = dict(names)
        self.filters.providers = names
        known = tuple(key for key in self.state.providers if key in self.view.names)
        if known != self.state.providers:
            self.set_state(replace(self.state, providers=known))
        self.filters.show_state(self.state)
        self.view.refresh()

    # ----------------------------------------------------------------------------- what is shown

    def _opened(self) -> None:
        had = self.notice.again.hasFocus()
        nothing = self._narrow() and not self.model.found.total
        if nothing:
            self.notice.show_nothing(self.tr("Nothing is like that."), self.tr("Show everything again"))
        self._body.setCurrentWidget(self.notice if nothing else self.view)
        if had:
            self.view.setFocus()
        self._count()
        pending = next((s for s in self.model.found.sections if s.status == "PENDING"), None)
        if pending is not None and not pending.total and not self._narrow() and self.free_today is None:
            self.context.backend.read(_free_today, self._invite, key="list:free", owner=self, background=True)
        self._look_elsewhere()

    def _grew(self) -> None:
        """More of the list is there; how much of what is selected is not can be said when all of it is."""
        self._count()
        self._look_elsewhere()

    def _invite(self, free: int) -> None:
        self.free_today = free
        self.view.viewport().update()

    def _failed(self, error: HimsogError) -> None:
        if self.model.error is not None or not self.model.read_once:
            had = self.view.hasFocus()
            self.notice.show_error(error.message, self.tr("Retry"))
            self._body.setCurrentWidget(self.notice)
            if had:
                self.notice.again.setFocus()
        else:
            self.context.backend.unhandled.emit(error)

    def _count(self) -> None:
        found = self.model.found
        counts = []
        for section in found.sections:
            counts.append((section.status, f"{section.total:,}"))
        self.strip.show_counts(counts)
        self.strip.show_stale(len(self.model.stale))
        words = self.tr("1 appointment listed") if found.total == 1 else self.tr("{0} appointments listed")
        self.day_words.emit(words.format(f"{found.total:,}"))

    def _narrow(self) -> bool:
        return self.state.narrowed or bool(self.query)

    def _section_words(self, status: str) -> tuple[str, str, str]:
        """Title, remark and what stands in place of the rows."""
        title = STATES.get(status, status)
        remark = "" if status in ALWAYS else self.filters.days.text()
        if self._narrow():
            return title, remark, self.tr("None here: show everything again")
        empty = {
            "PENDING": self._no_requests(),
            "CONFIRMED": self.tr("Nobody is confirmed yet. Book somebody: Ctrl+N"),
            "COMPLETED": self.tr("Nothing was completed in these days: show all dates"),
            "CANCELLED": self.tr("Nothing was cancelled in these days: show all dates"),
            "NO_SHOW": self.tr("Everybody came in these days: show all dates"),
        }
        return title, remark, empty.get(status, "")

    def _no_requests(self) -> str:
        if not self.free_today:
            return self.tr("No requests wait. Find the next free time: Ctrl+N")
        slots = self.tr("{0} free slots today") if self.free_today != 1 else self.tr("{0} free slot today")
        return self.tr("No requests wait. {0}: find the next").format(slots.format(self.free_today))

    def _invited(self, status: str) -> None:
        """The line of an empty section leads where it says."""
        if self._narrow():
            self.filters.clear()
        elif status in ALWAYS:
            self.context.go.book(BookingRequest(self.today()))
        else:
            self.set_state(replace(self.state, range="all"))

    def _jump(self, status: str) -> None:
        for number, section in enumerate(self.model.found.sections):
            if section.status == status:
                self.view.jump(number)
        self.view.setFocus()

    # ----------------------------------------------------------------------------------- acts

    def _chosen(self) -> None:
        count = len(self.view.chosen)
        self.bulk.setVisible(bool(count))
        self._lift_messages()
        self.elsewhere = 0
        self.bulk.show_count(count)
        self.cursor_words.emit(self.tr("{0} selected").format(f"{count:,}") if count else "")

    def _lift_messages(self) -> None:
        """Messages stand above the bar, not over its buttons."""
        lifted = self.bulk.height() if self.isVisible() and not self.bulk.isHidden() else 0
        self.context.messages.lift(lifted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lift_messages()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._lift_messages()

    def _look_elsewhere(self) -> None:
        """How many of what is selected are not in the list as it is filtered now: counted on the worker."""
        if not len(self.view.chosen) or not self.model.ready:
            return
        ids, pieces = self.view.chosen.ids(), list(self.model.found.pieces())

        def work(_desk: Desk) -> int:
            return sum(1 for key in ids if not any(key in piece.places for piece in pieces))

        def show(found: int) -> None:
            self.elsewhere = found
            self.bulk.show_count(len(self.view.chosen), found)

        self.context.backend.read(
            work,
            show,
            key="list:elsewhere",
            owner=self,
            background=True,
        )

    def _act(self, act: str) -> None:
        """A button of the bar."""
        if not len(self.view.chosen):
            return
        ids = self.chosen()
        if act == "export":
            self._export(ids)
        elif act == "cancel":
            self.context.go.cancel(ids)
        elif act == "move":
            self.context.go.move_many(ids)
        else:
            self.context.acts.set_state_of(StatusAct(act), ids)

    def _progress(self, done: int, total: int) -> None:
        """What takes longer than a second says how far it is."""
        now = time.monotonic()
        self._began = self._began or now
        if now - self._began > LONG_S:
            self.bulk.show_progress(done, total)

    def _ended(self) -> None:
        self._began = 0.0
        self.bulk.end_progress()

    def _export(self, ids: tuple[str, ...]) -> None:
        from himsog_desktop.ui.appointments_list.export import Export

        Export(self.context, ids, self).begin()


def _providers(desk: Desk) -> list[tuple[str, str]]:
    from himsog_desktop.services import listing

    return listing.names(desk)


def _free_today(desk: Desk) -> int:
    from himsog_desktop.services import listing

    return listing.free_today(desk)
