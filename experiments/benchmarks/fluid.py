"""sciopt's fluid against its peers, side by side in one run: time and memory of one gradient.

    python -m experiments.benchmarks.fluid [110 512 ...] [--seconds S] [--rounds R]

The claim: at 110x110, 100 steps, 10 sweeps, float64, at least 8 times faster than JAX
(jit, the best of with and without checkpoint) and 30 times than Autograd; at 512x512, 50 steps,
50 sweeps, float32, at least 6 times faster than JAX; memory below a third of JAX's without
checkpoint. Each peer runs in a process of its own, in rounds, so that a noisy minute of the machine
hits all of them. Loss and gradient are compared before any time is believed.

`compiled` is the plain form, `sciopt.fluid.physics`, run by autodiff's compiler: with one thread
at most 0.35 of JAX's time (with checkpoint), with two 0.2, at 512x512 0.25.
"""

from __future__ import annotations

import argparse

from rich.console import Console

from .fluid_peers import CASES, PEERS
from .side_by_side import ONE_THREAD, compare, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=["110", "512"], help="of " + ", ".join(CASES))
    parser.add_argument("--seconds", type=float, default=3.0, help="time per peer and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help="of " + ", ".join(PEERS))
    parser.add_argument("--one-thread", action="store_true", help="for all of them")
    arguments = parser.parse_args()
    for case in arguments.cases:
        module = "experiments.benchmarks.fluid_peers"
        environment = {**ONE_THREAD, "NUMBA_NUM_THREADS": "1"} if arguments.one_thread else {}
        pooled = compare(
            module, arguments.peers, case, arguments.seconds, arguments.rounds, environment
        )
        problem = CASES[case]
        size = f"{problem.n}x{problem.n}, {problem.steps} steps, {problem.sweeps} sweeps"
        title = f"Value and gradient, {size}, {problem.dtype}"
        Console().print(table(title, problem.dtype, pooled))


if __name__ == "__main__":
    main()
