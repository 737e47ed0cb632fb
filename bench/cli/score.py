"""``bench score``."""

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
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@metric_option
@by_option
@scoring_options
@format_option
@seed_option
def score(
    runs: tuple[Path, ...],
    metrics: tuple[str, ...],
    by: str | None,
    profile: str,
    split: str | None,
    dataset: str | None,
    form: str,
    leak_safe: bool,
    seed: int,
) -> None:
    """Score run files against the labels of their dataset.

    Runs of one extractor, of two of its versions, say, are told apart by their files' names.

    With --format json: an array of objects with the keys extractor, dataset, metric, group,
    value, low, high, rank, pages and failures.
    """
    from bench.metrics import select_metrics
    from bench.report import render, summary_of
    from bench.running import read_runs
    from bench.scoring.score import check_choices, dataset_of
    from bench.scoring.score import score as score_runs

    check_choices(by, profile)
    selected = select_metrics(metrics)
    read = read_runs(runs)
    opened = dataset_of(read, dataset)
    scores = score_runs(read, opened, selected, profile=profile, split=split, leak_safe=leak_safe)
    click.echo(
        render(summary_of(scores, selected, by=by, seed=seed, profile=profile), form), nl=False
    )
