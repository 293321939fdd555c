"""Check every combination and print the tables: ``python -m experiments.gradients`` (8 minutes).

With ``--write`` the tables go into docs/fluid.md.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .cases import cases
from .check import check
from .table import markdown, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "fluid.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/fluid.md")
    parser.add_argument("--jobs", type=int, default=1, help="processes, each on one core")
    options = parser.parse_args()
    every = list(cases())
    with ProcessPoolExecutor(options.jobs) as pool:
        found = list(zip(every, pool.map(check, every, chunksize=8)))
    tables = markdown(found)
    print(tables)
    for case, outcomes in found:
        for pair, outcome in outcomes.items():
            if not (abs(outcome.order - 2) < 0.1 or outcome.order > 1e9):
                print(f"{case}: {' by '.join(pair)}: {outcome}")
    if options.write:
        write(tables, PAGE)


if __name__ == "__main__":
    main()
