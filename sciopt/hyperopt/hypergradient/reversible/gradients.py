"""The gradient of one step, plain or recorded so that it can be differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import make_vjp
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import taken_by_loss

from .leaves import CONSTANT, STACKED, Leaves

Floats = NDArray[np.float64]
_DECAYS = ("l2_slope", "l1_slope", "weight_decay")


class StepGradient:
    """What the update rule takes for the gradient in a step: with penalties, decay and clipping.

    The same operations on the same numbers in both forms, so the same bits.
    """

    def __init__(self, problem: Problem, leaves: Leaves, seed: int) -> None:
        self._inner, self._leaves = problem.inner, leaves
        self._draws = problem.inner.draws(leaves.hyper, seed)(0, problem.config.training.steps)
        self._shapes = problem.layout.shapes
        self._dtype = problem.config.training.dtype
        tuned = {part.name for part in problem.space.parts}
        self._places: list[tuple[str, str, int]] = [
            *(("hyper", name, 0) for name in leaves.values["hyper"]),
            *(
                (kind, name, i)
                for kind in (CONSTANT, STACKED)
                for name, columns in leaves.values[kind].items()
                if name in _DECAYS and name.removesuffix("_slope") in tuned
                for i in range(len(columns))
            ),
        ]

    def plain(self, w: list[Floats], t: int) -> list[Floats]:
        """The gradient at weights w, flat arrays, in step t: flat arrays."""
        return _flat(self._of(t, self._typed(w), self._tuned(t)))

    def record(self, w: list[Floats], t: int) -> list[Floats]:
        """As `plain`, and `pull` then works on this step."""
        weights, tuned = self._typed(w), self._tuned(t)
        count = len(weights)
        places = tuple(range(count + len(tuned)))

        def of_arrays(*arrays: Any) -> list[Any]:
            return self._of(t, list(arrays[:count]), list(arrays[count:]))

        self._pull, g = make_vjp(of_arrays, argnum=places)(*weights, *tuned)
        return _flat(g)

    def pull(self, u: list[Floats], t: int) -> list[Floats]:
        """The cotangents of the weights from those of the gradient recorded last.

        Those of the hyperparameters are added to the leaves'.
        """
        typed = [
            ui.reshape(shape).astype(self._dtype, copy=False) for ui, shape in zip(u, self._shapes)
        ]
        bars = self._pull(typed)
        del self._pull  # the recording is as large as all activations
        count = len(u)
        for (kind, name, i), bar in zip(self._places, bars[count:]):
            found = self._leaves.cotangents[kind]
            if kind == STACKED:
                found[name][i][t] += bar
            elif kind == CONSTANT:
                found[name][i] += bar
            else:
                found[name] += bar
        return _flat(bars[:count])

    def _typed(self, w: list[Floats]) -> list[Any]:
        return [
            wi.reshape(shape).astype(self._dtype, copy=False) for wi, shape in zip(w, self._shapes)
        ]

    def _tuned(self, t: int) -> list[Any]:
        values = self._leaves.values
        return [
            values[kind][name] if kind == "hyper"
            else values[kind][name][i][t] if kind == STACKED
            else values[kind][name][i]
            for kind, name, i in self._places
        ]  # fmt: skip

    def _of(self, t: int, weights: list[Any], tuned: list[Any]) -> list[Any]:
        values = self._leaves.values
        hyper = dict(self._leaves.hyper)
        constants = {name: list(columns) for name, columns in values[CONSTANT].items()}
        x: dict[str, Any] = {
            name: [column[t] for column in columns] for name, columns in values[STACKED].items()
        }
        for (kind, name, i), value in zip(self._places, tuned):
            if kind == "hyper":
                hyper[name] = value
            else:
                (constants if kind == CONSTANT else x)[name][i] = value
        x["draw"] = {name: rows[t] for name, rows in self._draws.items()}
        examples = self._inner.data_loss.examples(hyper)
        taken = taken_by_loss(hyper)
        return self._inner.step_gradient(weights, taken, examples, constants, x)


def _flat(arrays: Any) -> list[Floats]:
    return [np.require(a, np.float64, ["C", "W"]).reshape(-1) for a in arrays]
