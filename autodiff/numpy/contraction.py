"""Rules of products that sum over axes: dot, matmul, tensordot, einsum and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..core import def_linear, defvjp, defvjp_argnum
from .broadcasting import Metadata, metadata, unbroadcast
from .wrapper import wrapped_namespace as anp

_T, _einsum, _tensordot, _matmul = (
    anp[name] for name in ("transpose", "einsum", "tensordot", "matmul")
)


def _swap(x: Any) -> Any:
    return anp["swapaxes"](x, -1, -2)


# -- matmul: the cases with vectors are matrices with an axis of length one ------------------------


def _matmul_vjp_0(ans: Any, a: Any, b: Any) -> Callable[[Any], Any]:
    meta, rank_b = metadata(a), len(metadata(b).shape)

    def pull(g: Any) -> Any:
        if rank_b == 1:
            left = anp["expand_dims"](g, -1) * b if len(meta.shape) > 1 else g * b
            return unbroadcast(left, meta)
        if len(meta.shape) == 1:
            return unbroadcast(_matmul(b, anp["expand_dims"](g, -1))[..., 0], meta)
        return unbroadcast(_matmul(g, _swap(b)), meta)

    return pull


def _matmul_vjp_1(ans: Any, a: Any, b: Any) -> Callable[[Any], Any]:
    meta, rank_a = metadata(b), len(metadata(a).shape)

    def pull(g: Any) -> Any:
        if len(meta.shape) == 1:
            if rank_a == 1:
                return unbroadcast(g * a, meta)
            return unbroadcast(anp["expand_dims"](g, -1) * a, meta)
        if rank_a == 1:
            return unbroadcast(anp["expand_dims"](g, -2) * anp["expand_dims"](a, -1), meta)
        return unbroadcast(_matmul(_swap(a), g), meta)

    return pull


defvjp(_matmul, _matmul_vjp_0, _matmul_vjp_1)
def_linear(_matmul)

# -- tensordot, and what is a case of it -----------------------------------------------------------


def _axes(axes: Any, rank_a: int, rank_b: int) -> tuple[list[int], list[int]]:
    """The contracted axes of both operands, as non-negative numbers."""
    if isinstance(axes, int):
        return list(range(rank_a - axes, rank_a)), list(range(axes))
    first, second = ([x] if isinstance(x, int) else list(x) for x in axes)
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

# -- einsum, in its string form --------------------------------------------------------------------


def _einsum_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    subscripts, operands = args[0], args[1:]
    if not isinstance(subscripts, str) or "..." in subscripts:
        raise NotImplementedError(
            "the derivative of einsum is defined for subscripts without an ellipsis, as a string"
        )
    inputs, output = _subscripts(subscripts)
    mine = inputs[argnum - 1]
    meta = metadata(operands[argnum - 1])
    if len(set(mine)) != len(mine):
        raise NotImplementedError(
            f"the derivative of einsum with a repeated index in one operand ({mine!r})"
            " is not defined"
        )
    others = [k for k in range(len(operands)) if k != argnum - 1]
    kept = [operands[k] for k in others]
    known = set(output).union(*(inputs[k] for k in others))
    reached = "".join(c for c in mine if c in known)
    back = ",".join([output, *(inputs[k] for k in others)]) + "->" + reached
    expanded = tuple(n if c in known else 1 for c, n in zip(mine, meta.shape))

    def pull(g: Any) -> Any:
        # An index of this operand alone was summed away: its cotangent is constant along it.
        dense = anp["reshape"](_einsum(back, g, *kept), expanded)
        return unbroadcast(anp["broadcast_to"](dense, meta.shape), meta)

    return pull


def _subscripts(text: str) -> tuple[list[str], str]:
    """Input and output subscripts; without an arrow the output is as NumPy defines it."""
    text = text.replace(" ", "")
    left, arrow, output = text.partition("->")
    if not arrow:
        letters = left.replace(",", "")
        output = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    return left.split(","), output


defvjp_argnum(_einsum, _einsum_vjp)
def_linear(_einsum)
