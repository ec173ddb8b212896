"""The painted day read by a real assistive tool, in another process, over AT-SPI.

``QAccessible`` asked from within the process is not proof enough: an interface that answers every
question of ours took the program down at the first question of a screen reader.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
SYSTEM_PYTHON = "/usr/bin/python3"


def _missing() -> str:
    for tool in ("xvfb-run", "dbus-run-session"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not LAUNCHER.exists():
        return "at-spi2-core is not installed"
    has = Path(SYSTEM_PYTHON).exists() and subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True)
    return "" if has and has.returncode == 0 else "python3-pyatspi is not installed"


@pytest.mark.slow
def test_a_screen_reader_reads_the_day_and_opens_an_appointment() -> None:
    missing = _missing()
    if missing:
        pytest.skip(missing)
    script = f"""
        {LAUNCHER} --launch-immediately & BUS=$!
        "{sys.executable}" -m tests.ui.calendar.screen_reader_app & APP=$!
        {SYSTEM_PYTHON} "{HERE / "screen_reader_client.py"}"
        wait $APP; echo "ended $?"
        kill $BUS
    """
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    run = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", "sh", "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=90, check=False,
    )  # fmt: skip
    ours = {"list", "item", "actions", "opened", "ended", "no"}
    lines = [line for line in run.stdout.splitlines() if line.split(" ")[0] in ours]
    assert lines == [
        "list Friday 20 November 2026, 3 providers, 2 appointments",
        "item 09:00–09:30 Reyes, Ana, Check-up, Confirmed | Dr Cruz | True True True",
        "item 10:00–10:45 Peña, José, Check-up, Requested | Dr Lim | True True True",
        "actions Press SetFocus Toggle",
        "opened b",
        "ended 0",
    ], run.stdout + run.stderr
