"""The command itself: its words, its options, what it loads, and which commands there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from himsog_desktop import __version__
from himsog_desktop.cli.program import COMMANDS, ROOT
from tests.cli.conftest import ROOT as REPOSITORY
from tests.cli.conftest import Himsog, run_here

COMING = ("analytics", "database", "staff", "gateway", "reminders", "support-bundle", "simulate")
LATER = [name for name in COMING if name not in COMMANDS]


def _loaded(*argv: str) -> set[str]:
    """The modules that a command loads, in a fresh interpreter."""
    code = f"import sys; from himsog_desktop.cli import main; main({list(argv)!r}); print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=REPOSITORY, text=True, check=True)
    return set(done.stdout.splitlines())


def test_the_version() -> None:
    assert run_here("--version").text == f"himsog {__version__}\n"


def test_every_command_has_help() -> None:
    text = run_here("--help").text
    for name in COMMANDS:
        assert name in text
        assert run_here(name, "--help").text.startswith(f"Usage: himsog {name}")


def test_help_as_a_document() -> None:
    assert run_here("--json", "book", "--help").document["help"].startswith("Usage: himsog book")


@pytest.mark.parametrize("name", LATER)
def test_what_comes_later_is_not_there_yet(name: str) -> None:
    answer = run_here("--json", name)
    assert (answer.exit, answer.error["code"]) == (2, "usage")


def test_no_command_at_all() -> None:
    answer = run_here()
    assert answer.exit == 2
    assert answer.out == b""
    assert "himsog --help" in answer.err


def test_the_version_loads_next_to_nothing() -> None:
    loaded = _loaded("--version")
    assert not {m for m in loaded if m.split(".")[0] in {"msgspec", "sqlcipher3", "sqlalchemy", "keyring", "json"}}
    assert not {m for m in loaded if m.startswith("himsog_desktop.services")}


def test_a_usage_error_opens_no_database() -> None:
    loaded = _loaded("book", "--provider", "x")
    assert not {m for m in loaded if m.split(".")[0] in {"sqlalchemy", "keyring", "phonenumbers", "cryptography"}}


@pytest.mark.parametrize("argv", [["--help"], ["book", "--bogus"]])
def test_qt_is_never_loaded(argv: list[str]) -> None:
    assert not {m for m in _loaded(*argv) if m.startswith(("PySide6", "himsog_desktop.ui"))}


def test_options_before_and_after_the_command(profile: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIMSOG_PROFILE")
    before = run_here("--profile", profile, "--json", "--as", "ana", "profile", "info")
    after = run_here("profile", "info", "--as", "ana@clinic.example", "--json", "--profile", profile)
    between = run_here("profile", "--json", "--profile", profile, "info", "--as", "ana")
    assert before.exit == 0
    assert before.out == after.out == between.out


def test_every_command_takes_the_options_of_all() -> None:
    import click

    def leaves(command: click.Command) -> list[click.Command]:
        if not isinstance(command, click.Group):
            return [command]
        context = click.Context(command)
        return [
            leaf
            for name in command.list_commands(context)
            if (found := command.get_command(context, name)) is not None
            for leaf in [found, *leaves(found)]
        ]

    for command in leaves(ROOT):
        names = {name for option in command.params for name in option.opts}
        assert {"--profile", "--json", "--as"} <= names, command.name


def test_the_commands_own_option_wins(asked: Himsog) -> None:
    assert "--as blocks|appointments" in run_here("import", "ics", "--help").text
    answer = asked("--as", "rea", "import", "ics", "x.ics", "--provider", "cruz", "--as", "blocks")
    assert (answer.exit, answer.error["code"]) == (4, "forbidden")


WRITING = (
    *("book", "move", "status", "note", "undo", "patient add", "patient edit", "setup apply"),
    *("import appointments", "import patients", "import ics"),
)


@pytest.mark.parametrize("name", WRITING)
def test_writing_commands_take_a_request_id(name: str) -> None:
    assert "--request-id" in run_here(*name.split(), "--help").text


def test_who_acts(asked: Himsog) -> None:
    assert asked("profile", "info", "--as", "nobody").error["code"] == "signed_out"
    answer = asked("--as", "rea", "note", "APT1", "x")
    assert (answer.exit, answer.error["code"]) == (4, "forbidden")


def test_a_fault_of_ours_is_said_and_kept_without_its_words(
    asked: Himsog, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from himsog_desktop.services import digests

    def fails(desk: object) -> None:
        asked_by = "Reyes, Ana"
        raise RuntimeError(f"secret of {asked_by} {desk}")

    monkeypatch.setattr(digests, "digest", fails)
    answer = asked("digest")
    assert (answer.exit, answer.error["code"], answer.err) == (5, "internal", "")
    kept = (profile / "logs" / "himsog.log").read_text()
    assert "RuntimeError" in kept
    assert "commands.upkeep.digest" in kept
    assert "Reyes" not in kept
    assert "secret" not in kept
    assert b"Reyes" not in answer.out


def test_a_damaged_file_is_said(asked: Himsog, profile: Path) -> None:
    path = profile / "cache.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 4 :] = bytes(len(content) - len(content) // 4)
    path.write_bytes(content)
    answer = asked("appointments")
    assert answer.exit in (3, 4)
    assert answer.error["code"] in ("disk", "wrong_key")
    path.unlink()
    assert asked("appointments").exit == 3
