"""The benchmark of grid sizes, with small grids."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from experiments.benchmarks import fluid_sizes
from experiments.benchmarks.fluid_sizes import SCHEMES, check, measure, spread, table
from experiments.benchmarks.fluid_sizes_picture import draw


@pytest.mark.parametrize("name", SCHEMES)
def test_schemes_agree_with_plain_numpy_and_are_measured(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fluid_sizes, "STEPS", fluid_sizes.EVERY)
    check(SCHEMES[name](16))
    (cost,) = measure(SCHEMES[name], [16], 1)
    assert cost > 0


def test_spread_is_of_the_worst_grid() -> None:
    assert spread([3.0, 2.0, 1.0]) == 0.5
    rows = {"even": [2.0, 2.0], "uneven": [3.0, 1.0]}
    marks = list(table(rows, [64, 128], "costs").columns[-1].cells)
    assert "above" not in marks[0]
    assert "50% above" in marks[1]


def test_picture_is_drawn(tmp_path: Path) -> None:
    path = draw({"one": [3.0, 2.0], "other": [30.0, 31.0]}, [64, 128], 0.3, tmp_path / "sizes.png")
    with Image.open(path) as picture:
        assert picture.size == (1650, 720)
