"""The composition root of the window: what stands where, and in which order it starts.

The order is the point (design, section 6): before the first paint only what it shows is imported and made,
today's page is read by the thread of the screen in a millisecond or two, and everything else (the worker,
SQLAlchemy, the follower, the search, the panels) begins when the day is on the screen. Only this module knows
concrete classes.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import BadInput, HimsogError, NoAccess, Surroundings
from himsog_desktop.system import vault
from himsog_desktop.system.clock import system_clock
from himsog_desktop.system.paths import has_profile, profile_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QApplication

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.people import Staff
    from himsog_desktop.ports import Clock
    from himsog_desktop.runtime.follower import Follower, Listener
    from himsog_desktop.runtime.worker import Worker
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.system.crash import CrashGuard
    from himsog_desktop.system.settings import Settings
    from himsog_desktop.system.single import OneWindow
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.shell.gates import NewClinic
    from himsog_desktop.ui.shell.panels import PanelFactory
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.session import Made

USAGE = (
    "usage: himsog-desktop [--profile DIR] [--demo [--scale N]] [--screenshot-tour DIR] [--smoke] [--offline]"
    " [--bench NAME]\n"
)
PASSPHRASE = "HIMSOG_PASSPHRASE"
INITIATOR = "window"


class Options(NamedTuple):
    """The command line (contract, "Programs")."""

    profile: str | None = None
    demo: bool = False
    scale: int = 1
    tour: str | None = None
    smoke: bool = False
    offline: bool = False
    bench: str | None = None
    help: bool = False


_VALUES = {"--profile": "profile", "--scale": "scale", "--screenshot-tour": "tour", "--bench": "bench"}
_FLAGS = {"--demo": "demo", "--smoke": "smoke", "--offline": "offline", "--help": "help", "-h": "help"}


def parse(argv: Sequence[str]) -> Options:
    """Read the command line by hand: a library for it costs more than the first paint of the day.

    Raises BadInput.
    """
    found: dict[str, object] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word in _FLAGS:
            found[_FLAGS[word]] = True
        elif name in _VALUES:
            if not equals:
                if not rest:
                    raise BadInput("usage", f"{name} needs a value.")
                value = rest.pop(0)
            if name == "--scale" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 1_000_000):
                raise BadInput("usage", "--scale needs a whole number from 1 to 1000000.")
            found[_VALUES[name]] = int(value) if name == "--scale" else value
        else:
            raise BadInput("usage", f"What is {word[:40]!r}? himsog-desktop --help lists what there is.")
    return Options(**found)  # type: ignore[arg-type]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit code of the contract."""
    try:
        options = parse(sys.argv[1:] if argv is None else argv)
        if options.help:
            sys.stdout.write(USAGE)
            return 0
        if options.bench is not None:
            from himsog_desktop.ui.bench import main as bench

            return bench(options.bench, profile_folder(options.profile))
        if options.tour is not None:
            from himsog_desktop.ui.tour import main as tour

            return tour(Path(options.tour))
        return run(options)
    except HimsogError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code


def run(
    options: Options,
    *,
    key: bytes | None = None,
    started: Callable[[Program, QApplication], None] | None = None,
) -> int:
    """Open the window and stay until it closes.

    ``key`` is for who has it in hand already (bench). ``started`` is called once the window exists,
    before it is shown. Raises HimsogError when there can't be a window.
    """
    gc.disable()
    clock = system_clock()
    house = Doors(options, clock)
    trouble: HimsogError | None = None
    if not house.claim():
        return 0
    try:
        if key is None:
            key, trouble = house.key_in_hand()
        app = application()
        program = compose(app, house, key, trouble)
        if started is not None:
            started(program, app)
        if options.smoke:
            _leave_when_settled(program, app)
        program.window.show()
        try:
            return app.exec()
        finally:
            program.close_session()
    finally:
        house.close()


def application() -> QApplication:
    """The one QApplication, quiet on standard error."""
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    # Qt's chatter is for developers: tests fail on it, a clinic's terminal stays clean.
    qInstallMessageHandler(lambda _kind, _context, _text: None)
    QApplication.setApplicationName("himsog-desktop")
    QApplication.setApplicationDisplayName("")
    QApplication.setDesktopFileName("himsog-desktop")
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    return app


