"""Every size of the window, in device-independent pixels, from one scale. Plain values, no Qt.

Space goes 4-8-12-16-24, corners are 6, lines 1. Type is 13 body, 12 secondary, 15 section, 20 title
at scale 1, and the scale follows the system's text size (``scale_of``).
"""

from __future__ import annotations

from typing import NamedTuple

SMALLEST, LARGEST = 0.85, 2.0
"""Bounds of the scale: smaller is not readable, larger than 200 % nobody asks for (WCAG 1.4.4)."""

LINE_HEIGHT = 1.4
"""Line height as a multiple of the type size, where text runs over several lines."""


class Metrics(NamedTuple):
    """Sizes at one scale. Spaces stay as they are: only type, icons and what holds them grow."""

    scale: float
    body: int
    small: int
    section: int
    title: int
    icon: int
    icon_large: int
    control: int
    row: int
    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741
    xl: int = 24
    radius: int = 6
    line: int = 1
    ring: int = 2
    motion_ms: int = 120

    def px(self, size: float) -> int:
        """A size given at scale 1, at this scale, in whole pixels."""
        return round(size * self.scale)


def metrics(scale: float = 1.0, *, high: bool = False) -> Metrics:
    """The sizes at a scale, which is held to 0.85 … 2. ``high`` contrast has thicker lines and focus rings."""
    scale = min(max(scale, SMALLEST), LARGEST)

    def px(size: float) -> int:
        return round(size * scale)

    return Metrics(
        scale=scale,
        body=px(13),
        small=px(12),
        section=px(15),
        title=px(20),
        icon=px(16),
        icon_large=px(20),
        control=px(32),
        row=px(36),
        line=2 if high else 1,
        ring=4 if high else 2,
    )


def scale_of(system_points: float, usual_points: float, dpi: float = 96.0, usual_dpi: float = 96.0) -> float:
    """The scale that the system's text size asks for, in steps of 5 %.

    ``usual_points`` is what that desktop has when nobody changed anything, so that an unchanged
    system is exactly 1. Nonsense (0, negative, as a missing font gives) is 1.
    """
    if system_points <= 0 or usual_points <= 0 or dpi <= 0 or usual_dpi <= 0:
        return 1.0
    asked = (system_points / usual_points) * (dpi / usual_dpi)
    return min(max(round(asked * 20) / 20, SMALLEST), LARGEST)
