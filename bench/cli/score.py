"""Define ``bench score``."""

from pathlib import Path
from typing import Any

import click

from bench.cli import options
from bench.report import FORMATS


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@options.metric_option
@options.by_option
@options.together_option
@options.scoring_options
@options.format_option(*FORMATS)
@options.seed_option
def score(
    runs: tuple[Path, ...], by: str | None, together: bool, format_: str, **scoring: Any
) -> None:
    """Score run files against the labels of their dataset.

    Pages with HTML and text-only pages have a table each, if the dataset has both. On text-only
    pages an extractor that needs HTML is not applicable. Runs of one extractor, of two of its
    versions, say, are called by their files' names.

    With --format json: an array of objects with the keys extractor, dataset, metric, group,
    value, low, high, rank, pages, failures and markup (html or text; null for both together).
    """
    from bench import api

    report = api.scores_report(api.score(runs, **scoring), by=by, together=together)
    click.echo(api.render(report, format_), nl=False)
