"""Choosing the argument that an operator acts on."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.wrap_util import get_doc, get_name, unary_to_nary, wrap_nary_f, wraps


def area(width: Any, height: Any = 3.0, *, scale: Any = 1.0) -> Any:
    """Of a rectangle."""
    return width * height * scale


def test_argnum_chooses_the_argument() -> None:
    assert grad(area)(2.0) == 3.0
    assert grad(area, 1)(2.0, 5.0, scale=10.0) == 20.0
    assert grad(area, -1)(2.0, 5.0) == 2.0
    assert grad(area, argnum=0)(2.0, 5.0) == 5.0


@pytest.mark.parametrize("argnum", [(0, 1), [0, 1]])
def test_several_arguments_give_a_tuple(argnum: Any) -> None:
    assert grad(area, argnum)(2.0, 5.0) == (5.0, 2.0)
    assert grad(area, (1,))(2.0, 5.0) == (2.0,)
    assert make_vjp(area, argnum)(2.0, 5.0)[0](10.0) == (50.0, 20.0)


def test_several_arguments_work_inside_other_traces() -> None:
    fun = lambda a: sum(grad(lambda x, y: x * y * a, (0, 1))(a, 2.0))  # 2a + a^2  # noqa: E731
    assert grad(fun)(3.0) == 8.0


@pytest.mark.parametrize("argnum", ["x", 1.0, (0, "y"), None])
def test_a_wrong_argnum_is_refused(argnum: Any) -> None:
    with pytest.raises(TypeError, match="grad: argnum must be an int or a tuple of ints, got"):
        grad(area, argnum)


def test_an_argument_that_is_not_there_is_named() -> None:
    with pytest.raises(IndexError, match=r"grad of area: argument 1 must be given by position"):
        grad(area, 1)(2.0)
    with pytest.raises(IndexError, match="got 0 positional arguments"):
        grad(area)(width=2.0)


def test_the_result_says_what_it_is() -> None:
    assert grad(area).__name__ == "grad_of_area_wrt_argnum_0"
    assert "grad of area with respect to argument 0" in (grad(area).__doc__ or "")
    assert "Of a rectangle." in (grad(area).__doc__ or "")


def test_an_operator_of_ones_own_gets_the_same_interface() -> None:
    @unary_to_nary
    def difference(fun: Any, x: Any, step: float = 1e-3) -> Any:
        return (fun(x + step) - fun(x - step)) / (2 * step)

    assert difference(area, 1)(2.0, 5.0) == pytest.approx(2.0)
    assert difference(area, 0, 1e-2)(2.0, 5.0) == pytest.approx(5.0)
    assert difference(area, 0, step=1e-2)(2.0, 5.0) == pytest.approx(5.0)


def test_callables_without_a_name_are_fine() -> None:
    class Cube:
        def __call__(self, x: Any) -> Any:
            return x**3

    assert grad(Cube())(2.0) == 12.0
    assert grad(Cube()).__name__ == "grad_of_Cube_wrt_argnum_0"


def test_integers_are_taken_as_floats() -> None:
    assert grad(area)(2) == 3.0
    assert grad(area, (0, onp.int64(1)))(onp.int32(2), 5) == (5.0, 2.0)
    gradient = grad(lambda x: np.sum(x**2))(onp.arange(3))
    assert gradient.tolist() == [0.0, 2.0, 4.0]
    assert gradient.dtype == onp.float64
    with pytest.raises(TypeError, match="type bool"):
        grad(area)(True)


def test_functions_are_named_after_others() -> None:
    @wraps(area, namestr="twice_{fun}_{k}", docstr="Twice: {doc}", k=2)
    def twice(*args: Any) -> Any:
        return 2 * area(*args)

    assert twice.__name__ == "twice_area_2"
    assert twice.__doc__ == "Twice: Of a rectangle."

    @wrap_nary_f(area, grad, (0, 1))
    def gradient(*args: Any) -> Any:
        return args

    assert gradient.__name__ == "grad_of_area_wrt_argnum_(0, 1)"
    assert gradient.__doc__ is not None
    assert gradient.__doc__.startswith("grad of area with respect to argument (0, 1).")
    assert get_name(area) == "area"
    assert get_doc(area) == "Of a rectangle."
    assert get_doc(lambda: None) == ""


def test_nests_of_boxes_may_be_arguments_of_several() -> None:
    inner = lambda a: grad(lambda p, y: p[0] * p[1] * y, (0, 1))([a, 2.0 * a], 3.0)  # noqa: E731
    assert grad(lambda a: inner(a)[0][1] * inner(a)[1])(1.0) == 18.0
