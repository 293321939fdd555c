"""Built-in targets that are signs."""

import math

import numpy as np

from sciopt.fluid.drawings.distances import (
    Field,
    arc,
    cut,
    disc,
    ellipse,
    polygon,
    stroke,
    unite,
)
from sciopt.fluid.drawings.distances import star as star_distance


def heart(x: Field, y: Field) -> Field:
    """Two round lobes that run out into a point along the arcs of two wide circles."""
    side = np.abs(x)
    lobe, flank = 0.44, 2.60
    lobe_centre = (0.40, 0.30)
    # The flank touches the lobe from inside, 28 degrees below its rightmost point.
    down, right = math.sin(math.radians(28)), math.cos(math.radians(28))
    reach = flank - lobe
    flank_centre = (lobe_centre[0] - reach * right, lobe_centre[1] + reach * down)
    below = (side - lobe_centre[0]) * down + (y - lobe_centre[1]) * right
    point = np.maximum(disc(side, y, flank, flank_centre), below)
    return unite(disc(side, y, lobe, lobe_centre), point)


def star(x: Field, y: Field) -> Field:
    """Five points, slightly rounded."""
    return star_distance(x, y + 0.06, 5, 0.88, 0.40) - 0.04


def yin_yang(x: Field, y: Field) -> Field:
    """The two halves of a circle, each with the other's seed."""
    whole, half = 0.84, 0.42
    bright = np.maximum(disc(x, y, whole), -x + 0 * y)
    bright = cut(unite(bright, disc(x, y, half, (0.0, half))), disc(x, y, half, (0.0, -half)))
    bright = cut(bright, disc(x, y, 0.13, (0.0, half)))
    rim = np.abs(disc(x, y, whole - 0.03)) - 0.03
    return unite(bright, rim, disc(x, y, 0.13, (0.0, -half)))


def spiral(x: Field, y: Field) -> Field:
    """An Archimedean spiral of two and a half turns, with round ends."""
    pitch, width = 0.32, 0.16
    x = x - 0.08
    turns = np.hypot(x, y) / pitch - np.arctan2(y, x) / (2 * np.pi)
    # The nearest winding, counted outwards; none beyond the second, so there the spiral ends.
    winding = np.clip(np.round(turns), 0, 2)
    band = pitch * np.abs(turns - winding) - width / 2
    return unite(band, disc(x, y, width / 2, (-2.5 * pitch, 0.0)))


def peace(x: Field, y: Field) -> Field:
    """A ring, a mast and two branches."""
    ring = np.abs(disc(x, y, 0.76)) - 0.085
    mast = stroke(x, y, (0.0, -0.76), (0.0, 0.76), 0.08)
    branch = stroke(np.abs(x), y, (0.0, 0.0), (0.54, -0.54), 0.08)
    return unite(ring, mast, branch)


def anchor(x: Field, y: Field) -> Field:
    """A ship's anchor."""
    side = np.abs(x)
    eye = np.abs(disc(x, y, 0.15, (0.0, 0.70))) - 0.055
    shank = stroke(x, y, (0.0, 0.52), (0.0, -0.70), 0.085)
    stock = stroke(side, y, (0.0, 0.34), (0.34, 0.34), 0.075)
    arms = arc(x, y + 0.10, 0.64, 75.0, 0.16)
    flukes = polygon(side, y, [(0.45, -0.22), (0.88, -0.36), (0.71, 0.08)]) - 0.02
    return unite(eye, shank, stock, arms, flukes)


def note(x: Field, y: Field) -> Field:
    """Two beamed quavers."""
    heads = unite(
        ellipse(x, y, 0.24, 0.175, (-0.47, -0.60), degrees=22),
        ellipse(x, y, 0.24, 0.175, (0.43, -0.46), degrees=22),
    )
    stems = unite(
        polygon(x, y, [(-0.33, -0.60), (-0.23, -0.56), (-0.23, 0.60), (-0.33, 0.60)]),
        polygon(x, y, [(0.57, -0.46), (0.67, -0.42), (0.67, 0.74), (0.57, 0.74)]),
    )
    beam = polygon(x, y, [(-0.33, 0.44), (0.67, 0.60), (0.67, 0.86), (-0.33, 0.70)])
    return unite(heads, stems, beam)
