"""States of the page "Print the day" that the tour takes pictures of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from himsog_desktop.ui.paper.page import PrintPage


class Sample(NamedTuple):
    """A state: its name, and what is done to the page once it has read the day."""

    name: str
    prepare: Callable[[PrintPage], None]


def _nothing(_page: PrintPage) -> None:
    """As it opens."""


def _sheet(page: PrintPage) -> None:
    page.sheet.setChecked(True)


def _hidden(page: PrintPage) -> None:
    page.hide_names.setChecked(True)


def _hidden_sheet(page: PrintPage) -> None:
    page.sheet.setChecked(True)
    page.hide_names.setChecked(True)


def _end(page: PrintPage) -> None:
    page.view.show_sheet(2)


SAMPLES = (
    Sample("list", _nothing),
    Sample("list_further", _end),
    Sample("list_hidden", _hidden),
    Sample("sheet", _sheet),
    Sample("sheet_hidden", _hidden_sheet),
)
