"""`minimize`: every method behind one signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sciopt.errors import ConfigError
from sciopt.optimize.adam import run_adam
from sciopt.optimize.descent import (
    Descent,
    LimitReachedError,
    NotFiniteError,
    ValueAndGrad,
    counted,
)
from sciopt.optimize.iterate import Iterate, Outcome
from sciopt.optimize.methods import DEFAULTS, check_method
from sciopt.optimize.scipy_methods import Bound, run_scipy


def minimize(
    value_and_grad: ValueAndGrad,
    x0: NDArray[np.floating],
    *,
    method: str = "L-BFGS-B",
    iterations: int = 200,
    evaluations: int | None = None,
    options: Mapping[str, Any] | None = None,
    on_iterate: Callable[[Iterate], None] = lambda iterate: None,
    bounds: tuple[Bound, Bound] | None = None,
) -> Outcome:
    """Search for the lowest value of a differentiable function, and keep the best point.

    Args:
        value_and_grad: maps a point to the loss and its gradient, an array of the point's shape.
        x0: where to start; any shape, float64 or float32, which the objective sees too.
        method: a gradient method of `scipy.optimize.minimize` or "Adam", in any case.
        iterations: the most iterations; a method may end earlier, and says why.
        evaluations: the most evaluations, line searches included; no limit if None. At least 1.
        options: of the method, by SciPy's names; Adam has learning_rate, b1, b2 and eps.
        on_iterate: called with the start (index 0) and after every iteration.
        bounds: lowest and highest point, of the shape of x0, infinite where there is none; only
            L-BFGS-B keeps them.
    Returns: the best point evaluated. Ctrl-C ends the search with status "interrupted", a NaN or
        infinite loss or gradient with status "diverged"; in both the best point so far is kept.
    Raises: ConfigError for a method or an option that does not exist or cannot work here.
    """
    options = options or {}
    name = check_method(method, options, x0.size)
    if bounds is not None and name != "L-BFGS-B":
        raise ConfigError(f"optimizer: {name} keeps no bounds; choose L-BFGS-B")
    run = run_adam if name == "Adam" else partial(run_scipy, bounds=bounds)
    descent = Descent(value_and_grad, x0, iterations, evaluations, on_iterate)
    start = np.array(x0, dtype=np.float64).ravel()
    try:
        descent.accept(start)
        # The methods' vectors are short for BLAS: its threads, woken for each, doubled the time of
        # L-BFGS-B's whole search of 24 200 unknowns on two busy cores.
        with threadpool_limits(limits=1, user_api="blas"):
            reason = run(name, descent, start, iterations, {**DEFAULTS.get(name, {}), **options})
        done = counted(descent.iterations, "iteration")
        return descent.outcome("finished", f"{reason} after {done}")
    except LimitReachedError as limit:
        return descent.outcome("finished", f"reached the limit of {limit}")
    except NotFiniteError as error:
        return descent.outcome("diverged", str(error))
    except KeyboardInterrupt:
        if descent.iterations < 0:  # not even the start is known
            raise
        done = counted(descent.iterations, "iteration")
        return descent.outcome("interrupted", f"interrupted after {done}")
