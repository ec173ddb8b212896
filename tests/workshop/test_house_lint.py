"""Each rule of the house finds its violation and leaves its good neighbour alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tools import load

house = load("house_lint")

# rule, where, what breaks it, what does not
CASES = [
    ("no-exec", "ui/dialogs.py", "dialog.exec()", "dialog.open()"),
    ("no-exec", "ui/dialogs.py", "menu.exec_(point)", "menu.popup(point)"),
    ("no-exec", "bootstrap.py", "dialog.exec()", "app.exec()"),
    ("no-static-dialog", "ui/a.py", "QMessageBox.question(None, 'a', 'b')", "box = QMessageBox(); box.open()"),
    ("no-static-dialog", "ui/a.py", "QtWidgets.QFileDialog.getOpenFileName()", "log.warning('x')"),
    ("no-static-dialog", "ui/a.py", "QInputDialog.getText(self, 'a', 'b')", "edit.getText()"),
    ("plain-text", "ui/a.py", "x.setTextFormat(Qt.RichText)", "x.setTextFormat(Qt.PlainText)"),
    ("plain-text", "ui/a.py", "x.setTextFormat(Qt.TextFormat.AutoText)", "x.setTextFormat(Qt.TextFormat.PlainText)"),
    ("plain-text", "ui/a.py", "document.setHtml(name)", "document.setPlainText(name)"),
    ("no-colour", "ui/a.py", "brush = '#ff8800'", "number = '#12345'"),
    ("no-colour", "ui/a.py", "c = QColor(255, 0, 0)", "c = QColor(theme.accent)"),
    ("no-colour", "ui/a.py", "w.setStyleSheet('color: #fff; border: 0')", "w.setObjectName('a; b')"),
    ("no-bare-except", "services/a.py", "try:\n    f()\nexcept:\n    g()", "try:\n    f()\nexcept OSError:\n    g()"),
    (
        "no-silent-except",
        "services/a.py",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept Exception:\n    log.exception('f')\n    raise",
    ),
    ("no-print", "services/a.py", "print('x')", "log.info('x')"),
    ("no-plain-sqlite", "storage/a.py", "import sqlite3", "import sqlcipher3"),
    ("no-plain-sqlite", "storage/a.py", "from sqlite3 import connect", "from sqlcipher3 import dbapi2"),
    ("no-sleep", "ui/a.py", "time.sleep(1)", "event.wait(1)"),
    ("no-sleep", "services/a.py", "from time import sleep", "from time import monotonic"),
    ("bound-sql", "storage/a.py", "c.execute(f'select {name}')", "c.execute('select ?', (name,))"),
    ("bound-sql", "storage/a.py", "c.execute('select %s' % name)", "c.execute('select ' 'a')"),
    ("bound-sql", "storage/a.py", "c.executemany('select {}'.format(name), [])", "c.executemany(TEXT, [])"),
    ("bound-sql", "storage/a.py", "c.execute('select ' + name)", "c.execute('select ' + 'a')"),
    ("pure-domain", "domain/a.py", "import click", "import json"),
    ("pure-domain", "domain/a.py", "from himsog_desktop.schema import x", "from himsog_desktop.domain import time"),
    ("absolute-import", "ui/a.py", "from . import x", "from himsog_desktop.ui import x"),
    ("no-qt-threads", "ui/a.py", "from PySide6.QtCore import QThread", "from PySide6.QtCore import QTimer"),
    ("no-notes-to-self", "ui/a.py", "x = 1  # TO" + "DO later", "x = 1  # later"),
    ("ignore-with-code", "ui/a.py", "x = 1  # type: " + "ignore", "x = 1  # type: " + "ignore[misc]"),
    ("long-file", "ui/a.py", "x = 1\n" * 401, '"""A table.\n\nLong because it is a table.\n"""\n' + "x = 1\n" * 401),
]


def rules(text: str, inside: str) -> list[str]:
    return [f.rule for f in house.lint_text(Path("a.py"), text, inside)]


@pytest.mark.parametrize(("rule", "inside", "bad", "good"), CASES)
def test_a_rule_finds_its_violation_only(rule: str, inside: str, bad: str, good: str) -> None:
    assert rules(bad, inside) == [rule]
    assert rules(good, inside) == []


def test_places_that_may() -> None:
    assert rules("print('x')", "cli/main.py") == []
    assert rules("time.sleep(1)", "runtime/worker.py") == []
    assert rules("c = QColor(1, 2, 3); d = '#ff8800'", "ui/theme/tokens.py") == []


def test_an_excuse_holds_for_its_own_rule_and_line_only() -> None:
    assert rules("print('x')  # house: no-print, because stdout is the pipe to the parent", "runtime/a.py") == []
    assert rules("print('x')  # house: no-print", "runtime/a.py") == ["no-print"]
    assert rules("print('x')  # house: no-sleep, because of this", "runtime/a.py") == ["no-print"]
    assert rules("c.execute(\n    f'select {a}',  # sql: identifiers only\n)", "storage/a.py") == []


def test_every_rule_is_planted() -> None:
    assert {case[0] for case in CASES} == set(house.RULES)


def test_the_command_names_file_line_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "himsog_desktop").mkdir()
    (tmp_path / "himsog_desktop" / "a.py").write_text('"""A."""\n\nimport sqlite3\n', encoding="utf-8")
    assert house.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("himsog_desktop/a.py:3: no-plain-sqlite: it would write a plain file")
    (tmp_path / "himsog_desktop" / "a.py").unlink()
    assert house.main([str(tmp_path)]) == 0
