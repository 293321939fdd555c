"""Splines, traced: ``import autodiff.scipy.interpolate``."""

from __future__ import annotations

from typing import Any

import numpy as onp
import scipy.interpolate

from .. import numpy as np
from ..numpy.broadcasting import metadata
from ..running import settled
from ..tracer import getval, isbox


class CubicSpline:
    """The cubic spline through given values, as scipy.interpolate.CubicSpline.

    Differentiable in the values and in the points of evaluation, which may both be traced. A spline
    is linear in its values, so it is made of SciPy's splines through unit vectors: n^2 numbers.

    Args:
        x: knots, shape (n,), increasing, a constant.
        y: values, n of them along `axis`.
        bc_type: "not-a-knot", "natural" or "clamped", or SciPy's pairs with derivatives of zero.
        extrapolate: whether the outermost pieces go on outside of the knots; else nan is there.

    Attributes: x, c (coefficients, shape (4, n - 1, ...), highest power first).

    Raises:
        NotImplementedError: traced knots, or a periodic spline.
    """

    def __init__(
        self, x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot", extrapolate: bool = True
    ) -> None:
        x = settled(x)
        if isbox(x):
            raise NotImplementedError("CubicSpline has no derivative with respect to its knots")
        if bc_type == "periodic" or extrapolate not in (True, False, None):
            raise NotImplementedError("CubicSpline: periodic splines are not supported")
        self.x = onp.asarray(x, float)
        self.axis = axis
        self.extrapolate = extrapolate is not False
        values = np.moveaxis(np.asarray(y), axis, 0)
        units = scipy.interpolate.CubicSpline(self.x, onp.eye(self.x.size), bc_type=bc_type)
        self.c = np.tensordot(units.c.astype(metadata(values).dtype), values, 1)

    def __call__(self, points: Any, nu: int = 0) -> Any:
        """The spline, or its derivative of order `nu`, at points of any shape.

        Returns: the shape of y with `axis` replaced by that of the points.
        """
        points = np.asarray(points)
        piece = onp.searchsorted(self.x[1:-1], getval(points), side="right")
        shape, rest = metadata(points).shape, metadata(self.c).shape[2:]
        step = np.reshape(points - self.x[piece], shape + (1,) * len(rest))
        value: Any = 0.0
        for k in range(4 - nu):
            power = 3 - k
            factor = onp.prod(onp.arange(power - nu + 1, power + 1, dtype=float))
            value = value * step + float(factor) * self.c[k][piece]
        value = value + 0.0 * step
        if not self.extrapolate:
            inside = np.logical_and(points >= self.x[0], points <= self.x[-1])
            value = np.where(np.reshape(inside, metadata(step).shape), value, onp.nan)
        axes = tuple(range(len(shape)))
        start = self.axis % (1 + len(rest))
        return np.moveaxis(value, axes, tuple(start + k for k in axes)) if start else value
