"""How closely a back end must agree with eager evaluation, and checks that it does.

Replay gives the bits of eager evaluation. So does machine code for all that comes of + - * /,
sqrt, comparisons and moves alone. It sums in another order, has another BLAS than NumPy's and
elementary functions of its own, 2.6 ulp from the truth: what comes of these agrees to rounding.
How far rounding reaches depends on the program: differences of near numbers magnify it without
bound. Where a fixed tolerance does not hold, the program is therefore run with noise of that size
put on everything that is rounded: results may differ by what the noise makes of them, not by more.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as onp

from autodiff.compile import backends
from autodiff.compile.ir import Builder, Number, Program, Value, with_operands
from autodiff.compile.replay import Replay
from autodiff.compile.strides import keeping_order
from autodiff.nests import flatten

ULPS = 450
"""Times the machine epsilon, a tolerance: 1e-13 in float64, 5e-5 in float32."""
_NOISE = 4
"""Ulps of noise: the elementary functions' error bounds, added up."""
_RUNS = 12
_MARGIN = 64
"""How much more than in the worst noisy run is allowed: the noise is random and sums differ in many
places at once."""
_EXACT = frozenset({
    "add", "subtract", "multiply", "divide", "negative", "positive", "conjugate", "square",
    "reciprocal", "absolute", "fabs", "sign", "sqrt", "floor", "ceil", "trunc", "rint", "copysign",
    "remainder", "fmod", "floor_divide", "isnan", "isinf", "isfinite", "maximum", "minimum", "fmax",
    "fmin", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and",
    "logical_or", "logical_xor", "logical_not", "cast", "copy", "select",
})  # fmt: skip
"""Maps of floats that have NumPy's bits."""


def tolerances(wanted: Any) -> dict[str, float]:
    """Of an array that was computed with sums or elementary functions.

    Entries are sums of terms as large as the largest entry, whose rounding they share.
    """
    wanted = onp.asarray(wanted)
    if wanted.dtype.kind not in "fc":
        return {"rtol": 0.0, "atol": 0.0}
    eps = float(onp.finfo(wanted.dtype).eps)
    finite = onp.abs(wanted[onp.isfinite(wanted)])
    return {"rtol": ULPS * eps, "atol": ULPS * eps * float(finite.max(initial=0.0))}


def assert_agrees(got: Any, wanted: Any, exact: bool = False) -> None:
    """Nests of equal structure and types, equal to rounding; bit by bit on replay or if `exact`."""
    leaves, structure = flatten(got)
    expected, other = flatten(wanted)
    assert structure == other
    for a, b in zip(leaves, expected):
        # A number of Python, computed with, becomes one of NumPy; otherwise types are the same.
        assert isinstance(a, type(b))
        if exact or backends.why_no_llvm() is not None:
            onp.testing.assert_array_equal(a, b)
        else:
            onp.testing.assert_allclose(a, b, **tolerances(b))


def assert_outputs_agree(
    program: Program, inputs: Sequence[Any], got: Sequence[Any], wanted: Sequence[Any]
) -> bool:
    """The outputs of a program's machine code, beside those of its replay.

    Returns: whether noise was needed to explain differences.
    """
    exact = exact_values(program)
    # Which of two zeros NumPy's own fmax gives depends on how long the array is.
    signs = not any(value.op in ("fmax", "fmin") for value in program.values)
    noisy: list[list[Any]] | None = None
    for k, (number, a, b) in enumerate(zip(program.outputs, got, wanted)):
        a, b = onp.asarray(a), onp.asarray(b)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        if number in exact:
            assert_same_bits(a, b, signs)
            continue
        tolerance = tolerances(b)
        wrong = ~onp.isclose(a, b, tolerance["rtol"], 0.0, equal_nan=True)
        if wrong.any():
            noisy = noisy or list(_noisy_runs(program, inputs))
            _assert_explained(a, b, wrong, [onp.asarray(run[k]) for run in noisy])
    return noisy is not None


def assert_same_bits(a: Any, b: Any, signs: bool = True) -> None:
    """The same values, signs of zeros included; every NaN is like every other."""
    onp.testing.assert_array_equal(a, b)
    if signs and b.dtype.kind == "f":
        numbers = ~onp.isnan(b)
        onp.testing.assert_array_equal(onp.signbit(a)[numbers], onp.signbit(b)[numbers])


def _assert_explained(a: Any, b: Any, wrong: Any, noisy: list[Any]) -> None:
    if b.dtype.kind not in "fc":
        reached = onp.any([run != b for run in noisy], 0)
    else:
        with onp.errstate(all="ignore"):
            difference = onp.nan_to_num(onp.abs(a - b), nan=onp.inf)
            spread = onp.max([onp.nan_to_num(onp.abs(run - b), nan=onp.inf) for run in noisy], 0)
        reached = difference <= _MARGIN * spread
    assert reached[wrong].all(), f"{a}\nis not\n{b}\nalthough noise gives only\n{noisy[0]}"


def exact_values(program: Program) -> set[Number]:
    """The values that machine code must give bit by bit."""
    found: set[Number] = set()
    for k, value in enumerate(program.values):
        if all(x in found for x in value.operands) and not _is_rounded(program, value):
            found.add(k)
    return found


def _is_rounded(program: Program, value: Value) -> bool:
    """Whether an operation rounds in other ways than eager evaluation does."""
    if value.dtype is None or value.dtype.kind not in "fc":
        return False
    if value.kind in ("reduce", "move"):
        return value.op in ("sum", "prod", "scatter")
    if value.op == "call":  # a power of numbers of Python is taken in another way
        return value.function.operation.function is operator.pow
    return value.kind in ("gemm", "loop") or (value.kind == "map" and value.op not in _EXACT)


def _noisy_runs(program: Program, inputs: Sequence[Any]) -> Iterator[list[Any]]:
    for seed in range(_RUNS):
        with onp.errstate(all="ignore"):
            yield Replay(_with_noise(program, onp.random.default_rng(seed)))(*inputs)


def _with_noise(program: Program, rng: Any) -> Program:
    """The program with noise on the terms of sums and products, and on elementary functions."""
    builder = Builder()
    numbers: list[Number] = []
    for value in program.values:
        operands = [numbers[x] for x in value.operands]
        rounded = _is_rounded(program, value)
        if rounded and value.kind not in ("map", "call"):
            operands = [_noisy(builder, x, rng) for x in operands]
        numbers.append(builder.add(with_operands(value, operands)))
        if rounded and value.kind in ("map", "call"):
            numbers[-1] = _noisy(builder, numbers[-1], rng)
    return builder.program(numbers[k] for k in program.outputs)


def _noisy(builder: Builder, k: Number, rng: Any) -> Number:
    value = builder.values[k]
    if value.dtype.kind not in "fc":
        return k
    eps = float(onp.finfo(value.dtype).eps)
    factors = 1 + _NOISE * eps * rng.uniform(-1, 1, value.shape)
    factor = builder.constant(onp.asarray(factors, value.dtype))
    strides = keeping_order(value.shape, value.strides, int(value.dtype.itemsize))
    return builder.add(
        Value("multiply", (k, factor), (), value.shape, value.dtype, strides, onp.multiply)
    )
