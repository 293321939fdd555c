"""The Node objects of slides 10 to 12."""

from __future__ import annotations

import numpy as np

import autodiff.numpy as anp
from experiments.lecture import graph


def test_nodes_have_what_slide_10_lists() -> None:
    found = graph.compute((0.7, -1.2, 0.3, 1.0))
    assert [line.name for line in found.lines] == [
        *("w", "x", "b", "t"),
        *("t1", "z", "t3", "t4", "t5", "y", "t6", "t7", "L"),
    ]
    by_name = dict(zip([line.name for line in found.lines], found.nodes))
    z = by_name["z"]
    assert z.value == 0.7 * -1.2 + 0.3
    assert z.fun is anp.add
    assert z.args == (0.7 * -1.2, 0.3)
    assert z.kwargs == {}
    assert z.parents == [by_name["t1"], by_name["b"]]
    assert by_name["t5"].parents == [by_name["t4"]]
    assert by_name["w"].parents == []


def test_every_edge_of_the_graph_is_counted_and_written_as_dot() -> None:
    found = graph.compute()
    assert (len(found.nodes), found.edges) == (13, 12)  # a tree: one edge for each node but L
    assert found.dot.count("->") == 12


def test_values_follow_from_args() -> None:
    for node in graph.compute().nodes:
        if node.parents:
            np.testing.assert_array_equal(node.value, node.fun(*node.args, **node.kwargs))


def test_the_report_has_a_line_for_each_node() -> None:
    said = graph.report(graph.compute())
    assert "y      0.3682  divide     1, 2.716           -       t5" in said
    assert len([line for line in said if "(argument)" in line]) == 4
