"""einsum: its subscripts brought to one form, and contracted two operands at a time, by BLAS.

Before anything is recorded, subscripts are rewritten: lists become letters, an ellipsis letters of
its own, an index twice in one operand that operand's diagonal, and an axis of length one that
stands for a longer one is dropped. What remains is the primitive `contract`: every index at most
once in an operand, and of one length everywhere. Its transpose is of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from string import ascii_letters
from typing import Any, NamedTuple

import numpy as onp

from ..core import def_linear, defvjp_argnum
from ..tracer import primitive
from .broadcasting import metadata, unbroadcast
from .composed import composed, refuse
from .wrapper import wrapped_namespace as anp

# -- the primitive ---------------------------------------------------------------------------------


@primitive
def contract(subscripts: str, *operands: Any) -> Any:
    """numpy.einsum of explicit subscripts in which no operand has an index twice."""
    names, output = _parts(subscripts)
    terms = list(zip(names, map(onp.asarray, operands)))
    shapes = tuple([x.shape for _, x in terms])
    if _takes_no_time(subscripts, shapes):
        return onp.einsum(subscripts, *(x for _, x in terms))
    if len(terms) < 3:
        return _contract_pair(output, *terms)
    for positions in _path(subscripts, shapes):
        taken = [terms.pop(k) for k in sorted(positions, reverse=True)]
        needed = set(output).union(*(term for term, _ in terms)) if terms else set(output)
        seen = dict.fromkeys("".join(term for term, _ in taken))
        kept = "".join(c for c in seen if c in needed) if terms else output
        terms.append((kept, onp.asarray(_contract_pair(kept, *taken))))
    return terms[0][1][()]


@lru_cache(maxsize=1024)
def _parts(subscripts: str) -> tuple[list[str], str]:
    left, output = subscripts.split("->")
    return left.split(","), output


@lru_cache(maxsize=1024)
def _takes_no_time(subscripts: str, shapes: tuple[tuple[int, ...], ...]) -> bool:
    """Whether NumPy's loop over all indices is over before a plan were made."""
    names = subscripts.split("->")[0].split(",")
    lengths = {c: n for name, shape in zip(names, shapes) for c, n in zip(name, shape)}
    return prod(lengths.values()) <= 500


@lru_cache(maxsize=1024)
def _path(subscripts: str, shapes: tuple[tuple[int, ...], ...]) -> list[tuple[int, ...]]:
    """Which operands to contract first, at most two at a time; results go to the end."""
    stand_ins = [onp.broadcast_to(0.0, shape) for shape in shapes]
    path = onp.einsum_path(subscripts, *stand_ins, optimize=("greedy", 2**62))[0][1:]
    steps = []
    for positions in path:
        rest = sorted(positions)
        steps.append(tuple(rest[:2]))
        # More at once than two: the rest one by one, with the result so far, which is last.
        steps += [(k - 2 - gone, -1) for gone, k in enumerate(rest[2:])]
    return steps


def _contract_pair(output: str, *terms: tuple[str, Any]) -> Any:
    if len(terms) == 1:
        return onp.einsum(f"{terms[0][0]}->{output}", terms[0][1])
    (one, a), (two, b) = terms
    plan = _plan(one, two, output)
    if not plan.by_matmul:
        return onp.einsum(f"{one},{two}->{output}", a, b)
    a, shape_a = _as_matrices(a, plan.left)
    b, shape_b = _as_matrices(b, plan.right)
    result = onp.matmul(a, b)
    shape = shape_a[: plan.left.split] + shape_b[plan.right.split :]
    if result.shape != shape:
        result = result.reshape(shape)
    return result if plan.order is None else result.transpose(plan.order)[()]


class _Side(NamedTuple):
    """How an operand becomes a stack of matrices.

    Attributes: the axes to sum first, as its index is in nothing else; the order of the others
    (None: as it is); how many of them number the stack, and how many those and the rows.
    """

    alone: tuple[int, ...]
    order: tuple[int, ...] | None
    batch: int
    split: int


