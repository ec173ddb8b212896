"""What keys and the search do to an open session: one table from a key to an act."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.quickparse import read_typed
from himsog_desktop.ui.models import search_model
from himsog_desktop.ui.models.search_model import Found
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell import palette
from himsog_desktop.ui.shell.keymap import KEYS, bindings, words
from himsog_desktop.ui.shell.pages import ATTENTION, CONNECTION, FACES, PRINT, TODAY, CalendarPage, Page
from himsog_desktop.ui.shell.panels import BookingRequest
from himsog_desktop.ui.shell.prefs import PROVIDERS, ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.workspace import Workspace


def press_key(workspace: Workspace, event: QKeyEvent) -> bool:
    """Do what a key says that no field wanted. False when it means nothing."""
    act = bindings(workspace.prefs.now.keys).of_event(event)
    if not act or act not in _acts(workspace):
        return False
    do(workspace, act)
    return True


def do(workspace: Workspace, act: str) -> None:
    """Do an act of the key map by its name; where nothing may be seen, of most the page that says so."""
    if workspace.stand_in is not None and act not in _WITHOUT_A_DAY:
        workspace.open_page(TODAY)
        return
    _acts(workspace)[act]()


_WITHOUT_A_DAY = frozenset(
    {"connection", "help", "keys", "lock", "page_settings", "performance", "quit", "sidebar", "sync_now"}
)


def _acts(w: Workspace) -> dict[str, Callable[[], object]]:
    view = w.grid.view
    return {
        "book": w.grid.ask_booking if w.grid is w.pages.currentWidget() else w.open_booking,
        "search": w.top.search.begin,
        "undo": lambda: w.acts.undo(),
        "redo": lambda: w.acts.redo(),
        "print": lambda: _print(w),
        "today": lambda: _today(w),
        **{f"{face.page}_view": partial(w.show_face, face.page) for face in FACES},
        "day_before": lambda: _step(w, -1),
        "day_after": lambda: _step(w, 1),
        "week_before": lambda: _weeks(w, -1),
        "week_after": lambda: _weeks(w, 1),
        "go_to": lambda: _to_date_field(w),
        "closer": lambda: view.zoom_by(1),
        "farther": lambda: view.zoom_by(-1),
        "confirm": lambda: w.do_status(StatusAct.CONFIRM),
        "complete": lambda: w.do_status(StatusAct.COMPLETE),
        "cancel": lambda: w.do_status(StatusAct.CANCEL),
        "no_show": lambda: w.do_status(StatusAct.NO_SHOW),
        "move": lambda: _move(w),
        "card": view.pointer.show_card_at_cursor,
        "history": lambda: _history(w),
        "pin": lambda: w.pins.toggle(w.chosen()) if w.pins is not None else None,
        "pins": lambda: w.pins.take_keyboard() if w.pins is not None else None,
        "in_order": lambda: _in_order(w),
        "privacy": lambda: toggle_privacy(w),
        "lock": w.lock_asked.emit,
        "page_today": lambda: w.open_page("today"),
        "page_appointments": lambda: w.open_page("appointments"),
        "page_settings": lambda: w.open_page("settings"),
        **_shared_acts(w),
        "panel": lambda: _leave(w),
        "sidebar": lambda: w.sidebar.set_narrow(not w.sidebar.narrow),
        "help": w.help_asked.emit,
        "keys": lambda: _keys(w),
        "performance": w.show_performance,
        "panel_wider": lambda: w.host.wider(60),
        "panel_narrower": lambda: w.host.wider(-60),
        "quit": w.quit_asked.emit,
        "save_view": lambda: _save_view(w),
        "by_rooms": lambda: _other_columns(w),
        **(w.views.acts() if w.views is not None else {}),
    }


def _shared_acts(w: Workspace) -> dict[str, Callable[[], object]]:
    """What is about the server; of a profile without one, the way to get one."""
    acts: dict[str, Callable[[], object]] = {"connection": lambda: w.open_page(CONNECTION)}
    following = w.following
    if following is not None:
        acts |= {"page_attention": lambda: w.open_page(ATTENTION), "sync_now": following.sync_now}
    return acts


def _today(w: Workspace) -> None:
    """Today on the face in view; from another page, the day."""
    go = getattr(w.pages.currentWidget(), "go_today", None)
    if go is None or not w.beside:
        w.open_page("today")
    else:
        go()


def _step(w: Workspace, steps: int) -> None:
    """One stretch of the face in view on or back; from another page, of the day."""
    w.to_calendar().step(steps)


def _weeks(w: Workspace, weeks: int) -> None:
    face = w.to_calendar()
    face.show_day(face.day + timedelta(weeks=weeks))


def _leave(w: Workspace) -> None:
    """Esc: out of the panel, else back to the day."""
    if w.host.panel is not None:
        w.host.ask_close()
    elif not isinstance(w.pages.currentWidget(), CalendarPage):
        _to_day(w)


def _print(w: Workspace) -> None:
    """The day in view on paper; on that page, the printer."""
    from himsog_desktop.ui.paper.page import PrintPage

    current = w.pages.currentWidget()
    shown = w.page(PRINT)
    assert isinstance(shown, PrintPage)
    if current is shown:
        shown.ask_printer()
        return
    shown.begin(w.face.day)
    shown.come_from(lambda: _back_to(w, current))
    w.open_page(PRINT)


def _back_to(w: Workspace, before: QWidget | None) -> None:
    """The page that was in view before, as it stood."""
    if before is None or before is w.day:
        _to_day(w)
        return
    w.pages.setCurrentWidget(before)
    page: object = before
    if isinstance(page, Page):
        page.arrive()


def _to_day(w: Workspace) -> None:
    w.show_calendar()
    w.day.take_keyboard()


def _to_date_field(w: Workspace) -> None:
    if not w.beside:
        w.show_calendar()
    getattr(w.pages.currentWidget(), "toolbar", w.day.toolbar).begin_typing()


def _move(w: Workspace) -> None:
    """The day takes one in hand, elsewhere the panel offers to move; of several it is asked where they go."""
    ids = w.chosen()
    if not ids:
        w.messages.say(w.tr("Choose an appointment first: arrows, or a click."))
    elif len(ids) > 1:
        w.open_many(ids, "move")
    elif w.grid is w.pages.currentWidget():
        w.start_move(ids[0], w.grid.day)
    else:
        w.open_details(ids[0])


def _save_view(w: Workspace) -> None:
    """The menu of the columns with the keyboard in the field for a name."""
    from himsog_desktop.ui.shell.columns_menu import ColumnsMenu

    if not w.beside:
        w.show_calendar()
    toolbar = getattr(w.pages.currentWidget(), "toolbar", w.day.toolbar)
    toolbar.providers.open_menu()
    menu = toolbar.providers.menu
    if isinstance(menu, ColumnsMenu):
        menu.begin_naming()


def _other_columns(w: Workspace) -> None:
    now = w.prefs.now
    w.prefs.set(now._replace(columns=PROVIDERS if now.by_rooms else ROOMS))


def _in_order(w: Workspace) -> None:
    """The page in view reads anew what it shows, in order; the calendar always is."""
    put = getattr(w.pages.currentWidget(), "put_in_order", None)
    if put is not None:
        put()


def _history(w: Workspace) -> None:
    ids = w.chosen()
    if ids:
        w.open_details(ids[0])
    if w.host.panel is not None:
        w.host.panel.show_history()


def _keys(w: Workspace) -> None:
    w.open_page("settings")
    if w.settings is not None:
        w.settings.show_keys()


def toggle_privacy(w: Workspace) -> None:
    """Names on tiles: initials, or in full again."""
    private = not w.prefs.now.privacy
    w.prefs.set(w.prefs.now._replace(privacy=private))
    if private:
        # What was done just now names the patient; Ctrl+Z still takes it back.
        w.messages.clear()
    words = w.tr("Names are hidden. P shows them again.") if private else w.tr("Names are shown again.")
    w.messages.say(words, topic="privacy")


def local_rows(w: Workspace, query: str) -> list[Found]:
    """What is answered without the worker: days in words, commands, pages, providers; with nothing typed what is usual.

    ``>`` before it asks for commands alone.
    """
    entries = palette_entries(w)
    if not query:
        return [_row(entry) for entry in palette.offered(entries, w.recent)]
    if query.startswith(">"):
        wanted = query[1:].strip()
        return [_row(e) for e in (palette.ranked(wanted, entries, w.recent, 14) if wanted else entries)]
    found: list[Found] = []
    typed = read_typed(query, w.day.today)
    if typed is not None and typed.day is not None and typed.complete and typed.minutes is None:
        day = typed.day
        found.append(Found(search_model.DAY, day.isoformat(), w.tr("Go to {0}").format(day_words(day)), "", day))
    if len(query) > 1:
        found += [_row(entry) for entry in palette.ranked(query, entries, w.recent)]
    if any(c.isalpha() for c in query) and not found:
        keys = bindings(w.prefs.now.keys).first("book")
        found.append(Found(search_model.NEW_PATIENT, query, w.tr("New patient “{0}”: book").format(query), keys))
    return found


def merged(query: str, found: list[Found], at_once: list[Found]) -> list[Found]:
    """One list: a booking in one line, days, what was typed in full, who and when, then the other commands."""
    if query.startswith(">"):
        return at_once
    if found and found[0].kind == search_model.QUICK:
        return found
    words = palette.split(query)
    first = [row for row in at_once if row.kind == search_model.DAY or palette.split(row.title) == words]
    return [*first, *found, *(row for row in at_once if row not in first)]


def palette_entries(w: Workspace) -> list[palette.Entry]:
    """Everything that can be asked for by name: acts of the key map, providers, and what pages add."""
    keys, acts = bindings(w.prefs.now.keys), _acts(w)
    made = [
        palette.Entry(search_model.COMMAND, key.act, words(key), keys.first(key.act), ALSO.get(key.act, ""))
        for key in KEYS
        if key.search and key.act in acts
    ]
    made += [palette.Entry(search_model.PROVIDER, p, name, w.tr("her column")) for p, name in w.provider_names]
    for source in w.sources:
        made += source()
    return made


ALSO = {
    "book": "book add make",
    "go_to": "calendar jump",
    "page_today": "day calendar",
    "privacy": "hide names privacy",
    "lock": "leave sign out",
    "help": "keys keyboard shortcuts help",
    "keys": "keyboard shortcuts change remap",
    "closer": "zoom in",
    "farther": "zoom out",
    "no_show": "missed absent",
    "move": "reschedule drag",
    "cancel": "delete",
    "print": "paper list pdf printer",
    "performance": "speed fast slow monitor",
    "quit": "exit close",
    "page_attention": "conflicts refused cards",
    "connection": "server connect sign in out login password database sync",
    "sync_now": "refresh fetch server",
}
"""Other words by which people look for acts."""


def _row(entry: palette.Entry) -> Found:
    return Found(entry.kind, entry.id, entry.words, entry.detail)


def take_found(w: Workspace, found: Found) -> None:
    """Go where a row of the search leads."""
    if found.kind == search_model.APPOINTMENT and found.day is not None:
        w.ready.go.details(found.id, found.day)
    elif found.kind == search_model.DAY and found.day is not None:
        w.ready.go.day(found.day)
        w.take_keyboard()
    elif found.kind == search_model.BOOK:
        w.open_booking(BookingRequest(w.face.day, patient_id=found.id))
    elif found.kind == search_model.NEW_PATIENT:
        w.open_booking(BookingRequest(w.face.day, typed=found.id))
    elif found.quick is not None:
        q = found.quick
        w.open_booking(BookingRequest(q.day, q.provider, q.start, q.duration, q.patient, q.typed, q.services, q.when))
    elif found.kind == search_model.PROVIDER:
        w.show_calendar()
        w.day.go_to_provider(found.id)
    elif found.kind == search_model.COMMAND:
        w.take_keyboard()
        w.recent = palette.remembered(w.recent, found.id)
        do(w, found.id)
