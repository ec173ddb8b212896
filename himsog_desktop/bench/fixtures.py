"""The data that figures are taken on: the demo clinic of 100,000 appointments, made once a day.

It holds invented people only. ``HIMSOG_BENCH_DIR`` says where; by default a folder of this user under
the system's folder for temporary files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.domain.time import to_micros, zone
from himsog_desktop.services import demo, demo_clinic, profiles
from himsog_desktop.system import vault

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk

PASSPHRASE = "bench of invented people"
SCALE = 100_000
_VERSION = "8"


class BenchClock:
    """Ten past ten of today, in clinic time: the day is under way."""

    def __init__(self) -> None:
        import datetime
        import time

        self._monotonic = time.monotonic
        self.zone = zone(demo_clinic.ZONE)
        self.today = self.zone.date_of(to_micros(datetime.datetime.now(datetime.UTC)))
        # On a Sunday the clinic is shut: then the day before is looked at.
        if self.today.weekday() == 6:
            self.today -= datetime.timedelta(days=1)

    def now(self) -> Micros:
        """The wall clock of every figure."""
        return self.zone.instant(self.today, 10 * 60 + 10)

    def monotonic(self) -> float:
        """Real time."""
        return self._monotonic()

    @property
    def text(self) -> str:
        """What ``HIMSOG_NOW`` says to a child."""
        return self.zone.iso(self.now())


def folder() -> Path:
    """Where the fixtures are kept."""
    wanted = os.environ.get("HIMSOG_BENCH_DIR")
    user = os.getuid() if hasattr(os, "getuid") else 0
    found = Path(wanted) if wanted else Path(tempfile.gettempdir()) / f"himsog-bench-{user}"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def profile(clock: BenchClock, *, twelve: bool = False, scale: int = SCALE) -> Path:
    """The profile of that size as of today; made when there is none. Never written by a figure."""
    name = f"{_VERSION}-{clock.today.isoformat()}-{scale}{'-12' if twelve else ''}"
    ready = folder() / name
    if ready.exists():
        return ready
    for old in folder().glob(f"*-{scale}{'-12' if twelve else ''}"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)
    part = folder() / (name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    demo.create_demo(part, clock, PASSPHRASE, scale, twelve=twelve)
    part.rename(ready)
    return ready


def same_days(clock: BenchClock, scale: int, days: int) -> Path:
    """The same 1,000 appointments of ``days`` around today with ``scale`` in all; made when there is none."""
    name = f"{_VERSION}-{clock.today.isoformat()}-same-{days}-{scale}"
    ready = folder() / name
    if not ready.exists():
        for old in folder().glob(f"*-same-{days}-{scale}"):
            shutil.rmtree(old, ignore_errors=True)
        part = folder() / (name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        demo.create_demo(part, clock, PASSPHRASE, scale, same_days=days)
        part.rename(ready)
    return ready


def months(clock: BenchClock) -> Path:
    """The profile of the usual size whose months around today hold some 4,000 each; made when there is none."""
    name = f"{_VERSION}-{clock.today.isoformat()}-months-{SCALE}"
    ready = folder() / name
    if not ready.exists():
        for old in folder().glob(f"*-months-{SCALE}"):
            shutil.rmtree(old, ignore_errors=True)
        part = folder() / (name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        demo.create_demo(part, clock, PASSPHRASE, SCALE, months=True)
        part.rename(ready)
    return ready


def copy_of(source: Path) -> Path:
    """A copy that a figure may write to; the caller removes it (``removed``)."""
    target = Path(tempfile.mkdtemp(dir=folder(), prefix="copy-"))
    for path in source.iterdir():
        if path.is_file():
            shutil.copy2(path, target / path.name)
    return target


def removed(path: Path) -> None:
    """Take a copy away."""
    shutil.rmtree(path, ignore_errors=True)


def empty(clock: BenchClock) -> Path:
    """A new profile without anybody in it."""
    target = Path(tempfile.mkdtemp(dir=folder(), prefix="empty-")) / "profile"
    profiles.create(target, profiles.NewProfile("Bench clinic", demo_clinic.ZONE), clock, PASSPHRASE)
    return target


def desk_of(path: Path, clock: BenchClock) -> Desk:
    """The owner's desk on a fixture."""
    return profiles.open_desk(path, vault.unlock(path, PASSPHRASE), clock, initiator="bench")
