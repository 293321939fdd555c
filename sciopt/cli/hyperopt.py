"""`sciopt hyperopt`: tune what a training run depends on, by gradients through it."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sciopt.cli.hyperopt_comparison import searches_named
from sciopt.cli.options import config_of_run, number, output_options
from sciopt.errors import ConfigError, DivergenceError, RunFolderError

if TYPE_CHECKING:
    from sciopt.hyperopt.config import HyperoptConfig
    from sciopt.hyperopt.problem import Problem
    from sciopt.hyperopt.result import HyperoptResult
    from sciopt.progress import Progress
    from sciopt.runs import Run

_EPILOG = """\b
Examples:
  sciopt hyperopt digits
  sciopt hyperopt digits --set data.source=mine.csv --set data.target=price
  sciopt hyperopt mine.yaml --iterations 100 --seed 1
  sciopt hyperopt mine.yaml --check-gradient --compare random,tpe
  sciopt hyperopt --resume runs/hyperopt-20260101-120000-digits

\b
CONFIG is a YAML file, or a name from `sciopt config list`. What it leaves out is as by default;
at least one hyperparameter must be tuned, and by default none is.
Ctrl-C ends the search and keeps the best so far; --resume continues it.
All settings, with meaning, bounds and defaults: sciopt config show hyperopt
"""


@click.command(epilog=_EPILOG)
@click.argument("config_argument", metavar="[CONFIG]", required=False, type=click.Path())
@click.option(
    "--config",
    "config_name",
    type=click.Path(),
    metavar="FILE",
    help="The same as CONFIG.",
)
@click.option(
    "--set", "sets", metavar="KEY=VALUE", multiple=True, help="Any setting; may be repeated."
)
@click.option(
    "--data-dir", metavar="FOLDER", type=click.Path(), help="Folder with MNIST's four files."
)
@click.option(
    "--method", metavar="NAME", help="How hypergradients are computed: auto, reverse, ..."
)
@click.option("--iterations", metavar="N", callback=number, help="Outer steps.")
@click.option("--seed", metavar="N", callback=number, help="Seed of training and of the search.")
@click.option(
    "--check-gradient",
    is_flag=True,
    help="First compare the methods with each other and with finite differences.",
)
@click.option(
    "--compare",
    metavar="LIST",
    help="Afterwards search by random and/or tpe with as many training runs: random,tpe.",
)
@click.option(
    "--compare-seeds",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="How often the comparison is repeated; 3 otherwise.",
)
@click.option(
    "--compare-runs",
    metavar="N",
    type=click.IntRange(1),
    help="Training runs for each search; as many as the gradient costs otherwise.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Continue the interrupted run in this folder, with its settings.",
)
@output_options
def hyperopt(
    config_argument: str | None,
    config_name: str | None,
    sets: tuple[str, ...],
    data_dir: str | None,
    method: str | None,
    iterations: Any,
    seed: Any,
    check_gradient: bool,
    compare: str | None,
    compare_seeds: int | None,
    compare_runs: int | None,
    resume: Path | None,
    out: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tune what training depends on, by gradients through it.

    A model is trained on data; the loss on other data is differentiated through the whole training
    run, by learning rates, penalties, initial weights, the data themselves; these are improved, and
    so on. It leaves a folder with figures and all the numbers.
    """
    from sciopt.cli.signals import sigterm_as_ctrl_c
    from sciopt.hyperopt.problem import build_problem
    from sciopt.hyperopt.search import check_comparison
    from sciopt.progress import Progress
    from sciopt.runs import new_run, resume_run

    names = [name for name in (config_argument, config_name) if name is not None]
    flags = {
        "data.data_dir": data_dir,
        "hypergradient.method": method,
        "outer.iterations": iterations,
        "seed": seed,
    }
    config = _config(names, sets, flags, resume)
    searches = searches_named(compare, compare_seeds, compare_runs)
    problem = build_problem(config)
    _check(problem, resume)
    if searches:
        check_comparison(problem, searches)
    silent = quiet or as_json
    for notice in () if silent else problem.notices:
        click.echo(f"Note: {notice}", err=True)
    name = config.name or problem.data.name
    run_folder = resume_run(resume) if resume else new_run(out, "hyperopt", name, config)
    with run_folder as run, sigterm_as_ctrl_c():
        with Progress(config.outer.iterations, quiet=silent) as progress:
            if check_gradient:
                _check_gradient(problem, run, progress, silent)
            began = time.perf_counter()
            result = _solve(problem, run, progress)
            times = {"search": time.perf_counter() - began}
            if searches and result.status == "finished":
                began = time.perf_counter()
                _compare(problem, searches, compare_seeds or 3, compare_runs, result, run, progress)
                times["comparison"] = time.perf_counter() - began
        for notice in result.notices.tolist():
            if not silent and notice not in problem.notices:
                click.echo(f"Note: {notice}", err=True)
        _draw(run, quiet=silent)
    _print(run.folder, result, times, as_json=as_json, quiet=quiet)


