"""SciPy's special functions in compiled programs: equal to SciPy, in every derivative, no calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
import scipy.special
from agreement import assert_agrees, tolerances

import autodiff.numpy as np
import autodiff.scipy.special as special
from autodiff import compiled, grad, make_jvp
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.replay import Replay
from autodiff.compile.special_functions import FORMULAS
from autodiff.compile.written_out import written_out

RNG = onp.random.default_rng(3)
X, Y = RNG.uniform(0.05, 0.95, (2, 3, 4))
SIGNED = RNG.normal(size=(3, 4))
EDGES = onp.array(
    [0.0, -0.0, 1.0, -1.0, 0.3, 0.5, 0.65, 2.0, 30.0, -30.0, 710.0, -710.0, 1e-17, 1e300, -1e300,
     1e-310, onp.inf, -onp.inf, onp.nan]
)  # fmt: skip
ROWS = onp.array(
    list(itertools.product((-onp.inf, onp.inf, onp.nan, 0.0, 1000.0, -999.0), repeat=3))
)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "logsumexp": special.logsumexp,
    "logsumexp along": lambda x: special.logsumexp(x, axis=0, keepdims=True),
    "logsumexp with weights": lambda x: special.logsumexp(SIGNED, axis=1, b=x),
    "logsumexp with signs": lambda x: special.logsumexp(x, axis=1, b=SIGNED, return_sign=True)[0],
    "softmax": special.softmax,
    "softmax along": lambda x: special.softmax(x, axis=1),
    "log_softmax": lambda x: special.log_softmax(x, axis=(0, 1)),
    "expit": special.expit,
    "log_expit": special.log_expit,
    "logit": special.logit,
    "entr": special.entr,
    "xlogy": lambda x: special.xlogy(x, Y) + special.xlogy(Y[0], x),
    "xlog1py": lambda x: special.xlog1py(x, Y) + special.xlog1py(Y[0], x),
    "rel_entr": lambda x: special.rel_entr(x, Y) + special.rel_entr(Y[0], x),
    "kl_div": lambda x: special.kl_div(x, Y) + special.kl_div(Y[0], x),
    "huber": lambda x: special.huber(0.4, x),
    "erf": lambda x: special.erf(x) * special.erfc(x),
    "exp10": special.exp10,
}


def _total(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: np.sum(np.tanh(fun(x)))


ORDERS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "value": lambda f: f,
    "vjp": lambda f: grad(_total(f)),
    "jvp": lambda f: lambda x: make_jvp(f)(x)(SIGNED)[1],
    "vjp of vjp": lambda f: grad(lambda x: np.sum(SIGNED * grad(_total(f))(x))),
    "jvp of vjp": lambda f: lambda x: make_jvp(grad(_total(f)))(x)(SIGNED)[1],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_all_derivatives_are_compiled(name: str, backend: str) -> None:
    for order, of in ORDERS.items():
        fun = of(FUNCTIONS[name])
        fast = compiled(fun)
        for x in (X, X[::-1] * 0.9):
            # Derivatives of a value that is used twice are added in another order.
            wanted = fun(x)
            onp.testing.assert_allclose(fast(x), wanted, **tolerances(wanted), err_msg=order)
        if backend == "llvm":
            assert fast.explain(X).startswith("all "), order


@pytest.mark.parametrize("name", FUNCTIONS)
def test_replay_has_the_bits_of_eager_evaluation(name: str) -> None:
    got = Replay(lower(record(FUNCTIONS[name], X)))(X * 0.9)[0]
    onp.testing.assert_array_equal(got, FUNCTIONS[name](X * 0.9))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["logsumexp", "softmax", "log_softmax"])
def test_rows_of_infinities_and_nan_are_as_scipys(name: str, backend: str) -> None:
    theirs = getattr(scipy.special, name)
    for rows in (ROWS, onp.concatenate([ROWS, SIGNED[:, :3]])):
        fast = compiled(lambda x: getattr(special, name)(x, axis=1))(rows)
        # SciPy's log_softmax subtracts twice, of logarithms up to 1e3.
        onp.testing.assert_allclose(fast, theirs(rows, axis=1), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_are_scipys_functions(name: str, dtype: str, backend: str) -> None:
    """Also where they cancel, overflow, or are infinite."""
    ufunc = getattr(scipy.special, name)
    with onp.errstate(all="ignore"):
        values = onp.concatenate([EDGES, RNG.normal(size=200), RNG.uniform(size=200)]).astype(dtype)
        pairs = onp.array(list(itertools.product(values[: EDGES.size], values[: EDGES.size + 9]))).T
        args = (values,) if ufunc.nin == 1 else tuple(onp.ascontiguousarray(x) for x in pairs)
        wanted = ufunc(*args)
        found = compiled(getattr(special, name))(*args)
    assert found.dtype == wanted.dtype
    # Up to two elementary functions, each within 2.6 ulp, and SciPy's own.
    bound = 12 * float(onp.finfo(dtype).eps)
    # kl_div is a difference of numbers of this size.
    size = 100 if name == "kl_div" else 0
    onp.testing.assert_allclose(found, wanted, rtol=bound, atol=bound * size)
    zeros = wanted == 0
    onp.testing.assert_array_equal(onp.signbit(found[zeros]), onp.signbit(wanted[zeros]))


def test_formulas_take_operands_of_any_shape() -> None:
    program = lower(record(lambda x, y: special.rel_entr(x.T, y), X, Y[:, 0]))
    changed = written_out(program)
    assert "rel_entr" not in {value.op for value in changed.values}
    (number,) = changed.outputs
    (before,) = program.outputs
    assert changed.values[number].strides == program.values[before].strides
    for got, wanted in zip(Replay(changed)(X, Y[:, 0]), Replay(program)(X, Y[:, 0])):
        assert_agrees(got, wanted)


def test_what_has_no_formula_is_named(backend: str) -> None:
    said = compiled(lambda x: special.gammaln(x) * 2).explain(X)
    if backend == "llvm":
        assert "1 are calls of Python:\n  gammaln of float64[3,4]" in said
    else:
        assert said.startswith("all 2 operations are replayed")


def test_only_scipys_ufuncs_have_scipys_formulas() -> None:
    """Somebody's own function of that name is another one."""
    program = lower(record(lambda x: special.entr(x), X))
    (value,) = (each for each in program.values if each.op == "entr")
    forged = value._replace(function=onp.negative)
    changed = written_out(type(program)((*program.values[:-1], forged), program.outputs))
    assert changed.values[-1].op == "entr"
