"""The multivariate normal distribution, as scipy.stats.multivariate_normal.

Source: K. Petersen and M. Pedersen, The Matrix Cookbook, section 8.1, for the derivatives.
"""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as onp
import scipy.linalg

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy import linalg
from ...numpy.arithmetic import tangent_like
from ...numpy.broadcasting import metadata, unbroadcast_f
from ...running import settled
from ...tracer import isbox, primitive
from .families import as_operand, untraced

_LOG_TWO_PI = log(2 * pi)

# -- the two functions of a covariance, which is symmetric, as are the changes it is meant for -----


@primitive
def mahalanobis(d: Any, cov: Any) -> Any:
    """d^T cov^-1 d, of d of shape (..., D) and cov of shape (D, D)."""
    factor = onp.linalg.cholesky(cov)
    rows = onp.reshape(d, (-1, onp.shape(cov)[0]))
    whitened = scipy.linalg.solve_triangular(factor, rows.T, lower=True)
    return onp.reshape(onp.sum(whitened * whitened, axis=0), onp.shape(d)[:-1])[()]


@primitive
def log_determinant(cov: Any) -> Any:
    """log(det(cov)) of a positive definite matrix."""
    return 2 * onp.sum(onp.log(onp.diagonal(onp.linalg.cholesky(cov))))


def _solved(d: Any, cov: Any) -> Any:
    """cov^-1 d, along the last axis of d, shape (..., D)."""
    shape = metadata(d).shape
    rows = np.reshape(d, (-1, shape[-1]))
    return np.reshape(np.transpose(linalg.solve(cov, np.transpose(rows))), shape)


def _column(g: Any) -> Any:
    return np.expand_dims(g, -1)


def _mahalanobis_vjp_cov(ans: Any, d: Any, cov: Any) -> Any:
    def pull(g: Any) -> Any:
        rows = np.reshape(_solved(d, cov), (-1, metadata(cov).shape[0]))
        return -np.matmul(np.transpose(rows * _column(np.ravel(g))), rows)

    return unbroadcast_f(cov, pull)


def _mahalanobis_jvp_cov(g: Any, ans: Any, d: Any, cov: Any) -> Any:
    solved = _solved(d, cov)
    return tangent_like(ans, -np.sum(np.matmul(solved, g) * solved, axis=-1))


defvjp(
    mahalanobis,
    lambda ans, d, cov: unbroadcast_f(d, lambda g: _column(2 * g) * _solved(d, cov)),
    _mahalanobis_vjp_cov,
)
defjvp(
    mahalanobis,
    lambda g, ans, d, cov: tangent_like(ans, 2 * np.sum(g * _solved(d, cov), axis=-1)),
    _mahalanobis_jvp_cov,
)
defvjp(log_determinant, lambda ans, cov: lambda g: g * linalg.inv(cov))
defjvp(log_determinant, lambda g, ans, cov: np.sum(g * linalg.inv(cov)))

# -- the distribution ------------------------------------------------------------------------------


def _as_matrix(cov: Any, dimension: int) -> Any:
    """A covariance given as a number, as variances, or as a matrix, as a matrix."""
    cov = np.asarray(as_operand(cov))
    rank = len(metadata(cov).shape)
    return cov if rank == 2 else cov * onp.eye(dimension, dtype=metadata(cov).dtype)


def _deviations(x: Any, mean: Any, cov: Any) -> tuple[Any, Any]:
    """x - mean, shape (..., D), and the covariance as a matrix."""
    x, mean = np.asarray(x), np.asarray(0.0 if mean is None else mean)
    sizes = [*metadata(mean).shape, *metadata(np.asarray(cov)).shape[:1]]
    dimension = sizes[0] if sizes else 1
    if dimension == 1 and metadata(x).shape[-1:] != (1,):
        x = np.expand_dims(x, -1)
    return x - mean, _as_matrix(cov, dimension)


def logpdf(x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
    """Log density at x.

    Args:
        x: shape (..., D).
        mean: shape (D,), or a number if D is 1; zero by default.
        cov: shape (D, D), symmetric; variances of shape (D,); or one variance.
        allow_singular: the density within the subspace that a singular covariance spans, -inf
            outside of it. There is no derivative in such a covariance.

    Returns: shape (...), without its axes of length one.

    Raises:
        numpy.linalg.LinAlgError: the covariance is not positive definite.
        NotImplementedError: a traced covariance with allow_singular.
    """
    d, cov = _deviations(x, mean, cov)
    if allow_singular:
        log_density = _singular_logpdf(d, cov)
    else:
        norm = metadata(d).shape[-1] * _LOG_TWO_PI + log_determinant(cov)
        log_density = -0.5 * (mahalanobis(d, cov) + norm)
    return np.squeeze(log_density) if 1 in metadata(log_density).shape else log_density


def _singular_logpdf(d: Any, cov: Any) -> Any:
    cov = settled(cov)
    if isbox(cov):
        raise NotImplementedError(
            "the density of a multivariate normal with allow_singular=True has no derivative with"
            " respect to the covariance"
        )
    values, vectors = onp.linalg.eigh(cov)
    tolerance = 1e6 * onp.finfo(values.dtype).eps * onp.max(onp.abs(values))
    kept = values > tolerance
    whitened = np.matmul(d, vectors[:, kept] / onp.sqrt(values[kept]))
    norm = onp.sum(kept) * _LOG_TWO_PI + onp.sum(onp.log(values[kept]))
    log_density = -0.5 * (np.sum(whitened * whitened, axis=-1) + norm)
    beside = np.matmul(d, vectors[:, ~kept])
    return np.where(np.sum(beside * beside, axis=-1) < tolerance**2, log_density, -np.inf)


def pdf(x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
    """Density at x; see `logpdf`."""
    return np.exp(logpdf(x, mean, cov, allow_singular))


def entropy(mean: Any = None, cov: Any = 1.0) -> Any:
    """Differential entropy, in nats; see `logpdf` for the arguments."""
    sizes = [*np.shape(0.0 if mean is None else mean), *np.shape(cov)[:1]]
    dimension = sizes[0] if sizes else 1
    return 0.5 * (dimension * (1 + _LOG_TWO_PI) + log_determinant(_as_matrix(cov, dimension)))


cdf = untraced("multivariate_normal", "cdf")
rvs = untraced("multivariate_normal", "rvs")
