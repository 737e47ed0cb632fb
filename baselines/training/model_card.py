"""The card that goes with a trained model."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from baselines.model import Model
from baselines.regression import Stages
from baselines.training.calibration import Calibration
from baselines.training.cross_validation import CrossValidation, LabelScore
from labels import Dataset


def model_card(
    model: Model,
    datasets: Sequence[Dataset],
    result: CrossValidation,
    rows: Sequence[Sequence[dict[str, Any]]],
    fitted: str,
    seed: int,
) -> str:
    """The card in Markdown: data, splits, scores, calibration, weights, limits, attribution.

    ``rows`` are the summaries of the out-of-fold runs, one list a dataset; ``fitted`` says how
    many pages the model was fitted to.
    """
    command = f"bench train {model.name} " + " ".join(f"--dataset {d.name}" for d in datasets)
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
    features = [
        f"| {what} | {len(part.inputs.names)} | {len(part.context.names)} | "
        f"{part.shares.articles:.2f} | {part.shares.others:.2f} |"
        for what, part in parts
    ]
    heaviest = [
        f"| {what} | {kind} | {_heaviest(part, of_articles=kind == 'articles')} |"
        for what, part in parts
        for kind in ("articles", "others")
    ]
    return f"""# {model.name}

Logistic regression over the lines of a page: the probability that a line is body. It has two
stages: the second sees what the first thinks of the lines around. Each comes twice, for pages of
articles and for others, and is mixed by what a page seems to be. Made by
`{command} --seed {seed}`, version {model.version} of the kit.

## Training data

| dataset | split | fingerprint | licence | what |
|---|---|---|---|---|
{_joined(data)}

{fitted.capitalize()}.

Mixed lines take no part; titles outside the body, bylines and captions are noise. The weights for
text alone also saw portal pages made up from these, one page's body and lists of noise from others
around it, and each page again, at a tenth of its weight, with most of its noise cleared away; those
for HTML saw each page again, at half weight, in the markup of twenty years ago.
The weights are a work derived from these data; what is CC-BY must be attributed as above.

## Cross-validation by site, {len(result.folds)} folds, seed {seed}

| fold | pages | sites | character F1 |
|---|---|---|---|
{_joined(folds)}

Out of fold, intervals of 95 % by bootstrap over sites:

| dataset | metric | value | pages |
|---|---|---|---|
{_joined(scores)}

## Calibration

{_calibration(result.calibration)}

## Labels

{_labels(result.labels)}

## Weights

`{model.name}.json` holds them, one row a feature: mean, scale, and its weight in each regression.
Features are standardised and clipped at ±4. A line is kept if its probability is at least a share
of the F1 that can be expected on its page.

| features | of the line and page | of the first stage | share on articles | on others |
|---|---|---|---|---|
{_joined(features)}

The heaviest weights of the second stage:

| features | pages | weights |
|---|---|---|
{_joined(heaviest)}

## Limits

What counts as body follows the training data: nearly all pages are English, and on pages that are
no articles the gold texts differ in what they take in. Pages whose content is only in scripts have
no lines to keep. A page without a body, such as a login, is not left empty, since what is likeliest
on a page is kept and no page without one was trained on.
"""


def _calibration(found: Calibration) -> str:
    bins = [
        f"| {low:.1f} to {low + found.width:.1f} | {lines:,} | {mean:.3f} | {body:.3f} |"
        for low, lines, mean, body in found.bins
    ]
    return f"""Expected calibration error {found.error:.3f}, out of fold: the mean distance between
what is said and what is so, over lines that are body or noise, a page counting as one and a line by
the root of its characters.

| probability | lines | mean probability | share of body |
|---|---|---|---|
{_joined(bins)}"""


def _labels(found: Sequence[LabelScore]) -> str:
    if not found:
        return "No page was labelled line by line, so what is no body has no label but `noise`."
    rows = [f"| {s.label} | {s.lines:,} | {s.precision:.2f} | {s.recall:.2f} |" for s in found]
    lines = sum(score.lines for score in found)
    right = sum(score.recall * score.lines for score in found) / lines
    return f"""What is kept is body; what is not has the likeliest of the other labels, by a
multinomial regression over the pages that were labelled line by line. Of their {lines:,} lines,
{right:.0%} are told right out of fold:

| label | lines | precision | recall |
|---|---|---|---|
{_joined(rows)}

`mixed` and `noise` are never told."""


def _joined(rows: Sequence[str]) -> str:
    return "\n".join(rows)


def _heaviest(part: Stages, *, of_articles: bool, count: int = 6) -> str:
    weight = (part.second.articles if of_articles else part.second.others).weight
    names = part.inputs.names + part.context.names
    order = np.argsort(-np.abs(weight), kind="stable")[:count]
    return ", ".join(f"{names[row]} {weight[row]:+.2f}" for row in order)


def interval(row: dict[str, Any]) -> str:
    """The value of a row of a summary, with its interval if it has one."""
    if row["low"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
