"""The page of the connection: where the clinic's server is, who is signed in, and a test that says what is wrong.

Everything that goes over the network runs off the screen's thread; the day stays usable behind this page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import EnterFilter, button
from himsog_desktop.ui.bridge import Errands
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.pages import TODAY
from himsog_desktop.ui.shell.toasts import announce
from himsog_desktop.ui.sync.clinics import Clinics
from himsog_desktop.ui.sync.findings import Findings
from himsog_desktop.ui.sync.line import Finding, Standing, Wish
from himsog_desktop.ui.sync.words import asks_for_deletions, tell

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.syncstate import SyncStatus
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.shell.workspace import Workspace

WIDEST = 640
"""Width at scale 1."""
_CHOOSE = "This login works for several clinics: choose the one that this computer is for, then connect."
EXAMPLE = "postgresql://server.clinic.example/himsog"


class ConnectionPage(Surface):
    """Address, login, password; Test and Connect; who is signed in (``ui.shell.pages.Page``)."""

    def __init__(self, context: DeskContext, session: Session, workspace: Workspace) -> None:
        super().__init__(context.look, workspace, token="canvas")
        self.context = context
        self.session = session
        self.line = session.line()
        self.standing = Standing()
        self._w = workspace
        self._busy = False
        self._errands = Errands(session.chores(), session.report, self)
        self.setAccessibleName(self.tr("Connection to the clinic's server"))
        self._build()
        if workspace.following is not None:
            workspace.following.changed.connect(self.show_status)

    def _build(self) -> None:
        look = self.context.look
        m = look.theme.metrics
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self.area)
        body = Surface(look, self.area, token="canvas")
        self.area.setWidget(body)
        self._column = column = QVBoxLayout(body)
        column.setSpacing(m.m)
        column.addWidget(Text(look, self.tr("Connection to the clinic's server"), body, style="title", wrap=True))
        self.state = Text(look, "", body, wrap=True)
        self.bar = QProgressBar(body)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(m.s)
        self.bar.setAccessibleName(self.tr("Fetching the clinic's data"))
        self.bar.hide()
        column.addWidget(self.state)
        column.addWidget(self.bar)
        self.gone = button("", body, "danger")
        self.gone.hide()
        self.gone.clicked.connect(self._accept_deletions)
        self._sure = False
        column.addWidget(self.gone, 0, Qt.AlignmentFlag.AlignLeft)
        self.people = QVBoxLayout()
        self.people.setSpacing(m.s)
        column.addLayout(self.people)
        self.url = self._field(body, self.tr("Address of the server"), EXAMPLE)
        self.login = self._field(body, self.tr("Login"), "")
        self.password = self._field(body, self.tr("Password"), "", secret=True)
        self.clinics = Clinics(look, body)
        column.addWidget(self.clinics)
        buttons = QHBoxLayout()
        buttons.setSpacing(m.s)
        self.go = button(self.tr("Connect and sign in"), body, "primary")
        self.test = button(self.tr("Test"), body)
        buttons.addWidget(self.go)
        buttons.addWidget(self.test)
        buttons.addStretch(1)
        column.addSpacing(m.s)
        column.addLayout(buttons)
        self.says = Text(look, "", body, colour="muted", wrap=True)
        self.says.hide()
        self.findings = Findings(look, body)
        column.addWidget(self.says)
        column.addWidget(self.findings)
        column.addStretch(1)
        self.go.clicked.connect(self.connect_to)
        self.test.clicked.connect(self.begin_test)
        self.clinics.taken.connect(self._edited)
        for field in (self.url, self.login):
            field.textEdited.connect(lambda _text: self.clinics.offer(()))
        for field in (self.url, self.login, self.password):
            EnterFilter(field).pressed.connect(self.connect_to)
            field.textEdited.connect(lambda _text: self._edited())

    def _field(self, parent: QWidget, label: str, hint: str, *, secret: bool = False) -> QLineEdit:
        box = QWidget(parent)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.theme.metrics.xs)
        name = Text(self.look, label, box, style="small_strong", wrap=True)
        line = QLineEdit(box)
        line.setAccessibleName(label)
        line.setPlaceholderText(hint)
        line.setMaxLength(1000)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        name.setBuddy(line)
        column.addWidget(name)
        column.addWidget(line)
        self._column.addWidget(box)
        return line

    # ----------------------------------------------------------------------------- the protocol

    def arrive(self) -> None:
        """See ``Page``."""
        if self.line is None:
            self._say(
                self.tr("The demo clinic has no server. Start with a clinic of your own to connect one."), "muted"
            )
            for widget in (self.url, self.login, self.password, self.go, self.test):
                widget.setEnabled(False)
            return
        self._errands.run(self.line.standing, self.show_standing, self._failed)
        if self._w.following is not None:
            self.show_status(self._w.following.status)
        else:
            self.state.setText(
                self.tr("This profile has no server yet. Everything is kept, encrypted, on this computer.")
            )
        self._first().setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> tuple[str, ...]:
        """No appointments here."""
        return ()

    def _first(self) -> QLineEdit:
        """Where typing begins: what is still empty."""
        fields = (self.url, self.login, self.password)
        return next((field for field in fields if not field.text()), self.password)

    # ------------------------------------------------------------------------------ what is known

    def show_standing(self, standing: Standing) -> None:
        """What the profile knows: the address, and who is signed in."""
        self.standing = standing
        for field, text in ((self.url, standing.url), (self.login, (*standing.signed_in, "")[0])):
            if not field.text() and text:
                with QSignalBlocker(field):
                    field.setText(text)
        if standing.clinic:
            self.clinics.offer(())
        self.go.setText(self.tr("Sign in") if standing.clinic else self.tr("Connect and sign in"))
        while (item := self.people.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for login in standing.signed_in:
            self.people.addWidget(self._person(login))
        if self.isVisible() and not self.password.hasFocus() and self._first() is not self.url:
            self._first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _person(self, login: str) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Text(self.look, self.tr("Signed in: {0}").format(login), box), 1)
        out = button(self.tr("Sign out"), box, name=self.tr("Sign out {0}").format(login))
        out.clicked.connect(lambda: self.sign_out(login))
        row.addWidget(out)
        box.show()
        return box

    def show_status(self, status: SyncStatus) -> None:
        """How it stands, and how far an initial sync is."""
        following = self._w.following
        if following is None:
            return
        told = tell(status, following.now, following.moment)
        self.state.setText(f"{told.words}. {told.tip}")
        self.state.set_colour("danger" if told.tone == "alarm" else "text")
        self._show_deletions(asks=asks_for_deletions(status))
        self.bar.setVisible(status.progress is not None)
        if status.progress is not None:
            self.bar.setRange(0, status.progress.total)
            self.bar.setValue(status.progress.done)

    def _show_deletions(self, *, asks: bool) -> None:
        if asks and self.gone.isHidden():
            self._sure = False
            self.gone.setText(self.tr("That is right: delete them here too…"))
        self.gone.setVisible(asks)

    def _accept_deletions(self) -> None:
        """Asked twice: what is deleted here comes back only from the server or a backup."""
        if self.line is None or self._busy:
            return
        if not self._sure:
            self._sure = True
            self.gone.setText(self.tr("Press again to delete them on this computer"))
            announce(self, self.gone.text(), urgent=True)
            return
        self.gone.hide()
        self._begin(self.tr("They are deleted with the next sync…"))
        self._errands.run(self.line.accept_deletions, lambda _done: self._end(), self._failed)

    # ------------------------------------------------------------------------------------- acts

    @property
    def wish(self) -> Wish:
        """What was typed."""
        return Wish(self.url.text().strip(), self.clinics.chosen, self.login.text().strip(), self.password.text())

    def _edited(self) -> None:
        self.says.hide()

    def _ready(self, *, all_of_it: bool) -> bool:
        """Whether enough was typed; else the field that is empty takes the keyboard."""
        needed = (self.url, self.login, self.password) if all_of_it else (self.url,)
        empty = next((field for field in needed if not field.text().strip()), None)
        if empty is None and all_of_it and self.clinics.missing:
            self._say(self.tr(_CHOOSE), "danger")
            self._to_clinics()
            return False
        if empty is None:
            return self.line is not None and not self._busy
        self._say(self.tr("Still empty: {0}.").format(empty.accessibleName()), "danger")
        empty.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def begin_test(self) -> None:
        """Go the way to the server and tell what is found; without a password as far as that goes."""
        if not self._ready(all_of_it=False) or self.line is None:
            return
        line, wish = self.line, self.wish
        self._begin(self.tr("Testing… each step takes a few seconds at most."))
        self._errands.run(lambda: line.test(wish), self.tested, self._failed)

    def tested(self, found: list[Finding]) -> None:
        """What a test found."""
        self._end()
        self.findings.show_findings(found)
        wrong = any(one.level == "error" for one in found)
        words = self.tr("The way to the server is free.") if not wrong else self.tr("This has to be mended first:")
        if not wrong and not self.password.text():
            words += " " + self.tr("With login and password the test goes on to what they may see.")
        if not self.standing.clinic:
            self.clinics.offer(next((one.clinics for one in found if one.clinics), ()))
        if self.clinics.missing:
            words += " " + self.tr(_CHOOSE)
        self._say(words, "danger" if wrong else "text")
        self._reveal(self.findings)
        if self.clinics.missing:
            self._to_clinics()
        announce(self, f"{words} {self.findings.spoken}", urgent=wrong)

    def connect_to(self) -> None:
        """Keep the address if it is another one, and sign in."""
        if not self._ready(all_of_it=True) or self.line is None:
            return
        line, wish = self.line, self.wish
        again = bool(self.standing.clinic) and wish.url == self.standing.url
        self._begin(self.tr("Signing in…"))

        def work() -> None:
            if again:
                line.sign_in(wish.login, wish.password)
            else:
                line.connect(wish)

        self._errands.run(work, lambda _done: self._signed_in(wish.login), self._not_connected)

    def _not_connected(self, error: HimsogError) -> None:
        if error.code != "usage":
            self._failed(error)
            return
        # The login works for several clinics: the test names them, and one is chosen here.
        self._end()
        self.begin_test()

    def _signed_in(self, login: str) -> None:
        self._end()
        self.password.clear()
        self.findings.show_findings(())
        self.context.messages.say(self.tr("Signed in as {0}.").format(login), topic="server")
        before = self.standing.signed_in
        if self._w.following is None or before[:1] != (login,):
            # Another clinic, another person: the screen begins anew, on the day. What is still coming the bar tells.
            self._w.reopen_asked.emit(TODAY)
            return
        self._w.following.look()
        self.arrive()

    def sign_out(self, login: str) -> None:
        """Forget a session here."""
        if self.line is None or self._busy:
            return
        line = self.line
        self._begin(self.tr("Signing out…"))
        self._errands.run(lambda: line.sign_out(login), lambda _done: self._signed_out(login), self._failed)

    def _signed_out(self, login: str) -> None:
        self._end()
        words = self.tr("{0} is signed out here. What was done and not sent yet waits for the next sign-in.")
        self.context.messages.say(words.format(login), topic="server")
        if self._w.following is not None:
            self._w.following.look()
        self.arrive()

    def _failed(self, error: HimsogError) -> None:
        self._end()
        self._say(error.message, "danger")
        announce(self, error.message, urgent=True)
        if error.code == "signed_out":
            self.password.selectAll()
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, words: str) -> None:
        self._busy = True
        self.findings.show_findings(())
        self._say(words, "muted")
        for made in (self.go, self.test):
            made.setEnabled(False)

    def _end(self) -> None:
        self._busy = False
        self.says.hide()
        for made in (self.go, self.test):
            made.setEnabled(True)

    def _say(self, words: str, colour: str) -> None:
        self.says.set_colour(colour)
        self.says.setText(words)
        self.says.show()
        self._reveal(self.says)

    def _to_clinics(self) -> None:
        self.clinics.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reveal(self.clinics)

    def _reveal(self, part: QWidget) -> None:
        """Bring it into view, once it has its place: large letters leave little room."""
        QTimer.singleShot(0, self.area, lambda: self.area.ensureWidgetVisible(part, 0, self.look.theme.metrics.l))

    # ------------------------------------------------------------------------------------- looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        m = self.look.theme.metrics
        air = m.l if self.width() < m.px(600) else m.xl
        side = max((self.width() - m.px(WIDEST)) // 2, air) if self.width() > m.px(WIDEST) + 8 * m.xl else air
        self._column.setContentsMargins(side, m.xl, side, m.xl)
