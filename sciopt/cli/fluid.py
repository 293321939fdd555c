"""`sciopt fluid`: find what carries smoke into a picture."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sciopt.cli.options import config_of_run, number, output_options
from sciopt.errors import DivergenceError, RunFolderError

if TYPE_CHECKING:
    from sciopt.fluid.config import FluidConfig
    from sciopt.fluid.problem import FluidProblem, Stage
    from sciopt.fluid.result import FluidResult
    from sciopt.optimize import Iterate
    from sciopt.progress import Progress
    from sciopt.runs import Run

_EPILOG = """\b
Examples:
  sciopt fluid
  sciopt fluid --preset best --target portrait.jpg --invert
  sciopt fluid --target text:HELLO --size 64x160 --iterations 400
  sciopt fluid --config wing --watch
  sciopt fluid --config lecture --target skull.png --set smoke=init_smoke.png
  sciopt fluid --set scheme=exact --set controls.forces=true
  run=$(sciopt fluid --target heart --quiet)

\b
Ctrl-C ends the search and keeps the best flow so far; --resume continues it.
All settings, with meaning, bounds and defaults: sciopt config show fluid
"""


def _size(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Any:
    sides = re.fullmatch(r"\s*(-?\d{1,9})\s*[xX,]\s*(-?\d{1,9})\s*", text or "")
    return [int(side) for side in sides.groups()] if sides else number(ctx, parameter, text)


class _FluidCommand(click.Command):
    """Its help names the built-in targets, which are imported only to be listed there."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from sciopt.fluid.drawings import DRAWINGS

        formatter.write_paragraph()
        formatter.write_text(f"Built-in targets: {', '.join(DRAWINGS)}, or text:WORD.")
        super().format_epilog(ctx, formatter)


