"""A config as YAML that explains itself and loads back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BeforeValidator, Field

from sciopt.config import Config, commented_yaml, load_config

Cells = Annotated[int, Field(ge=8, le=64)]


class Inner(Config):
    depth: int = Field(1, ge=1, description="how deep")


class Settings(Config):
    """How it is done.

    More that nobody needs in a file.
    """

    steps: int = Field(
        100, ge=1, le=1000, description="time steps", json_schema_extra={"unit": "seconds"}
    )
    size: Cells | tuple[Cells, Cells] = 16
    rate: float = Field(0.1, gt=0, lt=1)
    mode: Literal["fast", "slow"] = "fast"
    name: str = "smile"
    options: dict[str, int | float | bool | str] = Field({})
    inner: Inner = Field(Inner(), description="what is inside")


def reloaded(config: Config, folder: Path) -> Config:
    path = folder / "config.yaml"
    path.write_text(commented_yaml(config), encoding="utf-8")
    return load_config(type(config), path=path)


def test_each_setting_is_explained_once_above_it() -> None:
    text = commented_yaml(Settings)
    assert text.startswith("# How it is done.\n\n")
    assert "nobody" not in text
    for block in (
        "# Time steps\n# 1 to 1000 seconds; default 100\nsteps: 100\n",
        "# 8 to 64; default 16\nsize: 16\n",
        "# more than 0, less than 1; default 0.1\nrate: 0.1\n",
        "# one of fast, slow; default fast\nmode: fast\n",
        "# What is inside\ninner:\n  # How deep\n  # at least 1; default 1\n  depth: 1\n",
    ):
        assert block in text


def test_an_instance_shows_its_values_and_still_the_defaults() -> None:
    text = commented_yaml(Settings(steps=7, size=(8, 9)))
    assert "default 100\nsteps: 7\n" in text
    assert "size: [8, 9]\n" in text


def test_a_required_setting_is_shown_as_a_blank_to_fill_in() -> None:
    class Needy(Config):
        data: str = Field(description="what to learn from")

    assert commented_yaml(Needy) == "# What to learn from\n# required\n# data:\n"


def test_the_defaults_load_back(tmp_path: Path) -> None:
    assert reloaded(Settings(), tmp_path) == Settings()


@pytest.mark.parametrize("name", ["no", "null", "1e-3", "0x1F", "a: b", "- x", "#", "é 😀", "a\nb"])
def test_text_that_yaml_could_take_for_something_else_loads_back(tmp_path: Path, name: str) -> None:
    config = Settings(name=name, options={"x": name})
    assert reloaded(config, tmp_path) == config


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.floats(1e-300, 1, exclude_max=True),
    st.dictionaries(
        st.from_regex("[a-z_]+", fullmatch=True),
        st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        max_size=3,
    ),
)
def test_any_values_load_back(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    rate: float,
    options: dict[str, int | float | bool | str],
) -> None:
    config = Settings(name=name, rate=rate, options=options)
    assert reloaded(config, tmp_path_factory.mktemp("yaml")) == config


class Item(Config):
    """One of several."""

    size: int = Field(3, ge=1, description="how large")


class Family(Config):
    one: Annotated[Item, BeforeValidator(lambda value: value)] = Field(Item(size=5))
    other: Item | None = Field(None, description="c of the sum c w")


def test_mappings_on_one_line_are_explained_once_and_load_back(tmp_path: Path) -> None:
    text = commented_yaml(Family)
    assert text.count("size: how large; at least 1; default 3") == 1
    assert "\none: {size: 5}\n" in text
    assert "# c of the sum c w\nother: null\n" in text
    config = Family(other=Item(size=7))
    assert reloaded(config, tmp_path) == config
