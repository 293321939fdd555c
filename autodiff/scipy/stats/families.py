"""From a standard distribution to its location-scale family, with SciPy's signatures.

A standard distribution is written once, as functions of z = (x - loc) / scale and of its shapes,
in primitives: so all of its functions are differentiable in every argument, however often and in
both modes, and keyword arguments are traced like positional ones.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from ... import numpy as np
from ...numpy.broadcasting import metadata
from ...tracer import getval, isbox
from .. import special  # noqa: F401  (registers the rules that distributions are made of)

_INFINITY, _NAN = float("inf"), float("nan")
Function = Callable[..., Any]


class Standard(NamedTuple):
    """A continuous distribution with loc = 0 and scale = 1; functions of (z, *shapes).

    What is None follows from the others. `inside` is a point of the support, which stands in for
    those outside it; points on the border belong to it unless `open_support`.
    """

    logpdf: Function
    cdf: Function
    sf: Function
    ppf: Function
    logcdf: Function | None = None
    logsf: Function | None = None
    isf: Function | None = None
    shapes: tuple[str, ...] = ()
    support: tuple[float, float] = (-_INFINITY, _INFINITY)
    inside: float = 0.5
    open_support: bool = False


class Family(NamedTuple):
    """The functions of a distribution, called as SciPy's: ``pdf(x, *shapes, loc=0, scale=1)``."""

    pdf: Function
    logpdf: Function
    cdf: Function
    logcdf: Function
    sf: Function
    logsf: Function
    ppf: Function
    isf: Function


def location_scale(name: str, standard: Standard) -> Family:
    """The family that a standard distribution makes. Source: scipy.stats, for names and order."""

    def logpdf(x: Any, *shapes: Any, loc: Any, scale: Any) -> Any:
        return _log_density(standard, x, shapes, loc, scale)

    def pdf(x: Any, *shapes: Any, loc: Any, scale: Any) -> Any:
        return np.exp(_log_density(standard, x, shapes, loc, scale))

    def ppf(q: Any, *shapes: Any, loc: Any, scale: Any) -> Any:
        return _unstandardized(standard.ppf(q, *shapes), loc, scale)

    def isf(q: Any, *shapes: Any, loc: Any, scale: Any) -> Any:
        z = standard.isf(q, *shapes) if standard.isf else standard.ppf(1 - q, *shapes)
        return _unstandardized(z, loc, scale)

    below_above = {"cdf": (0.0, 1.0), "sf": (1.0, 0.0)}
    limits = {"logcdf": (-_INFINITY, 0.0), "logsf": (0.0, -_INFINITY)}
    functions = {"pdf": pdf, "logpdf": logpdf, "ppf": ppf, "isf": isf}
    for kind, ends in below_above.items():
        functions[kind] = _cumulative(standard, getattr(standard, kind), ends)
    for kind, ends in limits.items():
        fun = getattr(standard, kind) or _log_of(getattr(standard, kind[3:]))
        functions[kind] = _cumulative(standard, fun, ends)
    parameters = (*standard.shapes, "loc", "scale")
    return Family(
        **{
            kind: with_parameters(f"{name}.{kind}", fun, _first(kind), parameters)
            for kind, fun in functions.items()
        }
    )


def _first(kind: str) -> str:
    return "q" if kind in ("ppf", "isf") else "x"


def with_parameters(name: str, fun: Function, first: str, parameters: tuple[str, ...]) -> Function:
    """`fun`, called with its parameters by position or by name; loc = 0 and scale = 1 if left out.

    Raises:
        TypeError: a parameter is missing, unknown, or given twice.
    """
    names = (first, *parameters)
    given_as_keywords = [p for p in ("loc", "scale") if p in parameters]
    defaults = {"loc": 0.0, "scale": 1.0}

    def call(*args: Any, **kwargs: Any) -> Any:
        values = dict(zip(names, args))
        wrong = [key for key in kwargs if key not in names or key in values]
        values.update(kwargs)
        missing = [p for p in names if p not in values and p not in defaults]
        if wrong or missing or len(args) > len(names):
            raise TypeError(f"{name} takes ({', '.join(names)}); check {wrong or missing or args}")
        keywords = {p: values.get(p, defaults[p]) for p in given_as_keywords}
        return fun(*(as_operand(values[p]) for p in names if p not in keywords), **keywords)

    call.__name__ = call.__qualname__ = name.rpartition(".")[2]
    call.__doc__ = f"As scipy.stats.{name}, differentiable in every argument that is a real number."
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(p, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)
            for p, default in ((p, defaults.get(p, inspect.Parameter.empty)) for p in names)
        ]
    )
    return call


