"""What the reproductions share: a finished run of a shipped config, controls, a table, a figure."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt import runs
from sciopt.config import load_config
from sciopt.hyperopt.config import HyperoptConfig, Hyperparameter, HyperparametersConfig
from sciopt.hyperopt.data import Dataset
from sciopt.hyperopt.problem import Problem, build_problem, problem_on
from sciopt.hyperopt.report import metrics_of
from sciopt.hyperopt.result import HyperoptResult
from sciopt.plotting import style

Vector = NDArray[np.float64]
FIGURE = "controls.png"


@dataclass(frozen=True)
class Finished:
    """A finished run: its folder, its problem, and what came out."""

    folder: Path
    problem: Problem
    result: HyperoptResult


@dataclass(frozen=True)
class Row:
    """One line of a table: what it is of, the reference's figures and ours; NaN for none."""

    label: str
    reference: tuple[float, ...]
    ours: tuple[float, ...]


def finished_run(name: str, description: str | None) -> Finished:
    """The run in the folder that the command line names, else a new one of the config `name`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", nargs="?", type=Path, help="of a finished run")
    parser.add_argument("--data-dir", help="folder of MNIST's files")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    folder = options.folder or new_run(name, options.data_dir, options.set)
    return load_run(folder)


def new_run(name: str, data_dir: str | None, sets: Sequence[str]) -> Path:
    """Run `sciopt hyperopt NAME` and return its folder."""
    command = [sys.executable, "-m", "sciopt", "hyperopt", name, "--quiet"]
    command += ["--data-dir", data_dir] if data_dir else []
    for each in sets:
        command += ["--set", each]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def load_run(folder: Path) -> Finished:
    """A run folder's problem and result."""
    config = load_config(HyperoptConfig, path=folder / runs.CONFIG)
    return Finished(folder, build_problem(config), runs.load_result(folder, HyperoptResult))


def fixed(value: float) -> Hyperparameter:
    """A hyperparameter that is not tuned."""
    return Hyperparameter(start=value, tune=False)


def with_settings(
    problem: Problem,
    data: Dataset | None = None,
    hyperparameters: dict[str, Any] | None = None,
    **sections: dict[str, Any],
) -> Problem:
    """The problem on other data, with other hyperparameters, or settings changed by section."""
    config = problem.config
    changes: dict[str, Any] = {
        name: getattr(config, name).model_copy(update=values) for name, values in sections.items()
    }
    if hyperparameters is not None:
        changes["hyperparameters"] = HyperparametersConfig(**hyperparameters)
    config = config.model_copy(update=changes)
    return problem_on(problem.data if data is None else data, config)


def over_seeds(problem: Problem, vector: Vector, seeds: int) -> Vector:
    """Mean losses and errors over unseen seeds, (3, 2) as in `HyperoptResult.metrics_final`."""
    config = problem.config
    outer = config.outer.model_copy(update={"evaluation_seeds": seeds})
    problem = replace(problem, config=config.model_copy(update={"outer": outer}))
    return metrics_of(problem, vector).mean(axis=0)


def table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """The rows as text: for each column the reference, then ours."""
    heads = [f"{column}{side}" for column in columns for side in (", reference", ", ours")]
    lines = [["", *heads]]
    for row in rows:
        pairs = zip(row.reference, row.ours, strict=True)
        lines.append([row.label, *(_cell(value) for pair in pairs for value in pair)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def _cell(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.4g}"


def draw_controls(folder: Path, title: str, column: str, rows: Sequence[Row], place: int) -> Path:
    """One column of the table as a picture: ours as dots, the reference as rings."""
    with style.themed():
        figure = style.new_figure(9.5, 1.6 + 0.42 * len(rows))
        figure.suptitle(f"{title}:   ● ours   ○ reference", x=0.01, ha="left", fontsize=13)
        axes = figure.subplots()
        for k, row in enumerate(rows):
            ours, reference = row.ours[place], row.reference[place]
            axes.plot(ours, k, "o", color=style.ACCENT, ms=7)
            axes.plot(reference, k, "o", mfc="none", mec=style.INK, ms=12)
            axes.text(1.02, k, _cell(ours), transform=axes.get_yaxis_transform(), va="center")
        axes.set_yticks(range(len(rows)), [row.label for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0, labelcolor=style.INK)
        axes.set_xlabel(column)
        axes.grid(visible=True, axis="x")
        return style.save(figure, folder / FIGURE)


def show(
    done: Finished, title: str, columns: Sequence[str], rows: Sequence[Row], place: int = 0
) -> None:
    """Print the table, and draw column `place` of it into the run's folder."""
    print(table(columns, rows))
    drawn = draw_controls(done.folder, title, columns[place], rows, place)
    print(f"figures: {done.folder}, the controls in {drawn.name}")
