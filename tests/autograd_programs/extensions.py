"""Programs that give Autograd primitives, rules and value types of their own."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import numpy as onp


def custom_primitive(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    extend = import_module(f"{package}.extend")

    @extend.primitive
    def logsumexp(x: Any) -> Any:
        """log(sum(exp(x))), shifted."""
        max_x = onp.max(x)
        return max_x + onp.log(onp.sum(onp.exp(x - max_x)))

    extend.defvjp(
        logsumexp, lambda ans, x: lambda g: np.full(x.shape, g) * np.exp(x - np.full(x.shape, ans))
    )
    extend.defjvp(logsumexp, lambda g, ans, x: np.sum(g * np.exp(x - ans)))

    def example(y: Any) -> Any:
        return np.sum(logsumexp(y**2) * np.sin(y))

    y = onp.array([1.5, 0.3, -0.4])
    import_module(f"{package}.test_util").check_grads(example, modes=["rev", "fwd"])(y)
    return ag.grad(example)(y), ag.hessian(example)(y), logsumexp.__name__, logsumexp.__doc__


def rules_of_every_form(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    extend = import_module(f"{package}.extend")
    scaled_sum = extend.primitive(lambda a, b, c: a * b + 2.0 * c)
    extend.defvjp_argnums(
        scaled_sum,
        lambda argnums, ans, args, kwargs: (
            lambda g: [[g * args[1], g * args[0], 2.0 * g][k] for k in argnums]
        ),
    )
    extend.defjvp_argnums(
        scaled_sum,
        lambda argnums, gs, ans, args, kwargs: sum(
            g * [args[1], args[0], 2.0][k] for k, g in zip(argnums, gs)
        ),
    )
    product = extend.primitive(lambda *xs: xs[0] * xs[1] * xs[2])
    extend.defvjp_argnum(
        product,
        lambda argnum, ans, args, kwargs: (
            lambda g: g * args[(argnum + 1) % 3] * args[(argnum + 2) % 3]
        ),
    )
    extend.def_linear(product)
    third = extend.primitive(lambda step, x: step * x)
    extend.defvjp(third, lambda ans, step, x: lambda g: g * step, argnums=[1])
    extend.defjvp(third, "same", argnums=(1,))
    ignored = extend.primitive(lambda x, scale: x * scale)
    extend.defvjp(ignored, None, lambda ans, x, scale: lambda g: g * x)
    extend.defjvp(ignored, None, lambda g, ans, x, scale: g * x)

    def fun(a: Any, b: Any, c: Any) -> Any:
        return third(3.0, scaled_sum(a, b, np.sin(c)) * product(a, c, a) + ignored(a, b))

    point = (0.7, -1.2, 0.4)
    return (
        ag.grad(fun, (0, 1, 2))(*point),
        ag.grad(ag.grad(fun, 0), 2)(*point),
        [ag.make_jvp(fun, k)(*point)(1.0) for k in range(3)],
    )


def deprecated_primitive(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        double = ag.primitive(lambda x, y: 2.0 * x * y)
        double.defvjp(lambda g, ans, vs, gvs, x, y: 2.0 * g * y)
        double.defvjp(lambda g, ans, vs, gvs, x, y: 2.0 * g * x, argnum=1)
        cube = ag.primitive(lambda x: x**3)
        cube.defgrad(lambda ans, x: lambda g: 3.0 * g * x**2)
        flat = ag.primitive(lambda x: np.floor(x))
        flat.defvjp_is_zero()
    return ag.grad(lambda x: double(x, cube(x)) + flat(x) * x)(1.3)


def rules_changed_at_run_time(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    core = import_module(f"{package}.core")
    original = core.primitive_vjps[np.tanh]
    try:
        core.defvjp(np.tanh, lambda ans, x: lambda g: g * 10.0)
        changed = ag.grad(np.tanh)(0.5)
        core.primitive_vjps.pop(np.tanh)
        try:
            ag.grad(np.tanh)(0.5)
            missing = ""
        except NotImplementedError as error:
            missing = type(error).__name__
    finally:
        core.primitive_vjps[np.tanh] = original
    return changed, missing, ag.grad(np.tanh)(0.5)


def value_type_of_its_own(package: str) -> Any:
    ag = import_module(package)
    extend = import_module(f"{package}.extend")

    class Interval:
        def __init__(self, low: float, high: float) -> None:
            self.low, self.high = low, high

    class IntervalBox(extend.Box):  # type: ignore[misc, name-defined]
        __slots__ = ()

        low = property(lambda self: read(self, 0))
        high = property(lambda self: read(self, 1))

    class IntervalSpace(extend.VSpace):  # type: ignore[misc, name-defined]
        def __init__(self, value: Any) -> None:
            pass

        def zeros(self) -> Any:
            return Interval(0.0, 0.0)

        def _add(self, x: Any, y: Any) -> Any:
            return Interval(x.low + y.low, x.high + y.high)

        def _mut_add(self, x: Any, y: Any) -> Any:
            return self._add(x, y)

    IntervalBox.register(Interval)
    IntervalSpace.register(Interval)
    try:
        read = extend.primitive(lambda x, k: (x.low, x.high)[k])
        extend.defvjp(
            read,
            lambda ans, x, k: lambda g: Interval(g, 0.0) if k == 0 else Interval(0.0, g),
            argnums=(0,),
        )
        g = ag.grad(lambda x: x.high * x.high - x.low * x.high)(Interval(1.0, 3.0))
        return g.low, g.high
    finally:
        boxes = extend.Box.type_mappings
        for kind in (Interval, IntervalBox):
            boxes.pop(kind, None)
        extend.Box.types.discard(IntervalBox)
        extend.VSpace.mappings.pop(Interval, None)


def helpers_of_the_numpy_modules(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    vjps = import_module(f"{package}.numpy.numpy_vjps")
    wrapper = import_module(f"{package}.numpy.numpy_wrapper")
    boxes = import_module(f"{package}.numpy.numpy_boxes")
    spaces = import_module(f"{package}.numpy.numpy_vspaces")
    extend = import_module(f"{package}.extend")
    rows = extend.primitive(lambda x, y: x + 2 * y)
    extend.defvjp(
        rows,
        lambda ans, x, y: vjps.unbroadcast_f(x, lambda g: g),
        lambda ans, x, y: lambda g: vjps.unbroadcast(2 * g, wrapper.metadata(y)),
    )
    pick = extend.primitive(lambda x, k: x[k])
    extend.defvjp(
        pick,
        lambda ans, x, k: lambda g: vjps.untake(g, k, extend.vspace(x)),
        argnums=(0,),
    )

    def fun(x: Any, y: Any) -> Any:
        assert type(y) is boxes.ArrayBox or not isinstance(x, onp.ndarray)
        return np.sum(rows(x, y) ** 2 * pick(y, 1))

    x, y = onp.array([[0.5], [1.5]]), onp.array([1.0, 2.0, 3.0])
    stretched, count = vjps.repeat_to_match_shape(onp.ones(2), (2, 3), onp.dtype(float), 1, False)
    space = spaces.ArrayVSpace(y)
    return (
        ag.grad(fun, (0, 1))(x, y),
        ag.grad(lambda y: np.sum(ag.grad(fun, 1)(x, y) ** 2))(y),
        stretched,
        int(count),
        vjps.replace_zero(onp.array([0.0, 2.0]), 1.0),
        vjps.balanced_eq(x, x, x),
        wrapper.metadata(x)[:2],
        wrapper.parse_einsum_input("ij,jk", x, y)[:2],
        space.size,
        space.inner_prod(y, y),
        space.mut_add(None, y),
        space == spaces.ArrayVSpace(onp.zeros(3)),
    )


def checks_of_derivatives(package: str) -> Any:
    np = import_module(f"{package}.numpy")
    test_util = import_module(f"{package}.test_util")
    onp.random.seed(0)  # noqa: NPY002  (what the checks draw from)
    test_util.combo_check(np.sum, [0])(
        [onp.ones((2, 3))], axis=[None, 0, 1], keepdims=[True, False]
    )
    test_util.check_grads(lambda x: np.sin(x) * x, modes=["rev"], order=3)(0.7)
    test_util.check_equivalent([1.0, onp.ones(2)], [1.0, onp.ones(2)])
    try:
        test_util.check_vjp(lambda x: float(x._value) * 2.0 if hasattr(x, "_value") else x * x, 1.0)
        caught = ""
    except AssertionError as error:
        caught = type(error).__name__
    return caught, test_util.TOL, test_util.RTOL, test_util.EPS
