"""Arrays made of arrays: nests of lists, stacks, blocks, appended entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from ..tracer import box_types, primitive, undifferentiated
from .array_box import ArrayBox
from .broadcasting import metadata
from .composed import composed, holds_box, refuse
from .shaping import array_from_args, concatenate_args
from .wrapper import replace
from .wrapper import wrapped_namespace as anp

# -- from nests of lists ---------------------------------------------------------------------------


def _leaves(nest: Any) -> tuple[tuple[int, ...], list[Any]]:
    """The lengths of a nest's lists, level by level, and what the innermost ones hold."""
    shape: list[int] = []
    level = [nest]
    while level:
        kinds = set(map(type, level))
        if not all(map(_is_row_type, kinds)):
            break
        lengths = set(map(len, level))
        if len(lengths) > 1:
            raise ValueError(f"array: the rows have different lengths: {sorted(lengths)}")
        shape.append(lengths.pop())
        level = [entry for row in level for entry in row]
    if len(kinds) > 1:  # numbers and arrays, say, or arrays and lists of numbers
        level = [array(entry) if _is_row_type(type(entry)) else entry for entry in level]
    return tuple(shape), level


def _is_row_type(kind: Any) -> bool:
    """Whether values of this type are lists or tuples, plain or traced."""
    return issubclass(kind, (list, tuple)) or (kind in box_types and not issubclass(kind, ArrayBox))


def array(
    object: Any, dtype: Any = None, *, copy: bool | None = True, order: Any = "K",  # noqa: A002
    subok: bool = False, ndmin: int = 0, like: Any = None,
) -> Any:  # fmt: skip
    """As numpy.array, of a nest of lists of numbers and arrays, of which some may be traced."""
    if isinstance(object, ArrayBox):
        made = object if dtype is None else anp["astype"](object, dtype)
        if copy and made is object:
            made = anp["copy"](object, order)
    elif holds_box(object):
        shape, leaves = _leaves(object)
        made = array_from_args(dtype, *leaves) if leaves else onp.zeros(shape, dtype)
        if len(shape) != 1:
            made = anp["reshape"](made, shape + metadata(made).shape[1:])
    elif type(object) is onp.ndarray and object.dtype.hasobject and holds_box(object.tolist()):
        made = array(object.tolist(), dtype)  # raw NumPy made it from boxes
    else:
        return onp.array(object, dtype, copy=copy, order=order, subok=subok, ndmin=ndmin)
    rank = len(metadata(made).shape)
    if rank < ndmin:
        made = anp["reshape"](made, (1,) * (ndmin - rank) + metadata(made).shape)
    return made


anp["array"] = replace(onp.array, array)


def asarray(a: Any, dtype: Any = None, order: Any = None, **options: Any) -> Any:
    """As numpy.asarray: `array`, without a copy of what already is one."""
    if type(a) is onp.ndarray and not a.dtype.hasobject:
        return onp.asarray(a, dtype, order, **options)
    made = array(a, dtype, copy=options.get("copy"))
    if order in ("C", "F"):
        return anp["ascontiguousarray" if order == "C" else "asfortranarray"](made)
    return made


anp["asarray"] = replace(onp.asarray, asarray)
anp["asanyarray"] = replace(onp.asanyarray, asarray)


@primitive
def _require_finite(x: Any) -> None:
    onp.asarray_chkfinite(x)


@composed("asarray_chkfinite")
def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    """As numpy.asarray_chkfinite."""
    made = asarray(a, dtype, order)
    _require_finite(undifferentiated(made))
    return made


@composed("require")
def require(a: Any, dtype: Any = None, requirements: Any = None, *, like: Any = None) -> Any:
    """As numpy.require; what is traced is always writeable and owns its data."""
    names = [requirements] if isinstance(requirements, str) else list(requirements or [])
    letters = {name[0].upper() for name in names}
    return asarray(a, dtype, "F" if "F" in letters else "C" if "C" in letters else None)


# -- joined along an axis --------------------------------------------------------------------------


def _as_array(x: Any) -> Any:
    return x if isinstance(x, ArrayBox) else array(x, copy=None)


def _join(name: str, axis: int | None, parts: list[Any], out: Any, dtype: Any, casting: Any) -> Any:
    refuse(name, out=out)
    if dtype is not None:
        for part in parts:
            if not onp.can_cast(metadata(part).dtype, dtype, casting):
                raise TypeError(
                    f"{name}: cannot cast {metadata(part).dtype} to {onp.dtype(dtype)}"
                    f" by the rule {casting!r}"
                )
        parts = [anp["astype"](part, dtype) for part in parts]
    return concatenate_args(axis, *parts)


