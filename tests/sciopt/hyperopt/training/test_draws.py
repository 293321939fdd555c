"""The draws of a run: those of its steps, stacked."""

from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.training.augment import normals
from sciopt.hyperopt.training.batches import Batches
from sciopt.hyperopt.training.draws import _REMEMBERED, Draws

BATCHES = Batches(20, 6, "epochs", 3)


def test_rows_and_normals_are_those_of_the_steps() -> None:
    drawn = Draws(BATCHES, True, "float32")(4, 9)
    assert {name: array.shape for name, array in drawn.items()} == {
        "rows": (5, 6), "normals": (5, 4, 6),
    }  # fmt: skip
    assert drawn["normals"].dtype == np.float32
    for k, step in enumerate(range(4, 9)):
        np.testing.assert_array_equal(drawn["rows"][k], BATCHES(step))
        np.testing.assert_array_equal(drawn["normals"][k], normals(3, step, 6, "float32"))


def test_nothing_is_drawn_where_each_step_sees_all_examples() -> None:
    every = Batches(20, 20, "epochs", 3)
    assert Draws(every, False, "float64")(0, 5) == {}
    assert list(Draws(every, True, "float64")(0, 5)) == ["normals"]


def test_a_draw_of_all_examples_is_that_of_the_first_step() -> None:
    assert Draws(BATCHES, False, "float64").of_all() == {}
    found = Draws(BATCHES, True, "float64").of_all()
    np.testing.assert_array_equal(found["normals"], normals(3, 0, 20, float))


def test_draws_are_read_only_and_kept_only_while_they_are_small() -> None:
    draws = Draws(BATCHES, False, "float64")
    assert draws(0, 5)["rows"] is draws(0, 5)["rows"]
    with pytest.raises(ValueError, match="read-only"):
        draws(0, 5)["rows"][0] = 0
    many = _REMEMBERED // 2 + 1
    large = Draws(Batches(3, 2, "consecutive", 0), False, "float64")
    assert large(0, many)["rows"] is not large(0, many)["rows"]
