"""The whole way from settings to three parts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciopt.config import Config, load_config
from sciopt.errors import ConfigError, DataError
from sciopt.hyperopt.config.data import DataConfig
from sciopt.hyperopt.data import Dataset, load_data
from sciopt.hyperopt.data.builtin import DATA_SETS, GENERATORS

ROOT = Path(__file__).resolve().parents[4]


def load(dtype: str = "float64", **settings: Any) -> Dataset:
    return load_data(DataConfig(**settings), dtype)


def arrays(data: Dataset) -> list[np.ndarray]:
    parts = (data.train, data.validation, data.test)
    return [array for part in parts for array in (part.inputs, part.targets)]


@pytest.mark.parametrize("name", [*DATA_SETS, *GENERATORS])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_built_in_source_loads_in_the_dtype_asked_for(name: str, dtype: str) -> None:
    data = load(dtype, source=name)
    assert data.name == name
    assert data.notices == ()
    assert data.train.inputs.dtype == dtype
    assert data.train.targets.dtype == (np.int64 if data.is_classification else dtype)
    if data.classes is not None:
        assert data.outputs == len(np.unique(data.train.targets)) == len(data.classes)
        assert data.train.targets.shape == (len(data.train),)
    else:
        assert data.train.targets.shape == (len(data.train), data.outputs)
    if name in DATA_SETS:
        total = sum(map(len, (data.train, data.validation, data.test)))
        assert DATA_SETS[name].startswith(f"{total} ")
        kind = f"{data.outputs} classes" if data.is_classification else "regression"
        assert DATA_SETS[name].endswith(kind)


def test_a_seed_gives_the_same_bits_and_another_seed_others() -> None:
    first, again, other = (load(source="moons", corruption=0.2, seed=seed) for seed in (3, 3, 4))
    assert all(map(np.array_equal, arrays(first), arrays(again)))
    assert not np.array_equal(first.train.inputs, other.train.inputs)


def test_digits_are_images_between_0_and_1() -> None:
    data = load()
    assert data.input_shape == (8, 8)
    assert (data.train.inputs.min(), data.train.inputs.max()) == (0, 1)
    assert data.classes == tuple("0123456789")
    assert not data.mean.any()
    assert (data.scale == 1).all()


def test_tables_are_standardized_on_the_training_part_only() -> None:
    data = load(source="breast-cancer")
    assert np.abs(data.train.inputs.mean(axis=0)).max() < 1e-12
    assert np.abs(data.train.inputs.std(axis=0) - 1).max() < 1e-12
    assert np.abs(data.test.inputs.mean(axis=0)).max() > 1e-3


def test_scaling_by_the_source_uses_every_example_and_says_so() -> None:
    data = load(source="iris", scaling="center", fit_on="source")
    together = np.concatenate(arrays(data)[::2])
    assert np.abs(together.mean(axis=0)).max() < 1e-12
    assert "scales by the test examples too" in data.notices[0]


def test_mean_and_scale_lead_back_to_the_examples() -> None:
    raw, data = (load(source="wine", scaling=kind) for kind in ("none", "standardize"))
    back = data.test.inputs * data.scale + data.mean
    np.testing.assert_allclose(back, raw.test.inputs, rtol=1e-12)  # two roundings
    raw, data = (load(source="diabetes", scale_targets=scaled) for scaled in (False, True))
    back = data.test.targets * data.target_scale + data.target_mean
    np.testing.assert_allclose(back, raw.test.targets, rtol=1e-12)
    assert raw.test.targets.max() > 200


def test_corruption_touches_training_labels_only_and_is_recorded() -> None:
    clean, data = load(), load(corruption=0.5)
    assert data.corrupted.sum() == round(0.5 * len(data.train))
    assert np.array_equal(data.train.targets != data.clean_targets, data.corrupted)
    assert np.array_equal(data.clean_targets, clean.train.targets)
    assert np.array_equal(data.validation.targets, clean.validation.targets)
    assert np.array_equal(data.test.targets, clean.test.targets)


def test_a_table_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    lines = [f"{k},{k % 7},{'rose' if k % 3 else 'tulip'}" for k in range(30)]
    path.write_text("\n".join(["a,b,species", *lines]))
    data = load(source=str(path), target="species", balance=True)
    assert data.classes == ("rose", "tulip")
    assert [np.bincount(targets).tolist() for targets in arrays(data)[1::2]] == [
        [12, 6], [4, 2], [4, 2],
    ]  # fmt: skip


def test_a_class_without_training_examples_is_told() -> None:
    assert load(source="iris", split="order").notices == (
        "no training example is of class virginica",
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"source": "digit"}, "no built-in data digit; did you mean digits?"),
        ({"source": "mine.csv"}, "no file and no built-in data mine.csv; built in are digits"),
        ({"source": "."}, "is a folder"),
        ({"source": __file__}, "ends in none of .npz, .csv and .tsv"),
        ({"train": 1700}, "data.test|data.validation: no example is left"),
        ({"train": 1000, "validation": 500, "test": 500}, "more than the 1797 examples"),
        ({"source": "iris", "split": "order", "train": 40}, "all training examples have one class"),
        ({"source": "diabetes", "corruption": 0.5}, "data.corruption: is for classes"),
        ({"source": "diabetes", "balance": True}, "data.balance: is for classes"),
        ({"source": "friedman", "features": 3}, "friedman needs at least 5, got 3"),
        ({"source": "classification", "classes": 9, "features": 3}, "need at least 4 features"),
        ({"source": "classification", "noise": 2}, "data.noise: is the share"),
        ({"source": "blobs", "classes": 20, "samples": 10}, "20 classes cannot come from"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    if settings.get("train") == 1700:
        settings = {**settings, "validation": 97}
    with pytest.raises(DataError, match=message):
        load(**settings)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("train=0", "--set data.train: must be at least 1, got 0"),
        ("train=many", "--set data.train: must be a whole number or a number, got 'many'"),
        ("target=3", "--set data.target: must be text, got 3"),
        ("corruption=1.5", "--set data.corruption: must be at most 1, got 1.5"),
        ("scaling=centre", "must be one of auto, none, center, standardize, unit"),
    ],
)
def test_bad_values_are_refused_in_plain_words(setting: str, message: str) -> None:
    class Settings(Config):
        data: DataConfig = DataConfig()

    with pytest.raises(ConfigError) as raised:
        load_config(Settings, sets=[f"data.{setting}"])
    assert message in str(raised.value)


def test_a_data_dir_counts_from_the_config_s_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("data_dir: mnist\n")
    config = load_config(DataConfig, path=tmp_path / "mine.yaml")
    assert config.data_dir == str(tmp_path / "mnist")


def test_scikit_learn_is_imported_only_for_its_own_sources(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.arange(40.0).reshape(20, 2), y=np.arange(20) % 2)
    code = (
        "import sys\n"
        "from sciopt.hyperopt.config.data import DataConfig\n"
        "from sciopt.hyperopt.data import load_data\n"
        f"load_data(DataConfig(source={str(tmp_path / 'x.npz')!r}), 'float64')\n"
        "print([name for name in ('sklearn', 'pooch', 'pandas') if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
        cwd=ROOT,
    )  # fmt: skip
    assert finished.stdout == "[]\n"


def test_mnist_as_published_tasks_use_it(mnist_folder: Path) -> None:
    """Centred by all 60000 training images, in the order of the file (Maclaurin et al. 2015)."""
    settings = {"source": "mnist", "data_dir": str(mnist_folder), "split": "order"}
    data = load(
        "float32", **settings, scaling="center", fit_on="source", train=1000, validation=500, test=9
    )
    assert data.notices == ()
    assert data.input_shape == (28, 28)
    assert data.train.targets[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.test.targets.tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5]
    # The mean grey level of the training images, 33.3184 of 255.
    assert data.mean.mean() == pytest.approx(33.3184 / 255, abs=1e-6)
    assert data.train.inputs.min() >= -1
    assert data.train.inputs.max() <= 1


def test_mnist_pooled_and_corrupted_as_for_cleaning(mnist_folder: Path) -> None:
    """All 70000 shuffled together, half of the labels wrong (Franceschi et al. 2017)."""
    sizes = {"train": 5000, "validation": 5000, "test": 10000}
    data = load(
        "float32", source="mnist", data_dir=str(mnist_folder), merge_test=True, corruption=0.5,
        **sizes,
    )  # fmt: skip
    assert [len(part) for part in (data.train, data.validation, data.test)] == list(sizes.values())
    assert data.corrupted.sum() == 2500
    assert (data.train.inputs.min(), data.train.inputs.max()) == (0, 1)
