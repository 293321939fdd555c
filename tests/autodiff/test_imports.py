"""What `import autodiff.numpy` brings with it: little more than NumPy, so that it is quick."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("scipy", "numba", "matplotlib", "checkpoint_schedules", "numpy.random", "tempfile")


def test_slow_modules_are_imported_when_they_are_needed() -> None:
    code = (
        "import sys, numpy; numpys = set(sys.modules); import autodiff.numpy;"
        f" print(sorted(set({SLOW}) & (set(sys.modules) - numpys)))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert finished.stdout.strip() == "[]"
