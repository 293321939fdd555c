"""Corruption: exactly as many labels as asked for, always another class, every class possible."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sciopt.hyperopt.data.corruption import corrupt_labels


@given(
    examples=st.integers(0, 300),
    classes=st.integers(2, 12),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_an_exact_share_of_labels_becomes_another_class(
    examples: int, classes: int, share: float, seed: int
) -> None:
    labels = np.random.default_rng(seed).integers(classes, size=examples)
    before = labels.copy()
    replaced, corrupted = corrupt_labels(labels, classes, share, seed)
    assert corrupted.sum() == round(share * examples)
    assert np.array_equal(replaced != labels, corrupted)
    assert np.array_equal(labels, before)
    assert ((replaced >= 0) & (replaced < classes)).all()


def test_the_other_class_is_uniform() -> None:
    replaced, _ = corrupt_labels(np.zeros(9000, dtype=np.int64), 10, 1.0, seed=0)
    counts = np.bincount(replaced, minlength=10)
    assert counts[0] == 0
    # 1000 of each expected, standard deviation 30: five of them.
    assert np.abs(counts[1:] - 1000).max() < 150


def test_the_seed_decides() -> None:
    labels = np.arange(100) % 5
    one, again, other = (corrupt_labels(labels, 5, 0.3, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
