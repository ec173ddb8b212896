"""Keys that a person gave away, wherever a button names one: tips, the letters on buttons, the sidebar.

A tip that names a key ends with it after two blanks, as ours all do. What it says usually is kept beside it, so
that it says it again when the usual keys come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.shell.keymap import KEYS, bindings

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.keymap import Chosen

_USUAL_TIP, _USUAL_KEYS = "usual_tip", "usual_keys"


@runtime_checkable
class NamesKeys(Protocol):
    """A widget that paints the key it answers to."""

    shown_keys: str

    def show_keys(self, keys: str) -> None:
        """Other keys."""
        ...


def acts_by_usual_key() -> dict[str, str]:
    """The acts by their usual keys as screens write them."""
    usual = bindings()
    return {shown: key.act for key in KEYS if not key.fixed for shown in usual.shown(key.act)}


def follow(root: QWidget, chosen: Chosen) -> None:
    """Name the keys in force on everything below a widget."""
    acts, keys = acts_by_usual_key(), bindings(chosen)
    for widget in (root, *root.findChildren(QWidget)):
        usual = widget.property(_USUAL_TIP) or widget.toolTip()
        words, two_blanks, named = usual.rpartition("  ")
        act = acts.get(named.strip(), "") if two_blanks else ""
        if act or (two_blanks and widget.property(_USUAL_TIP)):
            widget.setProperty(_USUAL_TIP, usual)
            first = keys.first(act)
            wanted = f"{words.rstrip()}  {first}" if first else words.rstrip()
            if widget.toolTip() != wanted:
                widget.setToolTip(wanted)
        if isinstance(widget, NamesKeys):
            if widget.property(_USUAL_KEYS) is None:
                widget.setProperty(_USUAL_KEYS, widget.shown_keys)
            act = acts.get(str(widget.property(_USUAL_KEYS)), "")
            if act and widget.shown_keys != keys.first(act):
                widget.show_keys(keys.first(act))
