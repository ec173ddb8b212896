from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from himsog_desktop.ui.calendar import gallery, samples
from himsog_desktop.ui.calendar.hover import wrapped
from himsog_desktop.ui.theme.theme import Theme


def test_the_gallery_renders_light_and_dark_at_both_ratios(qapp: QApplication, tmp_path: Path) -> None:
    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    try:
        made = list(gallery.render(tmp_path, "busy-6"))
    finally:
        qapp.setPalette(before[0])
        qapp.setFont(before[1])
        qapp.setStyleSheet(before[2])
    assert [p.name for p in made] == [f"busy-6-{s}@{r}x.png" for s in ("light", "dark") for r in (1, 2)]
    sizes = [QImage(str(p)).size().toTuple() for p in made]
    assert sizes == [(1166, 640), (2332, 1280)] * 2


def test_without_a_folder_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert gallery.main([]) == 2
    assert "folder" in capsys.readouterr().err


def test_samples_are_the_same_every_time() -> None:
    assert samples.full_day(12) == samples.full_day(12)
    assert len({t.id for t in samples.full_day(12).tiles}) == len(samples.full_day(12).tiles)


def test_the_card_wraps_by_words_long_ones_by_letters_and_stops(theme: Theme) -> None:
    style = theme.body
    lines = wrapped("a few words that need more than one line", style, 100)
    assert " ".join(lines) == "a few words that need more than one line"
    assert all(style.metrics.horizontalAdvance(line) <= 102 for line in lines)
    assert "".join(wrapped("x" * 60, style, 100)) == "x" * 60
    assert len(wrapped("word " * 200_000, style, 100)) == 6
    assert wrapped("", style, 100) == [""]
