"""Set up, run, test, check and measure Himsog Desktop, each in one command from a bare clone.

    python3 packaging/dev.py run       open the demo clinic (or render the screenshot tour without a display)
    python3 packaging/dev.py test      run the test suite; what follows goes to pytest

Needs a Python from 3.11 to 3.13 and nothing else: standard library only. Everything it makes is in ``.venv``
(and ``tour``). How this machine reaches its package index is pip's business and is never written down here.

Long because it must run alone, on nothing but the standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements-dev.txt"
OLDEST, NEWEST = (3, 11), (3, 13)

# Measured in a minimal Debian 12, one package at a time. fontconfig brings a font with it.
QT_PACKAGES = (
    "libglib2.0-0",
    "libgl1",
    "libegl1",
    "libxkbcommon0",
    "libfontconfig1",
    "libdbus-1-3",
    "libgssapi-krb5-2",
)
# A window on X11 needs these as well.
XCB_PACKAGES = ("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0", "libxcb-shape0")

_QT_PROBE = """
import PySide6.QtNetwork, PySide6.QtPrintSupport, PySide6.QtSvg
from PySide6.QtWidgets import QApplication
QApplication([])
"""


class Stop(Exception):
    """A reason to stop, in words for the person at the keyboard.

    ``code`` is the exit code: 1 when a step failed, 2 when something has to be put right first.
    """

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


# ----------------------------------------------------------------------------------------- helpers


def say(text: str) -> None:
    """Show progress at once, also through a pipe."""
    print(text, flush=True)


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a child: this machine's, without what would mix another Python in."""
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env["PYTHONUTF8"] = "1"
    return env | more


def step(command: Sequence[str | Path], failure: str, env: Mapping[str, str] | None = None) -> None:
    """Run a command that has to succeed, its output shown.

    Raises:
        Stop: it did not; the message says what was being done.
    """
    try:
        done = subprocess.run(list(command), cwd=ROOT, env=env or environment(), check=False)
    except OSError as error:
        raise Stop(f"{failure}: {error}", 1) from error
    if done.returncode:
        raise Stop(f"{failure}: {' '.join(map(str, command))} ended with code {done.returncode}.", 1)


def in_venv(name: str) -> Path:
    """A program of the virtual environment."""
    return VENV / ("Scripts" if sys.platform == "win32" else "bin") / name


def python() -> Path:
    """The interpreter of the virtual environment."""
    return in_venv("python.exe" if sys.platform == "win32" else "python")


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(packages: Sequence[str], why: str) -> None:
    """Install system packages, or say which command would.

    Raises:
        Stop: this is not Debian or Ubuntu, or not root (the exact command is in the message), or apt failed.
    """
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Stop(
            f"{why} On Debian and Ubuntu these packages hold it: {names}. Install your system's, then try again."
        )
    if not is_root():
        raise Stop(
            f"{why} Run this, then try again:\n\n"
            f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}\n"
        )
    say(f"{why} Installing {names}.")
    env = environment(DEBIAN_FRONTEND="noninteractive")
    step(["apt-get", "update", "-qq"], "The package lists could not be read", env)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    step(install, "The system packages could not be installed", env)


# ------------------------------------------------------------------------------------------ set-up


def right_python() -> None:
    """Go on under a Python that we support.

    Raises:
        Stop: there is none on this machine.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # A version manager's shim may be there without the version behind it.
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            raise SystemExit(subprocess.run([found, __file__, *sys.argv[1:]], check=False).returncode)
    ours = sys.version.split()[0]
    raise Stop(f"Himsog Desktop needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {ours}, and no other was found.")


def digest(*parts: str | bytes) -> str:
    """One stamp for everything that a step depends on."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()


def stamped(name: str, value: str, work: Callable[[], None]) -> None:
    """Do ``work`` unless it was done for this ``value`` already."""
    stamp = VENV / f"himsog-{name}.stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == value:
        return
    work()
    stamp.write_text(value, encoding="ascii")


