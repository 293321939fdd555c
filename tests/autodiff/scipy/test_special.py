"""Special functions: singular points, SciPy's own names on boxes, what is refused."""

from __future__ import annotations

import subprocess
import sys

import numpy as onp
import pytest
import scipy.special

import autodiff.numpy as np
from autodiff import elementwise_grad, grad, make_jvp
from autodiff.scipy import special
from autodiff.test_util import check_grads

X = onp.array([[0.3, -1.2, 0.7], [2.0, 0.1, -0.4]])


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": (0, 1), "keepdims": True}])
def test_logsumexp_is_scipys_with_weights_and_signs(options: dict[str, object]) -> None:
    weights = onp.array([1.0, -3.0, 0.0])
    for b in (None, 1.0, 2.5, onp.abs(weights), weights):
        expected = scipy.special.logsumexp(X, b=b, return_sign=True, **options)
        got = special.logsumexp(X, b=b, return_sign=True, **options)
        onp.testing.assert_allclose(got[0], expected[0], rtol=1e-13)
        onp.testing.assert_array_equal(got[1], expected[1])
        expected = scipy.special.logsumexp(X, b=b, **options)
        onp.testing.assert_allclose(special.logsumexp(X, b=b, **options), expected, rtol=1e-13)


def test_logsumexp_does_not_overflow_and_keeps_small_terms() -> None:
    assert special.logsumexp([1000.0, 1000.0]) == pytest.approx(1000 + onp.log(2))
    assert special.logsumexp([0.0, -50.0]) == pytest.approx(onp.exp(-50.0), rel=1e-12)
    assert special.logsumexp([-onp.inf, -onp.inf]) == -onp.inf
    onp.testing.assert_array_equal(
        grad(special.logsumexp)(onp.array([-onp.inf, -onp.inf])), [0.0, 0.0]
    )


def test_weights_of_logsumexp_may_be_traced_as_a_keyword() -> None:
    gradient = grad(lambda b: special.logsumexp(X[0], b=b))(onp.ones(3))
    onp.testing.assert_allclose(gradient, scipy.special.softmax(X[0]), rtol=1e-13)


def test_softmax_of_large_numbers() -> None:
    x = onp.array([1000.0, 1001.0])
    onp.testing.assert_allclose(special.softmax(x), scipy.special.softmax(x), rtol=1e-14)
    onp.testing.assert_allclose(special.log_softmax(x), scipy.special.log_softmax(x), rtol=1e-13)


def test_tails_of_the_normal_have_their_gradient() -> None:
    assert grad(special.log_ndtr)(-40.0) == pytest.approx(40 + 1 / 40 - 2 / 40**3, rel=1e-6)
    assert grad(special.log_ndtr)(40.0) == 0.0
    assert grad(special.log_expit)(-800.0) == 1.0


def test_nothing_times_an_unlimited_slope_is_nothing() -> None:
    assert grad(special.xlogy, 1)(0.0, 0.0) == 0.0
    assert grad(special.xlog1py, 1)(0.0, -1.0) == 0.0
    assert grad(special.kl_div, 1)(0.0, 0.0) == 1.0
    assert float(np.real(grad(lambda z: np.real(special.lambertw(z)))(0.0))) == 1.0


def test_scipys_own_functions_can_be_called_on_boxes() -> None:
    assert grad(scipy.special.gammaln)(2.5) == grad(special.gammaln)(2.5)
    onp.testing.assert_array_equal(
        elementwise_grad(scipy.special.erf)(X), elementwise_grad(special.erf)(X)
    )


def test_orders_have_no_derivative() -> None:
    for name in ("jv", "kv", "iv", "polygamma", "expn"):
        with pytest.raises(NotImplementedError, match="argument"):
            grad(lambda v, name=name: getattr(special, name)(v, 1.5))(2.0)
        with pytest.raises(NotImplementedError, match="argument"):
            make_jvp(lambda v, name=name: getattr(special, name)(v, 1.5))(2.0)(1.0)


def test_signs_of_gamma_are_constant() -> None:
    assert grad(lambda x: x * special.gammasgn(x))(-0.5) == -1.0


def test_counting_functions_are_scipys_on_numbers() -> None:
    n, k = onp.array([5.0, 4.0, -1.0, 3.0]), onp.array([2.0, 0.0, 1.0, 4.0])
    onp.testing.assert_allclose(special.comb(n, k), scipy.special.comb(n, k))
    onp.testing.assert_allclose(
        special.comb(5, 3, repetition=True), scipy.special.comb(5, 3, repetition=True)
    )
    onp.testing.assert_allclose(special.factorial([0, 3, -1]), [1, 6, 0])
    for name, args in (("comb", (5, 2)), ("factorial", (5,))):
        with pytest.raises(NotImplementedError, match="integers"):
            getattr(special, name)(*args, exact=True)


