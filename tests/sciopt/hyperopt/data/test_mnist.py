"""MNIST's four files: where they are looked for, and what is wrong with them if not right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sciopt.errors import DataError
from sciopt.hyperopt.data import mnist
from sciopt.hyperopt.data.mnist import load_idx, load_mnist

Make = Callable[..., None]
Idx = Callable[[np.ndarray], bytes]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test looks into the user's cache or environment."""
    monkeypatch.delenv("SCIOPT_DATA", raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)


@pytest.mark.parametrize("packed", [True, False])
def test_training_and_test_files_are_joined(tmp_path: Path, make_mnist: Make, packed: bool) -> None:
    make_mnist(tmp_path, packed=packed)
    source = load_mnist(str(tmp_path))
    assert source.inputs.shape == (40, 4, 3)
    assert source.inputs.dtype == np.uint8
    assert source.training_count == 30
    assert source.targets.tolist() == [k % 3 for k in [*range(30), *range(10)]]


def test_places_are_the_setting_then_the_environment_then_the_cache(
    tmp_path: Path, make_mnist: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_mnist(tmp_path / "cache" / "sciopt" / "mnist", train=30)
    assert load_mnist(None).training_count == 30
    make_mnist(tmp_path / "named" / "mnist", train=31)
    monkeypatch.setenv("SCIOPT_DATA", str(tmp_path / "named"))
    assert load_mnist(None).training_count == 31
    make_mnist(tmp_path / "set", train=32)
    assert load_mnist(str(tmp_path / "set")).training_count == 32


def test_the_other_spelling_of_the_names_is_read(tmp_path: Path, make_mnist: Make) -> None:
    make_mnist(tmp_path)
    for name in mnist.FILES:
        (tmp_path / name).rename(tmp_path / name.replace("-idx", ".idx"))
    assert load_mnist(str(tmp_path)).training_count == 30


@pytest.mark.parametrize(
    ("folder", "message"),
    [(None, "run `sciopt data fetch mnist`"), ("none", "there is no folder")],
)
def test_files_that_are_nowhere_are_asked_for(
    tmp_path: Path, folder: str | None, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        load_mnist(folder and str(tmp_path / folder))


def test_a_missing_file_is_named(tmp_path: Path, make_mnist: Make) -> None:
    make_mnist(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte missing"):
        load_mnist(str(tmp_path))


def test_wrong_label_counts_are_refused(tmp_path: Path, make_mnist: Make, as_idx: Idx) -> None:
    make_mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(as_idx(np.zeros(29)))
    with pytest.raises(DataError, match="29 labels, but train-images-idx3-ubyte has 30 images"):
        load_mnist(str(tmp_path))


def test_images_of_two_sizes_are_refused(tmp_path: Path, make_mnist: Make, as_idx: Idx) -> None:
    make_mnist(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(as_idx(np.zeros((10, 5, 5))))
    with pytest.raises(DataError, match="training images are 4x3, but test images 5x5"):
        load_mnist(str(tmp_path))


def test_a_single_file_takes_the_labels_beside_it(
    tmp_path: Path, make_mnist: Make, as_idx: Idx
) -> None:
    make_mnist(tmp_path)
    images = tmp_path / "train-images-idx3-ubyte"
    assert len(load_idx(images, None).targets) == 30
    (tmp_path / "mine-idx3").write_bytes(as_idx(np.zeros((2, 3, 3))))
    with pytest.raises(DataError, match="no file of labels beside it"):
        load_idx(tmp_path / "mine-idx3", None)


def test_the_real_files_have_their_known_sums(mnist_folder: Path) -> None:
    source = load_mnist(str(mnist_folder))
    assert source.inputs.shape == (70000, 28, 28)
    # The published counts of the digits 0 to 9 in the training file.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(source.targets[:60000]).tolist() == counts
    assert source.inputs[:60000].mean() == pytest.approx(33.3184, abs=1e-4)
