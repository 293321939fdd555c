"""NumPy's named results stay named under tracing, and their spaces are right."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_jvp, make_vjp
from autodiff.extend import vspace
from autodiff.numpy.linalg.results import QRResult, SVDResult
from autodiff.test_util import check_grads

MATRIX = onp.random.default_rng(0).standard_normal((3, 3))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("eig", ("eigenvalues", "eigenvectors")),
        ("eigh", ("eigenvalues", "eigenvectors")),
        ("qr", ("Q", "R")),
        ("slogdet", ("sign", "logabsdet")),
        ("svd", ("U", "S", "Vh")),
    ],
)
def test_results_are_read_by_attribute_by_index_and_by_unpacking(
    name: str, fields: tuple[str, ...]
) -> None:
    def by(read: Any) -> Any:
        return grad(
            lambda x: sum(np.sum(np.abs(part)) for part in read(getattr(np.linalg, name)(x)))
        )(MATRIX)

    expected = by(lambda result: [result[k] for k in range(len(fields))])
    onp.testing.assert_array_equal(by(lambda r: [getattr(r, f) for f in fields]), expected)
    onp.testing.assert_array_equal(by(lambda r: [*r]), expected)
    onp.testing.assert_array_equal(by(lambda r: r[:1] + r[1:]), expected)


def test_a_whole_result_is_differentiated_with_cotangents_of_its_kind() -> None:
    vjp, value = make_vjp(np.linalg.svd, MATRIX)
    assert type(value) is SVDResult
    space = vspace(value)
    assert space.size == 9 + 3 + 9
    assert type(space.zeros()) is SVDResult
    assert vjp(space.ones()).shape == (3, 3)
    _, tangent = make_jvp(np.linalg.qr, MATRIX)(onp.ones((3, 3)))
    assert type(tangent) is QRResult


def test_results_are_differentiated_twice() -> None:
    check_grads(lambda x: np.linalg.svd(x).S, 0)(MATRIX)
    check_grads(lambda x: np.linalg.qr(x).R, 0)(MATRIX)


def test_a_field_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="QRResult has no field 'P'"):
        grad(lambda x: np.linalg.qr(x).P)(MATRIX)


def test_plain_arrays_give_numpys_own_results() -> None:
    assert type(np.linalg.qr(MATRIX)) is QRResult
    assert np.linalg.eigvalsh(MATRIX).tolist() == onp.linalg.eigvalsh(MATRIX).tolist()
