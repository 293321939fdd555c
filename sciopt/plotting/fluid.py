"""Figures of a fluid run: the loss, the result, the smoke in motion.

Each figure is first a frozen dataclass of plain data, then ink.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from sciopt import runs
from sciopt.fluid.result import FluidResult
from sciopt.plotting import style
from sciopt.plotting.animation import write_gif, write_mp4

Array = NDArray[np.float64]

_LOG_FROM = 5.0  # largest by smallest loss above which a straight scale hides the end
_DOTS_UP_TO = 40  # points that can still be told apart
_ARROWS = 26  # along the longer side of the velocity panel
_BRIGHTEST = 0.995  # quantile of the speed shown as white: a few fast cells would dim the rest


@dataclass(frozen=True)
class LossCurve:
    """What the loss plot shows.

    Attributes:
        iterations: of the finite losses, (K,).
        losses: (K,).
        gaps: iterations whose loss was infinite or NaN.
        logarithmic: whether the losses, all positive, span enough for a logarithmic scale.
    """

    iterations: NDArray[np.int_]
    losses: Array
    gaps: NDArray[np.int_]
    logarithmic: bool


@dataclass(frozen=True)
class Panels:
    """What the result figure shows; fields are (rows, columns).

    Attributes:
        target: density.
        smoke: density at the end.
        steps: time steps until then.
        difference: smoke - target.
        difference_limit: largest size of a finite difference; the colours reach from - to +.
        speed: of the initial velocity, cells per step.
        speed_limit: the speed shown brightest.
        arrows: (row, column, down, right) of a thinned velocity, in cells and cells per step.
        headline: how well it went, in one line.
    """

    target: Array
    smoke: Array
    steps: int
    difference: Array
    difference_limit: float
    speed: Array
    speed_limit: float
    arrows: tuple[Array, Array, Array, Array]
    headline: str


def draw(folder: Path, *, fps: int = 20) -> list[Path]:
    """Draw a run into its folder and return the files that were written.

    Writes loss.png, result.png, animation.gif and, where ffmpeg is found and works, animation.mp4.
    Raises: RunFolderError if the folder holds no fluid result.
    """
    result = runs.load_result(folder, FluidResult)
    with style.themed():
        written = [
            style.save(draw_loss(loss_curve(result)), folder / runs.LOSS_PLOT),
            style.save(draw_panels(panels(result)), folder / runs.RESULT_PLOT),
        ]
    written.append(write_gif(result.frames, folder / runs.ANIMATION, fps))
    movie = write_mp4(result.frames, folder / runs.MOVIE, fps)
    return written if movie is None else [*written, movie]


def loss_curve(result: FluidResult) -> LossCurve:
    """The finite part of the loss history, and where it was not finite."""
    history = np.asarray(result.loss_history, dtype=np.float64)
    finite = np.isfinite(history)
    losses = history[finite]
    wide = losses.size > 1 and losses.min() > 0 and losses.max() > _LOG_FROM * losses.min()
    return LossCurve(np.flatnonzero(finite), losses, np.flatnonzero(~finite), bool(wide))


def draw_loss(curve: LossCurve) -> Figure:
    """Loss against accepted iterations, first and last value written beside it."""
    figure = style.new_figure(8.4, 5.0)
    axes = figure.add_subplot()
    axes.grid(visible=True, axis="y")
    axes.set_title(_loss_title(curve), loc="left")
    axes.set_xlabel("accepted iterations")
    axes.set_ylabel("loss: mean square mismatch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if curve.logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    marker = "o" if curve.losses.size <= _DOTS_UP_TO else ""
    axes.plot(curve.iterations, curve.losses, marker=marker, color=style.ACCENT, lw=2, ms=4)
    for gap in curve.gaps:
        axes.axvline(gap, color=style.ALARM, lw=1, ls=":")
    _mark_ends(axes, curve)
    return figure


def _mark_ends(axes: Axes, curve: LossCurve) -> None:
    axes.margins(y=0.14)
    last = max(1, curve.iterations.size + curve.gaps.size - 1)
    axes.set_xlim(-0.04 * last, 1.04 * last)
    points = list(zip(curve.iterations.tolist(), curve.losses.tolist(), strict=True))
    for point in dict.fromkeys(points[:1] + points[-1:]):
        first = point == points[0]
        axes.plot(*point, "o", color=style.INK, ms=6)
        axes.annotate(
            f"{point[1]:.4g}",
            point,
            xytext=(9, 5) if first else (0, 10),
            textcoords="offset points",
            ha="left" if first else "right",
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.5},
        )


def _loss_title(curve: LossCurve) -> str:
    lost = f"; not finite at {curve.gaps.size} (dotted)" if curve.gaps.size else ""
    if curve.losses.size < 2:
        return f"the loss at the start{lost}"
    first, last = curve.losses[0], curve.losses[-1]
    fall = f"fell {first / last:.3g}-fold" if 0 < last < first else "did not fall"
    return f"the loss {fall} in {curve.iterations[-1]} iterations{lost}"


def panels(result: FluidResult) -> Panels:
    """The fields of the result figure with the limits of their colours."""
    target = np.asarray(result.target, dtype=np.float64)
    smoke = np.asarray(result.smoke_final, dtype=np.float64)
    velocity = np.asarray(result.velocity, dtype=np.float64)
    speed = np.hypot(velocity[0], velocity[1])
    ended = "" if result.status == "finished" else f", {result.status}"
    return Panels(
        target=target,
        smoke=smoke,
        steps=int(result.frame_steps[-1]),
        difference=smoke - target,
        difference_limit=_limit(np.abs(smoke - target), quantile=1.0),
        speed=speed,
        speed_limit=_limit(speed, quantile=_BRIGHTEST),
        arrows=_thinned(velocity),
        headline=(
            f"mean square mismatch {result.loss_initial:.3g} → {result.loss_final:.3g}"
            f" in {result.iterations} iterations{ended}"
        ),
    )


def _limit(sizes: Array, quantile: float) -> float:
    """That quantile of the finite sizes, or 1 if it vanishes: a scale of colours needs a width."""
    finite = sizes[np.isfinite(sizes)]
    limit = float(np.quantile(finite, quantile)) if finite.size else 0.0
    return limit if limit > 0 else 1.0


def _thinned(velocity: Array) -> tuple[Array, Array, Array, Array]:
    """Mean velocity over square blocks, at their middles; cells beyond whole blocks stay out."""
    _, nx, ny = velocity.shape
    side = max(1, min(nx, ny, -(-max(nx, ny) // _ARROWS)))
    rows, columns = nx // side, ny // side
    blocks = velocity[:, : rows * side, : columns * side]
    down, right = blocks.reshape(2, rows, side, columns, side).mean(axis=(2, 4))
    row, column = np.indices((rows, columns)) * float(side) + (side - 1) / 2
    return row, column, down, right


def draw_panels(shown: Panels) -> Figure:
    """Target, final smoke, their difference, and the initial velocity, two by two."""
    nx, ny = shown.target.shape
    figure = style.new_figure(10.0, float(np.clip(1.6 + 8.0 * nx / ny, 4.0, 22.0)))
    figure.suptitle(shown.headline)
    (target, smoke), (difference, velocity) = figure.subplots(2, 2)
    density = {"cmap": style.SMOKE, "vmin": 0.0, "vmax": 1.0}
    signed = {"cmap": style.SIGNED, "vmin": -shown.difference_limit, "vmax": shown.difference_limit}
    speed = {"cmap": style.SMOKE, "vmin": 0.0, "vmax": shown.speed_limit}

    _picture(target, shown.target, "target", "density", density)
    _picture(smoke, shown.smoke, f"smoke after {shown.steps} steps", "density", density)
    _picture(difference, shown.difference, "smoke minus target", "too little  ·  too much", signed)
    _picture(velocity, shown.speed, "initial velocity", "speed, cells per step", speed)
    row, column, down, right = shown.arrows
    if np.any(down) or np.any(right):  # arrows are scaled by their mean length
        velocity.quiver(column, row, right, down, angles="xy", color=style.ACCENT, width=0.004)
    return figure


def _picture(axes: Axes, field: Array, title: str, quantity: str, colours: dict[str, Any]) -> None:
    """A field as an image with its colour bar, which is as high as the image."""
    style.as_picture(axes, title)
    image = axes.imshow(field, interpolation="bicubic", **colours)
    room = axes.inset_axes((1.03, 0.0, 0.035, 1.0))
    beyond = _limit(field, quantile=1.0) > 1.01 * colours["vmax"]
    bar = axes.figure.colorbar(image, cax=room, extend="max" if beyond else "neither")
    bar.set_label(quantity, color=style.FAINT, fontsize=11)
    bar.outline.set_visible(False)
