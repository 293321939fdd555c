"""Implicit differentiation where training ends, as if that were the minimum of the training loss.

With the gradient g(w, lambda) of the full training loss, its Hessian H and M = dg/dlambda, all at
the trained weights,

    df/dlambda = (direct part) - M^T x,   (H + damping I) x = df/dw.

The error is of the order of ||w - w*|| plus that of the linear solver (Grazzi et al., 2020), and
nothing in the result shows it; so both are measured, and notices say where they are large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import make_vjp, value_and_grad
from sciopt.hyperopt.hyperparameters import unpacked
from sciopt.hyperopt.problem import Problem

from .hypergradient import Hypergradient
from .linear_solvers import SOLVERS, Solution

Vector = NDArray[onp.float64]

_CONVERGED = 1e-3
"""Share of the first gradient, or of the right side, above which a notice warns. The relative error
of a hypergradient is about as large, times the condition number at worst."""


@dataclass
class Implicit:
    """Implicit differentiation, each linear solve begun from the solution of the call before.

    Attributes:
        solver: "cg", "neumann" or "fixed-point".
        iterations: most of them.
        damping: added to the diagonal of the Hessian.
        tolerance: relative residual at which the solver stops.
        warm: whether a call begins from the solution of the call before.
        solution: of the last call, (n,).
    """

    solver: str = "cg"
    iterations: int = 100
    damping: float = 0.0
    tolerance: float = 1e-8
    warm: bool = True
    solution: Vector | None = None

    def __call__(self, problem: Problem, vector: Vector, seed: int) -> Hypergradient:
        """Train, and differentiate at the weights reached."""
        inner = problem.inner

        with onp.errstate(all="ignore"):  # see `reverse`
            hyper = problem.hyper(vector)
            initial = inner.initial_state(hyper, seed)
            trained = inner.run(hyper, seed, initial, 0, inner.config.steps)[0]
            w = _packed(trained)

            def outer(w: Any, vector: Any) -> Any:
                return problem.outer_loss(unpacked(w, inner.layout), problem.hyper(vector))

            loss, (b, direct) = value_and_grad(outer, argnum=(0, 1))(w, vector)
        if not (onp.isfinite(loss) and onp.isfinite(b).all()):
            return Hypergradient(float(loss), onp.full(vector.size, onp.nan))
        pull_back, g = make_vjp(lambda w: full_gradient(problem, w, vector, seed))(w)
        first = full_gradient(problem, _packed(initial[0]), vector, seed)
        solution = self._solve(pull_back, b)
        if self.warm:
            self.solution = solution.x
        mixed, _ = make_vjp(lambda vector: full_gradient(problem, w, vector, seed))(vector)
        gradient = direct - mixed(solution.x.astype(w.dtype))
        start = float(onp.linalg.norm(first))
        left = float(onp.linalg.norm(g)) / start if start > 0 else 0.0
        diagnostics = {
            "training gradient left": left,
            "residual": solution.residual,
            "solver iterations": float(solution.iterations),
        }
        return Hypergradient(
            float(loss),
            onp.asarray(gradient, onp.float64),
            diagnostics,
            _doubts(left, solution, self.solver),
        )

    def _solve(self, pull_back: Any, b: Vector) -> Solution:
        """The solution of (H + damping I) x = b."""
        dtype = b.dtype

        def product(x: Vector) -> Vector:
            # H is symmetric, so pulling x back through g multiplies it by H.
            image = pull_back(x.astype(dtype)).astype(onp.float64)
            return image + self.damping * x if self.damping else image

        if not b.any():
            return Solution(onp.zeros(b.size), 0.0, 0)
        begin = onp.zeros(b.size)
        if self.warm and self.solution is not None and self.solution.size == b.size:
            begin = self.solution
        # Products in float32 are not better than their rounding.
        tolerance = max(self.tolerance, 50 * float(onp.finfo(dtype).eps))
        right = b.astype(onp.float64)
        with onp.errstate(all="ignore"):
            return SOLVERS[self.solver](product, right, begin, self.iterations, tolerance)


def full_gradient(problem: Problem, w: Any, vector: Any, seed: int) -> Any:
    """The gradient of the training loss on all examples, (n,), by the flat weights (n,).

    Weight decay that is added to the gradient counts: it moves the minimum as an L2 penalty does.
    """
    inner = problem.inner
    hyper = problem.hyper(vector)
    weights = unpacked(w, inner.layout)
    constants, examples = inner.schedules.constants(hyper), inner.data_loss.examples(hyper)
    draw = inner.draws(hyper, seed).of_all()
    g = inner.gradient(weights, hyper, examples, draw, constants)
    decays = inner.schedules.each("weight_decay", constants, {})
    if decays is not None:
        g = [gi + decay * wi for gi, decay, wi in zip(g, decays, weights)]
    return _packed(g)


def _packed(arrays: list[Any]) -> Any:
    return np.concatenate([np.ravel(array) for array in arrays])


def _doubts(left: float, solution: Solution, solver: str) -> tuple[str, ...]:
    """Why the hypergradient cannot be trusted, if so."""
    doubts = []
    if not left <= _CONVERGED:
        doubts.append(
            # Few digits: the same doubt at every outer step should be one notice.
            f"implicit: training has not converged, its gradient is still {left:.0e} of what it"
            " was at the start; the hypergradient may be wrong. Raise training.steps, or take"
            " reverse"
        )
    if not solution.is_definite:
        doubts.append(
            "implicit: the training loss curves downwards where training ended, so these weights"
            " are no minimum and the hypergradient may be wrong. Raise hypergradient.damping or"
            " the l2 penalty, or take reverse"
        )
    elif not solution.residual <= _CONVERGED:
        doubts.append(
            f"implicit: {solver} stopped after {solution.iterations} iterations with a relative"
            f" residual of {solution.residual:.0e}; the hypergradient may be wrong. Raise"
            " hypergradient.solver_iterations or hypergradient.damping"
        )
    return tuple(doubts)
