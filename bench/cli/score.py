"""``bench score``."""

from pathlib import Path

import click

from bench.cli.options import leak_safe_option, seed_option

_DEFAULT = ("line_f1", "char_f1", "word_f1")


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "--metric",
    "-m",
    "metrics",
    multiple=True,
    default=_DEFAULT,
    show_default=True,
    help="A metric or a family of them (line, char, leak); see 'bench list metrics'.",
)
@click.option(
    "--by", metavar="ATTRIBUTE", help="Also for each group: page_type, language, site ..."
)
@click.option("--profile", default="default", show_default=True, help="Which labels must be kept.")
@click.option("--split", metavar="SPLIT", help="Only the pages of this split.")
@click.option("--dataset", "-d", metavar="NAME|DIR", help="Where the runs' dataset is now.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "md", "csv", "json"]),
    default="table",
    show_default=True,
)
@leak_safe_option
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

    With --format json: an array of objects with the keys extractor, dataset, metric, group,
    value, low, high, rank, pages and failures.
    """
    from bench.metrics import select_metrics
    from bench.report import render, summary_of
    from bench.runs import read_run
    from bench.score import check_choices, dataset_of
    from bench.score import score as score_runs

    check_choices(by, profile)
    selected = select_metrics(metrics)
    read = [read_run(path) for path in runs]
    opened = dataset_of(read, dataset)
    scores = score_runs(read, opened, selected, profile=profile, split=split, leak_safe=leak_safe)
    click.echo(
        render(summary_of(scores, selected, by=by, seed=seed, profile=profile), form), nl=False
    )
