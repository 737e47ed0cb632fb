"""``bench report``."""

from pathlib import Path

import click

from bench.cli.options import metric_option, out_option, scoring_options, seed_option


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@out_option("The report, an HTML file.")
@metric_option
@click.option(
    "--by",
    multiple=True,
    default=("page_type", "language"),
    show_default=True,
    metavar="ATTRIBUTE",
    help="Also for each group, if there are several; may be given again.",
)
@click.option(
    "--pages",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="For each run the N pages on which it loses most by the first metric, line by line.",
)
@scoring_options
@seed_option
def report(
    runs: tuple[Path, ...],
    out: Path,
    metrics: tuple[str, ...],
    by: tuple[str, ...],
    pages: int,
    profile: str,
    split: str | None,
    dataset: str | None,
    leak_safe: bool,
    seed: int,
) -> None:
    """Score run files, and write a report in one HTML file.

    Scores with intervals and ties, kinds of noise let through, groups of pages, failures, and the
    pages to look at, line by line. The file needs nothing else; it holds lines of those pages, so
    their licence goes for it, too.
    """
    from bench.metrics import select_metrics
    from bench.report import summary_of
    from bench.report.html import render_report
    from bench.running import read_runs
    from bench.scoring.score import check_choices, dataset_of, score
    from bench.scoring.worst_pages import page_views
    from corpus.files import write_atomically

    for attribute in (None, *by):
        check_choices(attribute, profile)
    selected = select_metrics(metrics)
    read = read_runs(runs)
    opened = dataset_of(read, dataset)
    leaks = [metric for metric in select_metrics(("leak",)) if metric not in selected]
    scores = score(
        read, opened, (*selected, *leaks), profile=profile, split=split, leak_safe=leak_safe
    )
    told = [attribute for attribute in by if scores.statuses[attribute].nunique(dropna=False) > 1]
    summaries = [
        summary_of(scores, (*selected, *leaks), seed=seed, profile=profile),
        *(summary_of(scores, selected, by=one, seed=seed, profile=profile) for one in told),
    ]
    views = page_views(scores, opened, selected[0], pages, profile)
    write_atomically(out, render_report(summaries, read, opened, views))
    click.echo(f"wrote {out}", err=True)
