"""Targets: what counts as classes, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.errors import DataError
from sciopt.hyperopt.data.source import Source
from sciopt.hyperopt.data.targets import encode_targets


def source(targets: Any) -> Source:
    targets = np.asarray(targets)
    return Source("mine", "mine.csv", np.zeros((len(targets), 1)), targets)


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        (["b", "a", "b", "a"], ("a", "b")),
        ([7, 3, 3, 7], ("3", "7")),
        ([7.0, 3.0, 3.0, 7.0], ("3", "7")),
        ([True, False, True, False], ("False", "True")),
    ],
)
def test_labels_become_numbers_in_sorted_order(targets: Any, classes: tuple[str, ...]) -> None:
    found = encode_targets(source(targets), "auto")
    assert found.classes == classes
    assert found.values.dtype == np.int64
    assert [classes[k] for k in found.values] == [str(t).removesuffix(".0") for t in targets]


def test_numbers_are_regression_with_a_column_each() -> None:
    found = encode_targets(source([0.5, 1.5, 2.0]), "auto")
    assert found.classes is None
    assert found.values.tolist() == [[0.5], [1.5], [2.0]]
    assert encode_targets(source(np.zeros((3, 2))), "auto").values.shape == (3, 2)


def test_whole_numbers_with_many_values_are_regression_and_the_user_is_told() -> None:
    found = encode_targets(source(np.arange(100)), "auto")
    assert found.classes is None
    assert "taken for regression; say data.task" in found.notices[0]


def test_the_task_can_be_said() -> None:
    assert encode_targets(source([0, 1, 0, 1]), "regression").classes is None
    assert encode_targets(source([0.5, 1.5, 0.5, 1.5]), "classification").classes == ("0.5", "1.5")


@pytest.mark.parametrize(
    ("targets", "task", "message"),
    [
        (["a", "a"], "auto", "every example has the same class, a"),
        ([3.0, 3.0], "auto", "every example has the same class, 3"),
        (["1", "red", "2"], "regression", "text, such as 'red'"),
        (np.eye(3), "classification", r"shape \(3, 3\)"),
        (np.arange(9) / 7, "classification", "9 different targets in 9 examples"),
        ([], "auto", "holds no examples"),
    ],
)
def test_what_does_not_fit_is_refused(targets: Any, task: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        encode_targets(source(targets), task)
