"""L-BFGS inside a box, by SciPy's L-BFGS-B."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sciopt.optimize import Iterate, minimize

from .descent import Evaluate, Trial

Vector = NDArray[np.float64]
_WORSE = 10.0


class _LimitReachedError(Exception):
    """All trials that are allowed have been made."""


def descend_quasi_newton(
    evaluate: Evaluate,
    start: Vector,
    low: Vector,
    high: Vector,
    iterations: int,
    on_trial: Callable[[Trial], None],
) -> str:
    """Search by L-BFGS; every evaluation is a trial, accepted if it lowers the best loss so far.

    Where training diverges, the line search is shown a high loss that rises away from the best
    point, so that it comes back.

    Args:
        iterations: the most trials besides the start, those of line searches included.
    Returns: why the search ended; at once if the start diverges.
    """
    best: Trial | None = None
    tried = 0

    def objective(x: NDArray[np.floating]) -> tuple[float, Vector]:
        nonlocal best, tried
        if tried > iterations:
            raise _LimitReachedError
        vector = x.astype(np.float64)
        loss, gradient = evaluate(vector, tried)
        is_finite = bool(np.isfinite(loss) and np.isfinite(gradient).all())
        accepted = tried == 0 or (is_finite and best is not None and loss < best.loss)
        trial = Trial(tried, vector, loss, gradient, accepted)
        tried += 1
        on_trial(trial)
        if accepted:
            best = trial
        if is_finite or best is None or best is trial:
            return loss, gradient
        return _hill(vector, best)

    def ignore(iterate: Iterate) -> None:
        """Trials are reported above: they include those of line searches."""

    try:
        outcome = minimize(
            objective,
            start,
            method="L-BFGS-B",
            iterations=iterations,
            on_iterate=ignore,
            bounds=(low, high),
        )
    except _LimitReachedError:
        return f"reached the limit of {iterations} iteration{'' if iterations == 1 else 's'}"
    if outcome.status == "interrupted":
        raise KeyboardInterrupt
    return outcome.message


def _hill(vector: Vector, best: Trial) -> tuple[float, Vector]:
    away = vector - best.vector
    distance = float(np.linalg.norm(away))
    height = _WORSE * (1 + abs(best.loss))
    return best.loss + height, height * away / max(distance, 1e-300) ** 2
