"""Scaling: fitted on the rows that it is told, constants left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sciopt.errors import DataError
from sciopt.hyperopt.data import scaling
from sciopt.hyperopt.data.scaling import fit_scaling
from sciopt.hyperopt.data.source import Source


def source(inputs: np.ndarray, white: float = 1.0) -> Source:
    return Source("mine", "mine.csv", inputs, np.zeros(len(inputs)), white)


@given(
    inputs=arrays(np.float64, (12, 3), elements=st.floats(-1e6, 1e6, width=32)),
    rows=st.lists(st.integers(0, 11), min_size=2, unique=True),
)
def test_the_rows_it_is_fitted_on_come_out_standardized(
    inputs: np.ndarray, rows: list[int]
) -> None:
    data, chosen = source(inputs), np.array(rows)
    scaled = fit_scaling("standardize", data, chosen).apply(data, chosen, "float64")
    constant = np.ptp(inputs[chosen], axis=0) == 0
    assert (scaled[:, constant] == 0).all()
    spread = inputs[chosen].std(axis=0)
    # Far from zero and close together, few digits of the mean are left to subtract.
    sharp = ~constant & (spread > 1e-6 * np.abs(inputs[chosen]).max(axis=0))
    assert np.abs(scaled[:, sharp].mean(axis=0)).max(initial=0) < 1e-8
    assert np.abs(scaled[:, sharp].std(axis=0) - 1).max(initial=0) < 1e-8


def test_center_and_unit_do_what_they_say(rng: np.random.Generator) -> None:
    data, rows = source(rng.uniform(-5, 9, (20, 4))), np.arange(15)
    centred = fit_scaling("center", data, rows).apply(data, rows, "float64")
    assert np.abs(centred.mean(axis=0)).max() < 1e-14  # a few units of round-off
    assert np.ptp(centred) > 2
    unit = fit_scaling("unit", data, rows).apply(data, rows, "float64")
    assert (unit.min(axis=0) == 0).all()
    assert (unit.max(axis=0) == 1).all()


def test_blocks_do_not_change_the_result(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, rows = source(rng.integers(256, size=(50, 3, 2)).astype(np.uint8), 255.0), np.arange(50)
    monkeypatch.setattr(scaling, "_NUMBERS", 7 * 6)
    found = fit_scaling("standardize", data, rows)
    levels = data.inputs / 255
    # The order of additions differs.
    np.testing.assert_allclose(found.mean, levels.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.scale, levels.std(axis=0), rtol=1e-13)


def test_auto_standardizes_tables_and_leaves_images(rng: np.random.Generator) -> None:
    rows = np.arange(9)
    images = source(rng.integers(256, size=(9, 2, 2)).astype(np.uint8), 255.0)
    left = fit_scaling("auto", images, rows).apply(images, rows, "float32")
    assert left.dtype == np.float32
    assert np.array_equal(left, (images.inputs / 255).astype(np.float32))
    assert (fit_scaling("auto", source(rng.uniform(size=(9, 2))), rows).scale < 1).all()


def test_inputs_too_large_for_the_dtype_are_refused() -> None:
    data, rows = source(np.array([[1e300], [2.0]])), np.arange(2)
    with pytest.raises(DataError, match="too large for float32"):
        fit_scaling("none", data, rows).apply(data, rows, "float32")
