"""Rules of every form, rules that are missing, rules that change."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp, value_and_grad
from autodiff.core import (
    primitive_jvps,
    primitive_vjps,
)
from autodiff.extend import defjvp, defvjp, defvjp_argnum, defvjp_argnums, primitive


def test_an_exception_leaves_nothing_behind() -> None:
    def broken(x: Any) -> Any:
        np.sin(x)
        raise RuntimeError("stop")

    for operator in (grad, value_and_grad, lambda f: make_jvp(f)(1.0)):
        with pytest.raises(RuntimeError, match="stop"):
            operator(broken)(1.0)
    assert grad(lambda x: grad(lambda y: x * y)(x))(2.0) == 1.0


def test_a_missing_rule_is_an_error_of_the_forward_pass() -> None:
    ran: list[str] = []

    @primitive
    def no_rules(x: Any, y: Any) -> Any:
        return x * y

    def fun(x: Any, y: Any) -> Any:
        z = no_rules(x, y)
        ran.append("after")
        return z

    assert no_rules(2.0, 3.0) == 6.0
    with pytest.raises(NotImplementedError, match=r"VJP of no_rules .*argument\(s\) 0, 1"):
        grad(fun, (0, 1))(1.0, 2.0)
    with pytest.raises(NotImplementedError, match=r"JVP of no_rules .*argument\(s\) 1"):
        make_jvp(fun, 1)(1.0, 2.0)(1.0)
    defvjp(no_rules, lambda ans, x, y: lambda g: g * y)
    with pytest.raises(NotImplementedError, match=r"VJP of no_rules .*argument\(s\) 1 "):
        grad(fun, (0, 1))(1.0, 2.0)
    assert ran == []
    assert grad(fun)(1.0, 2.0) == 2.0


def test_boxes_of_unknown_types_are_refused_by_name() -> None:
    for value in (True, "text", None, {1, 2}):
        with pytest.raises(TypeError, match=type(value).__name__):
            grad(lambda x: x)(value)


def test_a_changed_rule_is_honoured_by_every_way_to_call_the_function() -> None:
    x = 0.5
    uses = {
        np.sin: (lambda x: np.sin(x),),
        np.negative: (lambda x: -x, np.negative),
        np.add: (lambda x: x + 1, lambda x: 1 + x, lambda x: x + x, lambda x: np.add(x, 1)),
        np.subtract: (lambda x: x - 1, lambda x: 1 - x),
        np.multiply: (lambda x: x * 2, lambda x: 2 * x, lambda x: onp.float64(2) * x),
        np.true_divide: (lambda x: x / 2, lambda x: 2 / x),
        np.power: (lambda x: x**2, lambda x: 2**x),
    }
    import autodiff.numpy.operators as operators
    from autodiff.numpy.array_box import ArrayBox
    from autodiff.rules import direct_vjps, single_vjps, withdrawals

    names = [f"__{r}{n}__" for n in ("add", "sub", "mul", "truediv", "pow") for r in ("", "r")]
    methods = {name: getattr(ArrayBox, name) for name in [*names, "__neg__"]}
    tables: list[Any] = [primitive_vjps, direct_vjps, single_vjps, withdrawals]
    before = [dict(table) for table in tables]
    try:
        for fun, calls in uses.items():
            defvjp(fun, *[lambda ans, *args: lambda g: 100.0] * 2)
            for call in calls:
                assert grad(call)(x) % 100 == 0.0
                assert grad(call)(x) > 0
        removed = primitive_vjps.pop(np.cos)
        with pytest.raises(NotImplementedError, match="VJP of cos"):
            grad(np.cos)(x)
        primitive_vjps[np.cos] = removed
        assert grad(np.cos)(x) == -onp.sin(x)
        del primitive_vjps[np.exp]
        with pytest.raises(NotImplementedError, match="VJP of exp"):
            grad(np.exp)(x)
    finally:
        for table, entries in zip(tables, before):
            dict.clear(table)
            dict.update(table, entries)
        for name, method in methods.items():
            setattr(ArrayBox, name, method)
    assert operators is not None
    assert grad(lambda x: -np.sin(x) * x + x**2)(x) == pytest.approx(
        -math.cos(x) * x - math.sin(x) + 2 * x
    )


def test_rules_for_all_arguments_at_once_share_their_work() -> None:
    calls: list[tuple[int, ...]] = []
    product = primitive(lambda x, y: x * y)

    def maker(argnums: tuple[int, ...], ans: Any, args: Any, kwargs: Any) -> Callable[[Any], Any]:
        calls.append(argnums)
        return lambda g: (g * args[1 - argnum] for argnum in argnums)

    defvjp_argnums(product, maker)
    assert grad(product, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert grad(product, 1)(2.0, 3.0) == 2.0
    assert calls == [(0, 1), (1,)]
    defvjp_argnum(product, lambda argnum, ans, args, kwargs: lambda g: g * args[1 - argnum])
    assert grad(product, (0, 1))(2.0, 3.0) == (3.0, 2.0)


def test_makers_run_once_per_call_in_the_forward_pass() -> None:
    made: list[float] = []
    fun = primitive(lambda x: x * 1.0)

    def maker(ans: Any, x: Any) -> Callable[[Any], Any]:
        made.append(x)
        return lambda g: g

    defvjp(fun, maker)
    vjp, _ = make_vjp(fun)(2.0)
    assert made == [2.0]
    vjp(1.0)
    vjp(1.0)
    assert made == [2.0]


def test_rules_of_wrong_types_are_refused_when_they_are_defined() -> None:
    fun = primitive(lambda x: x)
    with pytest.raises(TypeError, match=r"rule of argument 1 must be a function.*got 3"):
        defvjp(fun, None, 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"rule of argument 0 must be a function.*got 'other'"):
        defjvp(fun, "other")
    assert fun not in primitive_vjps
    assert fun not in primitive_jvps


def test_keyword_arguments_reach_the_rules() -> None:
    scaled = primitive(lambda x, *, factor=1.0: factor * x)
    defvjp(scaled, lambda ans, x, *, factor=1.0: lambda g: factor * g)
    defjvp(scaled, "same")
    assert grad(lambda x: scaled(x, factor=3.0))(1.0) == 3.0
    assert make_jvp(lambda x: scaled(x, factor=3.0))(1.0)(2.0) == (3.0, 6.0)
