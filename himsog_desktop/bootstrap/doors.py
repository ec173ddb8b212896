"""One profile's folder from outside: the lock, the key, making a clinic or a demo, the log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.bootstrap.session import INITIATOR, OpenSession
from himsog_desktop.domain.errors import HimsogError, NoAccess, Surroundings
from himsog_desktop.system import vault
from himsog_desktop.system.paths import has_profile, profile_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.bootstrap.options import Options
    from himsog_desktop.ports import Clock
    from himsog_desktop.runtime.follower import Listener
    from himsog_desktop.runtime.worker import Worker
    from himsog_desktop.system.crash import CrashGuard
    from himsog_desktop.system.settings import Settings
    from himsog_desktop.system.single import OneWindow
    from himsog_desktop.ui.shell.gates import NewClinic
    from himsog_desktop.ui.shell.opened import Made
    from himsog_desktop.ui.shell.program import Program

PASSPHRASE = "HIMSOG_PASSPHRASE"
UNNAMED = "A clinic with a server"
"""What a profile is called until the server says it."""


class Doors:
    """One profile's folder from outside: ``ui.shell.session.House``."""

    def __init__(self, options: Options, clock: Clock) -> None:
        self.demo = options.demo
        self.offline = options.offline
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
        self._guard: CrashGuard | None = None

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

    @property
    def guard(self) -> CrashGuard:
        """The last resort for faults of ours; made when it is first needed, after the first paint."""
        if self._guard is None:
            from himsog_desktop.system.crash import CrashGuard
            from himsog_desktop.system.logs import open_log

            self._guard = CrashGuard(open_log(self.folder), self._bug)
        return self._guard

    # ------------------------------------------------------------------------- House, quick

    def has_profile(self) -> bool:
        """See ``House``."""
        return has_profile(self.folder)

    def needs_words(self) -> bool:
        """See ``House``."""
        return not self.demo and "keyring" not in vault.kinds(self.folder)

    def has_keyring(self) -> bool:
        """See ``House``."""
        from himsog_desktop.system import oskeyring

        return oskeyring.usable_backend() is not None

    def open(self, key: bytes) -> OpenSession:
        """See ``House``."""
        self.session = OpenSession(self, key)
        self._listen()
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
        # Nobody knows the passphrase of the throw-away demo but this process.
        return vault.unlock(self.folder, self._passphrase if self.demo else words or None)

    def create(self, wanted: NewClinic) -> Made:
        """See ``House``."""
        from himsog_desktop.services import profiles, setup
        from himsog_desktop.ui.shell.opened import Made

        # One without a name takes the server's, and its zone, with the first sign-in.
        new = profiles.NewProfile(wanted.name or UNNAMED, wanted.timezone)
        made = profiles.create(self.folder, new, self.clock, wanted.passphrase or None)
        self.claim()
        key = vault.unlock(self.folder, wanted.passphrase or None)
        desk = profiles.open_desk(self.folder, key, self.clock, initiator=INITIATOR)
        with desk.cache:
            if wanted.providers:
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
        self._listen()

    def _listen(self) -> None:
        if self._one is not None and self._listener is None and self._tell is not None:
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
        if self._guard is not None:
            self._guard.remove()
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
