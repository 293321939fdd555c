"""The benchmark of memory, made small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.benchmarks import fluid_memory


def test_a_run_reports_and_leaves_its_gradient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fluid_memory, "SIDE", 16)
    reports = [
        fluid_memory.run_one("exact", 12, budget, tmp_path / f"{number}.npy")
        for number, budget in enumerate((fluid_memory.STORED, "20 kB"))
    ]
    assert reports[0]["loss"] == reports[1]["loss"]
    stored, bounded = (np.load(tmp_path / f"{number}.npy") for number in range(2))
    assert stored.any()
    np.testing.assert_array_equal(bounded, stored)


def test_a_table_row_compares_processes() -> None:
    row = fluid_memory.measure("lecture", 4, "2 MB", 1)
    assert row[0] == "lecture"
    assert len(row) == 7
