"""`sciopt fluid`: find the initial velocity that carries smoke into a picture."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sciopt.cli.options import number, output_options
from sciopt.errors import DivergenceError, RunFolderError

if TYPE_CHECKING:
    from sciopt.fluid.config import FluidConfig
    from sciopt.fluid.problem import FluidProblem
    from sciopt.fluid.result import FluidResult
    from sciopt.progress import Progress
    from sciopt.runs import Run

_EPILOG = """\b
Examples:
  sciopt fluid
  sciopt fluid --target portrait.jpg --invert --size 128
  sciopt fluid --target text:HELLO --size 64x160 --iterations 400
  sciopt fluid --config lecture --target skull.png --set smoke=init_smoke.png
  run=$(sciopt fluid --target heart --quiet)

\b
Ctrl-C ends the search and keeps the best flow so far.
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
@click.option("--seed", metavar="N", callback=number, help="Seed of everything random.")
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
@output_options
def fluid(
    config_name: str | None,
    sets: tuple[str, ...],
    out: Path,
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Find the flow that carries smoke into a picture.

    Bands of smoke lie in a box of moving air. One push at the start, a velocity for each cell, is
    all that may be chosen; sciopt finds the push after which the air itself draws the picture.
    It leaves a folder with an animation, figures and all the numbers.
    """
    from sciopt.cli.signals import sigterm_as_ctrl_c
    from sciopt.cli.summary import fall, print_summary, status_of, time_taken
    from sciopt.config import find_config, load_config
    from sciopt.fluid.config import FluidConfig
    from sciopt.fluid.problem import build_problem
    from sciopt.optimize import check_method
    from sciopt.progress import Progress
    from sciopt.runs import ANIMATION, new_run

    path = None if config_name is None else find_config(config_name, "fluid")
    config = load_config(FluidConfig, path=path, sets=sets, flags=flags)
    problem = build_problem(config)
    check_method(config.optimizer, config.optimizer_options, problem.velocity.size)
    silent = quiet or as_json
    for notice in () if silent else problem.notices:
        click.echo(f"Note: {notice}", err=True)
    with new_run(out, "fluid", problem.name, config) as run, sigterm_as_ctrl_c():
        began = time.perf_counter()
        with Progress(config.iterations, quiet=silent) as progress:
            result, failure = _solve(problem, run, progress)
        seconds = time.perf_counter() - began
        _draw(run, config, quiet=silent)
    rows = [
        ("loss", fall(result.loss_initial, result.loss_final)),
        ("iterations", str(result.iterations)),
        ("evaluations", time_taken(result.evaluations, seconds)),
        ("status", status_of(result)),
        ("run folder", str(run.folder)),
    ]
    if (run.folder / ANIMATION).exists():
        rows.append(("animation", str(run.folder / ANIMATION)))
    facts = {
        "run_dir": str(run.folder),
        "loss_initial": result.loss_initial,
        "loss_final": result.loss_final,
        "evaluations": result.evaluations,
        "seconds": seconds,
        "message": result.message,
    }
    print_summary(run.folder, rows, facts, as_json=as_json, quiet=quiet)
    if failure is not None:
        raise failure


def _solve(
    problem: FluidProblem, run: Run, progress: Progress
) -> tuple[FluidResult, DivergenceError | None]:
    """Search, and save the result, or what was found before it diverged."""
    from sciopt.fluid.solve import solve
    from sciopt.runs import save_result

    def on_iterate(iterate: Any) -> None:
        run.record(iterate)
        progress(iterate)

    if problem.config.backend == "numba":
        progress.stage("preparing the kernels (compiled in the first run only)")
    failure = None
    try:
        result = solve(problem, on_iterate)
    except DivergenceError as error:
        if error.result is None:
            run.finish("diverged", str(error))
            raise
        result, failure = error.result, error
    save_result(run.folder, result)
    run.finish(result.status, result.message if failure is None else str(failure))
    return result, failure


def _draw(run: Run, config: FluidConfig, quiet: bool) -> None:
    from sciopt.plotting.fluid import draw

    if not quiet:
        click.echo("drawing the figures and the animation ...", err=True)
    try:
        draw(run.folder, fps=config.fps)
    except OSError as error:
        raise RunFolderError(
            f"the result is safe in {run.folder}, but its pictures could not be drawn: {error}"
        ) from error
