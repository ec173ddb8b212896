"""The drawings of the states: strokes on a field of 16 by 16, the same on the screen and on paper.

A state is told by its drawing, never by colour alone. The words are those of SVG paths, absolute only: ``M`` and
``L`` x y, ``C`` and ``Q`` curves, ``Z`` closes; and ours: ``O`` cx cy r a circle, ``D`` cx cy r a dot (filled),
``R`` x y w h r a rounded rectangle.
"""

from __future__ import annotations

FIELD = 16.0
"""Side of the field that they are drawn on."""

MARKS: dict[str, str] = {
    "tick": "M 3.2 8.4 L 6.6 11.8 L 12.8 4.6",
    "double-tick": "M 1.4 8.6 L 4.6 11.8 L 10.4 4.8 M 7.6 10.8 L 8.6 11.8 L 14.6 4.8",
    "hourglass": "M 4 2.5 L 12 2.5 M 4 13.5 L 12 13.5 M 5 2.5 C 5 6 7.4 6.6 8 8 C 8.6 6.6 11 6 11 2.5"
    " M 5 13.5 C 5 10 7.4 9.4 8 8 C 8.6 9.4 11 10 11 13.5",
    "door": "M 4 13.5 L 4 2.5 L 12 2.5 L 12 13.5 M 2.5 13.5 L 13.5 13.5 D 9.6 8.2 0.9",
    "chair": "M 4.6 2.5 L 5.2 8.6 L 11.4 8.6 L 11.4 13.5 M 5.2 8.6 L 5.2 13.5",
    "person": "O 8 5 2.6 M 3 13.6 C 3 10.8 5.2 9.6 8 9.6 C 10.8 9.6 13 10.8 13 13.6",
    "person-crossed": "O 6.6 5 2.6 M 2 13.6 C 2 10.8 4 9.6 6.6 9.6 C 7.6 9.6 8.4 9.8 9 10.1"
    " M 10.4 10.6 L 14 14.2 M 14 10.6 L 10.4 14.2",
    "cross": "M 4 4 L 12 12 M 12 4 L 4 12",
    "exit": "M 6.5 2.5 L 3 2.5 L 3 13.5 L 6.5 13.5 M 6.5 8 L 13.5 8 M 10.6 5 L 13.6 8 L 10.6 11",
}
"""Every drawing by name."""

MARK_OF = {
    "PENDING": "hourglass",
    "CONFIRMED": "tick",
    "COMPLETED": "double-tick",
    "CANCELLED": "cross",
    "NO_SHOW": "person-crossed",
    "arrived": "door",
    "in_room": "chair",
    "with_provider": "person",
    "checked_out": "exit",
}
"""The drawing of each state, and of each state of the visit."""
