"""The dependency rule: which room may import which, said by file and line where it is broken.

A room's rule lists what its modules may import beyond the standard library and their own package.
The longest matching prefix decides. `HEAVY` rooms are imported late, so that `--help` is quick.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "autodiff": ("numpy", "autodiff"),
    "autodiff.checkpointing.schedules": ("checkpoint_schedules", "autodiff"),
    "autodiff.compile.llvm": ("numpy", "scipy.linalg.cython_blas", "llvmlite", "autodiff"),
    "autodiff.linear_solve": ("numpy", "scipy", "autodiff"),
    "autodiff.scipy": ("numpy", "scipy", "autodiff"),
    "sciopt": (),
    "sciopt.__main__": ("sciopt.cli",),
    "sciopt.errors": (),
    "sciopt.config": ("yaml", "pydantic", "pydantic_core", "sciopt.errors", "sciopt.config"),
    "sciopt.provenance": ("numpy", "sciopt"),
    "sciopt.journal": ("numpy", "sciopt.errors"),
    "sciopt.runs": (
        "numpy", "sciopt.errors", "sciopt.config", "sciopt.provenance", "sciopt.optimize",
        "sciopt.journal",
    ),
    "sciopt.progress": ("rich", "sciopt.errors", "sciopt.optimize"),
    "sciopt.optimize": ("numpy", "scipy", "threadpoolctl", "sciopt.errors", "sciopt.optimize"),
    "sciopt.fluid": ("numpy", "autodiff", "sciopt.fluid", "sciopt.errors", "sciopt.config"),
    "sciopt.kernel_cache": ("numba",),
    "sciopt.fluid.kernels": (
        "numpy", "numba", "llvmlite", "scipy", "sciopt.kernel_cache", "sciopt.fluid.kernels",
    ),
    "sciopt.fluid.multigrid": (
        "numpy", "numba", "sciopt.kernel_cache", "sciopt.fluid.kernels", "sciopt.fluid.multigrid",
    ),
    "sciopt.fluid.physics.transforms": ("numpy", "scipy", "sciopt.fluid"),
    "sciopt.fluid.primitives": ("autodiff.extend", "sciopt.fluid.kernels"),
    "sciopt.fluid.config": ("pydantic", "sciopt.config", "sciopt.fluid.config"),
    "sciopt.fluid.result": ("numpy",),
    "sciopt.fluid.target": ("numpy", "PIL", "sciopt.fluid", "sciopt.errors"),
    "sciopt.fluid.picture": ("numpy", "PIL", "sciopt.fluid", "sciopt.errors"),
    "sciopt.fluid.resample": ("numpy", "scipy", "sciopt.fluid"),
    "sciopt.fluid.drawings": ("numpy", "PIL", "sciopt.fluid.drawings", "sciopt.errors"),
    "sciopt.fluid.solve": ("numpy", "autodiff", "sciopt.fluid", "sciopt.errors", "sciopt.optimize"),
    "sciopt.fluid.report": ("numpy", "sciopt.fluid", "sciopt.optimize"),
    "sciopt.hyperopt": ("numpy", "autodiff", "sciopt.hyperopt", "sciopt.errors"),
    "sciopt.hyperopt.one_thread": ("scipy.linalg.cython_blas", "threadpoolctl"),
    "sciopt.hyperopt.kernels": (
        "numpy", "numba", "sciopt.kernel_cache", "sciopt.hyperopt.kernels",
    ),
    "sciopt.hyperopt.outer": ("numpy", "sciopt.hyperopt", "sciopt.errors", "sciopt.optimize"),
    "sciopt.hyperopt.solve": ("numpy", "sciopt.hyperopt", "sciopt.errors", "sciopt.optimize"),
    "sciopt.hyperopt.report": ("numpy", "sciopt.hyperopt"),
    "sciopt.hyperopt.search": ("numpy", "optuna", "sciopt.hyperopt", "sciopt.errors"),
    "sciopt.hyperopt.result": ("numpy",),
    "sciopt.hyperopt.config": ("pydantic", "sciopt.config", "sciopt.hyperopt.config"),
    "sciopt.hyperopt.data": (
        "numpy", "sciopt.errors", "sciopt.hyperopt.config.data", "sciopt.hyperopt.data",
    ),
    "sciopt.hyperopt.data.builtin": (
        "numpy", "sklearn", "sciopt.errors", "sciopt.hyperopt.config.data", "sciopt.hyperopt.data",
    ),
    "sciopt.hyperopt.data.fetch": ("pooch", "sciopt.errors", "sciopt.hyperopt.data"),
    "sciopt.hyperopt.data.mnist": ("numpy", "pooch", "sciopt.errors", "sciopt.hyperopt.data"),
    "sciopt.plotting": (
        "numpy", "matplotlib", "PIL", "imageio", "imageio_ffmpeg",
        "sciopt.fluid.result", "sciopt.hyperopt.result", "sciopt.runs", "sciopt.errors",
        "sciopt.plotting",
    ),
    "sciopt.cli": ("click", "rich", "numpy", "sciopt"),
    "sciopt.cli.cache": ("click", "autodiff.compile.llvm.cache", "sciopt"),
}  # fmt: skip
"""Room -> prefixes of modules that it may import."""

NEVER: tuple[tuple[str, str], ...] = (
    ("sciopt.fluid", "sciopt.hyperopt"),
    ("sciopt.hyperopt", "sciopt.fluid"),
    ("sciopt.plotting", "autodiff"),
    ("sciopt.plotting", "sciopt.fluid.solve"),
    ("sciopt.plotting", "sciopt.hyperopt.solve"),
    ("autodiff", "sciopt"),
)

INSIDE_AUTODIFF = ("tracer", "vspace", "core", "numpy", "differential_operators")
"""Lower to higher: no module imports one above it."""


def source_files() -> list[Path]:
    return sorted(
        path for package in ("autodiff", "sciopt") for path in (ROOT / package).rglob("*.py")
    )


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of everything imported, however late; typing aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *(node.module.split(".") if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{stem}.{alias.name}"


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def rule_of(module: str) -> tuple[str, ...]:
    room = max((room for room in MAY_IMPORT if within(module, room)), key=len)
    return MAY_IMPORT[room]


@pytest.mark.parametrize("path", source_files(), ids=module_name)
def test_module_imports_only_what_its_room_may(path: Path) -> None:
    module = module_name(path)
    allowed = rule_of(module)
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not any(within(name, prefix) for prefix in allowed)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("room", "other"), NEVER)
def test_rooms_that_never_meet(room: str, other: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in source_files()
        if within(module_name(path), room)
        for line, name in imports(path)
        if within(name, other)
    ]
    assert not broken, "\n".join(broken)


def test_nobody_imports_the_command_line() -> None:
    importers = [
        module_name(path)
        for path in source_files()
        for _, name in imports(path)
        if within(name, "sciopt.cli") and not within(module_name(path), "sciopt.cli")
    ]
    assert importers == ["sciopt.__main__"]


def test_only_plotting_imports_matplotlib() -> None:
    importers = {
        module_name(path)
        for path in source_files()
        for _, name in imports(path)
        if within(name, "matplotlib")
    }
    assert importers
    assert all(within(module, "sciopt.plotting") for module in importers)


def test_autodiff_imports_run_downwards() -> None:
    floor = {f"autodiff.{name}": k for k, name in enumerate(INSIDE_AUTODIFF)}

    def floor_of(module: str) -> int | None:
        return next((k for name, k in floor.items() if within(module, name)), None)

    broken = []
    for path in source_files():
        mine = floor_of(module_name(path))
        for line, name in imports(path):
            theirs = floor_of(name)
            if mine is not None and theirs is not None and theirs > mine:
                broken.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not broken, "\n".join(broken)


def test_every_file_is_short_enough_to_hold_in_mind() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in source_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    ]
    assert not long, "\n".join(long)
