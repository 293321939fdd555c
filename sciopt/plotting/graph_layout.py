"""Where to draw the nodes of a computation graph: in layers, from the arguments down.

After K. Sugiyama, S. Tagawa, M. Toda, *Methods for Visual Understanding of Hierarchical System
Structures* (1981): layers by the longest path, order within a layer by barycentres, then
coordinates. An edge that passes a layer by holds a place in it, so that it goes round the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Key = str | tuple[str, str, int]  # a node, or the place of an edge (from, to) in a layer
Point = tuple[float, float]

_SWEEPS, _SETTLINGS = 12, 60
_GAP = 0.35  # between neighbours, inches
_EDGE_WIDTH = 0.1  # the room of an edge that passes by, inches


@dataclass(frozen=True)
class Layout:
    """Positions in inches; y grows upwards, the first layer is at 0.

    Attributes:
        nodes: name -> centre.
        edges: (from, to) -> the points that the edge passes, both ends included.
    """

    nodes: dict[str, Point]
    edges: dict[tuple[str, str], list[Point]]


def layout(inputs: Mapping[str, Sequence[str]], width: float, height: float) -> Layout:
    """Place an acyclic graph.

    Args:
        inputs: name -> names of the nodes that it is made of; those come first in the mapping.
        width: of a node, inches.
        height: from one layer to the next, inches.
    """
    layer_of = _layers(inputs)
    rows: list[list[Key]] = [[] for _ in range(1 + max(layer_of.values()))]
    for name, layer in layer_of.items():
        rows[layer].append(name)
    routes: dict[tuple[str, str], list[Key]] = {}
    for name, sources in inputs.items():
        for source in sources:
            between = range(layer_of[source] + 1, layer_of[name])
            places: list[Key] = [(source, name, layer) for layer in between]
            for layer, place in zip(between, places):
                rows[layer].append(place)
            routes[source, name] = [source, *places, name]
    x = _columns(rows, routes.values(), width)
    y = {key: -height * layer for layer, row in enumerate(rows) for key in row}
    return Layout(
        {name: (x[name], y[name]) for name in inputs},
        {edge: [(x[key], y[key]) for key in route] for edge, route in routes.items()},
    )


def _layers(inputs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Longest path from the arguments; an argument stands just above what first needs it."""
    layer: dict[str, int] = {}
    for name, sources in inputs.items():
        layer[name] = 1 + max((layer[source] for source in sources), default=-1)
    for name in [name for name, sources in inputs.items() if not sources]:
        users = [layer[user] for user, sources in inputs.items() if name in sources]
        layer[name] = min(users, default=1) - 1
    return layer


def _columns(rows: list[list[Key]], routes: Iterable[list[Key]], width: float) -> dict[Key, float]:
    """The x of every node and place: near the mean of its neighbours, none upon another."""
    above: dict[Key, list[Key]] = {key: [] for row in rows for key in row}
    below: dict[Key, list[Key]] = {key: [] for row in rows for key in row}
    for route in routes:
        for upper, lower in pairwise(route):
            above[lower].append(upper)
            below[upper].append(lower)
    x = {key: float(k) * width for row in rows for k, key in enumerate(row)}
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else rows[::-1]:
            near = above if downwards else below
            wanted = {key: _mean(x, near[key], x[key]) for key in row}
            row.sort(key=wanted.__getitem__)
            _spread(row, wanted, width, x)
    # The order is decided; settle between both neighbours.
    for _ in range(_SETTLINGS):
        for row in rows:
            wanted = {}
            made = [k for k, key in enumerate(row) if above[key]]
            for k, key in enumerate(row):
                if k not in made:  # arguments come beside their user and push nothing away
                    aside = np.sign(k - made[0]) * (width + _GAP) if made else 0.0
                    wanted[key] = _mean(x, below[key], x[key]) + aside
                else:
                    pulling = [near for near in above[key] if above[near]] + below[key]
                    wanted[key] = _mean(x, pulling, x[key])
            _spread(row, wanted, width, x)
    return x


def _mean(x: Mapping[Key, float], keys: Sequence[Key], otherwise: float) -> float:
    return float(np.mean([x[key] for key in keys])) if keys else otherwise


def _spread(
    row: Sequence[Key], wanted: Mapping[Key, float], width: float, x: dict[Key, float]
) -> None:
    """Give a row the wanted places, pushed apart where they are too close.

    Of the placements that keep the order and the distances, this is the mean of the one pushed
    only to the right and the one pushed only to the left, which is such a placement too.
    """
    half = [width / 2 if isinstance(key, str) else _EDGE_WIDTH / 2 for key in row]
    right = [wanted[key] for key in row]
    left = list(right)
    for k in range(1, len(row)):
        right[k] = max(right[k], right[k - 1] + half[k - 1] + half[k] + _GAP)
    for k in range(len(row) - 2, -1, -1):
        left[k] = min(left[k], left[k + 1] - half[k + 1] - half[k] - _GAP)
    for key, a, b in zip(row, left, right):
        x[key] = (a + b) / 2
