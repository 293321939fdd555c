"""`sciopt data`: the examples that come with sciopt, and those that it can fetch."""

from __future__ import annotations

import click


@click.group()
def data() -> None:
    """List the data that can be trained on, or fetch some."""


@data.command(name="list")
def list_() -> None:
    """List the built-in data, the generators, and where MNIST was found.

    \b
    Use one of them, or a file of yours:
      sciopt hyperopt --set data.source=iris
      sciopt hyperopt --set data.source=mine.csv --set data.target=price
    """
    from sciopt.hyperopt.data.builtin import DATA_SETS, GENERATORS
    from sciopt.hyperopt.data.mnist import find_mnist

    for name, summary in DATA_SETS.items():
        click.echo(f"{name:<16} {summary}")
    for name, (summary, _) in GENERATORS.items():
        click.echo(f"{name:<16} generator: {summary}")
    folder = find_mnist()
    place = f"in {folder}" if folder else "not here yet: sciopt data fetch mnist"
    click.echo(f"{'mnist':<16} 70000 images 28x28 of handwritten digits, 10 classes; {place}")


@data.command()
@click.argument("name", type=click.Choice(["mnist"]))
@click.option(
    "--data-dir",
    metavar="FOLDER",
    help="Where to put the files; $SCIOPT_DATA/mnist or the user's cache otherwise.",
)
def fetch(name: str, data_dir: str | None) -> None:
    """Download the data set NAME (11 MB), check it, and print the folder it is in.

    \b
    Examples:
      sciopt data fetch mnist
      sciopt data fetch mnist --data-dir data/mnist
    """
    from sciopt.hyperopt.data.fetch import fetch_mnist

    click.echo(fetch_mnist(data_dir, lambda line: click.echo(line, err=True)))
