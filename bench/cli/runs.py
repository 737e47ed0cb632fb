"""Define ``bench run`` and ``bench runs``."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from bench.cli import options
from bench.cli.progress import Progress


@click.command()
@click.argument("extractors", nargs=-1, metavar="[EXTRACTOR]...")
@options.dataset_option
@options.split_option
@options.jobs_option
@options.timeout_option
@options.memory_option
@options.profile_option
@options.leak_safe_option
@options.seed_option
@click.option("--fresh", is_flag=True, help="Run pages again that an earlier run has done.")
@options.together_option
@click.option("--wide", is_flag=True, help="Also show versions, and scores in characters.")
@options.out_option("Folder of the run files.  [default: runs/DATASET]", required=False)
def run(
    extractors: tuple[str, ...],
    dataset: str,
    profile: str,
    leak_safe: bool,
    seed: int,
    together: bool,
    wide: bool,
    **running: Any,
) -> None:
    """Run extractors on a dataset and print how they score.

    Without EXTRACTOR, all that are installed; a model's file serves as one, called by its weights.
    What each keeps goes to a run file, EXTRACTOR.jsonl; an interrupted run goes on where it
    stopped. Under a profile, the kit's models keep what it counts as body, and all are scored by
    it. Pages with HTML and text-only pages have a table each, if the dataset has both; `bench
    score` shows more of what was run.
    """
    from bench import api
    from bench.running import first_failures
    from labels import open_dataset

    opened = open_dataset(dataset)
    scoring: dict[str, Any] = {"profile": profile, "leak_safe": leak_safe, "seed": seed}
    with Progress() as progress:
        paths = api.run(
            extractors,
            opened,
            progress=progress.update,
            remark=lambda text: click.echo(text, err=True),
            **scoring,
            **running,
        )
    metrics = ("line", "char", "leak") if wide else ("line", "leak")
    scores = api.score(paths, metrics=metrics, dataset=opened, **scoring)
    for failure in first_failures(scores.runs):
        click.echo(failure, err=True)
    report = api.scores_report(scores, together=together, wide=wide)
    click.echo(api.render(report, "table"), nl=False)


@click.group()
def runs() -> None:
    """Make run files of what other tools have stored."""


@runs.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@options.dataset_option
@options.split_option
@options.out_option("Folder of the run file.  [default: runs/DATASET]", required=False)
@click.option("--name", help="What the extractor is called.  [default: as the file says]")
@click.option("--version", help="The extractor's version.")
def import_(
    format_: str, path: Path, dataset: str, split: str | None, out: Path | None, **naming: Any
) -> None:
    """Turn stored predictions into a run file, NAME.jsonl.

    FORMAT is one of: scrapinghub, a JSON object of ID -> {articleBody}; wceb, JSON Lines of
    {page_id, plaintext, model}; files, a folder with ID.txt for each page; run, a run file of this
    kit. An ID is a page's id in the dataset. Pages without a prediction count as keeping nothing.
    """
    from bench.running import run_path, write_run
    from bench.running.predictions import import_run
    from labels import open_dataset

    opened = open_dataset(dataset)
    chosen = opened.choose_split(split)
    with Progress() as progress:
        update = partial(progress.update, "align")
        imported = import_run(format_, path, opened, split=chosen, progress=update, **naming)
    run = imported.run
    target = run_path(out or Path("runs") / opened.name, run.header.extractor)
    write_run(target, run)
    missing, foreign = imported.missing, imported.foreign
    for what, ids in (("without a prediction", missing), ("not in the dataset", foreign)):
        if ids:
            click.echo(f"{what}: {len(ids):,} pages, the first is {ids[0]}", err=True)
    empty = sum(row.status == "empty" for row in run.rows.values())
    click.echo(f"{target}: {len(run.rows):,} pages, {empty:,} empty, {len(missing):,} missing")
