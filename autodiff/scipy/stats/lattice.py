"""What distributions on the integers share: their signatures, and zero between the integers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ... import numpy as np
from .. import special  # noqa: F401  (registers the rules that distributions are made of)
from .families import filled, moved, with_parameters

_INFINITY, _NAN = float("inf"), float("nan")
Function = Callable[..., Any]


class Lattice(NamedTuple):
    """A distribution on the integers from 0 on; functions of (k, *shapes), k in the support.

    Attributes: allowed (whether parameters are), last (the largest value, None if there is none).
    """

    logpmf: Function
    cdf: Function
    sf: Function
    shapes: tuple[str, ...]
    allowed: Function
    last: Function | None = None


class LatticeFamily(NamedTuple):
    """The functions of a distribution, called as SciPy's: ``pmf(k, *shapes, loc=0)``."""

    pmf: Function
    logpmf: Function
    cdf: Function
    logcdf: Function
    sf: Function
    logsf: Function


def on_integers(name: str, lattice: Lattice) -> LatticeFamily:
    """The functions of a distribution on the integers, moved by `loc`."""

    def logpmf(k: Any, *shapes: Any, loc: Any) -> Any:
        k, inside, allowed = _place(lattice, k, shapes, loc)
        value = lattice.logpmf(np.where(inside, k, 0), *shapes)
        outside = np.where(allowed, -_INFINITY, _NAN)
        return filled(value, np.logical_and(inside, allowed), outside)

    def pmf(k: Any, *shapes: Any, loc: Any) -> Any:
        return np.exp(logpmf(k, *shapes, loc=loc))

    functions = {"pmf": pmf, "logpmf": logpmf}
    for kind, ends in {"cdf": (0.0, 1.0), "sf": (1.0, 0.0)}.items():
        cumulative = _cumulative(lattice, getattr(lattice, kind), ends)
        functions[kind] = cumulative
        functions[f"log{kind}"] = _log_of(cumulative)
    parameters = (*lattice.shapes, "loc")
    return LatticeFamily(
        **{
            kind: with_parameters(f"{name}.{kind}", fun, "k", parameters)
            for kind, fun in functions.items()
        }
    )


def _place(lattice: Lattice, k: Any, shapes: tuple[Any, ...], loc: Any) -> tuple[Any, Any, Any]:
    """k without loc, whether it is an integer in the support, whether the parameters are allowed.

    Nothing flows back to k: its functions are steps.
    """
    k = moved(k, loc)
    whole = np.floor(k)
    inside = np.logical_and(np.equal(whole, k), k >= 0)
    if lattice.last is not None:
        inside = np.logical_and(inside, k <= lattice.last(*shapes))
    return whole, inside, lattice.allowed(*shapes)


def _cumulative(lattice: Lattice, fun: Function, ends: tuple[float, float]) -> Function:
    def cumulative(k: Any, *shapes: Any, loc: Any) -> Any:
        k = np.floor(moved(k, loc))
        outside = below = k < 0
        if lattice.last is not None:
            outside = np.logical_or(below, k >= lattice.last(*shapes))
        value = fun(np.where(outside, 0, k), *shapes)
        allowed = lattice.allowed(*shapes)
        known = np.where(allowed, np.where(below, *ends), _NAN)
        return filled(value, np.logical_and(allowed, np.logical_not(outside)), known)

    return cumulative


def _log_of(fun: Function) -> Function:
    def log_of(*args: Any, **kwargs: Any) -> Any:
        p = fun(*args, **kwargs)
        return np.where(p > 0, np.log(np.where(p > 0, p, 1.0)), np.where(p == 0, -_INFINITY, _NAN))

    return log_of
