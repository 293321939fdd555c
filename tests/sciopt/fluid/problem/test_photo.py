"""The preset `photo`, shortened, and the colours that smoke begins with."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sciopt.config import load_config
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem
from sciopt.fluid.solve import solve


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """An orange disc before a green that darkens to the right, 48 x 48 pixels."""
    x, y = np.indices((48, 48))
    pixels = np.stack([0 * x, 160 - 2 * y, 90 + 0 * x], axis=-1)
    pixels[(x - 20) ** 2 + (y - 26) ** 2 < 14**2] = (250, 150, 60)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def test_the_preset_paints_a_photograph_with_its_own_colours(photo: Path) -> None:
    short = {"size": 32, "steps": 24, "iterations": 40}
    flags = {"preset": "photo", "target": str(photo), **short}
    sets = ("levels={grids: 2, shares: [25, 15], scale_steps: true}",)
    problem = build_problem(load_config(FluidConfig, sets=sets, flags=flags))
    assert problem.notices == ()  # of masses, above all
    result = solve(problem)
    start, target = result.smoke_initial, result.targets[-1]
    assert start.dtype == np.float32
    np.testing.assert_allclose(start.sum(axis=(1, 2)), target.sum(axis=(1, 2)), rtol=1e-5)
    assert result.loss_final < 0.25 * np.mean((start - target) ** 2)


def test_one_smoke_for_all_colours_is_noticed(photo: Path) -> None:
    def notices(**settings: object) -> str:
        config = FluidConfig(target=str(photo), colour=True, size=32, **settings)
        return " ".join(build_problem(config).notices)

    assert "the same for red, green and blue" in notices()
    assert "the same" not in notices(smoke="sorted")
    assert "the same" not in notices(smoke=("bands", "columns", "top"))
    assert "the same" not in notices(smoke=str(photo))


def test_in_a_list_each_dye_is_sorted_alone() -> None:
    config = FluidConfig(target=("heart", "smile"), smoke=("sorted", "bands"), size=24)
    pictures = build_problem(config).last.pictures
    target = pictures.keyframes[-1].target
    np.testing.assert_array_equal(pictures.smoke[0].ravel(), np.sort(target[0], axis=None)[::-1])
    assert not np.array_equal(pictures.smoke[1], target[1])
