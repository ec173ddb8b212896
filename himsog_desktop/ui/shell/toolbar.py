"""Above the day: before, today, after, the date, go to a date, columns, zoom, new appointment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.controls import IconButton, MenuButton, Surface, Text, WrittenLine, paint_control
from himsog_desktop.ui.shell.pages import FACES, TODAY, Face

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme


class DateField(WrittenLine):
    """A date in any words that people type: ``tue``, ``24 nov``, ``+3d``, ``next fri``."""

    went = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.today = date.min
        self.setPlaceholderText(self.tr("Go to: tue, 24 nov"))
        self.setAccessibleName(self.tr("Go to a date"))
        self.setToolTip(self.tr("tue, next fri, 24 nov, +3d, 2026-11-24  G"))
        self.setMaxLength(40)
        self.returnPressed.connect(self._enter)
        self.written.connect(lambda _text: self._mark(wrong=False))

    def _enter(self) -> None:
        from himsog_desktop.domain.quickparse import read_typed

        typed = self.text().strip()
        if not typed:
            self.left.emit()
            return
        found = read_typed(typed, self.today)
        if found is None or found.day is None or not found.complete:
            self._mark(wrong=True)
            return
        self.clear()
        self.went.emit(found.day)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.setStyleSheet(f"color: {self.danger};" if wrong else "")
        hint = self.tr("Not a date: try tue, 24 nov or +3d")
        self.setAccessibleDescription(hint if wrong else "")
        if wrong:
            self.selectAll()
            self.setToolTip(hint)

    danger = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._mark(wrong=False)
            self.left.emit()
            event.accept()
            return
        super().keyPressEvent(event)


_GIVE_WAY = ("near", "minutes", "newer", "field", "year", "zoom", "providers", "faces", "new", "today", "date")
"""What is left out of the bar, in this order, until the rest fits."""


class FaceButton(QAbstractButton):
    """One word of the switch between the faces of the calendar."""

    def __init__(self, look: ThemeSource, face: Face, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.face = face
        self.setText(face.word)
        self.setAccessibleName(self.tr("{0} view").format(face.word))
        self.setToolTip(f"{face.word}  {face.key}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = self.look.theme
        return QSize(round(theme.strong.width(self.text())) + 2 * theme.metrics.s, theme.metrics.control)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        paint_control(painter, theme, self.rect(), hover=self.underMouse(), focus=self.hasFocus(), on=on)
        painter.setFont(theme.strong.font if on else theme.body.font)
        painter.setPen(theme.accent if on else theme.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class DayToolbar(Surface):
    """The bar above a face of the calendar. What it wants goes out as signals; what it shows is told to it.

    ``page`` is the face that it stands above; ``stretch`` says what one step is: ``day``, ``week``, ``month``.
    """

    face_asked = Signal(str)
    """A page of ``pages.FACES``."""
    stepped = Signal(int)
    today_asked = Signal()
    went = Signal(object)
    zoomed = Signal(int)
    book_asked = Signal()
    left = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget, *, page: str = TODAY, stretch: str = "day") -> None:
        super().__init__(look, parent, edges="b")
        self._words = ""
        self._zooms = page not in ("month", "agenda")
        self._row = QHBoxLayout(self)
        before = IconButton(look, "chevron-left", self.tr("The {0} before").format(stretch), self, keys="Alt+←")
        before.clicked.connect(lambda: self.stepped.emit(-1))
        self.today_button = IconButton(
            look, "", self.tr("Go to today"), self, words=self.tr("Today"), kind="plain", keys="T"
        )
        self.today_button.clicked.connect(self.today_asked)
        after = IconButton(look, "chevron-right", self.tr("The {0} after").format(stretch), self, keys="Alt+→")
        after.clicked.connect(lambda: self.stepped.emit(1))
        self._date = Text(look, "", self, style="title")
        self._near = Text(look, "", self, style="body", colour="muted")
        self.field = DateField(self)
        self.field.went.connect(self.went)
        self.field.left.connect(self.left)
        self.providers = MenuButton(look, self.tr("Columns shown"), self, glyph="people")
        self.providers.setText(self.tr("All providers"))
        self._farther = IconButton(look, "minus", self.tr("Farther: more minutes a row"), self, keys="Ctrl+−")
        self._zoom = Text(look, "", self, style="small", colour="muted")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._closer = IconButton(look, "plus", self.tr("Closer: fewer minutes a row"), self, keys="Ctrl++")
        self._farther.clicked.connect(lambda: self.zoomed.emit(-1))
        self._closer.clicked.connect(lambda: self.zoomed.emit(1))
        self.book = IconButton(
            look, "plus", self.tr("New appointment"), self, words=self.tr("New appointment"), kind="primary",
            keys="Ctrl+N",
        )  # fmt: skip
        self.book.clicked.connect(self.book_asked)
        self._turners = ((before, -1), (after, 1))
        for button in (before, self.today_button, after):
            self._row.addWidget(button)
        self._row.addSpacing(look.theme.metrics.s)
        self._row.addWidget(self._date)
        self._row.addSpacing(look.theme.metrics.xs)
        self._row.addWidget(self._near)
        self._row.addStretch(1)
        self.faces = [FaceButton(look, face, self) for face in FACES] if len(FACES) > 1 else []
        for choice in self.faces:
            choice.setChecked(choice.face.page == page)
            # The button shows where one is, not what was pressed: the other page has a switch of its own.
            choice.clicked.connect(lambda _on=False, wanted=choice.face.page: self._face_pressed(wanted, page))
            self._row.addWidget(choice)
        for widget in (self.field, self.providers, self._farther, self._zoom, self._closer, self.book):
            self._row.addWidget(widget)
        self._near.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._near.setMinimumWidth(0)
        # What does not fit is left out; it never makes the window wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle(look.theme)

    def show_day(self, day: date, today: date) -> None:
        """The day in view; today's date decides what is said beside it."""
        self.field.today = today
        self._words = day_words(day)
        days = (day - today).days
        near = {0: self.tr("today"), 1: self.tr("tomorrow"), -1: self.tr("yesterday")}.get(days)
        if near is None:
            near = self.tr("in {0} days").format(days) if days > 0 else self.tr("{0} days ago").format(-days)
        self._near.setText(near)
        self._fit()

    def show_words(self, words: str, near: str = "") -> None:
        """Another title than a day's: a week, a month."""
        self._words = words
        self._near.setText(near)
        self._fit()

    def _face_pressed(self, wanted: str, page: str) -> None:
        for choice in self.faces:
            choice.setChecked(choice.face.page == page)
        self.face_asked.emit(wanted)

    def turner_at(self, at: QPoint) -> int:
        """Which way what is dragged over a button turns the day: 1, -1, or 0 beside them. ``at`` is of the screen."""
        for button, way in self._turners:
            if button.isVisible() and button.rect().contains(button.mapFromGlobal(at)):
                return way
        return 0

    def begin_typing(self) -> None:
        """Put the keyboard into the date field."""
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_zoom(self, minutes: int) -> None:
        """Minutes of one row."""
        self._zoom.setText(self.tr("{0} min").format(minutes))
        self._zoom.setAccessibleName(self.tr("One row is {0} minutes").format(minutes))

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self.field.danger = theme.tokens.danger
        self.field.setFixedWidth(m.px(148))
        self._zoom.setFixedWidth(m.px(44))
        self._row.setContentsMargins(m.m, m.s, m.m, m.s)
        self._row.setSpacing(m.xs)
        self.setFixedHeight(m.control + 2 * m.s)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what is said elsewhere too when there is little room, the least first; nothing is ever cut."""
        m = self.look.theme.metrics
        style = self.look.theme.title
        short = self._words.rpartition(" ")[0] or self._words
        new, newer = self.tr("New"), self.tr("New appointment")
        parts = {
            "fixed": sum(button.sizeHint().width() for button, _way in self._turners) + m.s + m.xs,
            "today": self.today_button.sizeHint().width(),
            "date": round(style.width(short)) + m.xs,
            "year": round(style.width(self._words) - style.width(short)),
            "near": m.px(96) if self._near.text() else 0,
            "faces": sum(choice.sizeHint().width() + m.xs for choice in self.faces),
            "field": self.field.width(),
            "providers": self.providers.sizeHint().width(),
            "zoom": 2 * (m.control + m.xs) if self._zooms else 0,
            "minutes": m.px(44) if self._zooms else 0,
            "plus": self.book.width_of(""),
            "new": self.book.width_of(new) - self.book.width_of(""),
            "newer": self.book.width_of(newer) - self.book.width_of(new),
        }
        # A pixel too much would be cut: what is measured in fractions may be one wider on the screen.
        room = self.width() - 2 * m.m - m.xs * len(parts) - m.s
        gone: set[str] = set()
        for part in _GIVE_WAY:
            if sum(width for name, width in parts.items() if name not in gone) <= room:
                break
            if part != "field" or not self.field.hasFocus():
                gone.add(part)
        near = parts["near"] if "near" not in gone else 0
        self._near.setFixedWidth(near)
        self._near.setVisible(bool(near))
        self._zoom.setVisible(self._zooms and "minutes" not in gone)
        self.field.setVisible("field" not in gone)
        self.providers.setVisible("providers" not in gone)
        for choice in self.faces:
            choice.setVisible("faces" not in gone)
        for button in (self._farther, self._closer):
            button.setVisible(self._zooms and "zoom" not in gone)
        self.today_button.setVisible("today" not in gone)
        self._date.setVisible("date" not in gone)
        self.book.set_words(newer if "newer" not in gone else new if "new" not in gone else "")
        words = self._words if "year" not in gone else short
        if words != self._date.text():
            self._date.setText(words)
