"""NPZ: arrays by name, as `numpy.savez` writes them."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError, did_you_mean

from .source import Source, check_numbers

INPUTS = ("x", "X", "inputs", "images", "data")
TARGETS = ("y", "Y", "targets", "target", "labels", "label")


def load_npz(path: Path, target: str | None) -> Source:
    """Inputs and targets from the arrays of an NPZ file, under their usual names.

    Arrays x_train, y_train, x_test, y_test are a training and a test file in one.

    Args:
        target: name of the array of targets; None takes the first of `TARGETS` that is there.
    Raises: DataError if the file cannot be read, an array is not there, or holds no numbers.
    """
    try:
        # Opened here: of a damaged file NumPy would leave its own handle open.
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(
                    f"{path}: holds a single array; save inputs and targets by np.savez"
                )
            return _load(path, archive, target)
    except (zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
        raise DataError(f"{path}: truncated, or no NPZ file ({error}); save it again") from error
    except ValueError as error:
        # Of an array of Python objects, which only unpickling could read, or of a damaged header.
        raise DataError(
            f"{path}: cannot be read ({error}); save plain arrays of numbers or text by np.savez"
        ) from error
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{path}: cannot be read ({reason})") from error


def _load(path: Path, archive: Any, target: str | None) -> Source:
    if target is None and {"x_train", "y_train", "x_test", "y_test"} <= set(archive.files):
        first, second = (
            (_inputs(path, archive, f"x_{part}"), _targets(path, archive, f"y_{part}"))
            for part in ("train", "test")
        )
        for (inputs, targets), part in ((first, "train"), (second, "test")):
            _match(path, inputs, targets, f"x_{part}", f"y_{part}")
        if first[0].shape[1:] != second[0].shape[1:] or first[1].shape[1:] != second[1].shape[1:]:
            raise DataError(f"{path}: training and test arrays have examples of different shapes")
        inputs, targets = (np.concatenate(pair) for pair in zip(first, second))
        return Source(path.stem, str(path), inputs, targets, _white(inputs), len(first[0]))
    y = _name(path, archive.files, "data.target", target, TARGETS)
    x = _name(path, [name for name in archive.files if name != y], "inputs", None, INPUTS)
    inputs, targets = _inputs(path, archive, x), _targets(path, archive, y)
    _match(path, inputs, targets, x, y)
    return Source(path.stem, str(path), inputs, targets, _white(inputs))


def _name(
    path: Path, names: list[str], what: str, wanted: str | None, usual: tuple[str, ...]
) -> str:
    found = next((name for name in usual if name in names), None) if wanted is None else wanted
    if found is None and len(names) == 1:
        found = names[0]
    if found is None:
        raise DataError(
            f"{path}: {what}: none of the arrays {', '.join(names) or '(there are none)'} is "
            f"called {', '.join(usual)}"
        )
    if found not in names:
        hint = did_you_mean(found, names) or f"; its arrays are {', '.join(names)}"
        raise DataError(f"{path}: {what}: there is no array {found}{hint}")
    return found


def _inputs(path: Path, archive: Any, name: str) -> NDArray[Any]:
    inputs = check_numbers(archive[name], f"{path}: {name}")
    if inputs.ndim == 0:
        raise DataError(f"{path}: {name}: a single number; an array of examples is expected")
    return inputs[:, np.newaxis] if inputs.ndim == 1 else inputs


def _targets(path: Path, archive: Any, name: str) -> NDArray[Any]:
    targets = np.asarray(archive[name])
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.ndim not in (1, 2):
        raise DataError(
            f"{path}: {name}: has shape {targets.shape}; one target, or one row, per example is "
            "expected"
        )
    if targets.dtype.kind != "U":
        check_numbers(targets, f"{path}: {name}")
    return targets


def _match(path: Path, inputs: NDArray[Any], targets: NDArray[Any], x: str, y: str) -> None:
    if len(inputs) != len(targets):
        raise DataError(
            f"{path}: {x} has {len(inputs)} examples, but {y} has {len(targets)}; there must be "
            "one target for each"
        )


def _white(inputs: NDArray[Any]) -> float:
    return 255.0 if inputs.dtype == np.uint8 and inputs.ndim >= 3 else 1.0
