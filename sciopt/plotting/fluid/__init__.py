"""Figures of a fluid run: the loss, the result, keyframes, the smoke in motion.

Each figure is first a frozen dataclass of plain data, then ink.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure

from sciopt import runs
from sciopt.fluid.result import FluidResult
from sciopt.plotting import style
from sciopt.plotting.animation import write_gif, write_mp4
from sciopt.plotting.export import export_npz, export_png
from sciopt.plotting.keyframes import draw_keyframes, strip
from sciopt.plotting.scenes import Scene, pictures, write_animation

from .loss import draw_loss, loss_curve
from .panels import draw_panels, panels

Show = Literal["smoke", "vorticity"]
Overlay = Literal["none", "arrows", "streamlines"]
Export = Literal["none", "png", "npz"]


def draw(
    folder: Path,
    *,
    fps: int = 20,
    show: Show = "smoke",
    overlay: Overlay = "none",
    export: Export = "none",
) -> list[Path]:
    """Draw a run into its folder and return the files that were written.

    Writes loss.png, result.png, keyframes.png if there are pictures on the way, animation.gif and,
    where ffmpeg is found and works, animation.mp4; and the frames that are to be exported.

    Args:
        fps: frames per second.
        show: what the animation's colours mean.
        overlay: how velocity is drawn on top.
        export: as what the frames are left for other programs.
    Raises: RunFolderError if the folder holds no fluid result.
    """
    result = runs.load_result(folder, FluidResult)
    with style.themed():
        written = [
            style.save(draw_loss(loss_curve(result)), folder / runs.LOSS_PLOT),
            style.save(draw_panels(panels(result)), folder / runs.RESULT_PLOT),
        ]
        if len(result.keyframe_steps) > 1:
            written.append(style.save(_keyframes(result), folder / runs.KEYFRAMES_PLOT))
    scene = _scene(result, show, overlay)
    written += _animation(result, scene, folder, fps)
    return written + _exported(result, scene, folder, export)


def _keyframes(result: FluidResult) -> Figure:
    steps = [int(step) for step in result.keyframe_steps]
    occlusion = result.occlusion if result.occlusion.size else None
    return draw_keyframes(
        strip(steps, list(result.keyframe_smoke), list(result.targets), occlusion)
    )


def _scene(result: FluidResult, show: Show, overlay: Overlay) -> Scene:
    return Scene(
        smoke=result.frames,
        velocity=result.frame_velocity if len(result.frame_velocity) else None,
        occlusion=result.occlusion if result.occlusion.size else None,
        show=show,
        overlay=overlay,
    )


def _animation(result: FluidResult, scene: Scene, folder: Path, fps: int) -> list[Path]:
    plain = scene.show == "smoke" and scene.overlay == "none" and scene.occlusion is None
    gif, movie = folder / runs.ANIMATION, folder / runs.MOVIE
    if result.frames.shape[1] > 1 or not plain:
        return write_animation(scene, gif, movie, fps)
    frames = result.frames[:, 0]
    written = [write_gif(frames, gif, fps)]
    video = write_mp4(frames, movie, fps)
    return written if video is None else [*written, video]


def _exported(result: FluidResult, scene: Scene, folder: Path, export: Export) -> list[Path]:
    if export == "png":
        return export_png(pictures(scene), folder / runs.FRAMES_FOLDER)
    if export == "npz":
        fields = {"smoke": result.frame_smoke, "velocity": result.frame_velocity}
        return [export_npz(folder / runs.FRAMES, result.frame_steps, **fields)]
    return []
