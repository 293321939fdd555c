"""Models that cannot be recorded: they run all the same, and a notice says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_problems import central_difference, tiny_problem

from sciopt.hyperopt.hypergradient import reverse
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import obstacle_to_recording

TEXT = """\
import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive
import numpy


@primitive
def doubled(x):
    return 2 * numpy.asarray(x)


defvjp(doubled, lambda ans, x: lambda g: 2 * g)
defjvp(doubled, lambda g, ans, x: 2 * g)


class Line:
    def init(rng, input_shape, outputs):
        return {"w": rng.standard_normal((input_shape[0], outputs))}

    def predict(params, inputs, width=1.0):
        outputs = np.dot(width * inputs, params["w"])
        return LAST

    def loss(outputs, targets):
        return np.sum((outputs - targets) ** 2, axis=1)
"""
LINE = 1 + TEXT.splitlines().index("        return LAST")
BY_VALUE = "outputs if np.sum(outputs) < 1e9 else -outputs"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def problem_of(path: Path, last: str, **settings: Any) -> Problem:
    path.write_text(TEXT.replace("LAST", last))
    tuned = {"learning_rate": {"start": 0.05}, "model": {"width": {"start": 0.9}}}
    return tiny_problem(tuned, model={"name": f"{path}:Line"}, **settings)


@pytest.mark.parametrize("last", ["outputs", "doubled(outputs)"])
def test_a_model_of_arrays_alone_is_compiled(path: Path, last: str) -> None:
    problem = problem_of(path, last)
    assert obstacle_to_recording(problem.inner, 0) is None
    assert problem.inner.compiled
    assert problem.notices == ()


def test_a_model_that_looks_at_values_runs_and_a_notice_names_the_line(path: Path) -> None:
    problem = problem_of(path, BY_VALUE)
    (notice,) = problem.notices
    assert notice.startswith("Line is not compiled, which takes several times as long: a decision")
    assert f"{path}:{LINE}" in notice
    assert "autodiff.numpy.where" in notice
    assert not problem.inner.compiled
    vector = problem.space.start
    found = reverse(problem, vector, 3)  # without a warning: that would be an error here
    direction = np.array([0.6, 0.8])
    difference = central_difference(problem, vector, 3, direction)
    assert found.gradient @ direction == pytest.approx(difference, rel=1e-7)
    plain = reverse(problem_of(path, "outputs"), vector, 3)
    np.testing.assert_allclose(found.gradient, plain.gradient, rtol=1e-12)


def test_who_asks_for_no_compilation_gets_no_notice(path: Path) -> None:
    problem = problem_of(path, BY_VALUE, hypergradient={"compiled": False})
    assert problem.notices == ()
    assert not problem.inner.compiled
