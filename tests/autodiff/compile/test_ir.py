"""The IR: value numbering, parameters that can be hashed, a listing that reads like a program."""

from __future__ import annotations

import numpy as onp

from autodiff.compile.ir import Builder, Data, Value, rebuilt

F8 = onp.dtype(float)


def _input(k: int) -> Value:
    return Value("input", (), (("index", k),), (3,), F8, (8,))


def _add(x: int, y: int) -> Value:
    return Value("add", (x, y), (), (3,), F8, (8,), onp.add)


def test_equal_operations_get_one_number() -> None:
    builder = Builder()
    x, y = builder.add(_input(0)), builder.add(_input(1))
    assert builder.add(_add(x, y)) == builder.add(_add(x, y))
    assert builder.add(_add(y, x)) != builder.add(_add(x, y))
    assert len(builder.values) == 4


def test_calls_are_never_merged() -> None:
    builder = Builder()
    call = Value("call", (), (), (3,), F8, (8,), onp.random.rand)
    assert builder.add(call) != builder.add(call)


def test_constants_are_compared_bit_by_bit() -> None:
    builder = Builder()
    assert builder.constant(onp.ones(99)) == builder.constant(onp.ones(99))
    assert builder.constant(0.0) != builder.constant(-0.0)
    assert builder.constant(1.0) != builder.constant(onp.float32(1.0))
    square = onp.ones((5, 7))
    assert Data(square) != Data(onp.asfortranarray(square))
    assert Data(onp.full(3, onp.nan)) == Data(onp.full(3, onp.nan))


def test_values_can_be_hashed_and_a_constant_cannot_be_changed() -> None:
    array = onp.ones(3)
    builder = Builder()
    builder.constant(array)
    array[0] = 7.0
    assert builder.values[0].param("data").array[0] == 1.0
    assert not builder.values[0].param("data").array.flags.writeable
    assert hash(_add(0, 1)) == hash(_add(0, 1))


def test_the_listing_reads_like_a_program() -> None:
    builder = Builder()
    x = builder.add(_input(0))
    two = builder.constant(2.0)
    end = builder.add(_add(x, two))
    assert str(builder.program([end])).splitlines() == [
        "%0 = input(index=0) : float64[3]",
        "%1 = constant(data=2.0) : float64",
        "%2 = add(%0, %1) : float64[3]",
        "return %2",
    ]


def test_rebuilding_renumbers_and_merges() -> None:
    builder = Builder()
    x = builder.add(_input(0))
    builder.values.append(_add(x, x))  # twice the same, past value numbering
    builder.values.append(_add(x, x))
    builder.values.append(_add(1, 2))
    program = rebuilt(builder.program([3]), lambda new, value: new.add(value))
    assert [value.operands for value in program.values] == [(), (0, 0), (1, 1)]
    assert program.outputs == (2,)


def test_kinds() -> None:
    kinds = {op: Value(op, (), (), (), F8).kind for op in ("input", "slice", "sum", "dot", "roll")}
    assert kinds == {
        "input": "leaf",
        "slice": "view",
        "sum": "reduce",
        "dot": "gemm",
        "roll": "move",
    }
    assert Value("call", (), (), (), F8).kind == "call"
    assert _add(0, 1).kind == "map"
