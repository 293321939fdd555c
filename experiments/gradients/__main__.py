"""Check every combination and print the table: ``python -m experiments.gradients`` (1 minute).

With ``--write`` the table goes into docs/fluid.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .physics import check, combinations
from .table import markdown, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "fluid.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/fluid.md")
    options = parser.parse_args()
    table = markdown([(combination, check(combination)) for combination in combinations()])
    print(table)
    if options.write:
        write(table, PAGE)


if __name__ == "__main__":
    main()
