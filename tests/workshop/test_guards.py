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
    sinner.makepyfile(test_sins=textwrap.dedent(body))
    return sinner.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-q")


def test_threads_timers_windows_and_settings_left_behind_fail_with_their_place(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        import os, threading
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QDialog, QPushButton, QWidget
        stop = threading.Event()
        kept = []
        def test_thread_leaks():
            threading.Thread(target=stop.wait, args=(30,), name="stray", daemon=True).start()
        def test_thread_ends():
            stop.set()
            threading.Thread(target=stop.wait).start()
        def test_timer_leaks(qapp):
            timer = QTimer()
            timer.start(60_000)
            kept.append(timer)
        def test_timer_stops(qapp):
            timer = QTimer()
            timer.start(60_000)
            timer.stop()
            kept.append(timer)
        def test_window_leaks(qapp):
            window = QWidget()
            window.setWindowTitle("stray")
            kept.append(window)
        def test_environment_leaks():
            os.environ["STRAY"] = "1"
        def test_environment_is_put_back(monkeypatch):
            monkeypatch.setenv("OTHER", "1")
        def test_timer_as_a_slot_of_a_click(qtbot):
            button, timer = QPushButton(), QTimer()
            qtbot.addWidget(button)
            timer.setInterval(60_000)
            button.clicked.connect(timer.start)
            button.click()
            assert timer.isActive()
            assert timer.interval() == 60_000
            timer.stop()
        def test_window_closes(qtbot):
            window = QWidget()
            qtbot.addWidget(window)
            QDialog(window).open()
            kept.append(window)
        """,
    )
    result.assert_outcomes(passed=9, errors=4)
    result.stdout.fnmatch_lines(
        [
            "thread 'stray' still runs, started at *test_sins.py:* in test_thread_leaks",
            "timer still active: QTimer(60000 ms) started at *test_sins.py:* in test_timer_leaks",
            "window still there: QWidget '' 'stray'",
            "the environment variable STRAY changed",
        ]
    )


def test_stray_log_lines_and_warnings_fail_unless_announced(sinner: pytest.Pytester) -> None:
    result = outcome(
        sinner,
        """
        import logging, warnings
        from PySide6.QtCore import qWarning
        log = logging.getLogger("somewhere")
        def test_stray():
            log.warning("the disk is nearly full")
        def test_announced(log_guard):
            log_guard.expect("nearly full")
            log.warning("the disk is nearly full")
        def test_quiet():
            log.info("all is well")
        def test_announced_and_never_came(log_guard):
            log_guard.expect("on fire")
        def test_python_warns():
            warnings.warn("old")
        def test_qt_warns():
            qWarning("layout added twice")
        """,
    )
    result.assert_outcomes(passed=4, errors=2, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "unexpected log record: WARNING somewhere: the disk is nearly full*",
            "no log record matched the expected 'on fire'",
            "*UserWarning: old",
            "*layout added twice*",
        ]
    )


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
