"""When: a provider, a time as people type it, a length, and the next free times to choose from.

The free times answer whatever is said so far: services, provider, part of the day, a date, a patient who is
busy. They never change under the pointer or the keyboard: a row that somebody else took is struck through.
Long because each of these fields answers the others.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from himsog_desktop.domain.quickparse import read_typed
from himsog_desktop.domain.search import PartOfDay
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.appointments.choices import Choice, Segments
from himsog_desktop.ui.appointments.fields import Caption, Elided, EnterFilter, Notice, button, column, row
from himsog_desktop.ui.appointments.offers import minutes_words
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.appointments.words import day_words, read_minutes
from himsog_desktop.ui.calendar.labels import Clock, one_line
from himsog_desktop.ui.shell.controls import Text, WrittenLine

if TYPE_CHECKING:
    from datetime import date

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.rules import Reason
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.panels import Suggestion, Wish
    from himsog_desktop.ui.appointments.offers import Menu
    from himsog_desktop.ui.shell.context import DeskContext

SUGGESTED = 6
SETTLE_MS = 80
"""How long the keyboard rests on a free time before the day turns to it."""


class TimePart(QWidget):
    """Provider, time, length and the next free times."""

    changed = Signal()
    """Provider, length or time is another."""
    asked = Signal()
    """Other free times are wanted: what they are asked for changed."""
    chosen = Signal()
    """A time was taken: on to Book."""
    pointed = Signal(object)
    """The keyboard rests on a ``Suggestion``; None: on none any more."""
    submitted = Signal()

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._menu: Menu | None = None
        self._names: dict[str, str] = {}
        self.start: Micros | None = None
        self.first: date | None = None
        self._since: Micros | None = None
        self._wanted_provider: str | None = None
        self._provider_found = False
        self._minutes = 0
        self.base_day: date | None = None
        """The day in view: what a bare time means."""
        self.found: list[Suggestion] = []
        look = context.look
        m = look.theme.metrics
        lines = column(self, m.xs)
        self.typed = WrittenLine(self)
        self.typed.setPlaceholderText(self.tr("tue 3p, 24 nov, next fri…"))
        self.typed.setAccessibleName(self.tr("Day and time"))
        self.typed.setMaxLength(80)
        self.caption = Caption(look, self.tr("&When"), self.typed, self)
        self.provider = Choice(look, self.tr("Provider"), self)
        self.duration = WrittenLine(self)
        self.duration.setAccessibleName(self.tr("Length"))
        self.duration.setMaxLength(12)
        self.duration.setPlaceholderText(self.tr("30 min"))
        self.duration.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        second = row(m.s)
        second.addWidget(self.provider, 1)
        self.understood = Text(look, "", self, style="small", colour="muted", wrap=True)
        self.taken_line = Elided(look, self, style="strong")
        self.clear = button(self.tr("Another time"), self, "quiet")
        third = row(m.s)
        third.addWidget(self.typed, 1)
        third.addWidget(self.duration)
        fourth = row(m.s)
        fourth.addWidget(self.taken_line, 1)
        fourth.addWidget(self.clear)
        self.blocked = Notice(look, self, tone="warn")
        self.part = Segments(
            look,
            self.tr("Part of the day"),
            (
                ("", self.tr("Any"), ""),
                (PartOfDay.MORNING.value, self.tr("Morning"), ""),
                (PartOfDay.AFTERNOON.value, self.tr("Afternoon"), ""),
                (PartOfDay.EVENING.value, self.tr("Evening"), ""),
            ),
            self,
        )
        self.free = Rows(look, self.tr("Next available"), self, two_lines=False, focus=True)
        self.free_caption = Caption(look, self.tr("Next &available"), self.free, self)
        self.error = Notice(look, self, tone="danger")
        self.retry = button(self.tr("Try again"), self.error, "quiet")
        self.error.body.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self.caption)
        lines.addLayout(second)
        lines.addSpacing(m.xs)
        lines.addLayout(third)
        lines.addWidget(self.understood)
        lines.addLayout(fourth)
        lines.addWidget(self.blocked)
        lines.addSpacing(m.xs)
        lines.addWidget(self.free_caption)
        lines.addWidget(self.part)
        lines.addWidget(self.free)
        lines.addWidget(self.error)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._connect()
        for before, after in pairwise((self.provider, self.typed, self.duration, self.clear, self.part.segments[0])):
            QWidget.setTabOrder(before, after)
        look.changed.connect(self._restyled)
        self._restyled()
        self._say("")
        self._show_time()

    def _connect(self) -> None:
        self.provider.offer([("", self.tr("Any provider"))])
        self.provider.currentIndexChanged.connect(lambda _at: self._provider_changed())
        self.typed.written.connect(lambda _text: self._read())
        enter = EnterFilter(self.typed)
        enter.pressed.connect(self._enter)
        enter.with_control.connect(self.submitted)
        self.duration.written.connect(lambda _text: self._length_changed())
        enter = EnterFilter(self.duration)
        enter.pressed.connect(lambda: self.typed.setFocus(Qt.FocusReason.TabFocusReason))
        enter.with_control.connect(self.submitted)
        self.part.chosen.connect(lambda _key: self.asked.emit())
        self.free.taken.connect(self._take)
        self.free.moved.connect(lambda _at: self._settle.start())
        self.retry.clicked.connect(self.asked)
        self.clear.clicked.connect(self.forget_time)

    # ------------------------------------------------------------------------------- what is

    @property
    def clock(self) -> Clock:
        """Writes times as the clinic does."""
        return Clock(self._context.zone, hour12=self._context.prefs.now.hour12)

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._context.zone.date_of(self._context.clock.now())

    @property
    def provider_id(self) -> str | None:
        """Whose time it shall be; None is anybody's."""
        return self.provider.key or None

    @property
    def minutes(self) -> int | None:
        """The length that was typed, None: the services'. A bare number is minutes."""
        return read_minutes(self.duration.text(), self.today)

    @property
    def length_wrong(self) -> bool:
        """Whether a length was typed that is none."""
        return bool(self.duration.text().strip()) and self.minutes is None

    def set_menu(self, menu: Menu) -> None:
        """Who takes bookings."""
        self._menu = menu
        self._names = {p.id: one_line(p.name) for p in menu.offers.providers}
        kept = self.provider_id or self._wanted_provider
        self.provider.offer([("", self.tr("Any provider")), *self._names.items()])
        if kept is not None:
            self.provider.choose(kept)
        self._wanted_provider = None
        self._show_time()

    def set_place(self, provider_id: str | None, start: Micros | None, minutes: int | None) -> None:
        """Take a provider, a time and a length from elsewhere: the grid, a draft, an alternative."""
        if provider_id is not None:
            self._wanted_provider = provider_id
            if self.provider.findData(provider_id) >= 0:
                self.provider.choose(provider_id)
        if minutes is not None:
            self.duration.setText(minutes_words(minutes))
        self.start = start
        if start is not None:
            self.typed.clear()
            self._say("")
        self._show_time()

    def name_of(self, provider_id: str | None) -> str:
        """The provider's name."""
        return self._names.get(provider_id or "", "")

    # --------------------------------------------------------------------------------- typing

    def type(self, text: str) -> None:
        """As if it had been typed: a line in the search said when."""
        self.typed.setText(text)
        self._read()

    def _read(self) -> None:
        text = self.typed.text().strip()
        read = read_typed(text, self.today) if text else None
        self.first = self._since = None
        had = self.start
        self.start = None
        if read is None:
            words = self.tr("Not understood yet: write it like tue 3p or 24 nov 14:00.") if text else ""
            self._say(words)
        else:
            if read.duration is not None:
                self.duration.setText(minutes_words(read.duration))
            self.first = read.day
            if read.minutes is not None:
                day = read.day or self.base_day or self.today
                at = self._context.zone.instant(day, read.minutes)
                self.first, self._since = day, at
                if self.provider_id is not None:
                    self.start = at
            self._say(self._understood(read.unread))
        self._show_time()
        self.asked.emit()
        if had != self.start:
            self.changed.emit()

    def _understood(self, unread: tuple[str, ...]) -> str:
        parts = []
        if self._since is not None:
            at = self.clock.time(self._since)
            day = day_words(self._context.zone.date_of(self._since))
            parts.append(self.tr("{0}, {1}").format(day, at))
        elif self.first is not None:
            parts.append(self.tr("From {0} on").format(day_words(self.first)))
        if unread:
            parts.append(self.tr("not understood: {0}").format(" ".join(one_line(w) for w in unread)))
        return " · ".join(parts)

    def _say(self, words: str) -> None:
        self.understood.setText(words)
        self.understood.setVisible(bool(words))

    def _enter(self) -> None:
        if self.start is not None:
            self.chosen.emit()
            return
        self.free.setFocus(Qt.FocusReason.OtherFocusReason)

    def _provider_changed(self) -> None:
        self._provider_found = False
        if self._since is not None:
            self.start = self._since if self.provider_id is not None else None
        elif self.start is not None and self.provider_id is None:
            self.start = None
        self._show_time()
        self.changed.emit()
        self.asked.emit()

    def _length_changed(self) -> None:
        self._show_time()
        self.changed.emit()
        if not self.length_wrong:
            self.asked.emit()

    def forget_time(self) -> None:
        """No time is chosen any more; back to the free ones, of everybody unless a provider was asked for."""
        if self._provider_found:
            self.provider.choose("")
            self._provider_found = False
        self.start = None
        self.first = self._since = None
        self.typed.clear()
        self._say("")
        self._show_time()
        self.pointed.emit(None)
        self.changed.emit()
        self.asked.emit()
        self.free.setFocus(Qt.FocusReason.OtherFocusReason)

    # --------------------------------------------------------------------------- the free times

    def ask(self, wish: Wish) -> None:
        """Read the free times for a wish."""

        def read(desk: Desk) -> list[Suggestion]:
            from himsog_desktop.services import panels

            return panels.suggestions(desk, wish, SUGGESTED)

        self.error.say()
        self.free.wait(SUGGESTED)
        self._context.backend.read(read, self._show, self.show_error, key="booking-times", owner=self)

    def refresh(self, wish: Wish) -> None:
        """The day changed: bring them up to date, or while somebody is choosing only strike out what is gone."""

        def read(desk: Desk) -> list[Suggestion]:
            from himsog_desktop.services import panels

            return panels.suggestions(desk, wish, 3 * SUGGESTED)

        def show(found: list[Suggestion]) -> None:
            if self.free.hasFocus() or self.free.underMouse():
                self._strike(set(found))
            else:
                self._show(found[:SUGGESTED], keep=True)

        self._context.backend.read(read, show, self.show_error, key="booking-times", owner=self)

    def wish(self, service_ids: tuple[str, ...], patient_id: str | None) -> Wish:
        """What the free times are asked for."""
        from himsog_desktop.services.panels import Wish

        return Wish(
            provider_id=self.provider_id,
            service_ids=service_ids,
            part=self.part.key or None,
            first=self.first or self.base_day,
            since=self._since,
            duration=self.minutes,
            patient_id=patient_id,
        )

    def _show(self, found: list[Suggestion], *, keep: bool = False) -> None:
        self.found = found
        self.error.say()
        part = self.part.key
        where = self.name_of(self.provider_id)
        words = self.tr("No free time in the next two months{0}.").format(
            self.tr(" with {0}").format(where) if where else ""
        )
        if part:
            words = f"{words} {self.tr('Try another part of the day.')}"
        self.free.show_rows([self._row(s, gone=False) for s in found], words, keep=keep)
        self._mark_taken()

    def _row(self, s: Suggestion, *, gone: bool) -> Row:
        when = f"{day_words(self._context.zone.date_of(s.start), self.today)}  {self.clock.time(s.start)}"
        return Row(f"{s.provider_id}@{s.start}", when, self.name_of(s.provider_id), "", "clock", gone=gone)

    def _strike(self, free: set[Suggestion]) -> None:
        at = self.free.current
        self.free.show_rows([self._row(s, gone=s not in free) for s in self.found])
        self.free.setCurrentIndex(self.free.rows_model.index(max(at, 0), 0))

    def show_error(self, error: HimsogError) -> None:
        """The free times could not be read: why, and Try again where that can help."""
        self.found = []
        self.free.clear_rows()
        self.error.say(error.message)
        self.retry.setVisible(error.exit_code not in (1, 2))

    def _take(self, at: int) -> None:
        if not 0 <= at < len(self.found):
            return
        self._settle.stop()
        taken = self.found[at]
        self._provider_found = self._provider_found or self.provider_id is None
        self.set_place(taken.provider_id, taken.start, None)
        self.changed.emit()
        self.chosen.emit()

    def _settled(self) -> None:
        at = self.free.current
        if self.free.hasFocus() and 0 <= at < len(self.found):
            self.pointed.emit(self.found[at])

    # -------------------------------------------------------------------------------- the face

    def show_end(self, minutes: int) -> None:
        """How long it will take, as the services have it."""
        self.duration.setPlaceholderText(minutes_words(minutes))
        self._minutes = minutes
        self._show_time()

    def show_reasons(self, reasons: tuple[Reason, ...]) -> None:
        """Why the chosen time can't be booked, all of it; nothing when it is free."""
        self.blocked.say(*(reason.text for reason in reasons))

    def _mark_taken(self) -> None:
        """Where another time than any of these was chosen, none of them looks chosen."""
        taken = (self.provider_id, self.start)
        among = self.start is None or any((s.provider_id, s.start) == taken for s in self.found)
        self.free.mark("always" if among else "focus")

    def _show_time(self) -> None:
        chosen = self.start is not None
        self._mark_taken()
        self.taken_line.setVisible(chosen)
        self.clear.setVisible(chosen)
        if self.start is None:
            self.blocked.say()
            return
        end = self.start + (self.minutes or self._minutes or 0) * MINUTE
        clock = self.clock
        when = clock.range(self.start, end) if end > self.start else clock.time(self.start)
        day = day_words(self._context.zone.date_of(self.start), self.today)
        self.taken_line.set_text(f"{day}  {when}")

    def _restyled(self) -> None:
        self.duration.setFixedWidth(self._context.look.theme.metrics.px(84))
