"""The pages of an open session: which there are, and how each is made when it is first opened.

A page is a widget that takes (context, session, parent) and keeps the protocol ``Page``; one that shows a stretch
of the calendar keeps ``CalendarPage`` too. Day, week, month and agenda are faces of one calendar: the keys D, W, M
and A and the switch in their toolbars lead from one to the other, and the day in view goes with them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session

TODAY, WEEK, APPOINTMENTS, SETTINGS, PRINT = "today", "week", "appointments", "settings", "print"
ATTENTION, CONNECTION = "attention", "connection"


class Face(NamedTuple):
    """One face of the calendar: the page, its word, its key."""

    page: str
    word: str
    key: str


FACES: tuple[Face, ...] = (
    Face(TODAY, "Day", "D"),
    Face(WEEK, "Week", "W"),
    Face("month", "Month", "M"),
    Face("agenda", "Agenda", "A"),
)
"""The faces of the calendar in the order of the switch."""

MAKERS: dict[str, tuple[str, str]] = {
    WEEK: ("himsog_desktop.ui.shell.week", "Week"),
    PRINT: ("himsog_desktop.ui.paper.page", "PrintPage"),
    "month": ("himsog_desktop.ui.shell.month", "Month"),
    APPOINTMENTS: ("himsog_desktop.ui.appointments_list.page", "AppointmentsPage"),
    "agenda": ("himsog_desktop.ui.shell.agenda", "Agenda"),
    ATTENTION: ("himsog_desktop.ui.attention.page", "AttentionPage"),
    CONNECTION: ("himsog_desktop.ui.sync.connection", "ConnectionPage"),
}
"""Module and class of each page that is made when it is first opened; ``today`` and ``settings`` are the shell's."""


@runtime_checkable
class Page(Protocol):
    """What the shell asks of a page. Its signals and acts go through the ``DeskContext``."""

    def arrive(self) -> None:
        """It came into view: it takes the keyboard, and reads what it shows if it has not."""
        ...

    def chosen(self) -> tuple[str, ...]:
        """The ids of the appointments that a state key means."""
        ...


@runtime_checkable
class CalendarPage(Page, Protocol):
    """A page that shows a stretch of the calendar around a day."""

    @property
    def day(self) -> date:
        """The day that it stands on."""
        ...

    def show_day(self, day: date) -> None:
        """Go to a day."""
        ...

    def step(self, steps: int) -> None:
        """So many of its own stretches (weeks, months) on or back."""
        ...


def make(page: str, context: DeskContext, session: Session, parent: QWidget) -> QWidget:
    """Make a page. Raises KeyError for one that there is not."""
    module, name = MAKERS[page]
    maker = getattr(import_module(module), name)
    made: QWidget = maker(context, session, parent)
    return made


def is_face(page: str) -> bool:
    """Whether a page is a face of the calendar."""
    return any(face.page == page for face in FACES)
