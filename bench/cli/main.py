"""Offer all commands. They parse, call the library and print; heavy imports happen inside.

Data goes to standard output, progress and remarks to standard error. A user's mistake is one
sentence and exit status 1, wrong usage is exit status 2.
"""

from typing import Any

import click

from bench.cli.dataset import dataset
from bench.cli.extract import explain, extract
from bench.cli.label import label
from bench.cli.listing import listing
from bench.cli.page import page
from bench.cli.runs import run, runs
from bench.cli.scores import compare, gate, report, score
from bench.cli.train import train
from corpus.errors import DataError
from corpus.wording import printable


class _Commands(click.Group):
    """Report a user's mistake in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DataError as error:
            raise click.ClickException(printable(str(error))) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(printable(f"{place}{error.strerror or error}")) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boilerbench", prog_name="bench")
def main() -> None:
    """Measure line by line how well extractors separate content from boilerplate.

    `bench run` scores every installed extractor on the starter corpus.
    """


for command in (
    run, score, compare, report, gate, extract, explain, train, listing, dataset, page, label, runs,
):  # fmt: skip
    main.add_command(command)
