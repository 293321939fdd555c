"""Frames for other programs: numbered PNG files, or one NPZ file of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sciopt.plotting.paint import Picture
from sciopt.runs import replacing


def export_png(pictures: Iterable[Picture], folder: Path) -> list[Path]:
    """Write frame-00000.png, frame-00001.png, ... and return their paths.

    Frames of an earlier export that would come after the last one are removed, so that the folder
    is one sequence.

    Args:
        pictures: red, green, blue, shape (rows, columns, 3).
        folder: is made if it does not exist.
    Raises: OSError if it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for index, picture in enumerate(pictures):
        path = folder / f"frame-{index:05d}.png"
        with replacing(path, durable=False) as partial:
            Image.fromarray(picture).save(partial, format="PNG")
        written.append(path)
    for old in set(folder.glob("frame-[0-9][0-9][0-9][0-9][0-9].png")) - set(written):
        old.unlink()
    return written


def export_npz(path: Path, steps: NDArray[Any], **frames: NDArray[Any]) -> Path:
    """Write arrays of frames, such as smoke and velocity, with the steps they belong to.

    Args:
        path: of the file, which is whole or absent.
        steps: shape (F,).
        frames: each of shape (F, ...); numbers as they are, unscaled.
    Raises: ValueError if an array has another number of frames; OSError if it cannot be written.
    """
    for name, array in frames.items():
        if len(array) != len(steps):
            raise ValueError(f"{name}: {len(array)} frames for {len(steps)} steps")
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, steps=steps, **frames)
    return path
