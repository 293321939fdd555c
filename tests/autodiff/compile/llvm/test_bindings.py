"""llvmlite is optional: nothing asks for it before something is compiled, and then in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_autodiff_and_the_cache_do_not_import_llvmlite() -> None:
    program = """
import sys
import autodiff.compile.llvm.cache
print([name for name in sys.modules if name.split(".")[0] in ("llvmlite", "numba")])
"""
    assert run(program) == "[]\n"


def test_without_llvmlite_one_sentence_says_what_to_install() -> None:
    program = """
import sys
sys.modules["llvmlite"] = None
try:
    import autodiff.compile.llvm.engine
except ImportError as error:
    print(error)
"""
    message = "compiling recordings needs llvmlite, which is not installed: pip install llvmlite\n"
    assert run(program) == message
