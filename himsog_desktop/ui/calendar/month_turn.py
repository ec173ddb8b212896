"""Carrying an appointment over the border of a month: the month turns, and what is held goes on there.

By pointer it rests at the foot or the head of the month, at a side, or on a button of the bar above; by keys it
steps beyond the first or last day. The gesture goes on when the other month's page comes (``adopt``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer

from himsog_desktop.domain.month import CELLS, month_after, same_day_of
from himsog_desktop.ui.calendar.borders import SIDE, TURN_MS, keep

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.month_view import MonthView


class MonthTurn:
    """Whether another month was asked for with an appointment in hand, and the pointer that asks for it."""

    def __init__(self, view: MonthView) -> None:
        self._view = view
        self._at = QPointF()
        self._day: date | None = None
        """Where it goes in the month that comes; None: wherever the pointer rests."""
        self.turning = False
        """Another month was asked for; its page is not there yet."""
        self._timer = QTimer(view)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self.turn_on)

    def look(self, at: QPointF) -> None:
        """What is carried is at a place of the widget: begin, go on or stop."""
        before, self._at = self._side(), at
        side = self._side()
        if side != before:
            self._timer.stop()  # another border is rested at anew
        keep(self._timer, going=bool(side))

    def rest(self) -> None:
        """Nothing is carried any more."""
        self._timer.stop()
        self.turning = False

    def turn_on(self) -> None:
        """It has rested at a border for long enough."""
        side = self._side()
        if side:
            self._turn(side, None)

    def step(self, days: int) -> bool:
        """By keys: so many days on or back, where that leaves the page. False when it stays on it."""
        view, carry = self._view, self._view.hand.carry
        if carry is None or 0 <= carry.cell + days < CELLS:
            return False
        self._turn(1 if days > 0 else -1, view.day_of(carry.cell) + timedelta(days=days))
        return True

    def month(self, months: int) -> None:
        """By keys: to the day of the same number so many months on or back."""
        view, carry = self._view, self._view.hand.carry
        if carry is not None and view.page is not None:
            shown = date.fromisoformat(view.page.month)
            self._turn(months, same_day_of(month_after(shown, months), view.day_of(carry.cell)))

    def adopt(self) -> None:
        """The page in view is another month: what is held goes on there, at its own wall time."""
        view, carry = self._view, self._view.hand.carry
        if not self.turning or carry is None or view.page is None:
            return
        self.turning = False
        if self._day is not None and view.cell_of(self._day) is None:
            view.hand.cancel()  # another month came than the one that was stepped to
            return
        home = view.cell_of(view.clock.zone.date_of(carry.tile.start))
        there = None if self._day is None else view.cell_of(self._day)
        carry.source = -1 if home is None else home
        carry.away = view.tile(carry.tile.id) is None
        if there is not None:
            carry.cell = there
        view.hand.landed()

    def _turn(self, months: int, day: date | None) -> None:
        carry = self._view.hand.carry
        if self.turning or carry is None or not carry.active:
            return
        self.turning, self._day = True, day
        self._view.turn_requested.emit(months)

    def _side(self) -> int:
        """Which way the month is turned where the pointer rests: 1 on, -1 back, 0 not at all."""
        view, carry = self._view, self._view.hand.carry
        if carry is None or not carry.active or carry.by_keys:
            return 0
        if view.turner_at is not None:
            turner = view.turner_at(view.mapToGlobal(self._at.toPoint()))
            if turner:
                return turner
        x, y, on = self._at.x(), self._at.y(), -1 if view.isRightToLeft() else 1
        inside = -SIDE <= y <= view.height() + SIDE
        if inside and x < 0:
            return -on
        if inside and x >= view.width() - SIDE:
            return on
        if not -SIDE <= x <= view.width() + SIDE:
            return 0
        if -SIDE <= y < view.top:
            return -1
        return 1 if view.height() - SIDE <= y <= view.height() + SIDE else 0
