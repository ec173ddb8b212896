"""The set-up: what it says when the machine lacks something, and what the requirements pin."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.tools import ROOT, load

dev = load("dev")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have run."""
    ran: list[list[str]] = []
    monkeypatch.setattr(dev, "step", lambda command, *_: ran.append([str(c) for c in command]))
    return ran


def machine(monkeypatch: pytest.MonkeyPatch, *, apt: bool, root: bool) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}" if apt else None)
    monkeypatch.setattr(dev, "is_root", lambda: root)


def test_a_missing_library_is_installed_as_root_on_debian(
    monkeypatch: pytest.MonkeyPatch, steps: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    machine(monkeypatch, apt=True, root=True)
    answers = iter(["ImportError: libEGL.so.1: cannot open shared object file", ""])
    monkeypatch.setattr(dev, "probe_qt", lambda env: next(answers))
    monkeypatch.setattr(dev.sys, "platform", "linux")
    dev.need_qt(dev.QT_PACKAGES, {})
    assert steps[0][:2] == ["apt-get", "update"]
    assert steps[1][:2] == ["apt-get", "install"]
    assert set(dev.QT_PACKAGES) <= set(steps[1])
    assert "libEGL.so.1" in capsys.readouterr().out


def test_the_exact_command_is_printed_when_not_root(monkeypatch: pytest.MonkeyPatch, steps: list[list[str]]) -> None:
    machine(monkeypatch, apt=True, root=False)
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(dev, "venv_works", lambda: False)
    with pytest.raises(dev.Stop) as stop:
        dev.make_venv()
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {version}\n" in str(stop.value)
    assert stop.value.code == 2
    assert steps == []


def test_another_system_is_told_what_to_look_for(monkeypatch: pytest.MonkeyPatch, steps: list[list[str]]) -> None:
    machine(monkeypatch, apt=False, root=True)
    with pytest.raises(dev.Stop, match="these packages hold it: libegl1"):
        dev.apt_install(["libegl1"], "Qt misses a system library.")
    assert steps == []


def test_a_step_is_done_once_and_again_when_what_it_depends_on_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path)
    done: list[int] = []
    for value in ("a", "a", "b", "b", "a"):
        dev.stamped("x", value, lambda: done.append(1))
    assert len(done) == 3
    with pytest.raises(ZeroDivisionError):
        dev.stamped("y", "a", lambda: 1 // 0)
    dev.stamped("y", "a", lambda: done.append(1))
    assert len(done) == 4


def test_without_a_display_run_renders_the_tour(
    monkeypatch: pytest.MonkeyPatch, steps: list[list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "setup", lambda: None)
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    (tmp_path / "tour").mkdir()
    (tmp_path / "tour" / "day-full-light@1.png").touch()
    assert dev.main(["run"]) == 0
    assert steps == [[str(dev.desktop()), "--screenshot-tour", str(tmp_path / "tour")]]
    said = capsys.readouterr().out
    assert "There is no display here" in said
    assert f"1 pictures are in {tmp_path / 'tour'}" in said


def test_the_build_is_not_there_yet_and_the_help_does_not_promise_it() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "dev.py")]
    done = subprocess.run([*command, "build"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "The frozen build is not part of this release yet.\n")
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  (\w+) +\w", shown.partition("commands:")[2], re.MULTILINE)) == set(dev.COMMANDS)


def test_the_script_needs_the_standard_library_only() -> None:
    source = (ROOT / "packaging" / "dev.py").read_text(encoding="utf-8")
    tops = set(
        re.findall(r"^\s*(?:import|from) (\w+)", re.sub(r'""".*?"""', "", source, flags=re.DOTALL), re.MULTILINE)
    )
    assert tops <= sys.stdlib_module_names


# ------------------------------------------------------------------------------------- requirements


def pinned(name: str) -> dict[str, Requirement]:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    entries = [
        e for e in re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines() if e.strip()
    ]
    found: dict[str, Requirement] = {}
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
        requirement = Requirement(entry.partition("--hash")[0].strip())
        assert [s.operator for s in requirement.specifier] == ["=="], entry
        found[canonicalize_name(requirement.name)] = requirement
    return found


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_name_no_host_and_no_path(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted|/home|/root|/tmp|/opt|@ file", text)


def test_the_pins_are_within_the_ranges() -> None:
    runtime, everything = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {n: str(r) for n, r in everything.items() if n in runtime} == {n: str(r) for n, r in runtime.items()}
    groups = settings()
    for ranges, pins in (
        (groups["project"]["dependencies"], runtime),
        (groups["dependency-groups"]["dev"], everything),
    ):
        for text in ranges:
            wanted = Requirement(text)
            (version,) = pins[canonicalize_name(wanted.name)].specifier
            assert wanted.specifier.contains(version.version), f"{wanted} does not take {version}"


def test_the_environment_of_this_run_is_the_pinned_one() -> None:
    from importlib.metadata import PackageNotFoundError, version

    for name, requirement in pinned("requirements-dev.txt").items():
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            found = version(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is not installed; python3 packaging/dev.py setup")
        assert requirement.specifier.contains(found), f"{requirement}, but {found} is installed"
