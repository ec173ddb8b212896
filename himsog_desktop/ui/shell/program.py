"""From closed to open and back: which page the window shows, and what leads from one to the next.

Locked, first start, the demo being made, trouble: gates. An open profile: the workspace. Slow things run on
the worker; the window stays alive and says what it is doing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.errors import HimsogError, NoAccess
from himsog_desktop.ui.shell.pages import CONNECTION
from himsog_desktop.ui.shell.window import MainWindow
from himsog_desktop.ui.shell.workspace import Workspace

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend, Errands
    from himsog_desktop.ui.shell.gates import NewClinic
    from himsog_desktop.ui.shell.opened import Made
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import House, Session
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.tokens import Scheme

WARM_AFTER_MS = 1_200
"""How long after its start a session loads what it will need; the person looks at her day first."""


class Program(QObject):
    """The window and what is open in it."""

    opened = Signal(object)
    """The ``Backend`` of a session that has started."""

    def __init__(self, look: ThemeSource, house: House, parent: QObject | None = None) -> None:
        """``look`` follows the system until a session's settings say otherwise."""
        super().__init__(parent)
        self.look = look
        self.house = house
        self.window = MainWindow(look)
        self.session: Session | None = None
        self._errands: Errands | None = None
        self._started = False
        self._clinic = ""
        self._to_server = False
        """Whether the profile that is being made is for a server."""
        self._chosen: tuple[str | None, float | None, bool | None, bool | None] = (None, None, None, None)

    @property
    def backend(self) -> Backend | None:
        """The way to services of the open session, once it has started."""
        workspace = self.window.workspace
        return None if workspace is None or workspace.context is None else workspace.context.backend

    # ------------------------------------------------------------------------------ the ways in

    def begin(self, key: bytes | None, trouble: HimsogError | None = None) -> None:
        """What the window shows first: today with a key, else the gate that leads to one."""
        self.window.painted.connect(self._painted)
        if key is not None:
            self.open(key)
        elif self.house.demo:
            self._build_demo()
        elif not self.house.has_profile():
            self._welcome()
        else:
            self.lock_gate(trouble)

    def open(self, key: bytes) -> None:
        """Open the profile and show today."""
        try:
            self.session = self.house.open(key)
        except HimsogError as error:
            self._trouble(error, key)
            return
        self._show(self.session)

    def reopen(self, page: str = CONNECTION) -> None:
        """The session begins anew, on that page: the clinic, its server or who sits here is another."""
        session = self.session
        if session is None:
            return
        self._leave(session)
        try:
            self.session = session.again()
        except HimsogError as error:
            self.session = None
            self.lock_gate(error)
            return
        self._show(self.session)
        workspace = self.window.workspace
        if workspace is not None and workspace.context is not None:
            workspace.open_page(page)

    def _show(self, session: Session) -> None:
        opened = session.opened
        self._clinic = opened.clinic
        self._take_prefs(session.prefs.now)
        workspace = Workspace(self.look, session)
        workspace.reopen_asked.connect(self.reopen)
        workspace.lock_asked.connect(self.lock)
        workspace.scheme_asked.connect(self._choose_scheme)
        session.prefs.changed.connect(self._prefs_changed)
        self.window.show_workspace(workspace, opened.clinic)
        # Else Qt gives the keyboard to the first field of the window, the search, when it becomes active.
        workspace.take_keyboard()
        if self._started:
            self._start_session()

    def lock(self) -> None:
        """Hide everything, close the files, forget the key."""
        self.close_session()
        self.lock_gate(None)

    def close_session(self) -> None:
        """Stop the worker, then close what it used."""
        session, self.session = self.session, None
        if session is not None:
            self._leave(session)
            session.close()

    def _leave(self, session: Session) -> None:
        """What the window kept of a session is written down."""
        session.prefs.flush()
        workspace = self.window.workspace
        if workspace is not None and workspace.context is not None:
            workspace.context.messages.clear()
        if workspace is not None and workspace.monitor is not None:
            workspace.monitor.listen(on=False)
            session.keep_speeds(workspace.monitor.take())
        if workspace is not None and workspace.host.panel is not None:
            # What is half typed is kept before nobody takes work any more.
            workspace.host.panel.may_close()

    def _painted(self) -> None:
        """After the first paint: everything that could wait."""
        self._started = True
        self.window.add_shortcuts()
        self._start_session()

    def _start_session(self) -> None:
        workspace = self.window.workspace
        if self.session is not None and workspace is not None:
            backend = workspace.start()
            self.window.set_keys(self.session.prefs.now.keys)
            if self.session.complaint:
                workspace.messages.say(self.session.complaint, error=True)
            QTimer.singleShot(WARM_AFTER_MS, self, self._warm)
            QTimer.singleShot(WARM_AFTER_MS, workspace, workspace.measure)
            self.opened.emit(backend)
            if self._to_server:
                self._to_server = False
                workspace.open_page(CONNECTION)

    def _warm(self) -> None:
        """While nobody asks for anything: load what the first booking needs, so that it opens at once."""
        backend, session = self.backend, self.session
        if backend is None or session is None:
            return

        def load(_desk: Desk) -> None:
            from himsog_desktop.services import booking, openslots, panels, states, undoing  # noqa: F401

        def loaded(_answer: None) -> None:
            if self.session is session:
                session.panels()

        backend.read(load, loaded, owner=self, background=True)

    # -------------------------------------------------------------------------------- gates

    def lock_gate(self, trouble: HimsogError | None) -> None:
        """Ask for the passphrase, or for Enter when the keyring has the key."""
        from himsog_desktop.ui.shell.gates import Unlock

        needs_words = self.house.needs_words() or trouble is not None
        gate = Unlock(self.look, self._clinic, needs_words=needs_words)
        gate.tried.connect(lambda words: self._unlock(gate, words))
        self.window.show_gate(gate)
        if trouble is not None and trouble.code != "locked":
            gate.wrong(trouble.message)

    def _unlock(self, gate: object, words: str) -> None:
        from himsog_desktop.ui.shell.gates import Unlock

        assert isinstance(gate, Unlock)

        def failed(error: HimsogError) -> None:
            if self.window.gate is gate:
                gate.wrong(error.message)

        self._run().run(lambda: self.house.unlock(words), self.open, failed)

    def _welcome(self) -> None:
        from himsog_desktop.ui.shell.gates import FirstRun

        gate = FirstRun(self.look, keyring=self.house.has_keyring())

        def failed(error: HimsogError) -> None:
            gate.set_busy(False)
            gate.say_trouble(error.message)
            gate.focus_first()

        def make(wanted: NewClinic) -> None:
            self._to_server = not wanted.name
            self._run().run(lambda: self.house.create(wanted), self._made, failed)

        gate.made.connect(make)
        gate.server_asked.connect(make)
        gate.demo_asked.connect(self._build_demo)
        self.window.show_gate(gate)

    def _made(self, made: Made) -> None:
        from himsog_desktop.ui.shell.gates import RecoveryKey

        gate = RecoveryKey(self.look, made.recovery_key)
        gate.accepted.connect(lambda: self.open(made.key))
        self.window.show_gate(gate)

    def _build_demo(self) -> None:
        from himsog_desktop.ui.shell.gates import Building

        words = self.tr(
            "Patients and appointments that nobody ever had. All of it is thrown away when you close the window."
        )
        gate = Building(self.look, self.tr("Making the demo clinic"), words)
        self.window.show_gate(gate)
        errands = self._run()
        errands.progress.connect(gate.show_progress)

        def failed(error: HimsogError) -> None:
            gate.bar.hide()
            gate.say_trouble(error.message)

        errands.run(lambda: self.house.create_demo(errands.progress.emit), self.open, failed)

    def _trouble(self, error: HimsogError, key: bytes) -> None:
        from himsog_desktop.ui.shell.gates import Trouble

        if isinstance(error, NoAccess) and error.code == "wrong_key":
            self.lock_gate(error)
            return
        gate = Trouble(self.look, error.message)
        gate.retried.connect(lambda: self.open(key))
        self.window.show_gate(gate)

    def _run(self) -> Errands:
        if self._errands is None:
            from himsog_desktop.ui.bridge import Errands

            self._errands = Errands(self.house.worker(), self.house.report, self)
        return self._errands

    # --------------------------------------------------------------------------------- looks

    def _choose_scheme(self, scheme: object) -> None:
        if self.session is not None:
            chosen = scheme if isinstance(scheme, str) else None
            self.session.prefs.set(self.session.prefs.now._replace(scheme=chosen))

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if look_of(new) != look_of(old):
            self._take_prefs(new)
        if new.keys != old.keys:
            self.window.set_keys(new.keys)

    def _take_prefs(self, prefs: Prefs) -> None:
        wanted = look_of(prefs)
        if wanted != self._chosen:
            self._chosen = wanted
            scheme: Scheme | None = "light" if wanted[0] == "light" else "dark" if wanted[0] == "dark" else None
            self.look.choose(scheme, wanted[1], contrast=wanted[2], still=wanted[3])


def look_of(prefs: Prefs) -> tuple[str | None, float | None, bool | None, bool | None]:
    """What of a person's settings is the look: scheme, size of text, contrast, motion."""
    return prefs.scheme, prefs.scale, prefs.contrast, prefs.still