def compose(app: QApplication, house: Doors, key: bytes | None, trouble: HimsogError | None) -> Program:
    """The window with its first page, not shown yet."""
    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.theme.system import ThemeSource

    look = ThemeSource(app)
    look.apply()
    program = Program(look, house)
    house.guard.install()
    geometry = house.settings().geometry
    if geometry is not None:
        from himsog_desktop.ui.shell.window import Place

        program.window.restore(Place(*geometry))

    def after_paint() -> None:
        # What lives now lives to the end: later collections needn't look at it again.
        gc.freeze()
        gc.enable()
        gc.set_threshold(20_000, 20, 50)
        house.listen(program)
        _follow_signals(app)

    def closing() -> None:
        house.keep_place(program)
        app.quit()

    program.window.painted.connect(after_paint)
    program.window.closing.connect(closing)
    program.begin(key, trouble)
    return program


def _leave_when_settled(program: Program, app: QApplication) -> None:
    """``--smoke``: quit when the first page is there, alive and idle."""
    from PySide6.QtCore import QTimer

    def leave() -> None:
        backend = program.backend
        waiting = (backend is not None and backend.busy) or (program.house.demo and program.session is None)
        QTimer.singleShot(20, leave if waiting else lambda: (program.window.close(), app.quit()))

    program.window.painted.connect(lambda: QTimer.singleShot(0, leave))


def _follow_signals(app: QApplication) -> None:
    """Ctrl+C and a polite kill close the window as its button does."""
    import signal

    from PySide6.QtCore import QSocketNotifier, QTimer

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: app.quit())
    if sys.platform == "win32":
        # Python looks at signals only when it runs: let it run now and then.
        timer = QTimer(app)
        timer.timeout.connect(lambda: None)
        timer.start(300)
        return
    near, far = os.pipe()
    for handle in (near, far):
        os.set_blocking(handle, False)
    signal.set_wakeup_fd(far, warn_on_full_buffer=False)
    notifier = QSocketNotifier(near, QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: os.read(near, 64))


