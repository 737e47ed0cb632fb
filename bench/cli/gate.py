"""Define ``bench gate``."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from bench.cli import options

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
    report = api.gate(run, path, update=update, allow_regression=allow_regression, **scoring)
    if report is not None:
        click.echo(api.render(report, format_), nl=False)
        if not all(bound.held for bound in report.data):
            raise SystemExit(1)
    if update:
        click.echo(f"{path}: pinned to what {run} reaches", err=True)
