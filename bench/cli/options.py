"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

dataset_option = click.option(
    "--dataset",
    "-d",
    default="starter",
    show_default=True,
    metavar="NAME|DIR",
    help="The starter corpus, or the folder of an imported dataset.",
)
split_option = click.option(
    "--split",
    metavar="SPLIT",
    help="Only the pages of this split, or 'all'.  [default: all; of the starter corpus 'test', "
    "since the shipped models are trained on the rest]",
)
seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of all that is random."
)
leak_safe_option = click.option(
    "--leak-safe",
    is_flag=True,
    help="Leave out pages that leak: another split has the page (or nearly), its URL or its site.",
)
jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Processes at work at once.",
)


def out_option(what: str, *, required: bool = True) -> Callable[[Command], Command]:
    """The option that says where output goes."""
    return click.option(
        "-o", "--out", type=click.Path(path_type=Path), required=required, help=what
    )
