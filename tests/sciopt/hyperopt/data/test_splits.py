"""Splits: disjoint, of the sizes asked for, functions of the seed, balanced where asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciopt.errors import DataError
from sciopt.hyperopt.config.data import DataConfig
from sciopt.hyperopt.data.splits import Parts, split_rows

seeds = st.integers(0, 2**32 - 1)
orders = st.sampled_from(["shuffle", "order"])


def rows_of(parts: Parts) -> list[np.ndarray]:
    return [parts.train, parts.validation, parts.test]


@given(
    sizes=st.tuples(*[st.integers(1, 40)] * 3),
    spare=st.integers(0, 20),
    seed=seeds,
    split=orders,
    data=st.data(),
)
def test_parts_are_disjoint_and_have_their_sizes(
    sizes: tuple[int, int, int], spare: int, seed: int, split: str, data: st.DataObject
) -> None:
    examples = sum(sizes) + spare
    labels = np.array(data.draw(st.lists(st.integers(0, 4), min_size=examples, max_size=examples)))
    balance = data.draw(st.booleans())
    train, validation, test = sizes
    config = DataConfig(
        train=train, validation=validation, test=test, seed=seed, split=split, balance=balance
    )
    parts = rows_of(split_rows(config, examples, examples, labels))
    assert [len(part) for part in parts] == list(sizes)
    together = np.concatenate(parts)
    assert len(np.unique(together)) == len(together)
    assert together.min() >= 0
    assert together.max() < examples


@given(examples=st.integers(5, 5000), seed=seeds)
def test_without_sizes_everything_is_used_and_a_fifth_is_held_out_each(
    examples: int, seed: int
) -> None:
    parts = rows_of(split_rows(DataConfig(seed=seed), examples, examples, None))
    fifth = examples // 5
    assert [len(part) for part in parts] == [examples - 2 * fifth, fifth, fifth]


@given(seed=seeds)
def test_the_same_seed_gives_the_same_parts_and_another_seed_others(seed: int) -> None:
    first, again, other = (
        split_rows(DataConfig(seed=s), 500, 500, None) for s in (seed, seed, seed ^ 1)
    )
    assert all(map(np.array_equal, rows_of(first), rows_of(again)))
    assert not np.array_equal(first.train, other.train)


@given(counts=st.lists(st.integers(3, 60), min_size=2, max_size=6), seed=seeds, split=orders)
def test_balanced_parts_have_the_class_shares_of_the_whole(
    counts: list[int], seed: int, split: str
) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    config = DataConfig(seed=seed, split=split, balance=True)
    for part in rows_of(split_rows(config, len(labels), len(labels), labels)):
        found = np.bincount(labels[part], minlength=len(counts))
        exact = len(part) * np.array(counts) / len(labels)
        # Each of the three parts rounds by less than 1, on top of what the others rounded.
        assert np.abs(found - exact).max() < 3


@given(counts=st.lists(st.integers(5, 60), min_size=2, max_size=6), seed=seeds)
def test_equal_parts_have_as_many_of_each_class_to_within_one(counts: list[int], seed: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    config = DataConfig(seed=seed, balance="equal")
    parts = rows_of(split_rows(config, len(labels), len(labels), labels))
    assert sum(map(len, parts)) == len(counts) * min(counts)
    for part in parts:
        assert np.ptp(np.bincount(labels[part], minlength=len(counts))) <= 1


def test_order_keeps_the_file_s_order_training_first() -> None:
    config = DataConfig(split="order", train=4, validation=3, test=2)
    parts = rows_of(split_rows(config, 10, 10, None))
    assert [part.tolist() for part in parts] == [[0, 1, 2, 3], [4, 5, 6], [7, 8]]


@pytest.mark.parametrize("split", ["shuffle", "order"])
def test_a_test_file_is_the_test_set_unless_merged(split: str) -> None:
    config = DataConfig(split=split, train=50, validation=30)
    parts = split_rows(config, 120, 100, None)
    assert set(parts.test) == set(range(100, 120))
    assert max(parts.train.max(), parts.validation.max()) < 100
    merged = DataConfig(split=split, train=50, validation=30, test=40, merge_test=True)
    parts = split_rows(merged, 120, 100, None)
    assert len(parts.test) == 40
    assert (max(parts.train) > 100) == (split == "shuffle")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"train": 0.5}, (50, 20, 20)),
        ({"train": 90}, (90, 5, 5)),
        ({"validation": 10}, (70, 10, 20)),
        ({"train": 0.7, "validation": 0.2, "test": 0.1}, (70, 20, 10)),
        ({"train": 0.29, "validation": 10, "test": 0.57}, (29, 10, 57)),
    ],
)
def test_sizes_are_counts_or_shares(
    sizes: dict[str, float], expected: tuple[int, int, int]
) -> None:
    parts = split_rows(DataConfig(**sizes), 100, 100, None)
    assert tuple(map(len, rows_of(parts))) == expected


@pytest.mark.parametrize(
    ("settings", "training", "message"),
    [
        ({"train": 80, "validation": 30}, 100, "train 80, validation 30 are more than the 100"),
        ({"train": 100}, 100, "data.validation: no example is left for it after train 100"),
        ({"train": 0.001}, 100, "data.train: no example"),
        ({"test": 30}, 80, "data.test: 30 examples, but the test file has 20"),
        ({"balance": True}, 100, "data.balance: is for classes"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(
    settings: dict[str, float], training: int, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        split_rows(DataConfig(**settings), 100, training, None)


def test_equal_parts_that_a_class_is_too_small_for_are_refused() -> None:
    labels = np.array([0] * 90 + [1] * 10)
    config = DataConfig(balance="equal", train=10, validation=6, test=6)
    with pytest.raises(DataError, match="more than the 20 examples there are in equal numbers"):
        split_rows(config, 100, 100, labels)
