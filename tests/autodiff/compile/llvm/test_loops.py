"""Elementwise loops: NumPy's values bit for bit, broadcasting, in place, vectorised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

from autodiff.compile.llvm import engine
from autodiff.compile.llvm.arrays import Operand, broadcast, contiguous, merge_axes
from autodiff.compile.llvm.loops import map_elements

Call = Callable[..., Any]


def sqrt(builder: Any, x: Any) -> Any:
    kind = ir.FunctionType(x.type, [x.type])
    return builder.call(builder.module.declare_intrinsic("llvm.sqrt", [x.type], kind), [x])


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arithmetic_has_the_bits_of_numpy(
    call: Call, rng: np.random.Generator, dtype: type
) -> None:
    n = 1003
    a, b, c = (np.exp(20 * rng.standard_normal(n)).astype(dtype) for _ in range(3))

    def emit(builder: Any, a: Any, b: Any, c: Any) -> Any:
        product = builder.fmul(a, b)  # a contracted multiply-add would differ
        difference = builder.fsub(builder.fadd(product, c), builder.fdiv(a, c))
        return builder.fadd(sqrt(builder, a), difference)

    out = np.empty(n, dtype)
    ins = [contiguous(k, dtype, (n,)) for k in range(3)]
    call(
        lambda module: map_elements(module, "f", (n,), ins, [contiguous(3, dtype, (n,))], emit),
        a, b, c, out,
    )  # fmt: skip
    with np.errstate(all="ignore"):
        assert same_bits(out, np.sqrt(a) + (a * b + c - a / c))


@pytest.mark.parametrize(
    ("shapes", "shape"),
    [
        (((4, 1, 5), (3, 1)), (4, 3, 5)),
        (((7,), ()), (7,)),
        (((), ()), ()),
        (((2, 0), (2, 1)), (2, 0)),
        (((1, 6), (5, 6)), (5, 6)),
        (((2, 3, 4), (2, 3, 4)), (2, 3, 4)),
    ],
)
def test_broadcasting_is_that_of_numpy(
    call: Call, rng: np.random.Generator, shapes: tuple, shape: tuple
) -> None:
    a, b = (rng.standard_normal(s) for s in shapes)
    out = np.empty(shape)
    ins = [broadcast(k, np.float64, s, shape) for k, s in enumerate(shapes)]
    call(
        lambda module: map_elements(
            module, "f", shape, ins, [contiguous(2, np.float64, shape)],
            lambda builder, x, y: builder.fsub(x, y),
        ),
        a, b, out,
    )  # fmt: skip
    assert same_bits(out, a - b)


def test_views_are_read_by_strides_and_offset(call: Call, rng: np.random.Generator) -> None:
    a = rng.standard_normal((6, 8))
    out = np.empty((8, 3))
    reversed_rows = Operand(0, np.dtype(np.float64), (1, -16), offset=5 * 8)  # a[::-2].T
    call(
        lambda module: map_elements(
            module, "f", (8, 3), [reversed_rows], [contiguous(1, np.float64, (8, 3))],
            lambda builder, x: x,
        ),
        a, out,
    )  # fmt: skip
    assert same_bits(out, np.ascontiguousarray(a[::-2].T))


def test_an_output_may_be_an_input(call: Call, rng: np.random.Generator) -> None:
    a, n = rng.standard_normal(50), 50
    expected = a + a
    whole = contiguous(0, np.float64, (n,))
    call(
        lambda module: map_elements(
            module, "f", (n,), [whole], [whole], lambda builder, x: builder.fadd(x, x)
        ),
        a,
    )
    assert same_bits(a, expected)


def test_several_outputs_bools_integers_and_element_numbers(
    call: Call, rng: np.random.Generator
) -> None:
    n = 37
    a, flags = rng.integers(-5, 5, n), rng.integers(0, 2, n).astype(bool)
    number, chosen, negative = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, bool)
    operands = [contiguous(k, d, (n,)) for k, d in enumerate([np.int64, bool, *[np.int64] * 2])]
    number_of = Operand(None, np.dtype(np.int64), (1,))

    def emit(builder: Any, x: Any, flag: Any, k: Any) -> tuple[Any, ...]:
        less = builder.icmp_signed("<", x, ir.Constant(x.type, 0))
        return k, builder.select(flag, x, k), builder.and_(less, flag)

    outputs = [*operands[2:], contiguous(4, bool, (n,))]
    call(
        lambda module: map_elements(
            module, "f", (n,), [*operands[:2], number_of], outputs, emit
        ),
        a, flags, number, chosen, negative,
    )  # fmt: skip
    assert number.tolist() == list(range(n))
    assert chosen.tolist() == np.where(flags, a, np.arange(n)).tolist()
    assert negative.tobytes() == ((a < 0) & flags).tobytes()


def test_axes_merge_only_where_every_operand_steps_evenly() -> None:
    dtype = np.float64
    whole = contiguous(0, dtype, (4, 3, 5))
    assert merge_axes((4, 3, 5), [whole, whole])[0] == (60,)
    row = broadcast(1, dtype, (5,), (4, 3, 5))
    shape, operands, _ = merge_axes((4, 3, 5), [whole, row])
    assert (shape, operands[0].strides, operands[1].strides) == ((12, 5), (5, 1), (0, 1))
    assert merge_axes((4, 1, 5), [whole.with_strides((5, 5, 1))])[0] == (20,)
    assert merge_axes((4, 3, 5), [whole], apart=(1, 0, 0))[0] == (4, 15)


@pytest.mark.usefixtures("host_is_x86")
def test_the_loop_is_vectorised_and_touches_the_arrays_through_wide_registers() -> None:
    module = ir.Module()
    ins = [contiguous(0, np.float64, (1000,)), broadcast(1, np.float64, (1,), (1000,))]
    map_elements(
        module, "f", (1000,), ins, [contiguous(2, np.float64, (1000,))],
        lambda builder, x, y: builder.fmul(builder.fadd(x, y), x),
    )  # fmt: skip
    code = engine.assembly(module)
    assert "mulpd" in code
    assert "addpd" in code
    assert "callq" not in code


def test_other_dtypes_are_refused() -> None:
    with pytest.raises(TypeError, match="not complex128"):
        map_elements(
            ir.Module(), "f", (3,), [contiguous(0, complex, (3,))], [], lambda builder, x: ()
        )
