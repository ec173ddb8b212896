"""The small parts that the panels are made of: captions, choices, segments, notices, buttons with their key.

Each takes the look once and follows it. Text from data is plain text in all of them, tool tips too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.ui.appointments.words import tip
from himsog_desktop.ui.shell.controls import IconButton, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QEnterEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from himsog_desktop.ui.theme.system import ThemeSource

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignCenter


def is_enter(event: QKeyEvent) -> bool:
    """Enter, pressed anew: a key that is held down must not go on through the form and book."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()


def column(parent: QWidget, spacing: int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """A layout from top to bottom."""
    made = QVBoxLayout(parent)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def row(spacing: int) -> QHBoxLayout:
    """A layout from left to right, to be put into another."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    return made


def button(text: str, parent: QWidget, kind: str = "", name: str = "") -> QPushButton:
    """A push button that Enter presses as well as Space. ``kind``: primary, danger or quiet."""
    made = QPushButton(text.replace("&", "&&"), parent)
    made.setAutoDefault(True)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        made.setProperty(kind, "true")
    if name:
        made.setAccessibleName(name)
    return made


class Caption(Text):
    """The words above a field, which is its buddy: read out with it, focused by its key."""

    def __init__(self, look: ThemeSource, text: str, buddy: QWidget | None, parent: QWidget) -> None:
        super().__init__(look, text, parent, style="small", colour="muted")
        if buddy is not None:
            self.setBuddy(buddy)


class Elided(QLabel):
    """One line of plain text that ends in … where there is no room; then the tool tip has the whole."""

    def __init__(self, look: ThemeSource, parent: QWidget, *, style: str = "body", colour: str = "text") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.look = look
        self._style = style
        self._colour = colour
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self._restyle()

    @property
    def whole(self) -> str:
        """The text that was given."""
        return self._whole

    def set_text(self, text: str) -> None:
        """Show a text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def set_colour(self, token: str) -> None:
        """Another token of the theme."""
        self._colour = token
        self._restyle()

    def sizeHint(self) -> QSize:
        style = getattr(self.look.theme, self._style)
        return QSize(round(style.metrics.horizontalAdvance(self._whole)) + 2, style.line)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _fit(self) -> None:
        style = getattr(self.look.theme, self._style)
        shown = style.metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 0))
        self.setText(shown)
        self.setToolTip(tip(self._whole) if shown != self._whole else "")

    def _restyle(self) -> None:
        theme = self.look.theme
        self.setFont(getattr(theme, self._style).font)
        made = self.palette()
        made.setColor(self.foregroundRole(), getattr(theme, self._colour))
        self.setPalette(made)
        self._fit()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Choice(QComboBox):
    """A choice of a few: the arrows change it, typing finds. It never changes under the wheel."""

    def __init__(self, look: ThemeSource, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyled)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these (key, words), keeping what is chosen where it is still there."""
        kept = self.key
        self.blockSignals(True)
        self.clear()
        for key, words in choices:
            self.addItem(words, key)
        found = self.findData(kept)
        self.setCurrentIndex(max(found, 0))
        self.blockSignals(False)

    @property
    def key(self) -> str:
        """The key of what is chosen."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        """Choose one, without a signal; the first where there is none of that key."""
        self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(key), 0))
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(120), self.look.theme.metrics.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(72), self.look.theme.metrics.control)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the panel must not change what will be booked.
        event.ignore()

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.surface, theme.accent if self.hasFocus() else theme.line, self._pen())
        right = self.width() - m.s - m.icon
        painter.drawPixmap(
            right,
            (self.height() - m.icon) // 2,
            theme.icon("chevron-down", theme.tokens.muted, self.devicePixelRatioF()),
        )
        painter.setFont(theme.body.font)
        painter.setPen(theme.text if self.isEnabled() else theme.muted)
        room = right - m.xs - m.s
        words = theme.body.metrics.elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(m.s, 0, room, self.height()), _LEFT, words)
        painter.end()

    def _pen(self) -> int:
        m = self.look.theme.metrics
        return m.ring if self.hasFocus() else m.line


def paint_frame(painter: QPainter, rect: QRect, fill: QColor, line: QColor, width: int, radius: int = 6) -> None:
    """A rounded field with a line around it, sharp at any width of line."""
    half = width / 2
    painter.setPen(QPen(line, width) if width else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)


class Segment(QAbstractButton):
    """One of a few that exclude each other."""

    def __init__(self, look: ThemeSource, text: str, key: str, parent: QWidget, glyph: str = "") -> None:
        super().__init__(parent)
        self.look = look
        self.key = key
        self.framed = False
        """Whether it stands alone, with a line of its own around it."""
        self._glyph = glyph
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme, m = self.look.theme, self.look.theme.metrics
        style = theme.small if m.scale > 1.3 else theme.body
        icon = m.icon + m.xs if self._glyph else 0
        return QSize(round(style.metrics.horizontalAdvance(self.text())) + icon + 2 * m.s, m.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(28), self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.modifiers():
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = self.rect().adjusted(1, 1, -1, -1)
        if self.isChecked():
            paint_frame(painter, inner, theme.selected, theme.accent, m.line, m.radius - 1)
        elif self.underMouse():
            paint_frame(painter, inner, theme.hover, theme.hover, 0, m.radius - 1)
        if self.framed and not self.isChecked():
            fill = theme.hover if self.underMouse() else theme.surface
            paint_frame(painter, self.rect(), fill, theme.line, m.line)
        if self.hasFocus():
            paint_frame(
                painter, self.rect(), theme.selected if self.isChecked() else theme.surface, theme.accent, m.ring
            )
        style = theme.body
        icon = m.icon + m.xs if self._glyph else 0
        words = style.metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - icon - 2 * m.xs)
        width = round(style.metrics.horizontalAdvance(words)) + icon
        left = max((self.width() - width) // 2, m.xs)
        colour = theme.tokens.text if self.isEnabled() else theme.tokens.muted
        if self._glyph:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(left, (self.height() - m.icon) // 2, theme.icon(self._glyph, colour, ratio))
        painter.setFont(style.font)
        painter.setPen(theme.text if self.isEnabled() else theme.muted)
        painter.drawText(QRect(left + icon, 0, self.width() - left - icon, self.height()), _LEFT, words)
        painter.end()


class Segments(QWidget):
    """A row of segments in one frame; left and right choose."""

    chosen = Signal(str)

    def __init__(self, look: ThemeSource, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        """``choices`` are (key, words, icon or nothing)."""
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(1, 1, 1, 1)
        line.setSpacing(0)
        self.segments: list[Segment] = []
        for key, words, glyph in choices:
            made = Segment(look, words, key, self, glyph)
            made.setAccessibleName(f"{name}: {words}")
            self._group.addButton(made)
            self.segments.append(made)
            line.addWidget(made)
        self.segments[0].setChecked(True)
        self._group.buttonToggled.connect(self._toggled)
        look.changed.connect(self._restyled)

    @property
    def key(self) -> str:
        """What is chosen."""
        found = self._group.checkedButton()
        return found.key if isinstance(found, Segment) else ""

    def choose(self, key: str) -> None:
        """Choose without a signal."""
        for segment in self.segments:
            if segment.key == key:
                self._group.blockSignals(True)
                segment.setChecked(True)
                self._group.blockSignals(False)

    def _toggled(self, segment: QAbstractButton, on: bool) -> None:
        if on and isinstance(segment, Segment):
            self.chosen.emit(segment.key)

    def _restyled(self) -> None:
        for segment in self.segments:
            segment.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.surface, theme.line, theme.metrics.line)
        painter.end()


class Notice(QWidget):
    """A sentence on a tinted ground: a warning, a refusal, a hint. ``tone``: danger, warn or quiet."""

    def __init__(self, look: ThemeSource, parent: QWidget, *, tone: str = "danger", glyph: str = "alert") -> None:
        super().__init__(parent)
        self.look = look
        self._tone = tone
        self._glyph = glyph
        m = look.theme.metrics
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(m.s + m.icon + m.s, m.s, m.m, m.s)
        self._lines.setSpacing(m.xs)
        self._texts: list[Text] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        look.changed.connect(self._restyled)
        self.hide()

    @property
    def body(self) -> QVBoxLayout:
        """Where more may be put below the words."""
        return self._lines

    @property
    def words(self) -> list[str]:
        """The sentences that are shown."""
        return [text.text() for text in self._texts if not text.isHidden()] if not self.isHidden() else []

    def say(self, *sentences: str, strong_first: bool = False) -> None:
        """Show sentences, one a line; none hides it."""
        while len(self._texts) < len(sentences):
            made = Text(self.look, "", self, wrap=True, colour=self._colour())
            self._lines.insertWidget(len(self._texts), made)
            self._texts.append(made)
        for i, text in enumerate(self._texts):
            text.setVisible(i < len(sentences))
            if i < len(sentences):
                text.setText(sentences[i])
                text.setFont((self.look.theme.strong if strong_first and i == 0 else self.look.theme.body).font)
        self.setAccessibleName(". ".join(s.rstrip(".") for s in sentences))
        self.setVisible(bool(sentences))
        self.updateGeometry()

    def _colour(self) -> str:
        return "danger" if self._tone == "danger" else "text"

    def _restyled(self) -> None:
        m = self.look.theme.metrics
        self._lines.setContentsMargins(m.s + m.icon + m.s, m.s, m.m, m.s)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, colour = {
            "danger": (theme.danger_tint, tokens.danger),
            "warn": (theme.statuses["requested"].tint, tokens.requested.text),
            "quiet": (theme.canvas, tokens.muted),
        }[self._tone]
        paint_frame(painter, self.rect(), fill, fill, 0, m.radius)
        top = m.s + round((theme.body.line - m.icon) / 2)
        painter.drawPixmap(m.s, top, theme.icon(self._glyph, colour, self.devicePixelRatioF()))
        painter.end()


class KeyButton(QPushButton):
    """A button that shows its key at the right, small and muted."""

    def __init__(self, look: ThemeSource, text: str, keys: str, parent: QWidget, *, kind: str = "") -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.look = look
        self._keys = keys
        self._kind = kind
        if kind:
            self.setProperty(kind, "true")
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.setAccessibleDescription(keys)
        if keys:
            self.setToolTip(tip(f"{text}  {keys}"))

    def sizeHint(self) -> QSize:
        m = self.look.theme.metrics
        extra = round(self.look.theme.small.metrics.horizontalAdvance(self._keys)) + 2 * m.s if self._keys else 0
        found = super().sizeHint()
        return QSize(found.width() + extra, found.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(64), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._keys:
            return
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setFont(theme.small.font)
        painter.setPen(theme.on_accent if self._kind == "primary" and self.isEnabled() else theme.muted)
        painter.drawText(self.rect().adjusted(0, 0, -m.s, 0), _RIGHT, self._keys)
        painter.end()


class SmallButton(IconButton):
    """An icon alone, or with a word, that Enter presses too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.modifiers():
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)


