"""Which workstation this is: a name for people, and an id that stays with profile and machine.

A profile that is copied to another machine, with its folder or with a disk image, gets an id of its
own there: two devices that both think they are the first one confuse every log and every sync
(reliability P10).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final, NamedTuple

from himsog_desktop.system.files import write_atomically

FILE: Final = "device.json"
LONGEST_NAME: Final = 60


class Device(NamedTuple):
    """A workstation as history and logs name it."""

    id: str
    name: str


def workstation_name() -> str:
    """The computer's name, at most 60 printable letters; ``workstation`` when it has none."""
    found = os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename
    name = "".join(letter for letter in found if letter.isprintable()).strip()[:LONGEST_NAME]
    return name or "workstation"


def device(profile_dir: Path, machine: str | None = None) -> Device:
    """This workstation at that profile; its id is made at the first call, in a folder that exists.

    ``machine`` is what tells machines apart, for tests. Raises OSError when it can't be kept.
    """
    name, mark = workstation_name(), _mark(machine_id() if machine is None else machine)
    known = _read(profile_dir / FILE, mark)
    if known is None:
        known = _new_id()
        document = json.dumps({"id": known, "machine": mark}).encode() + b"\n"
        try:
            write_atomically(profile_dir / FILE, document, exclusive=True)
        except FileExistsError:
            # Of another machine, damaged, or another process was quicker.
            quicker = _read(profile_dir / FILE, mark)
            if quicker is not None:
                return Device(quicker, name)
            write_atomically(profile_dir / FILE, document)
    return Device(known, name)


def machine_id() -> str:
    """What the system calls this installation; the workstation's name where it says nothing."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return workstation_name()
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            found = Path(path).read_text("ascii").strip()
        except (OSError, ValueError):
            continue
        if found:
            return found
    return workstation_name()


def _mark(machine: str) -> str:
    """The machine's id is not for others to know (machine-id(5)), so only a hash of it is kept."""
    from hashlib import sha256

    return sha256(b"himsog-desktop device" + machine.encode("utf-8", "replace")).hexdigest()[:32]


def _read(path: Path, mark: str) -> str | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("machine") != mark:
        return None
    known = found.get("id")
    return known if isinstance(known, str) and len(known) == 36 else None


def _new_id() -> str:
    from uuid import uuid4

    return str(uuid4())
