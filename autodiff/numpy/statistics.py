"""Spread and averages: var, std, average, cov, corrcoef.

Where all entries are equal, std has a corner: 0 is taken as its derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import box_types, undifferentiated
from .broadcasting import match_dtype, metadata
from .composed import composed, refuse
from .joining import asarray, concatenate
from .reductions import Axis, Pull, count, kept_shape, reduced_axes
from .routed import routed
from .wrapper import wrapped_namespace as anp

# -- var, std --------------------------------------------------------------------------------------


def _prepare(
    name: str, record: Any, a: Any, axis: Axis = None, dtype: Any = None, out: Any = None,
    ddof: float = 0, keepdims: Any = False, *, where: Any = True, mean: Any = None,
    correction: Any = None,
) -> Any:  # fmt: skip
    """Bring the arguments of var and std into the form (x, axis, None, None, ddof, keepdims)."""
    refuse(name, out=out)
    a = asarray(a)
    if dtype is not None:
        a = anp["astype"](a, dtype)
    ddof = ddof if correction is None else correction
    keepdims = keepdims is True
    if where is True and mean is None:
        return record(a, axis, None, None, ddof, keepdims)
    variance = _masked_var(a, axis, ddof, keepdims, where, mean)
    return variance if name == "var" else _root(variance)


def _masked_var(x: Any, axis: Axis, ddof: float, keepdims: bool, where: Any, mean: Any) -> Any:
    shape, dtype = metadata(x)
    if mean is None:
        mean = anp["mean"](x, axis, keepdims=True, where=where)
    chosen = anp["broadcast_to"](undifferentiated(where), shape)
    difference = anp["where"](chosen, x - mean, 0)
    squares = anp["real"](difference * anp["conj"](difference))
    count = anp["sum"](chosen, _axis(axis), keepdims=keepdims)
    freedom = anp["maximum"](count - ddof, 0)
    return anp["sum"](squares, axis, keepdims=keepdims) / anp["astype"](
        freedom, dtype.type(0).real.dtype
    )


def _axis(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


def _root(x: Any) -> Any:
    """The square root, with derivative 0 at 0."""
    zero = anp["equal"](x, 0)
    return anp["where"](zero, 0, anp["sqrt"](anp["where"](zero, 1, x)))


@routed("var")
def _var(record: Any, *args: Any, **kwargs: Any) -> Any:
    return _prepare("var", record, *args, **kwargs)


@routed("std")
def _std(record: Any, *args: Any, **kwargs: Any) -> Any:
    return _prepare("std", record, *args, **kwargs)


def _var_vjp(
    ans: Any, x: Any, axis: Axis, dtype: None, out: None, ddof: float, keepdims: bool
) -> Pull:
    shape = metadata(x).shape
    scale = _var_scale(shape, axis, ddof)
    kept = kept_shape(shape, axis)
    return lambda g: anp["reshape"](g * scale, kept) * anp["conj"](_centred(x, axis))


def _var_jvp(
    g: Any, ans: Any, x: Any, axis: Axis, dtype: None, out: None, ddof: float, keepdims: bool
) -> Any:
    products = anp["real"](g * anp["conj"](_centred(x, axis)))
    return anp["sum"](products, axis, keepdims=keepdims) * _var_scale(metadata(x).shape, axis, ddof)


def _var_scale(shape: tuple[int, ...], axis: Axis, ddof: float) -> float:
    freedom = count(shape, axis) - ddof
    return 2 / freedom if freedom > 0 else float("nan")


def _centred(x: Any, axis: Axis) -> Any:
    return x - anp["mean"](x, axis, keepdims=True)


def _std_scale(ans: Any) -> Any:
    """1 / (2 std), or a finite number where std is 0 (and what it multiplies is 0 too)."""
    return 0.5 / (ans + anp["equal"](ans, 0))


def _std_vjp(ans: Any, x: Any, *args: Any) -> Pull:
    pull_var = _var_vjp(None, x, *args)
    return lambda g: pull_var(g * _std_scale(ans))


def _std_jvp(g: Any, ans: Any, x: Any, *args: Any) -> Any:
    return _var_jvp(g, None, x, *args) * _std_scale(ans)


defvjp(_var, _var_vjp)
defjvp(_var, _var_jvp)
defvjp(_std, _std_vjp)
defjvp(_std, _std_jvp)

# -- weighted averages -----------------------------------------------------------------------------


def _weights_like(weights: Any, shape: tuple[int, ...], axis: Axis) -> Any:
    """Weights with one axis for each of `shape`: they may be given along the averaged axes only."""
    have = metadata(weights).shape
    if have == shape:
        return weights
    if axis is None:
        raise TypeError(f"average: weights of shape {have} for an array of shape {shape} need axis")
    axes = reduced_axes(len(shape), axis)
    if have != tuple(shape[a] for a in axes):
        raise ValueError(f"average: weights of shape {have} do not fit axis={axis} of {shape}")
    weights = anp["transpose"](weights, tuple(int(a) for a in onp.argsort(axes)))
    return anp["reshape"](weights, tuple(n if a in axes else 1 for a, n in enumerate(shape)))


@composed("average")
def average(
    a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    """As numpy.average. The weights may be traced.

    Raises:
        ZeroDivisionError: weights sum to zero.
        TypeError, ValueError: weights of a shape that does not fit.
    """
    a = asarray(a)
    shape, dtype = metadata(a)
    keepdims = keepdims is True
    if weights is None:
        mean = anp["mean"](a, axis, keepdims=keepdims)
        total = match_dtype(onp.asarray(count(shape, axis), float), dtype)
    else:
        weights = _weights_like(asarray(weights), shape, axis)
        total = anp["sum"](anp["broadcast_to"](weights, shape), axis, keepdims=keepdims)
        plain = undifferentiated(total)
        if type(plain) not in box_types and onp.any(plain == 0):
            raise ZeroDivisionError("average: weights sum to zero, can't be normalized")
        mean = anp["sum"](a * weights, axis, keepdims=keepdims) / total
    return (mean, anp["broadcast_to"](total, metadata(mean).shape)) if returned else mean


# -- cov, corrcoef ---------------------------------------------------------------------------------


def _variables(x: Any, rowvar: bool) -> Any:
    """The variables as rows."""
    rank = len(metadata(x).shape)
    if rank > 2:
        raise ValueError(f"cov: an array with {rank} axes; one or two are allowed")
    rows = anp["atleast_2d"](x)
    return rows if rowvar or rank < 2 else anp["transpose"](rows)


def _weights_and_freedom(fweights: Any, aweights: Any, ddof: float) -> tuple[Any, Any]:
    """How often each column counts, and what the sum of products is divided by."""
    weights = 1.0 if fweights is None else anp["astype"](asarray(undifferentiated(fweights)), float)
    if aweights is not None:
        weights = weights * asarray(aweights)
    total = anp["sum"](weights)
    if aweights is None or not ddof:
        return weights, total - ddof
    return weights, total - ddof * anp["sum"](weights * asarray(aweights)) / total


@composed("cov")
def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """As numpy.cov. Analytic weights may be traced."""
    rows = _variables(asarray(m), rowvar)
    if y is not None:
        rows = concatenate([rows, _variables(asarray(y), rowvar)], 0)
    if dtype is None:
        dtype = onp.result_type(metadata(rows).dtype, onp.float64)
    rows = anp["astype"](rows, dtype)
    ddof = (0 if bias else 1) if ddof is None else ddof
    n = metadata(rows).shape[1]
    if fweights is None and aweights is None:
        freedom: Any = max(n - ddof, 0)
        centred = weighted = rows - anp["mean"](rows, 1, keepdims=True)
    else:
        weights, freedom = _weights_and_freedom(fweights, aweights, ddof)
        mean = anp["sum"](rows * weights, 1, keepdims=True) / anp["sum"](weights)
        centred = rows - mean
        weighted = centred * weights
    products = anp["matmul"](weighted, anp["conj"](anp["transpose"](centred)))
    return anp["squeeze"](anp["true_divide"](products, freedom))


@composed("corrcoef")
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None, **_: Any) -> Any:
    """As numpy.corrcoef."""
    products = cov(x, y, rowvar, dtype=dtype)
    if metadata(products).shape == ():
        return products / products
    spread_of = anp["sqrt"](anp["real"](anp["diagonal"](products)))
    ratios = products / spread_of[:, None] / spread_of[None, :]
    # Rounding may leave the interval that NumPy promises.
    return ratios if metadata(ratios).dtype.kind == "c" else anp["clip"](ratios, -1, 1)
