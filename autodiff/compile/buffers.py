"""Which values share memory: liveness, and a linear scan that hands buffers on.

A value lives from the operation that makes it to the last one that reads it or a view of it. When
it dies its buffer goes to the next value that fits; a map may write over an operand that dies with
it. What leaves the program gets no buffer: it is allocated anew in every run.
"""

from __future__ import annotations

from dataclasses import dataclass

from .ir import Number, Program, Value

WITHOUT_OUT = frozenset({"input", "constant", "gather", "scatter", "call", "entry"})
"""Operations whose results come from elsewhere. Views have none of their own either."""


@dataclass(frozen=True)
class Plan:
    """Where the values of a program lie.

    Attributes:
        buffers: value -> number of its buffer.
        sizes: of the buffers, in bytes.
        fresh: values that are allocated in every run, for they leave it.
    """

    buffers: dict[Number, int]
    sizes: list[int]
    fresh: frozenset[Number]

    @property
    def nbytes(self) -> int:
        """What all buffers take."""
        return sum(self.sizes)


def plan_buffers(program: Program) -> Plan:
    """Buffers for all values of a program that are computed into memory of its own."""
    roots = roots_of(program)
    leaving = frozenset().union(*(roots[k] for k in program.outputs))
    last = list(range(len(program.values)))
    for k, value in enumerate(program.values):
        for operand in value.operands:
            for root in roots[operand]:
                last[root] = k
    dying: dict[int, list[Number]] = {}
    for root, k in enumerate(last):
        dying.setdefault(k, []).append(root)
    buffers: dict[Number, int] = {}
    sizes: list[int] = []
    free: list[int] = []
    for k, value in enumerate(program.values):
        if _is_computed(value) and k not in leaving:
            over = _written_over(program, k, roots, last, buffers)
            if over is not None:
                buffers[k] = buffers[over]
            else:
                buffers[k] = _taken(free, sizes, value.nbytes)
        handed_on = buffers.get(k)
        for root in dying.get(k, ()):
            if root in buffers and (root == k or buffers[root] != handed_on):
                free.append(buffers[root])
    fresh = frozenset(k for k in leaving if _is_computed(program.values[k]))
    return Plan(buffers, sizes, fresh)


def _is_computed(value: Value) -> bool:
    return value.kind != "view" and value.op not in WITHOUT_OUT


def roots_of(program: Program) -> list[frozenset[Number]]:
    """For each value the values whose memory it may lie in."""
    roots: list[frozenset[Number]] = []
    for k, value in enumerate(program.values):
        own = frozenset() if value.kind == "view" else frozenset((k,))
        if value.kind == "view" or ("shares", True) in value.params:
            own = own.union(*(roots[operand] for operand in value.operands))
        elif value.op == "gather" and not any(program.values[x].shape for x in value.operands[1:]):
            own |= roots[value.operands[0]]  # NumPy gives a view if only numbers are in the index
        roots.append(own)
    return roots


def _written_over(
    program: Program,
    k: Number,
    roots: list[frozenset[Number]],
    last: list[int],
    buffers: dict[Number, int],
) -> Number | None:
    """An operand whose buffer a map may write its result to, entry by entry."""
    value = program.values[k]
    if value.kind != "map" or value.function is None:
        return None
    for operand in value.operands:
        other = program.values[operand]
        fits = (other.shape, other.dtype, other.strides) == (
            value.shape, value.dtype, value.strides,
        )  # fmt: skip
        if not fits or operand not in buffers or last[operand] != k:
            continue
        elsewhere = (roots[x] for x in value.operands if x != operand)
        if not any(operand in root for root in elsewhere):
            return operand
    return None


def _taken(free: list[int], sizes: list[int], nbytes: int) -> int:
    """The smallest free buffer that is large enough; else the largest, grown; else a new one."""
    fitting = [b for b in free if sizes[b] >= nbytes]
    if fitting:
        chosen = min(fitting, key=lambda b: sizes[b])
    elif free:
        chosen = max(free, key=lambda b: sizes[b])
        sizes[chosen] = nbytes
    else:
        sizes.append(nbytes)
        return len(sizes) - 1
    free.remove(chosen)
    return chosen