class _Plan(NamedTuple):
    """How a pair is contracted: by numpy.einsum itself, or as matrices, transposed in the end."""

    by_matmul: bool
    left: _Side
    right: _Side
    order: tuple[int, ...] | None


@lru_cache(maxsize=1024)
def _plan(one: str, two: str, output: str) -> _Plan:
    both = [c for c in one if c in two]
    batch = "".join(c for c in both if c in output)
    summed = "".join(c for c in both if c not in output)
    rows = "".join(c for c in one if c not in two and c in output)
    columns = "".join(c for c in two if c not in one and c in output)
    made = batch + rows + columns
    return _Plan(
        # Faster by matmul: something is summed, and not vector by vector.
        bool(summed) and (not batch or bool(rows and columns)),
        _side(one, batch, rows, summed),
        _side(two, batch, summed, columns),
        _permutation(made, output),
    )


def _side(term: str, batch: str, rows: str, columns: str) -> _Side:
    wanted = batch + rows + columns
    alone = tuple(k for k, c in enumerate(term) if c not in wanted)
    kept = "".join(c for c in term if c in wanted)
    return _Side(alone, _permutation(kept, wanted), len(batch), len(batch + rows))


def _permutation(have: str, wanted: str) -> tuple[int, ...] | None:
    return None if have == wanted else tuple(have.index(c) for c in wanted)


def _as_matrices(x: Any, side: _Side) -> tuple[Any, tuple[int, ...]]:
    """x as matrices, stacked if there is a batch, and its shape before rows became one axis."""
    if side.alone:
        x = x.sum(side.alone)
    if side.order is not None:
        x = x.transpose(side.order)
    shape = x.shape
    stack = (prod(shape[: side.batch]),) if side.batch else ()
    flat = (*stack, prod(shape[side.batch : side.split]), prod(shape[side.split :]))
    return (x if flat == shape else x.reshape(flat)), shape


def _contract_vjp(
    argnum: int, ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    operands = args[1:]
    meta = metadata(operands[argnum - 1])
    mine, reached, back = _transposed(args[0], argnum - 1)
    kept = [x for k, x in enumerate(operands) if k != argnum - 1]
    if reached == mine:
        return lambda g: unbroadcast(contract(back, g, *kept), meta)
    # An index of this operand alone was summed away: its cotangent is constant along it.
    expanded = tuple(n if c in reached else 1 for c, n in zip(mine, meta.shape))

    def pull(g: Any) -> Any:
        dense = anp["reshape"](contract(back, g, *kept), expanded)
        return unbroadcast(anp["broadcast_to"](dense, meta.shape), meta)

    return pull


@lru_cache(maxsize=1024)
def _transposed(subscripts: str, k: int) -> tuple[str, str, str]:
    """Operand k's indices, those of them that its cotangent has to be computed for, and how."""
    inputs, output = _parts(subscripts)
    others = [term for at, term in enumerate(inputs) if at != k]
    known = set(output).union(*others)
    reached = "".join(c for c in inputs[k] if c in known)
    return inputs[k], reached, ",".join([output, *others]) + "->" + reached


defvjp_argnum(contract, _contract_vjp)
def_linear(contract)

# -- subscripts in one form ------------------------------------------------------------------------


@composed("einsum")
def einsum(*operands: Any, out: Any = None, optimize: Any = False, **options: Any) -> Any:
    """As numpy.einsum, in its string form and its list form. BLAS is used whatever `optimize`."""
    refuse("einsum", out=out, **options)
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0].replace(" ", ""), list(operands[1:])
    else:
        subscripts, arrays = _from_lists(operands)
    reading = _read(subscripts, tuple(metadata(x).shape for x in arrays))
    if reading.rewrite:
        once = [_without_repeats(name, x) for name, x in zip(reading.names, arrays)]
        terms = [_without_stretched(name, x, reading.lengths) for name, x in once]
        return contract(
            ",".join(t[0] for t in terms) + "->" + reading.output, *(t[1] for t in terms)
        )
    return contract(reading.text, *arrays)


