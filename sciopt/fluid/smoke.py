"""The smoke at the start of a simulation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import TargetError
from sciopt.fluid.drawings import DRAWINGS, draw, draw_text
from sciopt.fluid.target import (
    TEXT_PREFIX,
    built_in_name,
    density_from_file,
    file_path,
    is_file,
    shown,
)

Density = NDArray[np.float64]


@dataclass(frozen=True)
class Pattern:
    """Smoke that the project draws.

    Attributes:
        part: how much of the picture is smoke, unless less is asked for.
        draw: (shape of the grid, part) -> density.
    """

    part: float
    draw: Callable[[tuple[int, int], float], Density]


def _bands(cells: int, part: float) -> Density:
    """How much of each cell along one axis lies in one of three bands, shape (cells,).

    At full width the bands are 1/11 wide and begin at 1/11, 5/11 and 9/11 of the axis: on 110 cells
    this is the smoke of the lecture's example to the bit, and 3/11 of any picture is smoke.
    Narrower ones keep their middles.
    """
    edges = np.arange(cells + 1) / cells
    low, high = edges[:-1], edges[1:]
    width = 1 / 11 if part == _BANDS else part / 3
    covered = np.zeros(cells)
    for full in (1 / 11, 5 / 11, 9 / 11):
        start = full + (1 / 11 - width) / 2
        overlap = np.minimum(high, start + width) - np.maximum(low, start)
        covered += np.maximum(overlap, 0.0) * cells
    return np.clip(np.round(covered, 12), 0.0, 1.0)  # edges that meet cells do so exactly


def _horizontal_bands(shape: tuple[int, int], part: float) -> Density:
    return np.tile(_bands(shape[0], part)[:, np.newaxis], (1, shape[1]))


def _vertical_bands(shape: tuple[int, int], part: float) -> Density:
    return np.tile(_bands(shape[1], part), (shape[0], 1))


def _streaks(shape: tuple[int, int], part: float) -> Density:
    """Ten thin ones along the rows, each followed by clear air: for a wind to bend."""
    edges = np.arange(shape[0] + 1) * 10 / shape[0]
    filled = np.floor(edges) * part + np.minimum(edges % 1, part)  # smoke above each edge
    covered = np.clip(np.round(np.diff(filled) * shape[0] / 10, 12), 0.0, 1.0)
    return np.tile(covered[:, np.newaxis], (1, shape[1]))


def _top(shape: tuple[int, int], part: float) -> Density:
    covered = np.clip(part * shape[0] - np.arange(shape[0]), 0.0, 1.0)
    return np.tile(covered[:, np.newaxis], (1, shape[1]))


def _bottom(shape: tuple[int, int], part: float) -> Density:
    return 1.0 - _top(shape, 1.0 - part)


_BANDS = 3 / 11
PATTERNS: dict[str, Pattern] = {
    "bands": Pattern(_BANDS, _horizontal_bands),
    "columns": Pattern(_BANDS, _vertical_bands),
    "streaks": Pattern(0.5, _streaks),
    "top": Pattern(0.5, _top),
    "bottom": Pattern(0.5, _bottom),
}
"""Initial smoke that the project draws, by name."""

SORTED = "sorted"
"""The name of the smoke that a target itself makes: see `sorted_smoke`."""


def initial_smoke(
    spec: str, shape: tuple[int, int], *, resample: str = "area", most: float = 1.0
) -> Density:
    """Read or draw the initial smoke that `spec` names.

    Args:
        spec: "bands" (three horizontal ones), "columns" (three vertical ones), "streaks" (ten
            horizontal ones), "top" or "bottom" (that half), or anything that can be a target: an
            image file (bright is smoke), a built-in target, text:WORD.
        shape: (nx, ny), rows and columns of cells.
        resample: a method of `resample.axis_weights`, for image files.
        most: mean density above which a pattern of the project is drawn narrower, not thinner: no
            flow that keeps its smoke makes it denser.
    Returns: density, shape (nx, ny), float64, in [0, 1].
    Raises: TargetError if there is no such smoke or if it is the same everywhere: transport leaves
        uniform smoke as it is, so no flow could form a target from it.
    """
    if spec in PATTERNS:
        pattern = PATTERNS[spec]
        return pattern.draw(shape, min(most, pattern.part))
    if spec.startswith(TEXT_PREFIX):
        return draw_text(spec[len(TEXT_PREFIX) :], shape)
    name = built_in_name(spec)
    path = file_path(spec)
    if is_file(path, or_else=name):
        return density_from_file(path, shape, resample=resample)[0]
    if name is not None:
        return draw(name, shape)
    raise TargetError(_no_such_smoke(spec))


def sorted_smoke(target: Density) -> Density:
    """The cells of a target, put in order: bright ones on top, and in each row red to the right.

    A flow that only moves cells about can form the target from it, and every dye has its mass.

    Args:
        target: densities, shape (dyes, nx, ny), float64.
    Returns: the same shape. Bright is a large mean of all dyes, red much of the first dye and
        little of the last one; equal cells stay in the order in which they were, row by row.
    """
    dyes, nx, ny = target.shape
    cells = target.reshape(dyes, nx * ny)
    rows = cells[:, np.argsort(-cells.mean(axis=0), kind="stable")].reshape(target.shape)
    across = np.argsort(rows[0] - rows[-1], axis=1, kind="stable")
    return np.take_along_axis(rows, across[np.newaxis], axis=2)


def _no_such_smoke(spec: str) -> str:
    names = ", ".join([*PATTERNS, SORTED, *DRAWINGS])
    if spec == "uniform":
        return (
            "smoke: uniform cannot work, because a flow leaves uniform smoke uniform and no "
            f"target can form. Use an image file, text:WORD, or one of {names}."
        )
    return (
        f"no file and no built-in smoke {shown(spec)}. "
        f"Use an image file, text:WORD, or one of {names}."
    )
