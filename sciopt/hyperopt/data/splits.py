"""Who is in which part: disjoint rows for training, validation and test, a function of the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError

from ..config.data import DataConfig

_SHUFFLE, _SHUFFLE_TEST = 1, 2  # tags of these uses of a seed
_USUAL_SHARE = 0.2

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Parts:
    """Rows of the source, (N_train,), (N_validation,) and (N_test,), no row twice."""

    train: Rows
    validation: Rows
    test: Rows


def split_rows(
    config: DataConfig, examples: int, training: int, labels: NDArray[np.int64] | None
) -> Parts:
    """The rows of each part.

    Args:
        examples: N of the source; the first `training` of them are its training file.
        labels: (N,) class numbers 0..C-1, or None for regression.
    Raises: DataError if the parts do not fit into what there is.
    """
    if config.balance and labels is None:
        raise DataError("data.balance: is for classes, but the targets are numbers; drop it")
    balance = None if labels is None or not config.balance else labels
    equal = config.balance == "equal"
    if config.merge_test or training == examples:
        pool = _Pool(_order(config, 0, examples, _SHUFFLE), balance, equal)
        sizes = _sizes(config, pool.usable, own_test=False)
        return Parts(*(pool.take(size) for size in sizes.values()))
    pool = _Pool(_order(config, 0, training, _SHUFFLE), balance, equal)
    sizes = _sizes(config, pool.usable, own_test=True)
    train, validation = (pool.take(size) for size in sizes.values())
    pool = _Pool(_order(config, training, examples, _SHUFFLE_TEST), balance, equal)
    wanted = _count(config.test, pool.usable)
    count = pool.usable if wanted is None else wanted
    if not 1 <= count <= pool.usable:
        raise DataError(f"data.test: {count} examples, but the test file has {pool.usable}")
    return Parts(train, validation, pool.take(count))


def _order(config: DataConfig, start: int, stop: int, tag: int) -> Rows:
    rows = np.arange(start, stop)
    if config.split == "shuffle":
        np.random.default_rng([config.seed, tag]).shuffle(rows)
    return rows


def _sizes(config: DataConfig, total: int, own_test: bool) -> dict[str, int]:
    """How many rows of `total` each part takes; "test" only if it has no file of its own."""
    wanted = {
        "train": _count(config.train, total),
        "validation": _count(config.validation, total),
    }
    if not own_test:
        wanted["test"] = _count(config.test, total)
    left = total - sum(size or 0 for size in wanted.values())
    given = ", ".join(f"{name} {size}" for name, size in wanted.items() if size is not None)
    if left < 0:
        how = " in equal numbers of each class" if config.balance == "equal" else ""
        raise DataError(
            f"data: {given} are more than the {total} examples there are{how}; lower them"
        )
    open_parts = [name for name, size in wanted.items() if size is None]
    if open_parts:
        usual = min(max(1, int(_USUAL_SHARE * total)), left // len(open_parts))
        # Training takes what the others leave, and the others a fifth each.
        sizes = {name: usual if size is None else size for name, size in wanted.items()}
        if wanted["train"] is None:
            sizes["train"] = left - usual * (len(open_parts) - 1)
    else:
        sizes = {name: size or 0 for name, size in wanted.items()}
    for name, size in sizes.items():
        if size < 1:
            taken = f"after {given} " if given and wanted[name] is None else ""
            raise DataError(f"data.{name}: no example is left for it {taken}of {total} examples")
    return sizes


def _count(size: int | float | None, total: int) -> int | None:
    """A count, or a share of `total` rounded down, but for round-off."""
    return int(size * total + 1e-9) if isinstance(size, float) else size


class _Pool:
    """Rows in their order, from which parts are taken one after the other."""

    def __init__(self, rows: Rows, labels: NDArray[np.int64] | None, equal: bool) -> None:
        self.rows = rows
        self.equal = equal
        self.turn = 0
        # Places in `rows`, not rows: so a part can be put back into the order of the pool.
        self.queues = [np.arange(len(rows))]
        if labels is not None:
            self.queues = [np.flatnonzero(labels[rows] == c) for c in range(labels.max() + 1)]
        self.usable = len(rows)
        if equal:
            self.usable = len(self.queues) * min(map(len, self.queues))

    def take(self, size: int) -> Rows:
        """The next `size` rows, at most `usable` in all, in the order of the pool."""
        quotas = self._equal(size) if self.equal else self._proportional(size)
        places = [queue[:quota] for queue, quota in zip(self.queues, quotas)]
        self.queues = [queue[quota:] for queue, quota in zip(self.queues, quotas)]
        return self.rows[np.sort(np.concatenate(places))]

    def _proportional(self, size: int) -> NDArray[np.int64]:
        """Largest remainders of the shares of what is left, so that no class runs out."""
        left = np.array([len(queue) for queue in self.queues])
        exact = size * left  # in units of 1 / sum(left), so that rounding is exact
        quotas, remainders = np.divmod(exact, left.sum())
        missing = size - int(quotas.sum())
        quotas[np.argsort(-remainders, kind="stable")[:missing]] += 1
        return quotas

    def _equal(self, size: int) -> NDArray[np.int64]:
        """size // C of each class; the rest goes to the classes whose turn it is."""
        groups = len(self.queues)
        quotas = np.full(groups, size // groups)
        extra = (self.turn + np.arange(size % groups)) % groups
        quotas[extra] += 1
        self.turn = (self.turn + size) % groups
        return quotas
