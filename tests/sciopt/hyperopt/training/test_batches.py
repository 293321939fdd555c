from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.hyperopt.training import Batches

ORDERS: Any = ("replacement", "epochs", "consecutive")


@pytest.mark.parametrize("order", ORDERS)
def test_a_batch_depends_on_seed_and_step_only(order: Any) -> None:
    forwards = [Batches(20, 6, order, 3)(step) for step in range(30)]
    backwards = [Batches(20, 6, order, 3)(step) for step in reversed(range(30))]
    for a, b in zip(forwards, reversed(backwards)):
        np.testing.assert_array_equal(a, b)
    assert {batch.shape for batch in forwards} == {(6,)}
    assert all(((batch >= 0) & (batch < 20)).all() for batch in forwards)


@pytest.mark.parametrize("order", ["replacement", "epochs"])
def test_another_seed_draws_others(order: Any) -> None:
    a, b = (np.concatenate([Batches(50, 10, order, s)(n) for n in range(5)]) for s in (0, 1))
    assert (a != b).any()


def test_an_epoch_sees_no_example_twice_and_the_next_is_shuffled_anew() -> None:
    batches = Batches(20, 6, "epochs", 3)
    epochs = [np.concatenate([batches(3 * e + k) for k in range(3)]) for e in range(2)]
    for epoch in epochs:
        assert len(set(epoch)) == 18
    assert (epochs[0] != epochs[1]).any()


def test_consecutive_batches_begin_again_after_the_last_example() -> None:
    batches = Batches(10, 4, "consecutive", 3)
    assert [list(batches(n)) for n in range(3)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1]]


def test_replacement_draws_every_example_about_equally_often() -> None:
    batches = Batches(10, 10_000, "replacement", 3)
    counts = np.bincount(np.concatenate([batches(n) for n in range(10)]), minlength=10)
    # 100 000 draws: each count has a standard deviation of 95.
    assert abs(counts - 10_000).max() < 500


@pytest.mark.parametrize("order", ORDERS)
def test_a_batch_of_all_examples_is_all_of_them_in_order(order: Any) -> None:
    batches = Batches(10, 10, order, 3)
    assert batches.are_all
    np.testing.assert_array_equal(batches(7), np.arange(10))
    assert not Batches(10, 9, order, 3).are_all