def test_bessel_functions_are_smooth_through_zero() -> None:
    check_grads(special.i1e, modes=["rev"], order=1)(onp.array([0.5, -0.5]))
    assert grad(special.j1)(0.0) == 0.5
    assert grad(special.i1)(0.0) == 0.5


@pytest.mark.parametrize(
    ("a", "x", "first", "second"),
    [
        (0.1, 0.3, -0.9219871619934011, -0.013411920410931668),
        (0.05, 30.0, -4.409096959986947e-15, -3.153080437071361e-14),
        (2.5, 1.0, -0.1800996069540415, 0.17286396981617788),
        (2.5, 9.0, -0.004741679548193881, -0.006217598371257099),
        (2.5, 60.0, -1.0696234590375787e-23, -3.4908202681255095e-23),
        (40.0, 41.0, -0.06166982796290203, -0.001522747147845345),
        (40.0, 41.5, -0.06037393282776463, -0.0022240928118126752),
        (40.0, 90.0, -9.669377056403348e-10, -7.856916052195067e-10),
        (1000.0, 950.0, -0.003551127164809476, 0.00018216448743631368),
        (1000.0, 1100.0, -0.00011048987784079389, -1.0531678471574556e-05),
    ],
)
def test_shape_derivatives_of_the_incomplete_gamma_function_have_eleven_digits(
    a: float, x: float, first: float, second: float
) -> None:
    """Expected: mpmath's numerical differentiation of its gammainc, with 40 digits."""
    assert grad(special.gammainc)(a, x) == pytest.approx(first, rel=1e-11)
    assert grad(grad(special.gammaincc))(a, x) == pytest.approx(-second, rel=1e-11)


@pytest.mark.parametrize(
    ("a", "b", "x", "in_a", "in_b"),
    [
        (0.1, 0.3, 0.2, -2.4361592621388444, 0.6193836573704867),
        (0.05, 0.05, 0.5, -5.018194629321641, 5.018194629321641),
        (2.5, 1.0, 0.7, -0.1462236773493117, 0.3874298441599617),
        (10.0, 0.5, 0.95, -0.024798537282214612, 0.6347578853474383),
        (10.0, 0.5, 0.3, -1.5269790030180326e-06, 4.817327955429995e-06),
        (0.02, 30.0, 0.1, -0.012226887941152792, 3.126927627599402e-05),
        (300.0, 200.0, 0.59, -0.013253355464568019, 0.019477054685530463),
        (300.0, 200.0, 0.65, -0.0009471797029885483, 0.0015805165182221947),
        (0.5, 1000.0, 0.0003, -0.7704732560719619, 0.00022897982514506044),
    ],
)
def test_shape_derivatives_of_the_incomplete_beta_function_have_eleven_digits(
    a: float, b: float, x: float, in_a: float, in_b: float
) -> None:
    """Expected: mpmath's numerical differentiation of its betainc, with 40 digits."""
    assert grad(special.betainc)(a, b, x) == pytest.approx(in_a, rel=1e-11)
    assert grad(special.betainc, 1)(a, b, x) == pytest.approx(in_b, rel=1e-11)
    assert grad(special.betaincc)(a, b, x) == pytest.approx(-in_a, rel=1e-11)


def test_student_t_is_symmetric_in_its_degrees_of_freedom() -> None:
    assert grad(special.stdtr)(3.5, 0.0) == 0.0
    slopes = [grad(special.stdtr)(3.5, t) for t in (-1.2, 1.2)]
    assert slopes[0] == pytest.approx(-slopes[1])


def test_the_incomplete_gamma_function_starts_flat_and_ends_flat_in_its_shape() -> None:
    assert grad(special.gammainc)(1.5, 0.0) == 0.0
    assert grad(special.gammainc)(1.5, onp.inf) == 0.0


def test_importing_the_package_brings_its_modules_but_not_their_heavy_parts() -> None:
    script = (
        "import sys, autodiff.numpy; assert 'scipy' not in sys.modules;"
        "import autodiff.scipy as s; s.integrate.odeint, s.signal.convolve, s.special.erf;"
        "s.stats.norm.pdf; assert 'scipy.stats' not in sys.modules;"
        "import autodiff.scipy.linalg, autodiff.scipy.sparse.linalg"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
