"""numpy.random is here under its names, and gives NumPy's numbers."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad


def test_numbers_are_numpys() -> None:
    np.random.seed(3)
    ours = np.random.normal(1.0, 2.0, size=3), np.random.default_rng(4).random()
    onp.random.seed(3)  # noqa: NPY002
    assert ours[0].tolist() == onp.random.normal(1.0, 2.0, size=3).tolist()  # noqa: NPY002
    assert ours[1] == onp.random.default_rng(4).random()


def test_the_shifted_and_scaled_number_is_differentiable() -> None:
    def draw(scale: float) -> float:
        np.random.seed(0)
        return scale * np.random.randn()

    gradient = grad(draw)(2.0)
    onp.random.seed(0)  # noqa: NPY002
    assert gradient == onp.random.randn()  # noqa: NPY002


def test_a_traced_parameter_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="normal"):
        grad(lambda mean: np.random.normal(mean))(0.0)


def test_names_are_numpys() -> None:
    assert set(onp.random.__all__) <= set(dir(np.random)) <= set(dir(onp.random))
    assert all(hasattr(np.random, name) for name in dir(np.random))
    assert np.random.Generator is onp.random.Generator
    assert np.random.normal is np.random.normal
    for missing in ("mtrand", "nonsense", "_pickle"):
        assert not hasattr(np.random, missing)
