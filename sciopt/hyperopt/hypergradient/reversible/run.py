"""A training run in fixed point that can be walked both ways."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np

from sciopt.errors import DivergenceError, ModelError
from sciopt.hyperopt.problem import Problem

from .adam import Adam
from .gradients import StepGradient
from .heavy_ball import HeavyBall
from .leaves import Leaves
from .rates import Floats, Rates

HASH_EVERY = 100
"""Steps between two hashes of the state."""


class ReversibleRun:
    """Weights and what the rule remembers, array by array.

    Attributes:
        arrays: one for each array of the layout.
        rates: its numbers of each step.
    """

    def __init__(self, problem: Problem, leaves: Leaves, seed: int, radix_bits: int) -> None:
        inner = problem.inner
        self._names, self._radix_bits = problem.layout.names, radix_bits
        self._gradient = StepGradient(problem, leaves, seed)
        self.rates = Rates(leaves, inner.rule.uses, inner.config.steps)
        self._hashes: dict[int, bytes] = {}
        scale, rule = 2.0**radix_bits, inner.config.optimizer
        self.arrays: list[HeavyBall | Adam] = []
        for k, initial in enumerate(leaves.values["initial"]):
            start = np.ravel(np.asarray(initial, np.float64))
            if rule == "adam":
                eps, root = inner.config.eps, inner.config.eps_root
                self.arrays.append(Adam(k, start, scale, self.rates, eps, root))
            else:
                averaged = rule == "heavy-ball"
                self.arrays.append(HeavyBall(k, start, scale, self.rates, averaged))
        for array, initial in zip(self.arrays, leaves.values["initial"]):
            if not array.is_safe:
                raise self._diverged(0, array, np.ravel(initial))

    @property
    def weights(self) -> list[Floats]:
        """The weights as floats, flat arrays that change with every step."""
        return [array.w for array in self.arrays]

    def forward(self, t: int) -> None:
        """Take step t. Raises: DivergenceError if a number is not finite or too large."""
        if t % HASH_EVERY == 0:
            self._hashes[t] = self._hash()
        for array, g in zip(self.arrays, self._gradient.plain(self.weights, t)):
            if not array.step(g, t):
                raise self._diverged(t, array, g)

    def backward(self, t: int) -> None:
        """Take step t back, and the adjoints through it. Raises: ModelError if it went wrong."""
        for array in self.arrays:
            array.unstep_weights(t)
        gradients = self._gradient.record(self.weights, t)
        u = [array.unstep_slots(g, t) for array, g in zip(self.arrays, gradients)]
        for array, bar in zip(self.arrays, self._gradient.pull(u, t)):
            array.w_bar += bar
        if t % HASH_EVERY == 0 and self._hash() != self._hashes.pop(t):
            raise ModelError(
                f"reversible: on the way back the state before training step {t} differs from that"
                f" on the way there, so some gradient of the steps {t} to {t + HASH_EVERY} did not"
                " come out the same twice; the model must give the same bits for the same"
                " arguments, without random numbers or counters. Or set hypergradient.method:"
                " reverse"
            )

    def is_at_start(self) -> bool:
        """Whether the buffers are as empty as before the first step."""
        return all(buffer.is_empty for array in self.arrays for buffer in array.buffers)

    def diagnostics(self) -> dict[str, float]:
        """Bits per element that are stored and that theory asks for, and the buffers' size."""
        size = sum(array.w.size for array in self.arrays)
        pairs = [(array.w.size / size, b) for array in self.arrays for b in array.buffers]
        return {
            "bits_per_element": sum(share * b.bits for share, b in pairs),
            "theory_bits_per_element": sum(share * b.theory_bits for share, b in pairs),
            "buffer_mb": sum(b.nbytes for _, b in pairs) / 1e6,
        }

    def _hash(self) -> bytes:
        digest = blake2b(digest_size=8)
        for array in self.arrays:
            for part in array.state:
                digest.update(part)  # type: ignore[arg-type]  # arrays are buffers
        return digest.digest()

    def _diverged(self, t: int, array: Any, g: Floats) -> DivergenceError:
        name = self._names[self.arrays.index(array)]
        bound = 2.0 ** (62 - self._radix_bits)
        return DivergenceError(
            f"training diverged in step {t}: {name} has weights up to {_largest(array.w):.3g} and a"
            f" gradient up to {_largest(g):.3g}; reversible holds finite weights below {bound:g},"
            " 2 to the power of 62 - radix_bits. Lower the learning rate or its bounds; if these"
            " sizes are right, lower hypergradient.radix_bits or take method: reverse"
        )


def _largest(numbers: Floats) -> float:
    return float(np.max(np.abs(numbers), initial=0.0))
