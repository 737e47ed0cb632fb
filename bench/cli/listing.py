"""``bench list``."""

from pathlib import Path

import click


@click.command("list")
@click.argument("what", type=click.Choice(["datasets", "extractors", "metrics", "labels"]))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Where imported datasets are looked for.",
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def listing(what: str, data: Path, form: str) -> None:
    """List what there is to run, to score with, and to label with.

    Of the datasets that were imported, lines and projection ceiling are told as well.
    """
    from bench.inventory import INVENTORIES, datasets, draw

    rows = datasets(data) if what == "datasets" else INVENTORIES[what]()
    click.echo(draw(rows, form), nl=False)
