"""All exact methods give one gradient; approximate ones give it in their limits."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from tiny_problems import central_difference, tiny_problem

from sciopt.hyperopt.hypergradient.forward import forward
from sciopt.hyperopt.hypergradient.online import Online
from sciopt.hyperopt.hypergradient.reverse import reverse
from sciopt.hyperopt.hypergradient.reversible import reversible
from sciopt.hyperopt.hypergradient.truncated import truncated
from sciopt.hyperopt.problem import Problem


@pytest.fixture(scope="module", params=["heavy-ball", "adam"])
def problem(request: pytest.FixtureRequest) -> Problem:
    tuned = {
        "learning_rate": {"start": 0.1, "per": ["step", "layer"], "every": 4},
        "weight_decay": {"start": 0.01},
        "init_scale": {"start": 0.5, "per": "layer"},
        "l2": {"start": 0.01, "per": "array"},
        "label_smoothing": {},
    }
    momenta = {"heavy-ball": ("momentum",), "adam": ("beta1", "beta2")}[request.param]
    tuned |= {name: {"start": 0.9} for name in momenta}
    return tiny_problem(tuned, {"optimizer": request.param, "steps": 20})


def test_exact_methods_agree(problem: Problem) -> None:
    vector = problem.space.start
    stored = reverse(problem, vector, 3)
    size = np.linalg.norm(stored.gradient)
    for other in (
        forward(problem, vector, 3),
        truncated(problem, vector, 3, last_steps=20),
        Online(update_every=20)(problem, vector, 3),
    ):
        assert other.loss == pytest.approx(stored.loss, rel=1e-14)
        assert np.linalg.norm(other.gradient - stored.gradient) < 1e-12 * size  # sums reordered


@pytest.mark.parametrize("states", [1, 3, 7])
def test_checkpointed_gradient_is_that_of_stored_states_bit_for_bit(
    problem: Problem, states: int
) -> None:
    vector = problem.space.start
    stored = reverse(problem, vector, 3)
    numbers = problem.layout.size * (1 + problem.inner.rule.slots)
    checkpointed = reverse(problem, vector, 3, memory=8 * numbers * states)
    assert checkpointed.loss == stored.loss
    np.testing.assert_array_equal(checkpointed.gradient, stored.gradient)


def test_reversible_agrees_within_the_rounding_of_fixed_point(problem: Problem) -> None:
    vector = problem.space.start
    stored = reverse(problem, vector, 3)
    retraced = reversible(problem, vector, 3)
    error = np.linalg.norm(retraced.gradient - stored.gradient) / np.linalg.norm(stored.gradient)
    assert error < 1e-6  # momenta become fractions, states multiples of 2^-48


def test_central_differences_agree_for_single_hyperparameters(problem: Problem) -> None:
    vector = problem.space.start
    stored = reverse(problem, vector, 3)
    size = np.linalg.norm(stored.gradient)
    for place in problem.space.slices().values():
        for index in {place.start, place.stop - 1}:
            difference = central_difference(problem, vector, 3, np.eye(1, vector.size, index)[0])
            assert abs(stored.gradient[index] - difference) < 1e-8 * size


def test_gradient_is_the_same_bits_every_time(problem: Problem) -> None:
    first, again = (reverse(problem, problem.space.start, 3) for _ in range(2))
    np.testing.assert_array_equal(first.gradient, again.gradient)


def test_one_small_step_down_the_gradient_lowers_the_loss(problem: Problem) -> None:
    vector = problem.space.start
    here = reverse(problem, vector, 3)
    length = 1e-3 / np.linalg.norm(here.gradient)
    assert reverse(problem, vector - length * here.gradient, 3).loss < here.loss


def test_truncated_comes_closer_with_every_step() -> None:
    problem = tiny_problem(
        {"l2": {"start": 0.1}, "learning_rate": 0.5}, {"steps": 40, "optimizer": "sgd"}
    )
    vector = problem.space.start
    exact = reverse(problem, vector, 3)
    errors = [
        np.linalg.norm(truncated(problem, vector, 3, last_steps=k).gradient - exact.gradient)
        for k in (5, 10, 20, 40)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 1e-3 * np.linalg.norm(exact.gradient)
    assert errors[-1] == 0.0


def test_truncated_on_few_states_is_the_same_bits() -> None:
    problem = tiny_problem({"l2": {"start": 0.1}}, {"steps": 30})
    vector = problem.space.start
    stored = truncated(problem, vector, 3, last_steps=12)
    few = truncated(problem, vector, 3, last_steps=12, memory=8 * problem.layout.size * 2 * 2)
    np.testing.assert_array_equal(few.gradient, stored.gradient)


def _peak_bytes(steps: int) -> int:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.1}}, {"steps": steps}, model={"hidden": [200]}
    )
    forward(problem, problem.space.start, 3)  # caches filled
    tracemalloc.start()
    forward(problem, problem.space.start, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_of_forward_does_not_grow_with_the_number_of_steps() -> None:
    # 50 more steps, each of 1202 weights: one state of each would be 0.5 MB.
    assert _peak_bytes(60) < _peak_bytes(10) + 100_000


def test_online_goes_on_and_begins_anew_after_the_last_step() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1}, "init_scale": {"start": 0.5}})
    vector = problem.space.start
    method = Online(update_every=2)
    found = [method(problem, vector, seed) for seed in (3, 4, 5, 3)]
    assert [each.diagnostics["inner step"] for each in found] == [2, 4, 5, 2]
    whole = forward(problem, vector, 3)
    assert found[2].loss == whole.loss  # a run keeps its seed
    np.testing.assert_allclose(found[2].gradient, whole.gradient, rtol=1e-12)  # sums reordered
    assert found[3].loss == found[0].loss


def test_online_carries_tangents_of_earlier_hyperparameters_along() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1}})
    vector = problem.space.start
    method = Online(update_every=3)
    method(problem, vector, 3)
    moved = method(problem, vector + 0.5, 3)
    assert moved.gradient != pytest.approx(forward(problem, vector + 0.5, 3).gradient, rel=1e-3)
    np.testing.assert_array_less(moved.gradient, 0)  # still a direction of descent here


def test_online_gives_up_a_run_that_diverges() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1, "bounds": [1e-6, 1e300]}})
    method = Online(update_every=2)
    assert not np.isfinite(method(problem, np.array([800.0]), 3).loss)
    found = method(problem, problem.space.start, 3)
    assert np.isfinite(found.loss)
    assert found.diagnostics["inner step"] == 2


def test_a_run_that_diverges_gives_numbers_that_are_not_finite_and_no_warning() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1, "bounds": [1e-6, 1e300]}})
    for method in (reverse, forward):
        found = method(problem, np.array([800.0]), 3)
        assert not np.isfinite(found.loss)
