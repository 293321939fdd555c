from __future__ import annotations

import numpy as np
import pytest

from autodiff.test_util import check_grads
from sciopt.hyperopt.hyperparameters import SCALES

VALUES = {"linear": [-3.0, 0.0, 2.5], "log": [1e-9, 0.3, 4e5], "logit": [1e-9, 0.2, 0.5, 0.999]}


@pytest.mark.parametrize("name", SCALES)
def test_value_of_the_variable_is_the_value(name: str) -> None:
    scale, values = SCALES[name], np.array(VALUES[name])
    np.testing.assert_allclose(scale.value(scale.variable(values)), values, rtol=1e-13)


@pytest.mark.parametrize("name", SCALES)
def test_scales_rise(name: str) -> None:
    assert (np.diff(SCALES[name].variable(np.array(VALUES[name]))) > 0).all()


@pytest.mark.parametrize("name", SCALES)
def test_scales_can_be_differentiated(name: str) -> None:
    check_grads(SCALES[name].value, modes=("fwd", "rev"))(np.array([-1.3, 0.0, 0.7]))


def test_ends_of_the_domain_go_to_infinity() -> None:
    assert SCALES["log"].variable(0.0) == -np.inf
    assert SCALES["logit"].variable(0.0) == -np.inf
    assert SCALES["logit"].variable(1.0) == np.inf
