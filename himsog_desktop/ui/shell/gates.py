"""What stands in the window before a profile is open: unlock, first start, the demo being made, trouble.

One card in the middle, calm; no dialogs. Each says what is wanted in words and tells by a signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, QTimeZone, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.ui.shell.controls import Surface, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

SHORTEST_PASSPHRASE = 8


class NewClinic(NamedTuple):
    """What the first start asks for. ``passphrase`` is "" when the system's keyring shall keep the key.

    Without a ``name`` the profile is to be filled from a server: it stays empty.
    """

    name: str
    timezone: str
    providers: tuple[str, ...]
    passphrase: str


class Card(QWidget):
    """The raised card in the middle."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def fit(self) -> None:
        """As tall as what it holds: wrapped words decide, and only a layout asked for a width knows them."""
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            tall = layout.totalHeightForWidth(self.width())
            if tall > 0 and tall != self.height():
                self.setFixedHeight(tall)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # Style sheet, fonts and words all end in one of these.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Polish):
            self.fit()
        return done

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self._look.theme, self._look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.raised)
        painter.setPen(QPen(theme.line, m.line))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
        painter.end()


class Gate(Surface):
    """A page with one card. ``add`` puts rows into it."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(look, parent, token="canvas")
        m = look.theme.metrics
        # Large letters in a small window: what does not fit is scrolled to, never cut.
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget(self.area)
        self.card = Card(look, page)
        self.card.setFixedWidth(m.px(480))
        self._column = QVBoxLayout(self.card)
        self._column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        self._column.setSpacing(m.m)
        self.title = Text(look, "", self.card, style="title", wrap=True)
        self.text = Text(look, "", self.card, colour="muted", wrap=True)
        self.add(self.title)
        self.add(self.text)
        self.trouble = Text(look, "", self.card, colour="danger", wrap=True)
        self.trouble.hide()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.area)
        outer = QVBoxLayout(page)
        outer.addStretch(2)
        # A row of its own, not an alignment: that would take the card's height for lines as wide as the window.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(3)
        self.area.setWidget(page)
        # Nothing of it is opaque: the window below would else never be painted, and wait for that for ever.
        page.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self, theme: Theme) -> None:
        QTimer.singleShot(0, self, self._fit)  # when all parts have taken the new look

    def _fit(self) -> None:
        m = self.look.theme.metrics
        self.card.setFixedWidth(max(min(m.px(480), self.width() - 3 * m.l), 1))
        self.card.fit()

    def set_words(self, title: str, text: str) -> None:
        """What it is about."""
        self.setAccessibleName(title)
        self.title.setText(title)
        self.text.setText(text)

    def add(self, widget: QWidget) -> None:
        """The next row."""
        self._column.addWidget(widget)

    def field(self, label: str, *, secret: bool = False, text: str = "", hint: str = "") -> QLineEdit:
        """A labelled line."""
        box = QWidget(self.card)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.theme.metrics.xs)
        name = Text(self.look, label, box, style="small_strong", wrap=True)
        line = QLineEdit(text, box)
        line.setAccessibleName(label)
        line.setPlaceholderText(hint)
        line.setMaxLength(200)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        name.setBuddy(line)
        column.addWidget(name)
        column.addWidget(line)
        self.add(box)
        return line

    def _row_of(self, line: QLineEdit) -> QWidget:
        """The field with its label."""
        return line.parentWidget() or line

    def primary(self, words: str) -> QPushButton:
        """The one button that goes on."""
        button = QPushButton(words, self.card)
        button.setProperty("primary", "true")
        button.setDefault(True)
        return button

    def say_trouble(self, text: str) -> None:
        """What was wrong, and what to do."""
        if self._column.indexOf(self.trouble) < 0:
            self._column.addWidget(self.trouble)
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def focus_first(self) -> None:
        """Put the keyboard where typing begins."""

    def set_busy(self, busy: bool) -> None:
        """While something is under way nothing can be pressed twice."""
        self.card.setEnabled(not busy)


class Unlock(Gate):
    """Asks for the passphrase, PIN or recovery key."""

    tried = Signal(str)

    def __init__(self, look: ThemeSource, clinic: str = "", *, needs_words: bool = True) -> None:
        super().__init__(look)
        text = self.tr("Locked. Type the passphrase or PIN of this profile. The recovery key opens it too.")
        if not needs_words:
            text = self.tr("Locked. The key is in this computer's keyring: press Enter to open.")
        self.set_words(clinic or self.tr("Himsog Desktop"), text)
        self.words = self.field(self.tr("Passphrase, PIN or recovery key"), secret=True)
        self.words.returnPressed.connect(self._try)
        show = QCheckBox(self.tr("Show what is typed"), self.card)
        show.toggled.connect(
            lambda on: self.words.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        )
        self.add(show)
        self.button = self.primary(self.tr("Unlock"))
        self.button.clicked.connect(self._try)
        self.add(self.button)
        self._needs_words = needs_words
        if not needs_words:
            self._row_of(self.words).hide()
            show.hide()

    def focus_first(self) -> None:
        (self.words if self._needs_words else self.button).setFocus()

    def wrong(self, text: str) -> None:
        """It did not open: why, in words; what was typed is selected to be typed over."""
        self.set_busy(False)
        if not self._needs_words:
            self._needs_words = True
            self._row_of(self.words).show()
        self.say_trouble(text)
        self.words.selectAll()
        self.words.setFocus()

    def _try(self) -> None:
        words = self.words.text().strip()
        if self._needs_words and not words:
            self.say_trouble(self.tr("Nothing was typed yet."))
            return
        self.say_trouble("")
        self.set_busy(True)
        self.tried.emit(words)


class FirstRun(Gate):
    """No profile yet: make a clinic, or look around in the demo."""

    made = Signal(object)
    demo_asked = Signal()
    server_asked = Signal(object)
    """The clinic has a server: an empty profile for it, as a ``NewClinic`` without a name."""

    def __init__(self, look: ThemeSource, *, keyring: bool) -> None:
        super().__init__(look)
        words = self.tr("Everything stays on this computer, encrypted. Four lines and the first day is open.")
        self.set_words(self.tr("Welcome to Himsog"), words)
        self.name = self.field(self.tr("Name of the clinic"), hint=self.tr("Digos Family Clinic"))
        here = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
        self.zone = self.field(
            self.tr("Time zone"), text=here if "/" in here and not here.startswith("Etc/") else "Asia/Manila"
        )
        zones = [bytes(z.data()).decode("ascii", "replace") for z in QTimeZone.availableTimeZoneIds()]
        completer = QCompleter([z for z in zones if "/" in z], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(completer)
        self.providers = self.field(self.tr("Who sees patients, separated by commas"), hint=self.tr("Dr Cruz, Dr Lim"))
        label = self.tr("Passphrase (leave it empty to use this computer's keyring)")
        self.passphrase = self.field(label if keyring else self.tr("Passphrase, 8 characters or more"), secret=True)
        self._keyring = keyring
        go = self.primary(self.tr("Make the clinic"))
        go.clicked.connect(self._go)
        self.add(go)
        row = QHBoxLayout()
        demo = QPushButton(self.tr("Look around in the demo clinic"), self.card)
        demo.setProperty("quiet", "true")
        demo.clicked.connect(self.demo_asked)
        row.addWidget(demo, 1)
        self._column.addLayout(row)
        server = QPushButton(self.tr("The clinic has a server: connect to it"), self.card)
        server.setProperty("quiet", "true")
        server.clicked.connect(self._to_server)
        self.add(server)
        self.server = server
        for line in (self.name, self.zone, self.providers, self.passphrase):
            line.returnPressed.connect(self._go)

    def focus_first(self) -> None:
        self.name.setFocus()

    def _go(self) -> None:
        name, zone, passphrase = self.name.text().strip(), self.zone.text().strip(), self.passphrase.text()
        providers = tuple(p.strip() for p in self.providers.text().split(",") if p.strip())
        missing = (
            (self.name, not name, self.tr("The clinic needs a name.")),
            (self.zone, not zone, self.tr("The time zone is missing: write it like Asia/Manila.")),
            (self.providers, not providers, self.tr("Name at least one person who sees patients.")),
            (
                self.passphrase,
                bool(passphrase or not self._keyring) and len(passphrase) < SHORTEST_PASSPHRASE,
                self.tr("The passphrase needs 8 characters or more. There is no keyring here to keep the key instead.")
                if not self._keyring
                else self.tr("The passphrase needs 8 characters or more, or leave it empty."),
            ),
        )
        for line, wrong, words in missing:
            if wrong:
                self.say_trouble(words)
                line.setFocus()
                return
        self.say_trouble("")
        self.set_busy(True)
        self.made.emit(NewClinic(name, zone, providers, passphrase))

    def _to_server(self) -> None:
        """The server knows everything but how this computer keeps its key."""
        passphrase = self.passphrase.text()
        if (passphrase or not self._keyring) and len(passphrase) < SHORTEST_PASSPHRASE:
            self.say_trouble(
                self.tr("Type a passphrase for this computer first, 8 characters or more: it keeps what is fetched.")
            )
            self.passphrase.setFocus()
            return
        self.say_trouble("")
        self.set_busy(True)
        self.server_asked.emit(NewClinic("", self.zone.text().strip(), (), passphrase))


class RecoveryKey(Gate):
    """The recovery key, shown once."""

    accepted = Signal()

    def __init__(self, look: ThemeSource, key: str) -> None:
        super().__init__(look)
        words = self.tr(
            "It opens this profile when the passphrase is forgotten or this computer's keyring is lost. "
            "It is shown once, here, and kept nowhere. Print it or write it down, and keep it where the "
            "clinic keeps its papers, not on this computer."
        )
        self.set_words(self.tr("Write down the recovery key"), words)
        self.key = QLineEdit(key, self.card)
        self.key.setReadOnly(True)
        self.key.setAccessibleName(self.tr("Recovery key"))
        self.key.setFont(look.theme.strong.font)
        self.key.setCursorPosition(0)
        self.add(self.key)
        copy = QPushButton(self.tr("Copy, to print it"), self.card)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(key))
        copy.clicked.connect(lambda: copy.setText(self.tr("Copied")))
        self.add(copy)
        kept = QCheckBox(self.tr("I have written it down"), self.card)
        self.add(kept)
        go = self.primary(self.tr("Open the clinic"))
        go.setEnabled(False)
        kept.toggled.connect(go.setEnabled)
        go.clicked.connect(self.accepted)
        self.add(go)
        self.kept, self.go = kept, go

    def focus_first(self) -> None:
        self.kept.setFocus()


class Building(Gate):
    """Something is being made: how far it is, and a way out."""

    cancelled = Signal()

    def __init__(self, look: ThemeSource, title: str, text: str) -> None:
        super().__init__(look)
        self.set_words(title, text)
        self.bar = QProgressBar(self.card)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(look.theme.metrics.s)
        self.bar.setAccessibleName(title)
        self.add(self.bar)

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)


class Trouble(Gate):
    """It can't be opened: what happened, that nothing was lost, and the one thing to do."""

    retried = Signal()

    def __init__(self, look: ThemeSource, text: str) -> None:
        super().__init__(look)
        self.set_words(self.tr("This profile can't be opened"), text)
        go = self.primary(self.tr("Try again"))
        go.clicked.connect(self.retried)
        self.add(go)
        self._go = go

    def focus_first(self) -> None:
        self._go.setFocus()
