"""Rules of products that sum over axes: dot, matmul, tensordot, inner and outer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import def_linear, defvjp, defvjp_argnum
from ..tracer import primitive
from .broadcasting import Metadata, metadata, unbroadcast
from .wrapper import wrapped_namespace as anp

_T, _tensordot, _matmul = (anp[name] for name in ("transpose", "tensordot", "matmul"))


def _swap(x: Any) -> Any:
    return anp["swapaxes"](x, -1, -2)


def _column(v: Any) -> Any:
    """Vectors as matrices of one column: reshape is faster than expand_dims."""
    return anp["reshape"](v, (*metadata(v).shape, 1))


def _row(v: Any) -> Any:
    *stack, n = metadata(v).shape
    return anp["reshape"](v, (*stack, 1, n))


# -- products of matrices with one of them transposed ----------------------------------------------
# The derivatives of a product, and of these, are such products again: nothing is transposed on its
# own, which would be one more operation to record.

_LARGE = 10_000  # entries


@primitive
def product_nt(a: Any, b: Any) -> Any:
    """a b^T of matrices."""
    return onp.matmul(a, b.T)


@primitive
def product_tn(a: Any, b: Any) -> Any:
    """a^T b of matrices."""
    if a.size >= _LARGE and a.shape[1] >= 4 * b.shape[1]:
        # BLAS is a third faster when the smaller matrix is the transposed one (OpenBLAS, float64).
        return onp.ascontiguousarray(onp.matmul(b.T, a).T)
    return onp.matmul(a.T, b)


def _product_rule(product: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    meta = metadata(x)
    return lambda g: unbroadcast(product(g), meta)


defvjp(
    product_nt,
    lambda ans, a, b: _product_rule(lambda g: _matmul(g, b), a),
    lambda ans, a, b: _product_rule(lambda g: product_tn(g, a), b),
)
defvjp(
    product_tn,
    lambda ans, a, b: _product_rule(lambda g: product_nt(b, g), a),
    lambda ans, a, b: _product_rule(lambda g: _matmul(a, g), b),
)
def_linear(product_nt)
def_linear(product_tn)

# -- matmul: the cases with vectors are matrices with an axis of length one ------------------------


def _refuse_axes(options: dict[str, Any]) -> None:
    """The other options of the ufunc (dtype, casting, order) change no derivative."""
    for name in ("axes", "axis"):
        if options.get(name) is not None:
            raise NotImplementedError(f"the derivative of matmul with {name}= is not defined")


def _matmul_vjp_0(ans: Any, a: Any, b: Any, **options: Any) -> Callable[[Any], Any]:
    _refuse_axes(options)
    meta, rank_b = metadata(a), len(metadata(b).shape)
    if len(meta.shape) == rank_b == 2:
        return lambda g: unbroadcast(product_nt(g, b), meta)

    def pull(g: Any) -> Any:
        if rank_b == 1:
            if len(meta.shape) == 2:  # by BLAS: in half of the time
                return unbroadcast(anp["dot"](_column(g), _row(b)), meta)
            return unbroadcast(_column(g) * b if len(meta.shape) > 1 else g * b, meta)
        if len(meta.shape) == 1:
            return unbroadcast(_matmul(b, _column(g))[..., 0], meta)
        return unbroadcast(_matmul(g, _swap(b)), meta)

    return pull


def _matmul_vjp_1(ans: Any, a: Any, b: Any, **options: Any) -> Callable[[Any], Any]:
    _refuse_axes(options)
    meta, rank_a = metadata(b), len(metadata(a).shape)
    if len(meta.shape) == rank_a == 2:
        return lambda g: unbroadcast(product_tn(a, g), meta)

    def pull(g: Any) -> Any:
        if len(meta.shape) == 1:
            if rank_a == 1:
                return unbroadcast(g * a, meta)
            if rank_a == 2:
                return unbroadcast(_matmul(_swap(a), g), meta)
            return unbroadcast(_column(g) * a, meta)
        if rank_a == 1:
            return unbroadcast(_row(g) * _column(a), meta)
        return unbroadcast(_matmul(_swap(a), g), meta)

    return pull


defvjp(_matmul, _matmul_vjp_0, _matmul_vjp_1)
def_linear(_matmul)

# -- tensordot, and what is a case of it -----------------------------------------------------------


def _axes(axes: Any, rank_a: int, rank_b: int) -> tuple[list[int], list[int]]:
    """The contracted axes of both operands, as non-negative numbers."""
    if isinstance(axes, (int, onp.integer)):
        return list(range(rank_a - axes, rank_a)), list(range(axes))
    first, second = ([int(x)] if isinstance(x, (int, onp.integer)) else list(x) for x in axes)
    return [x % rank_a for x in first], [x % rank_b for x in second]


def _contract_vjp(
    argnum: int, ma: Metadata, mb: Metadata, other: Any, axes: tuple[list[int], list[int]]
) -> Callable[[Any], Any]:
    """Pullback of tensordot(a, b, axes) for operand `argnum`; `other` is the other operand."""
    rank_a, rank_b = len(ma.shape), len(mb.shape)
    in_a, in_b = axes
    free_a = [k for k in range(rank_a) if k not in in_a]
    free_b = [k for k in range(rank_b) if k not in in_b]
    if argnum == 0:
        # g has axes free_a + free_b; contracting free_b leaves free_a, then the order of in_b.
        order = onp.argsort(free_a + [in_a[in_b.index(k)] for k in sorted(in_b)])
        g_axes = (list(range(len(free_a), len(free_a) + len(free_b))), free_b)
        return lambda g: unbroadcast(_T(_tensordot(g, other, g_axes), tuple(order)), ma)
    order = onp.argsort([in_b[in_a.index(k)] for k in sorted(in_a)] + free_b)
    g_axes = (free_a, list(range(len(free_a))))
    return lambda g: unbroadcast(_T(_tensordot(other, g, g_axes), tuple(order)), mb)


def _tensordot_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    a, b = args[:2]
    ma, mb = metadata(a), metadata(b)
    axes = args[2] if len(args) > 2 else kwargs.get("axes", 2)
    return _contract_vjp(argnum, ma, mb, (b, a)[argnum], _axes(axes, len(ma.shape), len(mb.shape)))


defvjp_argnum(_tensordot, _tensordot_vjp)
def_linear(_tensordot)


def _dot_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    a, b = args
    ma, mb = metadata(a), metadata(b)
    mine, other = (ma, mb)[argnum], (b, a)[argnum]
    if not ma.shape or not mb.shape:
        return lambda g: unbroadcast(g * other, mine)
    if len(ma.shape) <= 2 and len(mb.shape) <= 2:
        return (_matmul_vjp_0, _matmul_vjp_1)[argnum](ans, a, b)
    last_b = max(len(mb.shape) - 2, 0)
    return _contract_vjp(argnum, ma, mb, other, ([len(ma.shape) - 1], [last_b]))


defvjp_argnum(anp["dot"], _dot_vjp)
def_linear(anp["dot"])


def _inner_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    a, b = args
    ma, mb = metadata(a), metadata(b)
    mine, other = (ma, mb)[argnum], (b, a)[argnum]
    if not ma.shape or not mb.shape:
        return lambda g: unbroadcast(g * other, mine)
    return _contract_vjp(argnum, ma, mb, other, ([len(ma.shape) - 1], [len(mb.shape) - 1]))


defvjp_argnum(anp["inner"], _inner_vjp)
def_linear(anp["inner"])


def _outer_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    mine = metadata(args[argnum])
    other = anp["ravel"](args[1 - argnum])

    def pull(g: Any) -> Any:
        flat = _matmul(g, other) if argnum == 0 else _matmul(other, g)
        return unbroadcast(anp["reshape"](flat, mine.shape), mine)

    return pull


defvjp_argnum(anp["outer"], _outer_vjp)
def_linear(anp["outer"])
