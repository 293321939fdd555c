"""Data, model, training and hyperparameters joined into functions that can be differentiated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as onp
from numpy.typing import NDArray

from autodiff.nests import flatten
from sciopt.errors import ConfigError, ModelError

from .config import HyperoptConfig, Hyperparameter, LearnedInputs
from .data import Dataset, Split, load_data
from .hyperparameters import (
    NATURAL_PER,
    Layout,
    Part,
    Space,
    Vector,
    granularity,
    layout_of,
    on_scale,
    refuse_impossible,
    shape_of,
    start_of,
)
from .models import Model, build_model
from .objective import Objective, error_rate, unexplained_variance
from .training import (
    RULES,
    InnerProblem,
    TrainingLoss,
    Weights,
    arguments_in,
    obstacle_to_recording,
)


@dataclass(frozen=True, eq=False)
class Problem:
    """One outer problem; everything a hypergradient needs.

    Attributes:
        config: the settings.
        data: the examples.
        inner: training, see `InnerProblem`.
        notices: sentences that the user should read before it begins.
    """

    config: HyperoptConfig
    data: Dataset
    inner: InnerProblem
    notices: tuple[str, ...] = ()

    @property
    def space(self) -> Space:
        """The hyperparameters as a vector."""
        return self.inner.space

    @property
    def layout(self) -> Layout:
        """The arrays of the model."""
        return self.inner.layout

    def hyper(self, vector: Any) -> dict[str, Any]:
        """The values of all hyperparameters, differentiable by the vector (size,)."""
        return self.space.values(vector)

    def outer_loss(self, weights: Weights, hyper: dict[str, Any]) -> Any:
        """What is to be made small, for trained weights; a float."""
        return self.objective(weights, arguments_in(hyper))

    @cached_property
    def objective(self) -> Objective:
        """The outer loss as a function of weights and the model's arguments."""
        part, _, is_error = self.config.outer.objective.partition("-")
        split = self.data.train if part == "train" else self.data.validation
        targets = shares(split, self.data, self.config.training.dtype)
        return Objective(self.inner, bool(is_error), split.inputs, targets)

    def metrics(self, weights: Weights, hyper: dict[str, Any], split: Split) -> dict[str, float]:
        """Loss, and error rate or unexplained variance, of trained weights on a split."""
        outputs = onp.asarray(self.inner.predict(weights, hyper, split.inputs))
        targets = shares(split, self.data, self.config.training.dtype)
        loss = float(onp.mean(self.inner.model.loss(outputs, targets)))
        if self.data.is_classification:
            return {"loss": loss, "error": error_rate(outputs, split.targets)}
        return {"loss": loss, "error": unexplained_variance(outputs, targets)}


def shares(split: Split, data: Dataset, dtype: str) -> NDArray[Any]:
    """Targets as training wants them: (N, C) shares of each class, or (N, K) numbers."""
    if not data.is_classification:
        return split.targets.astype(dtype, copy=False)
    return one_hot(split.targets, data.outputs, dtype)


def one_hot(classes: NDArray[Any], count: int, dtype: str) -> NDArray[Any]:
    """(N,) class numbers as (N, C) ones and zeros."""
    return onp.eye(count, dtype=dtype)[classes]


def build_problem(config: HyperoptConfig) -> Problem:
    """Load the data, build the model, lay out the hyperparameters.

    Raises: DataError, ModelError, ConfigError for what the user can mend.
    """
    return problem_on(load_data(config.data, config.training.dtype), config)


def problem_on(data: Dataset, config: HyperoptConfig) -> Problem:
    """The problem of `config` on data that are at hand. Raises: as `build_problem`."""
    model = build_model(config.model, is_classification=data.is_classification)
    if config.outer.objective.endswith("error") and not data.is_classification:
        raise ConfigError(
            f"outer.objective: {config.outer.objective} is for classes; take validation or train"
        )
    inputs, targets = _training_examples(config, data)
    params = model.init(onp.random.default_rng([config.seed, 0]), inputs.shape[1:], data.outputs)
    _refuse_other_weights(model.name, params)
    layout = layout_of(params)
    space = _space(config, data, model, layout, inputs, targets)
    batch = config.training.batch
    if batch != "full" and batch > len(inputs):
        raise ConfigError(
            f"training.batch: {batch} is more than the {len(inputs)} training examples;"
            " lower it, or write full"
        )
    data_loss = TrainingLoss(model, layout, inputs, targets)
    inner = InnerProblem(config.training, space, data_loss, config.hypergradient.compiled)
    _refuse_broken_contract(inner, config.seed)
    notices = data.notices
    obstacle = obstacle_to_recording(inner, config.seed) if inner.compiled else None
    if obstacle is not None:
        inner = replace(inner, compiled=False)
        notices += (f"{model.name} is not compiled, which takes several times as long: {obstacle}",)
    return Problem(config, data, inner, notices)


def _refuse_other_weights(name: str, params: Any) -> None:
    """Raises: ModelError if there is no weight, or one that is no array of real numbers."""
    leaves = flatten(params)[0]
    for leaf in leaves or [None]:
        kind = onp.asarray(leaf).dtype
        if kind.kind not in "fiu":
            found = f"holds values of type {kind}" if leaves else "is empty"
            raise ModelError(
                f"model.name: {name}.init must return a list or dict of layers, each an array of"
                f" real numbers or a dict of arrays, but what it returns {found}"
            )


