"""``bench run``."""

from pathlib import Path

import click

from bench.cli.options import (
    dataset_option,
    jobs_option,
    leak_safe_option,
    out_option,
    profile_option,
    seed_option,
    split_option,
)
from bench.cli.progress import Progress

_METRICS = ("line", "char", "leak")


@click.command()
@click.argument("extractors", nargs=-1, metavar="[EXTRACTOR]...")
@dataset_option
@split_option
@jobs_option
@click.option(
    "--timeout", type=float, default=30.0, show_default=True, help="Seconds a page may take."
)
@click.option("--memory", type=int, default=2048, show_default=True, help="MiB a page may take.")
@profile_option
@leak_safe_option
@seed_option
@click.option("--fresh", is_flag=True, help="Run pages again that an earlier run has done.")
@out_option("Folder of the run files.  [default: runs/DATASET]", required=False)
def run(
    extractors: tuple[str, ...],
    dataset: str,
    split: str | None,
    jobs: int,
    timeout: float,
    memory: int,
    profile: str,
    leak_safe: bool,
    seed: int,
    fresh: bool,
    out: Path | None,
) -> None:
    """Run extractors on a dataset and print how they score.

    Without EXTRACTOR, all that are installed. What each keeps goes to a run file, EXTRACTOR.jsonl;
    an interrupted run goes on where it stopped. Under a profile, the kit's models keep what it
    counts as body, and all are scored by it.
    """
    from bench.extractors.registry import find, installed, under
    from bench.metrics import select_metrics
    from bench.report import render, summary_of
    from bench.running import first_failures, read_run, runner
    from bench.scoring.score import check_choices, score
    from labels import open_dataset

    check_choices(None, profile)
    opened = open_dataset(dataset)
    chosen_split = opened.choose_split(split)
    chosen = [find(name) for name in dict.fromkeys(extractors)] or installed()
    folder = out or Path("runs") / opened.name
    what = chosen[0].name if len(chosen) == 1 else f"{len(chosen)} extractors"
    click.echo(
        f"{what} on {opened.name}, split {chosen_split or 'all'}; run files in {folder}", err=True
    )
    with Progress() as progress:
        paths = runner.run(
            opened,
            [under(extractor, profile) for extractor in chosen],
            folder,
            split=chosen_split,
            jobs=jobs,
            timeout=timeout,
            memory_mb=memory,
            leak_safe=leak_safe,
            seed=seed,
            fresh=fresh,
            progress=progress.update,
            remark=lambda text: click.echo(text, err=True),
        )
    metrics = select_metrics(_METRICS)
    runs = [read_run(path) for path in paths]
    for failure in first_failures(runs):
        click.echo(failure, err=True)
    scores = score(runs, opened, metrics, profile=profile, split=chosen_split, leak_safe=leak_safe)
    click.echo(render(summary_of(scores, metrics, seed=seed, profile=profile), "table"), nl=False)
