"""Scalar operations on values that are special, beside NumPy's: every ufunc that has code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.special

from autodiff.compile.ir import Builder, Number, Value
from autodiff.compile.llvm import scalars
from autodiff.compile.llvm.executable import executable
from autodiff.compile.llvm.scalars import floats, integers
from autodiff.compile.strides import contiguous

EXACT = frozenset({
    "add", "subtract", "multiply", "divide", "negative", "positive", "conjugate", "square",
    "reciprocal", "absolute", "fabs", "sign", "sqrt", "floor", "ceil", "trunc", "rint", "copysign",
    "remainder", "floor_divide", "fmod", "isnan", "isinf", "isfinite", "maximum", "minimum", "fmax",
    "fmin", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and",
    "logical_or", "logical_xor", "logical_not",
})  # fmt: skip
OPEN_ZERO = frozenset({"fmax", "fmin"})
"""Which of two zeros these give depends in NumPy on the length of the array."""
ULPS = 8
"""NumPy's elementary functions are within 4 ulp of the truth, ours and the C library's too."""
SCIPY_ULPS = {"erfc": 32}
"""At 7.3 SciPy's is 9 ulp from the truth (of mpmath), the C library's 1."""
INTEGERS = [f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)]


def _function(name: str) -> Any:
    return getattr(np, name, None) or getattr(scipy.special, name)


def _floats(dtype: str) -> Any:
    kind = np.finfo(dtype)
    sizes = [
        0.0, 1.0, 0.5, 2.0, 3.0, 2.5, 3.5, 0.1, 1e-3, 7.3, 88.5, 103.9, 709.5, 710.5, 745.2, 1e16,
        float(kind.smallest_subnormal), 17 * float(kind.smallest_subnormal), float(kind.tiny),
        float(kind.max), float(kind.eps), 1 + float(kind.eps), np.inf, np.pi / 2, 1e5,
    ]  # fmt: skip
    sizes = [x for x in sizes if x == np.inf or x <= kind.max]
    return np.array([*sizes, *(-x for x in sizes), np.nan], dtype)


def _integers(dtype: str) -> Any:
    kind = np.iinfo(dtype)
    every = {0, 1, 2, 3, 7, 8, 31, 32, 63, 64, 100, kind.min, kind.min + 1, kind.max, kind.max - 1}
    every |= {-1, -2, -3, -7, -8, -100} if kind.min else set()
    return np.array(sorted(x for x in every if x <= kind.max), dtype)


def _special(dtype: str) -> Any:
    if dtype == "?":
        return np.array([False, True])
    return _floats(dtype) if dtype[0] == "f" else _integers(dtype)


def _input(index: int, x: Any) -> Value:
    return Value("input", (), (("index", index),), x.shape, x.dtype, x.strides)


def _results(functions: Sequence[Any], arrays: Sequence[Any], wanted: Sequence[Any]) -> list[Any]:
    """What machine code gives for each function of the arrays, all in one program."""
    builder = Builder()
    operands = tuple(builder.add(_input(k, x)) for k, x in enumerate(arrays))
    outputs: list[Number] = []
    for function, result in zip(functions, wanted):
        strides = contiguous(result.shape, result.itemsize)
        outputs.append(
            builder.add(
                Value(
                    function.__name__, operands, (), result.shape, result.dtype, strides, function
                )
            )
        )
    return executable(builder.program(outputs))(*arrays)


def _names(dtype: str, arity: int) -> list[str]:
    table = {"f": floats.FLOATS, "?": integers.BOOLS}.get(dtype[0], integers.INTEGERS)
    return [name for name in table if _function(name).nin == arity]


def _truth(function: Any, arrays: Sequence[Any]) -> Any:
    with np.errstate(all="ignore"):
        found = function(*arrays)
        if function is scipy.special.expit:  # SciPy's is 0 from -710 on, where exp(x) is not yet
            return np.where(arrays[0] < -100, np.exp(arrays[0]), found)
        return found


def _has_loop(name: str, dtype: str) -> bool:
    """Whether NumPy computes it in that dtype, without a cast before."""
    function, kind = _function(name), np.dtype(dtype)
    try:
        kinds = function.resolve_dtypes((kind,) * function.nin + (None,))
    except TypeError:
        return False
    return kinds[:-1] == (kind,) * function.nin


def _check(dtype: str, arity: int) -> None:
    names = [name for name in _names(dtype, arity) if _has_loop(name, dtype)]
    assert len(names) > 5 or dtype == "?"
    values = _special(dtype)
    arrays = [values]
    if arity == 2:
        arrays = [x.copy() for x in np.array(list(product(values, values)), dtype).T]
    functions = [_function(name) for name in names]
    wanted = [_truth(function, arrays) for function in functions]
    for name, got, true in zip(names, _results(functions, arrays, wanted), wanted):
        _compare(name, got, true, arrays)


def _compare(name: str, got: Any, wanted: Any, arrays: Sequence[Any]) -> None:
    assert got.dtype == wanted.dtype
    if wanted.dtype.kind != "f":
        wrong = got != wanted
    else:
        number = ~np.isnan(wanted)
        wrong = np.isnan(got) == number
        if name in EXACT:
            wrong |= number & (got != wanted)
        else:
            ulps = SCIPY_ULPS.get(name, ULPS)
            near = np.isclose(got, wanted, ulps * np.finfo(got.dtype).eps, 2 * _subnormal(got))
            wrong |= number & ~near
        if name not in OPEN_ZERO:
            wrong |= number & (wanted == 0) & (got == 0) & (np.signbit(got) != np.signbit(wanted))
    cases = [(*(x[k] for x in arrays), got[k], wanted[k]) for k in np.flatnonzero(wrong)[:5]]
    assert not wrong.any(), f"{name}: operands, result, NumPy's: {cases}"


def _subnormal(x: Any) -> Any:
    return np.finfo(x.dtype).smallest_subnormal


@pytest.mark.parametrize("dtype", ["f8", "f4", "?", *INTEGERS])
def test_functions_of_one_number(dtype: str) -> None:
    _check(dtype, 1)


@pytest.mark.parametrize("dtype", ["f8", "f4", "?", *INTEGERS])
def test_functions_of_two_numbers(dtype: str) -> None:
    _check(dtype, 2)


@pytest.mark.parametrize("source", ["f8", "f4", "?", *INTEGERS])
def test_conversions(source: str) -> None:
    """Of floats to integers those that are in range, where all of NumPy's builds agree."""
    values = _special(source)
    targets = [np.dtype(name) for name in ("f8", "f4", "?", *INTEGERS)]
    for target in targets:
        x = values
        if source[0] == "f" and target.kind in "iu":
            limits = np.iinfo(target)
            x = np.concatenate([values, np.linspace(-300, 300, 41).astype(source)])
            x = x[(x > float(limits.min) - 1) & (x < float(limits.max))]
        builder = Builder()
        k = builder.add(_input(0, x))
        strides = contiguous(x.shape, target.itemsize)
        k = builder.add(Value("cast", (k,), (), x.shape, target, strides))
        (got,) = executable(builder.program([k]))(x)
        with np.errstate(all="ignore"):
            wanted = x.astype(target)
        assert got.dtype == target
        np.testing.assert_array_equal(got, wanted, err_msg=f"{source} to {target}")


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize("source", ["f8", "f4"])
def test_floats_out_of_range_of_an_integer(source: str) -> None:
    x = np.array([np.nan, np.inf, -np.inf, 1e19, -1e19, 1e30, -1e30], source)
    builder = Builder()
    k = builder.add(_input(0, x))
    k = builder.add(Value("cast", (k,), (), x.shape, np.dtype("i8"), (8,)))
    assert executable(builder.program([k]))(x)[0].tolist() == [-(2**63)] * len(x)


