"""A page that was made later joins the window: its bar, its words for the status bar, its menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.ui.shell.toolbar import DayToolbar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.controls import Text
    from himsog_desktop.ui.shell.workspace import Workspace


def join(w: Workspace, made: QWidget) -> None:
    """Connect what a page has of this: ``toolbar``, ``cursor_words``, ``day_words``, ``menu_asked``.

    ``own_providers`` says that it fills the menu of the providers itself.
    """
    from himsog_desktop.ui.shell import menus

    toolbar = getattr(made, "toolbar", None)
    if isinstance(toolbar, DayToolbar):
        toolbar.face_asked.connect(w.show_face)
        if not getattr(made, "own_providers", False):
            menus.fill_providers(w, toolbar.providers)
    if w.pins is not None:
        w.pins.join(made)
    say_of(w, made)
    asked = getattr(made, "menu_asked", None)
    if asked is not None:
        asked.connect(lambda tile_id, at: menus.show_tile_menu(w, tile_id, at))


def say_of(w: Workspace, page: QWidget) -> None:
    """The words of a page stand in the status bar while it is in view: one that reads on behind is not heard."""
    for name, label in (("cursor_words", w.status.right), ("day_words", w.status.left)):
        words = getattr(page, name, None)
        if words is not None:
            words.connect(lambda text, label=label, name=name: _say(w, page, label, name, text))


def said(page: QWidget | None) -> str:
    """What a page said last that it holds."""
    return "" if page is None else str(page.property("day_words") or "")


def _say(w: Workspace, page: QWidget, label: Text, name: str, text: str) -> None:
    page.setProperty(name, text)
    if w.pages.currentWidget() is page:
        label.setText(text)
