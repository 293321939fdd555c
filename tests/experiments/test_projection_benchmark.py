"""The benchmark of projections and steps, with small grids."""

from __future__ import annotations

from experiments.benchmarks.projections import projection_table, step_table


def test_tables_come_out() -> None:
    assert projection_table(32, 1, threads=[1]).row_count == 6
    assert step_table([16], 1).row_count == 4
