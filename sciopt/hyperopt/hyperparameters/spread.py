"""Values of a granularity spread over the arrays and steps that they are for."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np

from .layout import Layout
from .part import Part


def over_steps(part: Part, value: Any, steps: int) -> Any:
    """The values of a part with steps, one row for each of `steps`: (T,) or (T, L) or (T, A)."""
    return value[onp.arange(steps) // part.every] if part.every > 1 else value


def over_arrays(per: str, value: Any, layout: Layout) -> list[Any]:
    """One entry for each array of the layout: a number, or for `weight` an array of its shape.

    Args:
        per: the granularity; what it says of steps does not matter, `value` is of one step.
    """
    count = len(layout.names)
    if per == "weight":
        return unpacked(value, layout)
    if per.endswith("layer"):
        of_layers = [value[k] for k in range(len(layout.layer_names))]
        return [of_layers[layer] for layer in layout.layers]
    if per.endswith("array"):
        return [value[k] for k in range(count)]
    return [value] * count


def unpacked(flat: Any, layout: Layout) -> list[Any]:
    """The arrays of the layout, cut from a flat vector of all weights."""
    ends = onp.cumsum([0, *layout.sizes])
    return [
        np.reshape(flat[int(a) : int(b)], shape)
        for a, b, shape in zip(ends, ends[1:], layout.shapes)
    ]
