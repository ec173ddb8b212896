"""The command line of the window, read by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = (
    "usage: himsog-desktop [--profile DIR] [--demo [--scale N]] [--screenshot-tour DIR] [--smoke] [--offline]"
    " [--bench NAME]\n"
)


class Options(NamedTuple):
    """The command line (contract, "Programs")."""

    profile: str | None = None
    demo: bool = False
    scale: int = 1
    tour: str | None = None
    smoke: bool = False
    offline: bool = False
    bench: str | None = None
    help: bool = False


_VALUES = {"--profile": "profile", "--scale": "scale", "--screenshot-tour": "tour", "--bench": "bench"}
_FLAGS = {"--demo": "demo", "--smoke": "smoke", "--offline": "offline", "--help": "help", "-h": "help"}


def parse(argv: Sequence[str]) -> Options:
    """Read the command line by hand: a library for it costs more than the first paint of the day.

    Raises BadInput.
    """
    found: dict[str, object] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word in _FLAGS:
            found[_FLAGS[word]] = True
        elif name in _VALUES:
            if not equals:
                if not rest:
                    raise BadInput("usage", f"{name} needs a value.")
                value = rest.pop(0)
            if name == "--scale" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 1_000_000):
                raise BadInput("usage", "--scale needs a whole number from 1 to 1000000.")
            found[_VALUES[name]] = int(value) if name == "--scale" else value
        else:
            raise BadInput("usage", f"What is {word[:40]!r}? himsog-desktop --help lists what there is.")
    return Options(**found)  # type: ignore[arg-type]
