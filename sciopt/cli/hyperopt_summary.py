"""What `sciopt hyperopt` says at its end."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from sciopt.cli.summary import fall, status_of, time_taken
from sciopt.hyperopt.result import SPLITS, HyperoptResult, family
from sciopt.progress import duration

_SHOWN = 8  # values of a family that still fit a line
_TEST = SPLITS.index("test")


def rows(folder: Path, result: HyperoptResult, times: dict[str, float]) -> list[tuple[str, str]]:
    """The outcome for people: labels and texts.

    Args:
        times: in seconds, of the "search", and of the "comparison" if there was one.
    """
    error = "test error" if result.class_names.size else "test 1-R2"
    found = [
        (f"{result.objective}", fall(result.loss_initial, result.loss_final)),
        ("test loss", _spread(result, 0, percent=False)),
        (error, _spread(result, 1, percent=bool(result.class_names.size))),
    ]
    if not math.isnan(result.f1):
        parts = f"precision {result.precision:.3f}, recall {result.recall:.3f}"
        found.append(("mislabelled", f"F1 {result.f1:.3f} ({parts})"))
    found += [(name, _values(result, name)) for name in result.names.tolist()]
    found += [
        ("iterations", f"{result.iterations} ({int((~result.accepted).sum())} taken back)"),
        ("evaluations", time_taken(result.evaluations, times["search"])),
        *([("comparison", duration(times["comparison"]))] if "comparison" in times else []),
        ("method", _method(result)),
        ("cost", f"a hypergradient takes the time of {result.cost:.2g} training runs"),
        ("status", status_of(result)),
        ("run folder", str(folder)),
    ]
    return found


def facts(folder: Path, result: HyperoptResult, times: dict[str, float]) -> dict[str, object]:
    """The outcome for programs. Args: times as in `rows`."""
    start, final = result.metrics_start.mean(axis=0), result.metrics_final.mean(axis=0)
    return {
        "run_dir": str(folder),
        "loss_initial": result.loss_initial,
        "loss_final": result.loss_final,
        "test_loss_initial": float(start[_TEST, 0]),
        "test_loss_final": float(final[_TEST, 0]),
        "test_error_initial": float(start[_TEST, 1]),
        "test_error_final": float(final[_TEST, 1]),
        "f1": result.f1,
        "evaluations": result.evaluations,
        "cost": result.cost,
        "seconds": times["search"],
        "comparison_seconds": times.get("comparison"),
        "method": result.method,
        "notices": result.notices.tolist(),
        "status": result.status,
        "message": result.message,
    }


def _spread(result: HyperoptResult, metric: int, *, percent: bool) -> str:
    """Mean and spread over unseen seeds, at start and end."""

    def one(values: np.ndarray) -> str:
        scale = 100 if percent else 1
        mean = f"{scale * values.mean():.3g}"
        return f"{mean} ± {scale * values.std(ddof=1):.1g}" if values.size > 1 else mean

    start, end = (
        one(metrics[:, _TEST, metric]) for metrics in (result.metrics_start, result.metrics_final)
    )
    count = result.evaluation_seeds.size
    unseen = result.evaluation_seeds.tolist() != [result.seed]
    seeds = f" ({count} unseen seed{'' if count == 1 else 's'})" if unseen else ""
    return f"{start} -> {end}{' %' if percent else ''}{seeds}"


def _values(result: HyperoptResult, name: str) -> str:
    found = family(result, name)
    assert found is not None
    start, final = (np.ravel(values) for values in found)
    if final.size > _SHOWN:
        return (
            f"{final.size} values, {start.min():.3g} .. {start.max():.3g}"
            f" -> {final.min():.3g} .. {final.max():.3g}"
        )
    return " -> ".join(" ".join(f"{value:.3g}" for value in each) for each in (start, final))


def _method(result: HyperoptResult) -> str:
    """Which hypergradient, and why; a recommendation says its name itself."""
    is_named = result.reason.startswith(result.method)
    return result.reason if is_named else f"{result.method}: {result.reason}"
