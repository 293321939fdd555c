"""Which method suits a problem, from counts and memory alone, and why.

Costs are in training runs, as measured where steps are compiled, on 64-32-10 with batches of 32 and
on 784-50-50-50-10 with batches of 250: reverse mode 2.5 to 3.1; a tangent beside a run 3 to 5.5;
reversible mode 4.2 on the large network, and 17 on the small one, where each step is many calls of
short kernels. Methods that are not exact are never recommended: whether they can be trusted depends
on more than counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from autodiff import plan_unroll

_STORED_RUNS = 3.0
_FORWARD_RUNS = 4.0
_REVERSIBLE_RUNS = 5.0


@dataclass(frozen=True)
class Counts:
    """What the choice depends on.

    Attributes:
        hyperparameters: how many numbers are tuned.
        weights: n of the model.
        slots: numbers that the update rule remembers per weight.
        steps: T of a training run.
        item_bytes: of one number, 4 or 8.
        reversal_bits: that exact reversal keeps per weight and step; None if it cannot be.
    """

    hyperparameters: int
    weights: int
    slots: int
    steps: int
    item_bytes: int = 8
    reversal_bits: float | None = None

    @property
    def state_bytes(self) -> int:
        """Bytes of weights and slots before one step."""
        return self.weights * (1 + self.slots) * self.item_bytes


@dataclass(frozen=True)
class Recommendation:
    """A method for a problem.

    Attributes:
        method: exact ones only.
        memory: budget for stored states, bytes; None where all are stored or none.
        why: one or two sentences.
        bytes: predicted memory for states.
        training_runs: predicted time of one hypergradient.
    """

    method: Literal["reverse", "reversible", "forward"]
    memory: int | None
    why: str
    bytes: int
    training_runs: float


def recommend(counts: Counts, budget: int) -> Recommendation:
    """The cheapest exact method whose states fit into `budget` bytes.

    Where none fits, forward mode: it needs the least.
    """
    stored = counts.state_bytes * counts.steps
    found = [_forward(counts)]
    if stored <= budget:
        found.append(_stored(counts, stored))
    else:
        if counts.state_bytes <= budget:
            found.append(_checkpointed(counts, stored, budget))
        if counts.reversal_bits is not None:
            reversible = _reversible(counts, stored, budget)
            if reversible.bytes <= budget:
                found.append(reversible)
    return min(found, key=lambda each: each.training_runs)


def _forward(counts: Counts) -> Recommendation:
    h = counts.hyperparameters
    runs = _FORWARD_RUNS * h
    return Recommendation(
        "forward",
        None,
        f"forward: one tangent run for each of {h} hyperparameter{'s' * (h != 1)} stores no states"
        f" and costs about {runs:.0f} training runs, the least of what fits into memory.",
        4 * counts.state_bytes,
        runs,
    )


def _stored(counts: Counts, stored: int) -> Recommendation:
    return Recommendation(
        "reverse",
        None,
        f"reverse: the gradient by all {counts.hyperparameters} hyperparameters costs about"
        f" {_STORED_RUNS:.0f} training runs, and the {counts.steps} states of a run fit into memory"
        f" ({_size(stored)}).",
        stored,
        _STORED_RUNS,
    )


def _checkpointed(counts: Counts, stored: int, budget: int) -> Recommendation:
    state = np.broadcast_to(np.zeros(1, np.uint8), (counts.state_bytes,))
    plan = plan_unroll(state, length=counts.steps, memory=budget)
    # Of those, stored states ask for two a step.
    runs = _STORED_RUNS - 2 + plan.forward_steps / counts.steps
    return Recommendation(
        "reverse",
        budget,
        f"reverse: storing all {counts.steps} states would take {_size(stored)}, more than"
        f" the {_size(budget)} there are. With {plan.states_stored} of them stored and the"
        f" others recomputed, a hypergradient costs about {runs:.1f} training runs.",
        plan.bytes,
        runs,
    )


def _reversible(counts: Counts, stored: int, budget: int) -> Recommendation:
    assert counts.reversal_bits is not None
    kept = counts.weights * counts.steps * counts.reversal_bits / 8
    size = int(kept) + 8 * counts.weights * (1 + counts.slots) * 4
    return Recommendation(
        "reversible",
        None,
        f"reversible: storing all {counts.steps} states would take {_size(stored)}, more"
        f" than the {_size(budget)} there are. Retracing the run exactly takes"
        f" {_size(size)} and costs about {_REVERSIBLE_RUNS:.0f} training runs, less than"
        " recomputing from so few stored states.",
        size,
        _REVERSIBLE_RUNS,
    )


def _size(count: int) -> str:
    """A number of bytes in words: "10.08 kB", "3.624 MB"."""
    return f"{count / 1e3:.4g} kB" if count < 1e6 else f"{count / 1e6:.4g} MB"
