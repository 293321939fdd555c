"""Built-in targets with eyes."""

import numpy as np

from sciopt.fluid.drawings.distances import (
    Field,
    arc,
    box,
    cut,
    disc,
    ellipse,
    polygon,
    stroke,
    unite,
)


def smile(x: Field, y: Field) -> Field:
    """A round face with tall eyes and a wide open grin."""
    side = np.abs(x)
    eyes = ellipse(side, y, 0.115, 0.20, (0.27, 0.25))
    grin = np.maximum(disc(x, y, 0.54, (0.0, 0.02)), -disc(x, y, 0.62, (0.0, 0.36)))
    return cut(disc(x, y, 0.84), unite(eyes, grin - 0.015))


def cat(x: Field, y: Field) -> Field:
    """A cat's face: pricked ears, almond eyes, a nose and whiskers."""
    side = np.abs(x)
    head = ellipse(x, y, 0.74, 0.60, (0.0, -0.16))
    ears = polygon(side, y, [(0.12, 0.30), (0.58, 0.84), (0.63, 0.05)]) - 0.04
    inner_ears = polygon(side, y, [(0.36, 0.42), (0.53, 0.66), (0.56, 0.28)])
    eyes = ellipse(side, y, 0.17, 0.115, (0.31, -0.02), degrees=18)
    pupils = ellipse(side, y, 0.045, 0.12, (0.30, -0.02))
    nose = polygon(x, y, [(-0.085, -0.27), (0.085, -0.27), (0.0, -0.37)]) - 0.02
    mouth = arc(side - 0.11, y + 0.38, 0.11, 80.0, 0.05)
    face = cut(unite(head, cut(ears, inner_ears)), unite(cut(eyes, pupils), nose, mouth))
    whiskers = unite(
        stroke(side, y, (0.48, -0.30), (0.92, -0.22), 0.022),
        stroke(side, y, (0.48, -0.40), (0.91, -0.47), 0.022),
    )
    return unite(cut(face, whiskers - 0.02), whiskers)


def ghost(x: Field, y: Field) -> Field:
    """A friendly ghost with a waving hem."""
    side = np.abs(x)
    hem = -0.70 + 0.10 * np.cos(3 * np.pi * x / 0.62)
    body = np.maximum(box(x, y, 0.62, 0.66, (0.0, -0.40)), (hem - y) * 0.8)
    dome = ellipse(x, y, 0.62, 0.64, (0.0, 0.20))
    eyes = ellipse(side, y, 0.115, 0.175, (0.23, 0.26))
    mouth = ellipse(x, y, 0.10, 0.13, (0.0, -0.13))
    return cut(unite(body, dome), unite(eyes, mouth))


def skull(x: Field, y: Field) -> Field:
    """A cartoon skull, for those who have seen the lecture."""
    side = np.abs(x)
    cranium = ellipse(x, y, 0.74, 0.66, (0.0, 0.20))
    jaw = box(x, y, 0.34, 0.30, (0.0, -0.50)) - 0.10
    sockets = ellipse(side, y, 0.21, 0.23, (0.32, 0.06), degrees=12)
    nose = polygon(x, y, [(-0.06, -0.30), (0.06, -0.30), (0.0, -0.14)]) - 0.04
    gaps = box(side, y, 0.022, 0.15, (0.11, -0.78))
    gaps = unite(gaps, box(side, y, 0.022, 0.15, (0.31, -0.78)))
    return cut(unite(cranium, jaw), unite(sockets, nose, gaps))