def as_operand(x: Any) -> Any:
    """Lists and tuples as arrays; everything else as it is."""
    return np.asarray(x) if isinstance(x, (list, tuple)) else x


def positive(x: Any) -> Any:
    """x, with nan where it is not positive, as SciPy answers parameters that are not allowed."""
    if x.__class__ is float and x > 0:
        return x
    return np.where(x > 0, x, _NAN)


def filled(value: Any, kept: Any, otherwise: Any) -> Any:
    """value where it is kept, in its own dtype elsewhere too."""
    return np.where(kept, value, np.astype(otherwise, metadata(value).dtype))


def _is_default(parameter: Any, default: float) -> bool:
    return isinstance(parameter, (int, float)) and parameter == default


def moved(x: Any, loc: Any) -> Any:
    """x - loc."""
    return x if _is_default(loc, 0) else x - as_operand(loc)


def _standardized(x: Any, loc: Any, scale: Any) -> Any:
    x = moved(x, loc)
    return x if _is_default(scale, 1) else x / positive(as_operand(scale))


def _unstandardized(z: Any, loc: Any, scale: Any) -> Any:
    z = z if _is_default(scale, 1) else z * positive(as_operand(scale))
    return z if _is_default(loc, 0) else z + as_operand(loc)


def _log_density(standard: Standard, x: Any, shapes: tuple[Any, ...], loc: Any, scale: Any) -> Any:
    z = _standardized(x, loc, scale)
    shapes = tuple(map(positive, shapes))
    if standard.support == (-_INFINITY, _INFINITY):
        log_density = standard.logpdf(z, *shapes)
    else:
        low, high = standard.support
        inside = z > low if standard.open_support else z >= low
        inside = np.logical_and(inside, z <= high)
        log_density = standard.logpdf(np.where(inside, z, standard.inside), *shapes)
        log_density = np.where(np.logical_or(inside, np.isnan(z)), log_density, -_INFINITY)
    return log_density if _is_default(scale, 1) else log_density - np.log(positive(scale))


def _cumulative(standard: Standard, fun: Function, ends: tuple[float, float]) -> Function:
    """A cumulative function: `ends` are its values below and above the support."""
    low, high = standard.support

    def cumulative(x: Any, *shapes: Any, loc: Any, scale: Any) -> Any:
        z = _standardized(x, loc, scale)
        shapes = tuple(map(positive, shapes))
        if low == -_INFINITY:
            return fun(z, *shapes)
        below, above = z <= low, z >= high
        outside = np.logical_or(below, above)
        value = fun(np.where(outside, standard.inside, z), *shapes)
        return filled(value, np.logical_not(outside), np.where(below, *ends))

    return cumulative


def _log_of(fun: Function) -> Function:
    def log_of(*args: Any) -> Any:
        p = fun(*args)
        return np.where(p > 0, np.log(np.where(p > 0, p, 1.0)), np.where(p == 0, -_INFINITY, _NAN))

    return log_of


def log_one_minus_exp(w: Any) -> Any:
    """log(1 - exp(-w)) for w > 0, accurate at both ends.

    Source: Maechler, Accurately computing log(1 - exp(-|a|)), the Rmpfr package (2012).
    """
    large = w > 0.6931471805599453
    of_large = np.log1p(-np.exp(-np.where(large, w, 1.0)))
    return np.where(large, of_large, np.log(-np.expm1(-np.where(large, 0.5, w))))


def untraced(name: str, kind: str) -> Function:
    """SciPy's own function of a distribution, on plain values: steps, or random numbers."""

    def call(*args: Any, **kwargs: Any) -> Any:
        import scipy.stats  # takes most of a second, and few programs come here

        plain = {key: getval(value) if isbox(value) else value for key, value in kwargs.items()}
        return getattr(getattr(scipy.stats, name), kind)(*map(getval, args), **plain)

    call.__name__ = call.__qualname__ = kind
    call.__doc__ = f"scipy.stats.{name}.{kind} of the plain values: it has no derivative."
    return call
