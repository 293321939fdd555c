"""Random shifts, rotations and contrasts of images, differentiable by how strong they are."""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np

_AUGMENTATION = 2  # tag of this use of a seed


AUGMENTING = ("shift", "rotation", "contrast")
"""Hyperparameters that change images at random."""


def normals(seed: int, step: int, count: int, dtype: Any) -> NDArray[Any]:
    """The normal numbers that change `count` images in a step, (4, count), of that dtype."""
    draws = onp.random.default_rng([seed, _AUGMENTATION, step])
    return draws.standard_normal((4, count)).astype(dtype)


def augmented(images: Any, hyper: dict[str, Any], normals: Any) -> Any:
    """Images (B, H, W) transformed at random, by `normals` (4, B).

    Each image is shifted by two normal numbers times `shift` (pixels), turned about its middle by
    one times `rotation` (degrees) and multiplied by the exponential of one times `contrast`, as far
    as these are in `hyper`. Values between pixels are bilinear; beyond the border they are 0.
    """
    if "shift" in hyper or "rotation" in hyper:
        shift = hyper.get("shift", 0.0)
        angle = hyper.get("rotation", 0.0) * (onp.pi / 180) * normals[2]
        images = _moved(images, shift * normals[0], shift * normals[1], angle)
    if "contrast" in hyper:
        images = images * np.exp(hyper["contrast"] * normals[3])[:, None, None]
    return images


def _moved(images: Any, down: Any, right: Any, angle: Any) -> Any:
    """Each image turned by its angle and shifted; amounts are (B,)."""
    _, rows, columns = images.shape
    dtype = images.dtype
    y = (onp.arange(rows, dtype=dtype) - dtype.type((rows - 1) / 2))[:, None]
    x = (onp.arange(columns, dtype=dtype) - dtype.type((columns - 1) / 2))[None, :]
    cosine, sine = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    # Where each pixel comes from.
    y_from = y - down[:, None, None] if np.ndim(down) else y
    x_from = x - right[:, None, None] if np.ndim(right) else x
    source_y = cosine * y_from + sine * x_from + (rows - 1) / 2
    source_x = cosine * x_from - sine * y_from + (columns - 1) / 2
    return _sampled(images, source_y, source_x)


def _sampled(images: Any, y: Any, x: Any) -> Any:
    """Bilinear values of images (B, H, W) at places (B, H, W); 0 outside."""
    count, rows, columns = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    # Places beyond the border fall on the frame of zeros.
    y = np.clip(y + 1, 0.0, rows + 1)
    x = np.clip(x + 1, 0.0, columns + 1)
    # Floats first: with integers, single precision would become double.
    top, left = np.clip(np.floor(y), 0, rows), np.clip(np.floor(x), 0, columns)
    v, u = y - top, x - left
    top, left = top.astype(int), left.astype(int)
    b = onp.arange(count)[:, None, None]
    upper = (1 - u) * padded[b, top, left] + u * padded[b, top, left + 1]
    lower = (1 - u) * padded[b, top + 1, left] + u * padded[b, top + 1, left + 1]
    return (1 - v) * upper + v * lower
