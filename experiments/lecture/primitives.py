"""The program as typed becomes a sequence of primitive operations, from which backprop follows."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autodiff.graph import Line, lines
from sciopt.plotting import style

from .backward import steps_on_the_slide
from .logistic import ARGUMENTS, SLIDE_7, as_on_the_slide, derivatives_by_hand, loss
from .running import run_alone

TITLE = "A program becomes a sequence of primitive operations"
SLIDES = "slides 6-7"
LOOK_FOR = (
    "the trace of three lines of NumPy is slide 7, line by line, and backprop through it is slide 6"
)


@dataclass(frozen=True)
class Primitives:
    """Attributes: trace, the operations under slide 7's names; derivatives of slide 6, twice."""

    trace: list[Line]
    by_backprop: dict[str, float]
    by_hand: dict[str, float]

    @property
    def operations(self) -> list[Line]:
        return [line for line in self.trace if line.operation]

    @property
    def kinds(self) -> list[str]:
        """The different primitives, in the order of their first use."""
        return list(dict.fromkeys(str(line.operation) for line in self.operations))


def compute(arguments: tuple[float, ...] = ARGUMENTS) -> Primitives:
    slide_6 = ("L", "y", "z", "w", "b")
    by_backprop = {step.name: step.cotangent for step in steps_on_the_slide(*arguments)}
    by_hand = derivatives_by_hand(*arguments)
    return Primitives(
        as_on_the_slide(lines(loss, *arguments)),
        {name: by_backprop[name] for name in slide_6},
        {name: by_hand[name] for name in slide_6},
    )


def report(found: Primitives) -> list[str]:
    given = ", ".join(f"{line.name} = {line.value}" for line in found.trace if not line.operation)
    typed = [f"    {line}" for line in _program()]
    said = [f"Arguments: {given}", "", "slide 7          the trace of the program"]
    said += [
        f"{line.name:<2} = {SLIDE_7[line.name]:<10}  {line.name:<2} = {made:<17} {line.content}"
        for line in found.operations
        for made in [f"{line.operation}({', '.join(line.operands)})"]
    ]
    return [
        *typed,
        "",
        *said,
        "",
        f"{len(found.operations)} operations of {len(found.kinds)} primitives: "
        f"{', '.join(found.kinds)}.",
        "",
        "slide 6     by backprop      by hand   difference",
        *(
            f"dL/d{name:<3} {value:15.9f} {found.by_hand[name]:12.9f}"
            f" {abs(value - found.by_hand[name]):12.1e}"
            for name, value in found.by_backprop.items()
        ),
    ]


def _program() -> list[str]:
    """The loss as typed, without its docstring."""
    source = inspect.getsource(loss).splitlines()
    return [line for line in source if '"""' not in line]


def draw(found: Primitives, path: Path) -> list[Path]:
    """Slide 7 beside the trace, and slide 6 beside backprop."""
    rows = [
        (line.name, SLIDE_7[line.name], f"{line.operation}({', '.join(line.operands)})", line.value)
        for line in found.operations
    ]
    with style.themed():
        figure = style.new_figure(9.6, 6.8)
        axes = figure.add_subplot()
        axes.axis("off")
        axes.set(xlim=(0, 9.6), ylim=(-7.6, len(rows) + 2.6))
        axes.set_title("A program becomes a sequence of primitive operations", loc="left")
        typed = "    ".join(line.strip() for line in _program()[1:])
        axes.text(0.1, len(rows) + 2.0, typed, fontsize=11, family="DejaVu Sans Mono", va="center")
        columns = (0.1, 2.9, 6.2, 8.3)
        _row(axes, columns, len(rows) + 0.6, ("slide 7", "recorded", "value", "shape"), True)
        for k, (name, slide, made, value) in enumerate(rows):
            cells = (f"{name} = {slide}", f"{name} = {made}", f"{value:.6f}", str(np.shape(value)))
            _row(axes, columns, len(rows) - 0.4 - k, cells)
        _row(axes, columns, -1.8, ("slide 6", "by backprop", "by hand", "difference"), True)
        for k, (name, value) in enumerate(found.by_backprop.items()):
            hand = found.by_hand[name]
            cells = (f"dL/d{name}", f"{value:.6f}", f"{hand:.6f}", f"{abs(value - hand):.0e}")
            _row(axes, columns, -2.8 - k, cells)
        return [style.save(figure, path.with_suffix(".png"))]


def _row(
    axes: style.Axes, columns: tuple[float, ...], y: float, cells: tuple[str, ...],
    heading: bool = False,
) -> None:  # fmt: skip
    for k, (x, text) in enumerate(zip(columns, cells, strict=True)):
        colour = style.ACCENT if heading else style.INK if k != 1 else "#9fd0f2"
        axes.text(x, y, text, color=colour, fontsize=12, family="DejaVu Sans Mono", va="center")
    if heading:
        axes.axhline(y - 0.5, color=style.GRID, lw=1)


if __name__ == "__main__":
    run_alone(__file__)