@pytest.mark.parametrize("n", [2, 3, 7, 10, 1000, 2**31 - 1, 2**20])
@pytest.mark.parametrize("dtype", ["i4", "i8"])
def test_remainders_by_constants(dtype: str, n: int, rng: np.random.Generator) -> None:
    """Vector code for these goes through floats."""
    limits = np.iinfo(dtype)
    near = [
        k * n + d for k in (-(2**31) // n, -3, -1, 0, 1, 2, limits.max // n) for d in (-1, 0, 1)
    ]
    near = [x for x in near if limits.min <= x <= limits.max]
    x = np.array([*near, *_integers(dtype)], dtype)
    x = np.concatenate([x, rng.integers(limits.min, limits.max, 4000, dtype)])
    builder = Builder()
    operands = builder.add(_input(0, x)), builder.constant(np.asarray(n, dtype))
    k = builder.add(Value("remainder", operands, (), x.shape, x.dtype, x.strides, np.remainder))
    np.testing.assert_array_equal(executable(builder.program([k]))(x)[0], x % np.asarray(n, dtype))


def test_what_has_no_code_is_not_claimed() -> None:
    for dtype in ("c16", "O", "f2", "U3", ">f8", ">i4"):
        assert not scalars.supports("add", np.dtype(dtype))
    assert not scalars.supports("subtract", np.dtype("?"))
    assert not scalars.supports("tanh", np.dtype("i8"))
    assert scalars.supports("tanh", np.dtype("f4"))


def test_every_function_is_one_of_numpy_s_or_scipy_s() -> None:
    for table in (floats.FLOATS, integers.INTEGERS, integers.BOOLS):
        assert all(isinstance(_function(name), np.ufunc) for name in table)
