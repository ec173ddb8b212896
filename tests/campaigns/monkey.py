"""Hands on all keys at once: random gestures and keys over every face and page, while another process books.

    python -m tests.campaigns.monkey                             10,000 gestures
    python -m tests.campaigns.monkey --gestures 2000 --seed 7    as the same seed did before

The real window on a small demo clinic, without a screen. Afterwards: no exception, no warning of Qt, no line in
the log, ``doctor`` finds nothing, and what history says of every appointment is what is stored. Prints what went
wrong with the steps that led to it; exit 1 if anything did.

Long because a monkey has many hands, and whoever watches it many eyes.
"""

from __future__ import annotations

import argparse
import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Protocol

from himsog_desktop.domain.commands import Book, Move, NewPatient, SetStatus
from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.time import parse_instant

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.workspace import Workspace

NOW = "2026-11-20T10:10:00+08:00"
PASSPHRASE = "a demo for tests"
IGNORED = ("This plugin does not support", "QFont::setPixelSize")
"""What the offscreen platform can't do."""
WORDS = ("rey", "check", "tue 3p", "0917", "san", "30m", "<b>x", "24 nov", "'; DROP TABLE", ">", "week")
MOST_WRONG = 8


class Bench(Protocol):
    """Whom the monkey sits at: ``tests.ui.conftest.Seat`` keeps it."""

    folder: Path
    program: Program

    @property
    def workspace(self) -> Workspace: ...
    def focus(self) -> QWidget: ...
    def settle(self) -> None: ...
    def wait(self, what: Callable[[], object], timeout: int = 3000) -> None: ...


