"""The scripts of ``packaging/``, which is a folder and no package (a library has that name)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""


def load(name: str) -> ModuleType:
    """Import ``packaging/<name>.py`` under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"himsog_{name}", ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
