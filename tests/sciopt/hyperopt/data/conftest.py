"""Small IDX files, and the real MNIST where it is."""

from __future__ import annotations

import gzip
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

SHARED_DATA = Path(__file__).resolve().parents[5] / "shared" / "data"


def idx_bytes(array: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def small_mnist(folder: Path, train: int = 30, test: int = 10, packed: bool = False) -> None:
    """Four files like MNIST's, with 4x3 images and three classes."""
    rng = np.random.default_rng(7)
    folder.mkdir(parents=True, exist_ok=True)
    for part, count in (("train", train), ("t10k", test)):
        arrays = {
            f"{part}-images-idx3-ubyte": rng.integers(256, size=(count, 4, 3)),
            f"{part}-labels-idx1-ubyte": np.arange(count) % 3,
        }
        for name, array in arrays.items():
            content = idx_bytes(array)
            if packed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / name).write_bytes(content)


@pytest.fixture
def make_mnist() -> Callable[..., None]:
    return small_mnist


@pytest.fixture
def as_idx() -> Callable[[np.ndarray], bytes]:
    return idx_bytes


@pytest.fixture
def mnist_folder() -> Path:
    """The folder with MNIST's four files: data that is not ours to distribute."""
    folder = SHARED_DATA / "mnist"
    if not (folder / "train-images-idx3-ubyte.gz").is_file():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have MNIST in {folder}")
        pytest.skip(f"MNIST is not in {folder}")
    return folder
