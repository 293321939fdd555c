"""Every rule in the registry, from one table: a primitive without a case here fails a test.

Each case is checked against central differences in both modes at order 2, forward against reverse,
against Autograd at orders 1 and 2, and for the dtype of what it returns.
"""

from __future__ import annotations

import inspect
import pkgutil
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import autograd
import autograd.numpy as autograd_numpy
import numpy as onp
import pytest

import autodiff.builtins
import autodiff.numpy as np
from autodiff import core, elementwise_grad, grad, make_jvp, make_vjp
from autodiff.test_util import check_duality, check_grads


def _primitive(case: Any) -> Any:
    """The primitive that a case is about, by its name in the case's namespace or its full name."""
    name = (
        case.name if case.name.startswith("autodiff.") else f"autodiff.{case.namespace}.{case.name}"
    )
    return pkgutil.resolve_name(name)


def _of(library: str, case: Any) -> Any:
    """The namespace that a case's function is called with."""
    return import_module(f"{library}.{case.namespace}")


CONTAINERS = {
    getattr(autodiff.builtins, name)
    for name in ("container_take", "sequence_from_args", "dict_from_args")
}
"""Checked in test_builtins.py."""
SPACES = {
    *(getattr(autodiff.vspace, name) for name in ("add_in", "scale_in", "inner_in", "covector_in")),
    core.sparse_add,
    autodiff.numpy.numpy_vjps.untake,
}
"""What is not arrays alone: checked in test_vspace.py, test_nodes.py, test_numpy_wrapper.py."""


def _ours(table: Any) -> list[Any]:
    """Those of the library; what it makes of a user's function is checked in tests of `compile`."""
    named = [(f, f.__module__ or "numpy") for f in table]
    return [
        f
        for f, module in named
        if module.startswith(("numpy", "autodiff")) and not module.startswith("autodiff.compile")
    ]


@pytest.mark.parametrize("table", [core.primitive_vjps, core.primitive_jvps], ids=["vjp", "jvp"])
def test_every_rule_of_the_library_has_a_case(table: Any, all_cases: Any) -> None:
    checked = CONTAINERS | SPACES | {_primitive(case) for case in all_cases}
    assert [f.__name__ for f in _ours(table) if f not in checked] == []
    assert len(_ours(table)) > 80


def test_every_rule_exists_in_both_modes() -> None:
    one_mode = set(_ours(core.primitive_vjps)) ^ set(_ours(core.primitive_jvps))
    assert {f.__name__ for f in one_mode} == set()


def _argnums(case: Any) -> tuple[int, ...]:
    return tuple(range(len(case.args)))


def test_rule_agrees_with_differences_in_both_modes_at_order_two(case: Any) -> None:
    check_grads(lambda *xs: case.fun(_of("autodiff", case), *xs), _argnums(case))(*case.args)


def test_forward_and_reverse_mode_are_transposes(case: Any) -> None:
    fun = lambda xs: case.fun(_of("autodiff", case), *xs)  # noqa: E731
    check_duality(fun, case.args, rtol=1e-13 * max(1, 10 * onp.size(case.args[0])))


def _loss(library: str, case: Any) -> Callable[..., Any]:
    """The sum of the result times fixed weights: a scalar whose gradient no symmetry hides."""

    def loss(*xs: Any) -> Any:
        result = case.fun(_of(library, case), *xs)
        xp = import_module(f"{library}.numpy")
        shape = xp.shape(result)
        weights = onp.random.default_rng(3).uniform(1, 2, shape)
        return xp.sum(xp.real(result * weights))

    return loss


def test_values_and_gradients_of_two_orders_equal_autograds(autograd_case: Any) -> None:
    case = autograd_case
    onp.testing.assert_allclose(
        case.fun(_of("autodiff", case), *case.args),
        case.fun(_of("autograd", case), *case.args),
        rtol=1e-12,
    )
    for k, x in enumerate(case.args):
        ours, theirs = grad(_loss("autodiff", case), k), autograd.grad(_loss("autograd", case), k)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Autograd's own
            expected = theirs(*case.args)
        onp.testing.assert_allclose(ours(*case.args), expected, rtol=1e-10, atol=1e-12)
        if onp.iscomplexobj(x):
            continue
        second = lambda g, xp: lambda *xs: xp.sum(xp.sin(g(*xs)))  # noqa: E731
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = autograd.grad(second(theirs, autograd_numpy), k)(*case.args)
            got = grad(second(ours, np), k)(*case.args)
        onp.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)


def test_float32_in_float32_out(float32_case: Any) -> None:
    case = float32_case
    args = tuple(onp.asarray(x, onp.float32)[()] for x in case.args)
    fun = lambda xs: case.fun(_of("autodiff", case), *xs)  # noqa: E731
    vjp, value = make_vjp(fun)(args)
    single = (onp.float32, onp.complex64)
    assert onp.asarray(value).dtype in single
    cotangent = onp.ones(onp.shape(value), onp.asarray(value).dtype)
    for pulled, x in zip(vjp(cotangent), args):
        assert onp.asarray(pulled).dtype == onp.float32
        assert onp.shape(pulled) == onp.shape(x)
    _, tangent = make_jvp(fun)(args)(tuple(onp.ones_like(x) for x in args))
    assert onp.asarray(tangent).dtype == onp.asarray(value).dtype


def test_memory_layout_of_the_input_does_not_matter(one_array_case: Any) -> None:
    case = one_array_case
    (x,) = case.args
    weighted = grad(_loss("autodiff", case))
    expected = weighted(x)
    strided = onp.repeat(x, 2, axis=-1)[..., ::2]
    reversed_twice = onp.ascontiguousarray(x[::-1])[::-1]
    for layout in (onp.asfortranarray(x), strided, reversed_twice):
        layout.flags.writeable = False
        onp.testing.assert_allclose(weighted(layout), expected, rtol=1e-14, atol=1e-15)


def test_rules_see_only_primitives_when_traces_are_nested(case: Any) -> None:
    """A rule that used raw NumPy on a traced value would lose the outer derivative or fail."""
    tangents = tuple(onp.ones_like(x) * 0.5 for x in case.args)

    def reverse_then_forward(xs: Any) -> Any:
        vjp, value = make_vjp(lambda ys: case.fun(_of("autodiff", case), *ys))(xs)
        return vjp(
            onp.ones(onp.shape(value), onp.asarray(autodiff.core.vspace(value).ones()).dtype)
        )

    def forward_then_reverse(xs: Any) -> Any:
        return make_jvp(lambda ys: case.fun(_of("autodiff", case), *ys))(xs)(tangents)[1]

    _, hvp = make_jvp(reverse_then_forward)(case.args)(tangents)
    vjp, value = make_vjp(forward_then_reverse)(case.args)
    mixed = vjp(onp.ones(onp.shape(value), onp.asarray(value).dtype))
    if not any(map(onp.iscomplexobj, case.args)):
        for a, b in zip(hvp, mixed):
            onp.testing.assert_allclose(onp.real(a), onp.real(b), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["rad2deg", "degrees"])
def test_names_of_one_ufunc_behave_alike(name: str) -> None:
    assert elementwise_grad(getattr(np, name))(1.0) == pytest.approx(180 / onp.pi)
    assert inspect.getdoc(getattr(np, name))
