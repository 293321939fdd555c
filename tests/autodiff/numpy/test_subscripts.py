"""einsum: every way of writing it, values as NumPy's, and contractions by BLAS."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_vjp
from autodiff.test_util import check_duality, check_grads

SETTINGS = settings(derandomize=True, deadline=None, max_examples=150)
SIZES = dict(zip("abcde", (2, 3, 1, 2, 4)))
terms = st.text("abcde", max_size=3)


def _traced(*operands: Any, **options: Any) -> Any:
    """einsum by our own way, which plain operands do not take."""
    text, *arrays = operands
    return make_vjp(lambda xs: np.einsum(text, *xs, **options), tuple(arrays))[1]


@SETTINGS
@given(st.lists(terms, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_any_subscripts(names: list[str], random: Any) -> None:
    letters = sorted(set("".join(names)))
    output = "".join(random.sample(letters, random.randint(0, len(letters))))
    text = ",".join(names) + "->" + output
    rng = onp.random.default_rng(len(text))
    arrays = [rng.standard_normal([SIZES[c] for c in name]) for name in names]
    onp.testing.assert_allclose(_traced(text, *arrays), onp.einsum(text, *arrays), atol=1e-12)
    check_duality(lambda xs: np.einsum(text, *xs), tuple(arrays), rtol=1e-10)
    implicit = text.split("->")[0]
    onp.testing.assert_allclose(
        _traced(implicit, *arrays), onp.einsum(implicit, *arrays), atol=1e-12
    )


def test_an_index_twice_in_one_operand_reads_its_diagonal(rng: Any) -> None:
    square = rng.standard_normal((3, 3))
    assert grad(lambda x: np.einsum("ii", x))(square).tolist() == onp.eye(3).tolist()
    for text in ("ii->i", "ii"):
        check_grads(lambda x, t=text: np.einsum(t, x) ** 2)(square)
    check_grads(lambda x: np.einsum(x, [0, 0], [0]))(square)


def test_an_ellipsis_broadcasts(rng: Any) -> None:
    a, b = rng.standard_normal((2, 1, 3, 4)), rng.standard_normal((5, 4, 2))
    text = "...ij,...jk->...ik"
    onp.testing.assert_allclose(_traced(text, a, b), onp.einsum(text, a, b), rtol=1e-12)
    check_grads(lambda a, b: np.einsum(text, a, b), (0, 1))(a, b)
    onp.testing.assert_allclose(
        _traced("...,...", a, b[0, 0, 0]), onp.einsum("...,...", a, b[0, 0, 0]), rtol=1e-12
    )


def test_an_axis_of_length_one_stands_for_a_longer_one(rng: Any) -> None:
    a, b = rng.standard_normal((2, 1)), rng.standard_normal((4, 3))
    for text in ("ij,kj->ik", "ij,kj->j"):
        onp.testing.assert_allclose(_traced(text, a, b), onp.einsum(text, a, b), rtol=1e-12)
        check_grads(lambda a, b, t=text: np.einsum(t, a, b), (0, 1))(a, b)


def test_long_products_are_contracted_in_pairs(rng: Any) -> None:
    arrays = [rng.standard_normal(shape) for shape in ((2, 3), (3, 4), (4, 5), (5, 2), (2,))]
    text = "ab,bc,cd,de,e->a"
    onp.testing.assert_allclose(_traced(text, *arrays), onp.einsum(text, *arrays), rtol=1e-12)
    check_grads(lambda *xs: np.einsum(text, *xs), tuple(range(5)), order=1)(*arrays)


def test_dtypes_are_numpys(rng: Any) -> None:
    single = rng.standard_normal((2, 3)).astype("f")
    for other in (
        single.T,
        rng.standard_normal((3, 2)),
        onp.arange(6).reshape(3, 2),
        1j * single.T,
    ):
        expected = onp.einsum("ij,jk->ik", single, other).dtype
        assert _traced("ij,jk->ik", single, other).dtype == expected
        vjp, value = make_vjp(lambda x: np.einsum("ij,jk->ik", x, other), single)  # noqa: B023
        assert vjp(onp.ones_like(value)).dtype == onp.float32


def test_subscripts_that_do_not_fit_are_refused(rng: Any) -> None:
    a = rng.standard_normal((2, 3))
    for text in ("ijk->i", "i->i", "ij,jk->ik"):
        with pytest.raises(ValueError, match="einsum"):
            grad(lambda x, t=text: np.sum(np.einsum(t, x)))(a)
    with pytest.raises(ValueError, match="index 'j' is of length 3 here and 4 there"):
        grad(lambda x: np.sum(np.einsum("ij,ij->i", x, onp.ones((2, 4)))))(a)
    with pytest.raises(NotImplementedError, match="out="):
        grad(lambda x: np.sum(np.einsum("ij->i", x, out=onp.empty(2))))(a)


@pytest.fixture
def rng() -> onp.random.Generator:
    return onp.random.default_rng(0)
