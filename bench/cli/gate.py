"""``bench gate``."""

from pathlib import Path

import click
from click.core import ParameterSource

from bench.cli.options import (
    by_option,
    metric_option,
    scoring_options,
)

_SAID_BY_THE_FILE = ("metrics", "by", "profile", "split", "leak_safe")


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
@metric_option
@by_option
@scoring_options
@click.option(
    "--format", "form", type=click.Choice(["table", "md", "json"]), default="table",
    show_default=True,
)  # fmt: skip
@click.pass_context
def gate(
    context: click.Context,
    run: Path,
    path: Path,
    update: bool,
    allow_regression: bool,
    metrics: tuple[str, ...],
    by: str | None,
    profile: str,
    split: str | None,
    dataset: str | None,
    leak_safe: bool,
    form: str,
) -> None:
    """Hold the run file RUN against floors, for continuous integration.

    Exit status 1 if a value is below its floor, or more pages failed than may. What is measured,
    of which pages and under which profile, the file says; --metric, --by, --profile, --split and
    --leak-safe are for a new one.

    With --format json: an array of objects with the keys metric (or failures), group, floor, value
    and held.
    """
    from bench.metrics import select_metrics
    from bench.report.floors import render_bounds
    from bench.running import read_runs
    from bench.scoring.gate import bounds, pin, read_floors, write_floors
    from bench.scoring.score import check_choices, dataset_of, score
    from corpus import DataError

    if allow_regression and not update:
        raise click.UsageError("--allow-regression is for --update")
    floors = read_floors(path) if path.exists() else None
    if floors:
        for name in _SAID_BY_THE_FILE:
            if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
                raise click.UsageError(f"{path} says what is measured; remove it to measure else")
        selected, by, profile = floors.metrics(), floors.by, floors.profile
        split, leak_safe = floors.split, floors.leak_safe
    elif update:
        selected = list(select_metrics(metrics))
    else:
        raise DataError(f"{path}: no such file; pin the values of a run with --update")
    check_choices(by, profile)
    runs = read_runs((run,))
    opened = dataset_of(runs, dataset)
    scores = score(runs, opened, selected, profile=profile, split=split, leak_safe=leak_safe)
    now = pin(scores, opened, selected, by=by, profile=profile)
    if floors and not allow_regression:
        found = list(bounds(floors, now))
        click.echo(render_bounds(floors, found, form), nl=False)
        if not all(bound.held for bound in found):
            raise SystemExit(1)
    if update:
        write_floors(path, now)
        click.echo(f"{path}: pinned to what {run} reaches", err=True)
