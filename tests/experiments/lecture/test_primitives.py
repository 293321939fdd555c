"""Slides 6 and 7, operation by operation."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.lecture import primitives
from experiments.lecture.logistic import SLIDE_7


def test_the_trace_is_slide_7_in_its_order_with_values() -> None:
    w, x, b, t = arguments = (0.3, 1.7, -0.4, 0.25)
    found = primitives.compute(arguments)
    assert [line.name for line in found.operations] == list(SLIDE_7)
    assert [(line.operation, line.operands) for line in found.operations] == [
        ("multiply", ("w", "x")),
        ("add", ("t1", "b")),
        ("negative", ("z",)),
        ("exp", ("t3",)),
        ("add", ("1", "t4")),
        ("divide", ("1", "t5")),
        ("subtract", ("y", "t")),
        ("power", ("t6", "2")),
        ("divide", ("t7", "2")),
    ]
    values = {line.name: line.value for line in found.operations}
    z = w * x + b
    y = 1 / (1 + np.exp(-z))
    expected = [w * x, z, -z, np.exp(-z), 1 + np.exp(-z), y, y - t, (y - t) ** 2, (y - t) ** 2 / 2]
    assert list(values.values()) == pytest.approx(expected, rel=1e-15)


def test_seven_primitives_make_up_the_program() -> None:
    kinds = ["multiply", "add", "negative", "exp", "divide", "subtract", "power"]
    assert primitives.compute().kinds == kinds


def test_backprop_gives_what_slide_6_says(rng: np.random.Generator) -> None:
    found = primitives.compute(tuple(rng.standard_normal(4)))
    assert list(found.by_backprop) == ["L", "y", "z", "w", "b"]
    for name, value in found.by_backprop.items():
        assert abs(value - found.by_hand[name]) <= 1e-14  # a few roundings of numbers near 1


def test_the_report_shows_program_operations_values_and_shapes() -> None:
    said = "\n".join(primitives.report(primitives.compute()))
    assert "y = 1 / (1 + np.exp(-z))" in said
    assert "t4 = exp(t3)     t4 = exp(t3)           float64 () = 1.716" in said
    assert "9 operations of 7 primitives" in said