class Monkey:
    """Presses whatever is there. Quitting alone it leaves: the window would be gone."""

    def __init__(self, seat: Bench, seed: int) -> None:
        from PySide6.QtCore import Qt

        self.seat = seat
        self.any = Random(seed)
        self.done: list[str] = []
        self._tamed: Workspace | None = None
        key, none = Qt.Key, Qt.KeyboardModifier.NoModifier
        self._alt = Qt.KeyboardModifier.AltModifier
        self._control = Qt.KeyboardModifier.ControlModifier
        self._keys = [
            *[key.Key_Up, key.Key_Down, key.Key_Left, key.Key_Right] * 5,
            *[key.Key_Return] * 6,
            *[key.Key_Escape, key.Key_Tab, key.Key_Space] * 3,
            *[Qt.Key(code) for code in range(key.Key_A.value, key.Key_Z.value + 1)],
            *[Qt.Key(code) for code in range(key.Key_F1.value, key.Key_F12.value + 1)],
            *[key.Key_R, key.Key_B, key.Key_W, key.Key_M, key.Key_D, key.Key_A],
            *[key.Key_1, key.Key_2, key.Key_3, key.Key_4, key.Key_Slash, key.Key_Plus, key.Key_Minus],
            *[key.Key_BracketLeft, key.Key_BracketRight, key.Key_Home, key.Key_End, key.Key_PageDown, key.Key_PageUp],
            *[key.Key_Delete, key.Key_Backspace, key.Key_Menu],
        ]
        self._modifiers = [*[none] * 9, Qt.KeyboardModifier.ShiftModifier, self._control, self._alt]
        self._none, self._left, self._right = none, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton

    def target(self) -> QWidget:
        """Who has the keyboard."""
        from PySide6.QtWidgets import QApplication

        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.seat.focus()

    def step(self) -> None:
        """One thing."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        seat = self.seat
        if seat.program.window.workspace is None:
            self.unlock()
            return
        if seat.program.window.workspace is not self._tamed:
            self._tamed = seat.program.window.workspace
            self._tamed.quit_asked.disconnect()
        acts: tuple[Callable[[], str], ...] = (self.key, self.words, self.click, self.drag, self.carry, self.anywhere)
        act = self.any.choices((*acts, self.wheel, self.face), (58, 8, 8, 10, 4, 5, 4, 3))[0]
        self.done.append("about to " + act.__name__)
        self.done[-1] = act()
        QApplication.processEvents()
        if self.any.random() < 0.1:
            QTest.qWait(self.any.randrange(50))

    def unlock(self) -> None:
        """Back in, with the words that open it."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        seat = self.seat
        QTest.keyClicks(seat.focus(), PASSPHRASE)
        QTest.keyClick(seat.focus(), Qt.Key.Key_Return)
        seat.wait(lambda: seat.program.window.workspace is not None, timeout=20_000)
        seat.settle()
        self.done.append("unlocked")

    def rest(self) -> None:
        """Hands off: menus and dialogs close, a lock is opened, the worker gets to its end."""
        from PySide6.QtWidgets import QApplication

        while (popup := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
            popup.close()
            QApplication.processEvents()
        if self.seat.program.window.workspace is None:
            self.unlock()
        self.seat.settle()

    # --------------------------------------------------------------------------------- hands

    def key(self) -> str:
        """Any key, mostly plain."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        key, modifier = self.any.choice(self._keys), self.any.choice(self._modifiers)
        if (modifier == self._control and key == Qt.Key.Key_Q) or (modifier == self._alt and key == Qt.Key.Key_F4):
            return "left alone"
        QTest.keyClick(self.target(), key, modifier)
        return f"{modifier.name} {key.name}"

    def words(self) -> str:
        """Something typed."""
        from PySide6.QtTest import QTest

        word = self.any.choice(WORDS)
        QTest.keyClicks(self.target(), word)
        return f"typed {word}"

    def face(self) -> str:
        """Another face or page."""
        from himsog_desktop.ui.shell.pages import FACES, MAKERS

        page = self.any.choice([*(face.page for face in FACES), *MAKERS])
        workspace = self.seat.workspace
        if any(face.page == page for face in FACES):
            workspace.show_face(page)
        elif page != "print":
            workspace.open_page(page)
        return f"page {page}"

    def grid(self) -> QWidget:
        """What is painted in the page in view."""
        page = self.seat.workspace.pages.currentWidget()
        view = getattr(page, "view", None)
        viewport = getattr(view, "viewport", None)
        return viewport() if callable(viewport) else view if view is not None else page  # type: ignore[no-any-return]

    def place(self, widget: QWidget) -> QPoint:
        """Anywhere on it."""
        from PySide6.QtCore import QPoint

        return QPoint(self.any.randrange(max(widget.width(), 1)), self.any.randrange(max(widget.height(), 1)))

    def click(self) -> str:
        """A click on the grid."""
        from PySide6.QtTest import QTest

        view = self.grid()
        at = self.place(view)
        button = self.any.choice((self._left, self._left, self._left, self._right))
        QTest.mouseClick(view, button, self.any.choice(self._modifiers), at)
        return f"click {at.x()},{at.y()}"

    def anywhere(self) -> str:
        """A click on whatever stands somewhere in the window."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        window = QApplication.activePopupWidget() or self.seat.program.window
        at = self.place(window)
        child = window.childAt(at) or window
        if not child.isEnabled() or child.inherits("QMenu"):
            return "nothing there"
        QTest.mouseClick(child, self._left, self._none, child.mapFrom(window, at))
        return f"click on {type(child).__name__} at {at.x()},{at.y()}"

    def wheel(self) -> str:
        """The wheel over the grid."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent
        from PySide6.QtWidgets import QApplication

        view = self.grid()
        at, turn = QPointF(self.place(view)), self.any.choice((-360, -120, 120, 360))
        everywhere = QPointF(view.mapToGlobal(at.toPoint()))
        modifier = self.any.choice((self._none, self._none, self._control))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, everywhere, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, modifier, phase, False)
        QApplication.sendEvent(view, event)
        return f"wheel {turn}"

    def drag(self) -> str:
        """From anywhere to anywhere; now and then something comes in between."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        view = self.grid()
        at, to = self.place(view), self.place(view)
        QTest.mousePress(view, self._left, self._none, at)
        for part in (0.3, 0.6, 1.0):
            QTest.mouseMove(view, at + (to - at) * part)
            QTest.qWait(1)
        spoiled, what = self.any.random(), ""
        workspace = self.seat.workspace
        if spoiled < 0.15:
            what = "Esc"
            QTest.keyClick(view, Qt.Key.Key_Escape)
        elif spoiled < 0.3:
            what = "another day"
            workspace.face.step(1)
        elif spoiled < 0.36:
            what = "a panel"
            workspace.open_booking()
        elif spoiled < 0.42:
            what = "another page"
            workspace.open_page("settings")
        elif spoiled < 0.45:
            what = "the lock"
            self.seat.program.lock()
        elif spoiled < 0.5:
            what = "the focus"
            workspace.top.search.begin()
        if self.seat.program.window.workspace is workspace:
            QTest.mouseRelease(view, self._left, self._none, to)
        return f"drag {at.x()},{at.y()} to {to.x()},{to.y()} {what}"

    def carry(self) -> str:
        """A move by keys, over days, to its end or given back."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        key = Qt.Key
        QTest.keyClick(self.target(), key.Key_R)
        arrows = (key.Key_Left, key.Key_Right, key.Key_Up, key.Key_Down)
        for _ in range(self.any.randrange(6)):
            QTest.keyClick(self.target(), self.any.choice(arrows), self.any.choice((self._none, self._alt)))
            QTest.qWait(self.any.randrange(20))
        QTest.keyClick(self.target(), self.any.choice((key.Key_Return, key.Key_Return, key.Key_Escape)))
        return "carried by keys"


# ------------------------------------------------------------------------------ another process


def book_meanwhile(folder: Path, seed: int) -> None:
    """Book, move and cancel at a profile until nobody is at the other end of stdin; what is refused is refused."""
    from datetime import timedelta

    from himsog_desktop.domain.appointment import StatusAct
    from himsog_desktop.services import booking, lists, openslots, profiles, states
    from himsog_desktop.storage import load
    from himsog_desktop.system import vault
    from himsog_desktop.system.clock import SystemClock

    draw = Random(seed)
    clock = SystemClock(parse_instant(NOW))
    desk = profiles.open_desk(folder, vault.unlock(folder, PASSPHRASE), clock, initiator="himsog")
    providers = [p.id for p in load.providers(desk.reader, desk.clinic.id)]
    rooms = [room.id for room in desk.clinic.rooms]
    done = 0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], draw.uniform(0.02, 0.3))[0]:
        day = desk.zone.date_of(desk.now()) + timedelta(days=draw.randrange(8))
        try:
            slots = openslots.free_slots(desk, draw.choice(providers), day)
            there = [
                a
                for a in lists.appointments(desk, lists.AppointmentFilter(day, day))
                if a.status in ("PENDING", "CONFIRMED")
            ]
            what = draw.random()
            if what < 0.5 and slots:
                slot = draw.choice(slots)
                who = NewPatient(f"Monkey, {draw.randrange(10_000)}")
                where = (draw.choice(rooms),) if rooms and draw.random() < 0.3 else ()
                booking.book(desk, Book(slot.provider or "", slot.start, new_patient=who, room_ids=where))
            elif what < 0.75 and slots and there:
                booking.move(desk, Move(draw.choice(there).id, draw.choice(slots).start))
            elif there:
                act = draw.choice((StatusAct.CONFIRM, StatusAct.CANCEL))
                states.set_status(desk, SetStatus(act, (draw.choice(there).id,), reason="Schedule conflict"))
            done += 1
        except HimsogError:
            continue
    desk.cache.close()
    print(done, flush=True)


@contextmanager
def meanwhile(folder: Path, seed: int) -> Iterator[None]:
    """Another process is at the same profile."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.campaigns.monkey", "--book", str(folder), "--seed", str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HIMSOG_NOW": NOW},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        yield
    finally:
        child.stdin.close()
        done = child.stdout.read()
        child.stdout.close()
        child.wait(30)
        print(f"another process acted {done.strip() or 'not at all'}", flush=True)
    assert child.returncode == 0


# ------------------------------------------------------------------------------ does it agree?


def disagreements(desk: Desk) -> list[str]:
    """Appointments of which history says other than what is stored, each in a sentence without names."""
    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.storage import load
    from himsog_desktop.storage.images import decode, image_of, whole

    folded: dict[str, dict[str, object]] = {}
    for key, after, before in desk.reader.execute(
        "SELECT entity_id, after, before FROM history WHERE entity_type = 'appointment' ORDER BY seq"
    ):
        new = decode(after)
        if before == "{}":
            folded[key] = whole(Appointment, new)
        elif not new:
            folded[key] = {}
        else:
            folded[key] = {**folded.get(key, {}), **new}
    ids = [row[0] for row in desk.reader.execute("SELECT id FROM appointments")]
    stored = {a.id: image_of(a) for a in load.appointments(desk.reader, ids)}
    wrong = [f"{key} is stored and has no history" for key in stored if key not in folded]
    for key, image in folded.items():
        now = stored.get(key, {})
        differ = [name for name in {*image, *now} if image.get(name) != now.get(name)]
        if differ:
            wrong.append(f"{key}: history and the row differ in {', '.join(sorted(differ))}")
    return wrong


def complaints(folder: Path) -> list[str]:
    """What is wrong with a profile, in sentences."""
    from himsog_desktop.services import health, profiles
    from himsog_desktop.system import vault
    from himsog_desktop.system.clock import SystemClock

    clock = SystemClock(parse_instant(NOW))
    desk = profiles.open_desk(folder, vault.unlock(folder, PASSPHRASE), clock, initiator="himsog")
    try:
        found = [f"{one.name}: {one.text}" for one in health.doctor(desk, folder).findings if one.level != "ok"]
        return [*found, *disagreements(desk)]
    finally:
        desk.cache.close()


# ---------------------------------------------------------------------------------- the command


class Watch(logging.Handler):
    """Hears what nobody should: exceptions, warnings of Qt, lines in the log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"log: {record.name}: {record.getMessage()} {record.exc_text or ''}")
        if record.exc_info:
            self.heard[-1] += "".join(traceback.format_exception(*record.exc_info))

    def begin(self) -> None:
        """From now on."""
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler

        def qt(kind: QtMsgType, _context: object, text: str) -> None:
            quiet = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
            if kind not in quiet and not any(words in text for words in IGNORED):
                self.heard.append(f"Qt: {text}\n{''.join(traceback.format_stack(limit=8))}")

        def raised(kind: type[BaseException], error: BaseException, trace: object) -> None:
            self.heard.append("".join(traceback.format_exception(kind, error, trace)))  # type: ignore[arg-type]

        qInstallMessageHandler(qt)
        sys.excepthook = raised
        threading.excepthook = lambda args: raised(args.exc_type, args.exc_value or Exception(), args.exc_traceback)
        logging.getLogger().addHandler(self)


class Table:
    """A window of the program, by itself: what ``Seat`` is in tests."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from himsog_desktop.bootstrap import application, compose
        from himsog_desktop.bootstrap.doors import Doors
        from himsog_desktop.bootstrap.options import Options
        from himsog_desktop.system import vault
        from himsog_desktop.system.clock import SystemClock

        self.folder = folder
        self.app: QApplication = application()
        self.app.setQuitOnLastWindowClosed(False)
        self.doors = Doors(Options(profile=str(folder)), SystemClock(parse_instant(NOW)))
        self.program: Program = compose(self.app, self.doors)
        self.program.begin(vault.unlock(folder, PASSPHRASE))
        self.program.window.show()
        self.wait(lambda: self.program.backend is not None, 20_000)
        self.settle()

    @property
    def workspace(self) -> Workspace:
        """The open session's screen."""
        workspace = self.program.window.workspace
        assert workspace is not None
        return workspace

    def focus(self) -> QWidget:
        """Who has the keyboard."""
        return self.program.window.focusWidget() or self.program.window

    def settle(self) -> None:
        """Until nothing is under way."""
        self.wait(lambda: self.program.backend is not None and not self.program.backend.busy, 20_000)

    def wait(self, what: Callable[[], object], timeout: int = 3000) -> None:
        """Until something is so. Raises TimeoutError."""
        from PySide6.QtTest import QTest

        end = time.monotonic() + timeout / 1000
        while not what():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")
            QTest.qWait(5)

    def close(self) -> None:
        """As the program ends."""
        self.program.close_session()
        self.program.window.close()
        self.doors.close()


def main() -> int:
    """Let it loose; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gestures", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--book", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.book is not None:
        book_meanwhile(wanted.book, wanted.seed)
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["HIMSOG_REDUCED_MOTION"] = "1"
    with tempfile.TemporaryDirectory(prefix="himsog-monkey-") as scratch:
        return _let_loose(Path(scratch), wanted.gestures, wanted.seed)


def _let_loose(scratch: Path, gestures: int, seed: int) -> int:
    from himsog_desktop.services import demo
    from himsog_desktop.system.clock import SystemClock

    here = Path.cwd()
    folder = scratch / "profile"
    demo.create_demo(folder, SystemClock(parse_instant(NOW)), PASSPHRASE)
    watch = Watch()
    watch.begin()
    wrong = 0
    begun = time.monotonic()
    with meanwhile(folder, seed):
        os.chdir(scratch)
        table = Table(folder)
        monkey = Monkey(table, seed)
        for number in range(gestures):
            try:
                monkey.step()
            except Exception:  # whatever it is, it is what is looked for
                watch.heard.append(traceback.format_exc())
            if watch.heard:
                wrong += 1
                print(f"WRONG at step {number}: {watch.heard[0]}\nthe last steps: {monkey.done[-8:]}", flush=True)
                watch.heard.clear()
                if wrong >= MOST_WRONG:
                    break
            if number % 1000 == 999:
                print(f"{number + 1} gestures, {time.monotonic() - begun:.0f} s", flush=True)
        monkey.rest()
        os.chdir(here)
    table.settle()
    table.close()
    for sentence in [*watch.heard, *complaints(folder)]:
        wrong += 1
        print(f"WRONG: {sentence}")
    print(f"{wrong} things went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
