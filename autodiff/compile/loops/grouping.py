"""Which stored values are computed by one nest.

A target joins a nest over the same shape if it reads what that nest stores only at its own place,
so that it can have it from a register, or if both read the same. Everything else that it reads must
come from nests before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..ir import Number, Program
from .nest import Linear, Nest
from .obstacles import NeedStoreError, NotFlatError
from .pieces import Target, loop_shape, map_nest
from .storing import Memory

LOOK_BACK = 8
"""How many nests over a shape a target may choose from, the last ones."""
MOST_TARGETS = 24
MOST_SCALARS = 400

Read = tuple[Number, Linear]


@dataclass
class Group:
    """A nest in the making, or another step (without targets).

    Attributes:
        targets: what it computes, in order.
        shape: of its loops.
        reads, stores: (value, element), the elements as linear in the counters.
        scalars: how many it has.
        numbers: the values that it writes to, for other steps.
        sums: whether it sums up something.
    """

    targets: list[Target] = field(default_factory=list)
    shape: tuple[int, ...] | None = None
    reads: set[Read] = field(default_factory=set)
    stores: set[Read] = field(default_factory=set)
    scalars: int = 0
    numbers: tuple[Number, ...] = ()
    sums: bool = False


class Grouping:
    """Puts targets and other steps in an order, one after the other as the program has them.

    Attributes: groups, in the order in which they run.
    """

    def __init__(self, program: Program, memory: Memory) -> None:
        self.program = program
        self.memory = memory
        self.groups: list[Group] = []
        self._makers: dict[Number, list[int]] = {}
        self._by_shape: dict[tuple[int, ...], list[int]] = {}

    def add_step(self, number: Number) -> None:
        """A step that is no map: it stands alone, after everything that is there."""
        self._made(number, len(self.groups))
        self.groups.append(Group(numbers=(number,)))

    def add_target(self, target: Target) -> None:
        """A target, to a nest that there is or to one of its own.

        Raises: NeedStoreError, NotFlatError.
        """
        nest, arguments = map_nest(self.program, self.memory, [target])
        reads = _reads(nest, arguments.roots)
        stores = _stores(nest, arguments.roots)
        count = sum(len(piece.scalars) for piece in nest.pieces)
        shape = loop_shape(self.program, target)
        at = self._home(target, shape, reads, count)
        if at is None:
            at = len(self.groups)
            self.groups.append(Group(shape=shape))
            self._by_shape.setdefault(shape, []).append(at)
        group = self.groups[at]
        group.targets.append(target)
        group.reads |= reads
        if target.sums:
            group.sums = True
        else:
            group.stores |= stores
        group.scalars += count
        self._made(target.number, at)

    def _made(self, number: Number, at: int) -> None:
        self._makers.setdefault(number, []).append(at)

    def _home(
        self, target: Target, shape: tuple[int, ...], reads: set[Read], count: int
    ) -> int | None:
        for at in reversed(self._by_shape.get(shape, [])[-LOOK_BACK:]):
            group = self.groups[at]
            if len(group.targets) >= MOST_TARGETS or group.scalars + count > MOST_SCALARS:
                continue
            if not (reads & group.stores or reads & group.reads):
                continue
            inside = {root for root, _ in group.stores}
            if all(
                (root, element) in group.stores if root in inside else self._is_before(root, at)
                for root, element in reads
            ) and self._stays_flat(group, target):
                return at
        return None

    def _stays_flat(self, group: Group, target: Target) -> bool:
        if not (group.sums or target.sums):
            return True
        try:
            map_nest(self.program, self.memory, [*group.targets, target])
        except (NotFlatError, NeedStoreError):
            return False
        return True

    def _is_before(self, root: Number, at: int) -> bool:
        return all(maker < at for maker in self._makers.get(root, ()))


def _reads(nest: Nest, roots: Sequence[Number]) -> set[Read]:
    return {
        (roots[scalar.detail[0]], scalar.detail[1])
        for piece in nest.pieces
        for scalar in piece.scalars
        if scalar.op == "load"
    }


def _stores(nest: Nest, roots: Sequence[Number]) -> set[Read]:
    return {(roots[s.argument], s.element) for piece in nest.pieces for s in piece.stores}


def loaded(nest: Nest, roots: Sequence[Number]) -> Collection[Number]:
    """The values whose memory a nest reads."""
    return {root for root, _ in _reads(nest, roots)}
