"""What is said of a fluid run at its end, to people and to programs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sciopt.cli.summary import fall, status_of, time_taken
from sciopt.runs import ANIMATION, FRAMES, FRAMES_FOLDER

if TYPE_CHECKING:
    from sciopt.fluid.result import FluidResult


def rows(folder: Path, result: FluidResult, seconds: float) -> list[tuple[str, str]]:
    """Labels and texts."""
    found = [("loss", fall(result.loss_initial, result.loss_final))]
    parts = list(zip(result.part_names, result.parts_initial, result.parts_final))
    if len(parts) > 1:
        found += [(f"  {name}", fall(float(start), float(end))) for name, start, end in parts]
    if not _is_the_loss(result):
        found.append(("mismatch", f"{result.picture_mismatch:.5g} mean square of the picture"))
    found += [
        ("iterations", str(result.iterations)),
        ("evaluations", time_taken(result.evaluations, seconds)),
    ]
    if result.trial_losses.size:
        found.append(("starts", _starts(result)))
    if len(result.controls) > 1:
        found += [("chosen" if k == 0 else "", str(x)) for k, x in enumerate(result.controls)]
    found += [("status", status_of(result)), ("run folder", str(folder))]
    for label, name in (("animation", ANIMATION), ("frames", FRAMES_FOLDER), ("frames", FRAMES)):
        if (folder / name).exists():
            found.append((label, str(folder / name)))
    return found


def _starts(result: FluidResult) -> str:
    """Which start was the best after its trial, and what the trials came to."""
    losses = ", ".join(f"{loss:.4g}" for loss in result.trial_losses)
    count = len(result.trial_losses)
    return f"number {result.start_chosen + 1} was the best of {count} ({losses} after their trials)"


def _is_the_loss(result: FluidResult) -> bool:
    """Whether the mismatch with the picture has been told by the loss, or there is no picture."""
    mismatch = result.picture_mismatch
    return math.isnan(mismatch) or math.isclose(mismatch, result.loss_final, rel_tol=1e-6)


def facts(folder: Path, result: FluidResult, seconds: float) -> dict[str, Any]:
    """Names and values."""
    return {
        "run_dir": str(folder),
        "loss_initial": result.loss_initial,
        "loss_final": result.loss_final,
        "parts": dict(zip(map(str, result.part_names), map(float, result.parts_final))),
        "picture_mismatch": result.picture_mismatch,
        "evaluations": result.evaluations,
        "trial_losses": [float(loss) for loss in result.trial_losses],
        "start_chosen": result.start_chosen,
        "seconds": seconds,
        "message": result.message,
    }
