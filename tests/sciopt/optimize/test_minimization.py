"""Every method behind one signature: the best point is kept, whatever ends the search."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy.optimize
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.optimize import Iterate, minimize
from sciopt.optimize.methods import DEFAULTS, METHODS

Array = NDArray[Any]
Objective = Callable[[Array], tuple[float, Array]]
ALL = list(METHODS)
SCIPY = [method for method in METHODS if method != "Adam"]


def start() -> Array:
    return np.linspace(-1.0, 1.5, 12).reshape(3, 4)


def rosenbrock(x: Array) -> tuple[float, Array]:
    """Rosenbrock's valley over all the numbers of x, with a gradient of x's shape and dtype."""
    flat = x.ravel().astype(np.float64)
    gradient = scipy.optimize.rosen_der(flat).reshape(x.shape).astype(x.dtype)
    return float(scipy.optimize.rosen(flat)), gradient


class Spy:
    """Rosenbrock's function that remembers its points and can misbehave at one of them."""

    def __init__(self, at: int = 0, misbehave: Objective = rosenbrock) -> None:
        self.at, self.misbehave = at, misbehave
        self.points: list[Array] = []
        self.losses: list[float] = []

    def __call__(self, x: Array) -> tuple[float, Array]:
        self.points.append(x.copy())
        if len(self.points) == self.at:
            return self.misbehave(x)
        loss, gradient = rosenbrock(x)
        self.losses.append(loss)
        return loss, gradient


def nan_loss(x: Array) -> tuple[float, Array]:
    return float("nan"), np.zeros_like(x)


def infinite_gradient(x: Array) -> tuple[float, Array]:
    gradient = np.zeros_like(x)
    gradient.flat[3] = np.inf
    return 1.0, gradient


def interrupted(x: Array) -> tuple[float, Array]:
    raise KeyboardInterrupt


@pytest.mark.parametrize("method", ALL)
def test_the_best_of_all_evaluated_points_is_returned(method: str) -> None:
    spy = Spy()
    outcome = minimize(spy, start(), method=method, iterations=20)
    best = int(np.argmin(spy.losses))
    assert outcome.loss == spy.losses[best] < spy.losses[0]
    np.testing.assert_array_equal(outcome.x, spy.points[best], strict=True)
    assert outcome.evaluations == len(spy.points)
    assert outcome.grad_norm == pytest.approx(np.linalg.norm(rosenbrock(outcome.x)[1]), rel=1e-14)
    assert (outcome.status, outcome.iterations) == ("finished", 20)
    assert outcome.message == "reached the limit of 20 iterations"


@pytest.mark.parametrize("method", ALL)
def test_no_point_is_evaluated_twice_in_a_row(method: str) -> None:
    spy = Spy()
    minimize(spy, start(), method=method, iterations=20)
    assert not any(np.array_equal(before, after) for before, after in pairwise(spy.points))


@pytest.mark.parametrize("method", ALL)
def test_iterates_begin_at_the_start_and_count_on(method: str) -> None:
    seen: list[Iterate] = []
    outcome = minimize(rosenbrock, start(), method=method, iterations=10, on_iterate=seen.append)
    assert [iterate.index for iterate in seen] == list(range(11))
    np.testing.assert_array_equal(seen[0].x, start(), strict=True)
    for iterate in seen:
        loss, gradient = rosenbrock(iterate.x)
        assert iterate.loss == loss >= outcome.loss
        assert iterate.grad_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-14)
    assert seen[0].evaluations == 1
    assert seen[-1].evaluations <= outcome.evaluations
    assert all(before.seconds <= after.seconds for before, after in pairwise(seen))


@pytest.mark.parametrize("method", ["CG", "BFGS", "L-BFGS-B"])
def test_the_search_is_scipy_s_evaluation_by_evaluation(method: str) -> None:
    spy = Spy()
    outcome = minimize(spy, start(), method=method, iterations=15)
    points: list[Array] = []

    def peer(x: Array) -> tuple[float, Array]:
        points.append(x.copy())
        return rosenbrock(x)

    options = {**DEFAULTS[method], "maxiter": 15}
    result = scipy.optimize.minimize(
        peer, start().ravel(), jac=True, method=method, options=options
    )
    assert outcome.evaluations == result.nfev == len(points)
    np.testing.assert_array_equal(np.array(spy.points).reshape(len(points), -1), points)


@pytest.mark.parametrize("method", ["L-BFGS-B", "CG", "BFGS", "TNC"])
def test_a_minimum_is_found_and_the_message_says_why_it_ended(method: str) -> None:
    outcome = minimize(rosenbrock, np.array([-1.2, 1.0]), method=method, iterations=500)
    assert outcome.loss < 1e-7  # 10^9 times below the start, and TNC ends there by its own choice
    assert outcome.status == "finished"
    assert outcome.message.endswith(f"after {outcome.iterations} iterations")
    assert "reached the limit" not in outcome.message


@pytest.mark.parametrize("method", ALL)
def test_a_start_at_the_minimum_is_returned(method: str) -> None:
    outcome = minimize(rosenbrock, np.ones(4), method=method, iterations=3)
    assert (outcome.loss, outcome.status) == (0.0, "finished")