class EnterFilter(QObject):
    """Watches a field for Enter and hands it on; the field itself does nothing with it."""

    pressed = Signal()
    with_control = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and is_enter(event):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.with_control.emit()
            else:
                self.pressed.emit()
            return True
        return super().eventFilter(watched, event)


class Area(QScrollArea):
    """The scrolled middle of a panel. Its column keeps its width when the scroll bar comes or goes.

    ``bring`` puts a part at the top, also while the column still grows.
    """

    def __init__(self, look: ThemeSource, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._content = content
        self._wanted: QWidget | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._fit()
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)

    def bring(self, widget: QWidget) -> None:
        """Bring a part to the top, as far as the column goes; also when it has still to grow."""
        self._wanted = widget
        self._bring()
        QTimer.singleShot(SETTLED_MS, self, self._forget)

    def _bring(self) -> None:
        if self._wanted is not None:
            self.verticalScrollBar().setValue(self._wanted.mapTo(self._content, QPoint(0, 0)).y())

    def _forget(self) -> None:
        self._wanted = None

    def _range_changed(self, _low: int, _high: int) -> None:
        self._fit()
        self._bring()

    def _fit(self) -> None:
        layout = self._content.layout()
        bar = self.verticalScrollBar()
        m = self.look.theme.metrics
        width = bar.sizeHint().width() if bar.maximum() > 0 else 0
        if layout is not None:
            layout.setContentsMargins(m.l, m.xs, max(m.l - width, m.xs), m.l)


SETTLED_MS = 150
"""After that a column has the height of what was put into it."""


class Skeleton(QWidget):
    """Grey bars of the size of what comes."""

    def __init__(self, look: ThemeSource, lines: Sequence[float], parent: QWidget) -> None:
        """``lines`` are lengths, each a part of the width."""
        super().__init__(parent)
        self.look = look
        self._lines = tuple(lines)
        self.setAccessibleName(self.tr("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._lines) * self.look.theme.metrics.px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bars(painter, self._lines, self.width(), m.px(28), m.px(12), theme.line, QPoint(0, 0))
        painter.end()


def paint_bars(
    painter: QPainter, lines: Sequence[float], width: int, step: int, height: int, colour: QColor, at: QPoint
) -> None:
    """Grey bars, one a line."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for i, part in enumerate(lines):
        top = at.y() + i * step + (step - height) / 2
        painter.drawRoundedRect(QRectF(at.x(), top, width * part, height), height / 3, height / 3)
