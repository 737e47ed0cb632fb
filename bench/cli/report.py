"""Define ``bench report``."""

from pathlib import Path
from typing import Any

import click

from bench.cli import options


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@options.out_option("The report, an HTML file.")
@options.metric_option
@options.groups_option
@options.together_option
@click.option(
    "--pages",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="For each run the N pages on which it loses most by the first metric, line by line.",
)
@options.scoring_options
@options.seed_option
def report(
    runs: tuple[Path, ...],
    out: Path,
    metrics: tuple[str, ...],
    by: tuple[str, ...],
    together: bool,
    pages: int,
    **scoring: Any,
) -> None:
    """Score run files, and write a report in one HTML file.

    Scores with intervals and ties, kinds of noise let through, groups of pages, failures, and the
    pages to look at, line by line. The file needs nothing else; it holds lines of those pages, so
    their licence goes for it, too.
    """
    from bench import api
    from bench.metrics import select_metrics
    from corpus.files import write_atomically

    selected = select_metrics(metrics)
    scores = api.score(runs, metrics=(*metrics, "leak"), **scoring)
    html = api.html_report(scores, selected, by=by, pages=pages, together=together)
    write_atomically(out, html)
    click.echo(f"wrote {out}", err=True)
