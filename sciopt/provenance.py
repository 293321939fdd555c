"""Where a result comes from: versions, machine, command and source revision, as plain data."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

from sciopt import __version__

_PACKAGES = ("numpy", "scipy", "numba", "llvmlite")


def provenance(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Everything about this process and machine that a result may depend on.

    Args:
        settings: the run's config; its `seed`, if it has one, is repeated in the record.
    """
    return {
        "started": now(),
        "command": sys.argv,
        "cwd": str(Path.cwd()),
        "seed": settings.get("seed"),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": {
            "platform": platform.platform(),
            "cpu": _cpu_model(),
            "cores": os.cpu_count(),
            "threads": int(os.environ.get("NUMBA_NUM_THREADS") or _usable_cores()),
        },
        "source": _git_revision(),
    }


def now() -> str:
    """The time in ISO 8601 with its UTC offset, to the second."""
    return datetime.now(timezone.utc).astimezone().isoformat(timespec="seconds")


def _versions() -> dict[str, str]:
    return {"sciopt": __version__, **{package: metadata.version(package) for package in _PACKAGES}}


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    models = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _usable_cores() -> int:
    """The cores that this process may use, which a container or `taskset` makes fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _git_revision() -> dict[str, Any] | None:
    """Revision of the checkout that sciopt runs from, and whether its tracked files differ."""
    checkout = Path(__file__).resolve().parent.parent
    if not (checkout / ".git").exists():
        return None
    revision = _git(checkout, "rev-parse", "HEAD")
    if revision is None:
        return None
    changes = _git(checkout, "status", "--porcelain", "--untracked-files=no")
    return {"revision": revision, "modified": bool(changes)}


def _git(checkout: Path, *arguments: str) -> str | None:
    # A hook or a rebase exports GIT_DIR and the like, which would point to another repository.
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    try:
        finished = subprocess.run(
            ["git", "-C", str(checkout), *arguments],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return finished.stdout.strip()
