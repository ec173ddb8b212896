"""How colours look to people who see fewer of them, and without colour: for pictures and proofs. No Qt.

Source: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color
Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, table 1, severity 1.0, on
linear RGB. Greyscale: relative luminance of ITU-R BT.709, as WCAG 2.2 has it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

Rgb = tuple[float, float, float]
_Matrix = tuple[Rgb, Rgb, Rgb]

_MATRICES: dict[str, _Matrix] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "greyscale": (
        (0.2126, 0.7152, 0.0722),
        (0.2126, 0.7152, 0.0722),
        (0.2126, 0.7152, 0.0722),
    ),
}
SIGHTS = ("usual", *_MATRICES)
"""The ways of seeing."""


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    held = min(max(channel, 0.0), 1.0)
    return held * 12.92 if held <= 0.0031308 else float(1.055 * held ** (1 / 2.4) - 0.055)


def seen(sight: str, colour: str) -> str:
    """A colour ``#RRGGBB`` as it looks."""
    if sight == "usual":
        return colour
    linear = [_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    mixed = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in _MATRICES[sight])
    return "#" + "".join(f"{round(_encoded(channel) * 255):02X}" for channel in mixed)


def repaint(pixels: bytes, sight: str) -> bytes:
    """The pixels of a picture (32 bits each, 0xffRRGGBB in the machine's order) as they look."""
    found = array("I", pixels)
    table = {pixel: 0xFF000000 | int(seen(sight, f"#{pixel & 0xFFFFFF:06X}")[1:], 16) for pixel in set(found)}
    return array("I", map(table.__getitem__, found)).tobytes()


def seer(sight: str) -> Callable[[int], float]:
    """A function from a pixel (0xRRGGBB) to its relative luminance as it looks; what it knows it keeps."""
    known: dict[int, float] = {}

    def luminance(pixel: int) -> float:
        found = known.get(pixel)
        if found is None:
            looks = seen(sight, f"#{pixel & 0xFFFFFF:06X}")
            r, g, b = (_linear(int(looks[i : i + 2], 16) / 255) for i in (1, 3, 5))
            found = known[pixel] = 0.2126 * r + 0.7152 * g + 0.0722 * b
        return found

    return luminance
