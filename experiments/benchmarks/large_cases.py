"""Functions of NumPy and SciPy that both libraries differentiate, with arguments of any size.

A case is an expression in the namespaces `np`, `special`, `stats`, `linalg` and `signal` of a
library, and a function from a number of entries to its arguments. The arguments x and y are
differentiated; i is an index, a mask or counts.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any

import numpy as np

Arguments = Callable[[int], dict[str, Any]]

MOST_ROWS = 300
"""Of matrices for what takes time with the cube of the rows."""


def uniform(low: float, high: float, *shape: int, seed: int = 0) -> Any:
    """Numbers between two bounds."""
    return np.random.default_rng(seed).uniform(low, high, shape)


def within(low: float, high: float) -> Arguments:
    """One axis of numbers between two bounds."""
    return lambda n: {"x": uniform(low, high, n)}


def arrays(*shapes: Callable[[int], tuple[int, ...]]) -> Arguments:
    """x, and y if there are two shapes, of numbers of both signs."""
    return lambda n: {
        name: uniform(-1.5, 1.5, *shape(n), seed=k)
        for k, (name, shape) in enumerate(zip("xy", shapes))
    }


def _line(n: int) -> tuple[int, ...]:
    return (n,)


def _square(n: int) -> tuple[int, ...]:
    return isqrt(n), isqrt(n)


def _limited(n: int) -> tuple[int, ...]:
    return (min(isqrt(n), MOST_ROWS),) * 2


def _side(n: int) -> tuple[int, ...]:
    return (isqrt(n),)


def _cube(n: int) -> tuple[int, ...]:
    return (round(n ** (1 / 3)),) * 3


def _stack(n: int) -> tuple[int, ...]:
    return n // 25, 5, 5


vector, matrix, cube = arrays(_line), arrays(_square), arrays(_cube)
vectors, matrices = arrays(_line, _line), arrays(_square, _square)
limited, edges = arrays(_limited, _limited), arrays(_side, _side)
tenth = arrays(lambda n: (n // 10,))
positive, inner, unit, wide = within(0.3, 2), within(-0.8, 0.8), within(0.1, 0.9), within(1.3, 3)


def positives(n: int) -> dict[str, Any]:
    """Two vectors of positive numbers."""
    return {"x": uniform(0.3, 2, n), "y": uniform(0.3, 2, n, seed=1)}


def number(n: int) -> dict[str, Any]:
    """One number: what is made of it is large."""
    return {"x": 1.3}


def numbers(n: int) -> dict[str, Any]:
    """One axis of complex numbers."""
    return {"x": uniform(-1.5, 1.5, n) + 1j * uniform(-1.5, 1.5, n, seed=1)}


def with_index(n: int) -> dict[str, Any]:
    """A vector, and as many indices into it."""
    return {**vector(n), "i": np.random.default_rng(3).integers(0, n, n)}


def with_mask(n: int) -> dict[str, Any]:
    """A vector, and truth values for half of its entries."""
    return {**vector(n), "i": uniform(-1, 1, n, seed=2) > 0}


def with_counts(n: int) -> dict[str, Any]:
    """Positive numbers, and small integers."""
    return {**positive(n), "i": np.random.default_rng(2).integers(0, 6, n)}


def near_one(n: int) -> dict[str, Any]:
    """A matrix whose products neither overflow nor underflow."""
    return {"x": uniform(0.999, 1.001, *_square(n))}


def regular(n: int) -> dict[str, Any]:
    """A well-conditioned matrix."""
    shape = _limited(n)
    return {"x": uniform(-1.5, 1.5, *shape) / shape[0] ** 0.5 + 3 * np.eye(shape[0])}


def definite(n: int) -> dict[str, Any]:
    """A positive definite matrix."""
    half = regular(n)["x"]
    return {"x": half @ half.T}


def small_definite(n: int) -> dict[str, Any]:
    """The same with at most 100 rows, for what is slow in SciPy."""
    return definite(min(n, 10_000))


def system(n: int) -> dict[str, Any]:
    """A matrix and a right-hand side."""
    return {**regular(n), "y": uniform(-1, 1, *_limited(n)[:1])}


def triangle(n: int) -> dict[str, Any]:
    """A lower triangular matrix and a right-hand side."""
    return {"x": np.linalg.cholesky(definite(n)["x"]), "y": system(n)["y"]}


def small_matrices(n: int) -> dict[str, Any]:
    """A stack of regular 3 by 3 matrices."""
    return {"x": uniform(-1.5, 1.5, min(n, 100_000) // 9, 3, 3) + 3 * np.eye(3)}


def small_kernel(n: int) -> dict[str, Any]:
    """An image of at most 100 by 100, and a kernel of 5 by 5."""
    side = min(isqrt(n), 100)
    return {"x": uniform(-1, 1, side, side), "i": uniform(-1, 1, 5, 5, seed=1)}


def spread_over(arguments: Arguments, pattern: str, *names: str) -> list[tuple[str, Arguments]]:
    """The cases of a pattern in which {} is each of the names."""
    return [(pattern.format(name), arguments) for text in names for name in text.split()]


CASES: list[tuple[str, Arguments]] = [
    *spread_over(
        vector,
        "np.{}(x)",
        "negative square exp exp2 expm1 sin cos sinh cosh tanh arctan arcsinh rad2deg deg2rad",
        "absolute fabs real imag conjugate sinc nan_to_num i0 sum mean var std max min cumsum sort",
        "diff gradient linalg.norm",
    ),
    *spread_over(positive, "np.{}(x)", "reciprocal sqrt log log2 log10 log1p"),
    *spread_over(inner, "np.{}(x)", "tan arcsin arccos arctanh"),
    *spread_over(wide, "np.{}(x)", "arccosh"),
    *spread_over(numbers, "np.{}(x)", "abs angle fft.fft exp real"),
    *spread_over(
        positives,
        "np.{}(x, y)",
        "add subtract multiply true_divide power arctan2 hypot mod",
    ),
    *spread_over(vectors, "np.{}(x, y)", "maximum minimum fmax fmin logaddexp logaddexp2 dot"),
    ("x + y", arrays(_square, _side)),
    ("x * y", arrays(_square, lambda n: (isqrt(n), 1))),
    ("x**2", vector),
    ("x**3", vector),
    ("x**1.5", positive),
    ("np.where(x > 0.5, x, y)", vectors),
    ("np.clip(x, -1.0, 1.0)", vector),
    ("np.sin(x) * 0.5 + x / (x * x + 2.0)", vector),
    ("np.ones(len(x)) * x + np.zeros(len(x))", vector),
    ("np.arange(len(x)) * 1.0 * x", vector),
    *spread_over(matrix, "np.{}(x, axis=0)", "sum mean var std max min cumsum sort"),
    *spread_over(matrix, "np.{}(x, axis=1)", "sum mean var std max min cumsum linalg.norm"),
    ("np.prod(x, axis=0)", near_one),
    ("np.prod(x, axis=1)", near_one),
    ("np.prod(x)", within(0.999, 1.001)),
    ("np.prod(np.reshape(x, (-1, 10)), axis=1)", positive),
    ("np.partition(x, 5)", vector),
    ("special.logsumexp(x)", vector),
    ("special.logsumexp(x, axis=1)", matrix),
    *spread_over(
        matrix, "np.{}(x)", "ravel transpose fliplr rot90 triu tril diag trace fft.fftshift"
    ),
    ("np.reshape(x, (2, -1))", vector),
    ("np.transpose(x, (2, 0, 1))", cube),
    ("np.moveaxis(x, 0, 2)", cube),
    ("np.swapaxes(x, 0, 1)", matrix),
    ("np.roll(x, 3)", vector),
    ("np.roll(x, 1, axis=1)", matrix),
    ("np.expand_dims(x, 0)", vector),
    ("np.squeeze(x)", arrays(lambda n: (n, 1))),
    ("np.broadcast_to(x, (10, len(x)))", tenth),
    ("np.repeat(x, 10)", tenth),
    ("np.tile(x, 10)", tenth),
    ("np.pad(x, 3, 'constant')", matrix),
    ("np.diag(x)", arrays(_side)),
    ("np.concatenate((x, y))", vectors),
    ("np.stack((x, y))", vectors),
    ("np.hstack((x, y))", matrices),
    ("np.split(x, 2)[0]", vector),
    ("x[1:-1]", vector),
    ("x[::2]", vector),
    ("x[5]", matrix),
    ("x[i]", with_index),
    ("x[i]", with_mask),
    ("np.full(10_000, x)", number),
    ("np.linspace(x, 2.0, 10_000)", number),
    ("np.dot(x, y)", arrays(_square, _side)),
    *spread_over(limited, "np.{}(x, y)", "dot matmul inner"),
    ("np.matmul(x, y)", arrays(_stack, _stack)),
    ("np.tensordot(x, y, 1)", limited),
    *spread_over(edges, "np.{}(x, y)", "outer kron"),
    ("np.cross(x, y)", arrays(lambda n: (n // 3, 3), lambda n: (n // 3, 3))),
    ("np.einsum('ij,jk->ik', x, y)", limited),
    ("np.einsum('ij,ij->i', x, y)", matrices),
    ("np.einsum('bij,bj->bi', x, y)", arrays(_stack, lambda n: (n // 25, 5))),
    ("signal.convolve(x, i)", small_kernel),
    *spread_over(regular, "np.linalg.{}(x)", "det inv pinv"),
    *spread_over(small_matrices, "np.linalg.{}(x)", "det inv"),
    ("np.linalg.slogdet(x)[1]", regular),
    ("np.linalg.cholesky(x)", definite),
    ("np.linalg.cholesky(np.matmul(x, np.swapaxes(x, -1, -2)))", small_matrices),
    ("np.linalg.solve(x, y)", system),
    ("np.linalg.solve(x, x[0])", small_matrices),
    ("np.linalg.eigh(x)[0]", definite),
    ("np.linalg.eigh(x)[1] ** 2", definite),
    ("np.linalg.svd(x, compute_uv=False)", regular),
    ("np.linalg.svd(x, full_matrices=False)[1]", regular),
    ("np.linalg.svd(x, full_matrices=False)[0] ** 2", regular),
    ("np.linalg.norm(x, 1)", vector),
    ("np.linalg.norm(x, 'nuc')", regular),
    ("linalg.solve_triangular(x, y, lower=True)", triangle),
    ("linalg.sqrtm(x)", small_definite),
    ("np.abs(np.fft.rfft(x))", vector),
    ("np.abs(np.fft.fft2(x))", matrix),
    ("np.fft.irfft(x)", numbers),
    *spread_over(
        positive, "special.{}(x)", "gamma gammaln psi rgamma erf erfc expit i0 i1 j0 j1 y0 y1"
    ),
    *spread_over(unit, "special.{}(x)", "logit erfinv erfcinv"),
    *spread_over(positives, "special.{}(x, y)", "beta betaln"),
    ("special.polygamma(1, x)", positive),
    ("special.multigammaln(x, 2)", wide),
    ("special.jn(2, x)", positive),
    ("special.gammainc(1.3, x)", positive),
    ("special.betainc(1.3, 0.7, x)", unit),
    ("stats.poisson.logpmf(i, x)", with_counts),
    ("stats.poisson.pmf(i, x)", with_counts),
    *spread_over(vector, "stats.norm.{}(x, 0.2, 1.3)", "pdf logpdf cdf logcdf sf logsf"),
    *spread_over(vector, "stats.t.{}(x, 3.5)", "pdf logpdf cdf logcdf"),
    *spread_over(unit, "stats.beta.{}(x, 1.3, 1.7)", "pdf logpdf cdf"),
    *spread_over(positive, "stats.gamma.{}(x, 1.3)", "pdf logpdf cdf"),
    *spread_over(positive, "stats.chi2.{}(x, 1.3)", "pdf logpdf cdf"),
    ("stats.norm.logpdf(x, y, 1.3)", vectors),
    ("stats.gamma.logpdf(x, y)", positives),
    ("stats.t.logpdf(x, y)", positives),
    (
        "stats.multivariate_normal.logpdf(x, np.zeros(5), 2 * np.eye(5))",
        arrays(lambda n: (n // 5, 5)),
    ),
]
