"""Targets that the project draws itself, on any grid, by formulas.

`distances` is the vocabulary, `faces`, `nature` and `symbols` are the drawings, `lettering` sets
words. Bold shapes only: smoke carries no line thinner than a few cells.
"""

import numpy as np
from numpy.typing import NDArray

from sciopt.fluid.drawings import faces, nature, symbols
from sciopt.fluid.drawings.distances import Shape
from sciopt.fluid.drawings.lettering import draw_text

__all__ = ["DRAWINGS", "draw", "draw_text"]

DRAWINGS: dict[str, Shape] = {
    "smile": faces.smile,
    "heart": symbols.heart,
    "star": symbols.star,
    "moon": nature.moon,
    "sun": nature.sun,
    "yin-yang": symbols.yin_yang,
    "spiral": symbols.spiral,
    "flower": nature.flower,
    "butterfly": nature.butterfly,
    "tree": nature.tree,
    "snowflake": nature.snowflake,
    "peace": symbols.peace,
    "anchor": symbols.anchor,
    "note": symbols.note,
    "cat": faces.cat,
    "ghost": faces.ghost,
    "skull": faces.skull,
}
"""Every built-in target by name: signed distance as a function of x (right) and y (up)."""


def draw(name: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Draw the built-in target `name`, centred, its aspect kept.

    Args:
        name: a key of `DRAWINGS`; anything else is a KeyError.
        shape: (nx, ny), rows and columns of cells.
    Returns: density, shape (nx, ny), 1 inside the shape, 0 outside, in between where the outline
        crosses a cell.
    """
    nx, ny = shape
    cell = 2 / min(shape)
    x = cell * (np.arange(ny, dtype=np.float64) + 0.5 - ny / 2)
    y = cell * (nx / 2 - np.arange(nx, dtype=np.float64) - 0.5)
    distance = DRAWINGS[name](x[np.newaxis, :], y[:, np.newaxis])
    return np.clip(0.5 - distance / cell, 0.0, 1.0)
