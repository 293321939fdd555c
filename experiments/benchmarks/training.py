"""A hypergradient of `sciopt hyperopt` against its peers, side by side in one run.

    python -m experiments.benchmarks.training [small large ...] [--seconds S] [--rounds R]

Equal outer loss and gradient are checked before any time is believed; one thread for all, and the
processes' own time. The claims, for the built-in network and for a model file of a user's
(`sciopt_own_model`), beside JAX's jit by the best of three schemes: at most 0.45 of its time on
64-32-10, in both precisions and at T = 1000 (`long1000`), at most 0.7 on 784-50-50-50-10.
`sciopt_plain` runs steps in NumPy, as they were recorded. `long` is 10 000 steps of the small
network, for its memory when states are bounded.
"""

from __future__ import annotations

import argparse

from rich.console import Console

from .side_by_side import ONE_THREAD, compare, table
from .training_peers import CASES, PEERS

_LONG = {
    "long": ("sciopt", "sciopt_bounded"),
    "long1000": (
        "sciopt", "sciopt_own_model", "sciopt_bounded", "jax", "jax_recomputed", "jax_two_level",
    ),
}  # fmt: skip
"""Peers of the cases that would take others minutes."""
_MODULE = "experiments.benchmarks.training_peers"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ["small", "small32", "large", "large32", "long1000"]
    parser.add_argument("cases", nargs="*", default=default, help="of " + ", ".join(CASES))
    parser.add_argument("--peers", nargs="*", default=None, help="of " + ", ".join(PEERS))
    parser.add_argument("--seconds", type=float, default=3.0, help="time per peer and round")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for name in arguments.cases:
        case = CASES[name]
        peers = arguments.peers or _LONG.get(name, PEERS)
        pooled = compare(_MODULE, peers, name, arguments.seconds, arguments.rounds, ONE_THREAD)
        network = "-".join(map(str, case.widths))
        run = f"batch {case.batch}, {case.steps} steps, {case.dtype}"
        title = f"Hypergradient, CPU time, {network}, {run}"
        Console().print(table(title, case.dtype, pooled))


if __name__ == "__main__":
    main()
