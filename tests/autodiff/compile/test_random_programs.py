"""Random programs, compiled, against the replay of their recordings: the same bits.

AUTODIFF_RANDOM_PROGRAMS says how many, 300 without it.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import changed, inputs, program

from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.differential_operators import grad
from autodiff.nests import flatten

COUNT = int(os.environ.get("AUTODIFF_RANDOM_PROGRAMS", "300"))


def _check(fun: Any, args: list[Any], seed: int) -> None:
    recording = record(fun, *args)
    run = Replay(optimized(lower(recording)))
    others = changed(args, seed)
    expected, _ = flatten(recording.replay(*others))
    for _ in range(2):  # in the second run buffers hold what the first one left there
        got = iter(run(*others))
        for x, wanted in zip(recording.outputs, expected):
            if isinstance(x, int):
                found = onp.asarray(next(got))
                assert found.dtype == onp.asarray(wanted).dtype
                onp.testing.assert_array_equal(found, wanted)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=COUNT, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**40))
def test_compiled_programs_give_the_bits_of_their_recordings(seed: int) -> None:
    _check(program(seed), inputs(seed), seed)


def _scalar(seed: int) -> Any:
    fun = program(seed, 5)

    def total(first: Any, *rest: Any) -> Any:
        found: Any = 0.0
        for x in fun(first, *rest):
            if x.dtype.kind == "f":
                found = found + (x * x).sum()
        return found

    return total


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore:the result does not depend on the input")
@settings(max_examples=COUNT // 3, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**40))
def test_so_do_their_gradients(seed: int) -> None:
    total = _scalar(seed)
    _check(lambda *args: grad(lambda x: total(x, *args[1:]))(args[0]), inputs(seed), seed)
