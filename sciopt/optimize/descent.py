"""One search as it goes: evaluates, counts, remembers the best point, reports, stops on NaN.

The methods see flat float64 vectors; the objective sees the shape and dtype of the start.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sciopt.optimize.iterate import Iterate, Outcome, Status

ValueAndGrad = Callable[[NDArray[np.floating]], tuple[float, NDArray[np.floating]]]
Vector = NDArray[np.float64]


class NotFiniteError(Exception):
    """The loss or its gradient is NaN or infinite; the message says which, and when."""


class LimitReachedError(Exception):
    """The allowed iterations or evaluations are done; the message says which, and how many."""


@dataclass(frozen=True, eq=False)
class _Evaluation:
    at: Vector  # the point as the method gave it
    x: NDArray[np.floating]  # the point as the objective saw it
    loss: float
    grad: Vector
    grad_norm: float


class Descent:
    """The state of one search; a method calls `value_and_grad`, and `accept` per iteration."""

    def __init__(
        self,
        objective: ValueAndGrad,
        x0: NDArray[np.floating],
        iterations: int,
        evaluations: int | None,
        on_iterate: Callable[[Iterate], None],
    ) -> None:
        self._objective, self._x0 = objective, x0
        self._most_iterations, self._most_evaluations = iterations, evaluations
        self._on_iterate = on_iterate
        self._began = time.perf_counter()
        self.evaluations = 0
        self.iterations = -1  # the start, once accepted, is iterate 0
        self.best: _Evaluation | None = None
        self._last: _Evaluation | None = None
        self._accepted: _Evaluation | None = None

    def value_and_grad(self, at: Vector) -> tuple[float, Vector]:
        """Loss and flat gradient at a flat point; the point just evaluated costs nothing.

        Raises: NotFiniteError; LimitReachedError in place of one evaluation too many.
        """
        if self._last is None or not np.array_equal(self._last.at, at):
            self._last = self._evaluate(at)
            if self.best is None or self._last.loss < self.best.loss:
                self.best = self._last
        return self._last.loss, self._last.grad

    def accept(self, at: Vector) -> None:
        """Report the point as the next iterate. Raises: LimitReachedError after the last one."""
        known = (self._last, self.best, self._accepted)
        found = next((e for e in known if e is not None and np.array_equal(e.at, at)), None)
        if found is None:
            self.value_and_grad(at)
            found = self._last
        assert found is not None
        self._accepted = found
        self.iterations += 1
        self._on_iterate(
            Iterate(
                index=self.iterations,
                evaluations=self.evaluations,
                loss=found.loss,
                grad_norm=found.grad_norm,
                seconds=time.perf_counter() - self._began,
                x=_read_only(found.x),
            )
        )
        if self.iterations >= self._most_iterations:
            raise LimitReachedError(counted(self._most_iterations, "iteration"))

    def outcome(self, status: Status, message: str) -> Outcome:
        """The best point so far; the start, with a loss of NaN, if there was no good one."""
        best = self.best
        return Outcome(
            x=_read_only(self._x0 if best is None else best.x),
            loss=float("nan") if best is None else best.loss,
            grad_norm=float("nan") if best is None else best.grad_norm,
            iterations=max(self.iterations, 0),
            evaluations=self.evaluations,
            seconds=time.perf_counter() - self._began,
            status=status,
            message=message,
        )

    def _evaluate(self, at: Vector) -> _Evaluation:
        if self.evaluations == self._most_evaluations:
            raise LimitReachedError(counted(self.evaluations, "evaluation"))
        # Always a copy: SciPy goes on to change its vector in place.
        x = at.reshape(self._x0.shape).astype(self._x0.dtype)
        self.evaluations += 1
        # NumPy's warnings of overflow would only repeat what is said below.
        with np.errstate(all="ignore"):
            value, gradient = self._objective(x)
            loss = float(value)
            grad = np.asarray(gradient, dtype=np.float64).ravel()
            grad_norm = float(np.linalg.norm(grad))
        for name, number in (("loss", loss), ("gradient", grad_norm)):
            if not np.isfinite(number):
                raise NotFiniteError(
                    f"The {name} became {number} in iteration {self.iterations + 1} "
                    f"(evaluation {self.evaluations})."
                )
        return _Evaluation(at.copy(), x, loss, grad, grad_norm)


def counted(number: int, noun: str) -> str:
    """Such as "1 iteration" or "2 iterations"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _read_only(x: NDArray[np.floating]) -> NDArray[np.floating]:
    view: NDArray[np.floating] = x.view()
    view.flags.writeable = False
    return view
