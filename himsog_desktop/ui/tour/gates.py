"""Shots of what stands before an open profile."""

from __future__ import annotations

from PySide6.QtCore import Qt

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.ui.shell.gates import Building, FirstRun, RecoveryKey, Trouble, Unlock
from himsog_desktop.ui.tour.stage import SMALL, Shot, Stage


def _locked(stage: Stage) -> None:
    gate = stage.program.window.gate
    if not isinstance(gate, Unlock):
        stage.program.lock()


def _wrong(stage: Stage) -> None:
    _locked(stage)
    gate = stage.program.window.gate
    assert isinstance(gate, Unlock)
    gate.words.setText("not these words")
    stage.hand.key(_ENTER, "\r")
    stage.hand.until(lambda: bool(gate.trouble.text()), "the sentence")


def _welcome(stage: Stage) -> None:
    _first_run(stage)


def _first_run(stage: Stage) -> FirstRun:
    gate = stage.program.window.gate
    if not isinstance(gate, FirstRun):  # pictures of other gates were taken before
        gate = FirstRun(stage.program.look, keyring=stage.program.house.has_keyring())
        stage.program.window.show_gate(gate)
    return gate


def _missing(stage: Stage) -> None:
    gate = _first_run(stage)
    gate.name.setText("Digos Family Clinic")
    gate.name.setFocus()
    stage.hand.key(_ENTER, "\r")


def _filled(stage: Stage) -> None:
    gate = _first_run(stage)
    gate.say_trouble("")
    gate.zone.setText("Asia/Manila")
    gate.providers.setText("Dr Cruz, Dr Lim, Dr Santos")
    gate.passphrase.setText("correct horse")
    gate.passphrase.setFocus()


def _recovery(stage: Stage) -> None:
    gate = RecoveryKey(stage.program.look, "7K2M-Q9XD-4TRB-W6HN-P3VC-8ZGF-5JYL-A1SE")
    stage.program.window.show_gate(gate)


def _accepted(stage: Stage) -> None:
    _recovery(stage)
    gate = stage.program.window.gate
    assert isinstance(gate, RecoveryKey)
    gate.kept.setChecked(True)
    gate.go.setFocus()


def _building(stage: Stage) -> None:
    text = "Patients and appointments that nobody ever had. All of it is thrown away when you close the window."
    gate = Building(stage.program.look, "Making the demo clinic", text)
    stage.program.window.show_gate(gate)
    gate.show_progress(40, 100)


def _trouble(stage: Stage) -> None:
    error = Surroundings("not_found", "The cache file of this profile is missing.")
    stage.program.window.show_gate(Trouble(stage.program.look, error.message))


_ENTER = Qt.Key.Key_Return

FIRST = (
    Shot("gate-first_run", _welcome, profile="none"),
    Shot("gate-first_run_missing", _missing, profile="none"),
    Shot("gate-first_run_filled", _filled, profile="none"),
    Shot("gate-recovery_key", _recovery, profile="none"),
    Shot("gate-recovery_key_kept", _accepted, profile="none"),
    Shot("gate-building", _building, profile="none"),
    Shot("gate-trouble", _trouble, profile="none"),
    Shot("gate-trouble_small", _trouble, SMALL, profile="none"),
)
LAST = (
    Shot("gate-locked", _locked),
    Shot("gate-wrong", _wrong),
)
"""After all others on the clinic's profile: they lock it."""
