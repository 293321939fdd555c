"""Computation graphs: where nodes go, and that they are drawn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

import autodiff.numpy as anp
from autodiff import grad
from autodiff.graph import lines
from sciopt.plotting import style
from sciopt.plotting.graph import draw_graph
from sciopt.plotting.graph_layout import layout

WIDTH, HEIGHT = 2.0, 1.0


def tangled(seed: int, size: int = 25) -> dict[str, list[str]]:
    """A random acyclic graph."""
    random = np.random.default_rng(seed)
    inputs: dict[str, list[str]] = {"x": [], "y": []}
    for k in range(size):
        count = int(random.integers(1, 3))
        inputs[f"t{k}"] = list(dict.fromkeys(random.choice(list(inputs), count).tolist()))
    return inputs


def test_a_chain_is_straight_and_arguments_stand_beside_it() -> None:
    placed = layout({"w": [], "b": [], "s": ["w"], "t": ["s", "b"], "u": ["t"]}, WIDTH, HEIGHT)
    x = {name: point[0] for name, point in placed.nodes.items()}
    y = {name: point[1] for name, point in placed.nodes.items()}
    assert x["s"] == pytest.approx(x["t"], abs=0.01)
    assert x["u"] == pytest.approx(x["t"], abs=0.01)
    assert abs(x["b"] - x["s"]) > WIDTH
    assert (y["w"], y["b"], y["s"], y["t"], y["u"]) == (0, -1, -1, -2, -3)


@pytest.mark.parametrize("seed", range(5))
def test_no_node_lies_upon_another_and_edges_go_down(seed: int) -> None:
    inputs = tangled(seed)
    placed = layout(inputs, WIDTH, HEIGHT)
    for (x0, y0), (x1, y1) in combinations(placed.nodes.values(), 2):
        assert y0 != y1 or abs(x0 - x1) >= WIDTH
    assert set(placed.edges) == {(a, b) for b, sources in inputs.items() for a in sources}
    for (source, target), points in placed.edges.items():
        assert points[0] == placed.nodes[source]
        assert points[-1] == placed.nodes[target]
        assert np.diff([y for _, y in points]).tolist() == [-HEIGHT] * (len(points) - 1)


@pytest.mark.parametrize("seed", range(5))
def test_edges_pass_between_the_nodes(seed: int) -> None:
    placed = layout(tangled(seed), WIDTH, HEIGHT)
    passed = [point for points in placed.edges.values() for point in points[1:-1]]
    assert passed
    for x, y in passed:
        assert all(y != y1 or abs(x - x1) > WIDTH / 2 for x1, y1 in placed.nodes.values())


def test_any_function_can_be_drawn() -> None:
    values = lines(grad(lambda x: anp.tanh(x * x) * x), 0.5)
    with style.themed():
        figure = draw_graph(values, title="a gradient", notes={"t1": "a note"}, lit=["t2"])
    (axes,) = figure.axes
    boxes = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    assert len(boxes) == len(values)
    assert len(arrows) == sum(len(value.inputs) for value in values)
    written = [text.get_text() for text in axes.texts]
    assert "t1 = multiply(x0, x0)" in written
    assert {"float64 () = 0.25", "a note", "a gradient"} <= set(written)


def test_text_fits_into_its_box() -> None:
    values = lines(lambda long_name: anp.arctan2(long_name, 1.5) / anp.sqrt(long_name), 0.123456)
    figure = draw_graph(values)
    figure.canvas.draw()
    (axes,) = figure.axes
    boxes = [p.get_window_extent() for p in axes.patches if isinstance(p, FancyBboxPatch)]
    for text in axes.texts:
        extent = text.get_window_extent()
        assert not text.get_text() or any(
            box.x0 <= extent.x0
            and extent.x1 <= box.x1
            and box.y0 <= extent.y0
            and extent.y1 <= box.y1
            for box in boxes
        )
