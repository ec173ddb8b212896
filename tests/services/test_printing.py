"""What goes on paper: whose rows, which columns, and that a file is whole or is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.services import patients, printing, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.patients import PatientFields
from himsog_desktop.services.printing import PrintChoices
from tests.support.pdf_reading import read_pdf
from tests.support.profiles import TODAY, World


@pytest.fixture
def booked(desk: Desk, world: World) -> Desk:
    """Three today with two providers, one tomorrow."""
    first = world.book(desk, "09:00", "Uy, An", service_ids=("check-up",))
    gone = world.book(desk, "10:00", "Gone, Gina")
    world.book(desk, "11:00", "Lim, Lea", provider="lim")
    world.book(desk, "09:00", "Later, Lou", day=date(2026, 11, 21))
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (gone.id,), "ill"))
    patients.edit(desk, first.patient.id, PatientFields(birth_date="1984-03-12"))
    return desk


def shown(desk: Desk, providers: tuple[str, ...] | None = None, day: date = TODAY) -> dict[str, list[str]]:
    found = printing.read_day(desk, day, providers)
    return {column.name: [row.name for row in column.rows] for column in found.columns}


def test_a_day_is_everybody_who_works_or_is_booked(booked: Desk) -> None:
    assert shown(booked) == {
        "Dr Elena Cruz": ["Uy, An", "Gone, Gina"],
        "Dr Ramon Lim": ["Lim, Lea"],
        "Marisol Tan": [],
    }
    assert shown(booked, day=date(2026, 11, 21)) == {"Dr Elena Cruz": ["Later, Lou"], "Marisol Tan": []}
    row = printing.read_day(booked, TODAY).columns[0].rows[0]
    assert (row.birth_date, row.services, row.status) == ("1984-03-12", "Check-up", "PENDING")


def test_providers_are_chosen_by_id_or_key_in_their_order(booked: Desk) -> None:
    assert list(shown(booked, ("lim", "cruz"))) == ["Dr Ramon Lim", "Dr Elena Cruz"]
    assert shown(booked, ("lim",), date(2026, 11, 21)) == {"Dr Ramon Lim": []}  # asked for, so said
    with pytest.raises(BadInput, match="nobody"):
        shown(booked, ("nobody",))


def test_rights_are_those_of_the_screen(booked: Desk, world: World) -> None:
    assert list(shown(world.desk("rea"))) == ["Dr Elena Cruz", "Dr Ramon Lim", "Marisol Tan"]
    assert list(shown(world.desk("dr-cruz"))) == ["Dr Elena Cruz"]
    assert shown(world.desk("dr-cruz"), ("lim",)) == {}
    with pytest.raises(NoAccess):
        shown(world.desk("ivan"))


def test_a_file_is_whole_and_its_owners_or_not_there(booked: Desk, world: World, tmp_path: Path) -> None:
    out = tmp_path / "day.pdf"
    made = printing.print_day(booked, TODAY, out, PrintChoices())
    assert (made.rows, made.pages, made.file) == (3, 3, str(out))
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(read_pdf(out.read_bytes()).pages) == 3
    sheet = printing.print_day(booked, TODAY, out, PrintChoices(kind="sheet"))
    assert sheet.pages == len(read_pdf(out.read_bytes()).pages) == 1
    with pytest.raises(BadInput, match="cannot be written"):
        printing.print_day(booked, TODAY, tmp_path / "nowhere" / "day.pdf", PrintChoices())
    with pytest.raises(NoAccess):
        printing.print_day(world.desk("ivan"), TODAY, tmp_path / "it.pdf", PrintChoices())
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".pdf", ".tmp")] == ["day.pdf"]
