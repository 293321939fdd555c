from __future__ import annotations

import numpy as np

from sciopt.plotting import style
from sciopt.plotting.keyframes import draw_keyframes, strip


def test_a_column_for_each_time_with_its_target_below(rng):
    smoke = list(rng.random((3, 1, 12, 20)))
    targets = [None, smoke[1] + 0.1, smoke[2]]
    shown = strip([0, 25, 50], smoke, targets)
    np.testing.assert_allclose(shown.mismatches, [np.nan, 0.01, 0.0], atol=1e-12)
    with style.themed():
        figure = draw_keyframes(shown)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [
        "step 0", "step 25, mismatch 0.01", "step 50, mismatch 0", "", "target", "target",
    ]  # fmt: skip
    np.testing.assert_array_equal(figure.axes[2].images[0].get_array(), shown.smoke[2])
    np.testing.assert_array_equal(figure.axes[5].images[0].get_array(), shown.targets[2])


def test_without_targets_there_is_one_row_and_obstacles_show(tmp_path):
    solid = np.zeros((10, 10))
    solid[4:6] = 1
    shown = strip([0, 5], [np.ones((3, 10, 10))] * 2, [None, None], solid)
    assert len(np.unique(shown.smoke[0].reshape(-1, 3), axis=0)) == 2
    with style.themed():
        figure = draw_keyframes(shown)
        style.save(figure, tmp_path / "keyframes.png")
    assert len(figure.axes) == 2
    assert (tmp_path / "keyframes.png").stat().st_size > 5000
