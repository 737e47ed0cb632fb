"""``bench label``."""

import click


@click.group()
def label() -> None:
    """Guard the labels of the starter corpus."""


@label.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
def check(ids: tuple[str, ...]) -> None:
    """Check that label files match their pages, all or those of the pages ID.

    Prints a line for each problem, with file and row; exit status 1 if there is one.
    """
    from labels.check import check_labels

    result = check_labels(ids)
    for problem in result.problems:
        click.echo(problem)
    click.echo(
        f"{result.pages} pages, {result.lines:,} lines, {len(result.problems)} problems", err=True
    )
    if result.problems:
        raise SystemExit(1)
