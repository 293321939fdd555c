"""What can be seen as an image: learned training inputs, and values for every weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure, FigureBase

from sciopt.hyperopt.result import HyperoptResult, family, shape_of
from sciopt.plotting import style

from .axes import Array, elided, finite, words

_MOST = 40  # pictures that can still be seen
_SHRINKING = ("l1", "l2", "weight_decay")
_WIDEST = 0.995  # quantile of the sizes shown brightest: a few pixels would dim the rest


@dataclass(frozen=True)
class Pictures:
    """Images of one quantity on one scale of colours.

    Attributes:
        images: (N, rows, columns).
        titles: N of them.
        scale: "signed", "log" or "linear".
        limits: lowest and highest value shown.
        quantity: what the colours mean.
        headline: what it is.
        is_table: whether there is one wide image of numbers instead of pictures.
        rows: their names, in a table.
    """

    images: Array
    titles: tuple[str, ...]
    scale: str
    limits: tuple[float, float]
    quantity: str
    headline: str
    is_table: bool = False
    rows: tuple[str, ...] = ()


def learned_inputs(result: HyperoptResult) -> Pictures | None:
    """The learned training inputs; None if there are none."""
    values = family(result, "training_inputs")
    if values is None:
        return None
    inputs = values[1]
    order = np.argsort(result.learned_classes, kind="stable")[:_MOST] if (
        result.learned_classes.size
    ) else np.arange(min(len(inputs), _MOST))  # fmt: skip
    classes = result.class_names.tolist()
    titles = [elided(classes[k], 14) for k in result.learned_classes[order]] or [""] * len(order)
    of = "" if len(order) == len(inputs) else f"{len(order)} of "
    headline = f"{of}{len(inputs)} learned training inputs"
    return _pictures(result, inputs[order], tuple(titles), "value", headline, "linear")


def weight_maps(result: HyperoptResult) -> list[Pictures]:
    """Values of every weight of the first layer, where that has one for each number of an input."""
    found = []
    for name, per, scale in zip(result.names.tolist(), result.per.tolist(), result.scales.tolist()):
        values = family(result, name)
        place = _first_layer(result)
        if values is None or per != "weight" or place is None:
            continue
        begin, (inputs, units) = place
        table = values[1][begin : begin + inputs * units].reshape(inputs, units).T
        classes = result.class_names.tolist()
        is_last = _layers(result) == 1 and units == len(classes)
        if is_last:
            titles = tuple(elided(each, 14) for each in classes[:_MOST])
            of, table = "for the weights of each class", table[:_MOST]
        else:
            middle = (
                np.exp(np.mean(np.log(table), axis=0)) if scale == "log" else table.mean(axis=0)
            )
            titles, table = ("",), middle[None]
            of = f"of each input, mean over {units} hidden units"
        headline = f"learned {words(name)} {of}"
        quantity = words(name) + ("; bright is held at zero" if name in _SHRINKING else "")
        found.append(_pictures(result, table, titles, quantity, headline, scale))
    return found


def _first_layer(result: HyperoptResult) -> tuple[int, tuple[int, int]] | None:
    """Where the first weights lie among all, and their shape, if rows are numbers of an input."""
    size, begin = int(np.prod(result.input_shape)), 0
    for text in result.array_shapes.tolist():
        shape = shape_of(text)
        if len(shape) == 2 and shape[0] == size:
            return begin, (shape[0], shape[1])
        begin += int(np.prod(shape))
    return None


def _layers(result: HyperoptResult) -> int:
    return int(result.layer_names.size)


def _pictures(
    result: HyperoptResult,
    values: Array,
    titles: tuple[str, ...],
    quantity: str,
    headline: str,
    scale: str,
) -> Pictures:
    """Values (N, ...) of each number of an input, as images or as rows of one table."""
    good = finite(values)
    good = good if good.size else np.zeros(1)
    if scale == "log":
        low, high = np.quantile(good, (1 - _WIDEST, _WIDEST))
        limits = (float(low), float(high if high > 1.01 * low else 1.01 * low))
    elif good.min() < 0:
        size = float(np.quantile(np.abs(good), _WIDEST)) or 1.0
        scale, limits = "signed", (-size, size)
    else:
        scale, limits = "linear", (0.0, float(np.quantile(good, _WIDEST)) or 1.0)
    if result.input_shape.size == 2:
        rows, columns = result.input_shape.tolist()
        return Pictures(
            values.reshape(-1, rows, columns), titles, scale, limits, quantity, headline
        )
    table = values.reshape(1, len(values), -1)
    return Pictures(table, ("",), scale, limits, quantity, headline, is_table=True, rows=titles)


def draw_pictures(shown: Pictures) -> Figure:
    """All images with one bar of colours."""
    if shown.is_table:
        figure = style.new_figure(10.0, float(np.clip(2.2 + 0.28 * len(shown.rows), 3.2, 14.0)))
    else:
        rows, columns = _grid(len(shown.images))
        figure = style.new_figure(1.4 + 1.75 * columns if columns > 1 else 6.5,
                                  1.3 + 1.95 * rows if columns > 1 else 5.6)  # fmt: skip
    ink_pictures(figure, shown)
    return figure


def ink_pictures(figure: FigureBase, shown: Pictures) -> None:
    """The images into a figure or a part of one."""
    figure.suptitle(shown.headline, x=0.01, ha="left", fontsize=13)
    if shown.is_table:
        axes = figure.subplots()
        image = axes.imshow(shown.images[0], aspect="auto", interpolation="nearest", **_look(shown))
        axes.set_xlabel("number of the input")
        axes.set_yticks(
            range(len(shown.rows)) if len(shown.rows) <= _MOST else [], shown.rows[:_MOST]
        )
        everywhere: list[Axes] = [axes]
    else:
        rows, columns = _grid(len(shown.images))
        grid = figure.subplots(rows, columns, squeeze=False)
        everywhere = list(grid.flat)
        for axes, picture, title in zip(everywhere, shown.images, shown.titles):
            style.as_picture(axes, title)
            image = axes.imshow(picture, interpolation="nearest", **_look(shown))
        for axes in everywhere[len(shown.images) :]:
            axes.set_visible(False)
    bar = figure.colorbar(image, ax=everywhere, extend="both" if _is_cut(shown) else "neither",
                          shrink=0.85, aspect=28, pad=0.02)  # fmt: skip
    bar.set_label(shown.quantity, color=style.FAINT, fontsize=11)
    bar.outline.set_visible(False)


def _is_cut(shown: Pictures) -> bool:
    low, high = shown.limits
    return bool(np.any(shown.images < low) or np.any(shown.images > high))


def _look(shown: Pictures) -> dict[str, Any]:
    low, high = shown.limits
    if shown.scale == "log":
        return {"cmap": style.SMOKE, "norm": LogNorm(low, high)}
    cmap = style.SIGNED if shown.scale == "signed" else style.SMOKE
    return {"cmap": cmap, "norm": Normalize(low, high)}


def _grid(count: int) -> tuple[int, int]:
    """Rows and columns for so many images, about two and a half times as wide as high."""
    columns: int = min(count, 8 if count > 10 else 5 if count > 4 else count)
    return -(-count // columns), columns


def pictures_of(result: HyperoptResult) -> Sequence[Pictures]:
    """Everything of a result that can be seen as images."""
    learned = learned_inputs(result)
    return [*([learned] if learned is not None else []), *weight_maps(result)]
