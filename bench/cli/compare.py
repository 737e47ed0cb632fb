"""Define ``bench compare``."""

from pathlib import Path
from typing import Any

import click

from bench.cli import options
from bench.report import FORMATS


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="FIRST")
@click.argument(
    "others", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="OTHER..."
)
@options.metric_option
@options.by_option
@options.together_option
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also, for each metric, the N pages on which FIRST loses most against the best of the "
    "others.",
)
@options.scoring_options
@options.format_option(*FORMATS)
@options.seed_option
def compare(
    first: Path,
    others: tuple[Path, ...],
    by: str | None,
    together: bool,
    worst: int,
    format_: str,
    **scoring: Any,
) -> None:
    """Compare the run file FIRST with each of the others, page by page.

    For each metric: the difference of the means (FIRST minus OTHER) with its paired interval, and
    on how many pages FIRST is better, equal and worse. Groups in which it loses most come first.
    Pages with HTML and text-only pages are compared apart. Runs of one extractor, of two of its
    versions, say, are called by their files' names.

    With --format json: an object with the keys comparisons and worst, both arrays of objects. Those
    of comparisons have the keys first, other, dataset, metric, group, first_value, other_value,
    difference, low, high, verdict (on FIRST: better, worse or tie), pages, pages_better,
    pages_equal, pages_worse, first_failures, other_failures and markup (html or text; null for both
    together). Those of worst, one for each page and run, have the keys metric, id, page_type,
    group, loss, extractor, value, status and markup. With --format csv: the rows of worst if
    --worst is given, else those of comparisons.
    """
    from bench import api

    scores = api.score([first, *others], **scoring)
    report = api.comparison_report(scores, by=by, worst=worst, together=together)
    click.echo(api.render(report, format_), nl=False)
