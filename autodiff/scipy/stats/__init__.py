"""Probability distributions, traced: each module bears the name of SciPy's distribution.

They are written in primitives, so every function of a real number is differentiable in both modes,
to any order, in all of its parameters, by position or by keyword. Steps (`ppf` of counts) and
random numbers (`rvs`) are SciPy's, on plain values.
"""

from . import (
    bernoulli,
    beta,
    binom,
    cauchy,
    chi2,
    dirichlet,
    expon,
    gamma,
    laplace,
    logistic,
    lognorm,
    multivariate_normal,
    norm,
    poisson,
    t,
    uniform,
)

__all__ = [
    "bernoulli",
    "beta",
    "binom",
    "cauchy",
    "chi2",
    "dirichlet",
    "expon",
    "gamma",
    "laplace",
    "logistic",
    "lognorm",
    "multivariate_normal",
    "norm",
    "poisson",
    "t",
    "uniform",
]
