"""Build the models that come with the kit, byte for byte: ``python -m bench.cli.shipped DATA``."""

from collections.abc import Sequence
from pathlib import Path

import click

from baselines.model import MODELS
from baselines.training.fit import MODEL_VIEWS
from corpus import DataError
from labels import open_dataset

SOURCES = {"starter": 3.0, "wcxb": 1.5, "dragnet": 1.0, "magic-html": 1.0, "postlight": 1.0}
"""What shipped weights are fitted to, and what each counts for. The few starter pages show scripts,
markup and lists that the others lack, and are labelled line by line; WCXB alone has pages of shops,
services and listings."""
NOT_FITTED = {
    "magichtml": "holds pages that are kept for evaluation, beside those of magic-html",
    "webmainbench": "is for evaluation only",
    "l3s": "is for research only",
    "cleaneval": "has no clear licence",
    "cleanportaleval": "has no clear licence",
    "daniel": "is for evaluation only",
    "zh-news": "states no licence",
    "scrapinghub": "is for evaluation only",
    "trafilatura": "is for evaluation only",
}
"""What must not be fitted to, and why not."""


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--without", multiple=True, metavar="NAME", help="Leave out this source.")
@click.option("--with", "more", multiple=True, metavar="NAME", help="Fit to this one, too.")
@click.option("--model", "kinds", multiple=True, default=tuple(MODEL_VIEWS), show_default=True)
@click.option("--out", "-o", type=click.Path(path_type=Path), default=MODELS, show_default=True)
def main(
    data: Path, without: tuple[str, ...], more: tuple[str, ...], kinds: tuple[str, ...], out: Path
) -> None:
    """Train the shipped models on the datasets in a folder, each in one of its name."""
    from bench.cli.progress import Progress
    from bench.training import train_model

    try:
        names = sources(without, more)
        weights = {name: SOURCES[name] for name in names if SOURCES[name] != 1}
        paths = [path_of(name, data) for name in names]
        for kind in kinds:
            with Progress() as progress:
                result = train_model(kind, paths, out, weights=weights, progress=progress.update)
            click.echo("\n".join([*result.remarks, f"wrote {', '.join(map(str, result.written))}"]))
    except DataError as error:
        raise click.ClickException(str(error)) from None


def sources(without: Sequence[str] = (), more: Sequence[str] = ()) -> list[str]:
    """List the sources to fit to.

    Raises:
        DataError: if one is unknown, or must not be fitted to.
    """
    for name in more:
        if reason := NOT_FITTED.get(name):
            raise DataError(
                f"{name} {reason}: no shipped weights may be fitted to it; leave it out"
            )
        raise DataError(f"{name} is not among the sources of shipped weights; add it to SOURCES")
    if unknown := sorted(set(without).difference(SOURCES)):
        raise DataError(f"{unknown[0]} is none of the sources, {', '.join(SOURCES)}")
    return [name for name in SOURCES if name not in without]


def path_of(name: str, data: Path) -> str:
    """Find a source in a folder of datasets.

    Raises:
        DataError: if it is not there, or is another dataset.
    """
    path = name if name == "starter" else str(data / name)
    found = open_dataset(path).name
    if found != name:
        raise DataError(f"{path}: the dataset is {found}, not {name}; import {name} there")
    return path


if __name__ == "__main__":
    main()
