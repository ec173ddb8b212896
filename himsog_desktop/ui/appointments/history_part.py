"""What happened to an appointment, newest first, in sentences; unfolded by a button or H.

Sentences run over as many lines as they need: nothing of a history is cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.appointments.area import Skeleton
from himsog_desktop.ui.appointments.fields import KeyButton, Notice, button, column
from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.documents import HistoryDoc
    from himsog_desktop.ui.appointments.words import Teller
    from himsog_desktop.ui.theme.system import ThemeSource

MOST = 60
"""So many entries are shown; of more it is said that there are."""


class Entry(QWidget):
    """One sentence, and below it by whom, when and where."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        m = look.theme.metrics
        lines = column(self, 0, (m.l, m.xs, 0, m.xs))
        self.sentence = Text(look, "", self, wrap=True)
        self.who = Text(look, "", self, style="small", colour="muted", wrap=True)
        lines.addWidget(self.sentence)
        lines.addWidget(self.who)

    def show_entry(self, sentence: str, who: str) -> None:
        """Show one."""
        self.sentence.setText(sentence)
        self.who.setText(who)
        self.setAccessibleName(f"{sentence}. {who}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # A line down the left with a dot at each entry: what comes before is below.
        painter.fillRect(m.xs - m.line // 2, 0, m.line, self.height(), theme.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.muted)
        top = m.xs + theme.body.line / 2
        painter.drawEllipse(m.xs - 3, round(top) - 3, 7, 7)
        painter.end()


class HistoryPart(QWidget):
    """The button and, once asked for, the entries."""

    asked = Signal()
    """Unfolded: it has to be read."""
    folded = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.open = False
        self._lines = column(self, look.theme.metrics.xs)
        self.toggle_button = KeyButton(look, self.tr("Show history"), "H", self)
        self.skeleton = Skeleton(look, (0.7, 0.5, 0.8), self)
        self.error = Notice(look, self, tone="danger")
        again = button(self.tr("Try again"), self.error, "quiet")
        self.error.body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        self.more = Text(look, "", self, style="small", colour="muted", wrap=True)
        for widget in (self.toggle_button, self.skeleton, self.error, self.more):
            self._lines.addWidget(widget)
        self.entries: list[Entry] = []
        self.shown: list[tuple[str, str]] = []
        again.clicked.connect(self.unfold)
        self.toggle_button.clicked.connect(self.toggle)
        self.skeleton.hide()
        self.more.hide()

    def toggle(self) -> None:
        """Unfold it, or fold it again."""
        if not self.open:
            self.unfold()
            return
        self.open = False
        self.toggle_button.setText(self.tr("Show history"))
        for widget in (*self.entries, self.skeleton, self.error, self.more):
            widget.hide()
        self.shown = []
        self.folded.emit()

    def unfold(self) -> None:
        """Show it as soon as it has been read."""
        self.open = True
        self.toggle_button.setText(self.tr("Hide history"))
        self.error.say()
        self.asked.emit()

    def show_history(self, entries: tuple[HistoryDoc, ...], teller: Teller) -> None:
        """Show entries, newest first."""
        if not self.open:
            return
        self.skeleton.hide()
        self.error.say()
        self.shown = [(teller.sentence(entry), teller.who(entry)) for entry in entries[:MOST]]
        while len(self.entries) < len(self.shown):
            made = Entry(self.look, self)
            self._lines.insertWidget(3 + len(self.entries), made)
            self.entries.append(made)
        for i, made in enumerate(self.entries):
            made.setVisible(i < len(self.shown))
            if i < len(self.shown):
                made.show_entry(*self.shown[i])
        left = len(entries) - len(self.shown)
        self.more.setText(self.tr("{0} older changes are not shown here.").format(left))
        self.more.setVisible(left > 0)

    def show_error(self, error: HimsogError) -> None:
        """It could not be read."""
        if self.open:
            self.skeleton.hide()
            self.error.say(error.message)
