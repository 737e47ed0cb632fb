"""``bench dataset``."""

from pathlib import Path

import click

from bench.cli.options import jobs_option, out_option
from bench.cli.progress import Progress


@click.group()
def dataset() -> None:
    """Import public datasets, and look at what is in one."""


@dataset.command("import")
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@out_option("Folder to write the dataset to.")
@jobs_option
def import_(name: str, path: Path, out: Path, jobs: int) -> None:
    """Import the public dataset NAME, laid out in PATH as its makers publish it.

    Gold text is projected onto the lines of each page. Records that cannot be read are
    reported, counted and left out.
    """
    from bench.score import projection_ceiling
    from labels.importers import import_dataset

    with Progress() as progress:
        made = import_dataset(
            name,
            path,
            out,
            jobs=jobs,
            progress=lambda n, total: progress.update(name, n, total),
            ceiling=projection_ceiling,
        )
    for place, reason in made.manifest.unreadable:
        click.echo(f"left out {place}: {reason}", err=True)
    click.echo(
        f"{out}: {made.manifest.pages:,} pages, {len(made.manifest.unreadable):,} left out, "
        f"fingerprint {made.manifest.fingerprint}"
    )


@dataset.command()
@click.argument("name", default="starter", metavar="NAME|DIR")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def info(name: str, form: str) -> None:
    """Print what is in a dataset.

    With --format json: an object with the keys name, pages, splits, lines, labels, languages,
    page_types, gold (pages of each kind: lines, text, snippets), sites, ceiling (the word F1 that
    the body lines alone reach against the gold text; null where there is none), unreadable (how
    many records were left out), licence, splitter and fingerprint.
    """
    import json

    from bench.info import dataset_info
    from bench.inventory import draw_info
    from labels import open_dataset

    opened = open_dataset(name)
    found = dataset_info(opened)
    if form == "json":
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        click.echo(draw_info(found), nl=False)
