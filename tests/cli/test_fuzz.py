"""Whatever is typed: one document or one text, an exit code of the contract, and no fault of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import run_here

COMMANDS = (
    *("providers", "services", "patients", "patient show", "patient add", "patient edit", "slots", "next-available"),
    *("book", "move", "status", "note", "undo", "appointments", "appointment", "history", "act", "digest"),
    *("profile info", "setup apply", "setup export", "import appointments", "batch", "import ics", "export calendar"),
)
OPTIONS = (
    *("--provider", "--start", "--patient", "--patient-name", "--patient-phone", "--patient-email", "--service"),
    *("--duration", "--notes", "--confirm", "--overbook", "--request-id", "--from", "--to", "--status", "--query"),
    *("--limit", "--offset", "--days", "--only-free", "--part", "--count", "--name", "--phone", "--email", "--alert"),
    *("--birth-date", "--blocked", "--reason", "--by", "--json", "--as", "--map", "--dry-run", "--", "-o", "--rules"),
)
VALUES = (
    *("cruz", "lim", "owner", "ana", "check-up", "2026-11-20T10:00:00+08:00", "2026-11-20", "2026-02-31", "-1", "0"),
    *("1", "99999999999999999999", "confirm", "CANCEL", "morning", "0917 555 0101", "a@example.com", "a@b", ""),
    *(" ", "\0", "\ud800", "'; DROP TABLE user; --", "<b>", "%s", "{0}", "../..", "/", "-", "--help", "NULL", "ñ"),
    "0190b2a4-7c1e-7f00-8000-3f2a5b6c7d8e",
)
ANY_VALUE = st.sampled_from(VALUES) | st.text(max_size=12)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write into by mistake."""
    folder = tmp_path / "outside"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    command=st.sampled_from(COMMANDS),
    rest=st.lists(
        st.tuples(st.sampled_from(OPTIONS)) | st.tuples(ANY_VALUE) | st.tuples(st.sampled_from(OPTIONS), ANY_VALUE),
        max_size=5,
    ),
    as_json=st.booleans(),
)
def test_whatever_is_typed(
    outside: Path, profile: Path, command: str, rest: list[tuple[str, ...]], as_json: bool
) -> None:
    arguments = [*command.split(), *(word for words in rest for word in words)]
    answer = run_here(*(["--json"] if as_json else []), *arguments, stdin=b"x\n")
    assert answer.exit in (0, 1, 2, 4), answer
    if as_json:
        assert answer.err == ""
        document = json.loads(answer.out)
        assert answer.exit == 0 or "refused" in document or document["error"]["code"] != "internal"
    elif answer.exit:
        assert "Traceback" not in answer.err
        assert answer.err.strip() or answer.out