def _config(
    names: list[str], sets: tuple[str, ...], flags: dict[str, Any], resume: Path | None
) -> HyperoptConfig:
    """The settings: of the config named, or of the run to be continued."""
    from sciopt.config import find_config, load_config
    from sciopt.hyperopt.config import HyperoptConfig

    if len(names) > 1:
        raise ConfigError("--config: CONFIG is given already; drop one of the two")
    if resume is None:
        path = find_config(names[0], "hyperopt") if names else None
        return load_config(HyperoptConfig, path=path, sets=sets, flags=flags)
    changed = bool(names or sets or any(value is not None for value in flags.values()))
    return load_config(HyperoptConfig, path=config_of_run(resume, source="CONFIG", changed=changed))


def _check(problem: Problem, resume: Path | None) -> None:
    """Refuse what cannot work before a folder is made."""
    from sciopt.hyperopt.hypergradient.methods import method_of
    from sciopt.hyperopt.outer import check_search

    check_search(problem)
    method_of(problem)
    name = problem.config.hypergradient.method
    if resume is not None and name in ("online", "implicit"):
        raise ConfigError(
            f"--resume: {name} carries on from one hypergradient to the next what is not saved;"
            " start the run anew"
        )


def _solve(problem: Problem, run: Run, progress: Progress) -> HyperoptResult:
    from sciopt.hyperopt.solve import solve
    from sciopt.runs import save_result

    def on_iterate(iterate: Any) -> None:
        run.record(iterate)
        progress(iterate)

    # What these carry from call to call is not in the journal.
    is_resumable = problem.config.hypergradient.method not in ("online", "implicit")
    progress.stage("first training run")
    try:
        with run.journal() if is_resumable else nullcontext() as journal:
            options = {} if journal is None else {"remember": journal}
            result = solve(problem, on_iterate, on_stage=progress.stage, **options)
    except DivergenceError as error:
        run.finish("diverged", str(error))
        raise
    save_result(run.folder, result)
    run.finish(result.status, result.message)
    return result


def _check_gradient(problem: Problem, run: Run, progress: Progress, quiet: bool) -> None:
    """Compare hypergradients, say what came out, and keep it."""
    import numpy as np

    from sciopt.hyperopt.hypergradient.check import check_gradient
    from sciopt.hyperopt.result import GradientCheck
    from sciopt.runs import GRADIENT_CHECK, save_result

    progress.stage("comparing hypergradients at the start")
    lines = check_gradient(problem, problem.space.start, problem.config.seed)
    columns = ("name", "value", "reference", "error", "tolerance", "verdict", "reason")
    arrays = [np.array([getattr(line, column) for line in lines]) for column in columns]
    names = [field.name for field in fields(GradientCheck)]
    save_result(run.folder, GradientCheck(**dict(zip(names, arrays))), GRADIENT_CHECK)
    if not quiet:
        width = max(len(line.name) for line in lines)
        for line in lines:
            error = "" if np.isnan(line.error) else f" relative error {line.error:.1e}"
            click.echo(f"{line.name:<{width}}  {line.verdict}{error}  ({line.reason})", err=True)


def _compare(
    problem: Problem,
    searches: list[str],
    seeds: int,
    runs: int | None,
    result: HyperoptResult,
    run: Run,
    progress: Progress,
) -> None:
    """Search without gradients too; Ctrl-C ends only that."""
    from sciopt.hyperopt.search import compare
    from sciopt.runs import COMPARISON, save_result

    try:
        curves = compare(
            problem, searches, seeds=seeds, cost=result.cost, runs=runs, on_stage=progress.stage
        )
    except KeyboardInterrupt:
        click.echo("the comparison was interrupted; the result is safe", err=True)
        return
    save_result(run.folder, curves, COMPARISON)


def _draw(run: Run, quiet: bool) -> None:
    from sciopt.plotting.hyperopt import draw

    if not quiet:
        click.echo("drawing the figures ...", err=True)
    try:
        draw(run.folder)
    except KeyboardInterrupt:
        click.echo(
            "drawing was interrupted; the result is safe, without all its pictures", err=True
        )
    except OSError as error:
        raise RunFolderError(
            f"the result is safe in {run.folder}, but its pictures could not be drawn: {error}"
        ) from error


def _print(
    folder: Path, result: HyperoptResult, times: dict[str, float], *, as_json: bool, quiet: bool
) -> None:
    from sciopt.cli.hyperopt_summary import facts, rows
    from sciopt.cli.summary import print_summary

    found = facts(folder, result, times)
    print_summary(folder, rows(folder, result, times), found, as_json=as_json, quiet=quiet)
