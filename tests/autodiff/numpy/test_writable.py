"""Arrays are written to while they are traced, with NumPy's semantics or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad, grad_and_aux, jacobian, make_jvp, make_vjp, value_and_grad
from autodiff.core import record_tape
from autodiff.numpy.array_box import ArrayBox
from autodiff.numpy.writable import WritableArray
from autodiff.test_util import check_grads
from autodiff.tracer import isbox

X = onp.array([0.5, 1.0, 2.0])


def loop(xp: Any, x: Any) -> Any:
    y = xp.zeros(3)
    for i in range(3):
        y[i] = x[i] * x[i]
    return y


def recurrence(xp: Any, x: Any) -> Any:
    y = xp.empty(4)
    y[0] = x[0]
    for i in range(1, 4):
        y[i] = y[i - 1] * x[i - 1] + y[-4]
    return y


def nested_loops(xp: Any, x: Any) -> Any:
    a = xp.zeros((3, 3))
    for i in range(3):
        for j in range(i + 1):
            a[i, j] = x[i] * x[j] + a[i - 1, j]
            a[j][i] += x[0]
    return a @ a


def masks_and_slices(xp: Any, x: Any) -> Any:
    y = xp.ones(5)
    y[1:4] = x * x
    y[y > 1.5] += x[0]
    y[::2] *= 2.0
    y[[0, 0, 3]] = x
    return y


def rows(xp: Any, x: Any) -> Any:
    a = xp.full((4, 3), 0.5)
    for k in range(1, 4):
        a[k] = a[k - 1] * x
    a[0] += a[3]
    a[:, 1] = 1.0
    a[-1, ...] = x[2]
    return a


def views(xp: Any, x: Any) -> Any:
    a = xp.zeros((3, 3))
    row, column, flat, lower = a[1], a.T[2], a.reshape(-1), a[1:]
    row[0] = x[0] * x[0]
    column[:] = x * x
    flat[8] = x[2]
    lower[1][1:] += x[:2]
    return a * a + row + column[0] + flat[4] + xp.sum(lower)


def copies(xp: Any, x: Any) -> Any:
    y = xp.array(x)
    y[0] = 1.0
    z = y.copy()
    z[1] = y[2] * x[0]
    w = xp.copy(z)
    w += x
    return y * z * w * x


def results(xp: Any, x: Any) -> Any:
    y = xp.exp(x).copy()
    z = y * y
    y[0] = x[1]
    u = xp.array(x * 1.0)
    change = u[1:] * u[:-1]
    u[1:] += change
    u[0] = 0.0
    return y * z + u


def constants(xp: Any, x: Any) -> Any:
    y = xp.zeros(3)
    first = y * x
    y[1] = 5.0
    second = y * x
    y[1:] = xp.arange(2.0)
    return first + second + y * x


def snapshots(xp: Any, x: Any) -> Any:
    y = xp.zeros(2)
    y[0] = x[0]
    before = y[0] * 1.0
    y[0] = x[1]
    return before * x[2] + y[0] * y


def other_makers(xp: Any, x: Any) -> Any:
    a, b, c = xp.eye(3), xp.linspace(0.0, 1.0, 3), xp.ones_like(X)
    a[0, 1] = x[0]
    b[1] = x[1] * x[1]
    c[...] = x
    d = xp.array([1.0, 2.0, 3.0])
    d[2] = x[2] ** 3
    return a @ b * c * d


PROGRAMS = [
    loop, recurrence, nested_loops, masks_and_slices, rows, views, copies, results, constants,
    snapshots, other_makers,
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_programs_that_write_have_numpys_values_and_right_derivatives(program: Any) -> None:
    fun = lambda x: program(np, x)  # noqa: E731
    onp.testing.assert_allclose(make_vjp(fun)(X)[1], program(onp, X), rtol=1e-14)
    onp.testing.assert_allclose(make_jvp(fun)(X)(X)[0], program(onp, X), rtol=1e-14)
    check_grads(fun)(X)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_outside_of_a_trace_arrays_are_numpys_own(program: Any) -> None:
    assert type(np.zeros(2)) is type(np.array([1.0])) is type(np.eye(2)) is onp.ndarray
    assert type(program(np, X)) is onp.ndarray


# -- random programs: NumPy's values, or a refusal -------------------------------------------------

VIEWS: list[Callable[[Any], Any]] = [
    lambda a: a[1:],
    lambda a: a[::-1],
    lambda a: a[0],
    lambda a: a.T,
    lambda a: a.reshape(-1),
    lambda a: a[..., None],
    lambda a: a.ravel(),
]
INDICES: list[Any] = [
    0,
    -1,
    slice(1, None),
    slice(None, None, 2),
    ...,
    [0, 1],
    (0, 0),
    [True, False],
]


def run(xp: Any, x: Any, steps: Any) -> Any:
    pool = [xp.zeros((2, 2)), xp.array(x), xp.exp(x).copy()]
    for kind, i, j, choice in steps:
        a, b = pool[i % len(pool)], pool[j % len(pool)]
        if kind == "view" and a.ndim:
            pool.append(VIEWS[choice % len(VIEWS)](a))
        elif kind == "write" and a.ndim:
            index = INDICES[choice % len(INDICES)]
            a[index] = xp.sum(b) * 0.5
        elif kind == "add" and a.ndim:
            a[INDICES[choice % len(INDICES)]] += xp.mean(b)
        elif kind == "new":
            pool.append((xp.sin(a) if choice % 2 else a * a).copy())
        elif kind == "drop" and len(pool) > 2:
            pool.pop(i % len(pool))
        a = b = None
    return sum(xp.sum(xp.cos(part)) for part in pool) + xp.sum(x)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["view", "write", "add", "new", "drop"]),
            st.integers(0, 6), st.integers(0, 6), st.integers(0, 7),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_random_programs_follow_numpy_or_are_refused(steps: Any) -> None:
    x = onp.array([[0.3, 0.7], [1.1, 0.2]])
    try:
        expected = run(onp, x.copy(), steps)
    except (IndexError, ValueError):
        return
    try:
        value, gradient = value_and_grad(lambda x: run(np, x, steps))(x)
    except (ValueError, TypeError) as error:
        assert "written to" in str(error) or "item assignment" in str(error)  # noqa: PT017
        return
    assert value == pytest.approx(expected, rel=1e-12)
    v = onp.array([[0.3, -0.5], [0.2, 0.9]])
    slope = (run(onp, x + 1e-6 * v, steps) - run(onp, x - 1e-6 * v, steps)) / 2e-6
    assert onp.sum(gradient * v) == pytest.approx(slope, rel=1e-5, abs=1e-6)


# -- what is refused -------------------------------------------------------------------------------


def _argument(x: Any) -> Any:
    x[0] = 1.0


def _computed(x: Any) -> Any:
    y = x * 2
    y[0] += 1.0


def _beside_a_view(x: Any) -> Any:
    y = x * 2
    view = y[1:]
    y[1] = 0.0
    return view


def _through_a_view(x: Any) -> Any:
    y = x * 2
    view = y[1:]
    view[0] = 0.0
    return y


def _complex_into_real(x: Any) -> Any:
    y = np.zeros(3)
    y[0] = x[0] * 1j


def _number(x: Any) -> Any:
    x[0][...] = 1.0


def _read_only(x: Any) -> Any:
    np.broadcast_to(np.zeros(3), (2, 3))[0] = x


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (_argument, "write into a copy"),
        (_computed, "write into a copy"),
        (_beside_a_view, "write into a copy"),
        (_through_a_view, "write into a copy"),
        (_complex_into_real, "complex"),
        (_number, "item assignment"),
        (_read_only, "view cannot be written to"),
    ],
)
def test_writes_that_cannot_be_right_are_refused(program: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        grad(lambda x: (program(x), np.sum(x))[1])(X)


def test_writing_a_traced_value_into_a_captured_array_says_what_to_do() -> None:
    captured = onp.zeros(3)

    def entry(x: Any) -> Any:
        captured[0] = x[0]

    def everything(x: Any) -> Any:
        captured[:] = x

    for program in (entry, everything):
        with pytest.raises((TypeError, ValueError)) as refusal:
            grad(lambda x, p=program: (p(x), np.sum(x))[1])(X)
        assert "make the array inside" in str(refusal.value.__cause__ or refusal.value)
    onp.testing.assert_array_equal(captured, onp.zeros(3))


def test_an_array_of_an_outer_function_is_not_written_to_by_an_inner_one() -> None:
    def outer(x: Any) -> Any:
        y = np.zeros(3)

        def inner(z: Any) -> Any:
            y[0] = z[0]
            return np.sum(z * z)

        return np.sum(grad(inner)(x))

    with pytest.raises(TypeError, match="outside of the differentiated function"):
        grad(outer)(X)


def test_an_inner_function_writes_values_of_the_outer_one() -> None:
    def outer(x: Any) -> Any:
        def inner(z: Any) -> Any:
            y = np.zeros(3)
            y[:2] = x[1:]
            y[2] = z[0] * x[0]
            y[0] *= z[1]
            return np.sum(y * y)

        return grad(inner)(x * 2)

    check_grads(outer)(X)


def test_what_was_taken_before_a_write_stays() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(3)
        y[0] = x[0]
        product = y * x  # its rule keeps y as it is now
        y[0] = 100.0
        return np.sum(product)

    onp.testing.assert_array_equal(grad(fun)(X), [1.0, 0.0, 0.0])


def test_dtype_of_the_array_is_kept() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(3, np.float32)
        y[0] = x[0] * x[1]
        y[1:] = x[1:]
        assert y.dtype == onp.float32
        return y

    vjp, value = make_vjp(fun)(X)
    assert value.dtype == onp.float32
    assert vjp(onp.ones(3, onp.float32)).dtype == onp.float64
    z = lambda x: np.sum(np.real(_complex_entries(x) ** 2))  # noqa: E731
    check_grads(z)(X)


def _complex_entries(x: Any) -> Any:
    y = np.zeros(2, complex)
    y[0] = x[0] * (1 + 2j)
    y[1] = x[1]
    return y


def test_arrays_of_integers_stay_numpys() -> None:
    def fun(x: Any) -> Any:
        assert type(np.arange(3)) is type(np.ones(3, bool)) is onp.ndarray
        return np.sum(x[np.arange(3)])

    onp.testing.assert_array_equal(grad(fun)(X), onp.ones(3))


def test_a_writable_array_is_an_array_to_its_user() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros((2, 3))
        assert isinstance(y, ArrayBox)
        assert (y.shape, y.ndim, y.size, len(y), y.dtype) == ((2, 3), 2, 6, 2, onp.float64)
        onp.testing.assert_array_equal(onp.asarray(y), onp.zeros((2, 3)))  # nothing traced in it
        assert not isbox(np.sum(y) + 1.0)
        y[0] = x
        assert (y.shape, y.ndim, y.size, len(y)) == ((2, 3), 2, 6, 2)
        with pytest.raises(IndexError):
            y[2, 0] = 1.0
        with pytest.raises(ValueError, match="broadcast"):
            y[0] = onp.ones(2)
        with pytest.raises(TypeError, match="derivative"):
            onp.asarray(y)
        with pytest.raises(TypeError, match="unsized"):
            len(np.zeros(()))
        return sum(np.sum(row) for row in y)

    onp.testing.assert_array_equal(grad(fun)(X), onp.ones(3))


def test_results_come_back_plain() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(3)
        y[0] = x[0]
        return y

    _, value = make_vjp(fun)(X)
    assert type(value) is onp.ndarray
    onp.testing.assert_array_equal(jacobian(fun)(X), onp.diag([1.0, 0.0, 0.0]))
    assert type(make_vjp(lambda x: np.zeros(3))(X)[1]) is onp.ndarray


def test_an_exception_leaves_no_trace_behind() -> None:
    def fails(x: Any) -> Any:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        grad(fails)(X)
    assert type(np.zeros(2)) is onp.ndarray


def test_pieces_of_a_split_follow_their_origin() -> None:
    def fun(x: Any) -> Any:
        y = np.ones(3)
        first, second = np.split(y, [1])
        y[0] = x[0] * x[0]
        second[1] = x[2]
        return np.sum(first) + y[2] * 3

    onp.testing.assert_array_equal(grad(fun)(X), [1.0, 0.0, 3.0])


def test_in_place_arithmetic_of_a_writable_array_keeps_the_array() -> None:
    def fun(x: Any) -> Any:
        y = np.ones(3)
        alias = y
        y += x
        y *= 2.0
        y -= 1.0
        y /= x
        y **= 2
        assert type(y) is WritableArray
        return np.sum(alias)

    expected = lambda x: np.sum((((1 + x) * 2 - 1) / x) ** 2)  # noqa: E731
    onp.testing.assert_allclose(grad(fun)(X), grad(expected)(X), rtol=1e-13)


def test_auxiliary_results_are_plain() -> None:
    def fun(x: Any) -> Any:
        y, z = np.zeros(3), np.ones(3)
        y[0] = x[0]
        return np.sum(y * y), {"y": y, "z": [z]}

    _, aux = grad_and_aux(fun)(X)
    assert type(aux["y"]) is type(aux["z"][0]) is onp.ndarray


def test_programs_that_write_leave_nothing_behind() -> None:
    def once() -> None:
        for program in PROGRAMS:
            grad(lambda x, p=program: np.sum(p(np, x)))(X)

    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            once()
        before = len(gc.get_objects())
        for _ in range(10):
            once()
        assert len(gc.get_objects()) - before < 20
    finally:
        gc.enable()


def test_a_copy_of_what_was_computed_is_written_to() -> None:
    """An inner derivative may keep the outer value by reference, to be used later."""

    def train(x: Any, copy: Any) -> Any:
        w = x[::1] * 1.0
        for _ in range(2):
            w = copy(w - 0.1 * grad(lambda w: np.sum(w**2 * x))(w))
            w[0] = x[1] * x[2]
        return w

    check_grads(lambda x: train(x, np.array))(X)
    check_grads(lambda x: train(x, lambda w: w.copy()))(X)
    with pytest.raises(ValueError, match="write into a copy"):
        grad(lambda x: np.sum(train(x, lambda w: w)))(X)


@pytest.mark.parametrize("program", [loop, recurrence], ids=lambda p: p.__name__)
def test_filling_an_array_is_linear_in_its_length(program: Any) -> None:
    def fill(x: Any) -> Any:
        y = np.zeros(len(x))
        y[0] = x[0]
        for i in range(1, len(x)):
            y[i] = x[i] if program is loop else y[i - 1] * 0.5 + x[i]
        return np.sum(y * y)

    def operations(n: int) -> int:
        return len(record_tape(fill, onp.ones(n))[0])

    # A write that copied what was written before would add an entry as long as the array.
    assert operations(400) - operations(200) <= 5 * 200
    check_grads(fill, order=1)(onp.linspace(0.5, 1.5, 20))
