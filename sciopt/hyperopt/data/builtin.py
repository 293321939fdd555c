"""Sources that need no file: scikit-learn's small data sets, and its generators.

scikit-learn is imported when one of them is asked for, since that takes a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sciopt.errors import DataError

from ..config.data import DataConfig
from .source import Source

_GENERATED = 0  # tag of this use of a seed


def load_builtin(config: DataConfig) -> Source:
    """The data set or generator `config.source`, one of `DATA_SETS` or `GENERATORS`.

    Raises: DataError if a generator cannot make what the settings ask for.
    """
    if config.source in DATA_SETS:
        return _data_set(config.source)
    rng = np.random.default_rng([config.seed, _GENERATED])
    inputs, targets = GENERATORS[config.source][1](config, int(rng.integers(2**31)))
    return Source(config.source, config.source, inputs, targets)


def _data_set(name: str) -> Source:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name.replace('-', '_')}")()
    if name == "digits":
        inputs = bunch.images.astype(np.uint8)  # grey levels 0..16
        return Source(name, name, inputs, bunch.target, white=16.0, classes=tuple("0123456789"))
    names = tuple(map(str, bunch.get("target_names", ())))
    task = "classification" if names else "regression"
    return Source(name, name, bunch.data, bunch.target, classes=names or None, task=task)


def _moons(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_moons

    return make_moons(config.samples, noise=config.noise, random_state=seed)


def _circles(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_circles

    return make_circles(config.samples, noise=config.noise, factor=0.5, random_state=seed)


def _blobs(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_blobs

    classes = _classes(config, 3)
    return make_blobs(
        config.samples,
        config.features or 2,
        centers=classes,
        cluster_std=config.noise,
        center_box=(-1.0, 1.0),
        random_state=seed,
    )


def _classification(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_classification

    classes, features = _classes(config, 2), config.features or 20
    # Each class sits at a corner of a cube with this many dimensions.
    informative = max(math.ceil(math.log2(classes)), features // 2)
    if informative > features:
        raise DataError(
            f"data.features: {classes} classes need at least {informative} features, got {features}"
        )
    if config.noise > 1:
        raise DataError(
            f"data.noise: is the share of random labels in classification; at most 1, got "
            f"{config.noise:g}"
        )
    return make_classification(
        config.samples,
        features,
        n_informative=informative,
        n_redundant=0,
        n_classes=classes,
        n_clusters_per_class=1,
        flip_y=config.noise,
        random_state=seed,
    )


def _regression(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_regression

    features = config.features or 10
    return make_regression(config.samples, features, noise=config.noise, random_state=seed)


def _friedman(config: DataConfig, seed: int) -> tuple[Any, Any]:
    from sklearn.datasets import make_friedman1

    features = config.features or 10
    if features < 5:
        raise DataError(f"data.features: friedman needs at least 5, got {features}")
    return make_friedman1(config.samples, features, noise=config.noise, random_state=seed)


def _classes(config: DataConfig, usual: int) -> int:
    classes = config.classes or usual
    if classes > config.samples:
        raise DataError(
            f"data.classes: {classes} classes cannot come from data.samples: {config.samples}"
        )
    return classes


DATA_SETS = {
    "digits": "1797 images 8x8 of handwritten digits, 10 classes",
    "iris": "150 flowers, 4 numbers, 3 classes",
    "wine": "178 wines, 13 numbers, 3 classes",
    "breast-cancer": "569 tumours, 30 numbers, 2 classes",
    "diabetes": "442 patients, 10 numbers, regression",
}

GENERATORS: dict[str, tuple[str, Callable[[DataConfig, int], tuple[Any, Any]]]] = {
    "moons": ("two interleaved half circles, 2 classes", _moons),
    "circles": ("two concentric circles, 2 classes", _circles),
    "blobs": ("normal clouds, one per class", _blobs),
    "classification": (
        "normal clouds in many dimensions, some of which say nothing",
        _classification,
    ),
    "regression": ("a linear function with noise", _regression),
    "friedman": ("Friedman's nonlinear function no. 1, regression", _friedman),
}
