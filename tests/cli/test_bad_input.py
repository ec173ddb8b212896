"""Bad input gets a sentence and exit 2, never a traceback, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Answered, Himsog

TEN = "2026-11-20T10:00:00+08:00"
BOOK = ["book", "--provider", "cruz", "--start", TEN]
LONG = "x" * 10_000_000

BAD: list[tuple[list[str], str]] = [
    (["appointment", "nobody"], "not_found"),
    (["history", "nobody"], "not_found"),
    (["act", "nobody"], "not_found"),
    (["undo", "nobody"], "not_found"),
    (["patient", "show", "nobody"], "not_found"),
    (["patient", "edit", "nobody", "--phone", "0917 555 0101"], "not_found"),
    (["note", "nobody", "text"], "not_found"),
    (["move", "nobody", "--start", TEN], "not_found"),
    (["status", "confirm", "nobody"], "not_found"),
    (["status", "confirm", "'; DROP TABLE appointments; --"], "not_found"),
    (["appointments", "--provider", "nobody"], "not_found"),
    (["services", "--provider", "nobody"], "not_found"),
    (["slots", "--provider", "nobody", "--from", "2026-11-20"], "not_found"),
    (["next-available", "--service", "nobody"], "not_found"),
    (["book", "--provider", "nobody", "--start", TEN, "--patient-name", "A"], "not_found"),
    ([*BOOK, "--patient", "nobody"], "not_found"),
    ([*BOOK, "--patient-name", "A", "--service", "nobody"], "not_found"),
    (["slots", "--rules", "/nowhere/rules.json", "--from", "2026-11-20"], "not_found"),
    (["setup", "apply", "/nowhere/clinic.toml"], "not_found"),
    (["import", "appointments", "/nowhere/a.csv", "--map", "/nowhere/m.toml"], "not_found"),
    (["restore", "/nowhere/b.himsog", "--profile", "/nowhere/else"], "not_found"),
    (["appointments", "--from", "2026-11-21", "--to", "2026-11-20"], "bad_value"),
    (["appointments", "--from", "2027-02-31"], "bad_value"),
    (["appointments", "--from", "tomorrow"], "bad_value"),
    (["appointments", "--from", TEN], "bad_value"),
    (["appointments", "--status", "lost"], "bad_value"),
    (["appointments", "--limit", "-1"], "bad_value"),
    (["appointments", "--limit", "many"], "bad_value"),
    (["appointments", "--offset", "9" * 400], "bad_value"),
    (["patients", "--limit", "1.5"], "bad_value"),
    (["slots", "--provider", "cruz", "--from", "2026-02-31"], "bad_value"),
    (["slots", "--provider", "cruz", "--from", "2026-11-20", "--days", "0"], "bad_value"),
    (["slots", "--provider", "cruz", "--from", "2026-11-20", "--days", "100000"], "bad_value"),
    (["slots", "--provider", "cruz", "--from", "2026-11-20", "--duration", "0"], "bad_value"),
    (["next-available", "--part", "night"], "bad_value"),
    (["next-available", "--count", "0"], "bad_value"),
    (["status", "explode", "x"], "bad_value"),
    (["status", "cancel", "x", "--by", "nobody"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--duration", "-30"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--duration", "1441"], "bad_value"),
    ([*BOOK, "--patient-name", "   "], "bad_value"),
    ([*BOOK, "--patient-name", "\ufeff\u200b\u202e"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--patient-email", "not an address"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--patient-phone", "12"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--location", "moon"], "bad_value"),
    ([*BOOK, "--patient-name", "A", "--request-id", "1"], "bad_value"),
    ([*BOOK, "--patient-name", "A\0B"], "bad_value"),
    ([*BOOK, "--patient-name", "A\udce9"], "bad_value"),
    (["patient", "add", "--name", "A", "--birth-date", "2000-02-30"], "bad_value"),
    (["patient", "add", "--name", "A", "--birth-date", "2099-01-01"], "bad_value"),
    (["profile", "create", "/nowhere/new", "--clinic", "A", "--timezone", "Asia/Digos"], "bad_value"),
    (["profile", "create", "/nowhere/new", "--clinic", "A", "--timezone", "../../etc/passwd"], "bad_value"),
    (["demo", "create", "/nowhere/new", "--scale", "0"], "bad_value"),
    (["book", "--provider", "cruz", "--start", "2026-11-20T10:00:00", "--patient-name", "A"], "bad_instant"),
    (["book", "--provider", "cruz", "--start", "2026-02-31T10:00:00+08:00", "--patient-name", "A"], "bad_instant"),
    (["book", "--provider", "cruz", "--start", "2026-11-20T25:00:00+08:00", "--patient-name", "A"], "bad_instant"),
    (["book", "--provider", "cruz", "--start", "9999-12-31T23:59:59Z", "--patient-name", "A"], "bad_instant"),
    (["book", "--provider", "cruz", "--start", "２０２６-11-20T10:00:00+08:00", "--patient-name", "A"], "bad_instant"),
    (["book", "--provider", "cruz", "--start", "", "--patient-name", "A"], "bad_instant"),
    (["move", "x", "--start", "half past ten"], "bad_instant"),
    (["import", "ics", "x.ics", "--provider", "cruz", "--from", "2026-11-20"], "bad_instant"),
    ([*BOOK, "--patient-name", "A", "--notes", LONG], "too_long"),
    ([*BOOK, "--patient-name", LONG], "too_long"),
    (["note", "APT0", LONG], "too_long"),
    (["book"], "usage"),
    (BOOK, "usage"),
    ([*BOOK, "--patient", "x", "--patient-name", "A"], "usage"),
    (["move"], "usage"),
    (["status", "confirm"], "usage"),
    (["note", "x"], "usage"),
    (["patient"], "usage"),
    (["patient", "lose", "x"], "usage"),
    (["patient", "add"], "usage"),
    (["patient", "edit", "x"], "usage"),
    (["slots", "--from", "2026-11-20"], "usage"),
    (["slots", "--provider", "cruz", "--rules", "x.json", "--from", "2026-11-20"], "usage"),
    (["appointments", "--colour", "red"], "usage"),
    (["appointments", LONG], "usage"),
    (["nonsense"], "usage"),
]


def _named(argv: list[str]) -> str:
    return " ".join(part[:40] for part in argv).encode("ascii", "replace").decode()


@pytest.mark.parametrize(("argv", "code"), BAD, ids=[_named(argv) for argv, _ in BAD])
def test_a_sentence_and_exit_2(asked: Himsog, argv: list[str], code: str) -> None:
    answer = asked(*argv)
    assert answer.exit == 2, answer.out[:500]
    assert answer.error["code"] == code
    assert set(answer.error) == {"code", "message", "details", "alternatives"}
    assert 10 < len(answer.error["message"]) < 1_000
    assert answer.error["message"].rstrip().endswith((".", "?", "…")) or "--help" in answer.error["message"]
    assert answer.err == ""


def test_bad_input_changes_nothing(asked: Himsog) -> None:
    before = asked("digest").document
    for argv, _ in BAD:
        asked(*argv)
    assert asked("digest").document == before


def test_a_sentence_for_people(himsog: Himsog) -> None:
    answer = himsog("book", "--provider", "cruz", "--start", "2026-11-20T10:00:00", "--patient-name", "A")
    assert answer == Answered(2, b"", "--start: the time has no offset: write it like 2026-11-20T09:00:00+08:00.\n")


NAMES = [
    ("'; DROP TABLE appointments; --", "drop"),
    ("<b>Ana</b> & <script>alert(1)</script>", "script"),
    ("Peña, José 何 😀", "jose pena"),
    ("%s %(x)s {0}", "%s"),
    ("=1+1", "=1+1"),
]


@pytest.mark.parametrize(("name", "query"), NAMES)
def test_odd_names_are_taken_literally(asked: Himsog, himsog: Himsog, name: str, query: str) -> None:
    answer = asked(*BOOK, "--patient-name", name)
    assert answer.document["changed"][0]["patient"]["name"] == name
    assert asked("patients", "--query", query).document[0]["name"] == name
    assert name in himsog("appointments").text
    assert asked("doctor").document["ok"]


def test_nothing_of_the_data_reaches_the_terminal_as_a_command(asked: Himsog, himsog: Himsog) -> None:
    answer = asked(*BOOK, "--patient-name", "A\x1b]0;owned\x07B", "--notes", "one\x1b[2Jtwo\nthree \u202eevil")
    assert answer.exit == 0
    key = answer.document["changed"][0]["number"]
    for text in (himsog("appointments").text, himsog("appointment", key).text, himsog("history", key).text):
        assert not {c for c in text if c < " " or c in "\x7f\u202e"} - {"\n"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"timezone": "Asia/Manila"}', b"\xff\xfe", b"[" * 100_000, b'{"timezone": NaN}'],
    ids=["empty", "open", "list", "half", "bytes", "deep", "nan"],
)
def test_rules_files_that_are_none(asked: Himsog, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(content)
    answer = asked("slots", "--rules", path, "--from", "2026-11-20")
    assert (answer.exit, answer.error["code"]) == (2, "bad_value")


@pytest.mark.parametrize("content", [b"= 1", b"\xff", b"[clinic]\ntimezone = 5", b"[nonsense]", b"a = " + b"[" * 5000])
def test_setup_documents_that_are_none(asked: Himsog, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes(content)
    assert asked("setup", "apply", path).exit == 2


def test_a_folder_in_place_of_a_file(asked: Himsog, tmp_path: Path) -> None:
    for argv in (["setup", "apply", tmp_path], ["slots", "--from", "2026-11-20", "--rules", tmp_path],
                 ["setup", "export", "-o", tmp_path], ["restore", tmp_path, "--profile", tmp_path / "x"],
                 ["import", "appointments", tmp_path], ["export", "appointments", "-o", tmp_path],
                 ["export", "calendar", "-o", tmp_path], ["backup", "-o", tmp_path]):  # fmt: skip
        assert asked(*argv).exit == 2, argv


def test_a_bad_moment_of_the_environment(asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_NOW", "yesterday")
    answer = asked("profile", "info")
    assert (answer.exit, answer.error["code"]) == (2, "bad_instant")


def test_no_profile_there(asked: Himsog, tmp_path: Path) -> None:
    answer = asked("--profile", tmp_path / "none", "appointments")
    assert (answer.exit, answer.error["code"]) == (2, "not_found")
    assert not (tmp_path / "none").exists()


def test_a_wrong_passphrase(asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "not it")
    answer = asked("profile", "info")
    assert (answer.exit, answer.error["code"]) == (4, "wrong_key")