def _refuse_broken_contract(inner: InnerProblem, seed: int) -> None:
    """Try the model on two examples. Raises: ModelError if shapes are not the contract's."""
    name, hyper = inner.model.name, inner.space.values(inner.space.start)
    with onp.errstate(all="ignore"):
        outputs = inner.predict(inner.initial_weights(hyper, seed), hyper, inner.inputs[:2])
        losses = inner.model.loss(outputs, inner.targets[:2])
    for function, found, wanted in (
        ("predict", onp.shape(outputs), inner.targets[:2].shape),
        ("loss", onp.shape(losses), inner.targets[:2].shape[:1]),
    ):
        if found != wanted:
            raise ModelError(
                f"model.name: {name}.{function} must return shape {wanted} for {wanted[0]}"
                f" examples, but returns {found}; the first axis is for examples, the second of"
                " outputs for classes or numbers"
            )


def _training_examples(config: HyperoptConfig, data: Dataset) -> tuple[NDArray[Any], NDArray[Any]]:
    """The data to train on, or where learned inputs start, with their targets."""
    dtype = config.training.dtype
    learned = config.hyperparameters.training_inputs
    if learned is None or learned.count is None:
        return data.train.inputs, shares(data.train, data, dtype)
    if not data.is_classification:
        raise ConfigError("hyperparameters.training_inputs.count: only for classes; drop it")
    rng = onp.random.default_rng([config.seed, 3])
    noise = rng.standard_normal((learned.count, *data.input_shape))
    classes = onp.arange(learned.count) % data.outputs
    return (learned.noise * noise).astype(dtype), one_hot(classes, data.outputs, dtype)


def _space(
    config: HyperoptConfig,
    data: Dataset,
    model: Model,
    layout: Layout,
    inputs: NDArray[Any],
    targets: NDArray[Any],
) -> Space:
    """The vector of everything that is tuned, and the values of everything else."""
    parts: list[Part] = []
    fixed: dict[str, Any] = {}
    for name, setting in _settings(config):
        _refuse_misfit(name, config, data, model)
        if isinstance(setting, LearnedInputs):
            if setting.tune:
                as_any = Hyperparameter(bounds=setting.bounds)
                parts.append(on_scale(name, "input", as_any, inputs.astype(float)))
            continue
        per = granularity(name, setting)
        if name == "initial_weights" and setting.start is None:
            rng = onp.random.default_rng([config.seed, 0])
            start = _flat(model.init(rng, inputs.shape[1:], data.outputs))
        elif name == "training_labels":
            start = start_of(name, setting) * targets.astype(float)
        else:
            shape = shape_of(per, setting.every, layout, config.training.steps, len(inputs))
            start = onp.full(shape, start_of(name, setting))
        if setting.tune:
            parts.append(on_scale(name, per, setting, start, setting.every))
        else:
            refuse_impossible(name, start)
            # Where a kind has one granularity, each example or weight has a value, fixed or not.
            one_each = name in NATURAL_PER and per != "step"
            typed = start.astype(config.training.dtype)
            fixed[name] = typed if one_each else typed.flat[0]
    return Space(tuple(parts), fixed, config.training.dtype)


def _flat(params: Any) -> Vector:
    return onp.concatenate([onp.ravel(array) for array in flatten(params)[0]]).astype(float)


def _settings(config: HyperoptConfig) -> list[tuple[str, Hyperparameter | LearnedInputs]]:
    """Every hyperparameter that the settings mention or that the update rule needs."""
    hyper = config.hyperparameters
    rule = RULES[config.training.optimizer]
    found: list[tuple[str, Hyperparameter | LearnedInputs]] = []
    for name in type(hyper).model_fields:
        setting = getattr(hyper, name)
        if name == "model":
            found += [(f"model.{key}", value) for key, value in setting.items()]
        elif name in ("momentum", "beta1", "beta2") and name not in rule.uses:
            if name in hyper.model_fields_set and setting.tune:
                raise ConfigError(
                    f"hyperparameters.{name}: {config.training.optimizer} has none;"
                    " drop it, or choose another training.optimizer"
                )
        elif setting is not None:
            found.append((name, setting))
    return found


def _refuse_misfit(name: str, config: HyperoptConfig, data: Dataset, model: Model) -> None:
    """Refuse what does not fit the data, the model or another hyperparameter."""
    where = f"hyperparameters.{name}"
    images = len(data.input_shape) == 2
    if name in ("shift", "rotation", "contrast") and not images:
        raise ConfigError(f"{where}: is for images, but an input has shape {data.input_shape}")
    if name in ("label_smoothing", "training_labels") and not data.is_classification:
        raise ConfigError(f"{where}: is for classes, but the targets are numbers")
    if name == "initial_weights" and config.hyperparameters.init_scale is not None:
        raise ConfigError(f"{where}: cannot be set together with init_scale; drop one of them")
    if name.startswith("model.") and name[6:] not in model.tunable:
        known = ", ".join(model.tunable) or "none"
        raise ConfigError(f"{where}: {model.name}.predict has no such argument; it has {known}")
