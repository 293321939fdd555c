"""The inner problem: one training step, and the whole run.

All functions take the values of the hyperparameters as a dict, see `Space.values`, and can be
differentiated by weights and hyperparameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import compiled, unroll
from autodiff.nests import flatten, map_leaves
from sciopt.hyperopt.config import TrainingConfig
from sciopt.hyperopt.hyperparameters import Layout, Space, over_arrays, unpacked
from sciopt.hyperopt.models import Model

from .augment import AUGMENTING
from .batches import Batches
from .draws import INITIAL, Draw, Draws, initial_normals
from .loss import (
    Examples,
    TrainingLoss,
    Weights,
    penalty,
    penalty_gradient,
    taken_by_loss,
)
from .rules import RULES, Rule
from .schedules import Columns, Schedules

State = tuple[Weights, list[tuple[Any, ...]]]


@dataclass(frozen=True, eq=False)
class InnerProblem:
    """Training of one model on one set of data.

    Attributes:
        config: the settings.
        space: the hyperparameters.
        data_loss: the loss on the training data, which knows the model.
        compiled: whether runs are recorded and compiled.
    """

    config: TrainingConfig
    space: Space
    data_loss: TrainingLoss
    compiled: bool = True

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

    def draws(self, hyper: dict[str, Any], seed: int) -> Draws:
        """What is drawn for the steps of a run."""
        count = len(self.inputs)
        size = count if self.config.batch == "full" else self.config.batch
        batches = Batches(count, size, self.config.order, seed)
        augments = any(name in hyper for name in AUGMENTING)
        return Draws(batches, augments, self.config.steps, self.config.dtype)

    def initial_weights(self, hyper: dict[str, Any], seed: int) -> Weights:
        """The arrays of the layout at the start of training."""
        if "initial_weights" in hyper:
            return unpacked(hyper["initial_weights"], self.layout)
        dtype = self.config.dtype
        if "init_scale" not in hyper:
            rng = onp.random.default_rng([seed, INITIAL])
            params = self.model.init(rng, self.inputs.shape[1:], self.targets.shape[1])
            return [onp.asarray(array, dtype) for array in flatten(params)[0]]
        part = self.space.part("init_scale")
        per = "global" if part is None else part.per
        scales = over_arrays(per, hyper["init_scale"], self.layout)
        normals = initial_normals(self.layout.shapes, seed, dtype)
        return [scale * z for scale, z in zip(scales, normals)]

    def initial_state(self, hyper: dict[str, Any], seed: int) -> State:
        """Weights, and for each array what the rule remembers: zeros."""
        zeros = [onp.zeros(shape, self.config.dtype) for shape in self.layout.shapes]
        slots: list[tuple[Any, ...]] = [(zero,) * self.rule.slots for zero in zeros]
        return self.initial_weights(hyper, seed), slots

    def predict(self, weights: Weights, hyper: dict[str, Any], inputs: Any) -> Any:
        """The model's outputs, (B, K)."""
        return self.data_loss.predict(weights, hyper, inputs)

    def loss(self, weights: Weights, hyper: dict[str, Any], draw: Draw) -> Any:
        """The training loss on the examples of a draw, with penalties."""
        l2, l1 = self._slopes(self.schedules.constants(hyper))
        data_loss = self.data_loss(weights, hyper, self.data_loss.examples(hyper), draw)
        return data_loss + penalty(weights, l2, l1)

    def gradient(
        self,
        weights: Weights,
        hyper: dict[str, Any],
        examples: Examples,
        draw: Draw,
        constants: dict[str, Columns],
    ) -> list[Any]:
        """The gradient of `loss` by the weights, array by array.

        Args:
            examples, constants: what `data_loss.examples(hyper)` and `schedules.constants(hyper)`
                give: once for all steps.
        """
        l2, l1 = self._slopes(constants)
        g = self.data_loss.gradient(weights, hyper, examples, draw)
        return penalty_gradient(weights, l2, l1, g)

    def step(self, hyper: dict[str, Any]) -> Callable[[State, Any], State]:
        """One training step, ``(state, x) -> state``, x an entry of `stacked`.

        It is a function of arrays alone, so that it can be recorded, and closes over all of them.
        """
        constants, examples = self.schedules.constants(hyper), self.data_loss.examples(hyper)
        taken = taken_by_loss(hyper)

        def take(state: State, x: dict[str, Any]) -> State:
            weights, slots = state
            g = self._step_gradient(weights, taken, examples, constants, x)
            return self.update(weights, slots, g, constants, x)

        return take

    def told_step(self, hyper: dict[str, Any]) -> Callable[[State, Any], tuple[State, Any]]:
        """As `step`, with the loss on the minibatch before it, without penalties, as an output."""
        take, examples, taken = (
            self.step(hyper),
            self.data_loss.examples(hyper),
            taken_by_loss(hyper),
        )

        def take_and_tell(state: State, x: dict[str, Any]) -> tuple[State, Any]:
            return take(state, x), self.data_loss(state[0], taken, examples, x["draw"])

        return take_and_tell

    @cached_property
    def step_gradient(self) -> Callable[..., list[Any]]:
        """What the rule takes for the gradient: that of the loss with plain weight decay, clipped.

        ``(weights, taken, examples, constants, x) -> g``, all as in `step`.
        """
        return compiled(self._step_gradient) if self.compiled else self._step_gradient

    def _step_gradient(
        self,
        weights: Weights,
        taken: dict[str, Any],
        examples: Examples,
        constants: dict[str, Columns],
        x: dict[str, Any],
    ) -> list[Any]:
        g = self.gradient(weights, taken, examples, x["draw"], constants)
        decays = self.schedules.each("weight_decay", constants, x)
        if decays is not None and self.config.decay == "plain":
            g = [gi + d * w for gi, d, w in zip(g, decays, weights)]
        return g if self.config.clip_norm is None else clipped(g, self.config.clip_norm)

    def stacked(self, hyper: dict[str, Any], seed: int, first: int, end: int) -> dict[str, Any]:
        """What changes from step to step, stacked along axis 0, for steps `first` to `end` - 1.

        "draw" is what is drawn at random; the rest is that of `schedules.stacked`.
        """
        xs = self.schedules.stacked(hyper)
        if (first, end) != (0, self.config.steps):
            xs = map_leaves(lambda rows: rows[first:end], xs)
        return {**xs, "draw": self.draws(hyper, seed)(first, end)}

    def update(
        self,
        weights: Weights,
        slots: list[tuple[Any, ...]],
        g: list[Any],
        constants: dict[str, Columns],
        x: dict[str, Any],
    ) -> State:
        """Weights and slots after a step with the gradient `g`, see `step_gradient`."""
        rates = self.schedules.rates(constants, x)
        decays = self.schedules.each("weight_decay", constants, x)
        if decays is not None and self.config.decay == "decoupled":
            weights = [(1 - r.learning_rate * d) * w for r, d, w in zip(rates, decays, weights)]
        moved = [self.rule.update(*each) for each in zip(weights, slots, g, rates)]
        return [w for w, _ in moved], [s for _, s in moved]

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
        xs = self.stacked(hyper, seed, first, end)
        final: State = unroll(
            self.step(hyper), state, xs, end - first, memory=memory, compiled=self.compiled
        )
        return final

    def told_run(
        self, hyper: dict[str, Any], seed: int, state: State, first: int, end: int
    ) -> tuple[State, Any]:
        """As `run`, and the losses of `told_step`, (end - first,)."""
        xs = self.stacked(hyper, seed, first, end)
        told: tuple[State, Any] = unroll(
            self.told_step(hyper), state, xs, end - first, stacked=True, compiled=self.compiled
        )
        return told


def clipped(g: list[Any], largest: float) -> list[Any]:
    """The gradient, scaled down to a norm of `largest` where it is longer."""
    square = sum(np.sum(gi * gi) for gi in g)
    scale = largest / np.sqrt(np.maximum(square, largest**2))
    return [scale * gi for gi in g]
