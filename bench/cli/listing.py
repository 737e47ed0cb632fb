"""Define ``bench list``."""

from pathlib import Path

import click

from bench.cli import options


@click.command("list")
@click.argument("what", type=click.Choice(["datasets", "extractors", "metrics", "labels"]))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Where imported datasets are looked for.",
)
@options.format_option("table", "json")
def listing(what: str, data: Path, format_: str) -> None:
    """List what there is to run, to score with, and to label with.

    Of a dataset that was imported, it shows lines and projection ceiling as well.
    """
    from bench.inventory import INVENTORIES, datasets, inventory_report
    from bench.report import render

    rows = datasets(data) if what == "datasets" else INVENTORIES[what]()
    click.echo(render(inventory_report(rows), format_), nl=False)
