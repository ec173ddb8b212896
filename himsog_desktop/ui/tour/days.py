"""Shots of the day, the search and what lies over them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar import samples
from himsog_desktop.ui.shell import commands
from himsog_desktop.ui.theme.sight import SIGHTS
from himsog_desktop.ui.tour.stage import LARGE, SMALL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.day import DayPage, Tile
    from himsog_desktop.domain.time import Micros

TWELVE = QSize(1920, 1080)
SUNDAY, FAR = 2, 500
"""Days after the Friday of the tour: the clinic is shut; nobody has booked so far ahead."""


def _nothing(_stage: Stage) -> None:
    """As it opens."""


def _today(stage: Stage) -> date:
    return stage.day.today


def _page(stage: Stage) -> DayPage:
    page = stage.view.page
    assert page is not None
    return page


def _coming(stage: Stage, status: str = "CONFIRMED", *, rich: bool = False) -> Tile:
    """A coming appointment that can be seen whole, with as much to tell as there is."""
    now = stage.day.today
    found = [
        tile
        for tile in _page(stage).tiles
        if tile.status == status and tile.start > stage.context.clock.now() + 30 * MINUTE and tile.visit is None
    ]
    telling = [tile for tile in found if tile.note and tile.phone] if rich else []
    assert found, f"nobody is {status} on {now}"
    return (telling or found)[0]


def _go(days: int) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        stage.day.show_day(_today(stage) + timedelta(days=days))
        stage.settle()

    return prepare


def _loading(stage: Stage) -> None:
    stage.view.set_loading()
    stage.settle(0.2)


def _error(stage: Stage) -> None:
    words = Surroundings("disk", "The disk or the cache file failed. Nothing was lost; run himsog doctor.")
    stage.view.set_error(words.message)


def _read_again(stage: Stage) -> None:
    stage.day.retry()


def _sample(page: DayPage, zoom: int = 15) -> Callable[[Stage], None]:
    """A page that no demo has: many at once, every state and sign."""

    def prepare(stage: Stage) -> None:
        stage.view.set_zoom(zoom)
        stage.view.set_page(page)
        stage.view.scroll_to_time(page.start + 8 * 60 * MINUTE)

    return prepare


def _zoom(minutes: int) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        stage.workspace.prefs.set(stage.workspace.prefs.now._replace(zoom=minutes))
        stage.day.go_today()

    return prepare


def _larger(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(scale=1.5))
    stage.day.go_today()


def _hour12(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(hour12=True))


def _hour24(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(hour12=False))


def _privacy(stage: Stage) -> None:
    commands.toggle_privacy(stage.workspace)


def _narrow(stage: Stage) -> None:
    stage.workspace.sidebar.set_narrow(True)


def _cursor(stage: Stage) -> None:
    stage.view.go_to(_coming(stage).id)


def _selected(stage: Stage) -> None:
    chosen = [t.id for t in _page(stage).tiles if t.start > stage.context.clock.now() and t.status == "CONFIRMED"]
    stage.view.go_to(chosen[2])
    stage.view.set_selection(chosen[1:5])


def _hover(stage: Stage) -> None:
    stage.view.go_to(_coming(stage, rich=True).id)
    stage.press(Qt.Key.Key_I, "i")


def _free(stage: Stage, tile: Tile, *, wanted: bool) -> tuple[str, Micros]:
    """A place for an appointment in another column that is free, or is not for more than one reason."""
    view, length = stage.view, tile.end - tile.start
    assert view.why_not is not None
    best: tuple[int, str, Micros] | None = None
    for column in reversed(_page(stage).columns):
        for start in range(tile.start, tile.start + 150 * MINUTE, 15 * MINUTE):
            reasons = view.why_not(column.id, start, start + length, tile.id)
            if wanted and not reasons and column.id != tile.provider_id:
                return column.id, start
            if not wanted and (best is None or len(reasons) > best[0]):
                best = (len(reasons), column.id, start)
    assert best is not None, "nothing is free"
    return best[1], best[2]


def _drag(*, allowed: bool) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        tile = _coming(stage)
        stage.view.go_to(tile.id)
        stage.view.scroll_to_time(tile.start - 90 * MINUTE)
        column, start = _free(stage, tile, wanted=allowed)
        layout = stage.view.scene.layout
        assert layout is not None
        box = layout.by_id[tile.id]
        number = layout.numbers[column]
        x, y = stage.view.offset()
        grip = QPoint(box.x - x + box.width // 3, box.y - y + 6)
        to = QPoint(layout.columns.left(number) - x + box.width // 3, round(layout.time.y(start)) - y + 6)
        stage.drag(grip, to)
        stage.settle()

    return prepare


def _why_not(stage: Stage) -> None:
    """The reasons against the pause at noon, or against the hour after closing."""
    column = _page(stage).columns[1]
    at = column.open[0][1]
    stage.view.go_to_time(column.id, at, at + column.slot_minutes * MINUTE)
    stage.press(Qt.Key.Key_I, "i")


def _stretch(stage: Stage) -> None:
    column = _page(stage).columns[2]
    at = max(column.open[-1][0], stage.context.clock.now()) + 60 * MINUTE
    stage.view.go_to_time(column.id, at - at % (30 * MINUTE), at - at % (30 * MINUTE) + 90 * MINUTE)


def _search(text: str, *, take: bool = False) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        search = stage.workspace.top.search
        search.begin()
        stage.hand.type(text)
        stage.hand.until(lambda: search.answered == text, "an answer")
        stage.settle()
        if take:
            stage.press(Qt.Key.Key_Return, "\r")
            stage.settle()

    return prepare


def _confirmed(stage: Stage) -> None:
    stage.view.go_to(_coming(stage, "PENDING").id)
    stage.settle()
    stage.workspace.do_status(StatusAct.CONFIRM)
    stage.settle()


def _undo(stage: Stage) -> None:
    stage.workspace.acts.undo()
    stage.settle()


def _refused(stage: Stage) -> None:
    """Move an appointment onto another one."""
    from himsog_desktop.domain.commands import Move

    tiles = [t for t in _page(stage).tiles if t.status == "CONFIRMED" and t.start > stage.context.clock.now()]
    one = tiles[0]
    other = next(t for t in tiles if t.provider_id == one.provider_id and t.id != one.id)
    stage.workspace.acts.move(Move(one.id, other.start, one.provider_id, (one.end - one.start) // MINUTE))
    stage.settle()


def _help(stage: Stage) -> None:
    stage.program.window.toggle_help()


def _settings(stage: Stage) -> None:
    stage.workspace.open_page("settings")


def _providers(stage: Stage) -> None:
    stage.day.toolbar.providers.open_menu()


def _person(stage: Stage) -> None:
    stage.workspace.top.person.open_menu()


def _tile_menu(stage: Stage) -> None:
    stage.view.go_to(_coming(stage).id)
    stage.workspace.tile_menu_at_cursor()


def _going_to(stage: Stage) -> None:
    stage.workspace.day.toolbar.begin_typing()
    stage.hand.type("next fri")


def _leave(stage: Stage) -> None:
    stage.press(Qt.Key.Key_Escape)


_CROWDED, _STATES = samples.crowded_day(), samples.states_day()

SHOTS = (
    Shot("day-full", _nothing),
    Shot("day-twelve", _nothing, TWELVE, "twelve"),
    Shot("day-twelve-1366", _narrow, profile="twelve"),
    Shot("day-small", _narrow, SMALL),
    Shot("day-large", _nothing, LARGE),
    Shot("day-narrow", _narrow),
    Shot("day-closed", _go(SUNDAY)),
    Shot("day-empty", _go(FAR)),
    Shot("day-loading", _loading, tidy=_read_again),
    Shot("day-error", _error, tidy=_read_again),
    Shot("day-crowded", _sample(_CROWDED), tidy=_read_again),
    Shot("day-flags", _sample(_STATES), LARGE, tidy=_read_again),
    *(Shot(f"day-flags_{sight}", _sample(_STATES), tidy=_read_again, sight=sight) for sight in SIGHTS[1:]),
    Shot("day-cursor", _cursor),
    Shot("day-selected", _selected),
    Shot("day-stretch", _stretch),
    Shot("day-hover", _hover),
    Shot("day-why_not", _why_not),
    Shot("day-drag", _drag(allowed=True), tidy=Stage.let_go),
    Shot("day-drag_refused", _drag(allowed=False), tidy=Stage.let_go),
    Shot("day-zoom_5", _zoom(5)),
    Shot("day-zoom_30", _zoom(30)),
    Shot("day-zoom_60", _zoom(60)),
    Shot("day-text_150", _larger),
    Shot("day-hour12", _hour12, tidy=_hour24),
    Shot("day-privacy", _privacy, tidy=_privacy),
    Shot("day-go_to", _going_to, tidy=_leave),
    Shot("search-found", _search("rey")),
    Shot("search-patient", _search("reyes", take=True)),
    Shot("search-nobody", _search("xyzzy")),
    Shot("search-command", _search("tue")),
    Shot("toast-undo", _confirmed, tidy=_undo),
    Shot("toast-refused", _refused),
    Shot("menu-providers", _providers),
    Shot("menu-person", _person),
    Shot("menu-appointment", _tile_menu),
    Shot("help-keys", _help, tidy=_help),
    Shot("help-keys_small", _help, SMALL, tidy=_help),
    Shot("settings-page", _settings),
    Shot("settings-small", _settings, SMALL),
)
