"""Rates and decays, array by array and step by step, from the values of the hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp

import autodiff.numpy as np
from sciopt.hyperopt.config import TrainingConfig
from sciopt.hyperopt.hyperparameters import Layout, Space, over_arrays, over_steps

from .rules import RULES, Rates

Columns = list[Any]
"""One entry for each array of the layout, or a single one that all arrays share."""


@dataclass(frozen=True)
class Schedules:
    """How the update rule's numbers come from the values of the hyperparameters.

    What stays the same in all steps is spread over the arrays once per run (`constants`), what
    changes is stacked along axis 0 (`stacked`), and `rates` joins both for one step. All of it can
    be differentiated by the values.
    """

    config: TrainingConfig
    space: Space
    layout: Layout

    def constants(self, hyper: dict[str, Any]) -> dict[str, Columns]:
        """What is the same in every step, by name."""
        found: dict[str, Columns] = {}
        for name in self._names(hyper):
            if not self._has_steps(name):
                found[name] = self._columns(name, hyper[name])
        for name in ("l2", "l1"):
            if name in hyper:
                factor = 2 * hyper[name] if name == "l2" else hyper[name]
                found[f"{name}_slope"] = self._columns(name, factor)
        return found

    def stacked(self, hyper: dict[str, Any]) -> dict[str, Any]:
        """What changes from step to step, stacked along axis 0: the `xs` of the loop.

        Everything is a list of columns (T,).
        """
        found = self.changing(hyper)
        if self.config.optimizer == "adam":
            for name, short in (("beta1", "correction1"), ("beta2", "correction2")):
                found[short] = self._step_columns(name, self._correction(name, hyper))
        return found

    def changing(self, hyper: dict[str, Any]) -> dict[str, Columns]:
        """The part of `stacked` that hyperparameters say step by step: not Adam's corrections."""
        found: dict[str, Columns] = {}
        for name in self._names(hyper):
            if self._has_steps(name):
                found[name] = self._step_columns(name, self._rows(name, hyper))
        factor = self._rate_factor(hyper)
        if factor is not None:
            found["rate_factor"] = [factor]
        return found

    def rates(self, constants: dict[str, Columns], x: dict[str, Any]) -> list[Rates]:
        """What the rule uses in the step of `x`, an entry of `stacked`, array by array."""
        learning = self.each("learning_rate", constants, x)
        if "rate_factor" in x:
            factor = x["rate_factor"][0]
            learning = [rate * factor for rate in learning or ()]
        names = list(self._betas())
        if self.config.optimizer == "adam":
            names += ["correction1", "correction2"]
        columns = {name: self.each(name, constants, x) for name in names}
        return [
            Rates(
                learning_rate=rate,
                eps=self.config.eps,
                eps_root=self.config.eps_root,
                **{name: column[i] for name, column in columns.items() if column is not None},
            )
            for i, rate in enumerate(learning or ())
        ]

    def each(self, name: str, constants: dict[str, Columns], x: dict[str, Any]) -> Columns | None:
        """One value for each array in the step of `x`; None if there is no such number."""
        columns = x.get(name, constants.get(name))
        if columns is None:
            return None
        return columns * len(self.layout.names) if len(columns) == 1 else columns

    def _names(self, hyper: dict[str, Any]) -> list[str]:
        return [n for n in ("learning_rate", "weight_decay", *self._betas()) if n in hyper]

    def _betas(self) -> tuple[str, ...]:
        return RULES[self.config.optimizer].uses

    def _per(self, name: str) -> str:
        """The granularity of a hyperparameter; of a fixed one, global."""
        part = self.space.part(name)
        return "global" if part is None else part.per

    def _has_steps(self, name: str) -> bool:
        return self._per(name).startswith("step")

    def _columns(self, name: str, value: Any) -> Columns:
        per = self._per(name)
        return [value] if per == "global" else over_arrays(per, value, self.layout)

    def _rows(self, name: str, hyper: dict[str, Any]) -> Any:
        part = self.space.part(name)
        return hyper[name] if part is None else over_steps(part, hyper[name], self.config.steps)

    def _step_columns(self, name: str, rows: Any) -> Columns:
        """Columns (T,), or (T, *shape) for values per weight, of rows (T, ...)."""
        per = self._per(name)
        if per in ("global", "step"):
            return [rows]
        if per == "weight":
            ends = onp.cumsum([0, *self.layout.sizes])
            return [
                np.reshape(rows[:, int(a) : int(b)], (len(rows), *shape))
                for a, b, shape in zip(ends, ends[1:], self.layout.shapes)
            ]
        if per.endswith("array"):
            return [rows[:, k] for k in range(len(self.layout.names))]
        of_layers = [rows[:, k] for k in range(len(self.layout.layer_names))]
        return [of_layers[layer] for layer in self.layout.layers]

    def _rate_factor(self, hyper: dict[str, Any]) -> Any:
        """What multiplies the learning rate in each step, (T,), or None."""
        steps = self.config.steps
        factor: Any = None
        part = self.space.part("rate_multiplier")
        if part is not None:
            factor = over_steps(part, hyper["rate_multiplier"], steps)
        elif "rate_multiplier" in hyper:
            factor = onp.full(steps, hyper["rate_multiplier"], self.config.dtype)
        if "rate_decay" in hyper:
            dtype = self.config.dtype
            ramp = onp.arange(steps, dtype=dtype) / onp.asarray(steps, dtype)
            falling = 1 / (1 + hyper["rate_decay"] * ramp)
            factor = falling if factor is None else factor * falling
        return factor

    def _correction(self, name: str, hyper: dict[str, Any]) -> Any:
        """1 - the product of the betas up to each step, (T, ...): Adam's c1 and c2."""
        steps = self.config.steps
        if self._has_steps(name):
            return 1 - np.cumprod(self._rows(name, hyper), axis=0)
        beta = hyper[name]
        powers = onp.arange(1, steps + 1, dtype=self.config.dtype)
        return 1 - beta ** np.reshape(powers, (steps, *(1,) * np.ndim(beta)))
