"""The composition root of the window: what stands where, and in which order it starts.

The order is the point (design, section 6): before the first paint only what it shows is imported and made,
today's page is read by the thread of the screen in a millisecond or two, and everything else (the worker,
SQLAlchemy, the follower, the search, the panels) begins when the day is on the screen. Only this module knows
concrete classes: ``options`` reads the command line, ``doors`` is a profile's folder seen from outside,
``session`` an open profile.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.bootstrap.options import USAGE, Options, parse
from himsog_desktop.domain.errors import Fault, HimsogError, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QApplication

    from himsog_desktop.bootstrap.doors import Doors
    from himsog_desktop.ui.shell.program import Program

SORRY = "Something went wrong on our side. Nothing that was saved is lost; the log says where."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit code of the contract."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--run-agent"]:
        # The frozen program is its own agent (``runtime.agent``).
        from himsog_desktop.services import agent

        return agent.main(arguments[1:])
    try:
        options = parse(arguments)
        if options.help:
            sys.stdout.write(USAGE)
            return 0
        if options.bench is not None:
            return measure(options, options.bench)
        if options.tour is not None:
            from himsog_desktop.bootstrap.tour import tour

            return tour(Path(options.tour))
        return run(options)
    except HimsogError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code


def measure(options: Options, name: str) -> int:
    """``--bench``: run with the key in hand, and let the figure be taken."""
    import time

    gc.disable()
    from himsog_desktop.runtime import standstill

    standstill.watch()
    # The measuring hand brings Qt in earlier than the program does: it must not slow what follows.
    from himsog_desktop.bootstrap.quick import import_qt
    from himsog_desktop.system.paths import profile_folder

    import_qt()
    from himsog_desktop.ui.bench.run import Run

    # What only opens the vault is opening the vault: with the key in hand none of it is loaded.
    began = time.monotonic_ns()
    from himsog_desktop.system import vault

    key = vault.unlock(profile_folder(options.profile), os.environ.get("HIMSOG_PASSPHRASE"))
    taken = Run(name, time.monotonic_ns() - began)
    run(options, key=key, started=taken.attach)
    if not taken.begun:
        raise Surroundings("busy", "Another window has this profile open: nothing was measured.")
    return 1 if taken.failed else 0


def run(
    options: Options,
    *,
    key: bytes | None = None,
    started: Callable[[Program, QApplication], None] | None = None,
) -> int:
    """Open the window and stay until it closes.

    ``key`` is for who has it in hand already (bench). ``started`` is called once the window exists, empty
    and not shown: what it connects to ``window.painted`` comes before everything that waits for that.
    Raises HimsogError when there can't be a window.
    """
    # The worker hands the interpreter back after a millisecond, not five: a key waits no longer for it.
    sys.setswitchinterval(0.001)
    gc.disable()  # before the imports: nothing that they make is ever rubbish
    from himsog_desktop.bootstrap.doors import Doors
    from himsog_desktop.system.clock import system_clock

    clock = system_clock()
    house = Doors(options, clock)
    trouble: HimsogError | None = None
    if not house.claim():
        return 0
    try:
        if key is None:
            key, trouble = house.key_in_hand()
        app = application()
        program = compose(app, house)
        if started is not None:
            started(program, app)
        bring_alive(app, house, program)
        program.begin(key, trouble)
        if options.smoke:
            _leave_when_settled(program, app)
        program.window.show()
        try:
            return app.exec()
        finally:
            program.close_session()
    except HimsogError:
        raise
    except Exception as error:  # a fault of ours before there is a window that could say so
        house.report(error)
        raise Fault("internal", SORRY) from error
    finally:
        house.close()


def application() -> QApplication:
    """The one QApplication, quiet on standard error."""
    from himsog_desktop.bootstrap.quick import import_qt

    import_qt()
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    # Qt's chatter is for developers: tests fail on it, a clinic's terminal stays clean.
    qInstallMessageHandler(lambda _kind, _context, _text: None)
    QApplication.setApplicationName("himsog-desktop")
    QApplication.setApplicationDisplayName("")
    QApplication.setDesktopFileName("himsog-desktop")
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setQuitOnLastWindowClosed(False)
    return app


def compose(app: QApplication, house: Doors) -> Program:
    """The window, empty and not shown yet."""
    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.theme.system import ThemeSource

    look = ThemeSource(app, quick=True)
    look.apply()
    program = Program(look, house)
    geometry = house.settings().geometry
    if geometry is not None:
        from himsog_desktop.ui.shell.window import Place

        program.window.restore(Place(*geometry))
    return program


def bring_alive(app: QApplication, house: Doors, program: Program) -> None:
    """What begins with the first paint, and what happens when the window closes."""

    def after_paint() -> None:
        # What lives now lives to the end: later collections needn't look at it again.
        gc.freeze()
        gc.enable()
        gc.set_threshold(20_000, 20, 50)
        house.guard.install()
        program.look.settle()
        house.listen(program)
        _follow_signals(app, program)

    def closing() -> None:
        house.keep_place(program)
        app.quit()

    program.window.painted.connect(after_paint)
    program.window.closing.connect(closing)


def _leave_when_settled(program: Program, app: QApplication) -> None:
    """``--smoke``: quit when the first page is there, alive and idle."""
    from PySide6.QtCore import QTimer

    def leave() -> None:
        backend = program.backend
        waiting = (backend is not None and backend.busy) or (program.house.demo and program.session is None)
        QTimer.singleShot(20, leave if waiting else lambda: (program.window.close(), app.quit()))

    program.window.painted.connect(lambda: QTimer.singleShot(0, leave))


def _follow_signals(app: QApplication, program: Program) -> None:
    """Ctrl+C and a polite kill close the window as its button does."""
    import signal

    from PySide6.QtCore import QSocketNotifier, QTimer

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: program.window.close())
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
