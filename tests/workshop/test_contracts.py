"""Every import contract is kept by the package and broken by a planted violation of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGE = "himsog_desktop"

# contract -> modules to plant, each with what it imports
PLANTS: dict[str, list[tuple[str, str]]] = {
    "Layers": [
        ("domain.planted_up", f"{_PACKAGE}.services"),
        ("schema.planted_up", f"{_PACKAGE}.storage"),
        ("storage.planted_side", f"{_PACKAGE}.interchange"),
        ("interchange.planted_side", f"{_PACKAGE}.system"),
        ("sync.planted_side", f"{_PACKAGE}.storage"),
        ("system.planted_side", f"{_PACKAGE}.runtime"),
        ("runtime.planted_side", f"{_PACKAGE}.storage"),
        ("services.planted_up", f"{_PACKAGE}.ui"),
        ("bench.planted_up", f"{_PACKAGE}.bootstrap"),
    ],
    "The domain needs nothing but the standard library": [("domain.planted_click", "click")],
    "Only runtime starts threads, processes and loops": [
        ("services.planted_thread", "threading"),
        ("storage.planted_pool", "concurrent.futures"),
        ("interchange.planted_child", "multiprocessing"),
        ("system.planted_child", "subprocess"),
        ("ui.planted_loop", "asyncio"),
    ],
    "SQLAlchemy only in schema, storage and server": [("services.planted_core", "sqlalchemy")],
    "psycopg only in the remotes and server": [
        ("sync.planted_driver", "psycopg"),
        ("services.planted_driver", "psycopg"),
    ],
    "The core of sync does no I/O": [("sync.planted_clock", "time")],
    "SQLCipher only in storage": [("system.planted_cipher", "sqlcipher3")],
    "Qt only in the window": [("services.planted_qt", "PySide6.QtCore")],
    "The command line never loads Qt": [("cli.planted_qt", "PySide6.QtCore")],
    "The window reaches data through services only": [("ui.planted_storage", f"{_PACKAGE}.storage")],
    "Calendar geometry and columns without Qt": [("ui.calendar.geometry", "PySide6.QtCore")],
}


def lint(folder: Path) -> dict[str, str]:
    """Run import-linter on the copy in ``folder``: the verdict and report of each contract."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        # The copy is found first, before the installed package.
        env={"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "400"},
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    details = done.stdout.partition("Broken contracts\n")[2]
    # The report of a contract stands under its underlined name.
    parts = re.split(r"^(.+)\n-{3,}\n", details, flags=re.MULTILINE)
    return verdicts | dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(_ROOT / _PACKAGE, folder / _PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(_ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def planted(copy: Path) -> dict[str, str]:
    """The reports with one violation of each contract planted, each in a module of its own."""
    for plants in PLANTS.values():
        for module, imported in plants:
            path = copy.joinpath(_PACKAGE, *module.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            # At the end, so that `from __future__` stays first.
            path.write_text(f"{old}\nimport {imported}\n", encoding="utf-8")
    return lint(copy)


def test_every_contract_has_a_plant() -> None:
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {c["name"] for c in settings["tool"]["importlinter"]["contracts"]} == set(PLANTS)


def test_the_package_keeps_every_contract() -> None:
    broken = {name: report for name, report in lint(_ROOT).items() if report != "KEPT"}
    assert not broken, "\n\n".join(f"{n}:\n{r}" for n, r in broken.items())


@pytest.mark.parametrize("contract", PLANTS)
def test_a_planted_violation_breaks_its_contract(contract: str, planted: dict[str, str]) -> None:
    report = planted[contract]
    for module, imported in PLANTS[contract]:
        # import-linter sees a package of others as its top name only.
        name = imported if imported.startswith(_PACKAGE) else imported.partition(".")[0]
        assert f"{_PACKAGE}.{module} -> {name} " in report, f"{module} -> {name} not in:\n{report}"


def test_a_new_part_of_the_house_needs_a_layer(copy: Path, tmp_path: Path) -> None:
    shutil.copytree(copy, tmp_path / "stray")
    (tmp_path / "stray" / _PACKAGE / "helpers.py").write_text("", encoding="utf-8")
    assert "himsog_desktop.helpers" in lint(tmp_path / "stray")["Layers"]
