"""The inner problem: one training step, and the whole run.

All functions take the values of the hyperparameters as a dict, see `Space.values`, and can be
differentiated by weights and hyperparameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import unroll
from autodiff.nests import flatten, map_leaves
from sciopt.hyperopt.config import TrainingConfig
from sciopt.hyperopt.hyperparameters import Layout, Space, over_arrays, unpacked
from sciopt.hyperopt.models import Model

from .batches import Batches
from .loss import TrainingLoss, Weights, penalty, penalty_gradient
from .rules import RULES, Rule
from .schedules import Columns, Schedules

State = tuple[Weights, list[tuple[Any, ...]]]
_INITIAL = 0  # tag of this use of a seed


@dataclass(frozen=True, eq=False)
class InnerProblem:
    """Training of one model on one set of data.

    Attributes:
        config: the settings.
        space: the hyperparameters.
        data_loss: the loss on the training data, which knows the model.
    """

    config: TrainingConfig
    space: Space
    data_loss: TrainingLoss

    @property
    def model(self) -> Model:
        """What is trained."""
        return self.data_loss.model

    @property
    def layout(self) -> Layout:
        """How its weights are laid out."""
        return self.data_loss.layout

    @property
    def inputs(self) -> NDArray[Any]:
        """The training inputs, (N, ...)."""
        return self.data_loss.inputs

    @property
    def targets(self) -> NDArray[Any]:
        """The training targets, (N, K): shares of classes, or numbers."""
        return self.data_loss.targets

    @property
    def rule(self) -> Rule:
        """The update rule."""
        return RULES[self.config.optimizer]

    @property
    def schedules(self) -> Schedules:
        """Rates and decays from hyperparameters."""
        return Schedules(self.config, self.space, self.layout)

    def batches(self, seed: int) -> Batches:
        """The minibatches of a run."""
        count = len(self.inputs)
        size = count if self.config.batch == "full" else self.config.batch
        return Batches(count, size, self.config.order, seed)

    def initial_weights(self, hyper: dict[str, Any], seed: int) -> Weights:
        """The arrays of the layout at the start of training."""
        if "initial_weights" in hyper:
            return unpacked(hyper["initial_weights"], self.layout)
        dtype = self.config.dtype
        rng = onp.random.default_rng([seed, _INITIAL])
        if "init_scale" not in hyper:
            params = self.model.init(rng, self.inputs.shape[1:], self.targets.shape[1])
            return [onp.asarray(array, dtype) for array in flatten(params)[0]]
        part = self.space.part("init_scale")
        per = "global" if part is None else part.per
        scales = over_arrays(per, hyper["init_scale"], self.layout)
        normals = [rng.standard_normal(shape).astype(dtype) for shape in self.layout.shapes]
        return [scale * z for scale, z in zip(scales, normals)]

    def initial_state(self, hyper: dict[str, Any], seed: int) -> State:
        """Weights, and for each array what the rule remembers: zeros."""
        zeros = [onp.zeros(shape, self.config.dtype) for shape in self.layout.shapes]
        slots: list[tuple[Any, ...]] = [(zero,) * self.rule.slots for zero in zeros]
        return self.initial_weights(hyper, seed), slots

    def predict(self, weights: Weights, hyper: dict[str, Any], inputs: Any) -> Any:
        """The model's outputs, (B, K)."""
        return self.data_loss.predict(weights, hyper, inputs)

    def loss(self, weights: Weights, hyper: dict[str, Any], rows: Any, seed: int, n: int) -> Any:
        """The training loss of step `n` on the examples `rows`, None for all, with penalties."""
        constants = self.schedules.constants(hyper)
        l2, l1 = self._slopes(constants)
        return self.data_loss(weights, hyper, rows, seed, n) + penalty(weights, l2, l1)

    def gradient(
        self,
        weights: Weights,
        hyper: dict[str, Any],
        rows: Any,
        seed: int,
        n: int,
        constants: dict[str, Columns] | None = None,
    ) -> list[Any]:
        """The gradient of `loss` by the weights, array by array.

        Args:
            constants: what `schedules.constants(hyper)` gives, where it is known.
        """
        if constants is None:
            constants = self.schedules.constants(hyper)
        l2, l1 = self._slopes(constants)
        g = self.data_loss.gradient(weights, hyper, rows, seed, n)
        return penalty_gradient(weights, l2, l1, g)

    def step(self, hyper: dict[str, Any], seed: int) -> Callable[[State, Any], State]:
        """One training step, ``(state, x) -> state``, x an entry of `schedules.stacked`."""
        batches, constants = self.batches(seed), self.schedules.constants(hyper)

        def take(state: State, x: dict[str, Any]) -> State:
            weights, slots = state
            n = int(x["step"])
            g = self.gradient(weights, hyper, batches(n), seed, n, constants)
            return self.update(weights, slots, g, constants, x)

        return take

    def update(
        self,
        weights: Weights,
        slots: list[tuple[Any, ...]],
        g: list[Any],
        constants: dict[str, Columns],
        x: dict[str, Any],
    ) -> State:
        """Weights and slots after a step with the gradient `g` of the loss."""
        rates = self.schedules.rates(constants, x)
        g = self.direction(weights, g, constants, x)
        decays = self.schedules.each("weight_decay", constants, x)
        if decays is not None and self.config.decay == "decoupled":
            weights = [(1 - r.learning_rate * d) * w for r, d, w in zip(rates, decays, weights)]
        moved = [self.rule.update(*each) for each in zip(weights, slots, g, rates)]
        return [w for w, _ in moved], [s for _, s in moved]

    def direction(
        self, weights: Weights, g: list[Any], constants: dict[str, Columns], x: dict[str, Any]
    ) -> list[Any]:
        """What the rule takes for the gradient: `g` with plain weight decay, clipped."""
        decays = self.schedules.each("weight_decay", constants, x)
        if decays is not None and self.config.decay == "plain":
            g = [gi + d * w for gi, d, w in zip(g, decays, weights)]
        return g if self.config.clip_norm is None else clipped(g, self.config.clip_norm)

    def _slopes(self, constants: dict[str, Columns]) -> tuple[Columns | None, Columns | None]:
        each = self.schedules.each
        return each("l2_slope", constants, {}), each("l1_slope", constants, {})

    def train(self, hyper: dict[str, Any], seed: int, memory: str | int | None = None) -> Weights:
        """The weights after training, differentiable by `hyper` through every step."""
        state = self.initial_state(hyper, seed)
        return self.run(hyper, seed, state, 0, self.config.steps, memory)[0]

    def run(
        self,
        hyper: dict[str, Any],
        seed: int,
        state: State,
        first: int,
        end: int,
        memory: str | int | None = None,
    ) -> State:
        """The state after steps `first` to `end` - 1, from the state before step `first`."""
        xs = self.schedules.stacked(hyper)
        if (first, end) != (0, self.config.steps):
            xs = map_leaves(lambda rows: rows[first:end], xs)
        final: State = unroll(self.step(hyper, seed), state, xs, memory=memory)
        return final


def clipped(g: list[Any], largest: float) -> list[Any]:
    """The gradient, scaled down to a norm of `largest` where it is longer."""
    square = sum(np.sum(gi * gi) for gi in g)
    scale = largest / np.sqrt(np.maximum(square, largest**2))
    return [scale * gi for gi in g]
