"""The draws of a run: those of its steps, stacked."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.training.augment import normals
from sciopt.hyperopt.training.batches import Batches
from sciopt.hyperopt.training.draws import _REMEMBERED, Draws

BATCHES = Batches(20, 6, "epochs", 3)


def test_rows_and_normals_are_those_of_the_steps() -> None:
    drawn = Draws(BATCHES, True, 12, "float32")(4, 9)
    assert {name: array.shape for name, array in drawn.items()} == {
        "rows": (5, 6), "normals": (5, 4, 6),
    }  # fmt: skip
    assert drawn["normals"].dtype == np.float32
    for k, step in enumerate(range(4, 9)):
        np.testing.assert_array_equal(drawn["rows"][k], BATCHES(step))
        np.testing.assert_array_equal(drawn["normals"][k], normals(3, step, 6, "float32"))


def test_nothing_is_drawn_where_each_step_sees_all_examples() -> None:
    every = Batches(20, 20, "epochs", 3)
    assert Draws(every, False, 5, "float64")(0, 5) == {}
    assert list(Draws(every, True, 5, "float64")(0, 5)) == ["normals"]


def test_a_draw_of_all_examples_is_that_of_the_first_step() -> None:
    assert Draws(BATCHES, False, 5, "float64").of_all() == {}
    found = Draws(BATCHES, True, 5, "float64").of_all()
    np.testing.assert_array_equal(found["normals"], normals(3, 0, 20, float))


@pytest.mark.parametrize("is_small", [True, False])
def test_draws_are_read_only_and_those_of_small_runs_are_kept(is_small: bool) -> None:
    steps = 12 if is_small else _REMEMBERED // 6 + 1
    draws = Draws(BATCHES, False, steps, "float64")
    rows = draws(4, 9)["rows"]
    np.testing.assert_array_equal(rows, [BATCHES(step) for step in range(4, 9)])
    assert np.shares_memory(rows, draws(2, 7)["rows"]) == is_small
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 0
