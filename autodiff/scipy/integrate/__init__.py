"""Ordinary differential equations, differentiable by their adjoint; integrals of samples.

The right-hand side is written with `autodiff.numpy`. Gradients flow to the initial value, to the
times and to everything in `args`; what the right-hand side captures from outside is constant.
Gradients are those of the solution, not of the solver's steps: they are as exact as the tolerances.
"""

from .samples import cumulative_trapezoid, trapezoid
from .solvers import odeint, solve_ivp

__all__ = ["cumulative_trapezoid", "odeint", "solve_ivp", "trapezoid"]
