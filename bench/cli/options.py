"""Define options that several commands share."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _folders(_ctx: click.Context, _option: click.Parameter, folder: Path | None) -> Any:
    from labels.folder import STARTER_FOLDERS, Folders

    return STARTER_FOLDERS if folder is None else Folders.under(folder)


def _known_attribute(_ctx: click.Context, _option: click.Parameter, by: Any) -> Any:
    from bench.scoring.summary import check_attribute

    for attribute in (by,) if isinstance(by, str) else by or ():
        check_attribute(attribute)
    return by


corpus_option = click.option(
    "--corpus",
    "folders",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    callback=_folders,
    help="Folder of a corpus of one's own, with pages/ and gold/.  [default: the starter corpus]",
)
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
    "because the shipped models are trained on the rest]",
)
seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of all that is random."
)
leak_safe_option = click.option(
    "--leak-safe",
    is_flag=True,
    help="Leave out pages that leak: another split has the page (or nearly), its URL or its site.",
)
metric_option = click.option(
    "--metric",
    "-m",
    "metrics",
    multiple=True,
    default=("line_f1", "char_f1", "word_f1"),
    show_default=True,
    help="A metric or a family of them (line, char, leak); see 'bench list metrics'.",
)
_by = partial(click.option, "--by", metavar="ATTRIBUTE", callback=_known_attribute)
by_option = _by(help="Also for each group: page_type, language, site ...")
groups_option = _by(
    multiple=True,
    default=("page_type", "language"),
    show_default=True,
    help="Also for each group, if there are several; may be repeated.",
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds a page may take.",
)
memory_option = click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(min=1),
    default=2048,
    show_default=True,
    help="MiB a page may take.",
)
profile_option = click.option(
    "--profile", default="default", show_default=True, help="Which labels must be kept."
)
together_option = click.option(
    "--together",
    is_flag=True,
    help="Take pages with HTML and text-only pages together: extractors that need HTML keep "
    "nothing of the others.",
)
jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Processes at work at once.",
)


def command_with(title: str, kinds: Callable[[], Any]) -> type[click.Command]:
    """Make a command whose help ends with the kinds of its findings and their meanings."""

    class CommandWithKinds(click.Command):
        def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            super().format_epilog(ctx, formatter)
            with formatter.section(title):
                formatter.write_dl([(str(kind), kind.meaning) for kind in kinds()])

    return CommandWithKinds


def format_option(*formats: str, help_: str | None = None) -> Callable[[Command], Command]:
    """Make the option that chooses an output format, the first by default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help=help_,
    )


def scoring_options(command: Command) -> Command:
    """Add the options that say how runs are scored, and on which pages, to a command."""
    for option in (
        leak_safe_option,
        click.option("--dataset", "-d", metavar="NAME|DIR", help="Where the runs' dataset is now."),
        click.option("--split", metavar="SPLIT", help="Only the pages of this split."),
        profile_option,
    ):
        command = option(command)
    return command


def out_option(what: str, *, required: bool = True) -> Callable[[Command], Command]:
    """Make the option that says where output goes."""
    return click.option(
        "-o", "--out", type=click.Path(path_type=Path), required=required, help=what
    )


def runs_option(what: str) -> Callable[[Command], Command]:
    """Make the option that names run files."""
    return click.option(
        "--run", "runs", multiple=True, type=click.Path(path_type=Path), metavar="RUN", help=what
    )
