"""The smoke at several times beside what it should be then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.plotting import style
from sciopt.plotting.paint import Picture, smoke_picture, with_obstacle

_INCHES = 3.0  # of one picture's longer side


@dataclass(frozen=True)
class Strip:
    """What the figure of keyframes shows.

    Attributes:
        steps: of each of K columns.
        smoke: red, green, blue, K of shape (nx, ny, 3).
        targets: the same; None for a time without one.
        mismatches: mean square difference where there is a target, else NaN; (K,).
    """

    steps: tuple[int, ...]
    smoke: tuple[Picture, ...]
    targets: tuple[Picture | None, ...]
    mismatches: NDArray[np.float64]


def strip(
    steps: list[int],
    smoke: list[NDArray[Any]],
    targets: list[NDArray[Any] | None],
    occlusion: NDArray[Any] | None = None,
) -> Strip:
    """Colour the keyframes.

    Args:
        steps: K times, at least one.
        smoke: densities at these, each (dyes, nx, ny).
        targets: what they should be, the same shape, or None.
        occlusion: what is solid, (nx, ny).
    """

    def coloured(densities: NDArray[Any]) -> Picture:
        picture = smoke_picture(densities)
        return picture if occlusion is None else with_obstacle(picture, occlusion)

    mismatches = [
        np.nan if target is None else float(np.mean((np.asarray(s, float) - target) ** 2))
        for s, target in zip(smoke, targets)
    ]
    return Strip(
        steps=tuple(steps),
        smoke=tuple(coloured(s) for s in smoke),
        targets=tuple(None if t is None else coloured(t) for t in targets),
        mismatches=np.array(mismatches),
    )


def draw_keyframes(shown: Strip) -> Figure:
    """One column for each time: the smoke above, its target below; no second row without any."""
    nx, ny, _ = shown.smoke[0].shape
    rows = 1 if all(target is None for target in shown.targets) else 2
    width, height = (_INCHES * side / max(nx, ny) for side in (ny, nx))
    count = len(shown.steps)
    figure = style.new_figure(count * width + 0.6, rows * (height + 0.45) + 0.3)
    axes = figure.subplots(rows, count, squeeze=False)
    for k, step in enumerate(shown.steps):
        mismatch = shown.mismatches[k]
        told = "" if np.isnan(mismatch) else f", mismatch {mismatch:.3g}"
        style.as_picture(axes[0, k], f"step {step}{told}")
        axes[0, k].imshow(shown.smoke[k], interpolation="bicubic")
        if rows == 1:
            continue
        target = shown.targets[k]
        if target is None:
            axes[1, k].set_axis_off()
        else:
            style.as_picture(axes[1, k], "target")
            axes[1, k].imshow(target, interpolation="bicubic")
    return figure
