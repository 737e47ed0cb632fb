"""``bench list``."""

import click


@click.command("list")
@click.argument("what", type=click.Choice(["datasets", "extractors", "metrics", "labels"]))
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def listing(what: str, form: str) -> None:
    """List what there is to run, to score with, and to label with."""
    from bench.inventory import INVENTORIES, draw

    click.echo(draw(INVENTORIES[what](), form), nl=False)
