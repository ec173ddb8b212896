"""The frozen edges of the day: providers along the top, hours down the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from himsog_desktop.domain.time import MINUTE, Micros, Zone
from himsog_desktop.ui.calendar.geometry import Mark
from himsog_desktop.ui.calendar.labels import Clock, one_line
from himsog_desktop.ui.calendar.layout import DayLayout
from himsog_desktop.ui.calendar.paint_grid import elided
from himsog_desktop.ui.calendar.paint_overlay import NOW_WEIGHT, paint_text
from himsog_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

Elsewhere = Callable[[Micros], int]
"""Minutes of the day on another clock, at an instant."""
SEPARATOR = " / "
"""Between the clinic's time and the computer's."""


class Header(QWidget):
    """Names, specialties and counts of the providers; or dates, today marked. Scrolls sideways with the day."""

    pressed = Signal(str)
    """The id of a column that is a day was clicked."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self.layout_: DayLayout | None = None
        self.offset = 0
        self.now: Micros | None = None
        self._counts: list[int] = []
        self.two = True
        """Whether a second line is expected before there is a page."""
        self._drawn: dict[tuple[str, int, int], str] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def wanted_height(self) -> int:
        """Two lines where any provider has a specialty, else one."""
        theme = self.theme
        page = None if self.layout_ is None else self.layout_.page
        two = (page is None and self.two) or any(c.specialty or not c.bookable for c in (page.columns if page else ()))
        return theme.strong.line + (theme.small.line if two else 0) + 2 * theme.metrics.s

    def show_layout(self, layout: DayLayout | None) -> None:
        """The page to show the providers of, None for none."""
        if layout is not None and (self.layout_ is None or self.layout_.page is not layout.page):
            self._counts = layout.counts()
        self.layout_ = layout
        self._drawn.clear()
        self.update()

    def show_now(self, now: Micros | None) -> None:
        """The present moment: where columns are days, its one is marked."""
        layout, before, self.now = self.layout_, self.now, now
        if layout is not None and layout.page.of_days and self._today(layout, before) != self._today(layout, now):
            self.update()

    def _today(self, layout: DayLayout, now: Micros | None) -> list[int]:
        return layout.columns_with(now) if now is not None and layout.page.of_days else []

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A day's head is pressed: that day is wanted."""
        layout = self.layout_
        column = None if layout is None else layout.columns.at(event.position().x() + self.offset)
        if layout is None or column is None or not layout.page.of_days:
            event.ignore()
            return
        self.pressed.emit(layout.page.columns[column].id)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, layout = self.theme, self.layout_
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.surface)
        if layout is not None:
            for column in layout.columns.visible(self.offset, self.offset + self.width()):
                self._paint_column(painter, layout, column)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.line)
        painter.end()

    def _paint_column(self, painter: QPainter, layout: DayLayout, number: int) -> None:
        theme = self.theme
        m = theme.metrics
        column = layout.page.columns[number]
        left = layout.columns.left(number) - self.offset
        right = layout.columns.right(number) - self.offset
        painter.fillRect(QRect(right - 1, m.s, 1, self.height() - m.s), theme.line)
        x, room = left + m.s, right - left - 2 * m.s
        two = self.wanted_height() > theme.strong.line + 2 * m.s
        count = str(self._counts[number])
        count_width = theme.small_strong.width(count) + m.s
        second = one_line(column.specialty or "") if column.bookable else self.tr("Takes no bookings")
        # The count gives way to the name: beside it, else under it.
        needed = room - count_width - m.xs
        line = 0 if theme.strong.fits(one_line(column.name), needed) else 1
        if line and not (two and needed >= 5 * theme.small.ink_ascent):
            line = 2
        name_room = needed if line == 0 else room
        second_room = needed if line == 1 else room
        if line < 2:
            middle = m.s + (theme.strong.line / 2 if line == 0 else theme.strong.line + theme.small.line / 2 - 1)
            self._paint_count(painter, count, right - m.s - count_width, count_width, middle)
        middle = m.s + theme.strong.line / 2
        colour = theme.text if column.bookable else theme.muted
        if number in self._today(layout, self.now):
            colour = theme.accent
            painter.fillRect(QRect(left, self.height() - 4, right - left - 1, 3), theme.accent)
        name = self._elided(one_line(column.name), 0, round(name_room))
        paint_text(painter, theme.strong, colour, x, middle, name)
        if two:
            middle = m.s + theme.strong.line + theme.small.line / 2 - 1
            paint_text(painter, theme.small, theme.muted, x, middle, self._elided(second, 1, round(second_room)))

    def _paint_count(self, painter: QPainter, count: str, x: float, width: float, middle: float) -> None:
        theme = self.theme
        height = theme.small.line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hover)
        painter.drawRoundedRect(QRectF(x, round(middle - height / 2), width, height), height / 2, height / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_text(painter, theme.small_strong, theme.muted, x + theme.metrics.s / 2, middle, count)

    def _elided(self, text: str, row: int, width: int) -> str:
        key = (text, row, width)
        if key not in self._drawn:
            self._drawn[key] = elided(text, self.theme.small if row else self.theme.strong, width)
        return self._drawn[key]


class TimeAxis(QWidget):
    """Hours by the wall clock, finer steps where there is room, and the present moment."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self.layout_: DayLayout | None = None
        self.offset = 0
        self.now: Micros | None = None
        self._marks: tuple[Mark, ...] = ()
        self._clock: Clock | None = None
        self._shown: object = None
        self._elsewhere: Elsewhere | None = None
        self.second = False
        """Whether the computer's time stands beside the clinic's: they differ in what is shown."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def use_elsewhere(self, elsewhere: Elsewhere | None, zone: Zone, at: Micros) -> None:
        """Where the computer is: minutes of its day at an instant. ``at`` decides until there is a page."""
        self._elsewhere = elsewhere
        self._say_second(elsewhere is not None and elsewhere(at) != zone.minutes_of(at))

    def _say_second(self, second: bool) -> None:
        self.second = second
        words = "Clinic's time first, then this computer's" if second else ""
        self.setToolTip(words)
        self.setAccessibleDescription(words)

    def wanted_width(self, hour12: bool) -> int:
        """Room for the longest label, so that the width never jumps."""
        longest = "12:00 AM" if hour12 else "00:00"
        more = self.theme.small.width(SEPARATOR + longest) if self.second else 0
        return round(self.theme.small_strong.width(longest) + more) + 2 * self.theme.metrics.s

    def show_layout(self, layout: DayLayout | None, marks: tuple[Mark, ...], clock: Clock | None) -> None:
        """The day, its lines and the format of its times. Only what looks different is painted again."""
        now = None if layout is None else (layout.time.start, layout.time.hour_px, marks, clock, layout.page.day)
        self.layout_, self._marks, self._clock = layout, marks, clock
        if layout is not None and clock is not None and self._elsewhere is not None:
            edges = (layout.page.start, layout.page.end - 1)
            self._say_second(any(self._elsewhere(at) != clock.zone.minutes_of(at) for at in edges))
        if now != self._shown:
            self._shown = now
            self.update()

    def show_now(self, now: Micros | None) -> None:
        """The present moment, None on another day: painted again when its minute is another."""
        before, self.now = self.now, now
        if (before and before // MINUTE) != (now and now // MINUTE):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, layout = self.theme, self.layout_
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.surface)
        edge = QRect(0, 0, 1, self.height())
        if not self.isRightToLeft():
            edge.moveLeft(self.width() - 1)
        painter.fillRect(edge, theme.line)
        if layout is not None and self._clock is not None:
            now_y = self._now_y(layout)
            self._paint_labels(painter, layout, self._clock, now_y)
            if now_y is not None and self.now is not None:
                other = self._other(self._clock, self.now)
                self._paint_now(painter, now_y, self._clock.time(self.now) + (SEPARATOR + other if other else ""))
        painter.end()

    def _other(self, clock: Clock, instant: Micros) -> str:
        """An instant as the computer's clock has it, empty where it is the clinic's."""
        return clock.hour(self._elsewhere(instant)) if self.second and self._elsewhere is not None else ""

    def _now_y(self, layout: DayLayout) -> int | None:
        columns = [] if self.now is None else layout.columns_with(self.now)
        if self.now is None or not columns:
            return None
        return round(layout.times[columns[0]].y(self.now)) - self.offset

    def _paint_labels(self, painter: QPainter, layout: DayLayout, clock: Clock, now_y: int | None) -> None:
        theme = self.theme
        style = theme.small
        row = layout.time.hour_px * layout.time.step / 3_600_000_000
        fine = row >= 2.0 * style.line
        half = layout.time.hour_px >= 5 * style.line
        for mark in self._marks:
            y = round(layout.time.y(mark.instant)) - self.offset
            if y < -style.line or y > self.height() + style.line:
                continue
            if not (mark.hour or fine or (half and mark.wall % 30 == 0)):
                continue
            if now_y is not None and abs(y - now_y) < style.line - 2:
                continue
            if self.offset == 0 and y < style.line / 2:
                y = round(style.line / 2)  # midnight at the very top is not cut
            if y < style.ink_ascent / 2 or y > self.height() - style.ink_ascent / 2:
                continue  # never half a line
            text = clock.hour(mark.wall)
            used = theme.small_strong if mark.hour else style
            x = self.width() - theme.metrics.s - used.width(text)
            if self.second:
                # Of a week the first day's: its marks are places on the axis.
                at = layout.times[0].at(mark.instant) if layout.page.of_days else mark.instant
                other = SEPARATOR + self._other(clock, at)
                right = self.width() - theme.metrics.s - style.width(other)
                if mark.hour:
                    paint_text(painter, style, theme.muted, right, y, other)
                x = right - used.width(text)
            paint_text(painter, used, theme.text if mark.hour else theme.muted, x, y, text)

    def _paint_now(self, painter: QPainter, y: int, text: str) -> None:
        theme = self.theme
        style = theme.small_strong
        height = style.line
        if y < -height or y > self.height() + height:
            return
        width = style.width(text)
        pill = QRectF(self.width() - width - theme.metrics.s - 4, y - height // 2, width + 9, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.now)
        painter.drawRoundedRect(pill, theme.metrics.xs, theme.metrics.xs)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRect(self.width() - 4, y - NOW_WEIGHT // 2, 4, NOW_WEIGHT), theme.now)
        paint_text(painter, style, theme.on_now, pill.x() + 4, y, text)


class Corner(QWidget):
    """Where the edges meet: the zoom, small."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.surface)
        style = theme.small
        width = style.width(self.text)
        painter.setFont(style.font)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(round(self.width() - theme.metrics.s - width), self.height() - 10), self.text)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.line)
        painter.end()
