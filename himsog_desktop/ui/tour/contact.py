"""The contact sheet: ``index.html`` beside the pictures, plain and static."""

from __future__ import annotations

from html import escape
from pathlib import Path

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Himsog Desktop: every screen</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; color: CanvasText; background: Canvas; }
:root { color-scheme: light dark; }
h2 { margin: 32px 0 8px; text-transform: capitalize; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(440px, 1fr)); gap: 16px; }
figure { margin: 0; } figcaption { padding: 4px 0 8px; }
img { width: 100%; height: auto; border: 1px solid GrayText; }
</style></head><body><h1>Every screen and state</h1>
<p>Each in light and dark; the links lead to the pictures at 1x and 2x.</p>
"""


def write_index(folder: Path) -> int:
    """Write ``index.html`` for the pictures in a folder; how many pictures there are."""
    names = sorted(path.name for path in folder.glob("*@*.png"))
    states: dict[str, dict[str, list[str]]] = {}
    for name in names:
        state, _, rest = name.removesuffix(".png").partition("@")
        state, _, theme = state.rpartition("-")
        states.setdefault(state, {}).setdefault(theme, []).append(rest)
    screens: dict[str, list[str]] = {}
    for state in states:
        screens.setdefault(state.partition("-")[0], []).append(state)
    lines = [_HEAD]
    for screen, its in screens.items():
        lines.append(f"<h2>{escape(screen)}</h2><main>\n")
        for state in its:
            for theme, scales in sorted(states[state].items(), reverse=True):
                lines.append(_figure(state, theme, sorted(scales)))
        lines.append("</main>\n")
    lines.append("</body></html>\n")
    (folder / "index.html").write_text("".join(lines), encoding="utf-8")
    return len(names)


def _figure(state: str, theme: str, scales: list[str]) -> str:
    words = escape(f"{state.partition('-')[2].replace('_', ' ')}, {theme}")
    files = {scale: escape(f"{state}-{theme}@{scale}.png") for scale in scales}
    links = " ".join(f'<a href="{file}">{scale}</a>' for scale, file in files.items())
    first = files[scales[0]]
    return (
        f'<figure><a href="{first}"><img loading="lazy" src="{first}" alt="{words}"></a>'
        f"<figcaption>{words}: {links}</figcaption></figure>\n"
    )