@pytest.mark.parametrize("method", ALL)
def test_float32_goes_in_and_comes_out(method: str) -> None:
    spy = Spy()
    outcome = minimize(spy, start().astype(np.float32), method=method, iterations=5)
    assert {point.dtype for point in spy.points} == {np.dtype(np.float32)}
    assert outcome.x.dtype == np.float32
    assert outcome.loss == rosenbrock(outcome.x)[0] < spy.losses[0]


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(
    ("misbehave", "word"), [(nan_loss, "loss became nan"), (infinite_gradient, "gradient became")]
)
def test_a_number_that_is_not_finite_stops_the_search(
    method: str, misbehave: Objective, word: str
) -> None:
    spy = Spy(at=7, misbehave=misbehave)
    outcome = minimize(spy, start(), method=method, iterations=50)
    assert outcome.status == "diverged"
    assert word in outcome.message
    assert f"in iteration {outcome.iterations + 1} (evaluation 7)." in outcome.message
    assert len(spy.points) == 7
    assert outcome.loss == min(spy.losses)


def test_a_start_that_is_not_finite_is_reported_as_such() -> None:
    seen: list[Iterate] = []
    outcome = minimize(nan_loss, start(), on_iterate=seen.append)
    assert outcome.status == "diverged"
    assert outcome.message == "The loss became nan in iteration 0 (evaluation 1)."
    assert np.isnan(outcome.loss)
    np.testing.assert_array_equal(outcome.x, start())
    assert seen == []


@pytest.mark.parametrize("method", ALL)
def test_ctrl_c_in_the_objective_keeps_the_best_point(method: str) -> None:
    spy = Spy(at=7, misbehave=interrupted)
    outcome = minimize(spy, start(), method=method, iterations=50)
    assert (outcome.status, outcome.loss) == ("interrupted", min(spy.losses))
    assert outcome.message.startswith(f"interrupted after {outcome.iterations} iteration")


@pytest.mark.parametrize("method", ALL)
def test_ctrl_c_while_reporting_keeps_the_best_point(method: str) -> None:
    def report(iterate: Iterate) -> None:
        if iterate.index == 3:
            raise KeyboardInterrupt

    outcome = minimize(rosenbrock, start(), method=method, iterations=50, on_iterate=report)
    assert (outcome.status, outcome.iterations) == ("interrupted", 3)


def test_ctrl_c_before_the_start_is_known_leaves_nothing_to_keep() -> None:
    with pytest.raises(KeyboardInterrupt):
        minimize(interrupted, start())


@pytest.mark.parametrize("method", ALL)
def test_an_error_in_the_objective_is_not_hidden(method: str) -> None:
    def broken(x: Array) -> tuple[float, Array]:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        minimize(Spy(at=3, misbehave=broken), start(), method=method, iterations=9)


def test_points_that_are_handed_out_cannot_be_changed() -> None:
    seen: list[Iterate] = []
    outcome = minimize(rosenbrock, start(), iterations=2, on_iterate=seen.append)
    for x in (outcome.x, seen[0].x):
        with pytest.raises(ValueError, match="read-only"):
            x[0] = 1.0


def test_options_reach_the_method() -> None:
    losses = {
        memory: minimize(rosenbrock, start(), iterations=15, options={"maxcor": memory}).loss
        for memory in (1, 20)
    }
    assert losses[1] != losses[20]


def test_a_method_that_does_not_exist_is_refused_before_any_work() -> None:
    spy = Spy()
    with pytest.raises(ConfigError):
        minimize(spy, start(), method="CGG")
    assert spy.points == []


@pytest.mark.parametrize("method", SCIPY)
def test_two_searches_are_equal_to_the_bit(method: str) -> None:
    one, two = (minimize(rosenbrock, start(), method=method, iterations=12) for _ in range(2))
    np.testing.assert_array_equal(one.x, two.x)


def test_bounds_are_kept_by_l_bfgs_b_and_refused_by_others() -> None:
    def bowl(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(np.sum((x - 3) ** 2)), 2 * (x - 3)

    box = (np.array([-1.0, -np.inf]), np.array([1.0, np.inf]))
    outcome = minimize(bowl, np.zeros(2), bounds=box)
    assert outcome.x == pytest.approx([1.0, 3.0], abs=1e-6)
    with pytest.raises(ConfigError, match="Adam keeps no bounds"):
        minimize(bowl, np.zeros(2), method="adam", bounds=box)


@pytest.mark.parametrize("method", ALL)
def test_evaluations_end_at_their_limit_line_searches_included(method: str) -> None:
    free, bounded = Spy(), Spy()
    minimize(free, start(), method=method, iterations=30)
    outcome = minimize(bounded, start(), method=method, iterations=30, evaluations=9)
    assert len(bounded.points) == outcome.evaluations == 9
    np.testing.assert_array_equal(bounded.points, free.points[:9])
    assert outcome.status == "finished"
    assert outcome.message == "reached the limit of 9 evaluations"
    assert outcome.loss == min(bounded.losses)
