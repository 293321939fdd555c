"""Finding configs by path or by name, and the ones that come with sciopt."""

from __future__ import annotations

from pathlib import Path

import pytest

from sciopt.config import commented_yaml, find_config, load_config, shipped_configs
from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig


def test_a_bare_name_finds_a_shipped_config() -> None:
    path = find_config("lecture", "fluid")
    assert path.name == "lecture.yaml"
    assert find_config("lecture.yaml", "fluid") == path


def test_a_file_comes_before_a_shipped_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lecture").touch()
    assert find_config("lecture", "fluid") == Path("lecture")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("lectrue", "did you mean lecture?"), ("zzz", "lecture, photo, smile"), ("z" * 5000, "smile")],
)
def test_an_unknown_name_is_answered_with_what_there_is(name: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_config(name, "fluid")
    assert f"there is no file {name}" in str(caught.value)
    assert hint in str(caught.value)


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder"):
        find_config(tmp_path, "fluid")


def test_an_app_without_shipped_configs_has_none() -> None:
    assert shipped_configs("no-such-app") == {}


@pytest.mark.parametrize("name", list(shipped_configs("fluid")))
def test_each_shipped_config_loads_and_says_first_what_it_is_for(name: str) -> None:
    path = shipped_configs("fluid")[name]
    assert load_config(FluidConfig, path=path) is not None
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_the_lecture_s_config_holds_the_lecture_s_settings() -> None:
    config = load_config(FluidConfig, path=find_config("lecture", "fluid"))
    assert (config.size, config.steps, config.sweeps) == (110, 100, 10)
    assert (config.optimizer, config.iterations, config.resample) == ("CG", 25, "stride")


def test_every_fluid_setting_is_described_and_loads_back(tmp_path: Path) -> None:
    assert all(field.description for field in FluidConfig.model_fields.values())
    path = tmp_path / "config.yaml"
    path.write_text(commented_yaml(FluidConfig), encoding="utf-8")
    assert load_config(FluidConfig, path=path) == FluidConfig()
