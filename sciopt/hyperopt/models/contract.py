"""The contract of a model: three functions, written in `autodiff.numpy`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Model:
    """Three functions, and the named arguments that `predict` may be tuned in.

    Attributes:
        name: for messages and figures.
        init: ``(rng, input_shape, outputs) -> params``: initial weights drawn from a
            `numpy.random.Generator`, as a list or dict of layers, each an array or a dict, list
            or tuple of arrays. Items of the outermost list or dict are the layers.
        predict: ``(params, inputs, **arguments) -> outputs``: inputs (B, *input_shape), outputs
            (B, K): a logit for each of K classes, or K predicted numbers.
        loss: ``(outputs, targets) -> losses``: (B,), one for each example. Targets are (B, K): for
            classes the share of each, one for the true class and zero elsewhere; else numbers.
        arguments: named arguments of `predict` with their fixed values.
        tunable: names of all arguments of `predict` that a hyperparameter may set.
    """

    name: str
    init: Callable[..., Any]
    predict: Callable[..., Any]
    loss: Callable[[Any, Any], Any]
    arguments: dict[str, Any]
    tunable: tuple[str, ...] = ()