class _Reading(NamedTuple):
    """Explicit subscripts: per operand, and as a text; whether operands have to be rewritten."""

    names: list[str]
    output: str
    text: str
    lengths: dict[str, int]
    rewrite: bool


@lru_cache(maxsize=1024)
def _read(subscripts: str, shapes: tuple[tuple[int, ...], ...]) -> _Reading:
    names, output = explicit(subscripts, tuple(map(len, shapes)))
    lengths: dict[str, int] = {}
    rewrite = False
    for name, shape in zip(names, shapes):
        rewrite = rewrite or len(set(name)) < len(name)
        for c, n in zip(name, shape):
            known = lengths.setdefault(c, n)
            if known != n and 1 not in (known, n):
                raise ValueError(f"einsum: index {c!r} is of length {known} here and {n} there")
            rewrite = rewrite or known != n
            lengths[c] = n if known == 1 else known
    return _Reading(names, output, ",".join(names) + "->" + output, lengths, rewrite)


def _from_lists(operands: Sequence[Any]) -> tuple[str, list[Any]]:
    """Subscripts and operands of the form (x, [0, 1], y, [1, 2], [0, 2])."""
    arrays = list(operands[: len(operands) // 2 * 2 : 2])
    lists = [_letters(numbers) for numbers in operands[1::2]]
    text = ",".join(lists)
    return (text + "->" + _letters(operands[-1]) if len(operands) % 2 else text), arrays


def _letters(numbers: Sequence[Any]) -> str:
    return "".join("..." if k is Ellipsis else ascii_letters[k] for k in numbers)


def explicit(subscripts: str, ranks: tuple[int, ...]) -> tuple[list[str], str]:
    """Indices of every operand and of the output, with letters in the place of an ellipsis.

    Raises:
        ValueError: the subscripts do not fit operands of these ranks.
    """
    left, arrow, output = subscripts.partition("->")
    names = left.split(",")
    if len(names) != len(ranks):
        raise ValueError(f"einsum: {subscripts!r} is for {len(names)} operands, got {len(ranks)}")
    free = [c for c in reversed(ascii_letters) if c not in subscripts]
    longest = 0
    for k, (name, rank) in enumerate(zip(names, ranks)):
        hidden = rank - len(name.replace("...", ""))
        if hidden < 0 or (hidden and "..." not in name):
            raise ValueError(f"einsum: {name!r} does not fit an operand with {rank} axes")
        names[k] = name.replace("...", _hidden(free, hidden))
        longest = max(longest, hidden if "..." in name else 0)
    if arrow:
        return names, output.replace("...", _hidden(free, longest))
    letters = left.replace(",", "").replace(".", "")
    once = sorted(c for c in set(letters) if letters.count(c) == 1)
    return names, _hidden(free, longest) + "".join(once)


def _hidden(free: list[str], count: int) -> str:
    """The letters of `count` axes under an ellipsis: aligned at the last axis, as NumPy does."""
    return "".join(reversed(free[:count]))


def _without_repeats(name: str, x: Any) -> tuple[str, Any]:
    """An index twice in one operand: its diagonal, once."""
    for c in dict.fromkeys(name):
        while name.count(c) > 1:
            first = name.index(c)
            second = name.index(c, first + 1)
            x = anp["diagonal"](x, 0, first, second)  # puts the diagonal last
            name = name[:first] + name[first + 1 : second] + name[second + 1 :] + c
    return name, x


def _without_stretched(name: str, x: Any, lengths: dict[str, int]) -> tuple[str, Any]:
    """An axis of length one whose index is longer elsewhere takes no part."""
    shape = metadata(x).shape
    kept = [k for k, c in enumerate(name) if shape[k] == lengths[c]]
    if len(kept) == len(name):
        return name, x
    return "".join(name[k] for k in kept), anp["reshape"](x, [shape[k] for k in kept])
