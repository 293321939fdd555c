"""The benchmark of projections, with small grids."""

from __future__ import annotations

from experiments.benchmarks.projections import projection_table


def test_table_comes_out() -> None:
    assert projection_table(32, 1, threads=[1]).row_count == 6
