"""``bench compare``."""

from pathlib import Path

import click

from bench.cli.options import (
    by_option,
    format_option,
    metric_option,
    scoring_options,
    seed_option,
)


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="FIRST")
@click.argument(
    "others", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="OTHER..."
)
@metric_option
@by_option
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also, for each metric, the N pages on which FIRST loses most against the best of the "
    "others.",
)
@scoring_options
@format_option
@seed_option
def compare(
    first: Path,
    others: tuple[Path, ...],
    metrics: tuple[str, ...],
    by: str | None,
    worst: int,
    profile: str,
    split: str | None,
    dataset: str | None,
    form: str,
    leak_safe: bool,
    seed: int,
) -> None:
    """Compare the run file FIRST with each of the others, page by page.

    Runs of one extractor, of two of its versions, say, are told apart by their files' names.

    For each metric: the difference of the means (FIRST minus OTHER) with its paired interval, and
    on how many pages FIRST is better, equal and worse. Groups in which it loses most come first.

    With --format json: an object with the keys comparisons and worst, both arrays of objects. Those
    of comparisons have the keys first, other, dataset, metric, group, first_value, other_value,
    difference, low, high, verdict (on FIRST: better, worse or tie), pages, pages_better,
    pages_equal, pages_worse, first_failures and other_failures. Those of worst, one for each page
    and run, have the keys metric, id, page_type, group, loss, extractor, value and status. With
    --format csv: the rows of worst if --worst is given, else those of comparisons.
    """
    from bench.metrics import select_metrics
    from bench.report.comparison import comparison_of, render_comparison
    from bench.running import read_runs
    from bench.scoring.score import check_choices, dataset_of, score

    check_choices(by, profile)
    selected = select_metrics(metrics)
    runs = read_runs((first, *others))
    opened = dataset_of(runs, dataset)
    scores = score(runs, opened, selected, profile=profile, split=split, leak_safe=leak_safe)
    comparison = comparison_of(scores, selected, by=by, worst=worst, seed=seed, profile=profile)
    click.echo(render_comparison(comparison, form), nl=False)
