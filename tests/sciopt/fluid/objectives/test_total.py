from __future__ import annotations

import numpy as np
import pytest

from autodiff import compiled, grad, grad_and_aux
from sciopt.fluid.objectives import Flow, Objective, Term, kinetic_energy, mean_square

TARGET = np.linspace(0, 1, 16).reshape(1, 4, 4)
OBJECTIVE = Objective(
    (
        Term("picture", 2.0, lambda flow: mean_square(flow.smoke[-1], TARGET)),
        Term("unused", 0.0, lambda flow: 1 / 0),
        Term("energy", 0.1, lambda flow: kinetic_energy(flow.velocity[-1])),
    )
)


def of(fields):
    return Flow((1,), (fields[:2],), (fields[2:],))


def test_parts_are_weighted_and_add_up(rng):
    fields = rng.random((3, 4, 4))
    total, parts = OBJECTIVE.value_and_parts(of(fields))
    assert list(parts) == ["picture", "energy"]
    assert parts["picture"] == 2 * mean_square(fields[2:], TARGET)
    assert total == parts["picture"] + parts["energy"] == OBJECTIVE.value(of(fields))


def test_the_gradient_is_that_of_the_sum_and_the_parts_come_along(rng):
    fields = rng.random((3, 4, 4))
    slope, parts = grad_and_aux(lambda f: OBJECTIVE.value_and_parts(of(f)))(fields)
    expected = np.concatenate([0.1 * fields[:2] / 16, 4 * (fields[2:] - TARGET) / 16])
    np.testing.assert_allclose(slope, expected, rtol=1e-13)
    assert parts["energy"] == OBJECTIVE.parts(of(fields))["energy"]
    again = compiled(grad(lambda f: OBJECTIVE.value(of(f))))(fields)
    np.testing.assert_allclose(again, expected, rtol=1e-13)


def test_what_cannot_be_added_is_refused():
    term = Term("a", 1.0, lambda flow: 0.0)
    with pytest.raises(ValueError, match="two terms are named a"):
        Objective((term, term))
    with pytest.raises(ValueError, match="at least one term"):
        Objective((Term("a", 0.0, lambda flow: 0.0),))
    with pytest.raises(ValueError, match="a: a weight must be at least 0, got -1"):
        Term("a", -1.0, lambda flow: 0.0)
