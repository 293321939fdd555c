"""Random programs: replay gives the bits of the recordings, machine code agrees with replay.

AUTODIFF_RANDOM_PROGRAMS says how many, 300 without it.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as onp
import pytest
from agreement import assert_outputs_agree
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import changed, inputs, program

from autodiff.compile import Recording, record
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.differential_operators import grad
from autodiff.nests import flatten

COUNT = int(os.environ.get("AUTODIFF_RANDOM_PROGRAMS", "300"))
IN_MACHINE_CODE = COUNT if "AUTODIFF_RANDOM_PROGRAMS" in os.environ else 100  # slower to make
IGNORED = pytest.mark.filterwarnings(
    "ignore::RuntimeWarning", "ignore:the result does not depend on the input"
)


def _settings(count: int) -> Any:
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


def _recorded(fun: Any, seed: int) -> tuple[Recording, Program, list[Any]]:
    """What the function does, the program of it, and other arguments."""
    args = inputs(seed)
    recording = record(fun, *args)
    return recording, optimized(lower(recording)), changed(args, seed)


def _check(fun: Any, seed: int) -> None:
    recording, program, others = _recorded(fun, seed)
    run = Replay(program)
    expected, _ = flatten(recording.replay(*others))
    for _ in range(2):  # in the second run buffers hold what the first one left there
        got = iter(run(*others))
        for x, wanted in zip(recording.outputs, expected):
            if isinstance(x, int):
                found = onp.asarray(next(got))
                assert found.dtype == onp.asarray(wanted).dtype
                onp.testing.assert_array_equal(found, wanted)


def _check_machine_code(fun: Any, seed: int) -> None:
    native = pytest.importorskip("autodiff.compile.native", exc_type=ImportError)
    _, program, others = _recorded(fun, seed)
    run = native.Native(program)
    run(*others)
    assert_outputs_agree(program, others, run(*others), Replay(program)(*others))


def _gradient(seed: int) -> Any:
    fun = program(seed, 5)

    def total(first: Any, *rest: Any) -> Any:
        found: Any = 0.0
        for x in fun(first, *rest):
            if x.dtype.kind == "f":
                found = found + (x * x).sum()
        return found

    return lambda *args: grad(lambda x: total(x, *args[1:]))(args[0])


@IGNORED
@_settings(COUNT)
@given(st.integers(0, 2**40))
def test_compiled_programs_give_the_bits_of_their_recordings(seed: int) -> None:
    _check(program(seed), seed)


@IGNORED
@_settings(COUNT // 3)
@given(st.integers(0, 2**40))
def test_so_do_their_gradients(seed: int) -> None:
    _check(_gradient(seed), seed)


@IGNORED
@_settings(IN_MACHINE_CODE)
@given(st.integers(0, 2**40))
def test_machine_code_agrees(seed: int) -> None:
    _check_machine_code(program(seed), seed)


@IGNORED
@_settings(IN_MACHINE_CODE // 3)
@given(st.integers(0, 2**40))
def test_machine_code_of_gradients_agrees(seed: int) -> None:
    _check_machine_code(_gradient(seed), seed)
