"""``bench page``."""

import click

from bench.cli.options import dataset_option


@click.group()
def page() -> None:
    """Look at single pages."""


@page.command()
@click.argument("id_", metavar="ID")
@dataset_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "tsv"]),
    default="table",
    show_default=True,
    help="Numbered lines with their labels, or the rows of a label file.",
)
def show(id_: str, dataset: str, form: str) -> None:
    """Print what is known of the page ID, and its lines with their labels."""
    from labels import LABELS, open_dataset

    labelled = open_dataset(dataset).page(id_)
    about = labelled.page
    if form == "table":
        known = [about.language, about.markup, about.page_type, about.site, about.split]
        click.echo(f"{about.id}: {', '.join(value for value in known if value)}")
    for number, (code, text) in enumerate(
        zip(labelled.labels, labelled.texts, strict=True), start=1
    ):
        label = LABELS[code]
        click.echo(f"{number:5} {label:15} {text}" if form == "table" else f"{label}\t{text}")
