"""Many steps in one call, and the way back.

The same numbers as a chain of `step` and `step_adjoint`, to the last bit, in half the time on two
threads at 110 x 110 cells: the threads work through all the steps as one team.
"""

from __future__ import annotations

import numpy as np

from .advect import collect_rows, gather_rows, prepare_rows, scatter_rows
from .cells import pack_rows, scratch_cells
from .compiling import kernel
from .memory import load_row
from .project import MAX_SWEEPS, project_rows, sweep_scratch
from .scratch import scratch
from .simd import LANES, all_lanes
from .spare import fresh
from .step import check_states, pull_step, step_into
from .team import claim, report, team_size, work_together
from .threads import band_count, band_reach


def rollout(state: np.ndarray, steps: int, sweeps: int) -> np.ndarray:
    """Advance a state by several time steps and keep all states.

    Args:
        state: shape (2 + dyes, nx, ny), as in `step`.
        steps: time steps, >= 0.
        sweeps: Jacobi sweeps of each projection, >= 0.
    Returns: shape (steps + 1, 2 + dyes, nx, ny), beginning with a copy of `state`.
    Raises: as `step`; ValueError for negative steps.
    """
    (state,) = check_states(state=state)
    if min(steps, sweeps) < 0:
        raise ValueError(f"steps and sweeps must not be negative, got {steps} and {sweeps}")
    states = fresh((steps + 1, *state.shape), state.dtype)
    states[0] = state
    if sweeps > MAX_SWEEPS or team_size() == 1:
        for k in range(steps):
            step_into(states[k + 1], states[k], sweeps)
        return states
    cells, pitch = scratch_cells("cells", state)
    advected = scratch("advected", state.shape, state.dtype)
    parts = min(team_size(), state.shape[1])
    phases = [(parts, 0), (parts, parts), (parts, 2 * parts)]
    arrays = (states, cells, pitch, advected, sweeps, *sweep_scratch(state, sweeps, parts))
    work_together(_advance, phases, steps, state[0].size, *arrays)
    return states


def rollout_adjoint(last_bar: np.ndarray, states: np.ndarray, sweeps: int) -> np.ndarray:
    """Cotangent of the first of the states of a `rollout` from that of the last.

    Args:
        last_bar: shape (2 + dyes, nx, ny).
        states: shape (steps + 1, 2 + dyes, nx, ny), the result of `rollout`.
        sweeps: as there.
    Returns: shape (2 + dyes, nx, ny).
    Raises: as `step_adjoint`; ValueError unless `states` is a sequence of states.
    """
    if np.ndim(states) != 4 or len(states) == 0:
        raise ValueError(f"states must be (steps + 1, channels, nx, ny), got {np.shape(states)}")
    last_bar, _ = check_states(last_bar=last_bar, states=states[0])
    if not states.flags.carray:
        states = np.array(states, order="C")
    bar = last_bar.copy()
    if sweeps > MAX_SWEEPS or team_size() == 1:
        for state in states[-2::-1]:
            pull_step(bar, bar, state, sweeps)
        return bar
    cells, pitch = scratch_cells("cells", bar)
    cells_bar, _ = scratch_cells("cells_bar", bar)
    advected_bar = scratch("advected", bar.shape, bar.dtype)
    velocity_bar = scratch("velocity_bar", bar[:2].shape, bar.dtype)
    nx = bar.shape[1]
    parts, bands = min(team_size(), nx), band_count(nx)
    even, ready = (bands + 1) // 2, 2 * parts
    phases = [(ready, 0), (even, ready), (bands - even, ready + even), (parts, ready + bands)]
    near = np.empty(parts, np.bool_)
    work_together(
        *(_retreat, phases, len(states) - 1, bar[0].size),
        *(states, bar, cells, pitch, cells_bar, advected_bar, velocity_bar),
        *(sweeps, *sweep_scratch(bar, sweeps, parts), near, bands, band_reach(nx)),
    )
    return bar


@kernel
def _rows(part, parts, nx):
    return nx * part // parts, nx * (part + 1) // parts


@kernel
def _advance(
    tally, member, needs, homes, steps, tolerance,
    states, cells, pitch, advected, sweeps, line, d, p,
):  # fmt: skip
    """Steps as rounds. The turns, one for each part of the rows: pack, gather, project."""
    nx, parts = states.shape[2], len(d)
    while True:
        k, turn = claim(tally, member, needs, homes, steps, tolerance)
        if k < 0:
            return
        state, part = states[k], turn % parts
        first, last = _rows(part, parts, nx)
        if turn < parts:
            pack_rows(first, last, state, cells, pitch)
        elif turn < 2 * parts:
            gather_rows(first, last, cells, pitch, state[:2], advected)
        else:
            project_rows(first, last, advected, sweeps, line, d[part], p[part], states[k + 1])
        report(tally)


@kernel
def _retreat(
    tally, member, needs, homes, steps, tolerance,
    states, bar, cells, pitch, cells_bar, advected_bar, velocity_bar,
    sweeps, line, d, p, near, bands, reach,
):  # fmt: skip
    """Adjoint steps as rounds. The turns: project and prepare, scatter twice, collect."""
    nx, parts = states.shape[2], len(d)
    while True:
        k, turn = claim(tally, member, needs, homes, steps, tolerance)
        if k < 0:
            return
        state = states[steps - 1 - k]
        if turn < 2 * parts:
            part = turn // 2
            first, last = _rows(part, parts, nx)
            if turn % 2 == 0:
                project_rows(first, last, bar, sweeps, line, d[part], p[part], advected_bar)
            else:
                prepare_rows(first, last, state, cells, pitch, cells_bar)
                near[part] = _stays_near(first, last, state, reach)
        elif turn < 2 * parts + bands:
            for band in _bands_of_turn(turn - 2 * parts, bands, near.all()):
                first, last = _rows(band, bands, nx)
                scatter_rows(
                    first, last, cells, pitch, state[:2], advected_bar, cells_bar, velocity_bar
                )
        else:
            first, last = _rows(turn - 2 * parts - bands, parts, nx)
            collect_rows(first, last, cells_bar, pitch, bar, velocity_bar, True)
        report(tally)


@kernel
def _bands_of_turn(turn, bands, apart):
    """The even bands have the first turns, then come the odd ones.

    Where bands could reach the same rows, the first turn of either half does all of its bands.
    """
    even = (bands + 1) // 2
    band = 2 * turn if turn < even else 2 * (turn - even) + 1
    if apart:
        return range(band, band + 1, 2)
    return range(band, bands if band < 2 else band, 2)


@kernel
def _stays_near(first, last, state, reach):
    """Whether no cell of these rows moves by more than `reach` rows. False for NaN."""
    ny = state.shape[2]
    for start in range(first * ny, last * ny, LANES):
        v_x = load_row(state, start, last * ny - start)
        if not all_lanes((v_x < reach) & (v_x >= -reach)):
            return False
    return True
