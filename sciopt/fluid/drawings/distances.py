"""The vocabulary of the built-in drawings: signed distances to simple shapes.

A distance is negative inside a shape, zero on its outline, positive outside, and grows by one per
unit of length near the outline. So shapes combine by arithmetic: `np.minimum` unites two,
`np.maximum` intersects them, `cut` takes one out of another, `d - r` fattens by r, `abs(d) - w`
is the outline as a band 2 w wide. After combining, only the zero level is still exact, and that is
all that a drawing needs.

Coordinates: `x` grows to the right, `y` upwards, the origin is the middle of the picture, and the
shorter side of the picture reaches from -1 to 1. They may be any arrays that broadcast together.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]
Point = tuple[float, float]
Shape = Callable[[Field, Field], Field]

ORIGIN: Point = (0.0, 0.0)


def cut(shape: Field, hole: Field) -> Field:
    """`shape` without what lies inside `hole`."""
    return np.maximum(shape, -hole)


def unite(*shapes: Field) -> Field:
    """Everything that lies inside at least one of `shapes`."""
    united = shapes[0]
    for shape in shapes[1:]:
        united = np.minimum(united, shape)
    return united


def turn(x: Field, y: Field, degrees: float, about: Point = ORIGIN) -> tuple[Field, Field]:
    """Coordinates in which a shape drawn upright at the origin stands at `about`, turned left."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    right, up = x - about[0], y - about[1]
    return cos * right + sin * up, cos * up - sin * right


def fold(x: Field, y: Field, times: int) -> tuple[Field, Field]:
    """Fold the plane into one mirrored wedge, so that what is drawn upwards appears `times` times.

    Returns coordinates with x >= 0, at most `pi / times` to the right of the upward axis.
    """
    wedge = 2 * math.pi / times
    angle = np.arctan2(x, y)
    angle = np.abs(angle - wedge * np.round(angle / wedge))
    radius = np.hypot(x, y)
    return radius * np.sin(angle), radius * np.cos(angle)


def disc(x: Field, y: Field, radius: float, centre: Point = ORIGIN) -> Field:
    """Distance to a disc."""
    return np.hypot(x - centre[0], y - centre[1]) - radius


def ellipse(
    x: Field,
    y: Field,
    half_width: float,
    half_height: float,
    centre: Point = ORIGIN,
    degrees: float = 0.0,
) -> Field:
    """Distance to an ellipse, turned left by `degrees`; exact to first order at the outline."""
    right, up = turn(x, y, degrees, centre)
    level = np.hypot(right / half_width, up / half_height)
    slope = np.hypot(right / half_width**2, up / half_height**2)
    # At the very centre level and slope vanish together; any length of the right size will do.
    length = np.full(np.shape(level), min(half_width, half_height))
    np.divide(level, slope, out=length, where=slope > 0)
    return np.asarray((level - 1) * length)


def box(
    x: Field,
    y: Field,
    half_width: float,
    half_height: float,
    centre: Point = ORIGIN,
    degrees: float = 0.0,
) -> Field:
    """Distance to a rectangle, turned left by `degrees`."""
    right, up = turn(x, y, degrees, centre)
    over_x, over_y = np.abs(right) - half_width, np.abs(up) - half_height
    outside = np.hypot(np.maximum(over_x, 0), np.maximum(over_y, 0))
    return outside + np.minimum(np.maximum(over_x, over_y), 0)


def stroke(x: Field, y: Field, start: Point, end: Point, radius: float) -> Field:
    """Distance to a straight pen stroke with round ends, `2 * radius` wide."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    right, up = x - start[0], y - start[1]
    share = (right * along_x + up * along_y) / (along_x**2 + along_y**2)
    share = np.clip(share, 0, 1)
    return np.hypot(right - share * along_x, up - share * along_y) - radius


def polygon(x: Field, y: Field, corners: Sequence[Point]) -> Field:
    """Distance to a polygon without self-intersections, whichever way round it is given."""
    nearest = np.full(np.broadcast_shapes(np.shape(x), np.shape(y)), np.inf)
    inside = np.zeros(nearest.shape, dtype=bool)
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        nearest = np.minimum(nearest, stroke(x, y, start, end, 0.0))
        if start[1] != end[1]:
            crossing = start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
            spans = (y >= min(start[1], end[1])) & (y < max(start[1], end[1]))
            inside ^= spans & (x < crossing)
    return np.where(inside, -nearest, nearest)


def star(x: Field, y: Field, points: int, outer: float, inner: float) -> Field:
    """Distance to a star with its first point upwards: tips at `outer`, notches at `inner`."""
    notch = (inner * math.sin(math.pi / points), inner * math.cos(math.pi / points))
    right, up = fold(x, y, points)
    edge = stroke(right, up, (0.0, outer), notch, 0.0)
    outwards = right * (outer - notch[1]) + (up - outer) * notch[0]
    return np.where(outwards < 0, -edge, edge)


def arc(x: Field, y: Field, radius: float, reach: float, width: float) -> Field:
    """Distance to a round-ended arc about the origin, `reach` degrees to each side of downwards."""
    right = np.abs(x) + 0 * y
    limit = math.radians(reach)
    end = (radius * math.sin(limit), -radius * math.cos(limit))
    within = np.arctan2(right, -y) <= limit
    ring = np.abs(np.hypot(right, y) - radius)
    return np.where(within, ring, np.hypot(right - end[0], y - end[1])) - width / 2
