"""A computation graph as a picture: what `autodiff.graph.lines` lists, drawn.

>>> from autodiff.graph import lines
>>> from sciopt.plotting.graph import draw_graph
>>> figure = draw_graph(lines(lambda x: x * x + 1.0, 3.0))

The drawing is here and not in autodiff, which imports nothing but NumPy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from sciopt.plotting import style
from sciopt.plotting.graph_layout import Layout, Point, layout

ARGUMENT = "#5fb4ea"
"""The colour of arguments; operations are in ink, the result in the accent."""

_BETWEEN = 0.38  # inches between layers
_LINE = 0.215  # inches, a line of text in a node
_CHARACTER = 0.083  # inches, mean width of a letter of the labels
_MARGIN = 0.4


class Value(Protocol):
    """What is drawn as one node; `autodiff.graph.Line` is such."""

    @property
    def name(self) -> str: ...
    @property
    def operation(self) -> str | None: ...
    @property
    def operands(self) -> tuple[str, ...]: ...
    @property
    def inputs(self) -> tuple[str, ...]: ...
    @property
    def content(self) -> str: ...


def draw_graph(
    values: Sequence[Value],
    *,
    title: str = "",
    legend: str = "",
    notes: Mapping[str, str] | None = None,
    lit: Collection[str] = (),
    lit_edges: Collection[tuple[str, str]] = (),
) -> Figure:
    """Draw a graph, arguments in boxes, operations rounded, the result last and in the accent.

    Args:
        values: in the order of computation; the last is the result.
        title: above the drawing; `legend`: a fainter line below it.
        notes: name -> one more line in that node, in the accent; if given, all have room for it.
        lit: nodes to fill.
        lit_edges: (from, to) of edges to draw in the accent, arrow at the `to` end; an edge given
            as (result, operand) is drawn as a message that goes back.
    """
    size = _node_size(values, notes)
    placed = layout({value.name: value.inputs for value in values}, size[0], size[1] + _BETWEEN)
    figure, axes = _canvas(placed, size, title, legend)
    for (source, target), points in placed.edges.items():
        forward, back = (source, target) in lit_edges, (target, source) in lit_edges
        _draw_edge(axes, points[::-1] if back else points, size[1], lit=forward or back)
    for value in values:
        role = "argument" if value.operation is None else "operation"
        role = "result" if value is values[-1] else role
        text = [*_label(value), *([] if notes is None else [notes.get(value.name, "")])]
        _draw_node(axes, placed.nodes[value.name], size, text, role, value.name in lit)
    return figure


def _node_size(values: Sequence[Value], notes: Mapping[str, str] | None) -> tuple[float, float]:
    """Width and height of every node, inches."""
    texts = [text for value in values for text in _label(value)]
    texts += [] if notes is None else notes.values()
    return 0.3 + _CHARACTER * max(map(len, texts)), 0.1 + _LINE * (2 if notes is None else 3)


def _label(value: Value) -> tuple[str, str]:
    made = "" if value.operation is None else f" = {value.operation}({', '.join(value.operands)})"
    return f"{value.name}{made}", value.content


def _canvas(
    placed: Layout, size: tuple[float, float], title: str, legend: str
) -> tuple[Figure, Axes]:
    """A figure whose only axes are measured in inches and hold everything that is placed."""
    points = [*placed.nodes.values(), *(point for edge in placed.edges.values() for point in edge)]
    left = min(x for x, _ in points) - size[0] / 2 - _MARGIN
    right = max(x for x, _ in points) + size[0] / 2 + _MARGIN
    right = max(right, left + 0.5 + 0.115 * len(title), left + 0.5 + 0.09 * len(legend))
    top = size[1] / 2 + _MARGIN + 0.32 * bool(title) + 0.28 * bool(legend)
    bottom = min(y for _, y in points) - size[1] / 2 - _MARGIN
    figure = Figure(figsize=(right - left, top - bottom), dpi=style.DOTS_PER_INCH)
    figure.set_facecolor(style.PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.axis("off")
    heading: dict[str, Any] = {"va": "top", "ha": "left"}
    axes.text(left + 0.25, top - 0.2, title, fontsize=14, color=style.INK, **heading)
    axes.text(left + 0.25, top - 0.54, legend, fontsize=10.5, color=style.FAINT, **heading)
    return figure, axes


def _draw_node(
    axes: Axes, centre: Point, size: tuple[float, float], text: Sequence[str], role: str, lit: bool
) -> None:
    (x, y), (width, height) = centre, size
    edge = {"argument": ARGUMENT, "operation": style.FAINT, "result": style.ACCENT}[role]
    corner = "square,pad=0" if role == "argument" else "round,pad=0,rounding_size=0.2"
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2), width, height, boxstyle=corner, zorder=3,
            facecolor="#5a4320" if lit else style.GRID, edgecolor=style.ACCENT if lit else edge,
            linewidth=2.2 if lit or role == "result" else 1.3,
        )
    )  # fmt: skip
    looks = ((10.5, style.INK), (9.0, "#b9bccf"), (10.0, style.ACCENT))
    for k, (line, (points, colour)) in enumerate(zip(text, looks)):
        below = (k - (len(text) - 1) / 2) * _LINE
        axes.text(
            x, y - below, line, color=colour, fontsize=points, ha="center", va="center", zorder=4
        )


def _draw_edge(axes: Axes, points: Sequence[Point], height: float, lit: bool) -> None:
    """An arrow along a smooth curve that passes between the nodes of a layer straight."""
    reach = height / 2 if points[0][1] > points[-1][1] else -height / 2
    vertices, codes = [(points[0][0], points[0][1] - reach)], [Path.MOVETO]
    for (xa, ya), (xb, yb) in pairwise(points):
        half = (ya + yb) / 2
        vertices += [(xa, half), (xb, half), (xb, yb + reach), (xb, yb - reach)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    del vertices[-1], codes[-1]  # the last node is not passed but reached
    axes.add_patch(
        FancyArrowPatch(
            path=Path(vertices, codes), arrowstyle="-|>", mutation_scale=12, shrinkA=0, shrinkB=0,
            color=style.ACCENT if lit else style.FAINT, linewidth=2.4 if lit else 1.2, zorder=2,
        )
    )  # fmt: skip
