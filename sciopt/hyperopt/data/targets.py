"""From targets as they were stored to class numbers, or to floats for regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError

from .source import Source

_FEW = 20
_MOST_CLASSES = 1000


@dataclass(frozen=True, eq=False)
class Targets:
    """Targets in the form that training takes.

    Attributes:
        values: (N,) int64 class numbers, or (N, K) float64.
        classes: names of the classes, or None for regression.
        notices: sentences that the user should read.
    """

    values: NDArray[Any]
    classes: tuple[str, ...] | None
    notices: tuple[str, ...] = ()


def encode_targets(source: Source, task: str) -> Targets:
    """Class numbers in the sorted order of the labels, or floats, as `task` says.

    With task "auto", text and booleans are classes, and so are whole numbers with few values: at
    most half as many as examples, and at most 20 or a tenth of the examples, up to 1000.

    Raises: DataError for one class only, and for targets that do not fit the task.
    """
    targets, where = source.targets, source.where
    if len(targets) == 0:
        raise DataError(f"{where}: holds no examples")
    if source.classes is not None and task != "regression":
        return Targets(targets.astype(np.int64), source.classes)
    notices: tuple[str, ...] = ()
    if task == "auto":
        task, notices = _guess(source)
    if task == "regression":
        if targets.dtype.kind == "U":
            raise DataError(
                f"{where}: the targets are text, such as {str(targets[_first_text(targets)])!r}; "
                "regression needs numbers. Take another target column or task: classification"
            )
        values = targets.astype(np.float64)
        return Targets(values[:, np.newaxis] if values.ndim == 1 else values, None, notices)
    if targets.ndim != 1:
        raise DataError(
            f"{where}: the targets have shape {targets.shape}; classes are one label per example, "
            "(N,). Take the argmax of one-hot rows"
        )
    labels = np.unique(targets)
    if len(labels) < 2:
        raise DataError(
            f"{where}: every example has the same class, {_class_name(labels[0])}; there is "
            "nothing to learn"
        )
    if len(labels) > max(2, len(targets) // 2):
        raise DataError(
            f"{where}: {len(labels)} different targets in {len(targets)} examples are no classes; "
            "set data.task to regression, or take another target"
        )
    numbers = np.searchsorted(labels, targets).astype(np.int64)
    return Targets(numbers, tuple(map(_class_name, labels)), notices)


def _guess(source: Source) -> tuple[str, tuple[str, ...]]:
    """The task, and a notice where it could be the other."""
    targets, examples = source.targets, len(source.targets)
    if source.task is not None:
        return source.task, ()
    if targets.dtype.kind in "Ub":
        return "classification", ()
    if targets.ndim != 1 or not (targets == np.round(targets)).all():
        return "regression", ()
    labels = len(np.unique(targets))
    few = labels <= min(examples // 2, max(_FEW, min(_MOST_CLASSES, examples // 10)))
    task = "classification" if few else "regression"
    if few and targets.dtype.kind in "iu":
        return task, ()
    return task, (
        f"{source.where}: its targets are whole numbers with {labels} values, taken for {task}; "
        "say data.task if that is wrong",
    )


def _first_text(targets: NDArray[Any]) -> int:
    for k, text in enumerate(targets):
        try:
            float(text)
        except ValueError:
            return k
    return 0


def _class_name(label: Any) -> str:
    """A label as the file has it; 3.0, which was read as a float, is class 3."""
    number = label.item()
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
