"""Qt brought in quickly is Qt all the same: what was deferred comes when it is asked for."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from himsog_desktop.bootstrap import quick
quick.import_qt()
assert quick._sources, "nothing was deferred: does this PySide do it otherwise?"
from PySide6.QtCore import QObject, Qt
from PySide6.support.signature import get_signature
try:
    QObject().setObjectName(1, 2)
except TypeError as error:
    assert "setObjectName" in str(error), error
try:
    QObject(object())
except TypeError as error:
    assert "Supported signatures" in str(error), error
assert "str" in str(get_signature(QObject.setObjectName))
assert Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
import builtins
assert builtins.compile("1 + 1", "x", "eval")
print("well")
"""


def test_what_was_deferred_comes_when_it_is_asked_for() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "well\n", "")
