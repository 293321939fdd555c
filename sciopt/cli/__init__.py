"""The command `sciopt`: parse, call, print; every failure that a user can mend is one message.

A command's module is imported when the command runs, and imports what it needs when it works, so
that `sciopt --help` answers at once.
"""

from __future__ import annotations

import errno
from importlib import import_module
from typing import Any

import click

from sciopt.errors import ScioptError, did_you_mean

# Name to module, in which the command bears the name, and the help in the list of commands.
_COMMANDS = {
    "fluid": ("sciopt.cli.fluid", "Find the flow that carries smoke into a picture."),
    "hyperopt": ("sciopt.cli.hyperopt", "Tune what training depends on, by gradients through it."),
    "data": ("sciopt.cli.data", "List the data that can be trained on, or fetch some."),
    "demo": ("sciopt.cli.demo", "Run the ideas of the lecture, one by one."),
    "config": ("sciopt.cli.config", "Show settings with their meaning, bounds and defaults."),
    "cache": ("sciopt.cli.cache", "Show or clear the compiled programs kept on disk."),
}
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class _Commands(click.Group):
    """The commands of the table above, imported on demand; the edge where errors become text."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], _COMMANDS) or f"; commands: {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ScioptError as error:
            message, exit_code = str(error), error.exit_code
        except MemoryError:
            message = "not enough memory; lower size or steps, or set dtype to float32"
            exit_code = 1
        except OSError as error:
            if error.errno not in _DISK_FULL:  # a defect, or a closed pipe, which click knows
                raise
            message, exit_code = f"cannot write {error.filename or 'a file'}: {error.strerror}", 2
        click.echo(f"Error: {message}", err=True)
        raise click.exceptions.Exit(exit_code)


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import sciopt

        click.echo(f"sciopt {sciopt.__version__}")
        ctx.exit()


_EPILOG = """\b
Examples:
  sciopt fluid --target smile       a first picture, in seconds
  sciopt fluid --target photo.jpg   a picture of yours
  sciopt fluid --help               what else can be chosen
  sciopt hyperopt digits            a training run, tuned in seconds
  sciopt demo list                  automatic differentiation, idea by idea
  sciopt config show fluid          every setting, explained

\b
Completion of commands and options, for the shell you are in:
  eval "$(_SCIOPT_COMPLETE=bash_source sciopt)"      in bash
  eval "$(_SCIOPT_COMPLETE=zsh_source sciopt)"       in zsh
  _SCIOPT_COMPLETE=fish_source sciopt | source       in fish
To keep it, put the line into ~/.bashrc, ~/.zshrc or fish's config.fish.
"""


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Say what should come out; sciopt finds what to put in.

    It simulates, differentiates the simulation, improves the input, and repeats, until smoke forms
    your picture or a model trains as well as it can. Results go into a folder of their own under
    runs/.
    """
