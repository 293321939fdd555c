"""The Node objects that the trace leaves, and the graph that they form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autodiff.graph import Line, NamedNode, dot, lines, nodes
from sciopt.plotting import style
from sciopt.plotting.graph import draw_graph
from sciopt.runs import replacing

from .logistic import ARGUMENTS, as_on_the_slide, loss
from .running import run_alone

TITLE = "Running the program builds its computation graph"
SLIDES = "slides 10-12"
LOOK_FOR = "each Node has a value, the fun that made it, its args and kwargs, and parent Nodes"


@dataclass(frozen=True)
class Graph:
    """Attributes: nodes, as recorded; lines, the same as text under slide 7's names; dot."""

    nodes: list[NamedNode]
    lines: list[Line]
    dot: str

    @property
    def edges(self) -> int:
        return sum(len(node.parents) for node in self.nodes)


def compute(arguments: tuple[float, ...] = ARGUMENTS) -> Graph:
    return Graph(
        nodes(loss, *arguments),
        as_on_the_slide(lines(loss, *arguments)),
        dot(loss, *arguments),
    )


def report(found: Graph) -> list[str]:
    said = ["node  value    fun        args               kwargs  parents"]
    for node, line in zip(found.nodes, found.lines):
        fun = line.operation or "(argument)"
        args = ", ".join(f"{float(arg):.4g}" for arg in node.args)
        parents = ", ".join(line.inputs) or "-"
        said.append(
            f"{line.name:<5} {node.value:7.4f}  {fun:<11}{args or '-':<18} "
            f"{node.kwargs or '-'!s:<7} {parents}"
        )
    return [
        *said,
        "",
        f"{len(found.nodes)} nodes, {found.edges} edges. The program is plain NumPy code: its",
        "arguments were boxes, and noted what was done to them.",
    ]


def draw(found: Graph, path: Path) -> list[Path]:
    """The graph as a picture, and in the DOT language for Graphviz."""
    with style.themed():
        figure = draw_graph(
            found.lines,
            title="The computation graph of the loss",
            legend="boxes: arguments    rounded: operations    outlined: the loss",
        )
        picture = style.save(figure, path.with_suffix(".png"))
    source = path.with_suffix(".dot")
    with replacing(source) as partial:
        partial.write_text(found.dot, encoding="utf-8")
    return [picture, source]


if __name__ == "__main__":
    run_alone(__file__)
