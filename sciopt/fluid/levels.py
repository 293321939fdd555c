"""From coarse to fine: which grids, blurs and objectives an optimisation goes through.

A description only, plain data: what a level means for the simulation is read from it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from sciopt.errors import ConfigError

SMALLEST_SIDE = 16
"""Cells of the shorter side below which nothing of a picture is left."""


@dataclass(frozen=True)
class Level:
    """One stage of an optimisation, which starts where the one before it ended.

    Attributes:
        shape: of the grid.
        steps: of time.
        iterations: most of the optimiser.
        blur: width of the blurred objective, in cells of this level; 0 is sharp.
        weights: of the objective's terms by name, where they differ from the last level's.
        sharp_transport: whether smoke is carried by the sharp scheme, not by the smearing one.
        gap: weight of the gaps between the pieces of the simulation; 0 for one piece.
    """

    shape: tuple[int, int]
    steps: int
    iterations: int
    blur: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)
    sharp_transport: bool = True
    gap: float = 0.0

    def __post_init__(self) -> None:
        if self.iterations < 1:
            raise ConfigError(f"levels: iterations must be at least 1, got {self.iterations}")
        if self.blur < 0:
            raise ConfigError(f"levels: blur must be at least 0, got {self.blur:g}")


def coarse_to_fine(
    shape: tuple[int, int],
    steps: int,
    iterations: int,
    *,
    grids: int = 3,
    blurs: tuple[float, ...] = (4.0, 0.0),
    shares: tuple[float, ...] = (),
    transport: float = 0.0,
    scale_steps: bool = False,
    smooth_first: bool = True,
    gaps: tuple[float, ...] = (),
) -> tuple[Level, ...]:
    """Grids that double up to the last, on each of them the blurs from wide to sharp.

    A sharp scheme makes a rough objective, so sharpness comes last. Iterations on coarse grids cost
    next to nothing.

    Args:
        shape: of the last grid; each one before has half the cells along both axes, rounded up.
        steps: of time of the last level.
        iterations: of all levels together, at least one for each.
        grids: how many; fewer where the shorter side would fall below 16 cells.
        blurs: widths in cells of each grid, falling; the widest is for the first grid only.
        shares: of the iterations, one for each level; even if there are none.
        transport: weight of optimal transport on the first grid; elsewhere it has none.
        scale_steps: whether a grid of half the cells has half the steps, with the same cells per
            step; otherwise steps stay, and coarse grids move in smaller steps.
        smooth_first: whether all but the last level carry smoke by the smearing scheme.
        gaps: weights of the gaps between pieces, rising; each makes a level before all others, of
            the first grid and the first blur.
    Raises: ConfigError for no grids, no blurs, blurs that do not fall, gaps that do not rise, too
        few iterations, or shares that are not one for each level.
    """
    if grids < 1 or not blurs or list(blurs) != sorted(set(blurs), reverse=True):
        raise ConfigError(
            f"levels: at least one grid and falling blurs are needed, got {grids} and {list(blurs)}"
        )
    if list(gaps) != sorted(set(gaps)) or not all(gaps):
        raise ConfigError(f"levels.shooting: rising weights above 0 are needed, got {list(gaps)}")
    sides = [shape]
    while len(sides) < grids and min(_half(sides[0])) >= SMALLEST_SIDE:
        sides.insert(0, _half(sides[0]))
    stages = [(0, blurs[0], gap) for gap in gaps] + [
        (k, blur, 0.0)
        for k in range(len(sides))
        for j, blur in enumerate(blurs)
        if k == 0 or j > 0 or len(blurs) == 1
    ]
    parts = _shared(iterations, len(stages), shares)
    last = len(stages) - 1
    return tuple(
        Level(
            shape=sides[k],
            steps=_steps(steps, len(sides) - 1 - k) if scale_steps else steps,
            iterations=parts[n],
            blur=blur,
            weights={"transport": transport if k == 0 else 0.0} if transport else {},
            sharp_transport=n == last or not smooth_first,
            gap=gap,
        )
        for n, (k, blur, gap) in enumerate(stages)
    )


def _shared(iterations: int, levels: int, shares: tuple[float, ...]) -> list[int]:
    """Iterations of each level, at least one, in all as many as there are."""
    if iterations < levels:
        raise ConfigError(f"iterations: {levels} levels need at least one each, got {iterations}")
    weights = shares or (1.0,) * levels
    if len(weights) != levels or not all(weights):
        raise ConfigError(
            f"levels.shares: {levels} levels need a share above 0 each, got {list(shares)};"
            " leave them out for even shares"
        )
    free = iterations - levels
    ends = [round(free * sum(weights[:n]) / sum(weights)) for n in range(levels + 1)]
    return [1 + after - before for before, after in pairwise(ends)]


def _half(shape: tuple[int, int]) -> tuple[int, int]:
    return -(-shape[0] // 2), -(-shape[1] // 2)


def _steps(steps: int, halvings: int) -> int:
    return max(1, -(-steps // 2**halvings))
