"""Built-in targets from garden and sky."""

import numpy as np

from sciopt.fluid.drawings.distances import (
    Field,
    box,
    cut,
    disc,
    ellipse,
    fold,
    polygon,
    star,
    stroke,
    turn,
    unite,
)


def moon(x: Field, y: Field) -> Field:
    """A crescent with two twinkling stars."""
    crescent = cut(disc(x, y, 0.80, (-0.06, 0.0)), disc(x, y, 0.66, (0.26, 0.12)))
    big = star(x - 0.42, y - 0.24, 4, 0.30, 0.10)
    small = star(x - 0.14, y + 0.20, 4, 0.19, 0.07)
    return unite(crescent, big, small)


def sun(x: Field, y: Field) -> Field:
    """A disc among twelve rays, long and short in turn."""
    long_rays = polygon(*fold(x, y, 6), [(-0.15, 0.53), (0.0, 0.95), (0.15, 0.53)])
    between = fold(*turn(x, y, 30.0), 6)
    short_rays = polygon(*between, [(-0.12, 0.53), (0.0, 0.80), (0.12, 0.53)])
    return unite(disc(x, y, 0.44), long_rays, short_rays)


def snowflake(x: Field, y: Field) -> Field:
    """Six branching arms."""
    right, up = fold(x, y, 6)
    arm = stroke(right, up, (0.0, 0.0), (0.0, 0.86), 0.055)
    outer_twigs = stroke(right, up, (0.0, 0.52), (0.20, 0.70), 0.05)
    inner_twigs = stroke(right, up, (0.0, 0.28), (0.14, 0.41), 0.05)
    return unite(arm, outer_twigs, inner_twigs)


def flower(x: Field, y: Field) -> Field:
    """Eight petals around an eye."""
    right, up = fold(x, y, 8)
    petals = ellipse(right, up, 0.20, 0.34, (0.0, 0.56))
    eye = disc(x, y, 0.25)
    return unite(cut(petals, eye - 0.07), eye)


def tree(x: Field, y: Field) -> Field:
    """A fir of three tiers."""
    side = np.abs(x)
    top = polygon(side, y, [(-0.5, 0.90), (0.0, 0.90), (0.36, 0.36), (-0.5, 0.36)])
    middle = polygon(side, y, [(-0.5, 0.60), (0.0, 0.60), (0.52, -0.08), (-0.5, -0.08)])
    bottom = polygon(side, y, [(-0.5, 0.24), (0.0, 0.24), (0.68, -0.58), (-0.5, -0.58)])
    trunk = box(x, y, 0.12, 0.2, (0.0, -0.70))
    return unite(top, middle, bottom, trunk)


def butterfly(x: Field, y: Field) -> Field:
    """Four wings, a slender body, two feelers."""
    side = np.abs(x)
    upper = ellipse(side, y, 0.36, 0.48, (0.46, 0.28), degrees=-42)
    lower = ellipse(side, y, 0.27, 0.40, (0.36, -0.44), degrees=32)
    spots = unite(disc(side, y, 0.11, (0.56, 0.36)), disc(side, y, 0.085, (0.40, -0.50)))
    body = ellipse(x, y, 0.07, 0.52, (0.0, -0.08))
    feelers = stroke(side, y, (0.03, 0.40), (0.20, 0.78), 0.025)
    knobs = disc(side, y, 0.05, (0.20, 0.78))
    return unite(cut(unite(upper, lower), unite(spots, body - 0.045)), body, feelers, knobs)
