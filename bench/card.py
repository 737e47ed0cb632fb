"""The card that goes with a trained model."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from baselines.classifier import LineClassifier, Weights
from baselines.train import CrossValidation
from labels import Dataset


def model_card(
    kind: str,
    model: LineClassifier,
    datasets: Sequence[Dataset],
    result: CrossValidation,
    rows: Sequence[Sequence[dict[str, Any]]],
    fitted: str,
    seed: int,
) -> str:
    """The card in Markdown: data, splits, scores with intervals, weights, limits, attribution.

    ``rows`` are the summaries of the out-of-fold runs, one list a dataset; ``fitted`` says how
    many pages the model was fitted to.
    """
    command = f"bench train {kind} " + " ".join(f"--dataset {d.name}" for d in datasets)
    data = [
        f"| {d.name} | {d.training_split or 'all'} | {d.manifest.fingerprint} | "
        f"{d.manifest.licence} | {d.manifest.description} |"
        for d in datasets
    ]
    folds = [f"| {f.number} | {f.pages:,} | {f.sites:,} | {f.char_f1:.3f} |" for f in result.folds]
    scores = [
        f"| {row['dataset']} | {row['metric']} | {interval(row)} | {row['pages']:,} |"
        for dataset_rows in rows
        for row in dataset_rows
    ]
    parts = [("text alone", model.text)]
    if model.html is not None:
        parts.insert(0, ("text and DOM", model.html))
    weights = [
        f"| {what} | {len(part.second.names)} | {part.threshold:.2f} | {_heaviest(part.second)} |"
        for what, part in parts
    ]
    return f"""# {kind}

Logistic regression over the lines of a page: the probability that a line is body. It has two
stages: the second sees what the first thinks of the lines around. Made by
`{command} --seed {seed}`, version {model.version} of the kit.

## Training data

| dataset | split | fingerprint | licence | what |
|---|---|---|---|---|
{_joined(data)}

{fitted.capitalize()}.

Optional and mixed lines take no part. The weights for text alone also saw portal pages made up from
these: one page's body, and lists of noise from others around it. The weights are a work derived
from these data; what is CC-BY must be attributed as above.

## Cross-validation by site, {len(result.folds)} folds, seed {seed}

| fold | pages | sites | character F1 |
|---|---|---|---|
{_joined(folds)}

Out of fold, intervals of 95 % by bootstrap over sites:

| dataset | metric | value | pages |
|---|---|---|---|
{_joined(scores)}

## Weights

`{kind}.json` holds them: one for each feature of each stage, standardised and clipped at ±4.

| features | number | threshold | heaviest weights of the second stage |
|---|---|---|---|
{_joined(weights)}

## Limits

What counts as body follows the training data: nearly all pages are English. Titles, bylines and
captions were optional in training, so that whether they are kept is left to chance. Pages whose
content is only in scripts have no lines to keep.
"""


def _joined(rows: Sequence[str]) -> str:
    return "\n".join(rows)


def _heaviest(part: Weights, count: int = 6) -> str:
    order = np.argsort(-np.abs(part.weight))[:count]
    return ", ".join(f"{part.names[row]} {part.weight[row]:+.2f}" for row in order)


def interval(row: dict[str, Any]) -> str:
    """The value of a row of a summary, with its interval if it has one."""
    if row["low"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
