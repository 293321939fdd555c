"""The benchmarks of loops, made small: what they time is right."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.benchmarks import loops, soak, unrolled_training

TINY = unrolled_training.Case((5, 4, 3), 6, 7)


def test_a_budget_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "SIDE", 6)
    stored, budget = loops.run_one(9, None), loops.run_one(9, f"{3 * 3 * 36 * 8} B")
    assert stored["digest"] == budget["digest"]


def test_every_form_of_training_gives_one_hypergradient() -> None:
    hyperparams = TINY.arrays()[-1]
    expected = unrolled_training.ours_written_out(TINY)(hyperparams)
    assert np.all(expected[0] != 0.0)
    for memory in (None, "operations", unrolled_training._tenth(TINY)):
        for got, wanted in zip(unrolled_training.ours(TINY, memory)(hyperparams), expected):
            np.testing.assert_allclose(got, wanted, rtol=1e-10)  # other order of summation


def test_the_soak_runs_every_kind() -> None:
    soak.run(len(soak.KINDS))
    assert soak.failing() == "half way"