class Doors:
    """One profile's folder from outside: ``ui.shell.session.House``."""

    def __init__(self, options: Options, clock: Clock) -> None:
        from himsog_desktop.system.crash import CrashGuard
        from himsog_desktop.system.logs import open_log

        self.demo = options.demo
        self.scale = options.scale
        self.clock = clock
        self._passphrase = os.environ.get(PASSPHRASE) or None
        self._thrown_away: Path | None = None
        if options.demo:
            import tempfile

            self._thrown_away = Path(tempfile.mkdtemp(prefix="himsog-demo-"))
        self.folder = self._thrown_away / "profile" if self._thrown_away else profile_folder(options.profile)
        self.session: OpenSession | None = None
        self._one: OneWindow | None = None
        self._listener: Listener | None = None
        self._worker: Worker | None = None
        self._tell: Callable[[str], None] | None = None
        self.guard: CrashGuard = CrashGuard(open_log(self.folder), self._bug)

    # ------------------------------------------------------------------------------ before Qt

    def claim(self) -> bool:
        """Be the one window of this profile; False when there is one, which comes to the front."""
        if self.demo or not has_profile(self.folder):
            return True
        from himsog_desktop.system.single import OneWindow

        self._one = OneWindow(self.folder)
        try:
            return self._one.claim()
        except OSError:
            raise Surroundings("disk", f"The profile's folder can't be written: {self.folder}") from None

    def key_in_hand(self) -> tuple[bytes | None, HimsogError | None]:
        """The key, if it can be had without asking anybody; else why not.

        Raises NoAccess when what was given in the environment is wrong: a script must be told.
        """
        if self.demo or not has_profile(self.folder):
            return None, None
        try:
            return vault.unlock(self.folder, self._passphrase), None
        except NoAccess as error:
            if self._passphrase or error.code == "schema_newer":
                raise
            return None, error

    def settings(self) -> Settings:
        """What the person set for this window."""
        from himsog_desktop.system.settings import SettingsFile

        return SettingsFile(self.folder).load()[0]

    # ------------------------------------------------------------------------- House, quick

    def has_profile(self) -> bool:
        """See ``House``."""
        return has_profile(self.folder)

    def needs_words(self) -> bool:
        """See ``House``."""
        return "keyring" not in vault.kinds(self.folder)

    def has_keyring(self) -> bool:
        """See ``House``."""
        from himsog_desktop.system import oskeyring

        return oskeyring.usable_backend() is not None

    def open(self, key: bytes) -> OpenSession:
        """See ``House``."""
        self.session = OpenSession(self, key)
        return self.session

    def worker(self) -> Worker:
        """See ``House``."""
        if self._worker is None:
            from himsog_desktop.runtime.worker import Worker

            self._worker = Worker("chores", self.report)
        return self._worker

    def report(self, error: BaseException) -> None:
        """See ``House``."""
        self.guard.report(error)

    # -------------------------------------------------------------------------- House, slow

    def unlock(self, words: str) -> bytes:
        """See ``House``."""
        return vault.unlock(self.folder, words or None)

    def create(self, wanted: NewClinic) -> Made:
        """See ``House``."""
        from himsog_desktop.services import profiles, setup
        from himsog_desktop.ui.shell.session import Made

        new = profiles.NewProfile(wanted.name, wanted.timezone)
        made = profiles.create(self.folder, new, self.clock, wanted.passphrase or None)
        key = vault.unlock(self.folder, wanted.passphrase or None)
        desk = profiles.open_desk(self.folder, key, self.clock, initiator=INITIATOR)
        with desk.cache:
            setup.apply(desk, _first_setup(wanted.providers))
        return Made(key, made.recovery_key)

    def create_demo(self, progress: Callable[[int, int], None]) -> bytes:
        """See ``House``."""
        import secrets
        import tempfile

        from himsog_desktop.services import demo

        if self._thrown_away is None:
            self._thrown_away = Path(tempfile.mkdtemp(prefix="himsog-demo-"))
            self.folder = self._thrown_away / "profile"
        self.demo = True
        words = secrets.token_urlsafe(24)
        demo.create_demo(self.folder, self.clock, words, self.scale, progress=progress)
        self._passphrase = words
        return vault.unlock(self.folder, words)

    # ------------------------------------------------------------------------------- living

    def listen(self, program: Program) -> None:
        """Hear when the program is started again, and say faults of ours in the window."""
        from himsog_desktop.ui.shell.ear import Ear

        self._tell = Ear(program).said.emit
        if self._one is not None:
            from himsog_desktop.runtime.follower import Listener

            nudges = self._one.listen()
            self._listener = Listener(nudges.receive, nudges.close, self._heard, failed=self.report, name="ear")
            self._listener.start()

    def _heard(self, word: str) -> None:
        if word == "raise" and self._tell is not None:
            self._tell(word)
        elif word == "changed" and self.session is not None:
            self.session.look()

    def keep_place(self, program: Program) -> None:
        """Remember where the window stands."""
        if program.session is None or self.demo:
            return
        from himsog_desktop.system.settings import Geometry, SettingsFile

        file = SettingsFile(self.folder)
        place = program.window.place()
        file.save(file.load()[0]._replace(geometry=Geometry(*place)))

    def close(self) -> None:
        """See ``House``."""
        self._tell = None
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        self.guard.remove()
        if self._one is not None:
            self._one.release()
        if self._thrown_away is not None:
            import shutil

            shutil.rmtree(self._thrown_away, ignore_errors=True)
            self._thrown_away = None

    def _bug(self, _error: BaseException) -> None:
        if self._tell is not None:
            self._tell("bug")
        elif sys.stderr is not None:
            from himsog_desktop.system.crash import SORRY

            sys.stderr.write(f"{SORRY}\n")


