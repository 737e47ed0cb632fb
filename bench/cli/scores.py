"""Define what is done with run files: ``bench score``, ``compare``, ``report`` and ``gate``."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from bench.cli import options
from bench.report import FORMATS

_SAID_BY_THE_FILE = ("metrics", "by", "profile", "split", "leak_safe")

_runs_argument = click.argument(
    "runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN..."
)


@click.command()
@_runs_argument
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

    found = api.scores_report(api.score(runs, **scoring), by=by, together=together)
    click.echo(api.render(found, format_), nl=False)


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
    found = api.comparison_report(scores, by=by, worst=worst, together=together)
    click.echo(api.render(found, format_), nl=False)


@click.command()
@_runs_argument
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


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--floors",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="The floors, a JSON file to be kept with the extractor's code.",
)
@click.option(
    "--update", is_flag=True, help="Raise the floors to the run's values; make a new file."
)
@click.option("--allow-regression", is_flag=True, help="With --update: also lower floors.")
@options.metric_option
@options.by_option
@options.scoring_options
@options.format_option("table", "md", "json")
@click.pass_context
def gate(
    context: click.Context,
    /,
    run: Path,
    path: Path,
    update: bool,
    allow_regression: bool,
    format_: str,
    **scoring: Any,
) -> None:
    """Hold the run file RUN against floors, for continuous integration.

    Exit status 1 if a value is below its floor, or more pages failed than may. Values are those of
    all pages together, where an extractor that needs HTML keeps nothing of a text-only page. What
    is measured, of which pages and under which profile, the file says; --metric, --by, --profile,
    --split and --leak-safe are for a new one.

    With --format json: an array of objects with the keys metric (or failures), group, floor, value
    and held.
    """
    from bench import api

    if allow_regression and not update:
        raise click.UsageError("--allow-regression is for --update")
    sources = map(context.get_parameter_source, _SAID_BY_THE_FILE)
    if path.exists() and any(source is not ParameterSource.DEFAULT for source in sources):
        raise click.UsageError(f"{path} says what is measured; remove it to measure else")
    found = api.gate(run, path, update=update, allow_regression=allow_regression, **scoring)
    if found is not None:
        click.echo(api.render(found, format_), nl=False)
        if not all(bound.held for bound in found.data):
            raise SystemExit(1)
    if update:
        click.echo(f"{path}: pinned to what {run} reaches", err=True)
