"""Define ``bench dataset``."""

from pathlib import Path
from typing import Any

import click

from bench.cli import options
from bench.cli.progress import Progress

_MOST_REMARKS = 10
_MOST_EXAMPLES = 3


@click.group()
def dataset() -> None:
    """Fetch and import datasets, and look at what is in one."""


@dataset.command("import")
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@options.out_option("Folder to write the dataset to.")
@options.jobs_option
def import_(name: str, path: Path, out: Path, jobs: int) -> None:
    """Import the public dataset NAME, laid out in PATH as its makers publish it.

    Where NAME is pages, PATH holds pages of your own: a folder with html/ID.html or text/ID.txt,
    gold/ID.txt or labels/ID.tsv, and metadata.jsonl; or a JSON Lines, Parquet or Arrow file with
    the columns html and text. See docs/datasets.md.

    Gold text is projected onto the lines of each page. Records that cannot be read are
    reported, counted and left out.
    """
    from bench.scoring.cases import projection_ceiling
    from labels.datasets.importing import import_dataset

    with Progress() as progress:
        manifest = import_dataset(
            name,
            path,
            out,
            jobs=jobs,
            progress=lambda n, total: progress.update(name, n, total),
            ceiling=projection_ceiling,
        ).manifest
    for place, reason in manifest.unreadable:
        click.echo(f"left out {place}: {reason}", err=True)
    for remark, times in list(manifest.remarks.items())[:_MOST_REMARKS]:
        click.echo(f"{remark}: {times:,}", err=True)
    if (more := len(manifest.remarks) - _MOST_REMARKS) > 0:
        click.echo(f"{more:,} more remarks are in {out / 'dataset.json'}", err=True)
    click.echo(
        f"{out}: {manifest.pages:,} pages, {len(manifest.unreadable):,} left out, "
        f"fingerprint {manifest.fingerprint}"
    )


@dataset.command()
@click.argument("name")
@options.out_option("Folder to put the files in, laid out as 'bench dataset import' reads it.")
@click.option(
    "--accept-licence",
    is_flag=True,
    help="Accept a licence that allows research alone, or is not clear; it is shown without this.",
)
def fetch(name: str, out: Path, accept_licence: bool) -> None:
    """Download the public dataset NAME from where its makers publish it.

    Its revision is pinned. Its content is compared with a digest that was computed from it, or,
    where there is none, with what came first, which is recorded. The same command resumes a
    download that was cut off. Prints the command that imports the dataset.
    """
    from labels.datasets.fetch import fetch as fetch_dataset

    with Progress() as progress:
        fetched = fetch_dataset(name, out, accept_licence=accept_licence, progress=progress.update)
    publication = fetched.publication
    click.echo(f"licence {publication.licence}: {publication.terms}", err=True)
    if publication.is_trusted_on_first_use:
        part = "a part of it" if publication.content else "it"
        click.echo(
            f"no digest of {part} was computed before: what came first is trusted; recorded sha256 "
            f"{fetched.content} of the content, a later fetch into this folder is compared with it",
            err=True,
        )
    click.echo(
        f"{out}: {fetched.files:,} files, content sha256 {fetched.content}"
        + ("" if fetched.is_new else "; all in place already, nothing was downloaded")
    )
    click.echo(f"next: {fetched.next_command}")


@dataset.command()
@click.argument("name", default="starter", metavar="NAME|DIR")
@options.format_option("table", "json")
def info(name: str, format_: str) -> None:
    """Print what is in a dataset.

    With --format json: an object with the keys name, pages, splits, lines, labels, languages,
    page_types, gold (pages of each kind: lines, text, snippets), sites, ceiling (the word F1 that
    the body lines alone reach against the gold text; null where there is none), unreadable (how
    many records were left out), licence, splitter and fingerprint.
    """
    from bench.inventory import dataset_report
    from bench.report import render
    from labels import open_dataset

    click.echo(render(dataset_report(open_dataset(name)), format_), nl=False)


@dataset.command()
@click.argument("name", metavar="NAME|TABLE")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--predictions",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder of the stored predictions.  [default: PATH]",
)
@options.format_option("table", "md", "json")
@options.jobs_option
def conformance(name: str, path: Path, predictions: Path | None, format_: str, jobs: int) -> None:
    """Compare published figures with those obtained from the same predictions.

    NAME is a table of published figures that comes with the kit, scrapinghub or wcxb; TABLE is the
    path of another one, a TOML file like those. PATH is the dataset as its makers lay it out, or
    the folder of an imported one. Exit status 1 if a figure differs.

    With --format json: an array of objects with the keys system, version, metric, expected,
    obtained (null where the predictions are not there) and agrees.
    """
    from bench.conformance import conformance as compare
    from bench.conformance import read_table
    from bench.report import render
    from bench.report.figures import figures_report

    table = read_table(name)
    with Progress() as progress:
        figures = compare(table, path, predictions=predictions, jobs=jobs, progress=progress.update)
    click.echo(render(figures_report(table, figures), format_), nl=False)
    if not all(figure.agrees for figure in figures):
        raise SystemExit(1)


def _kinds() -> Any:
    from labels.datasets.checks import DatasetFindingKind

    return DatasetFindingKind


def _known_kinds(_ctx: click.Context, _option: click.Parameter, names: Any) -> Any:
    if unknown := [name for name in names if name not in list(_kinds())]:
        raise click.BadParameter(f"no kind {unknown[0]!r}; there are {', '.join(_kinds())}")
    return names


@dataset.command(cls=options.command_with("Kinds", _kinds))
@click.argument("names", nargs=-1, required=True, metavar="NAME|DIR...")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    callback=_known_kinds,
    help="Only findings of this kind, and all of them; may be repeated.",
)
@options.format_option("table", "json")
def check(names: tuple[str, ...], kinds: tuple[str, ...], format_: str) -> None:
    """Find what is wrong with datasets, by kind.

    Prints how many findings of each kind there are and the first of each. Of several datasets,
    pages are named DATASET:ID, and what two of them share is a leak, too. Exit status 1 if anything
    was found.

    With --format json: an array of objects, one for each finding, with the keys kind, pages (ids),
    detail (a sentence), about (the snippet, word, line, address or site in question), share
    (of the words that are missing, or of what two pages have in common) and count (of places or
    lines); null where a kind has no such thing.
    """
    from bench.report import render
    from bench.report.findings import findings_report
    from labels import open_dataset
    from labels.datasets.checks import check_datasets

    opened = [open_dataset(name) for name in dict.fromkeys(names)]
    with Progress() as progress:
        found = check_datasets(opened, progress=progress.update)
    chosen = [kind for kind in _kinds() if not kinds or kind in kinds]
    found = [finding for finding in found if finding.kind in chosen]
    examples = None if kinds else _MOST_EXAMPLES
    report = findings_report(found, datasets=opened, kinds=chosen, examples=examples)
    click.echo(render(report, format_), nl=False)
    if found:
        raise SystemExit(1)
