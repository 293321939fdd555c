"""Smoke in motion: a GIF always, an MP4 where ffmpeg is at hand."""

import contextlib
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sciopt.plotting.style import SMOKE
from sciopt.runs import replacing

Frames = NDArray[np.uint8]
Picture = NDArray[np.uint8]

LONG_SIDE = 440
"""Pixels of the longer side of an animation, about; a finer grid is scaled down to it."""

FIRST_REST, LAST_REST = 0.5, 1.8
"""Seconds for which the first and the last frame are held."""

_SAMPLED = 8  # frames that the colours of a GIF are chosen from
_TONES = 40  # of smoke; the eye sees no steps and the file is half the size of one with 256

_log = logging.getLogger(__name__)


def write_gif(frames: Frames, path: Path, fps: int) -> Path:
    """Write a GIF that loops for ever, and return its path.

    All frames share one palette, the smoke colours, so that nothing flickers.

    Args:
        frames: density from 0 to 255, shape (F, nx, ny).
        fps: frames per second; viewers show at most 50.
    """
    images = [_with_palette(image) for image in _enlarged(frames)]
    return _save_gif(images, _palette(_TONES).tobytes(), path, fps)


def write_picture_gif(pictures: Iterable[Picture], path: Path, fps: int) -> Path:
    """Write coloured pictures as a GIF that loops for ever, and return its path.

    All frames share the 255 colours that suit them best together.

    Args:
        pictures: red, green, blue, shape (rows, columns, 3); all of one size, at least one.
        fps: frames per second; viewers show at most 50.
    """
    images = [Image.fromarray(picture) for picture in pictures]
    chosen = images[:: max(1, len(images) // _SAMPLED)]
    width, height = images[0].size
    sample = Image.new("RGB", (width, height * len(chosen)))
    for index, image in enumerate(chosen):
        sample.paste(image, (0, index * height))
    palette = sample.quantize(255, method=Image.Quantize.MEDIANCUT)
    # Without dithering: its noise would flicker, and fill the file.
    mapped = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    colours = bytes(palette.getpalette() or [])
    return _save_gif(mapped, colours, path, fps)


def _save_gif(images: list[Image.Image], palette: bytes, path: Path, fps: int) -> Path:
    pause = max(20, 10 * round(100 / fps))  # GIF counts in 10 ms, and viewers slow down below 20
    durations = [pause] * len(images)
    durations[0] = max(pause, round(1000 * FIRST_REST))
    durations[-1] = max(pause, round(1000 * LAST_REST))
    with replacing(path) as partial:
        images[0].save(
            partial,
            format="GIF",
            save_all=True,
            append_images=images[1:],
            duration=durations,
            loop=0,
            palette=palette,  # or each frame would bring its own copy
            optimize=False,
        )
    return path


def write_mp4(frames: Frames, path: Path, fps: int) -> Path | None:
    """Write an MP4 (H.264) and return its path, or None if there is no ffmpeg or it fails.

    The ffmpeg on the PATH is used, else the one that the package imageio-ffmpeg brings.
    """
    width, height = _enlarged_size(frames)
    return _encode(_coloured(frames), len(frames), (width, height), path, fps)


def write_picture_mp4(pictures: Sequence[Picture], path: Path, fps: int) -> Path | None:
    """Write coloured pictures as an MP4, as `write_mp4` does with densities.

    Args:
        pictures: red, green, blue, shape (rows, columns, 3); all of one size, at least one.
    """
    height, width, _ = pictures[0].shape
    return _encode(pictures, len(pictures), (width, height), path, fps)


def _encode(
    pictures: Iterable[Picture], count: int, size: tuple[int, int], path: Path, fps: int
) -> Path | None:
    program = _ffmpeg()
    if program is None:
        _log.info("%s was not written: no ffmpeg found", path.name)
        return None
    width, height = (side - side % 2 for side in size)  # H.264 wants even numbers
    command = [program, "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{width}x{height}", "-r", str(fps), "-i", "-"]
    command += ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "18"]
    command += ["-movflags", "+faststart", "-f", "mp4"]
    try:
        with replacing(path) as partial:
            cut = (picture[:height, :width] for picture in pictures)
            _feed([*command, str(partial)], _held(cut, count, fps))
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", None) or error)
        _log.warning("%s was not written: %s", path.name, said.strip().splitlines()[-1])
        return None
    return path


def _feed(command: list[str], pictures: Iterator[bytes]) -> None:
    """Run `command` with the pictures as its input.

    Raises: OSError if it cannot be started, CalledProcessError with what it said if it fails.
    """
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        ) as process,
    ):
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has given up and says why
            for picture in pictures:
                process.stdin.write(picture)
            process.stdin.close()
        code = process.wait()
        if code != 0:
            said.seek(0)
            reason = said.read().decode(errors="replace")
            raise subprocess.CalledProcessError(code, command[0], stderr=reason)


def _held(pictures: Iterable[Picture], count: int, fps: int) -> Iterator[bytes]:
    """Every frame of the video as bytes; the first and last one repeated."""
    for index, picture in enumerate(pictures):
        rest = {0: FIRST_REST, count - 1: LAST_REST}.get(index, 0.0)
        data = picture.tobytes()
        for _ in range(max(1, round(rest * fps))):
            yield data


def _coloured(frames: Frames) -> Iterator[Picture]:
    """The enlarged frames in the smoke colours."""
    colours = _palette(256)
    for image in _enlarged(frames):
        yield colours[np.asarray(image)]


def _enlarged(frames: Frames) -> Iterator[Image.Image]:
    """Each frame as a grey image with its longer side near LONG_SIDE, smoothly interpolated."""
    size = _enlarged_size(frames)
    for frame in frames:
        yield Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC)


def _enlarged_size(frames: Frames) -> tuple[int, int]:
    """Width and height in pixels."""
    _, nx, ny = frames.shape
    scale = LONG_SIDE / max(nx, ny)
    if scale > 1:
        scale = round(scale)  # whole pixels per cell: no moire
    return max(2, round(ny * scale)), max(2, round(nx * scale))


def _palette(tones: int) -> NDArray[np.uint8]:
    """The smoke colours as bytes, shape (tones, 3)."""
    return np.asarray(SMOKE(np.linspace(0, 1, tones), bytes=True)[:, :3])


def _with_palette(grey: Image.Image) -> Image.Image:
    tone = np.rint(np.asarray(grey) * ((_TONES - 1) / 255)).astype(np.uint8)
    image = Image.fromarray(tone)
    image.putpalette(_palette(_TONES).tobytes())
    return image


def _ffmpeg() -> str | None:
    """The path of an ffmpeg program, or None."""
    on_path = shutil.which("ffmpeg")
    if on_path is not None:
        return on_path
    with contextlib.suppress(ImportError, RuntimeError):
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    return None
