"""Define ``bench train``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.options import leak_safe_option, out_option, seed_option
from bench.cli.progress import Progress

if TYPE_CHECKING:
    from baselines.training.cross_validation import Fold


@click.command()
@click.argument("model", type=click.Choice(["logreg", "logreg-text"]))
@click.option(
    "--dataset",
    "-d",
    "datasets",
    multiple=True,
    default=("starter",),
    show_default=True,
    metavar="NAME|DIR",
    help="Pages to train on; may be repeated. Pages of a split 'test' are never used.",
)
@click.option(
    "--weight",
    "weights",
    type=(str, click.FloatRange(min=0, min_open=True)),
    multiple=True,
    metavar="NAME FACTOR",
    help="Let a dataset count for more or less; may be repeated. Without it, each counts for the "
    "root of the number of its pages.",
)
@out_option("Folder for the model and its card.")
@click.option(
    "--out-of-fold",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="RUN",
    help="Also write the cross-validated decisions as a run file; needs a single dataset.",
)
@leak_safe_option
@seed_option
def train(
    model: str,
    datasets: tuple[str, ...],
    weights: tuple[tuple[str, float], ...],
    out: Path,
    **options: Any,
) -> None:
    """Cross-validate a line classifier by site, then fit it to all pages.

    Writes MODEL.json (the weights, readable) and MODEL.md (the model card). Pages whose site
    belongs to a test split elsewhere are cross-validated but not fitted to.
    """
    from bench.training import train_model

    with Progress() as progress:
        result = train_model(
            model, datasets, out, weights=dict(weights), progress=progress.update, **options
        )
    for fold in result.folds:
        click.echo(
            f"fold {fold.number}: {fold.pages:,} pages of {fold.sites:,} other sites, "
            f"character F1 {fold.char_f1:.3f}" + _by_source(fold)
        )
    for line in result.remarks:
        click.echo(line)
    click.echo(f"wrote {', '.join(map(str, result.written))}", err=True)


def _by_source(fold: "Fold") -> str:
    """Say what each dataset reaches, if there are several."""
    if len(fold.by_source) == 1:
        return ""
    return f" ({', '.join(f'{name} {value:.3f}' for name, value in fold.by_source)})"
