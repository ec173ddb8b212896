"""The guards of the suite notice what they should: each is shown a test that sins, in a run of its own."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sinner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A little project with our conftest and our pytest settings."""
    settings = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pytester.makepyprojecttoml(settings.replace('testpaths = ["tests"]', ""))
    pytester.makeconftest((_ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    return pytester


def outcome(sinner: pytest.Pytester, body: str) -> pytest.RunResult:
    sinner.makepyfile(textwrap.dedent(body))
    return sinner.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-q")


def fails_with(result: pytest.RunResult, *patterns: str) -> None:
    counts = result.parseoutcomes()
    assert counts.get("failed", 0) + counts.get("errors", 0) == 1
    result.stdout.fnmatch_lines([f"*{p}*" for p in patterns])


def test_a_thread_left_running_fails_with_its_place(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        import threading
        stop = threading.Event()
        def test_leaks():
            threading.Thread(target=stop.wait, args=(30,), name="stray", daemon=True).start()
        def test_after():
            stop.set()
        """,
    )
    fails_with(result, "thread 'stray' still runs, started at *test_a_thread*.py:5 in test_leaks")
    assert result.parseoutcomes()["passed"] == 2


def test_a_timer_left_running_fails_with_its_place(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        from PySide6.QtCore import QTimer
        kept = []
        def test_leaks(qapp):
            timer = QTimer()
            timer.start(60_000)
            kept.append(timer)
        def test_stops(qapp):
            timer = QTimer()
            timer.start(60_000)
            timer.stop()
            kept.append(timer)
        """,
    )
    fails_with(result, "timer still active: QTimer(60000 ms) started at *test_a_timer*.py:6 in test_leaks")


def test_a_window_left_open_fails_and_qtbot_closes_its_own(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        from PySide6.QtWidgets import QDialog, QWidget
        kept = []
        def test_leaks(qapp):
            window = QWidget()
            window.setWindowTitle("stray")
            kept.append(window)
        def test_closes(qtbot):
            window = QWidget()
            qtbot.addWidget(window)
            dialog = QDialog(window)
            dialog.open()
            kept.append(window)
        """,
    )
    fails_with(result, "window still there: QWidget '' 'stray'")


def test_a_stray_log_line_fails_unless_announced(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        import logging
        log = logging.getLogger("somewhere")
        def test_stray():
            log.warning("the disk is nearly full")
        def test_announced(log_guard):
            log_guard.expect("nearly full")
            log.warning("the disk is nearly full")
        def test_quiet():
            log.info("all is well")
        """,
    )
    fails_with(result, "unexpected log record: WARNING somewhere: the disk is nearly full")


def test_an_announced_log_line_has_to_come(sinner: pytest.Pytester) -> None:
    result = outcome(sinner, "def test_never(log_guard):\n    log_guard.expect('nearly full')\n")
    fails_with(result, "no log record matched the expected 'nearly full'")


def test_python_and_qt_warnings_fail(sinner: pytest.Pytester) -> None:
    result = outcome(sinner, "import warnings\ndef test_warns():\n    warnings.warn('old')\n")
    fails_with(result, "UserWarning: old")
    result = outcome(
        sinner,
        """
        from PySide6.QtCore import qWarning
        def test_qt_warns():
            qWarning("layout added twice")
        """,
    )
    fails_with(result, "layout added twice")


def test_surroundings_are_not_the_persons(sinner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PROFILE", "/home/maria/clinic")
    monkeypatch.setenv("DISPLAY", ":0")
    result = outcome(
        sinner,
        """
        import datetime, os, keyring, pathlib, platformdirs
        def test_redirected(keyring_memory):
            home = str(pathlib.Path.home())
            assert "himsog-test-home-" in home
            assert platformdirs.user_data_dir("x").startswith(home)
            assert "HIMSOG_PROFILE" not in os.environ
            assert "DISPLAY" not in os.environ
            keyring.set_password("a", "b", "c")
            assert keyring_memory.entries == {("a", "b"): "c"}
            (pathlib.Path.home() / "left").write_text("x")
            offset = datetime.datetime.now().astimezone().utcoffset()
            assert offset == datetime.timedelta(hours=12, minutes=45)
        def test_clean_again(keyring_memory):
            assert keyring_memory.entries == {}
            assert not (pathlib.Path.home() / "left").exists()
        """,
    )
    result.assert_outcomes(passed=2)
