"""Above the list: words to find, days, providers, states, and what else can be left out. It only asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy

from himsog_desktop.domain.listing import SECTIONS, Order
from himsog_desktop.ui.appointments_list import ranges
from himsog_desktop.ui.appointments_list.kept import State
from himsog_desktop.ui.appointments_list.shape import COLUMNS
from himsog_desktop.ui.calendar.labels import STATES
from himsog_desktop.ui.models.words import short_day
from himsog_desktop.ui.shell.controls import IconButton, MenuButton, Surface

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

TYPING_MS = 60
"""After the last letter the list is asked for: between two letters of a word nobody looks."""
SOURCES = (("desk", "Made at the desk"), ("web", "Booked on the web"), ("import", "Imported"))
ORDERS = (
    (Order.TIME, "Time"),
    (Order.PATIENT, "Patient"),
    (Order.PROVIDER, "Provider"),
    (Order.STATUS, "State"),
    (Order.CREATED, "When it was booked"),
)


class Words(QLineEdit):
    """A field that Esc empties and then leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.textEdited.emit("")
            else:
                self.left.emit()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class FilterBar(Surface):
    """What the list shows, as a ``State`` and words. ``state_asked`` brings another state."""

    state_asked = Signal(object)
    query_changed = Signal(str)
    left = Signal()
    """The keyboard goes to the list."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, edges="b")
        self.state = State()
        self.today: Callable[[], date] | None = None
        self.providers: list[tuple[str, str]] = []
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self.words = Words(self)
        self.words.setPlaceholderText(self.tr("Name, phone, number"))
        self.words.setAccessibleName(self.tr("Find in the list"))
        self.words.setClearButtonEnabled(True)
        self.words.setMaxLength(80)
        self.words.textEdited.connect(lambda _text: self._typing.start())
        self.words.textChanged.connect(self._emptied)
        self.words.left.connect(self.left)
        self.words.returnPressed.connect(self._enter)
        self._typing.timeout.connect(lambda: self.query_changed.emit(self.words.text()))
        self.days = self._menu_button("calendar", self.tr("Days of what is over"), self._fill_days)
        self.typed = Words(self)
        self.typed.setPlaceholderText(self.tr("24 nov, 1 nov to 24 nov"))
        self.typed.setAccessibleName(self.tr("Days: a date, or from one to another"))
        self.typed.setMaxLength(60)
        self.typed.returnPressed.connect(self._days_typed)
        self.typed.left.connect(self._give_up_days)
        self.typed.hide()
        self.who = self._menu_button("people", self.tr("Providers"), self._fill_providers)
        self.states = self._menu_button("filter", self.tr("States"), self._fill_states)
        self.more = self._menu_button("", self.tr("Order, columns and more"), self._fill_more)
        self.reset = IconButton(look, "cross", self.tr("Show everything again"), self)
        self.reset.clicked.connect(self.clear)
        self._row = QHBoxLayout(self)
        for widget in (self.words, self.days, self.typed, self.who, self.states, self.more, self.reset):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        # What does not fit is left out; it never makes the window wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle(look.theme)

    def _menu_button(self, glyph: str, name: str, fill: Callable[[QMenu], None]) -> MenuButton:
        button = MenuButton(self.look, name, self, glyph=glyph, outlined=True)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: fill(menu))
        button.set_menu(menu)
        return button

    # ------------------------------------------------------------------------------- telling

    def show_state(self, state: State) -> None:
        """What is in force."""
        self.state = state
        labels = dict(ranges.PRESETS)
        days = self.tr(labels.get(state.range, ""))
        if state.range == ranges.CUSTOM and state.custom is not None:
            first, last = state.custom
            days = _stretch(first, last, self._today())
        self.days.setText(days)
        names = dict(self.providers)
        chosen = [names[key] for key in state.providers if key in names]
        self.who.setText(
            self.tr("All providers")
            if not chosen
            else chosen[0]
            if len(chosen) == 1
            else f"{chosen[0]} +{len(chosen) - 1}"
        )
        states = [STATES[key] for key in state.statuses]
        self.states.setText(
            self.tr("All states")
            if not states
            else states[0]
            if len(states) == 1
            else f"{states[0]} +{len(states) - 1}"
        )
        count = int(state.source is not None) + int(state.missing)
        self.more.setText(self.tr("More") + (f" ({count})" if count else ""))
        self._show_reset()
        for button in (self.days, self.who, self.states, self.more):
            button.updateGeometry()
            button.update()

    def _show_reset(self) -> None:
        self.reset.setVisible(self.state.narrowed or bool(self.words.text()))

    def _today(self) -> date:
        assert self.today is not None
        return self.today()

    def begin_typing(self) -> None:
        """Put the keyboard into the field."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def clear(self) -> None:
        """Nothing is left out but by the days."""
        self.words.clear()
        state = replace(self.state, providers=(), statuses=(), source=None, missing=False)
        self._typing.stop()
        self.query_changed.emit("")
        self.state_asked.emit(state)

    def _emptied(self, text: str) -> None:
        self._show_reset()
        if not text:
            self._typing.start()

    def _enter(self) -> None:
        self._typing.stop()
        self.query_changed.emit(self.words.text())
        self.left.emit()

    # ---------------------------------------------------------------------------------- menus

    def _fill_days(self, menu: QMenu) -> None:
        menu.clear()
        today = self._today()
        for key, words in ranges.PRESETS:
            first, last = ranges.days_of(key, today)
            remark = _stretch(first, last, today) if first is not None and last is not None and first != last else ""
            action = _check(menu, f"{self.tr(words)}\t{remark}" if remark else self.tr(words), self.state.range == key)
            action.triggered.connect(lambda _on=False, key=key: self.state_asked.emit(replace(self.state, range=key)))
        menu.addSeparator()
        custom = _check(menu, self.tr("Other days…"), self.state.range == ranges.CUSTOM)
        custom.triggered.connect(lambda _on=False: self._type_days())

    def _type_days(self) -> None:
        self.typed.clear()
        self.typed.show()
        self.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _days_typed(self) -> None:
        found = ranges.typed_days(self.typed.text(), self._today())
        if found is None:
            hint = self.tr("Not days: try 24 nov, or 1 nov to 24 nov")
            self.typed.setAccessibleDescription(hint)
            self.typed.setToolTip(hint)
            self.typed.setStyleSheet(f"color: {self.look.theme.tokens.danger};")
            self.typed.selectAll()
            return
        self._give_up_days()
        self.state_asked.emit(replace(self.state, range=ranges.CUSTOM, custom=found))

    def _give_up_days(self) -> None:
        self.typed.setStyleSheet("")
        self.typed.hide()
        self.left.emit()

    def _fill_providers(self, menu: QMenu) -> None:
        menu.clear()
        chosen = self.state.providers
        everybody = _check(menu, self.tr("All providers"), not chosen)
        everybody.triggered.connect(lambda _on=False: self.state_asked.emit(replace(self.state, providers=())))
        menu.addSeparator()
        for key, name in self.providers:
            action = _check(menu, name.replace("&", "&&"), key in chosen)
            action.triggered.connect(
                lambda _on=False, key=key: self.state_asked.emit(
                    replace(self.state, providers=_toggled(self.state.providers, key))
                )
            )

    def _fill_states(self, menu: QMenu) -> None:
        menu.clear()
        everything = _check(menu, self.tr("All states"), not self.state.statuses)
        everything.triggered.connect(lambda _on=False: self.state_asked.emit(replace(self.state, statuses=())))
        menu.addSeparator()
        for key in SECTIONS:
            action = _check(menu, STATES[key], key in self.state.statuses)
            action.triggered.connect(
                lambda _on=False, key=key: self.state_asked.emit(
                    replace(self.state, statuses=_toggled(self.state.statuses, key))
                )
            )

    def _fill_more(self, menu: QMenu) -> None:
        menu.clear()
        state = self.state
        missing = _check(menu, self.tr("Outcome missing"), state.missing)
        missing.triggered.connect(lambda _on=False: self.state_asked.emit(replace(state, missing=not state.missing)))
        for key, words in SOURCES:
            action = _check(menu, self.tr(words), state.source == key)
            wanted = None if state.source == key else key
            action.triggered.connect(
                lambda _on=False, wanted=wanted: self.state_asked.emit(replace(state, source=wanted))
            )
        menu.addSeparator()
        orders = menu.addMenu(self.tr("Sorted by"))
        for order, words in ORDERS:
            action = _check(orders, self.tr(words), state.order is order)
            action.triggered.connect(lambda _on=False, order=order: self.state_asked.emit(replace(state, order=order)))
        orders.addSeparator()
        down = _check(orders, self.tr("The other way round"), state.down)
        down.triggered.connect(lambda _on=False: self.state_asked.emit(replace(state, down=not state.down)))
        columns = menu.addMenu(self.tr("Columns"))
        for column in COLUMNS:
            if column.worth <= 8:
                action = _check(columns, self.tr(column.word), column.key not in state.hidden)
                action.triggered.connect(
                    lambda _on=False, key=column.key: self.state_asked.emit(
                        replace(state, hidden=_toggled(state.hidden, key))
                    )
                )

    # ------------------------------------------------------------------------------- the room

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.m, m.s, m.m, m.s)
        self._row.setSpacing(m.s)
        self.setFixedHeight(m.control + 2 * m.s)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Narrow: the states, then the providers give way (both are in the menu of a heading's section too)."""
        px, width = self.look.theme.metrics.px, self.width()
        self.words.setFixedWidth(min(px(220), max(px(110), width // 4)))
        self.typed.setFixedWidth(px(180))
        self.states.setVisible(width > px(600))
        self.who.setVisible(width > px(460))
        self.more.setVisible(width > px(300))


def _check(menu: QMenu, words: str, on: bool) -> QAction:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(on)
    return action


def _toggled(chosen: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(one for one in chosen if one != key) if key in chosen else (*chosen, key)


def _stretch(first: date, last: date, today: date) -> str:
    years = first.year != today.year or last.year != today.year
    if first == last:
        return short_day(first, year=years)
    return f"{short_day(first, year=years)} – {short_day(last, year=years)}"
