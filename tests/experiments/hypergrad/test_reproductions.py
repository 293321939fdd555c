"""The reproductions in small: a few outer steps on a few images, and their tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.hypergrad import cleaning, regularization, schedules, training_data
from experiments.hypergrad.reproduction import Finished, Row, load_run, show, table
from sciopt import runs
from sciopt.config import find_config, load_config
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.problem import build_problem
from sciopt.hyperopt.solve import solve

MNIST = Path(__file__).resolve().parents[4] / "shared" / "data" / "mnist"


def small_run(name: str, folder: Path, *sets: str) -> Finished:
    """A run of a shipped config made small, read back from its folder."""
    if not (MNIST / "t10k-labels-idx1-ubyte.gz").exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have MNIST in {MNIST}")
        pytest.skip(f"MNIST is not in {MNIST}")
    sizes = ["data.train=200", "data.validation=200", "data.test=200"]
    config = load_config(
        HyperoptConfig,
        path=find_config(name, "hyperopt"),
        sets=[*sizes, "outer.iterations=2", *sets],
        flags={"data.data_dir": str(MNIST)},
    )
    with runs.new_run(folder, "hyperopt", name, config) as run:
        runs.save_result(run.folder, solve(build_problem(config)))
        run.finish("finished", "")
    return load_run(run.folder)


def assert_shown(done: Finished, rows: list[Row], module: Any, capsys: Any) -> None:
    """Every figure of ours is a number where the reference has one, and the table can be drawn."""
    for row in rows:
        missing = np.isnan(row.reference) & np.isnan(row.ours)
        assert np.isfinite(row.ours)[~missing].all(), row
    show(done, "title", module.COLUMNS, rows)
    assert (done.folder / "controls.png").stat().st_size > 5000
    assert rows[-1].label in capsys.readouterr().out


def test_cleaning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = small_run("cleaning", tmp_path, "training.steps=20", "outer.iterations=4")
    rows = cleaning.rows(done, steps=30)
    assert_shown(done, rows, cleaning, capsys)
    by_label = {row.label: row.ours[0] for row in rows}
    # Nine in ten is far away for 200 images; but right labels must be worth more than wrong ones.
    assert (
        by_label["all labels right + validation"] > by_label["all, wrong labels too, + validation"]
    )
    assert done.result.f1 > 0.6


def test_schedules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = ("training.steps=5", "training.batch=20", "model.hidden=[6]", "outer.evaluation_seeds=1")
    done = small_run("schedules", tmp_path, *sets)
    assert_shown(done, schedules.rows(done, seeds=2), schedules, capsys)


def test_training_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = small_run("training-data", tmp_path, "outer.iterations=5")
    rows = training_data.rows(done, seeds=2)
    assert_shown(done, rows, training_data, capsys)
    assert rows[1].ours[0] < 0.5 * rows[0].ours[0]
    assert rows[1].ours[0] == pytest.approx(done.result.loss_final, rel=1e-5)  # float32


def test_regularization(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = small_run("regularization", tmp_path, "training.batch=50")
    rows = regularization.rows(done, seeds=2)
    assert_shown(done, rows, regularization, capsys)
    # The grid holds coefficients close to the start, and the best is no worse than those.
    assert rows[3].ours[0] < rows[0].ours[0]


def test_a_table_shows_the_reference_beside_ours() -> None:
    text = table(["loss"], [Row("some", (0.5,), (float("nan"),)), Row("other", (2.0,), (1.0,))])
    assert text.splitlines() == [
        "       loss, reference  loss, ours",
        "some               0.5           -",
        "other                2           1",
    ]
