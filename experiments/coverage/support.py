"""Whether a library differentiates a function: tried out, and compared with differences.

A name alone proves nothing: Autograd wraps all of NumPy, and most of what it wraps raises.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from pkgutil import resolve_name
from typing import Any, NamedTuple

import numpy as np

POINT = np.array([0.31, 0.52, 0.83, 0.64])
DIRECTION = np.array([0.7, -0.4, 0.9, 0.5])
STEP = 1e-6
RTOL = 1e-5

Form = Callable[[Any, Any, Any], Any]
"""(namespace like numpy, function under test, POINT) -> what the function gives"""


class Library(NamedTuple):
    """A package with NumPy and SciPy inside it, and both modes of differentiation."""

    package: str
    grad: Callable[..., Any]
    make_jvp: Callable[..., Any]


class Support(NamedTuple):
    """Which modes give the right derivative."""

    reverse: bool
    forward: bool

    def __str__(self) -> str:
        words = {(True, True): "both", (True, False): "reverse", (False, True): "forward"}
        return words.get((self.reverse, self.forward), "-")


def scalar(xp: Any, result: Any) -> Any:
    """All float and complex entries of a result (an array, or a tuple of some), weighted, added."""
    if isinstance(result, float):
        return 1.5 * result
    if not hasattr(result, "dtype"):
        return sum(scalar(xp, part) for part in result) if hasattr(result, "__iter__") else 0.0
    if result.dtype.kind not in "fc":
        return 0.0
    size = int(np.prod(result.shape))
    weights = (1.5 + np.sin(np.arange(size))).reshape(result.shape)
    total = xp.sum(xp.real(result) * weights)
    return total + xp.sum(xp.imag(result) * weights**2) if result.dtype.kind == "c" else total


def _loss(package: str, path: str, form: Form) -> Callable[[Any], Any]:
    """The scalar function of POINT that calls the function at `path`, below `package` if any."""
    inside = f"{package}." if package else ""
    xp = import_module(f"{inside}numpy")
    fun = resolve_name(f"{inside}{path}")
    return lambda v: scalar(xp, form(xp, fun, v))


def expected_slope(path: str, form: Form) -> float:
    """The slope at POINT along DIRECTION, by central differences of plain NumPy or SciPy."""
    loss = _loss("", path, form)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        change = loss(POINT + STEP * DIRECTION) - loss(POINT - STEP * DIRECTION)
    return float(change / (2 * STEP))


def support(library: Library, path: str, form: Form) -> Support:
    """Which modes of `library` give the slope that differences give, for the function at `path`."""
    expected = expected_slope(path, form)

    def reverse() -> Any:
        return np.dot(library.grad(_loss(library.package, path, form))(POINT), DIRECTION)

    def forward() -> Any:
        return library.make_jvp(_loss(library.package, path, form))(POINT)(DIRECTION)[1]

    return Support(_gives(reverse, expected), _gives(forward, expected))


def _gives(slope: Callable[[], Any], expected: float) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(np.isclose(float(slope()), expected, rtol=RTOL, atol=RTOL))
        except Exception:  # noqa: BLE001  (whatever it raises: it does not support the function)
            return False


def in_jax(path: str) -> bool | None:
    """Whether JAX has a function of this name; None where JAX is not installed."""
    try:
        jax = import_module("jax")
    except ImportError:
        return None
    try:
        resolve_name(f"{jax.__name__}.{path}")
    except (AttributeError, ImportError):
        return False
    return True
