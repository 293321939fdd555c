"""`sciopt cache`: what compiled programs are kept on disk, and deleting them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.group()
def cache() -> None:
    """Show or clear the compiled programs kept on disk."""


@cache.command()
def show() -> None:
    """Say where compiled programs are kept, how many, and how large.

    Two kinds: programs compiled from recordings, in AUTODIFF_CACHE_DIR or the user's cache folder,
    and sciopt's own kernels, which Numba keeps beside their source or in NUMBA_CACHE_DIR.
    """
    from autodiff.compile.llvm import cache as programs

    entries = programs.entries()
    size = _megabytes(sum(entry.size for entry in entries))
    limit = _megabytes(programs.LARGEST)
    click.echo(f"programs  {len(entries)} of {size} (at most {limit}) in {programs.folder()}")
    if entries:
        oldest, newest = (datetime.fromtimestamp(entries[k].used) for k in (0, -1))
        click.echo(f"          used from {oldest:%Y-%m-%d %H:%M} to {newest:%Y-%m-%d %H:%M}")
    kernels = _kernel_files()
    size = _megabytes(sum(path.stat().st_size for path in kernels))
    places = sorted({str(path.parent) for path in kernels})
    where = " and ".join(places) if places else "no folder yet"
    click.echo(f"kernels   {len(kernels)} of {size} in {where}")


@cache.command()
def clear() -> None:
    """Delete the programs compiled from recordings; each is compiled again when it is needed.

    The kernels stay: Numba replaces them by itself when their source changes.
    """
    from autodiff.compile.llvm import cache as programs

    click.echo(f"{programs.clear()} deleted from {programs.folder()}")


def _kernel_files() -> list[Path]:
    """Numba's files of machine code of the kernels in this package."""
    import os

    import sciopt

    root = Path(sciopt.__file__).parent
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    # Numba names the folder below NUMBA_CACHE_DIR after the folder of the source, and a hash.
    folders = Path(chosen).glob("kernels_*") if chosen else root.glob("*/kernels/__pycache__")
    return [path for folder in folders for path in folder.glob("*.nbc")]


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
