"""A small call of every differentiable function of NumPy, to see whether a library supports it.

Each form is a function of the namespace `xp`, the function `f` under test, and `v`, four distinct
numbers between 0 and 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .support import Form

C4 = np.array([0.9, 0.2, 0.7, 0.4])
INDEX = np.array([2, 0, 1])
YES_NO = np.array([True, False, True, True])


def square(xp: Any, v: Any) -> Any:
    """A matrix with distinct positive eigenvalues."""
    return xp.reshape(v, (2, 2)) + np.array([[3.0, 0.5], [0.7, 2.0]])


def symmetric(xp: Any, v: Any) -> Any:
    a = square(xp, v)
    return xp.dot(a, xp.transpose(a))


def table(xp: Any, v: Any) -> Any:
    return xp.reshape(v, (2, 2))


def cube(xp: Any, v: Any) -> Any:
    return xp.reshape(v, (1, 2, 2)) * np.ones((2, 1, 1))


FORMS: list[tuple[Form, str]] = [
    (
        lambda xp, f, v: f(v),
        """abs absolute acos arccos arcsin asin arcsinh asinh arctan atan arctanh atanh cbrt conj
        conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs i0 log log10 log1p log2 negative
        positive rad2deg radians real real_if_close reciprocal sin sinc sinh sqrt square tan tanh
        nan_to_num amax amin average max mean median min nanmax nanmean nanmedian nanmin nanprod
        nanstd nansum nanvar prod ptp std sum var nancumprod nancumsum cumprod cumsum
        cumulative_prod cumulative_sum array asanyarray asarray asarray_chkfinite ascontiguousarray
        asfortranarray atleast_1d atleast_2d atleast_3d copy diag diagflat diff ediff1d flip flipud
        gradient ravel require sort sort_complex squeeze trim_zeros unwrap vander poly polyder
        polyint trapezoid cov fft.fft fft.fftn fft.fftshift fft.hfft fft.ifft fft.ifftn
        fft.ifftshift fft.ihfft fft.irfft fft.irfftn fft.rfft fft.rfftn linalg.norm
        linalg.vector_norm block frexp histogram_bin_edges unique unique_all unique_counts
        unique_inverse unique_values""",
    ),
    (lambda xp, f, v: f(v + 1.5), "acosh arccosh"),
    (lambda xp, f, v: f(v + 1j * v[::-1]), "angle imag"),
    (
        lambda xp, f, v: f(v, C4),
        """add arctan2 atan2 copysign convolve correlate divide divmod dot float_power fmax fmin
        fmod hypot inner kron logaddexp logaddexp2 maximum minimum mod multiply outer polyadd
        polymul polysub polyval pow power remainder subtract true_divide vdot vecdot append
        corrcoef polydiv linalg.outer linalg.vecdot setdiff1d setxor1d union1d""",
    ),
    (
        lambda xp, f, v: f(table(xp, v)),
        """fliplr matrix_transpose rot90 transpose tril triu diagonal trace permute_dims fft.fft2
        fft.ifft2 fft.irfft2 fft.rfft2 linalg.diagonal linalg.trace linalg.matrix_norm
        linalg.matrix_transpose unstack""",
    ),
    (lambda xp, f, v: f(table(xp, v), square(xp, v)), "matmul linalg.matmul matvec vecmat"),
    (lambda xp, f, v: f(square(xp, v), v[:2]), "linalg.solve linalg.tensorsolve"),
    (lambda xp, f, v: f(square(xp, v), v[:2], rcond=None)[0], "linalg.lstsq"),
    (
        lambda xp, f, v: f(square(xp, v)),
        """linalg.cond linalg.det linalg.eig linalg.eigvals linalg.inv linalg.pinv linalg.qr
        linalg.slogdet linalg.svdvals""",
    ),
    (lambda xp, f, v: f(square(xp, v))[1], "linalg.svd"),
    (lambda xp, f, v: f(symmetric(xp, v)), "linalg.cholesky linalg.eigvalsh"),
    (lambda xp, f, v: f(symmetric(xp, v))[0], "linalg.eigh"),
    (lambda xp, f, v: f(square(xp, v), ind=1), "linalg.tensorinv"),
    (lambda xp, f, v: f(square(xp, v), 3), "linalg.matrix_power"),
    (lambda xp, f, v: f([square(xp, v), table(xp, v), square(xp, v)]), "linalg.multi_dot"),
    (lambda xp, f, v: f(v[:3], C4[:3]), "cross linalg.cross"),
    (lambda xp, f, v: f(table(xp, v), square(xp, v), axes=1), "tensordot linalg.tensordot"),
    (lambda xp, f, v: f("i,i->i", v, C4), "einsum"),
    (lambda xp, f, v: f(v, v), "intersect1d"),
    (lambda xp, f, v: f(v, 0.3), "quantile nanquantile"),
    (lambda xp, f, v: f(v, 30), "percentile nanpercentile"),
    (lambda xp, f, v: f(v, 0.4, 0.6), "clip"),
    (lambda xp, f, v: f(v, 2), "repeat tile roll partition array_split split hsplit ldexp pad"),
    (lambda xp, f, v: f(table(xp, v), 2), "vsplit"),
    (lambda xp, f, v: f(cube(xp, v), 2), "dsplit"),
    (lambda xp, f, v: f(v, 0), "expand_dims delete"),
    (lambda xp, f, v: f(v, (2, 2)), "reshape"),
    (lambda xp, f, v: f(v, (3, 2)), "resize"),
    (lambda xp, f, v: f(v, (3, 4)), "broadcast_to"),
    (lambda xp, f, v: f(cube(xp, v), 0, 2), "moveaxis swapaxes"),
    (lambda xp, f, v: f(cube(xp, v), 2), "rollaxis"),
    (lambda xp, f, v: f([v, 2 * v]), "column_stack concat concatenate dstack hstack stack vstack"),
    (lambda xp, f, v: f(v, float), "astype fromiter"),
    (lambda xp, f, v: f(v, INDEX), "take"),
    (lambda xp, f, v: f(v, INDEX, 0), "take_along_axis"),
    (lambda xp, f, v: f(YES_NO, v), "compress extract"),
    (lambda xp, f, v: f(YES_NO, v, 0.0), "where"),
    (lambda xp, f, v: f([YES_NO], [v]), "select"),
    (lambda xp, f, v: f([1, 0, 1, 0], [v, C4]), "choose"),
    (lambda xp, f, v: f(v, [YES_NO], [lambda u: u * u]), "piecewise"),
    (lambda xp, f, v: f(v, 1, v[0] ** 2), "insert"),
    (lambda xp, f, v: f(v, C4[::-1]), "broadcast_arrays meshgrid ix_"),
    (lambda xp, f, v: f(3, v[0]), "full"),
    (lambda xp, f, v: f(C4, v[0]), "full_like"),
    (lambda xp, f, v: f(v[0], v[1] + 2, 3), "linspace logspace geomspace"),
    (lambda xp, f, v: f(v[0], v[0] + 2.5, 1.0), "arange"),
    (lambda xp, f, v: f(v, [0.1, 0.5, 1.0], [2.0, 1.0, 3.0]), "interp"),
    (lambda xp, f, v: f([0, 1, 1, 3], v), "bincount"),
    (lambda xp, f, v: f([0.1, 0.2, 0.5, 0.9], 3, weights=v), "histogram"),
    (lambda xp, f, v: f([0.1, 0.2, 0.5, 0.9], C4, 3, weights=v), "histogram2d"),
    (lambda xp, f, v: f(C4[:, None], 3, weights=v), "histogramdd"),
    (lambda xp, f, v: f(v + 0.5), "modf"),
    (lambda xp, f, v: f(v), "roots"),
    (lambda xp, f, v: f(v, C4 + 1, 1), "polyfit"),
    (lambda xp, f, v: f(lambda r: r * r, 0, v), "apply_along_axis"),
    (lambda xp, f, v: f(xp.sum, v, 0), "apply_over_axes"),
    (lambda xp, f, v: f(lambda r: r * r)(v), "vectorize"),
    (lambda xp, f, v: f[v, 2 * v], "c_ r_"),
]
"""How to call which functions."""

CALLS: dict[str, Form] = {name: form for form, names in FORMS for name in names.split()}
