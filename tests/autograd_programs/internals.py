"""Programs on containers, recordings and the internal modules."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as onp


def printing_tracer(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    tracer = import_module(f"{package}.tracer")
    printed: list[str] = []

    class PrintNode(tracer.Node):  # type: ignore[misc, name-defined]
        def __init__(
            self, value: Any, fun: Any, args: Any, kwargs: Any, parent_argnums: Any, parents: Any
        ) -> None:
            self.varname_generator = parents[0].varname_generator
            self.varname = next(self.varname_generator)
            names = list(map(str, args))
            for argnum, parent in zip(parent_argnums, parents):
                names[argnum] = parent.varname
            printed.append(f"{self.varname} = {fun.__name__}({','.join(names)}) = {value:.6f}")

        def initialize_root(self, x: Any) -> None:
            self.varname_generator = (f"v{k}" for k in range(1000))
            self.varname = next(self.varname_generator)
            printed.append(f"{self.varname} = {x}")

    def avg(x: Any, y: Any) -> Any:
        return (x + y) / 2

    def fun(x: Any) -> Any:
        y = np.sin(x + x)
        return np.sqrt(avg(y, y) ** 2 + 1.0)

    value, node = tracer.trace(PrintNode.new_root(0.3), fun, 0.3)
    inner = tracer.trace(PrintNode.new_root(0.3), ag.grad(fun), 0.3)[0]
    return value, inner, [line.split(" = ")[-1] for line in printed[:6]], node.varname


def vjp_by_hand_on_nodes(package: str) -> Any:
    np = import_module(f"{package}.numpy")
    core, tracer = import_module(f"{package}.core"), import_module(f"{package}.tracer")

    def fun(x: Any) -> Any:
        return np.sum(np.sin(x) * x[::-1] + x[0] * x[1])

    x = onp.array([0.4, 1.1, -0.6])
    value, end_node = tracer.trace(core.VJPNode.new_root(), fun, x)
    with tracer.trace_stack.new_trace() as t:
        start = core.VJPNode.new_root()
        box = tracer.new_box(x, t, start)
        end = fun(box)
        same = end._trace == box._trace == t
        second = core.backward_pass(1.0, end._node)
    tangent_value, jvp_node = tracer.trace(core.JVPNode.new_root(onp.ones(3)), fun, x)
    nodes = list(tracer.toposort(end_node))
    unary_vjp, _ = core.make_vjp(fun, x)
    return (
        value,
        core.backward_pass(1.0, end_node),
        second,
        same,
        tangent_value,
        jvp_node.g,
        len(nodes),
        unary_vjp(2.0),
        core.make_jvp(fun, x)(onp.ones(3)),
        core.add_outgrads(core.add_outgrads(None, onp.ones(2)), onp.ones(2))[0],
        core.sum_outgrads([1.0, 2.0, 3.0]),
    )


def replayed_constant_graph(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    tracers = import_module(f"{package}.misc.tracers")

    def update(scale: float, x: Any, y: Any) -> Any:
        return np.sum(scale * np.sin(x) * y + x**2)

    replay = tracers.const_graph(update, 3.0)
    x, y = onp.array([0.1, 0.2]), onp.array([1.0, -1.0])
    first, second = replay(x, y), replay(y, x)
    end = tracers.full_graph(update, 3.0, x, y)
    return (
        first,
        second,
        ag.grad(replay, 1)(x, y),
        end.value,
        end.recipe[0].__name__,
    )


def containers_in_and_out(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    builtins = import_module(f"{package}.builtins")

    def loss(state: Any) -> Any:
        assert builtins.isinstance(state, dict)
        assert builtins.type(state["list"]) is list
        total = 0.0
        for key in sorted(state.keys()):
            value = state[key]
            if builtins.isinstance(value, (list, tuple)):
                joined = value + value[::-1]
                total = total + sum(np.sum(v) * (k + 1) for k, v in enumerate(joined))
            else:
                total = total + np.sum(np.sin(value))
        extra = ag.dict(a=state["array"] * 2.0, b=ag.tuple((state["float"], 3.0)))
        return total + np.sum(extra["a"]) * extra["b"][0] + state.get("missing", 1.0)

    state = {
        "array": onp.array([0.1, 0.2]),
        "float": 0.5,
        "list": [1.0, onp.ones((2, 2)), 3.0],
        "tuple": (onp.array([2.0]), 4.0),
    }
    vjp, value = ag.make_vjp(lambda s: ag.list([s["float"] * s["array"], s["float"]]))(state)
    return ag.grad(loss)(state), vjp(ag.list([onp.ones(2), 2.0])), list(value)


def flattened_and_optimised(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    optimizers = import_module(f"{package}.misc.optimizers")
    misc = import_module(f"{package}.misc")
    start = {"w": onp.array([[1.0, -1.0], [0.5, 2.0]]), "b": [0.3, (onp.array([0.1, 0.2]),)]}
    seen: list[Any] = []

    def loss(p: Any, i: int) -> Any:
        return np.sum((np.dot(p["w"], p["b"][1][0]) + p["b"][0] - 1.0) ** 2) * (1 + 0.1 * (i % 3))

    results = [
        optimizer(
            ag.grad(loss), start, lambda x, i, g: seen.append((x["b"][0], g["b"][0])), **options
        )
        for optimizer, options in (
            (optimizers.sgd, {"num_iters": 20, "step_size": 0.05, "mass": 0.8}),
            (optimizers.rmsprop, {"num_iters": 20, "step_size": 0.02}),
            (optimizers.adam, {"num_iters": 20}),
        )
    ]
    vector, unflatten = misc.flatten(start)
    through = ag.grad(lambda v: loss(unflatten(v), 0))(vector)
    return results, seen, vector, through, misc.flatten([])[0], misc.flatten(2.0)


def checkpointed_blocks(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)

    def block(x: Any, w: Any) -> Any:
        for _ in range(3):
            x = np.sin(x * w) + x
        return x

    def loss(x: Any, w: Any) -> Any:
        saved = ag.checkpoint(block)
        return np.sum(saved(saved(x, w), w) ** 2)

    return ag.grad(loss, (0, 1))(onp.array([0.2, 0.9]), 1.3)


def fixed_point_of_a_map(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    fixed_point = import_module(f"{package}.misc.fixed_points").fixed_point

    def newton_sqrt(a: Any) -> Any:
        return lambda x: 0.5 * (x + a / x)

    def distance(x: Any, y: Any) -> Any:
        return np.abs(x - y)

    def sqrt(a: Any, guess: float = 10.0) -> Any:
        return fixed_point(newton_sqrt, a, guess, distance, 1e-13)

    return sqrt(2.0), ag.grad(sqrt)(2.0), ag.grad(ag.grad(sqrt))(2.0)


def operators_with_their_names(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    wrap_util = import_module(f"{package}.wrap_util")

    def loss(a: Any, b: Any = 2.0, *, power: int = 2) -> Any:
        """A loss."""
        return np.sum(a * b) ** power

    def with_aux(x: Any) -> Any:
        return np.sum(x**2), x * 3.0

    @wrap_util.unary_to_nary
    def half_grad(fun: Any, x: Any) -> Any:
        return 0.5 * ag.grad(fun)(x)

    x = onp.array([1.0, 2.0])
    return (
        ag.grad(loss).__name__,
        ag.grad(loss, 1).__name__,
        ag.grad_named(loss, "b")(x, 3.0),
        ag.grad(loss, -1)(x, 3.0, power=3),
        ag.grad_and_aux(with_aux)(x),
        ag.value_and_grad(loss, argnum=[1, 0])(x, 2.0),
        half_grad(loss, 1)(x, 2.0),
        half_grad(loss).__name__,
        wrap_util.get_name(loss),
        wrap_util.get_doc(loss),
    )