@composed("concatenate", "concat")
def concatenate(
    arrays: Sequence[Any], /, axis: int | None = 0, out: Any = None, *, dtype: Any = None,
    casting: Any = "same_kind",
) -> Any:  # fmt: skip
    """As numpy.concatenate, of arrays of which some may be traced."""
    return _join("concatenate", axis, [_as_array(a) for a in arrays], out, dtype, casting)


@composed("stack")
def stack(
    arrays: Sequence[Any], axis: int = 0, out: Any = None, *, dtype: Any = None,
    casting: Any = "same_kind",
) -> Any:  # fmt: skip
    """As numpy.stack, of arrays of which some may be traced."""
    parts = [_as_array(a) for a in arrays]
    shapes = {metadata(a).shape for a in parts}
    if len(shapes) != 1:
        raise ValueError(f"stack: all arrays must have one shape, got {sorted(shapes)}")
    if dtype is None and out is None and axis == 0:
        return array_from_args(None, *parts)
    return _join("stack", axis, [anp["expand_dims"](a, axis) for a in parts], out, dtype, casting)


def _raised(x: Any, rank: int) -> Any:
    """x with axes of length 1 around its own, up to `rank` of them, as numpy.atleast_3d has it."""
    x = _as_array(x)
    shape = metadata(x).shape
    if len(shape) >= rank:
        return x
    wide = {0: (1,) * rank, 1: (1, *shape, 1)[:rank], 2: (*shape, 1)}
    return anp["reshape"](x, wide[len(shape)])


@composed("atleast_1d")
def atleast_1d(*arys: Any) -> Any:
    """As numpy.atleast_1d."""
    return _one_or_all([_raised(x, 1) for x in arys])


@composed("atleast_2d")
def atleast_2d(*arys: Any) -> Any:
    """As numpy.atleast_2d."""
    return _one_or_all([_raised(x, 2) for x in arys])


@composed("atleast_3d")
def atleast_3d(*arys: Any) -> Any:
    """As numpy.atleast_3d."""
    return _one_or_all([_raised(x, 3) for x in arys])


def _one_or_all(arrays: list[Any]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


@composed("vstack", "row_stack")
def vstack(tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    """As numpy.vstack."""
    return _join("vstack", 0, [_raised(a, 2) for a in tup], None, dtype, casting)


@composed("hstack")
def hstack(tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    """As numpy.hstack."""
    parts = [_raised(a, 1) for a in tup]
    along = 0 if len(metadata(parts[0]).shape) == 1 else 1
    return _join("hstack", along, parts, None, dtype, casting)


@composed("dstack")
def dstack(tup: Sequence[Any]) -> Any:
    """As numpy.dstack."""
    return _join("dstack", 2, [_raised(a, 3) for a in tup], None, None, None)


@composed("column_stack")
def column_stack(tup: Sequence[Any]) -> Any:
    """As numpy.column_stack."""
    parts = [_as_array(a) for a in tup]
    columns = [
        a if len(metadata(a).shape) > 1 else anp["reshape"](a, (metadata(a).shape or (1,)) + (1,))
        for a in parts
    ]
    return concatenate_args(1, *columns)


@composed("append")
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """As numpy.append."""
    return concatenate_args(axis, _as_array(arr), _as_array(values))


@composed("block")
def block(arrays: Any) -> Any:
    """As numpy.block."""
    depth = _depth(arrays)
    rank = max([depth, *(len(metadata(leaf).shape) for leaf in _flat(arrays))])

    def joined(nest: Any, axis: int) -> Any:
        if not isinstance(nest, list):
            leaf = _as_array(nest)
            missing = rank - len(metadata(leaf).shape)
            shape = (1,) * missing + metadata(leaf).shape
            return anp["reshape"](leaf, shape) if missing else leaf
        return concatenate_args(axis, *(joined(entry, axis + 1) for entry in nest))

    return joined(arrays, -depth)


def _depth(nest: Any) -> int:
    if isinstance(nest, tuple):
        raise TypeError("block: arrays are arranged in lists, not in tuples")
    if not isinstance(nest, list):
        return 0
    if not nest:
        raise ValueError("block: a list is empty")
    depths = set(map(_depth, nest))
    if len(depths) > 1:
        raise ValueError(f"block: lists are nested to different depths: {sorted(depths)}")
    return 1 + depths.pop()


def _flat(nest: Any) -> list[Any]:
    return [leaf for entry in nest for leaf in _flat(entry)] if isinstance(nest, list) else [nest]
