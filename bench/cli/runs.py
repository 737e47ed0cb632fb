"""Define ``bench runs``."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from bench.cli import options
from bench.cli.progress import Progress


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
