"""Every primitive that the installed Autograd has a rule for: equal values and derivatives here.

The list of primitives is read from the package, so a release with one more fails until it has
calls in `tests/autograd_parity`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import autograd
import numpy as onp
import pytest
from autograd_parity import CALLS, WARTS, Call, primitives_with_rules
from autograd_parity.derivatives import (
    Found,
    first_order,
    forward,
    in_double,
    in_single,
    quietly,
    second_order,
    value_of,
)

import autodiff
from autodiff.test_util import check_grads

PRIMITIVES = primitives_with_rules()
for _name in ("numpy", "scipy.linalg", "scipy.stats", "misc.fixed_points", "builtins"):
    import_module(f"autodiff.{_name}")  # as the registry has done for Autograd's

LISTED = [(path, call) for path, calls in WARTS.items() for call in calls]


def assert_equal(ours: Found, theirs: Found, tolerance: float = 1e-10) -> None:
    """Equal shapes, and numbers to `tolerance`, relative or absolute, whichever is looser."""
    for what, expected in theirs.items():
        assert onp.shape(ours[what]) == onp.shape(expected), what
        onp.testing.assert_allclose(
            ours[what], expected, rtol=tolerance, atol=tolerance, err_msg=what
        )


def orders_of(path: str) -> tuple[Callable[[Any, Call], Found], ...]:
    """What is compared: in forward mode too, where Autograd has a rule for it."""
    reverse = (value_of, first_order, second_order)
    return (*reverse, forward) if PRIMITIVES[path] in autograd.core.primitive_jvps else reverse


def test_there_are_calls_for_exactly_the_primitives_of_the_installed_autograd() -> None:
    assert sorted(CALLS) == sorted(PRIMITIVES)
    assert set(WARTS) <= set(PRIMITIVES)


@pytest.mark.parametrize("path", PRIMITIVES)
def test_value_and_derivatives_of_two_orders_equal_autograds(path: str) -> None:
    for call in CALLS[path]:
        for compute in orders_of(path):
            assert_equal(quietly(compute, autodiff, call), quietly(compute, autograd, call))


@pytest.fixture
def rule_uses(request: pytest.FixtureRequest) -> Iterator[Callable[[str], list[None]]]:
    """Counts how often Autograd asks for a primitive's VJP."""
    rules = autograd.core.primitive_vjps
    kept = dict(rules)

    def count(path: str) -> list[None]:
        primitive, uses = PRIMITIVES[path], []

        def counted(*args: Any) -> Any:
            uses.append(None)
            return kept[primitive](*args)

        rules[primitive] = counted
        return uses

    yield count
    rules.update(kept)


@pytest.mark.parametrize("path", PRIMITIVES)
def test_the_calls_use_the_rule_that_they_are_for(
    path: str, rule_uses: Callable[[str], list[None]]
) -> None:
    uses = rule_uses(path)
    for call in CALLS[path]:
        quietly(second_order, autograd, call)
    assert uses


@pytest.mark.parametrize("path", PRIMITIVES)
def test_gradients_of_float32_equal_those_of_autograd_in_float64(path: str) -> None:
    """Autograd's own are not kept in float32; the reference is free of rounding on both sides."""
    for call in CALLS[path]:
        if call.single:
            single = in_single(call)
            ours = quietly(first_order, autodiff, single)
            # float32 rounds to 6e-8; the sums, solves and cancellations here lose up to a thousand
            assert_equal(ours, quietly(first_order, autograd, in_double(single)), 1e-4)
            for k, x in enumerate(single.args):
                assert onp.asarray(ours[f"gradient in {k}"]).dtype == onp.asarray(x).dtype


@pytest.mark.parametrize(("path", "call"), LISTED, ids=lambda x: getattr(x, "wart", x))
def test_where_autograd_is_wrong_ours_agrees_with_differences(path: str, call: Call) -> None:
    check_grads(lambda *xs: call.fun(autodiff, *xs), tuple(range(len(call.args))))(*call.args)


@pytest.mark.parametrize(("path", "call"), LISTED, ids=lambda x: getattr(x, "wart", x))
def test_what_is_listed_as_wrong_in_autograd_still_is(path: str, call: Call) -> None:
    def agrees(compute: Callable[[Any, Call], Found]) -> bool:
        try:
            assert_equal(quietly(compute, autodiff, call), quietly(compute, autograd, call))
        except Exception:  # noqa: BLE001  (whatever Autograd raises, or the difference)
            return False
        return True

    assert not all(map(agrees, orders_of(path)))
