"""Reverse mode through a training run that is walked back exactly instead of stored.

Maclaurin, Duvenaud and Adams (2015), sections 2 and 3: the state is integers, and a buffer keeps
the log2(1/momentum) bits per number and step that a multiplication by the momentum would lose.
Adam's two averages are reversed alike.

- `ratios` turns momenta into fractions; `buffer` keeps digits; `average` is multiplied by momenta.
- `heavy_ball` and `adam` step one array there and back, and its adjoints back.
- `leaves` and `rates` are what a run takes from the hyperparameters; `gradients` one step's
  gradient; `run` joins them; `conditions` refuses what has no inverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_vjp
from sciopt.errors import DivergenceError
from sciopt.hyperopt.hypergradient.hypergradient import Hypergradient
from sciopt.hyperopt.one_thread import one_thread
from sciopt.hyperopt.problem import Problem

from .conditions import refuse_irreversible
from .leaves import Leaves, leaves_of

if TYPE_CHECKING:
    from .run import ReversibleRun

__all__ = ["refuse_irreversible", "reversible"]


def reversible(
    problem: Problem, vector: NDArray[np.float64], seed: int, *, radix_bits: int = 48
) -> Hypergradient:
    """The hypergradient by retracing the run, for heavy-ball, momentum and adam.

    It is that of the run in fixed point, whose momenta are fractions: from `reverse` it differs by
    the rounding, for radix 48 in the eighth digit or later, or in the sixth where momenta are per
    weight (see `ratios`). With dtype float32 gradients are
    taken in float32, and their sums kept in fixed point.

    A run that diverges gives NaN and a notice.

    Args:
        radix_bits: R; numbers are multiples of 2^-R below 2^(62-R).
    Raises:
        ConfigError: the update rule has no inverse; the message says why.
        ModelError: a gradient did not come out the same twice.
    """
    from .run import ReversibleRun  # late: Numba takes a quarter of a second to import

    refuse_irreversible(problem.inner, problem.hyper(vector))
    steps = problem.config.training.steps
    # Other threads would split sums elsewhere, and every bit counts.
    with one_thread(), np.errstate(all="ignore"):
        leaves = leaves_of(problem, vector, seed)
        try:
            run = ReversibleRun(problem, leaves, seed, radix_bits)
            for t in range(steps):
                run.forward(t)
        except DivergenceError as error:
            return Hypergradient(np.nan, np.full(len(vector), np.nan), {}, (str(error),))
        loss = _outer(problem, leaves, run)
        diagnostics = run.diagnostics()
        for t in reversed(range(steps)):
            run.backward(t)
        assert run.is_at_start(), "the digits pushed and popped do not match"
        run.rates.finish()
        for found, array in zip(leaves.cotangents["initial"], run.arrays):
            found += array.w_bar.reshape(found.shape)
        return Hypergradient(loss, leaves.gradient(), diagnostics)


def _outer(problem: Problem, leaves: Leaves, run: ReversibleRun) -> float:
    """The outer loss of trained weights; its cotangents go to the run's and to the leaves."""
    names = list(leaves.values["hyper"])
    count = len(run.arrays)
    dtype = problem.config.training.dtype
    weights = [
        w.reshape(shape).astype(dtype) for w, shape in zip(run.weights, problem.layout.shapes)
    ]
    values = [leaves.values["hyper"][name] for name in names]

    def outer(*arrays: Any) -> Any:
        hyper = leaves.hyper | dict(zip(names, arrays[count:]))
        return problem.outer_loss(list(arrays[:count]), hyper)

    pull, loss = make_vjp(outer, argnum=tuple(range(count + len(names))))(*weights, *values)
    bars = pull(np.ones_like(loss))
    for array, bar in zip(run.arrays, bars[:count]):
        array.w_bar += np.ravel(bar)
    for name, bar in zip(names, bars[count:]):
        leaves.cotangents["hyper"][name] += bar
    return float(loss)
