"""NPZ: arrays by their usual names, and a message for each that is not there or unfit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciopt.errors import DataError
from sciopt.hyperopt.data.npz import load_npz

TABLE = np.arange(12.0).reshape(6, 2)
LABELS = np.arange(6) % 2


def save(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "mine.npz", **arrays)
    return folder / "mine.npz"


@pytest.mark.parametrize(
    ("names", "target"), [(("x", "y"), None), (("images", "labels"), None), (("q", "z"), "z")]
)
def test_arrays_are_found_by_name(
    tmp_path: Path, names: tuple[str, str], target: str | None
) -> None:
    source = load_npz(save(tmp_path, **dict(zip(names, (TABLE, LABELS)))), target)
    assert source.name == "mine"
    assert np.array_equal(source.inputs, TABLE)
    assert np.array_equal(source.targets, LABELS)
    assert source.white == 1


def test_images_of_bytes_have_255_for_white(tmp_path: Path) -> None:
    images = np.zeros((6, 3, 3), dtype=np.uint8)
    assert load_npz(save(tmp_path, x=images, y=LABELS), None).white == 255


def test_train_and_test_arrays_are_a_file_each(tmp_path: Path) -> None:
    arrays = {"x_train": TABLE[:4], "y_train": LABELS[:4], "x_test": TABLE[4:]}
    source = load_npz(save(tmp_path, **arrays, y_test=LABELS[4:]), None)
    assert (source.training_count, len(source.inputs)) == (4, 6)
    assert np.array_equal(source.inputs, TABLE)


@pytest.mark.parametrize(
    ("arrays", "target", "message"),
    [
        ({}, None, "(there are none)"),
        ({"x": TABLE, "price": LABELS, "age": LABELS}, "prize", "did you mean price?"),
        ({"a": TABLE, "b": TABLE, "y": LABELS}, None, "none of the arrays a, b is called x"),
        ({"x": TABLE, "y": LABELS[:4]}, None, "x has 6 examples, but y has 4"),
        ({"x": np.where(TABLE > 8, np.nan, TABLE), "y": LABELS}, None, "first at [4, 1]"),
        ({"x": TABLE, "y": np.full(6, np.inf)}, None, "y: 6 values are"),
        ({"x": TABLE.astype(str), "y": LABELS}, None, "real numbers are expected"),
        ({"x": TABLE * 1j, "y": LABELS}, None, "x: holds complex128 values"),
        ({"x": TABLE, "y": np.zeros((6, 2, 2))}, None, "has shape (6, 2, 2)"),
        ({"x": TABLE, "y": np.array([None] * 6)}, None, "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, arrays: dict[str, Any], target: str | None, message: str
) -> None:
    path = save(tmp_path, **arrays)
    with pytest.raises(DataError) as raised:
        load_npz(path, target)
    assert message in str(raised.value)
    assert str(raised.value).startswith(str(path))


def test_a_single_array_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "one.npz").open("wb") as file:
        np.save(file, TABLE)
    with pytest.raises(DataError, match="holds a single array"):
        load_npz(tmp_path / "one.npz", None)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04", None])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = save(tmp_path, x=TABLE, y=LABELS)
    path.write_bytes(path.read_bytes()[:-40] if content is None else content)
    with pytest.raises(DataError, match=r"mine\.npz: (truncated|cannot be read)"):
        load_npz(path, None)
