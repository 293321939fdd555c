"""SciPy's gradient methods, driven through `scipy.optimize.minimize`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import scipy.optimize

from sciopt.optimize.descent import Descent, Vector

# No search of ours needs more in one iteration; SciPy's own caps, such as 15000 in all, would end
# a long one.
_EVALUATIONS_PER_ITERATION = 100


def run_scipy(
    name: str, descent: Descent, start: Vector, iterations: int, options: Mapping[str, Any]
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

    search: Callable[..., Any] = scipy.optimize.minimize
    result = search(
        descent.value_and_grad,
        start,
        jac=True,
        method=name,
        callback=accept,
        options={**limits, **options},
    )
    verdict = "converged" if result.success else "could go no further"
    return f"{verdict} ({str(result.message).strip(' .:').lower()})"
