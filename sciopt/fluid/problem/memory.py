"""How much memory the stored states of a gradient may take."""

from __future__ import annotations

import os
from pathlib import Path

from autodiff.checkpointing.plan import parse_bytes
from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig

_SHARE = 0.5  # of what is free


def memory_budget(config: FluidConfig, state: int, starts: int) -> int:
    """Bytes for stored states.

    Args:
        state: bytes of one.
        starts: how many are stored in any case: the first, and those at keyframes and forces.
    Raises: ConfigError for what is no size, or too small a one.
    """
    if config.memory == "auto":
        return max(int(_SHARE * free_memory()), state * starts)
    try:
        budget = parse_bytes(config.memory)
    except ValueError as error:
        raise ConfigError(f"memory: {error}") from None
    if budget < state * starts:
        raise ConfigError(
            f"memory: {config.memory} is less than {starts} state{'' if starts == 1 else 's'} of"
            f" {_readable(state)}, one for the start and for each keyframe and force field; give at"
            f" least {_readable(state * starts)}, or lower size or the number of force fields"
            " (controls.forces.every)."
        )
    return budget


def free_memory() -> int:
    """Bytes that this process may still take, as far as the system tells; 4 GB otherwise."""
    found = [limit for limit in (_available(), _left_of_control_group()) if limit is not None]
    return min(found, default=4 * 10**9)


def _available() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    except (OSError, ValueError, IndexError):
        pass
    try:
        return int(_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None


def _left_of_control_group(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    """What a container may still take; None where there is no limit."""
    try:
        most = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = (folder / "memory.current").read_text(encoding="ascii").strip()
        return None if most == "max" else max(0, int(most) - int(used))
    except (OSError, ValueError):
        return None


def _readable(size: int) -> str:
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.3g} {unit}"