@click.command(cls=_FluidCommand, epilog=_EPILOG)
@click.option(
    "--target",
    type=click.Path(),
    metavar="PICTURE",
    help="Picture to form: an image file, a built-in name, or text:WORD.",
)
@click.option(
    "--preset", metavar="NAME", help="Settings to begin with: best, or another of `config list`."
)
@click.option(
    "--invert/--no-invert", default=None, help="Let the dark parts of the picture be smoke."
)
@click.option("--size", metavar="N|ROWSxCOLUMNS", callback=_size, help="Cells of the grid.")
@click.option("--steps", metavar="N", callback=number, help="Time steps of the simulation.")
@click.option(
    "--iterations", metavar="N", callback=number, help="Most iterations of the optimiser."
)
@click.option(
    "--optimizer", metavar="NAME", help="L-BFGS-B, CG, TNC, ..., by SciPy's names, or Adam."
)
@click.option("--memory", metavar="SIZE", help='For the states of a gradient, such as "500 MB".')
@click.option("--seed", metavar="N", callback=number, help="Seed of everything random.")
@click.option(
    "--watch/--no-watch", default=None, help="Show the search as it goes: a window, or live.png."
)
@click.option("--export", metavar="png|npz", help="Leave the frames for other programs, too.")
@click.option(
    "--config",
    "config_name",
    type=click.Path(),
    metavar="FILE",
    help="Settings in YAML: a file, or a name from `sciopt config list`.",
)
@click.option(
    "--set", "sets", metavar="KEY=VALUE", multiple=True, help="Any setting; may be repeated."
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Continue the interrupted run in this folder, with its settings.",
)
@output_options
def fluid(
    config_name: str | None,
    sets: tuple[str, ...],
    resume: Path | None,
    out: Path,
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Find the flow that carries smoke into a picture.

    Bands of smoke lie in a box of moving air. One push at the start, a velocity for each cell, is
    what may be chosen, or whatever else you allow: forces through time, the smoke itself, the
    shape of an obstacle. sciopt finds the choice after which the air itself draws the picture. It
    leaves a folder with an animation, figures and all the numbers.
    """
    from sciopt.cli.fluid_summary import facts, rows
    from sciopt.cli.signals import sigterm_as_ctrl_c
    from sciopt.cli.summary import print_summary
    from sciopt.fluid.problem import build_problem
    from sciopt.optimize import check_method
    from sciopt.progress import Progress
    from sciopt.runs import new_run, resume_run

    config = _config(config_name, sets, flags, resume)
    problem = build_problem(config)
    check_method(config.optimizer, config.optimizer_options, problem.last.controls.size)
    silent = quiet or as_json
    for notice in () if silent else problem.notices:
        click.echo(f"Note: {notice}", err=True)
    run_folder = resume_run(resume) if resume else new_run(out, "fluid", problem.name, config)
    with run_folder as run, sigterm_as_ctrl_c():
        began = time.perf_counter()
        with Progress(config.iterations, quiet=silent) as progress:
            result, failure = _solve(problem, run, progress, silent)
        seconds = time.perf_counter() - began
        _draw(run, config, quiet=silent)
    print_summary(
        run.folder, rows(run.folder, result, seconds), facts(run.folder, result, seconds),
        as_json=as_json, quiet=quiet,
    )  # fmt: skip
    if failure is not None:
        raise failure


def _config(
    name: str | None, sets: tuple[str, ...], flags: dict[str, Any], resume: Path | None
) -> FluidConfig:
    """The settings: of the config named, or of the run to be continued."""
    from sciopt.config import find_config, load_config
    from sciopt.fluid.config import FluidConfig

    if resume is None:
        path = None if name is None else find_config(name, "fluid")
        return load_config(FluidConfig, path=path, sets=sets, flags=flags)
    changed = bool(name or sets or any(value is not None for value in flags.values()))
    return load_config(FluidConfig, path=config_of_run(resume, source="--config", changed=changed))


def _solve(
    problem: FluidProblem, run: Run, progress: Progress, silent: bool
) -> tuple[FluidResult, DivergenceError | None]:
    """Search, and save the result, or what was found before it diverged."""
    from sciopt.cli.fluid_watch import open_live
    from sciopt.fluid.solve import solve
    from sciopt.runs import save_result

    live = open_live(run.folder, silent) if problem.config.watch else None

    def on_stage(stage: Stage) -> None:
        run.begin_level()
        progress.level(_told(problem, stage))
        if live is not None:
            live.stage = stage

    def on_trial(losses: Sequence[float]) -> None:
        progress.level(_trial_told(problem.config, losses))

    def on_iterate(iterate: Iterate) -> None:
        run.record(iterate)
        progress(iterate)
        if live is not None:
            live.show(iterate)

    failure = None
    try:
        with run.journal() as journal:
            result = solve(
                problem, on_iterate, on_stage=on_stage, on_trial=on_trial, remember=journal
            )
    except DivergenceError as error:
        if error.result is None:
            run.finish("diverged", str(error))
            raise
        result, failure = error.result, error
    save_result(run.folder, result)
    run.finish(result.status, result.message if failure is None else str(failure))
    return result, failure


def _told(problem: FluidProblem, stage: Stage) -> str:
    """What begins now, in a line."""
    if len(problem.levels) == 1:
        code = "kernels" if stage.backend == "numba" else "programs"
        return f"preparing the {code} (compiled in the first run only)"
    nx, ny = stage.level.shape
    number = problem.levels.index(stage.level) + 1
    blur = f", blurred by {stage.level.blur:g} cells" if stage.level.blur else ""
    joined = f", in pieces, gaps weigh {stage.level.gap:g}" if stage.joints else ""
    return f"level {number} of {len(problem.levels)}: {nx} x {ny} cells{blur}{joined}"


def _trial_told(config: FluidConfig, losses: Sequence[float]) -> str:
    """Which start is tried now, or goes on."""
    starts = config.restarts + 1
    if len(losses) < starts:
        return f"start {len(losses) + 1} of {starts}: noise of seed {config.seed + len(losses)}"
    best = losses.index(min(losses))
    return f"going on with start {best + 1} of {starts}, loss {losses[best]:.4g}"


def _draw(run: Run, config: FluidConfig, quiet: bool) -> None:
    from sciopt.plotting.fluid import draw

    if not quiet:
        click.echo("drawing the figures and the animation ...", err=True)
    try:
        draw(
            run.folder, fps=config.fps, show=config.show, overlay=config.overlay,
            export=config.export,
        )  # fmt: skip
    except OSError as error:
        raise RunFolderError(
            f"the result is safe in {run.folder}, but its pictures could not be drawn: {error}"
        ) from error
