"""Imports at the command line: reports, exit codes, undo; and what is left when one is stopped or killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import COMMAND, Himsog, environment
from tests.cli.test_documents import IMPORT, conforms
from tests.support.pdf_reading import read_pdf

MAP = """
kind = "appointments"
system = "old"
[fields]
external_id = { column = "Id" }
provider = { column = "Doctor" }
patient_name = { column = "Patient" }
patient_key = { column = "Patient" }
start = { column = "Start", format = "%Y-%m-%d %H:%M" }
duration = { constant = "30" }
status = { column = "Outcome", values = { "Yes" = "COMPLETED", "No" = "NO_SHOW" } }
"""


def table(folder: Path, rows: int, doctor: str = "Dr Elena Cruz") -> list[str]:
    """A table of past visits with its map; the arguments that import it."""
    lines = ["Id,Doctor,Patient,Start,Outcome"]
    first = datetime(2025, 1, 6, 8)
    for i in range(rows):
        start = first + timedelta(days=i // 16, minutes=30 * (i % 16))
        lines.append(f'{i},{doctor},"Patient, Number {i}",{start:%Y-%m-%d %H:%M},{"No" if i % 10 == 3 else "Yes"}')
    (folder / "old.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "old.toml").write_text(MAP, encoding="utf-8")
    return ["import", "appointments", str(folder / "old.csv"), "--map", str(folder / "old.toml"), "--create-missing"]


def test_a_table_in_and_out_again(asked: Himsog, tmp_path: Path) -> None:
    before = asked("digest").document
    command = table(tmp_path, 40)
    dry = asked(*command, "--dry-run")
    conforms(dry.document, IMPORT)
    assert (dry.exit, dry.document["act"], dry.document["taken"]) == (0, None, 40)
    assert asked("digest").document == before
    done = asked(*command)
    conforms(done.document, IMPORT)
    assert (done.exit, done.document["taken"]) == (0, 40)
    assert done.document["by_status"]["NO_SHOW"] == 4
    assert len(asked("appointments", "--status", "no-show").document) == 4
    again = asked(*command).document
    assert (again["taken"], again["unchanged"], again["act"]) == (0, 40, None)
    assert asked("undo", done.document["act"]).exit == 0
    assert asked("digest").document == before


def test_a_refused_line_is_exit_1_and_the_others_are_taken(asked: Himsog, himsog: Himsog, tmp_path: Path) -> None:
    command = table(tmp_path, 3)
    with (tmp_path / "old.csv").open("a") as file:
        file.write('9,Dr Elena Cruz,"Reyes, Ana",2025-02-31 08:00,Yes\n')
    answer = asked(*command)
    assert (answer.exit, answer.document["taken"], answer.document["refused"]) == (1, 3, 1)
    (line,) = [line for line in answer.document["lines"] if line["outcome"] == "refused"]
    assert line["line"] == 5
    text = himsog(*command)
    assert text.exit == 1
    assert "- line 5, refused: " in text.text


def test_the_same_request_imports_once(asked: Himsog, tmp_path: Path) -> None:
    command = [*table(tmp_path, 5), "--request-id", "0190b2a4-7c1e-7f00-8000-3f2a5b6c7d8e"]
    first = asked(*command)
    assert first.document["taken"] == 5
    assert asked(*command) == first


def test_progress_is_said_on_standard_error(himsog: Himsog, tmp_path: Path) -> None:
    command = table(tmp_path, 50)
    assert himsog(*command, "--dry-run").err == ""
    assert "50 of " in himsog(*command, "--progress").err


def _running(profile: Path, command: list[str]) -> tuple[subprocess.Popen[str], IO[str]]:
    made = subprocess.Popen(
        [*COMMAND, "--json", *command, "--progress"],
        env=environment(profile), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert made.stderr is not None
    return made, made.stderr


def _counts(asked: Himsog) -> Any:
    return asked("profile", "info").document["counts"]["appointments"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_stopped_leaves_nothing(
    asked: Himsog, profile: Path, tmp_path: Path, number: signal.Signals
) -> None:
    before = asked("digest").document
    made, progress = _running(profile, table(tmp_path, 4000))
    next(progress)
    made.send_signal(number)
    out, _ = made.communicate(timeout=60)
    assert (made.returncode, json.loads(out)["error"]["code"]) == (1, "cancelled")
    assert asked("digest").document == before


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_half_an_import_is_taken_back_by_the_next_command(asked: Himsog, profile: Path, tmp_path: Path) -> None:
    before = asked("digest").document
    made, progress = _running(profile, table(tmp_path, 4000))
    next(progress)
    next(progress)
    made.kill()
    made.communicate(timeout=60)
    assert asked("digest").document == before
    assert asked("doctor").document["ok"]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Tests//EN
BEGIN:VEVENT
UID:weekly
DTSTAMP:20261101T000000Z
DTSTART;TZID=Asia/Manila:20261123T090000
DTEND;TZID=Asia/Manila:20261123T100000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Asia/Manila:20261130T090000
SUMMARY:Ward round
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_blocks_time(asked: Himsog, himsog: Himsog, tmp_path: Path) -> None:
    from tests.cli.test_documents import CALENDAR as SHAPE

    path = tmp_path / "rounds.ics"
    path.write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8")
    window = ["--from", "2026-11-20T00:00:00+08:00", "--to", "2026-12-31T00:00:00+08:00"]
    command = ["import", "ics", str(path), "--provider", "cruz", *window]
    dry = asked(*command, "--dry-run").document
    conforms(dry, SHAPE)
    assert [o["start"][:10] for o in dry["occurrences"]] == ["2026-11-23", "2026-12-07", "2026-12-14"]
    assert asked(*command).exit == 0
    slots = asked("slots", "--provider", "cruz", "--from", "2026-11-23").document
    blocked = [s["start"][11:16] for s in slots if "blocked_time" in {r["rule"] for r in s["reasons"]}]
    assert blocked == ["09:00", "09:30"]
    assert asked(*command).document["taken"] == 0
    assert himsog(*command).text.startswith("Everything is there already")
    assert asked("appointments").document == []


def test_out_as_a_table_and_in_again(asked: Himsog, tmp_path: Path) -> None:
    asked(*table(tmp_path, 20))
    out = tmp_path / "out.csv"
    done = asked("export", "appointments", "--format", "csv", "-o", out, "--status", "no-show")
    assert (done.exit, done.document) == (0, {"rows": 2, "file": str(out)})
    assert out.read_text(encoding="utf-8-sig").count("\n") == 3
    assert asked("export", "appointments", "-o", out).document["rows"] == 20
    again = asked("import", "appointments", out, "--map", "himsog")
    assert again.document["taken"] == 0


def test_out_as_a_calendar(asked: Himsog, tmp_path: Path) -> None:
    asked("book", "--provider", "cruz", "--start", "2026-11-20T10:00:00+08:00", "--patient-name", "Peña, José")
    out = tmp_path / "out.ics"
    assert asked("export", "calendar", "-o", out).document == {"rows": 1, "file": str(out)}
    assert b"BEGIN:VEVENT" in out.read_bytes()


def test_today_is_the_clinics(asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past midnight in Manila is the day before in London."""
    monkeypatch.setenv("HIMSOG_NOW", "2026-11-20T16:30:00Z")
    (found,) = asked("next-available", "--provider", "cruz").document
    assert date.fromisoformat(found["start"][:10]) == date(2026, 11, 21)


def test_the_day_on_paper(asked: Himsog, tmp_path: Path) -> None:
    out = tmp_path / "day.pdf"
    booked = asked("book", "--provider", "cruz", "--start", "2026-11-20T09:00:00+08:00", "--patient-name", "Uy, An")
    assert booked.exit == 0
    done = asked("print", "day", "-o", out)
    assert done.document == {"rows": 1, "pages": 3, "file": str(out)}
    texts = [text.text for page in read_pdf(out.read_bytes()).pages for text in page.texts]
    assert {"Uy, An", "09:00–09:30", "Requested", "Friday 20 November 2026"} <= set(texts)
    options = ("--date", "2026-11-20", "--provider", "cruz", "--sheet", "--hide-names", "--size", "letter")
    assert asked("print", "day", *options, "-o", out).document["pages"] == 1
    (page,) = read_pdf(out.read_bytes()).pages
    assert (page.width, page.height) == (792.0, 612.0)
    assert "Uy, An" not in {text.text for text in page.texts}
    assert asked("print", "day", "--date", "yesterday", "-o", out).exit == 2
    assert asked("export", "appointments", "--format", "pdf", "-o", out).document == {"rows": 1, "file": str(out)}
