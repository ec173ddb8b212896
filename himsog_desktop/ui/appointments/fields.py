"""The small parts that the panels are made of: captions, notices, buttons with their key.

Each takes the look once and follows it. Text from data is plain text in all of them, tool tips too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.ui.appointments.painting import paint_frame
from himsog_desktop.ui.appointments.words import tip
from himsog_desktop.ui.shell.controls import IconButton, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

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

    @property
    def shown_keys(self) -> str:
        """The key that it shows."""
        return self._keys

    def show_keys(self, keys: str) -> None:
        """Another key: a person gave it to the act."""
        self._keys = keys
        self.setAccessibleDescription(keys)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        found = super().sizeHint()
        return QSize(found.width() + self._beside, found.height())

    @property
    def roomy(self) -> int:
        """The width at which its words, which stand in the middle, keep clear of the key."""
        words = self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return max(self.sizeHint().width(), words + 2 * self._beside)

    @property
    def _beside(self) -> int:
        """What the key takes."""
        theme = self.look.theme
        return round(theme.small.metrics.horizontalAdvance(self._keys)) + 2 * theme.metrics.s if self._keys else 0

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
