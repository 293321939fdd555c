"""MNIST and its relatives: four IDX files in one folder."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from sciopt.errors import DataError

from .idx import read_idx
from .source import Source

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
ENVIRONMENT = "SCIOPT_DATA"


def load_mnist(data_dir: str | None) -> Source:
    """60000 training and 10000 test images, (70000, 28, 28) uint8, and their labels.

    Raises: DataError if the files are nowhere, or not what they should be.
    """
    folder = find_mnist(data_dir)
    if folder is None:
        if data_dir is not None and not Path(data_dir).expanduser().is_dir():
            raise DataError(f"data.data_dir: there is no folder {data_dir}")
        places = ", ".join(map(str, folders(data_dir)))
        raise DataError(
            f"MNIST's files ({FILES[0]}, ..., plain or .gz) are not in {places}; run `sciopt data "
            f"fetch mnist`, or set data.data_dir or ${ENVIRONMENT} to where they are"
        )
    paths = {name: path for name in FILES if (path := idx_file(folder, name))}
    missing = [name for name in FILES if name not in paths]
    if missing:
        raise DataError(
            f"{folder}: {', '.join(missing)} missing (plain or .gz); copy it there, or run `sciopt "
            "data fetch mnist`"
        )
    train, test = (load_idx(paths[FILES[k]], paths[FILES[k + 1]]) for k in (0, 2))
    if train.inputs.shape[1:] != test.inputs.shape[1:]:
        raise DataError(
            f"{folder}: training images are {_size(train)}, but test images {_size(test)}; "
            "are the files of one collection?"
        )
    return Source(
        "mnist",
        str(folder),
        np.concatenate([train.inputs, test.inputs]),
        np.concatenate([train.targets, test.targets]),
        white=255.0,
        training=len(train.inputs),
    )


def load_idx(images: Path, labels: Path | None) -> Source:
    """Images from one IDX file and labels from another, by default the one named alike.

    Raises: DataError as `read_idx`, or if there is not one label for each image.
    """
    inputs = read_idx(images, dimensions=3)
    labels = _beside(images) if labels is None else labels
    targets = read_idx(labels, dimensions=1)
    if len(inputs) != len(targets):
        raise DataError(
            f"{labels}: {len(targets)} labels, but {images.name} has {len(inputs)} images; "
            "there must be one label for each image"
        )
    return Source(images.name.split(".")[0], str(images), inputs, targets, white=255.0)


def folders(data_dir: str | None) -> list[Path]:
    """Where MNIST is looked for; its files may also lie in a folder mnist there."""
    if data_dir is not None:
        return [Path(data_dir).expanduser()]
    import pooch

    named = os.environ.get(ENVIRONMENT)
    return [*([Path(named).expanduser()] if named else []), Path(pooch.os_cache("sciopt"))]


def find_mnist(data_dir: str | None = None) -> Path | None:
    """The first folder with at least one of the four files."""
    for folder in folders(data_dir):
        for place in (folder, folder / "mnist"):
            if any(idx_file(place, name) for name in FILES):
                return place
    return None


def idx_file(folder: Path, name: str) -> Path | None:
    """The file of this name in `folder`, plain or compressed, in either of its two spellings."""
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    return None


def _beside(images: Path) -> Path:
    """The labels that belong to a file of images, by its name."""
    name = images.name.removesuffix(".gz")
    labels = name.replace("images", "labels").replace("idx3", "idx1")
    found = idx_file(images.parent, labels) if labels != name else None
    if found is None:
        raise DataError(
            f"{images}: there is no file of labels beside it; name it in data.target "
            "(train-labels-idx1-ubyte, for example)"
        )
    return found


def _size(source: Source) -> str:
    return "x".join(map(str, source.inputs.shape[1:]))
