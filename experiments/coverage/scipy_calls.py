"""Calls of SciPy's differentiable functions, in the same form as those of NumPy.

Of `special`, every ufunc is taken, with the first of some argument tuples at which it is finite and
not flat in its last argument. Of `stats`, every continuous distribution, likewise.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.special
import scipy.stats

from .calls import C4, square, symmetric
from .support import Form, expected_slope

B, A = np.array([1.0, 0.5]), np.array([1.0, -0.3])
T = np.linspace(0, 1, 4)


def _triangular(xp: Any, v: Any) -> Any:
    return xp.tril(square(xp, v))


def _banded(xp: Any, v: Any) -> Any:
    return xp.stack([v[:3], v[:3] + 5, v[1:]])


LINALG: list[tuple[Form, str]] = [
    (
        lambda xp, f, v: f(square(xp, v)),
        """coshm cosm det expm inv logm lstsq_ norm pinv polar qr rq sinhm sinm sqrtm signm svdvals
        tanhm tanm eigvals lu hessenberg lu_factor eig null_space_""",
    ),
    (lambda xp, f, v: f(symmetric(xp, v)), "cholesky eigvalsh pinvh cho_factor ldl"),
    (lambda xp, f, v: f(symmetric(xp, v))[0], "eigh"),
    (lambda xp, f, v: f(square(xp, v))[1], "svd"),
    (lambda xp, f, v: f(square(xp, v), v[:2]), "solve"),
    (lambda xp, f, v: f(square(xp, v), v[:2])[0], "lstsq"),
    (lambda xp, f, v: f(_triangular(xp, v), v[:2], lower=True), "solve_triangular"),
    (lambda xp, f, v: f((_triangular(xp, v), True), v[:2]), "cho_solve"),
    (lambda xp, f, v: f((square(xp, v), np.array([0, 1])), v[:2]), "lu_solve"),
    (lambda xp, f, v: f((1, 1), _banded(xp, v), v[:3]), "solve_banded"),
    (lambda xp, f, v: f(_banded(xp, v)[:2][::-1], v[:3], lower=True), "solveh_banded"),
    (lambda xp, f, v: f(_banded(xp, v)[:2][::-1], lower=True), "cholesky_banded"),
    (lambda xp, f, v: f(square(xp, v), symmetric(xp, v), np.eye(2)), "solve_sylvester"),
    (
        lambda xp, f, v: f(0.1 * square(xp, v), np.eye(2)),
        "solve_continuous_lyapunov solve_discrete_lyapunov expm_frechet",
    ),
    (
        lambda xp, f, v: f(square(xp, v), np.eye(2), np.eye(2), np.eye(2)),
        "solve_continuous_are solve_discrete_are",
    ),
    (lambda xp, f, v: f(v + 2.0 * (np.arange(4) == 0), C4), "solve_toeplitz solve_circulant"),
    (lambda xp, f, v: f(v, C4), "matmul_toeplitz"),
    (lambda xp, f, v: f(v), "block_diag circulant companion fiedler hankel toeplitz"),
    (lambda xp, f, v: f(v, 2), "convolution_matrix"),
    (lambda xp, f, v: f(v, v[:3]), "leslie"),
    (lambda xp, f, v: f(square(xp, v), symmetric(xp, v)), "khatri_rao subspace_angles_"),
    (lambda xp, f, v: f(square(xp, v), 0.5), "fractional_matrix_power"),
    (lambda xp, f, v: f(v, v[:3], eigvals_only=True), "eigh_tridiagonal"),
    (lambda xp, f, v: f(v, v[:3]), "eigvalsh_tridiagonal"),
]
SIGNAL: list[tuple[Form, str]] = [
    (lambda xp, f, v: f(v, C4), "convolve correlate fftconvolve oaconvolve"),
    (lambda xp, f, v: f(square(xp, v), np.eye(2)), "convolve2d correlate2d"),
    (lambda xp, f, v: f(B, A, v), "lfilter"),
    (lambda xp, f, v: f(B, A, v, padlen=0), "filtfilt"),
    (lambda xp, f, v: f(np.array([[1, 0.5, 0, 1, -0.3, 0]]), v), "sosfilt"),
    (lambda xp, f, v: f(v), "detrend hilbert chirp_ medfilt czt envelope"),
    (lambda xp, f, v: f(v, 3), "resample"),
    (lambda xp, f, v: f(v, 2, 1), "resample_poly"),
    (lambda xp, f, v: f(v, 3, 1), "savgol_filter"),
    (lambda xp, f, v: f(B, v), "upfirdn"),
    (lambda xp, f, v: f(v, nperseg=4)[-1], "periodogram_ welch spectrogram stft"),
    (lambda xp, f, v: f(v)[-1], "periodogram"),
    (lambda xp, f, v: f(v, 1.0, 1.0, 2.0), "chirp"),
]
INTEGRATE: list[tuple[Form, str]] = [
    (lambda xp, f, v: f(v, dx=0.5), "cumulative_simpson cumulative_trapezoid simpson trapezoid"),
    (lambda xp, f, v: f(v[:3]), "romb"),
    (lambda xp, f, v: f(lambda y, t: -y, v, T), "odeint"),
    (lambda xp, f, v: f(lambda t, y: -y, (0, 1), v, rtol=1e-9, atol=1e-9).y[:, -1], "solve_ivp"),
    (lambda xp, f, v: f(lambda t: t * t, v[0], v[1])[0], "fixed_quad quad quad_vec"),
]


def listed_calls() -> Iterator[tuple[str, Form]]:
    """(path, form) for the functions of linalg, signal and integrate."""
    for module, forms in (("linalg", LINALG), ("signal", SIGNAL), ("integrate", INTEGRATE)):
        for form, names in forms:
            for name in names.split():
                if not name.endswith("_"):
                    yield f"scipy.{module}.{name}", form


ARGUMENTS = (0.6, 1.3, 0.4, 0.9), (2.0, 1.5, 0.7, 0.3), (1.0, 2.0, 1.0, 0.5), (3.0, 1.0, 2.0, 0.4)
ORDERS = ((1, 0.6), (2, 0.6), (1, 2, 0.4), (0, 1, 0.3), (3, 2, 0.4), (2, 1, 0.8, 0.4))


def special_calls() -> Iterator[tuple[str, Form]]:
    """(path, form) for the ufuncs of scipy.special that vary with their last argument."""
    for name in sorted(scipy.special.__all__):
        fun = getattr(scipy.special, name)
        if isinstance(fun, np.ufunc):
            for given in (*ORDERS, *ARGUMENTS):
                given = given[: fun.nin] if len(given) >= fun.nin else ()
                form = _last_of(given)
                if len(given) == fun.nin and _varies(f"scipy.special.{name}", form):
                    yield f"scipy.special.{name}", form
                    break
    vector: Callable[[str], Form] = lambda name: lambda xp, f, v: f(v)  # noqa: E731
    for name in ("log_softmax", "logsumexp", "softmax", "digamma"):
        yield f"scipy.special.{name}", vector(name)
    yield "scipy.special.multigammaln", lambda xp, f, v: f(v[0] + 3, 2)
    yield "scipy.special.polygamma", lambda xp, f, v: f(1, v)
    yield "scipy.special.zeta", lambda xp, f, v: f(2.5, v)


def _last_of(given: tuple[Any, ...]) -> Form:
    """Call with the given numbers, the last one moved by the first entry of POINT."""
    return lambda xp, f, v: f(*given[:-1], given[-1] + 0.1 * v[0])


def _varies(path: str, form: Form) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            slope = expected_slope(path, form)
    except (TypeError, ValueError):
        return False
    return bool(np.isfinite(slope) and abs(slope) > 1e-9)


SHAPES = (0.7, 1.7, 2.3, 0.4), (1.7, 2.3, 3.1, 1.2), (3.0, 2.0, 1.5, 0.8), (0.3, 0.6, 0.5, 0.9)


def stats_calls() -> Iterator[tuple[str, Form]]:
    """(path, form) for the log densities of SciPy's continuous distributions."""
    for name in sorted(scipy.stats.__all__):
        family = getattr(scipy.stats, name)
        if not isinstance(family, scipy.stats.rv_continuous):
            continue
        for numbers in SHAPES:
            given = numbers[: family.numargs]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    middle = float(family.ppf(0.4, *given))
                except (TypeError, ValueError, RuntimeError):
                    continue
            form = _density_at(middle, given)
            if np.isfinite(middle) and _varies(f"scipy.stats.{name}.logpdf", form):
                yield f"scipy.stats.{name}.logpdf", form
                break


def _density_at(middle: float, given: tuple[float, ...]) -> Form:
    return lambda xp, f, v: f(middle * (1 + 0.01 * v[0]) + 0.01 * v[1], *given)
