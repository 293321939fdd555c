"""Minibatches as a pure function of seed and step, so that any step can be taken again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Order = Literal["replacement", "epochs", "consecutive"]
_BATCHES = 1  # tag of this use of a seed


@dataclass(frozen=True)
class Batches:
    """Which examples each step sees.

    Attributes:
        examples: N, how many there are.
        size: B of a minibatch, at most N.
        order: "replacement": each minibatch B independent draws; "epochs": the N // B minibatches
            of an epoch cut a new shuffle of the data, which loses N % B examples per epoch;
            "consecutive": B in the order of the data, from the start again after the last.
        seed: of the draws.
    """

    examples: int
    size: int
    order: Order
    seed: int

    @property
    def are_all(self) -> bool:
        """Whether each minibatch is all N examples: then they come in their order."""
        return self.size == self.examples

    def __call__(self, step: int) -> NDArray[np.intp]:
        """The examples of a step, (B,)."""
        if self.are_all:
            return np.arange(self.examples)
        if self.order == "consecutive":
            return (step * self.size + np.arange(self.size)) % self.examples
        if self.order == "replacement":
            rng = np.random.default_rng([self.seed, _BATCHES, step])
            return rng.integers(self.examples, size=self.size)
        per_epoch = self.examples // self.size
        epoch, place = divmod(step, per_epoch)
        return _shuffle(self.examples, self.seed, epoch)[place * self.size :][: self.size]


@lru_cache(maxsize=4)  # a backward pass asks for the steps of an epoch one after the other too
def _shuffle(examples: int, seed: int, epoch: int) -> NDArray[np.intp]:
    shuffle = np.random.default_rng([seed, _BATCHES, epoch]).permutation(examples)
    shuffle.flags.writeable = False
    return shuffle
