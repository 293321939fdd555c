from __future__ import annotations

import numpy as np

from autodiff.test_util import check_grads
from sciopt.hyperopt.objective import error_rate, mean_loss, soft_error, unexplained_variance


def test_soft_error_is_one_minus_the_mean_probability_of_the_true_class() -> None:
    outputs = np.log([[0.7, 0.3], [0.2, 0.8]]) + 5.0
    shares = np.array([[1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(soft_error(outputs, shares), 1 - (0.7 + 0.2) / 2, rtol=1e-14)


def test_soft_error_of_sure_answers_is_the_error_rate() -> None:
    outputs = 2000 * np.eye(3)
    classes = np.array([0, 1, 0])
    assert error_rate(outputs, classes) == 1 / 3
    assert abs(soft_error(outputs, np.eye(3)[classes]) - 1 / 3) < 1e-15


def test_soft_error_can_be_differentiated(rng: np.random.Generator) -> None:
    shares = np.eye(3)[[0, 2]]
    check_grads(lambda x: soft_error(x, shares), modes=("fwd", "rev"))(rng.standard_normal((2, 3)))


def test_mean_loss() -> None:
    assert mean_loss(np.array([1.0, 2.0, 6.0])) == 3.0


def test_unexplained_variance_is_one_for_the_mean_and_zero_for_the_truth() -> None:
    targets = np.array([[1.0], [2.0], [6.0]])
    assert unexplained_variance(np.full((3, 1), 3.0), targets) == 1.0
    assert unexplained_variance(targets, targets) == 0.0
