"""NumPy's functions that write into their first argument: assignments to a writable array."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import box_types, getval
from .broadcasting import metadata
from .composed import composed
from .wrapper import wrapped_namespace as anp


def _target(name: str, array: Any) -> Any:
    if type(array) not in box_types:
        raise TypeError(
            f"{name}: a traced value cannot be written into a plain NumPy array; make the array"
            " inside the differentiated function with autodiff.numpy"
        )
    return array


@composed("put")
def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """As numpy.put: ``a.flat[ind] = v``, with `v` over again where it is shorter."""
    a = _target("put", a)
    places = onp.ravel(getval(ind))
    if not places.size:
        return
    if mode == "raise":
        places = onp.arange(a.size)[places]  # or an IndexError
    else:
        places = places % a.size if mode == "wrap" else onp.clip(places, 0, a.size - 1)
    a[onp.unravel_index(places, a.shape)] = anp["resize"](v, places.size)


@composed("putmask")
def putmask(a: Any, mask: Any, values: Any) -> None:
    """As numpy.putmask: where `mask` is true, the entry of `values` of the same position."""
    a, mask = _target("putmask", a), onp.asarray(getval(mask), bool)
    a[mask] = anp["reshape"](anp["resize"](values, a.size), a.shape)[mask]


@composed("place")
def place(arr: Any, mask: Any, vals: Any) -> None:
    """As numpy.place: the first entries of `vals`, where `mask` is true."""
    arr, mask = _target("place", arr), onp.asarray(getval(mask), bool)
    arr[mask] = anp["resize"](vals, int(mask.sum()))


@composed("copyto")
def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    """As numpy.copyto."""
    dst = _target("copyto", dst)
    if where is True:
        dst[...] = src
    else:
        shape = dst.shape
        mask = onp.broadcast_to(getval(where), shape)
        dst[mask] = anp["broadcast_to"](src, shape)[mask]


@composed("fill_diagonal")
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """As numpy.fill_diagonal, without `wrap`."""
    a = _target("fill_diagonal", a)
    shape = a.shape
    if wrap or len(shape) < 2 or (len(shape) > 2 and len(set(shape)) > 1):
        raise ValueError(
            "fill_diagonal: the array must have two axes, or more of one length, and not wrap"
        )
    steps = onp.arange(min(shape))
    flat = anp["ravel"](val) if metadata(val).shape else val
    a[(steps,) * len(shape)] = flat if flat is val else anp["resize"](flat, len(steps))
