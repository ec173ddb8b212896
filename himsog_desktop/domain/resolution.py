"""How a person answers a card of Needs attention. By itself: commands name it before the first paint."""

from __future__ import annotations

from enum import StrEnum

CARD = "card"
"""The entity of a resolution. Its key is the id of the refused intent that a person answers, its kind begins with
``attention.``, its patch is ``{"resolved": None, "reason": None}`` to a ``Resolution`` with a reason, or back when it
is undone. The server compares and sets both fields of its card; an equal one is a noop. What the person wants instead
(her own value, another time) is an intent of its own on the aggregate, in the same act, with ``supersedes``."""


class Resolution(StrEnum):
    """How a person answered a card. Nothing else closes one."""

    MINE = "mine"
    THEIRS = "theirs"
    SLOT = "slot"
    DISCARDED = "discard"
