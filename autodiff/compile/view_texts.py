"""Views and indices of the IR in NumPy, done and as text: for replay."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .ir import Value
from .operations import Group, Slot


def view_of(value: Value, array: Any) -> Any:
    """The view of an array that a value is."""
    if value.op == "transpose":
        return array.transpose(value.param("axes"))
    if value.op == "slice":
        return array[slices(value.param("parts"))]
    if value.op == "broadcast":
        return onp.broadcast_to(array, value.shape)
    return array.reshape(value.shape)


def slices(parts: Any) -> tuple[slice, ...]:
    """Python's slices of (start, step, count) for each axis."""
    found = []
    for start, step, count in parts:
        stop: int | None = start + step * count
        if stop is not None and stop < 0:
            stop = None
        found.append(slice(start, stop, step) if count else slice(0, 0))
    return tuple(found)


def view_text(value: Value, name: str) -> str:
    """The same as text, of an array of this name."""
    if value.op == "transpose":
        return f"{name}.transpose({value.param('axes')})"
    if value.op == "slice":
        return f"{name}[{index_text(slices(value.param('parts')))}]"
    if value.op == "broadcast":
        return f"broadcast_to({name}, {value.shape})"
    return f"{name}.reshape({value.shape})"


def index_text(index: tuple[slice, ...]) -> str:
    """Slices as they stand between brackets."""

    def end(x: int | None) -> str:
        return "" if x is None else str(x)

    return ", ".join(f"{end(s.start)}:{end(s.stop)}:{end(s.step)}" for s in index) or "..."


def form_text(form: Any, names: list[str]) -> str:
    """The text of an index form; arrays by their names."""
    if isinstance(form, Slot):
        return names[form.k]
    if isinstance(form, Group):
        entries = [form_text(entry, names) for entry in form.entries]
        if form.kind is slice:
            return f"slice({', '.join(entries)})"
        return f"({', '.join(entries)},)"
    return "..." if form is Ellipsis else repr(int(form)) if form is not None else "None"
