from __future__ import annotations

import pytest

from sciopt.errors import ConfigError
from sciopt.fluid.levels import Level, coarse_to_fine


def test_grids_double_up_to_the_last_and_blurs_fall():
    levels = coarse_to_fine((110, 220), 100, 103, blurs=(4.0, 2.0, 0.0))
    assert [(level.shape, level.blur) for level in levels] == [
        ((28, 55), 4.0),
        ((28, 55), 2.0),
        ((28, 55), 0.0),
        ((55, 110), 2.0),
        ((55, 110), 0.0),
        ((110, 220), 2.0),
        ((110, 220), 0.0),
    ]
    assert [level.sharp_transport for level in levels] == 6 * [False] + [True]
    assert {level.steps for level in levels} == {100}


@pytest.mark.parametrize("iterations", [4, 5, 100, 101])
def test_all_iterations_are_shared_out(iterations):
    shares = [level.iterations for level in coarse_to_fine((64, 64), 50, iterations)]
    assert sum(shares) == iterations
    assert max(shares) - min(shares) <= 1


def test_grids_stop_before_nothing_is_left():
    assert [level.shape for level in coarse_to_fine((40, 40), 9, 9, grids=5, blurs=(0.0,))] == [
        (20, 20),
        (40, 40),
    ]
    assert len(coarse_to_fine((16, 500), 9, 9, blurs=(0.0,))) == 1


def test_steps_may_shrink_with_the_grid_and_transport_comes_first():
    levels = coarse_to_fine((64, 64), 100, 9, blurs=(0.0,), scale_steps=True, transport=0.5)
    assert [level.steps for level in levels] == [25, 50, 100]
    assert [level.weights["transport"] for level in levels] == [0.5, 0.0, 0.0]


def test_pieces_come_first_on_the_first_grid_and_the_last_level_has_none():
    levels = coarse_to_fine((32, 32), 100, 12, grids=2, blurs=(2.0, 0.0), gaps=(0.1, 1.0))
    assert [level.gap for level in levels] == [0.1, 1.0, 0.0, 0.0, 0.0]
    assert [level.shape[0] for level in levels] == [16, 16, 16, 16, 32]
    assert [level.blur for level in levels] == [2.0, 2.0, 2.0, 0.0, 0.0]


def test_what_cannot_be_is_refused():
    for settings in ({"grids": 0}, {"blurs": ()}, {"blurs": (0.0, 2.0)}, {"blurs": (1.0, 1.0)}):
        with pytest.raises(ConfigError, match="falling blurs"):
            coarse_to_fine((64, 64), 10, 10, **settings)
    with pytest.raises(ConfigError, match="4 levels need at least one each, got 3"):
        coarse_to_fine((64, 64), 10, 3)
    for gaps in ((0.0, 1.0), (2.0, 1.0), (1.0, 1.0)):
        with pytest.raises(ConfigError, match="shooting: rising weights above 0"):
            coarse_to_fine((64, 64), 10, 10, gaps=gaps)
    with pytest.raises(ConfigError, match="at least 0"):
        Level((8, 8), 1, 1, blur=-1.0)
