"""Determinants. Their derivatives are polynomials, and are right at singular matrices too.

The gradient of det is the matrix of cofactors, det(A) A^-T where A is regular. It and its
derivative are primitives of their own that take another way, the singular value decomposition,
where inverting would lose digits. Third derivatives take the way of the inverse: they need a
regular matrix. So does `slogdet`: at a singular matrix its derivative is infinite (LinAlgError).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ...core import defjvp, defvjp, make_jvp, make_vjp
from ...tracer import primitive
from ..broadcasting import metadata
from ..wrapper import wrapped_namespace as anp
from .matrices import diagonal, is_complex, mul, transpose
from .namespace import linalg
from .results import SlogdetResult, named_result

_det, _slogdet, _inv = linalg["det"], linalg["slogdet"], linalg["inv"]
_sum = anp["sum"]


def _inverse_if_safe(a: Any) -> Any:
    """The inverses of plain matrices; None if one has lost half of the digits or is not there."""
    try:
        inverse = onp.linalg.inv(a)
    except onp.linalg.LinAlgError:
        return None
    squares = [onp.einsum("...ij,...ij->...", x, x.conj()).real for x in (a, inverse)]
    limit = 1 / onp.finfo(inverse.dtype).eps
    return inverse if onp.all(squares[0] * squares[1] <= limit) else None


def _products_without(s: Any, count: int) -> Any:
    """Products of all singular values but one (..., n) or but two (..., n, n), without division."""
    n = s.shape[-1]
    left_out = onp.eye(n, dtype=bool)
    if count == 2:
        left_out = left_out[:, None] | left_out
    kept = onp.where(left_out, 1, s.reshape(*s.shape[:-1], *[1] * count, n))
    return kept.prod(-1)


def _unrotate(u: Any, inner: Any, vh: Any) -> Any:
    """det(U V^H) conj(U) inner conj(V^H): derivatives of det(A) from those of det(diag(s))."""
    factor = onp.linalg.det(u) * onp.linalg.det(vh)
    return factor[..., None, None] * (u.conj() @ inner @ vh.conj())


@primitive
def cofactors(a: Any, determinant: Any) -> Any:
    """The gradient of det: the determinants of what is left without row i and column j, signed.

    Args:
        determinant: of a, known already. No operand of its own: what its change would do is in the
            rule of a.
    """
    inverse = _inverse_if_safe(a)
    if inverse is not None:
        return onp.asarray(determinant)[..., None, None] * inverse.swapaxes(-1, -2)
    u, s, vh = onp.linalg.svd(a)
    return _unrotate(u, _products_without(s, 1)[..., None] * onp.eye(s.shape[-1], dtype=bool), vh)


@primitive
def cofactors_change(a: Any, x: Any) -> Any:
    """The derivative of `cofactors` at a along x: linear and self-adjoint in x."""
    inverse = _inverse_if_safe(a)
    if inverse is not None:
        return _change_by_inverse(a, x)
    u, s, vh = onp.linalg.svd(a)
    inner = u.conj().swapaxes(-1, -2) @ x @ vh.conj().swapaxes(-1, -2)
    off = ~onp.eye(s.shape[-1], dtype=bool)
    weights = _products_without(s, 2) * off
    weighted = weights * inner
    sums = weights @ onp.diagonal(inner, 0, -2, -1)[..., None]
    return _unrotate(u, sums * ~off - weighted.swapaxes(-1, -2), vh)


def _change_by_inverse(a: Any, x: Any) -> Any:
    """`cofactors_change` of a regular matrix, in traced operations."""
    inverse = _inv(a)
    relative = mul(inverse, x)
    size = _sum(diagonal(relative), -1)
    change = _both(size) * inverse - mul(relative, inverse)
    return _both(_det(a)) * transpose(change)


def _both(v: Any) -> Any:
    """Numbers (...) as stacks of 1 by 1 matrices."""
    return anp["reshape"](v, (*metadata(v).shape, 1, 1))


defvjp(_det, lambda ans, a: lambda g: _both(g) * cofactors(a, ans))
defjvp(_det, lambda g, ans, a: _sum(cofactors(a, ans) * g, (-2, -1)))
defvjp(cofactors, lambda ans, a, det: lambda g: cofactors_change(a, g), None)
defjvp(cofactors, lambda g, ans, a, det: cofactors_change(a, g), None)
defvjp(
    cofactors_change,
    lambda ans, a, x: make_vjp(lambda y: _change_by_inverse(y, x), a)[0],
    lambda ans, a, x: lambda g: cofactors_change(a, g),
)
defjvp(
    cofactors_change,
    lambda g, ans, a, x: make_jvp(lambda y: _change_by_inverse(y, x), a)(g)[1],
    lambda g, ans, a, x: cofactors_change(a, g),
)

# -- sign (or phase) and logarithm -----------------------------------------------------------------


def _slogdet_vjp(ans: Any, a: Any) -> Callable[[Any], Any]:
    complex_ = is_complex(a)
    sign = ans[0] if complex_ else None  # a real sign is constant

    def pull(g: Any) -> Any:
        scale = g[1] + 1j * anp["imag"](g[0] * sign) if complex_ else g[1]
        return _both(scale) * transpose(_inv(a))

    return pull


def _slogdet_jvp(g: Any, ans: Any, a: Any) -> Any:
    change = _sum(transpose(_inv(a)) * g, (-2, -1))
    if not is_complex(a):
        return named_result(SlogdetResult, 0 * ans[0], change)
    turned = 1j * anp["imag"](change) * ans[0]
    return named_result(SlogdetResult, turned, anp["real"](change))


defvjp(_slogdet, _slogdet_vjp)
defjvp(_slogdet, _slogdet_jvp)
