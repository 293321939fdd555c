"""Recording: running a function once, and listing every operation that it does on arrays.

A recording is one more kind of trace. It lies below all traces that are begun while it lasts, so
that the operations of derivatives taken in the recorded function are recorded too. Unlike those
traces it sees every primitive, also those through which no derivative flows; and the values inside
its boxes are hidden from everybody else, so that no rule and no program can depend on them.

>>> from autodiff.compile import record
>>> print(record(lambda x: x * 2 + 1, 3.0))
%0 = input : float64
%1 = multiply(%0, 2) : float64
%2 = add(%1, 1) : float64
return %2
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as onp

from ..boxes import next_level
from ..containers import dict_from_args, sequence_from_args
from ..nests import Structure, flatten, unflatten
from ..numpy.wrapper import wrapper_of
from ..running import run_traced, settled
from ..tracer import box_types
from .layouts import frozen, shares_memory, stand_in, strides_of
from .operations import Constant, Group, Operand, Operation, Recording, Slot, filled
from .placeholders import (
    Placeholder,
    TracedClosureError,
    refusal,
    user_place,
)
from .recorded_array import RecordedArray
from .value_shapes import refuse_shapes_by_values

_NUMBERS = (bool, int, float, complex, onp.generic)
_WEAK = (bool, int, float, complex)
_OF_SHAPE = {
    wrapper_of(getattr(onp, name))
    for name in ("shape", "ndim", "size", "result_type", "iscomplexobj", "isrealobj", "isscalar")
}
"""Primitives whose results are the same in every replay: plain values."""
_JOINING = {sequence_from_args, dict_from_args}
"""Primitives that only put values together."""
_SLOTS = tuple(map(Slot, range(64)))


class RecordingTrace:
    """The owner of a recording's boxes: their keys are the numbers of their values."""

    notrace: ClassVar[None] = None  # no primitive passes unseen

    def __init__(self, n_inputs: int, watched: bool) -> None:
        self.level = next_level()
        self.operations: list[Operation] = []
        self.count = n_inputs
        self.watched = watched
        self.generator = _generator_state()
        self.place = user_place() or ("", 0)
        self._constants: dict[int, tuple[Any, Constant]] = {}  # of arrays, by identity

    def run(
        self,
        fun: Callable[..., Any],
        f_raw: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """``fun(*args, **kwargs)``, recorded: the same with boxes for arrays.

        Raises:
            RecordingError: the result's shape depends on values.
        """
        if fun in _JOINING:
            return f_raw(*args, **kwargs)
        refuse_shapes_by_values(fun, args)
        operands: list[Operand] = []
        values: list[Any] = []
        arguments = tuple([self._form(x, operands, values, True) for x in args])
        keywords = tuple([(name, self._form(x, operands, values)) for name, x in kwargs.items()])
        generator = _generator_state() if self.watched else None
        ans = settled(
            f_raw(
                *[filled(form, values) for form in arguments],
                **{name: filled(form, values) for name, form in keywords},
            )
        )
        if (
            self.watched and generator == self.generator
        ):  # what a primitive draws inside is its own affair
            self.generator = _generator_state()
        if fun in _OF_SHAPE or ans is None or isinstance(ans, str):
            return ans
        place = user_place(_run_code) or self.place
        operation = Operation(
            fun, f_raw, tuple(operands), arguments, keywords, None, None, place=place
        )
        return self._append(operation, ans, shares_memory(ans, values))

    def _append(self, operation: Operation, ans: Any, shares: bool) -> Any:
        """Note the operation; its result, boxed."""
        number = self.count
        self.count += 1
        if not isinstance(ans, (tuple, list)):
            held = Placeholder(ans)
            made = (held.shape, held.dtype, strides_of(ans), type(ans) in _WEAK, shares)
            self.operations.append(Operation(*operation[:5], *made, operation.place))
            return RecordedArray(held, self, number)
        self.operations.append(operation._replace(shares=shares))
        entries = []
        for k, entry in enumerate(ans):
            read = Operation(_entry, _entry, (number,), (Slot(0), k), (), None, None)
            entries.append(self._append(read, entry, True))
        return getattr(type(ans), "_make", type(ans))(entries)

    def _form(
        self, x: Any, operands: list[Operand], values: list[Any], direct: bool = False
    ) -> Any:
        """The form of an argument; the operands in it, and their plain values, are appended."""
        kind = type(x)
        if kind is not RecordedArray and kind in box_types:
            x = settled(x)
            kind = type(x)
        if kind is RecordedArray and x._owner is self:
            operands.append(x._key)
            values.append(x._value._array)
        elif kind in box_types:
            raise refusal(
                "using a value of another trace",
                "record the function first, and differentiate inside of it",
                TracedClosureError,
            )
        elif isinstance(x, onp.ndarray):
            operands.append(self._constant(x))
            values.append(x)
        elif direct and isinstance(x, _NUMBERS):
            operands.append(Constant(x, not isinstance(x, onp.generic)))
            values.append(x)
        elif kind in (tuple, list) or hasattr(x, "_fields"):
            entries = tuple([self._form(entry, operands, values) for entry in x])
            return Group(kind, tuple(range(len(x))), entries)
        elif kind is dict:
            entries = tuple([self._form(entry, operands, values) for entry in x.values()])
            return Group(kind, tuple(x), entries)
        elif kind is slice:
            ends = (x.start, x.stop, x.step)
            return Group(
                slice, (0, 1, 2), tuple([self._form(end, operands, values) for end in ends])
            )
        else:
            return x
        place = len(operands) - 1
        return _SLOTS[place] if place < len(_SLOTS) else Slot(place)

    def _constant(self, array: Any) -> Constant:
        known = self._constants.get(id(array))
        if known is None or not onp.array_equal(known[1].value, array):
            # A copy: the program may go on to change its array. (The array is kept for its id.)
            known = self._constants[id(array)] = array, Constant(frozen(array))
        return known[1]


def _entry(values: Any, k: int) -> Any:
    """Entry k of an operation's several results."""
    return values[k]


_entry.__name__ = "entry"


def record(fun: Callable[..., Any], *example_args: Any) -> Recording:
    """Run ``fun(*example_args)`` once and list every operation on arrays.

    Args:
        fun: a function of arrays, numbers, and nests of them, all of which are inputs of the
            recording. What it closes over is constant.
        example_args: values of the shapes and dtypes that it is to be replayed with. Arrays among
            them are not kept.

    Returns: the recording; ``recording.replay(*args)`` gives what ``fun(*args)`` gives.

    Raises:
        RecordingError: `fun` looks at values: by `if`, float(), a mask as index, random numbers.
    """
    leaves, arguments = flatten(example_args)
    for leaf in leaves:
        if type(leaf) in box_types:
            raise refusal(
                "giving a traced value as an example",
                "record the function with plain values, and differentiate inside of it",
            )
        if not isinstance(leaf, (*_NUMBERS, onp.ndarray)):
            raise refusal(
                f"an argument of type {type(leaf).__name__}",
                "arguments are arrays and numbers, in tuples, lists and dicts; close over the rest",
            )
    recording, draws = _recorded(fun, leaves, arguments, False)
    if draws:  # to see whether a primitive did, each is watched; that takes time
        recording, draws = _recorded(fun, leaves, arguments, True)
    if draws:
        raise refusal(
            "drawing random numbers",
            "draw them outside, and give them to the function as an argument",
        )
    return recording


def _recorded(
    fun: Callable[..., Any], leaves: list[Any], arguments: Structure, watched: bool
) -> tuple[Recording, bool]:
    """The recording, and whether random numbers were drawn (outside of primitives if watched)."""
    owner = RecordingTrace(len(leaves), watched)
    boxes = [RecordedArray(Placeholder(leaf), owner, k) for k, leaf in enumerate(leaves)]
    run = partial(_run, fun, unflatten(arguments, boxes))
    ends, result = run_traced(run, RecordedArray(Placeholder(0.0), owner, -1))
    draws = _generator_state() != owner.generator
    outputs = tuple(
        end._key
        if isinstance(end, RecordedArray) and end._owner is owner
        else Constant(end, isinstance(end, (int, float, complex)))
        for end in ends
    )
    recording = Recording(
        tuple(map(stand_in, leaves)), arguments, tuple(owner.operations), outputs, result,
        tuple(map(strides_of, leaves)), tuple(map(_kind, ends)),
    )  # fmt: skip
    return recording, draws


def _run(fun: Callable[..., Any], args: Any, _: Any) -> tuple[list[Any], Structure]:
    return flatten(fun(*args))


_run_code = _run.__code__
"""Where the user's function begins, as seen from what it calls."""


def _kind(end: Any) -> type:
    return type(end._value._array) if isinstance(end, RecordedArray) else type(end)


def _generator_state() -> tuple[Any, ...]:
    """Where NumPy's global generator stands."""
    name, keys, *rest = onp.random.get_state()  # noqa: NPY002
    return (name, keys.tobytes(), *rest)  # type: ignore[attr-defined]
