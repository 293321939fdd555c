"""Every rule can be recorded: on one input, to give on another one what eager evaluation gives.

For each case of the rule table the value, its reverse and forward derivative and the gradient of
an inner product of the gradient are recorded and replayed on other values. A rule that looks at
values raises RecordingError, or bakes in what it saw, and then the bits differ.

The same recordings are lowered, go through the passes and run by the replay back end, which must
give the bits of the recording's own replay. Machine code must agree with replay.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as onp
import pytest
from agreement import assert_outputs_agree
from other_values import flipped
from rule_cases import Case

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.compile import Recording, RecordingError, record
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.nests import flatten

BY_VALUES: dict[str, str] = {
    "arange": "start, stop and step say how many entries there are",
    "trim_zeros": "how many entries are left depends on which are zero",
    "extract": "as many entries as the condition is true for",
    "unique": "as many entries as there are different ones",
    "unique_values": "as many entries as there are different ones",
    "polydiv": "leading coefficients of the remainder that are zero are left out",
    "poly": "real if the roots come in conjugate pairs, complex if not",
    "linalg.lstsq": "the residuals are left out where the rank is not full",
    "vectorize": "the function that it calls decides on values",
    "autodiff.implicit._fixed_point": "iterates until it has converged",
    "autodiff.implicit._root": "iterates until it has converged",
}
"""Primitive -> why it cannot be recorded, in some of its cases: by nature it looks at values."""


def _check_compiled(recording: Recording, others: tuple[Any, ...], expected: list[Any]) -> None:
    program = lower(recording)
    run = Replay(optimized(program))
    wanted = [x for x, end in zip(expected, recording.outputs) if isinstance(end, int)]
    for _ in range(2):  # the second time buffers hold what the first one left in them
        got = list(map(onp.asarray, run(*flatten(others)[0])))
        assert all(map(_same_bits, got, wanted)), f"{program}\n->\n{run.program}"


def _weighted(result: Any, seed: int) -> Any:
    """A real number in which every entry of the result counts differently."""
    shape = np.shape(result)
    weights = onp.random.default_rng(seed).uniform(1, 2, shape)
    return np.sum(np.real(result * weights))


def _value(case: Case) -> Callable[..., Any]:
    namespace = import_module(f"autodiff.{case.namespace}")
    return lambda *xs: case.fun(namespace, *xs)


def _reverse(case: Case) -> Callable[..., Any]:
    fun = _value(case)

    def vjp(*xs: Any) -> Any:
        pull, value = make_vjp(lambda ys: fun(*ys))(xs)
        return pull(np.tanh(value))

    return vjp


def _forward(case: Case) -> Callable[..., Any]:
    fun = _value(case)
    return lambda *xs: make_jvp(lambda ys: fun(*ys))(xs)(tuple(np.tanh(x) for x in xs))[1]


def _second(case: Case) -> Callable[..., Any]:
    fun = _value(case)
    argnums = tuple(range(len(case.args)))
    gradient = grad(lambda *xs: _weighted(fun(*xs), 1), argnums)

    def product(*xs: Any) -> Any:
        return sum(_weighted(g * np.tanh(g + x), 2) for g, x in zip(gradient(*xs), xs))

    return grad(product, argnums)


ORDERS = {"value": _value, "vjp": _reverse, "jvp": _forward, "second": _second}


def _together(case: Case) -> Callable[..., Any]:
    """The value and all derivatives: one program compiles in half the time of four."""
    funs = [fun_of(case) for fun_of in ORDERS.values()]
    return lambda *xs: tuple(fun(*xs) for fun in funs)


def _recorded(case: Case) -> list[Recording]:
    try:
        return [record(_together(case), *case.args)]
    except RecordingError:
        found = []
        for fun_of in ORDERS.values():
            with contextlib.suppress(RecordingError):
                found.append(record(fun_of(case), *case.args))
        return found


def _leaves(result: Any) -> list[Any]:
    entries = result if isinstance(result, (tuple, list)) else [result]
    return [onp.asarray(entry) for entry in entries]


def _same_bits(a: Any, b: Any) -> bool:
    return a.dtype == b.dtype and onp.array_equal(a, b, equal_nan=True)


@pytest.mark.filterwarnings("ignore:the result does not depend on the input")
def test_a_recording_of_the_rule_holds_for_other_values(case: Case) -> None:
    others = tuple(map(flipped, case.args))
    for order, fun_of in ORDERS.items():
        fun = fun_of(case)
        try:
            recording = record(fun, *case.args)
        except RecordingError:
            if case.name not in BY_VALUES:
                raise
            continue
        got, expected = _leaves(recording.replay(*others)), _leaves(fun(*others))
        _check_compiled(recording, others, got)
        if all(map(_same_bits, got, expected)):
            continue
        # Eager evaluation takes short cuts on plain arrays, which round differently. What the
        # other values themselves record has none, and must be the very same program.
        again = _leaves(record(fun, *others).replay(*others))
        assert all(map(_same_bits, got, again)), order
        for a, b in zip(got, expected):
            assert a.dtype == b.dtype, order
            # Rounding of up to some hundred operations, at order 2 of entries that may cancel.
            onp.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12, err_msg=order)


@pytest.mark.filterwarnings("ignore:the result does not depend on the input")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # noise may leave a function's domain
def test_machine_code_of_the_rule_agrees_with_replay(compiled_case: Case) -> None:
    case = compiled_case
    native = pytest.importorskip("autodiff.compile.native", exc_type=ImportError)
    inputs = flatten(tuple(map(flipped, case.args)))[0]
    for recording in _recorded(case):
        program = optimized(lower(recording))
        run, wanted = native.Native(program), Replay(program)(*inputs)
        run(*inputs)
        # In the second run workspaces hold what the first one left in them.
        assert_outputs_agree(program, inputs, run(*inputs), wanted)


@pytest.mark.parametrize("name", BY_VALUES)
def test_what_looks_at_values_by_nature_says_so(name: str, all_cases: list[Case]) -> None:
    messages = []
    for case in all_cases:
        if case.name == name:
            try:
                record(_value(case), *case.args)
            except RecordingError as error:
                messages.append(str(error))
    assert messages
    assert all("rule_cases" in message for message in messages)  # the line that called it
