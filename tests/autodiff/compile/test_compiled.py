"""compiled: equal to the function itself, in every derivative; what is static; what fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as onp
import pytest
from agreement import assert_agrees

import autodiff.numpy as np
from autodiff import compiled, grad, hessian, make_jvp, make_vjp, value_and_grad
from autodiff.compile import RecordingError, backends
from autodiff.extend import defvjp, primitive
from autodiff.nests import flatten

pytestmark = pytest.mark.usefixtures("backend")

X = onp.random.default_rng(0).normal(size=(5, 3))
W = onp.random.default_rng(1).normal(size=(3, 4))
B = onp.random.default_rng(2).normal(size=4)


def _loss(p: Any, x: Any) -> Any:
    return np.mean((np.tanh(x @ p["w"] + p["b"]) - 0.5) ** 2) + 0.01 * np.sum(p["w"] * p["w"])


P = {"w": W, "b": B}


def _close(got: Any, wanted: Any) -> None:
    for a, b in zip(flatten(got)[0], flatten(wanted)[0]):
        # Cotangents of a value that is used twice are added in another order.
        onp.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-14)


def _of_w(use: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return use(lambda w: _loss({"w": w, "b": B}, X))


def test_value_and_gradients_are_equal() -> None:
    fun = compiled(_loss)
    for _ in range(2):
        assert_agrees(fun(P, X), _loss(P, X))
        assert_agrees(grad(fun)(P, X), grad(_loss)(P, X))
        assert_agrees(grad(fun, 1)(P, X), grad(_loss, 1)(P, X))
        assert_agrees(value_and_grad(fun)(P, X), value_and_grad(_loss)(P, X))


DERIVATIVES: dict[str, Callable[[Any], Any]] = {
    "vjp": lambda f: make_vjp(f)(W)[0](2.0),
    "jvp": lambda f: make_jvp(f)(W)(W)[1],
    "hessian": lambda f: hessian(f)(W),
    "jvp of grad": lambda f: make_jvp(grad(f))(W)(W)[1],
    "grad of jvp": lambda f: grad(lambda w: make_jvp(f)(w)(W)[1])(W),
    "grad of grad": lambda f: grad(lambda w: np.sum(grad(f)(w) ** 2))(W),
    "third": lambda f: grad(lambda w: make_jvp(grad(f))(w)(W)[1].sum())(W),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_derivatives_of_compiled_functions(name: str) -> None:
    derivative = DERIVATIVES[name]
    _close(derivative(_of_w(compiled)), derivative(_of_w(lambda f: f)))


@pytest.mark.parametrize("name", DERIVATIVES)
def test_compiled_derivatives(name: str) -> None:
    derivative = DERIVATIVES[name]
    fun = _of_w(lambda f: f)
    assert_agrees(compiled(lambda: derivative(fun))(), derivative(fun))


def test_compiled_inside_of_compiled() -> None:
    inner = compiled(lambda x: np.tanh(x) * x)
    outer = compiled(grad(lambda x: np.sum(inner(x) ** 2)))
    assert_agrees(outer(X), grad(lambda x: np.sum((np.tanh(x) * x) ** 2))(X))
    assert "call" not in [value.op for value in outer.ir(X).values]


def test_results_of_every_kind() -> None:
    def fun(x: Any, n: Any) -> Any:
        return {
            "array": x * 2,
            "place": np.argmax(x),
            "number": 3,
            "none": None,
            "pair": (n * 2, x),
        }

    assert_agrees(compiled(fun)(B, 1.5), fun(B, 1.5), exact=True)
    got = grad(lambda x: np.sum(compiled(fun)(x, 1.5)["array"] ** 2))(B)
    assert_agrees(got, grad(lambda x: np.sum(fun(x, 1.5)["array"] ** 2))(B), exact=True)
    assert_agrees(
        make_jvp(lambda x: compiled(fun)(x, 1.5)["array"])(B)(B),
        make_jvp(lambda x: fun(x, 1.5)["array"])(B)(B),
        exact=True,
    )


class _Seen:
    """Calls of a function. (A list that is closed over would be made anew with its entries.)"""

    def __init__(self) -> None:
        self.calls: list[Any] = []


def test_integers_strings_and_none_are_static() -> None:
    seen = _Seen()

    def fun(x: Any, n: int, name: str = "tanh", shift: Any = None) -> Any:
        seen.calls.append((n, name))
        for _ in range(n):
            x = getattr(np, name)(x)
        return x if shift is None else x + shift

    made = compiled(fun)
    for n, name in [(1, "tanh"), (2, "tanh"), (2, "sin"), (2, "sin")]:
        assert_agrees(made(B, n, name=name), getattr(onp, name)(made(B, n - 1, name=name)))
    assert_agrees(made(B, 1, shift=0.5), onp.tanh(B) + 0.5)
    assert seen.calls.count((2, "sin")) == 1


def test_floats_are_arguments() -> None:
    seen = _Seen()
    made = compiled(lambda x, s: seen.calls.append(1) or x * s)
    for s in (1.0, 2.0, 3.0):
        assert_agrees(made(B, s), B * s, exact=True)
    assert len(seen.calls) == 1
    x = B.astype("float32")
    assert_agrees(made(x, 2.5), x * 2.5, exact=True)


def test_what_is_closed_over_is_an_argument() -> None:
    scale = onp.ones(4)
    made = compiled(lambda x: np.sum(scale * x * x))
    assert_agrees(made(B), onp.sum(B * B))
    scale[:] = 3.0
    assert_agrees(made(B), onp.sum(scale * B * B))


def test_functions_closed_over_keep_their_rules() -> None:
    scale = onp.full(4, 2.0)

    @primitive
    def scaled(x: Any) -> Any:
        return scale * x

    defvjp(scaled, lambda ans, x: lambda g: 3 * g)  # not the derivative: to tell it apart

    def fun(x: Any, use: Any = np.tanh) -> Any:
        return np.sum(scaled(use(x * scale)))

    assert_agrees(grad(compiled(fun))(B), grad(fun)(B))


TABLE = onp.arange(12.0).reshape(4, 3)


def test_global_arrays_are_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    made = compiled(lambda i: sum(TABLE[i + k] for k in range(2)))
    assert_agrees(made(onp.array([0, 2])), TABLE[[0, 2]] + TABLE[[1, 3]], exact=True)
    monkeypatch.setitem(globals(), "TABLE", TABLE * 2)
    assert_agrees(made(onp.array([0, 1])), TABLE[[0, 1]] + TABLE[[1, 2]], exact=True)


def test_gradients_by_what_is_closed_over() -> None:
    def outer(use: Callable[[Any], Any], s: Any) -> Any:
        def inner(w: Any, power: Any = 2) -> Any:
            return np.sum(np.sin(w * s) ** power)

        return np.sum(grad(use(partial(inner, power=2)))(W)) * s

    _close(
        grad(lambda s: outer(compiled, s))(1.3),
        grad(lambda s: outer(lambda f: f, s))(1.3),
    )


def test_a_traced_value_that_is_hidden_falls_back_to_eager() -> None:
    class Holder:
        value: Any = None

    holder = Holder()
    made = compiled(lambda x: np.sum(x * holder.value), explain=False)

    def outer(s: Any) -> Any:
        holder.value = s
        return made(B)

    assert_agrees(grad(outer)(2.0), onp.sum(B))


def test_other_shapes_dtypes_and_orders_get_programs_of_their_own() -> None:
    made = compiled(lambda x: np.sum(np.tanh(x), axis=0))
    for x in (X, X[:2], X.astype("float32"), onp.asfortranarray(X), X[::-1], X[:, 0]):
        assert_agrees(made(x), onp.sum(onp.tanh(x), axis=0))


def test_control_flow_by_values_is_refused_with_the_line() -> None:
    def fun(x: Any) -> Any:
        return x if x[0] > 0 else -x

    line = fun.__code__.co_firstlineno + 1
    with pytest.raises(RecordingError, match=rf"{__file__}:{line}: .*autodiff\.numpy\.where"):
        compiled(fun)(B)


def test_explanations(backend: str, capsys: pytest.CaptureFixture[str]) -> None:
    how = "compiled" if backend == "llvm" else "replayed by NumPy, for AUTODIFF_BACKEND is replay"
    assert compiled(np.tanh).explain(X) == f"all 1 operations are {how}"
    fun = compiled(lambda x: np.cumsum(x * 2), explain=True)
    said = fun.explain(X)
    assert said.startswith(f"1 operations are {how}, 1 are calls of Python:\n  cumsum at ")
    assert __file__ in said
    fun(X)
    fun(X)
    assert capsys.readouterr().out.count("cumsum at") == 1
    masked = onp.ma.masked_array(B, B > 0)
    assert "MaskedArray" in fun.explain(masked)


def test_debug_finds_what_is_no_function_of_its_arguments() -> None:
    class Counter:
        count = 0.0

    def fun(x: Any) -> Any:
        Counter.count += 1.0
        return x + Counter.count

    compiled(np.tanh, debug=True)(X)
    with pytest.raises(RuntimeError, match="gives another result"):
        compiled(fun, debug=True)(X)


def test_the_ir_is_a_program() -> None:
    text = str(compiled(lambda x: np.sum(np.exp(x))).ir(X))
    assert text.splitlines()[1:] == [
        "%1 = exp(%0) : float64[5,3]",
        "%2 = sum(%1, axes=(0, 1), keepdims=False) : float64",
        "return %2",
    ]


def test_threads_share_a_compiled_function() -> None:
    fun = compiled(lambda x: np.sum(np.tanh(x @ x.T) ** 2))
    wanted = [grad(fun)(X + k / 8) for k in range(4)]
    for k in range(4):  # to the bits of eager evaluation or not: threads do not change them
        assert_agrees(wanted[k], grad(lambda x: np.sum(np.tanh(x @ x.T) ** 2))(X + k / 8))
    failed: list[int] = []

    def work(k: int) -> None:
        for _ in range(20):
            if not onp.array_equal(grad(fun)(X + k / 8), wanted[k]):
                failed.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_methods_are_bound() -> None:
    class Model:
        power = 2

        @compiled
        def loss(self, x: Any) -> Any:
            return np.sum(np.tanh(x) ** self.power)

    assert_agrees(Model().loss(B), onp.sum(onp.tanh(B) ** 2))


def test_an_argument_is_not_written_to() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(4)
        y[:] = x
        y[0] = 1.0
        return y

    x = B.copy()
    assert_agrees(compiled(fun)(x), onp.concatenate([[1.0], B[1:]]), exact=True)
    onp.testing.assert_array_equal(x, B)


def test_many_static_values_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodiff.compile.compiled._KEPT", 8)
    fun = compiled(lambda x, n: x + n)
    for n in range(20):
        assert fun(1.0, n) == n + 1
    assert len(fun._families) == len(fun._quick) + 4 == 8


def test_the_loops_can_be_printed() -> None:
    text = compiled(lambda x: np.cumsum(np.tanh(x) * 2)).loops(X)
    if backends.why_no_llvm() is not None:
        assert text.startswith("replayed by NumPy, for")
    else:
        assert "= tanh(s0) : float64" in text
        assert text.endswith("# Python")