def venv_works() -> bool:
    """Whether ``.venv`` is there, whole, and of a Python that we support."""
    probe = "import sys, pip; print(*sys.version_info[:2])"
    if not python().exists():
        return False
    done = subprocess.run([python(), "-c", probe], capture_output=True, text=True, env=environment(), check=False)
    return done.returncode == 0 and OLDEST <= tuple(map(int, done.stdout.split())) <= NEWEST


def make_venv() -> None:
    """Make ``.venv`` if it is not there or is broken."""
    if venv_works():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        apt_install([package], "This Python cannot make virtual environments: its venv module is a package of its own.")
        importlib.invalidate_caches()
    say(f"Making the virtual environment {VENV.relative_to(ROOT)} with Python {sys.version.split()[0]}.")
    step([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment could not be made")


def install_requirements() -> None:
    """Install what ``requirements-dev.txt`` names, hashes checked."""
    say("Installing the pinned dependencies (some 130 MB the first time).")
    pip = [str(python()), "-m", "pip", "install", "-qq", "--progress-bar", "off"]
    step(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS],
        "The dependencies could not be installed",
    )


def install_project() -> None:
    """Put the package and its two commands into the environment, editable."""
    say("Installing the package itself (editable).")
    pip = [str(python()), "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "--no-index"]
    step([*pip, "--editable", "."], "The package could not be installed")
    step([python(), "-m", "compileall", "-q", "himsog_desktop"], "The package could not be compiled")


def project_stamp() -> str:
    """What the installed package depends on: its metadata and where it is."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return digest(str(ROOT), json.dumps([settings["build-system"], settings["project"]], sort_keys=True))


def probe_qt(env: Mapping[str, str]) -> str:
    """Try Qt for real, in a child; what it said when it would not start, else an empty string."""
    command = [str(python()), "-c", _QT_PROBE]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode == 0:
        return ""
    return done.stderr.strip() or f"ended with code {done.returncode}"


def need_qt(packages: Sequence[str], env: Mapping[str, str]) -> None:
    """Make sure that Qt starts, with system libraries installed where that is possible.

    Raises:
        Stop: it does not start, and this is what Qt says about it.
    """
    trouble = probe_qt(env)
    if not trouble:
        return
    last = trouble.splitlines()[-1]
    if sys.platform != "linux":
        raise Stop(f"Qt does not start here: {last}")
    apt_install(packages, f"Qt misses a system library ({last}).")
    trouble = probe_qt(env)
    if trouble:
        raise Stop(f"Qt still does not start:\n{trouble}")


def setup() -> None:
    """The environment, whole; instant when it already is."""
    make_venv()
    version = subprocess.run([python(), "-V"], capture_output=True, check=True).stdout
    stamped("requirements", digest(version, REQUIREMENTS.read_bytes()), install_requirements)
    stamped("project", project_stamp(), install_project)
    stamped("qt", digest(version, *QT_PACKAGES), lambda: need_qt(QT_PACKAGES, offscreen()))


# ---------------------------------------------------------------------------------------- commands


def offscreen() -> dict[str, str]:
    """Surroundings in which Qt draws without a display."""
    env = environment(QT_QPA_PLATFORM="offscreen", LANG="C.UTF-8")
    env.pop("LC_ALL", None)
    return env


def has_display() -> bool:
    """Whether a window could open here."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def desktop() -> Path:
    """The window's program."""
    return in_venv("himsog-desktop.exe" if sys.platform == "win32" else "himsog-desktop")


def run(args: list[str]) -> int:
    """Open the demo clinic; without a display, render the screenshot tour."""
    setup()
    if not has_display():
        say("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.")
        return tour([])
    trouble = probe_qt(environment())
    if "could not connect to display" in trouble:
        say(f"The display {os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')} does not answer.")
        return tour([])
    if trouble:
        need_qt([*QT_PACKAGES, *XCB_PACKAGES], environment())
    say("Opening the demo clinic. It lives in a throw-away profile: nothing you do in it is kept.")
    return subprocess.run([desktop(), "--demo", *args], env=environment(), check=False).returncode


def tour(args: list[str]) -> int:
    """Render every screen into a folder (``tour`` by default)."""
    folder = Path(args[0]).resolve() if args else ROOT / "tour"
    setup()
    say(f"Rendering the screenshot tour into {folder}.")
    step([desktop(), "--screenshot-tour", folder], "The screenshot tour could not be rendered", offscreen())
    count = sum(1 for _ in folder.glob("*.png"))
    say(f"{count} pictures are in {folder}; open {folder / 'index.html'} to see them all.")
    return 0


def pictures(args: list[str]) -> int:
    """Take the pictures of the README anew."""
    folder = ROOT / "docs" / "pictures"
    setup()
    command: list[str | Path] = [python(), "-m", "himsog_desktop.bootstrap.tour", str(folder), "readme"]
    # In the clinic's zone: elsewhere the hours would have a second label.
    step(command, "The pictures could not be taken", {**offscreen(), "TZ": "Asia/Manila"})
    say(f"The pictures of the README are in {folder.relative_to(ROOT)}.")
    return 0


def test(args: list[str]) -> int:
    """Run the suite in random order, on two processes unless the arguments choose for themselves."""
    setup()
    spread = [] if args or (os.cpu_count() or 1) < 2 else ["-n", "2", "--dist", "worksteal"]
    say(f"Running the tests{' on two processes' if spread else ''}.")
    return subprocess.run([python(), "-m", "pytest", *spread, *args], cwd=ROOT, env=offscreen(), check=False).returncode


def check(args: list[str]) -> int:
    """Lint, format, types, import contracts and the rules of the house; all of them, whatever fails first."""
    setup()
    module = [str(python()), "-m"]
    checks = {
        "lint": [*module, "ruff", "check", "."],
        "format": [*module, "ruff", "format", "--check", "."],
        "types": [*module, "mypy"],
        "types of the tools": [*module, "mypy", "packaging/dev.py", "packaging/house_lint.py"],
        "import contracts": [str(python()), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        "house rules": [str(python()), "packaging/house_lint.py"],
    }
    failed = []
    for name, command in checks.items():
        start = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        say(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - start:.1f} s)")
        if done.returncode:
            failed.append(name)
            say(done.stdout)
    if failed:
        raise Stop(f"The check found something in: {', '.join(failed)}.", 1)
    say("All checks passed.")
    return 0


def bench(args: list[str]) -> int:
    """Take the figures of the contract, or those that are named."""
    setup()
    program = in_venv("himsog.exe" if sys.platform == "win32" else "himsog")
    return subprocess.run([program, "bench", *args], cwd=ROOT, env=environment(), check=False).returncode


def only_setup(args: list[str]) -> int:
    """Make the environment, nothing more."""
    setup()
    say(f"The environment is ready: {VENV.relative_to(ROOT)}.")
    return 0


def build(args: list[str]) -> int:
    """The frozen build is a later piece of work."""
    raise Stop("The frozen build is not part of this release yet.")


COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "run": (run, "open the demo clinic; without a display, render the screenshot tour"),
    "test": (test, "run the tests; arguments go to pytest"),
    "check": (check, "lint, format, types, import contracts, house rules"),
    "bench": (bench, "take the figures; arguments name some"),
    "tour": (tour, "render every screen into a folder (default: tour)"),
    "pictures": (pictures, "take the pictures of the README anew (docs/pictures)"),
    "setup": (only_setup, "make the environment alone"),
}


def main(argv: Sequence[str]) -> int:
    """Run one command; the exit code."""
    lines = "\n".join(f"  {name:8} {what}" for name, (_, what) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="From a bare clone to a running, tested Himsog Desktop.",
        epilog=f"commands:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=[*COMMANDS, "build"], metavar="command", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on")
    options = parser.parse_args(argv)
    command = build if options.command == "build" else COMMANDS[options.command][0]
    try:
        right_python()
        return command(options.arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
