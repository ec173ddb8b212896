"""Short messages at the bottom right, with Undo or Retry: they block nothing and are heard as well as seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from himsog_desktop.ui.shell.controls import IconButton, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

SHOWN_MS = 8_000
ERROR_MS = 14_000
MOST = 3
"""Messages in view at once; an older one makes room."""


class Button(NamedTuple):
    """What a message offers: its word, the key that does the same, and what happens."""

    word: str
    keys: str
    press: Callable[[], None]


class Toast(QWidget):
    """One message."""

    def __init__(
        self, look: ThemeSource, text: str, parent: QWidget, *, button: Button | None = None, error: bool = False
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.text = text
        self.error = error
        self.topic = ""
        self.setAccessibleName(text)
        m = look.theme.metrics
        row = QHBoxLayout(self)
        row.setContentsMargins(m.l, m.s, m.s, m.s)
        row.setSpacing(m.s)
        words = Text(look, text, self, wrap=True)
        # The label's own policy, else it would forget that its height goes by its width.
        policy = words.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        words.setSizePolicy(policy)
        row.addWidget(words, 1)
        self.button: IconButton | None = None
        if button is not None:
            # Painted, not styled: a message is made while an act's outcome waits to be painted.
            self.button = IconButton(look, "", button.word, self, words=button.word, keys=button.keys)
            self.button.clicked.connect(button.press)
            self.button.clicked.connect(self.close_soon)
            row.addWidget(self.button)
        shut = IconButton(look, "cross", self.tr("Dismiss"), self)
        shut.clicked.connect(self.close_soon)
        row.addWidget(shut)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ERROR_MS if error else SHOWN_MS)
        self._timer.timeout.connect(self._elapsed)
        self._timer.start()

    def close_soon(self) -> None:
        """Take it away once the present event is over."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def _elapsed(self) -> None:
        # Nothing goes away under the pointer or from under the keyboard.
        held: QWidget | None = self.window().focusWidget()
        if self.underMouse() or (held is not None and self.isAncestorOf(held)):
            self._timer.start()
            return
        self.close_soon()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(face, m.radius, m.radius)
        painter.fillPath(path, theme.raised)
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, m.xs, self.height()), theme.danger if self.error else theme.accent)
        painter.setClipping(False)
        painter.strokePath(path, QPen(theme.line, m.line))
        painter.end()


class Toasts(QObject):
    """The messages in view, stacked at the bottom right of ``parent``, above what ``stand_above`` names."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._area = parent
        self._toasts: list[Toast] = []
        self._below: list[QWidget] = []
        self._right = 0
        self._lifted = 0
        parent.installEventFilter(self)
        look.changed.connect(self._restyled)

    @property
    def texts(self) -> list[str]:
        """What is in view, the newest last."""
        return [t.text for t in self._toasts]

    @property
    def newest(self) -> Toast | None:
        """The newest message in view."""
        return self._toasts[-1] if self._toasts else None

    def say(self, text: str, button: Button | None = None, *, error: bool = False, topic: str = "") -> Toast:
        """Show a message and have it read out. One of the same ``topic``, or the same words, makes room for it."""
        for older in [t for t in self._toasts if (t.topic == topic if topic else t.text == text)]:
            self._forget(older)
        # One Undo at a time: an older one would undo something else than it says.
        if button is not None:
            for toast in [t for t in self._toasts if t.button is not None and not t.error]:
                self._forget(toast)
        while len(self._toasts) >= MOST:
            self._forget(self._toasts[0])
        made = Toast(self.look, text, self._area, button=button, error=error)
        made.topic = topic
        made.installEventFilter(self)
        self._toasts.append(made)
        self._place()
        made.show()
        made.raise_()
        announce(self._area, text, urgent=error)
        return made

    def drop(self, topic: str) -> None:
        """Take what was said about that away: the person is looking at it."""
        for toast in [t for t in self._toasts if t.topic == topic]:
            self._forget(toast)

    def clear(self) -> None:
        """Take all messages away."""
        for toast in list(self._toasts):
            self._forget(toast)

    def _forget(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.close_soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._area:
            if kind == QEvent.Type.Resize and self._toasts:
                self._place()
        elif watched in self._below:
            if kind in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide) and self._toasts:
                self._place()
        elif (
            kind == QEvent.Type.Hide and isinstance(watched, Toast) and watched in self._toasts and (watched.isHidden())
        ):
            self._toasts.remove(watched)
            self._place()
        return False

    def _restyled(self, _theme: Theme) -> None:
        # A method: it goes with these, and the look stays. Placed once the words of each have taken the other size.
        QTimer.singleShot(0, self, self._place)

    def stand_above(self, widget: QWidget) -> None:
        """Something at the bottom that they don't cover while it is there: a bar, a strip."""
        self._below.append(widget)
        widget.installEventFilter(self)
        self._place()

    def keep_clear(self, right: int) -> None:
        """Leave so many pixels at the right alone: a panel stands there, with its own buttons at the bottom."""
        if right != self._right:
            self._right = right
            self._place()

    def lift(self, height: int) -> None:
        """Stand so much higher: a bar with buttons of its own is below."""
        if height != self._lifted:
            self._lifted = height
            self._place()

    def _place(self) -> None:
        m = self.look.theme.metrics
        right = self._area.width() - self._right - m.l
        width = min(m.px(420), right - m.l)
        below = sum(widget.height() for widget in self._below if widget.isVisibleTo(self._area))
        bottom = self._area.height() - below - self._lifted - m.m
        for toast in reversed(self._toasts):
            toast.setFixedWidth(width)
            layout = toast.layout()
            tall = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
            height = max(tall, toast.sizeHint().height())
            toast.setGeometry(right - width, bottom - height, width, height)
            bottom -= height + m.s


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say it."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