class OpenSession:
    """An open profile: ``ui.shell.session.Session``. Made in a few milliseconds, brought alive by ``start``."""

    def __init__(self, doors: Doors, key: bytes) -> None:
        from himsog_desktop.domain.people import Role
        from himsog_desktop.services.day import day_page
        from himsog_desktop.storage import load
        from himsog_desktop.storage.cache import Cache
        from himsog_desktop.system.settings import SettingsFile
        from himsog_desktop.ui.shell.prefs import Prefs, PrefsStore
        from himsog_desktop.ui.shell.session import Opened

        self.initiator = INITIATOR
        self._doors = doors
        self._key = key
        self._cache = Cache(doors.folder, key)
        self._worker: Worker | None = None
        self._follower: Follower | None = None
        self._backend: Backend | None = None
        self._file = SettingsFile(doors.folder)
        kept, self.complaint = self._file.load()
        self.prefs = PrefsStore(
            Prefs(kept.theme, kept.scale, bool(kept.hour12), kept.zoom, kept.narrow, kept.hidden, kept.order),
            self._keep,
        )
        try:
            zone = self._cache.zone
            today = zone.date_of(doors.clock.now())
            staff = [s for s in load.staff(self._cache.reader) if s.active]
            person = _who(staff)
            # Whoever may not see every column gets her page from the worker, which knows the rights.
            at_once = person is not None and person.role in (Role.MANAGER, Role.RECEPTIONIST, Role.READ_ONLY)
            page = day_page(self._cache, today, kept.hidden, kept.order) if at_once else None
        except BaseException:
            self._cache.close()
            raise
        name = person.name if person is not None else ""
        self.opened = Opened(self._cache.clinic.name, name, zone, doors.clock, today, page)

    def start(self) -> Backend:
        """See ``Session``."""
        from himsog_desktop.runtime.follower import Follower
        from himsog_desktop.runtime.worker import Worker
        from himsog_desktop.ui.bridge import Backend

        report = self._doors.report
        self._worker = Worker("cache", report)
        self._backend = Backend(self._worker, self._desk, self._desk_here, nudge=self.look, report=report)
        watch = Watch(self._doors.folder, self._key)
        self._follower = Follower(watch.poll, self._backend.written, failed=report, closing=watch.close)
        self._follower.start()
        return self._backend

    def look(self) -> None:
        """Something was written: look at once. From any thread."""
        if self._follower is not None:
            self._follower.nudge()

    def panels(self) -> PanelFactory:
        """See ``Session``."""
        from himsog_desktop.ui.appointments.factory import Appointments

        return Appointments()

    def read_day(self, desk: Desk, day: date) -> DayPage:
        """See ``Session``."""
        from himsog_desktop.services.day import day_page
        from himsog_desktop.services.reach import seen_providers

        prefs = self.prefs.now
        only = seen_providers(desk)
        page = day_page(desk.cache, day, prefs.hidden, prefs.order)
        if only is None:
            return page
        return page._replace(
            columns=tuple(c for c in page.columns if c.id in only),
            tiles=tuple(t for t in page.tiles if t.provider_id in only),
        )

    def close(self) -> None:
        """See ``Session``."""
        if self._backend is not None:
            self._backend.close()
        if self._follower is not None:
            self._follower.stop()
        if self._worker is not None:
            self._worker.stop()
        if self._backend is not None:
            self._backend.deleteLater()
        self._backend = self._worker = self._follower = None
        self._cache.close()
        self._key = b""

    def _desk(self) -> Desk:
        from himsog_desktop.services import profiles

        return profiles.open_desk(self._doors.folder, self._key, self._doors.clock, initiator=INITIATOR)

    def _desk_here(self) -> Desk:
        from himsog_desktop.services import profiles
        from himsog_desktop.services.desk import Desk

        staff = profiles.signed_in(self._cache.reader, None)
        return Desk(self._cache, self._doors.clock, staff, profiles.device_name(self._cache), INITIATOR)

    def _keep(self, prefs: Prefs) -> None:
        if self._doors.demo:
            return
        kept, _ = self._file.load()
        changed = kept._replace(
            theme=prefs.scheme,
            scale=prefs.scale,
            hour12=prefs.hour12,
            zoom=prefs.zoom,
            narrow=prefs.narrow,
            hidden=prefs.hidden,
            order=prefs.order,
        )
        self._file.save(changed)


class Watch:
    """The follower's own connection, used on its thread alone."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key
        self._cache: Cache | None = None

    def poll(self) -> ChangeSet | None:
        """What was written since the last call.

        The first look says "everything": between the first paint and now somebody may have written.
        """
        from himsog_desktop.domain.changes import ChangeSet
        from himsog_desktop.storage.cache import Cache

        if self._cache is None:
            self._cache = Cache(self._folder, self._key)
            self._cache.poll()
            return ChangeSet(everything=True, initiator=INITIATOR)
        return self._cache.poll()

    def close(self) -> None:
        """Close it."""
        if self._cache is not None:
            self._cache.close()


def _who(staff: list[Staff]) -> Staff | None:
    """Who sits here, as ``profiles.signed_in`` decides; None when it is for that to say."""
    if len(staff) == 1:
        return staff[0]
    return next((s for s in staff if s.login == "owner"), None)


def _first_setup(providers: tuple[str, ...]) -> dict[str, object]:
    """Monday to Friday from 8 to 5 with an hour at noon: a beginning, to be changed in the set-up."""
    days = ["mon", "tue", "wed", "thu", "fri"]
    hours = [{"day": days, "start": "08:00", "end": "17:00"}]
    breaks = [{"name": "Lunch", "day": days, "start": "12:00", "end": "13:00"}]
    return {
        "providers": [
            {"key": f"provider-{i}", "name": name, "slot_minutes": 30, "hours": hours, "breaks": breaks}
            for i, name in enumerate(providers, 1)
        ]
    }
