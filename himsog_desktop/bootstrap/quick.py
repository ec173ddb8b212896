"""Bringing Qt in without what no program needs of it: a fifth of the start (``himsog bench start_first_paint``).

PySide 6.11 carries Python sources inside its library and compiles them anew at every start, among them the
writer of its type stubs and the words of its error messages. They are deferred here until somebody asks for
them; a wrong call still gets its full message. Where PySide does it otherwise one day, nothing is deferred.
"""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDER = "shibokensupport/signature/"
DEFERRED = frozenset(
    f"{_FOLDER}{name}.py"
    for name in ("errorhandler", "layout", "parser", "lib/enum_sig", "lib/pyi_generator", "lib/tool")
)
"""Not ``mapping``: the library looks into its names directly."""

_STUB = """
from himsog_desktop.bootstrap.quick import wake as _wake
def __getattr__(name):
    return _wake(globals(), name)
"""
_sources: dict[str, object] = {}
_compile: Callable[..., object] = builtins.compile


def import_qt() -> None:
    """Import ``PySide6.QtCore``; afterwards every import is spared PySide's look at the module's source.

    PySide 6 hooks ``import`` and reads the source of each new Python module to see whether it could use its
    switchable features: half a millisecond a module, and SQLAlchemy's sources kept in memory. We use none.
    """
    builtins.compile = _later  # type: ignore[assignment]
    try:
        import PySide6.QtCore  # noqa: F401, installs the hook
    finally:
        builtins.compile = _compile  # type: ignore[assignment]
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = lambda _module: False


def wake(module: dict[str, object], name: str) -> object:
    """Run the deferred source of a module, because ``name`` was asked of it. Raises AttributeError without one."""
    file = str(module.get("__file__"))
    if name.startswith("__") or file not in _sources:
        raise AttributeError(name)
    del module["__getattr__"]
    exec(_compile(_sources.pop(file), file, "exec"), module)  # type: ignore[arg-type]
    if name not in module:
        raise AttributeError(name)
    return module[name]


def _later(source: object, filename: object, mode: str, *more: object, **named: object) -> object:
    if filename in DEFERRED:
        _sources[str(filename)] = source
        source = _STUB
    return _compile(source, filename, mode, *more, **named)
