"""The backward pass as message passing, one node after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from autodiff import grad, make_vjp
from autodiff.core import primitive_vjps
from autodiff.graph import NamedNode, lines, nodes
from autodiff.util import toposort
from sciopt.plotting import style
from sciopt.plotting.graph import draw_graph

from . import gif
from .logistic import ARGUMENTS, as_on_the_slide, derivatives_by_hand, loss, slide_names
from .running import run_alone

TITLE = "The backward pass is message passing"
SLIDES = "slides 16-18"
LOOK_FOR = "each node adds up the messages of its children, and sends one to each of its parents"


@dataclass(frozen=True)
class Step:
    """What happens at one node.

    Attributes:
        name: of the node.
        cotangent: dL/d(value), the sum of the messages that it received.
        messages: name of a parent -> what it is sent; a parent that is used twice gets the sum.
    """

    name: str
    cotangent: Any
    messages: dict[str, Any]


@dataclass(frozen=True)
class Backward:
    """The whole pass.

    Attributes:
        steps: last node first.
        by_hand: the cotangents of the same values, worked out on paper.
        grad, vjp_of_one: dL/dw by `grad`, and by the VJP of the loss applied to 1.
    """

    steps: list[Step]
    by_hand: dict[str, Any]
    grad: float
    vjp_of_one: float

    @property
    def largest_difference(self) -> float:
        return max(abs(step.cotangent - self.by_hand[step.name]).max() for step in self.steps)


def backward_pass(g: Any, end_node: NamedNode) -> list[Step]:
    """Slide 17's `backward_pass`, which here also tells what it does."""
    cotangents = {end_node: g}
    steps = []
    for node in toposort(end_node):
        cotangent = cotangents[node]
        messages: dict[str, Any] = {}
        if node.parents:
            vjp = primitive_vjps[node.fun](node.parent_argnums, node.value, node.args, node.kwargs)
            for parent, message in zip(node.parents, vjp(cotangent)):
                cotangents[parent] = cotangents.get(parent, 0.0) + message
                messages[parent.name] = messages.get(parent.name, 0.0) + message
        steps.append(Step(node.name, cotangent, messages))
    return steps


def steps_on_the_slide(*arguments: Any) -> list[Step]:
    """The backward pass of the loss, under the names of slide 7."""
    graph = nodes(loss, *arguments)
    new = slide_names([node.name for node in graph])
    ones = graph[-1].value * 0 + 1  # L-bar = 1, in L's shape
    return [
        Step(
            new.get(step.name, step.name),
            step.cotangent,
            {new.get(name, name): message for name, message in step.messages.items()},
        )
        for step in backward_pass(ones, graph[-1])
    ]


def compute(arguments: tuple[Any, ...] = ARGUMENTS) -> Backward:
    vjp, _ = make_vjp(loss)(*arguments)
    return Backward(
        steps_on_the_slide(*arguments),
        derivatives_by_hand(*arguments),
        float(grad(loss)(*arguments)),
        float(vjp(1.0)),
    )


def report(found: Backward) -> list[str]:
    said = ["node  received, by backprop     by hand  sends"]
    for step in found.steps:
        sent = ", ".join(f"{message:.6f} to {name}" for name, message in step.messages.items())
        by_hand = found.by_hand[step.name]
        said.append(f"{step.name:<4} {step.cotangent:23.6f} {by_hand:11.6f}  {sent}".rstrip())
    return [
        *said,
        "",
        f"All {len(found.steps)} cotangents equal those worked out on paper to 1e-14: "
        f"{found.largest_difference <= 1e-14}.",
        "grad is this pass begun with L-bar = 1. dL/dw by the VJP applied to 1: "
        f"{found.vjp_of_one:.6f}, by grad: {found.grad:.6f}.",
    ]


def draw(found: Backward, path: Path) -> list[Path]:
    """The finished graph as a picture, and the pass in motion."""
    everything = len(found.steps)
    with style.themed():
        whole = _frame(found, everything, "The backward pass: every derivative of the loss", False)
        picture = style.save(whole, path.with_suffix(".png"))
        frames = [_frame(found, 0, "The values are there; the backward pass begins", False)]
        frames += [_frame(found, k + 1, _what(step), True) for k, step in enumerate(found.steps)]
        frames.append(_frame(found, everything, "Done: one pass, every derivative", False))
        return [picture, gif.write(frames, path.with_suffix(".gif"), milliseconds=1100)]


def _what(step: Step) -> str:
    if not step.messages:
        return f"{step.name} is an argument: its derivative is complete"
    start = "dL/dL = 1; " if step.name == "L" else ""
    return f"{start}{step.name} sends cotangent times slope to {' and '.join(step.messages)}"


def _frame(found: Backward, done: int, title: str, lit: bool) -> Figure:
    """The graph after so many steps, the last one lit."""
    received: dict[str, str] = {}
    for step in found.steps[:done]:
        received[step.name] = f"dL/d{step.name} = {step.cotangent:.4g}"
        for name, message in step.messages.items():
            received[name] = f"dL/d{name} = {message:.4g}"
    now = found.steps[done - 1] if lit else None
    return draw_graph(
        as_on_the_slide(lines(loss, *ARGUMENTS)),
        title=title,
        legend="grey, downwards: values    orange, upwards: derivatives of the loss",
        notes=received,
        lit=[now.name] if now else [],
        lit_edges=[(now.name, name) for name in now.messages] if now else [],
    )


if __name__ == "__main__":
    run_alone(__file__)
