"""A right rule and a wrong one."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from experiments.lecture import define_primitive


def test_the_check_accepts_the_right_rule_and_shows_both_numbers_for_the_wrong() -> None:
    found = define_primitive.compute()
    assert found.verdict_right == ""
    assert "derivative (VJP) is wrong: analytic" in found.verdict_wrong
    assert "numeric" in found.verdict_wrong
    said = "\n".join(define_primitive.report(found))
    assert "nothing, the rule is right" in said
    assert "is wrong" in said


def test_the_right_rule_passes_at_second_order_too(rng: np.random.Generator) -> None:
    check_grads(define_primitive.soft_relu, modes=["rev"])(rng.standard_normal(5))


def test_slopes_are_the_logistic_function_and_its_mirror() -> None:
    found = define_primitive.compute(points=11)
    logistic = 1 / (1 + np.exp(-found.z))
    np.testing.assert_allclose(found.slope_right, logistic, rtol=1e-15)
    np.testing.assert_allclose(found.slope_wrong, logistic[::-1], rtol=1e-13)
    np.testing.assert_allclose(found.slope_differences, logistic, atol=1e-9)


def test_the_primitive_does_not_overflow() -> None:
    found = define_primitive.compute()
    assert found.naive_at_1000 == np.inf
    assert found.primitive_at_1000 == pytest.approx((1000.0, 1.0))
