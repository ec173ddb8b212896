"""The page "Week": seven clinic days beside one another, of one provider or of all who are shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from himsog_desktop.ui.models.day_model import DayModel
from himsog_desktop.ui.models.words import day_words, short_day, week_words
from himsog_desktop.ui.shell.day import Day
from himsog_desktop.ui.shell.pages import WEEK

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.calendar.day_view import WhyNot
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.provider_picker import Choice
    from himsog_desktop.ui.shell.session import Session

KEPT_WEEKS = 3
"""Weeks kept in memory: a full one of a large clinic is a thousand appointments."""
ONE_WEEK = timedelta(days=7)


def first_weekday() -> int:
    """The day that weeks begin with where this program runs, 0 = Monday."""
    return int(QLocale().firstDayOfWeek().value) - 1


def week_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=(day.weekday() - first_weekday()) % 7)


class Week(Day):
    """One clinic week. The day that it stands on is the cursor's."""

    PAGE, STRETCH = WEEK, "week"
    own_providers = True
    """The menu of its bar chooses one provider, or all who are shown."""

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(context.look, context.prefs, context.zone, context.clock.now, parent)
        from himsog_desktop.ui.calendar.day_view import expose

        self._context = context
        self.provider: str | None = None
        """The one whose week it is; None for all who are shown."""
        self._begun = False
        view = self.view
        view.kind, view.most_columns = "week", 7
        view.expect_days()
        view.privacy = context.prefs.now.privacy
        view.setAccessibleName(self.tr("Week"))
        view.edge_requested.connect(self._cross)
        expose(view)
        self.follow(
            DayModel(
                context.backend,
                self._read,
                self.today,
                parent=self,
                starts=week_of,
                stride=ONE_WEEK,
                kept=KEPT_WEEKS,
            )
        )
        assert self._model is not None
        self._model.read_beside.connect(self._came_beside)
        self._model.page_ready.connect(self._look_beside)
        self._menu: QMenu | None = None
        context.backend.changed.connect(self._providers_changed)
        self._read_providers()

    def _read(self, desk: Desk, first: date) -> DayPage:
        """A week, on the worker."""
        from himsog_desktop.services.reach import seen_providers
        from himsog_desktop.services.week import Seen, week_page

        prefs = self._context.prefs.now
        only: Collection[str] | None = seen_providers(desk)
        if self.provider is not None:
            only = {self.provider} if only is None or self.provider in only else set()
        return week_page(desk.cache, first, Seen(prefs.hidden, prefs.order, only), head=short_day)

    def _came_beside(self, page: DayPage) -> None:
        """A week beside the one in view was read: it is made ready to be painted."""
        if self.view.ahead is not None:
            self.view.ahead.want(page)

    def _look_beside(self, _page: DayPage) -> None:
        for page in self._model.beside() if self._model is not None else ():
            self._came_beside(page)

    # -------------------------------------------------------------------------------- the week

    @property
    def first(self) -> date:
        """The first day of the week in view."""
        return week_of(self.day)

    def show_title(self, day: date) -> None:
        first = week_of(day)
        weeks = (first - week_of(self.today)).days // 7
        near = {0: self.tr("this week"), 1: self.tr("next week"), -1: self.tr("last week")}.get(weeks)
        if near is None:
            near = self.tr("in {0} weeks").format(weeks) if weeks > 0 else self.tr("{0} weeks ago").format(-weeks)
        self.toolbar.field.today = self.today
        self.toolbar.show_words(week_words(first, first + ONE_WEEK - timedelta(days=1)), near)

    def show_day(self, day: date) -> None:
        self._begun = True
        super().show_day(day)

    def step(self, steps: int) -> None:
        self.show_day(self.day + steps * ONE_WEEK)

    def _cross(self, days: int) -> None:
        """The cursor goes on to the day after the last, or before the first."""
        self.show_day(self.day + timedelta(days=days))

    def _turn(self, days: int) -> None:
        self.step(1 if days > 0 else -1)
        self.view.announce(day_words(self.first))

    def arrive(self) -> None:
        if not self._begun:
            self.show_day(self.day)
        super().arrive()

    def _in_view(self, day: date) -> bool:
        return self._begun and week_of(day) == self.first

    def _cursor_moved(self, provider_id: str, start: Micros, end: Micros, tile_id: str) -> None:
        super()._cursor_moved(provider_id, start, end, tile_id)
        page, cursor = self.view.page, self.view.cursor
        if page is not None and cursor is not None and self._model is not None:
            day = date.fromisoformat(page.columns[cursor.column].id)
            if week_of(day) == self._model.start:
                self._model.day = day

    def _empty_words(self, page: DayPage) -> tuple[str, ...]:
        first = date.fromisoformat(page.day)
        week = week_words(first, first + ONE_WEEK - timedelta(days=1))
        if not any(column.open for column in page.columns):
            return (self.tr("Closed {0}").format(week), self.tr("Alt+→ goes on to the next week, T to this one."))
        return (
            self.tr("No appointments {0}").format(week),
            self.tr("Ctrl+N books, or click a free time, or press Enter on it."),
        )

    def asking(self, why_not: WhyNot) -> WhyNot:
        def ask(provider_id: str, start: Micros, end: Micros, ignore: str | None) -> list[str]:
            if provider_id or ignore is not None:
                return why_not(provider_id, start, end, ignore)
            # Of nobody in particular: it can be booked while anybody who is shown is free.
            page = self.view.page
            common: list[str] | None = None
            for key, _name in page.names if page is not None else ():
                reasons = why_not(key, start, end, None)
                if not reasons:
                    return []
                common = reasons if common is None else [text for text in common if text in reasons]
            return common or ([self.tr("Nobody who is shown is free then")] if common is not None else [])

        return ask

    # ------------------------------------------------------------------------------ providers

    def choose(self, provider_id: str | None) -> None:
        """Show one provider's week, or with None that of all who are shown."""
        self.provider = provider_id
        for action in self._menu.actions() if self._menu is not None else ():
            action.setChecked(action.data() == (provider_id or ""))
            if action.isChecked():
                self._say_provider(action.text())
        self.retry()

    def _providers_changed(self, changes: ChangeSet) -> None:
        if changes.everything or "provider" in changes.lists:
            self._read_providers()

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        super()._prefs_changed(new, old)
        if (new.hidden, new.order) != (old.hidden, old.order):
            self._read_providers()

    def _read_providers(self) -> None:
        from himsog_desktop.ui.shell.columns_menu import read_choices

        now = self._context.prefs.now
        self._context.backend.read(
            lambda desk: read_choices(desk, now.hidden, now.order),
            self._fill_menu,
            key="week providers",
            owner=self,
            background=True,
        )

    def _fill_menu(self, choices: list[Choice]) -> None:
        """All who are shown, or one of them."""
        shown = [choice for choice in choices if choice.shown]
        if self.provider is not None and all(choice.id != self.provider for choice in shown):
            self.choose(None)
        menu, before = QMenu(self), self._menu
        group = QActionGroup(menu)
        everybody = self.tr("All providers") if len(shown) == len(choices) else self.tr("All shown providers")
        wanted: list[tuple[str | None, str]] = [(None, everybody), *((c.id, c.name) for c in shown)]
        for provider_id, words in wanted:
            action = menu.addAction(words)
            action.setData(provider_id or "")
            action.setCheckable(True)
            action.setChecked(provider_id == self.provider)
            group.addAction(action)
            action.triggered.connect(lambda _on=False, wanted=provider_id: self._chosen(wanted))
            if provider_id == self.provider:
                self._say_provider(words)
        self.toolbar.providers.set_menu(menu)
        self._menu = menu
        if before is not None:
            before.deleteLater()

    def _chosen(self, provider_id: str | None) -> None:
        self.choose(provider_id)
        self.take_keyboard()

    def _say_provider(self, words: str) -> None:
        self.toolbar.providers.setText(words)
        self.toolbar.providers.updateGeometry()
