"""Loops over ranges and shapes: each counter once and in order, vectorised unless told not to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

from autodiff.compile.llvm import engine
from autodiff.compile.llvm.arrays import INT64, POINTER, load_at, memory_type, store_at, value_type
from autodiff.compile.llvm.loops import for_range, nest

Call = Callable[..., Any]
WHOLE, REAL = np.dtype(np.int64), np.dtype(np.float64)


def defined(pointers: int, write: Callable[..., None]) -> Callable[[Any], Any]:
    """Defines a function of pointers with the code that `write` gives."""

    def define(module: Any) -> Any:
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER] * pointers), "f")
        builder = ir.IRBuilder(function.append_basic_block())
        write(builder, *function.args)
        builder.ret_void()
        return function

    return define


@pytest.mark.parametrize("vectorize", [True, False])
@pytest.mark.parametrize(("start", "stop", "step"), [(0, 10, 1), (3, 10, 4), (5, 6, 9)])
def test_a_range_is_python_s(call: Call, start: int, stop: int, step: int, vectorize: bool) -> None:
    def write(builder: Any, out: Any, count: Any) -> None:
        with for_range(builder, start, stop, step, vectorize) as k:
            at = load_at(builder, count, WHOLE, ir.Constant(INT64, 0))
            store_at(builder, out, WHOLE, at, k)
            following = builder.add(at, ir.Constant(INT64, 1))
            store_at(builder, count, WHOLE, ir.Constant(INT64, 0), following)

    out, count = np.zeros(20, np.int64), np.zeros(1, np.int64)
    call(defined(2, write), out, count)
    assert out[: count[0]].tolist() == list(range(start, stop, step))


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 5)])
def test_a_nest_goes_through_a_shape_in_c_order(call: Call, shape: tuple[int, ...]) -> None:
    def write(builder: Any, out: Any, count: Any) -> None:
        with nest(builder, shape) as counters:
            at = load_at(builder, count, WHOLE, ir.Constant(INT64, 0))
            number = ir.Constant(INT64, 0)
            for k in counters:
                number = builder.add(builder.mul(number, ir.Constant(INT64, 10)), k)
            store_at(builder, out, WHOLE, at, number)
            following = builder.add(at, ir.Constant(INT64, 1))
            store_at(builder, count, WHOLE, ir.Constant(INT64, 0), following)

    out, count = np.zeros(20, np.int64), np.zeros(1, np.int64)
    call(defined(2, write), out, count)
    wanted = [int("".join(map(str, at)) or 0) for at in np.ndindex(shape)]
    assert out[: count[0]].tolist() == wanted


@pytest.mark.usefixtures("host_is_x86")
@pytest.mark.parametrize("vectorize", [True, False])
def test_a_loop_is_vectorised_unless_it_is_told_not_to_be(vectorize: bool) -> None:
    def write(builder: Any, x: Any, out: Any) -> None:
        with for_range(builder, 0, 1000, vectorize=vectorize) as k:
            value = load_at(builder, x, REAL, k)
            store_at(builder, out, REAL, k, builder.fmul(value, value))

    module = ir.Module()
    function = defined(2, write)(module)
    for argument in function.args:
        argument.add_attribute("noalias")
    assert ("mulpd" in engine.assembly(module)) == vectorize


def test_bools_are_bytes_in_memory_and_bits_in_values(call: Call) -> None:
    flags = np.array([True, False, True])

    def write(builder: Any, x: Any, out: Any) -> None:
        with for_range(builder, 0, 3) as k:
            value = load_at(builder, x, flags.dtype, k)
            assert value.type == value_type(flags.dtype)
            store_at(builder, out, flags.dtype, k, builder.not_(value))

    out = np.zeros(3, bool)
    call(defined(2, write), flags, out)
    assert out.tolist() == [False, True, False]


def test_other_dtypes_are_refused() -> None:
    for dtype in ("c16", "f2", "O"):
        with pytest.raises(TypeError, match="compiled loops know"):
            memory_type(np.dtype(dtype))
