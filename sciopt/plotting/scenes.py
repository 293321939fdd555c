"""A flow in motion: smoke or vorticity, what stands in its way, and the velocity on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.plotting import style
from sciopt.plotting.animation import LONG_SIDE, write_picture_gif, write_picture_mp4
from sciopt.plotting.paint import (
    Picture,
    enlarged,
    picture_size,
    smoke_picture,
    vorticity,
    vorticity_picture,
    with_obstacle,
)

_ARROWS = 22  # along the longer side
_BRIGHTEST = 0.995  # quantile of what is shown: a few extreme cells would dim the rest
_STREAMLINES = 0.8  # density, as Matplotlib counts it; a frame takes a third of a second
_TRACED = 40  # cells along the longer side, of the means that streamlines follow


@dataclass(frozen=True)
class Scene:
    """What is to be shown, frame by frame.

    Attributes:
        smoke: densities, shape (F, dyes, nx, ny); bytes from 0 to 255, or numbers from 0 to 1.
        velocity: shape (F, 2, nx, ny), cells per step; needed for vorticity and for overlays.
        occlusion: from 0, free, to 1, solid: shape (nx, ny), or (F, nx, ny); None for no obstacle.
        show: what the colours mean.
        overlay: how velocity is drawn on top.
    Raises: ValueError if what is to be shown needs a velocity and there is none.
    """

    smoke: NDArray[Any]
    velocity: NDArray[Any] | None = None
    occlusion: NDArray[Any] | None = None
    show: Literal["smoke", "vorticity"] = "smoke"
    overlay: Literal["none", "arrows", "streamlines"] = "none"

    def __post_init__(self) -> None:
        if self.velocity is None and (self.show == "vorticity" or self.overlay != "none"):
            what = "vorticity" if self.show == "vorticity" else self.overlay
            raise ValueError(f"{what}: the frames hold no velocity to draw them from")


def pictures(scene: Scene, long_side: int = LONG_SIDE) -> Iterator[Picture]:
    """Each frame as red, green, blue, the longer side of about `long_side` pixels."""
    count, _, nx, ny = scene.smoke.shape
    size = picture_size((nx, ny), long_side)
    curls = None
    limit = fastest = 1.0
    if scene.velocity is not None:
        fastest = _extent(np.hypot(scene.velocity[:, 0], scene.velocity[:, 1]))
        if scene.show == "vorticity":
            curls = np.stack([vorticity(v) for v in scene.velocity])
            limit = _extent(np.abs(curls))
    for k in range(count):
        if curls is None:
            densities = scene.smoke[k] / (255 if scene.smoke.dtype == np.uint8 else 1)
            picture = smoke_picture(np.stack([enlarged(dye, size) for dye in densities]))
        else:
            picture = vorticity_picture(enlarged(curls[k], size), limit)
        if scene.occlusion is not None:
            solid = scene.occlusion if scene.occlusion.ndim == 2 else scene.occlusion[k]
            picture = with_obstacle(picture, enlarged(solid, size))
        if scene.overlay != "none":
            assert scene.velocity is not None
            picture = _with_velocity(picture, scene.velocity[k], scene.overlay, fastest)
        yield picture


def write_animation(scene: Scene, gif: Path, mp4: Path, fps: int) -> list[Path]:
    """Write the scene as a GIF and, where ffmpeg is found and works, as an MP4."""
    drawn = list(pictures(scene))
    movie = write_picture_mp4(drawn, mp4, fps)
    written = [write_picture_gif(drawn, gif, fps)]
    return written if movie is None else [*written, movie]


def _extent(sizes: NDArray[Any]) -> float:
    finite = sizes[np.isfinite(sizes)]
    extent = float(np.quantile(finite, _BRIGHTEST)) if finite.size else 0.0
    return extent if extent > 0 else 1.0


def _with_velocity(
    picture: Picture, velocity: NDArray[Any], overlay: str, fastest: float
) -> Picture:
    """Arrows, as long as the space between them where the flow is fastest, or streamlines."""
    rows, columns, _ = picture.shape
    nx, ny = velocity.shape[1:]
    with style.themed():
        figure = Figure(figsize=(columns / 100, rows / 100), dpi=100)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.imshow(picture, extent=(-0.5, ny - 0.5, nx - 0.5, -0.5), interpolation="none")
        axes.set_axis_off()
        if overlay == "arrows":
            every, x, y, (down, right) = _thinned(velocity, _ARROWS)
            axes.quiver(
                y, x, right, down, angles="xy", scale_units="xy", scale=fastest / every,
                color=style.ACCENT, edgecolor=style.PAPER, linewidth=0.3, width=0.005,
                minlength=0.0,
            )  # fmt: skip
        elif np.any(velocity):
            _, x, y, (down, right) = _thinned(velocity, _TRACED)
            speed = np.hypot(down, right)
            axes.streamplot(
                y, x, right, down, density=_STREAMLINES, color=style.ACCENT,
                linewidth=0.3 + 1.2 * np.minimum(1, speed / fastest),
                arrowsize=0.7,
            )  # fmt: skip
        axes.set_xlim(-0.5, ny - 0.5)
        axes.set_ylim(nx - 0.5, -0.5)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _thinned(
    velocity: NDArray[Any], most: int
) -> tuple[int, NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Means over square blocks, at most so many along the longer side.

    Returns: the side of a block, the middles of the blocks along x and along y, and the means,
        shape (2, rows, columns). Cells beyond whole blocks stay out.
    """
    _, nx, ny = velocity.shape
    side = min(nx, ny, -(-max(nx, ny) // most))
    rows, columns = nx // side, ny // side
    blocks = velocity[:, : rows * side, : columns * side]
    means = blocks.reshape(2, rows, side, columns, side).mean(axis=(2, 4))
    x, y = (np.arange(count) * side + (side - 1) / 2 for count in (rows, columns))
    return side, x, y, means
