"""SciPy's gradient methods, driven through `scipy.optimize.minimize`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from sciopt.optimize.descent import Descent, Vector

# No search of ours needs more in one iteration; SciPy's own caps, such as 15000 in all, would end
# a long one.
_EVALUATIONS_PER_ITERATION = 100

Bound = NDArray[np.floating]


def run_scipy(
    name: str,
    descent: Descent,
    start: Vector,
    iterations: int,
    options: Mapping[str, Any],
    *,
    bounds: tuple[Bound, Bound] | None = None,
) -> str:
    """Run one of SciPy's methods until it ends by itself, and return what it says.

    The search is what `scipy.optimize.minimize(f, x0, jac=True, method=name)` does with these
    options, evaluation by evaluation.
    """
    limits: dict[str, int] = {"maxiter": iterations}
    if name in ("L-BFGS-B", "TNC"):
        limits["maxfun"] = _EVALUATIONS_PER_ITERATION * (iterations + 1)
    if name == "TNC":  # counts evaluations only; `Descent.accept` counts its iterations
        del limits["maxiter"]

    def accept(x: Vector, *state: object) -> None:
        descent.accept(x)

    low_high = None if bounds is None else list(zip(*map(np.ravel, bounds)))
    search: Callable[..., Any] = scipy.optimize.minimize
    result = search(
        descent.value_and_grad,
        start,
        jac=True,
        method=name,
        bounds=low_high,
        callback=accept,
        options={**limits, **options},
    )
    verdict = "converged" if result.success else "could go no further"
    return f"{verdict} ({str(result.message).strip(' .:').lower()})"
