"""Recordings: what is listed, what is refused and where, and that replay gives what eager gives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, hessian, make_jvp, make_vjp
from autodiff.compile import Constant, RecordingError, record
from autodiff.running import running

X = onp.array([0.5, -1.25, 2.0])
Y = onp.array([-0.75, 1.5, 0.25])
POSITIONS = onp.array([2, 0])


def _agrees(fun: Callable[..., Any], *args: Any, others: tuple[Any, ...] = (Y,)) -> Any:
    """Record on `args`, replay on `others`, compare the bits; the recording."""
    recording = record(fun, *args)
    onp.testing.assert_array_equal(recording.replay(*others), fun(*others))
    return recording


# -- what is listed --------------------------------------------------------------------------------


def test_listing_reads_like_a_program() -> None:
    recording = record(lambda x: np.sum(x * 2 + 1, axis=0), X)
    assert str(recording).splitlines() == [
        "%0 = input : float64[3]",
        "%1 = multiply(%0, 2) : float64[3]",
        "%2 = add(%1, 1) : float64[3]",
        "%3 = sum(%2, axis=0) : float64",
        "return %3",
    ]


@pytest.mark.parametrize(
    ("fun", "names"),
    [
        (lambda x: np.where(x > 0, x, 0.0), ["greater", "where"]),
        (lambda x: x[np.argmax(x)], ["argmax", "getitem"]),
        (lambda x: np.floor(x), ["floor"]),
        (lambda x: x.astype(np.int64), ["astype"]),
        (lambda x: np.sort(x), ["argsort", "permute_along_axis"]),
        (lambda x: ~(x > 0) | (x < 1), ["greater", "invert", "less", "bitwise_or"]),
    ],
)
def test_operations_without_a_gradient_are_listed(fun: Any, names: list[str]) -> None:
    assert [op.name for op in _agrees(fun, X).operations] == names


def test_python_numbers_are_weak_constants() -> None:
    x = X.astype(onp.float32)
    recording = _agrees(lambda x: 2.5 * x + 1, x, others=(Y.astype(onp.float32),))
    assert {op.dtype for op in recording.operations} == {onp.dtype(onp.float32)}
    constants = [c for op in recording.operations for c in op.operands if isinstance(c, Constant)]
    assert [(c.value, c.weak) for c in constants] == [(2.5, True), (1, True)]


def test_a_closed_over_array_is_a_constant_of_the_time_of_recording() -> None:
    closed = onp.ones(3)
    recording = record(lambda x: x + closed, X)
    closed[:] = 7.0
    onp.testing.assert_array_equal(recording.replay(Y), Y + 1)


def test_operands_are_flat_and_parameters_hold_no_arrays() -> None:
    recording = _agrees(lambda x: np.concatenate([x, np.stack([x, X])[0]])[1:4], X)
    for operation in recording.operations:
        assert not any(isinstance(x, onp.ndarray) for x in operation.operands)
        hash((operation.arguments, operation.keywords))


def test_indices_inside_of_a_tuple_are_operands() -> None:
    def fun(table: Any, i: Any, j: Any) -> Any:
        return table[i, j]

    table = onp.arange(12.0).reshape(3, 4)
    args = (table, onp.array([0, 1]), onp.array([3, 2]))
    others = (table + 1, onp.array([2, -1]), onp.array([0, 1]))
    recording = _agrees(fun, *args, others=others)
    assert recording.operations[-1].operands == (0, 1, 2)
    _agrees(lambda t, i, j: grad(lambda t: np.sum(fun(t, i, j) ** 2))(t), *args, others=others)
    _agrees(lambda t, i, j: np.take(X, i), *args, others=others)


def test_shape_dtype_and_length_are_python_values() -> None:
    def fun(x: Any) -> Any:
        assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((3,), 1, 3, onp.dtype(float), 3)
        assert np.shape(x) == (3,)
        assert np.ndim(x > 0) == 1
        return sum(x[i] for i in range(len(x)))

    _agrees(fun, X)


def test_nests_of_arguments_and_results() -> None:
    fun = lambda p, n: {"sum": p["w"] + n, "pair": (p["b"], 3.0)}  # noqa: E731
    recording = record(fun, {"w": X, "b": 2.0}, 4)
    result = recording.replay({"w": Y, "b": 5.0}, 6)
    onp.testing.assert_array_equal(result["sum"], Y + 6)
    assert result["pair"] == (5.0, 3.0)


def test_several_results_of_one_operation() -> None:
    matrix = onp.diag(X) + 0.1
    _agrees(lambda a: sum(np.linalg.eigh(a + a.T)[1][0]), matrix, others=(matrix + onp.eye(3),))


# -- composition -----------------------------------------------------------------------------------


def _loss(x: Any) -> Any:
    return np.sum(np.tanh(x) * np.exp(-x * x) / (1 + x * x))


@pytest.mark.parametrize(
    "fun",
    [
        grad(_loss),
        hessian(_loss),
        grad(lambda x: np.sum(grad(_loss)(x) ** 2)),
        lambda x: make_vjp(_loss)(x)[0](2.0),
        lambda x: make_jvp(_loss)(x)(np.cos(x))[1],
        lambda x: make_jvp(grad(_loss))(x)(x)[1],
    ],
    ids=["grad", "hessian", "grad of grad", "vjp", "jvp", "jvp of grad"],
)
def test_derivatives_inside_are_recorded(fun: Any) -> None:
    _agrees(fun, X)


def test_steps_of_training_with_containers_are_recorded() -> None:
    def step(params: Any, batch: Any) -> Any:
        loss = lambda p: np.mean((np.tanh(batch @ p["w"]) + p["b"]) ** 2)  # noqa: E731
        for _ in range(3):
            slope = grad(loss)(params)
            params = {k: params[k] - 0.1 * slope[k] for k in params}
        return params["w"] * params["b"]

    outer = lambda w, batch: grad(lambda w: np.sum(step({"w": w, "b": 0.5}, batch)))(w)  # noqa: E731
    batch = onp.random.default_rng(0).normal(size=(4, 3))
    _agrees(outer, X, batch, others=(Y, batch + 1))


# -- assignment ------------------------------------------------------------------------------------


def test_assignment_is_recorded_as_an_operation() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(3)
        y[0] = x[2]
        y[1:] += x[:2]
        row = y[1:]
        row[0] *= 3.0
        return y

    _agrees(fun, X)
    _agrees(grad(lambda x: np.sum(fun(x) ** 2)), X)


def test_assignment_at_recorded_places() -> None:
    def fun(x: Any, i: Any) -> Any:
        y = np.ones(3)
        y[i] = x[:2]
        return y * x

    _agrees(fun, X, POSITIONS, others=(Y, onp.array([1, 2])))
    _agrees(
        lambda x, i: grad(lambda x: np.sum(fun(x, i) ** 2))(x),
        X, POSITIONS, others=(Y, onp.array([1, 1])),
    )  # fmt: skip


# -- what is refused -------------------------------------------------------------------------------

REFUSED: dict[str, Callable[[Any], Any]] = {
    "if": lambda x: x if x[0] > 0 else -x,
    "float": lambda x: x * float(x[0]),
    "int": lambda x: x * int(x[0]),
    "complex": lambda x: complex(x[0]),
    "index": lambda x: [1, 2, 3][np.argmax(x)],
    "range": lambda x: range(np.argmax(x)),
    "item": lambda x: x[0].item(),
    "tolist": lambda x: x.tolist(),
    "asarray": lambda x: onp.asarray(x),
    "array": lambda x: onp.array([x[0], 1.0]),
    "round": lambda x: round(x[0]),
    "in": lambda x: 0.5 in x,
    "mask": lambda x: x[x > 0],
    "nonzero": lambda x: np.nonzero(x),
    "where of one": lambda x: np.where(x > 0)[0],
    "unique": lambda x: np.unique(x),
    "compress": lambda x: np.compress(x > 0, x),
    "argwhere": lambda x: np.argwhere(x > 0),
    "random": lambda x: x + np.random.randn(3),
    "if inside of grad": lambda x: grad(lambda y: y[0] if y[0] > 0 else y[1])(x),
    "float inside of grad": lambda x: grad(lambda y: y[0] * float(y[1]))(x),
    "mask inside of grad": lambda x: grad(lambda y: np.sum(y[y > 0]))(x),
}
"""What looks at values -> a function that does, all of whose code is on its own line."""


@pytest.mark.parametrize("name", REFUSED)
def test_looking_at_values_is_refused_with_the_line_and_a_way_out(name: str) -> None:
    fun = REFUSED[name]
    with pytest.raises(RecordingError) as caught:
        record(fun, X)
    if name != "random":  # noticed at the end
        line = fun.__code__.co_firstlineno
        assert f"{__file__}:{line}:" in str(caught.value)
    assert any(way in str(caught.value) for way in ("autodiff.numpy.where", "argument", "static"))
    assert running.depth == 0
    assert running.level == 0


def test_the_same_works_under_a_gradient() -> None:
    assert grad(lambda x: x[0] * float(x[1]) if x[0] > 0 else x[1])(X)[0] == X[1]
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x[x > 0]))(X), [1.0, 0.0, 1.0])


def test_an_exception_leaves_no_trace_behind() -> None:
    def fails(x: Any) -> Any:
        raise KeyError("x")

    with pytest.raises(KeyError):
        record(fails, X)
    assert running.depth == 0
    assert type(np.zeros(3)) is onp.ndarray


def test_a_traced_example_is_refused() -> None:
    with pytest.raises(RecordingError, match="differentiate inside"):
        grad(lambda x: record(np.sum, x).replay(x))(X)


def test_a_value_of_an_outer_trace_is_refused() -> None:
    with pytest.raises(RecordingError, match="another trace"):
        grad(lambda y: record(lambda x: np.sum(x * y), X).replay(X))(Y)


def test_replay_refuses_other_types() -> None:
    recording = record(lambda x, n: x * n, X, 2)
    with pytest.raises(RecordingError, match=r"args\[0\] is float64\[4\]"):
        recording.replay(onp.ones(4), 2)
    with pytest.raises(RecordingError, match=r"args\[0\] is float32\[3\]"):
        recording.replay(X.astype(onp.float32), 2)
    with pytest.raises(RecordingError, match="recorded with a tuple of 2"):
        recording.replay(X)


def test_a_recording_keeps_the_types_of_its_arguments_and_no_array() -> None:
    whole = onp.ones((4, 3), onp.float32)
    alive = weakref.ref(whole)
    recording = record(lambda x, row, n: x + row * n, whole, whole[1], 2)
    del whole
    assert alive() is None
    assert [x.shape for x in recording.examples[:2]] == [(4, 3), (3,)]
    assert [x.dtype for x in recording.examples[:2]] == [onp.float32] * 2
    assert recording.examples[2] == 2
    assert all(not any(x.strides) for x in recording.examples[:2])  # a single number
