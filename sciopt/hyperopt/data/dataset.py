"""Three disjoint parts of one source, ready for training."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError, did_you_mean

from ..config.data import DataConfig
from .builtin import DATA_SETS, GENERATORS, load_builtin
from .corruption import corrupt_labels
from .mnist import load_idx, load_mnist
from .npz import load_npz
from .scaling import Scaling, fit_scaling
from .source import Source
from .splits import Parts, split_rows
from .table import load_csv
from .targets import Targets, encode_targets


@dataclass(frozen=True, eq=False)
class Split:
    """One part of the examples.

    Attributes:
        inputs: (N, *input_shape), float64 or float32, scaled.
        targets: (N,) int64 class numbers 0..C-1, or (N, K) floats for regression.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples for training, validation and the final test, no example in two of them.

    Attributes:
        name: what a run on it may be called.
        train, validation, test: the parts; `test` is never used for tuning.
        classes: names of the classes 0..C-1, or None for regression.
        corrupted: (N_train,) bool, the training examples whose label was replaced.
        clean_targets: the targets of `train` before that.
        mean, scale: of the shape of an input: x became (x - mean) / scale, after grey levels were
            brought to 0..1.
        target_mean, target_scale: (K,), the same for the targets of regression; 0 and 1 for
            classes.
        notices: sentences that the user should read.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    classes: tuple[str, ...] | None
    corrupted: NDArray[np.bool_]
    clean_targets: NDArray[Any]
    mean: NDArray[Any]
    scale: NDArray[Any]
    notices: tuple[str, ...] = ()
    target_mean: NDArray[Any] = field(default_factory=lambda: np.zeros(1))
    target_scale: NDArray[Any] = field(default_factory=lambda: np.ones(1))

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one input: (features,), or (rows, columns) of an image."""
        return self.train.inputs.shape[1:]

    @property
    def outputs(self) -> int:
        """C for classes, K for regression."""
        return len(self.classes) if self.classes is not None else self.train.targets.shape[1]

    @property
    def is_classification(self) -> bool:
        """Whether targets are classes."""
        return self.classes is not None


def load_data(config: DataConfig, dtype: str) -> Dataset:
    """Read, split, scale and, where asked for, corrupt the examples of `config.source`.

    A pure function of the settings and the files. Grey levels stay bytes until a part is chosen.

    Args:
        dtype: "float64" or "float32", of inputs and of regression targets.
    Raises: DataError for a source that is not there or cannot be read, targets that do not fit the
        task, and parts that do not fit into what there is.
    """
    source = _open(config)
    if source.inputs.size == 0:
        raise DataError(f"{source.where}: holds no examples, or no numbers per example")
    targets = encode_targets(source, config.task)
    labels = None if targets.classes is None else targets.values
    parts = split_rows(config, len(source.inputs), source.training_count, labels)
    rows = parts.train if config.fit_on == "train" else np.arange(source.training_count)
    scaling = fit_scaling(config.scaling, source, rows)
    target_scaling = _target_scaling(config, targets, parts.train)
    train, validation, test = (
        Split(scaling.apply(source, rows, dtype), _targets(targets, target_scaling, rows, dtype))
        for rows in (parts.train, parts.validation, parts.test)
    )
    clean, corrupted = train.targets, np.zeros(len(train), dtype=bool)
    if config.corruption:
        if targets.classes is None:
            raise DataError("data.corruption: is for classes, but the targets are numbers; drop it")
        noisy, corrupted = corrupt_labels(
            clean, len(targets.classes), config.corruption, config.seed
        )
        train = Split(train.inputs, noisy)
    return Dataset(
        source.name,
        train,
        validation,
        test,
        targets.classes,
        corrupted,
        clean,
        scaling.mean,
        scaling.scale,
        (*targets.notices, *_notices(config, source, targets, parts)),
        target_scaling.mean,
        target_scaling.scale,
    )


def _open(config: DataConfig) -> Source:
    name = config.source
    if name in DATA_SETS or name in GENERATORS:
        return load_builtin(config)
    if name == "mnist":
        return load_mnist(config.data_dir)
    path = Path(name).expanduser()
    if not path.is_file():
        if path.is_dir():
            raise DataError(
                f"data.source: {name} is a folder; name a file, or take source: mnist with "
                f"data_dir: {name}"
            )
        known = [*DATA_SETS, *GENERATORS, "mnist"]
        hint = did_you_mean(name, known) or f"; built in are {', '.join(known)}"
        raise DataError(f"data.source: no file and no built-in data {name}{hint}")
    if path.suffix == ".npz":
        return load_npz(path, config.target)
    if path.suffix in (".csv", ".tsv"):
        return load_csv(path, config.target)
    if "idx" in path.name:
        labels = None if config.target is None else path.parent / config.target
        return load_idx(path, labels)
    raise DataError(
        f"data.source: {name} ends in none of .npz, .csv and .tsv, and is not called ...-idx3-ubyte"
    )


def _target_scaling(config: DataConfig, targets: Targets, rows: NDArray[np.intp]) -> Scaling:
    if targets.classes is not None or not config.scale_targets:
        width = 1 if targets.classes is not None else targets.values.shape[1]
        return Scaling(np.zeros(width), np.ones(width))
    return fit_scaling("standardize", _as_source(targets), rows)


def _targets(
    targets: Targets, scaling: Scaling, rows: NDArray[np.intp], dtype: str
) -> NDArray[Any]:
    if targets.classes is not None:
        return targets.values[rows]
    return scaling.apply(_as_source(targets), rows, dtype)


def _as_source(targets: Targets) -> Source:
    return Source("targets", "targets", targets.values, targets.values)


def _notices(config: DataConfig, source: Source, targets: Targets, parts: Parts) -> list[str]:
    notices = []
    if targets.classes is not None:
        present = np.bincount(targets.values[parts.train], minlength=len(targets.classes)) > 0
        missing = [name for name, there in zip(targets.classes, present) if not there]
        if missing:
            shown = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
            if present.sum() < 2:
                raise DataError(
                    "data.train: all training examples have one class "
                    f"({targets.classes[int(present.argmax())]}); raise train, or say split: "
                    "shuffle or balance: true"
                )
            notices.append(f"no training example is of class {shown}")
    own_test = source.training_count < len(source.inputs) and not config.merge_test
    if config.fit_on == "source" and config.scaling != "none" and not own_test:
        notices.append("data.fit_on: source scales by the test examples too")
    return notices
