"""Every colour of the window, light and dark, by what it is for. Plain text, no Qt.

Source: the table of the look. Text stands at 4.5:1 or better on every surface it is used on, bars
and lines that carry meaning at 3:1 (WCAG 2.2, 1.4.3 and 1.4.11), also as people see it who lack one kind of
cones and in grey: five tones are a shade darker or lighter than in the table for that. ``tests/ui/theme`` holds
it to that.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Scheme = Literal["light", "dark"]
"""The two colour schemes."""

STYLES = ("requested", "confirmed", "visit", "completed", "cancelled", "no_show")
"""The looks that an appointment can have, as fields of ``Tokens``."""


class StatusTokens(NamedTuple):
    """The three colours of one state: the face of a tile, what is written on it, its bar."""

    tint: str
    text: str
    bar: str


class Tokens(NamedTuple):
    """One colour scheme. ``danger`` is refusal and error, ``now`` the line of the present moment."""

    scheme: Scheme
    canvas: str
    surface: str
    raised: str
    hover: str
    selected: str
    line: str
    grid: str
    hatch: str
    text: str
    muted: str
    accent: str
    on_accent: str
    danger: str
    on_danger: str
    danger_tint: str
    now: str
    on_now: str
    shadow: str
    requested: StatusTokens
    confirmed: StatusTokens
    visit: StatusTokens
    completed: StatusTokens
    cancelled: StatusTokens
    no_show: StatusTokens

    def status(self, style: str) -> StatusTokens:
        """The colours of one of ``STYLES``."""
        found: StatusTokens = getattr(self, style)
        return found


LIGHT = Tokens(
    scheme="light",
    canvas="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#EEF1F5",
    selected="#DDE9FD",
    line="#DDE1E7",
    grid="#EDF0F4",
    hatch="#E4E8EE",
    text="#1A2230",
    muted="#566173",
    accent="#185ED0",
    on_accent="#FFFFFF",
    danger="#AE251B",
    on_danger="#FFFFFF",
    danger_tint="#FDECEA",
    now="#C2185B",
    on_now="#FFFFFF",
    shadow="#0B1220",
    requested=StatusTokens("#FFF4D6", "#7A5200", "#B37D00"),
    confirmed=StatusTokens("#E3EEFF", "#114A9F", "#2F7BEA"),
    visit=StatusTokens("#EFE6FF", "#5A2CA0", "#8A55E0"),
    completed=StatusTokens("#E2F5E7", "#1B5E34", "#2A9650"),
    cancelled=StatusTokens("#F3F4F6", "#5B6472", "#B4433C"),
    no_show=StatusTokens("#FFE9DC", "#8A3A0B", "#CF5E14"),
)

DARK = Tokens(
    scheme="dark",
    canvas="#12161D",
    surface="#1A2029",
    raised="#222A35",
    hover="#252E3A",
    selected="#1D3557",
    line="#323C4A",
    grid="#252D38",
    hatch="#1E252F",
    text="#E8ECF2",
    muted="#A3AEBD",
    accent="#5B9BFF",
    on_accent="#0B1220",
    danger="#FF8F85",
    on_danger="#2A0A08",
    danger_tint="#3A1C1C",
    now="#FF6B9A",
    on_now="#2A0713",
    shadow="#000000",
    requested=StatusTokens("#3A2E10", "#FFD97A", "#E0A100"),
    confirmed=StatusTokens("#16294A", "#A9CBFF", "#5B9BFF"),
    visit=StatusTokens("#2C2147", "#D3BEFF", "#A982F5"),
    completed=StatusTokens("#17321F", "#9FE0B4", "#43B96F"),
    cancelled=StatusTokens("#23282F", "#A9B2BF", "#E0716A"),
    no_show=StatusTokens("#3B2415", "#FFBE96", "#F0853F"),
)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
