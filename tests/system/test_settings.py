"""What a person set for the window, kept in a readable file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.system.settings import DEFAULTS, SET_ASIDE, Geometry, Settings, SettingsFile

SOME = Settings(
    geometry=Geometry(-1200, 40, 1366, 768, True),
    theme="dark",
    scale=1.25,
    hour12=True,
    zoom=30,
    narrow=True,
    order=("a-1", "b-2"),
    hidden=("b-2",),
    view="week",
    panel=420,
)


def test_settings_come_back(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path).load() == (DEFAULTS, None)
    assert SettingsFile(tmp_path).save(SOME) is None
    assert SettingsFile(tmp_path).load() == (SOME, None)


def test_every_field_is_read_back_by_itself(tmp_path: Path) -> None:
    for name, value in SOME._asdict().items():
        one = DEFAULTS._replace(**{name: value})
        SettingsFile(tmp_path).save(one)
        assert SettingsFile(tmp_path).load() == (one, None), name


def test_what_a_newer_release_added_stays(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"zoom": 20, "density": {"rows": "tight"}}))
    file = SettingsFile(tmp_path)
    settings, said = file.load()
    assert (settings.zoom, said) == (20, None)
    file.save(settings._replace(zoom=DEFAULTS.zoom))
    assert json.loads((tmp_path / "settings.json").read_text()) == {"density": {"rows": "tight"}}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 90_000, b" " * 1_100_000])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    file = SettingsFile(tmp_path)
    settings, said = file.load()
    assert settings == DEFAULTS
    assert said is not None
    assert SET_ASIDE in said
    assert (tmp_path / SET_ASIDE).read_bytes() == content
    assert file.save(SOME) is None
    assert SettingsFile(tmp_path).load() == (SOME, None)


def test_one_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    document = {
        "geometry": {"x": 1, "y": 2, "width": 0, "height": 5},
        "theme": "sepia",
        "scale": "big",
        "hour12": 1,
        "zoom": 1,
        "narrow": "yes",
        "order": ["a", 5, "b c", "a"],
        "hidden": "a",
        "view": "Reyes, Ana",
        "panel": 300,
    }
    (tmp_path / "settings.json").write_text(json.dumps(document))
    assert SettingsFile(tmp_path).load() == (DEFAULTS._replace(order=("a",), panel=300), None)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Settings._fields, values)))
def test_no_file_is_too_odd_to_load(tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]) -> None:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "settings.json").write_text(json.dumps(document))
    settings, said = SettingsFile(folder).load()
    assert said is None
    assert 5 <= settings.zoom <= 60
    SettingsFile(folder).save(settings)
    assert SettingsFile(folder).load()[0] == settings


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    assert "can't be kept" in (SettingsFile(tmp_path / "missing").save(SOME) or "")
    (tmp_path / "settings.json").mkdir()
    settings, said = SettingsFile(tmp_path).load()
    assert settings == DEFAULTS
    assert said is not None
