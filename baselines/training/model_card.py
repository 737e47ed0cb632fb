"""Write the card that goes with a trained model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from baselines.model import Model
from baselines.regression import Linear, Stages
from baselines.training.cross_validation import CrossValidation
from labels import Dataset

TEMPLATE = "model_card.md.jinja"
_HEAVIEST = 6


@dataclass(frozen=True, slots=True)
class CardSource:
    """A dataset that a model was trained on."""

    dataset: Dataset
    pages: int
    licence: str
    """Of its pages."""
    weight: float
    """What its pages count for, to 1 as a rule."""


def model_card(
    model: Model,
    sources: Sequence[CardSource],
    result: CrossValidation,
    scores: Sequence[tuple[str, str, str, int]],
    fitted: str,
    seed: int,
) -> str:
    """Write the card in Markdown: data, splits, scores, calibration, weights, limits, attribution.

    ``scores`` are dataset, metric, value and pages of the out-of-fold runs; ``fitted`` says how
    many pages the model was fitted to.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("baselines.training", "."),
        autoescape=False,  # noqa: S701 # Markdown of the user's own datasets
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"count": "{:,}".format, "heaviest": _heaviest}
    labelled = sum(score.lines for score in result.labels)
    correct = sum(score.recall * score.lines for score in result.labels)
    parts = [("text and DOM", model.html), ("text alone", model.text)]
    return environment.get_template(TEMPLATE).render(
        model=model,
        sources=sources,
        result=result,
        scores=scores,
        fitted=fitted,
        seed=seed,
        labelled=labelled,
        correct=correct / max(labelled, 1),
        parts=[(what, part) for what, part in parts if part is not None],
    )


def _heaviest(part: Stages, regression: Linear) -> str:
    weight, names = regression.weight, part.inputs.names + part.context.names
    order = np.argsort(-np.abs(weight), kind="stable")[:_HEAVIEST]
    return ", ".join(f"{names[row]} {weight[row]:+.2f}" for row in order)
