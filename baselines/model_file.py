"""Weights as a table of plain values, for a file that anyone can read, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from baselines.regression import Inputs, Kinds, Linear, Mixture, Stages, Values
from baselines.threshold import Shares
from labels import Label

_KIND = "kind_"  # and a label: the column of its weights


def stages_to_json(stages: Stages) -> dict[str, Any]:
    """A table of plain values: for each feature its mean, scale and weights by name."""
    first, second, kinds = stages.first, stages.second, stages.kinds
    both = {
        "inputs": (stages.inputs, stages.article),
        "context": (stages.context, None),
    }
    k = len(stages.inputs.names)
    features: dict[str, Any] = {}
    for part, (inputs, article) in both.items():
        at = slice(0, k) if part == "inputs" else slice(k, None)
        columns: dict[str, Any] = {"mean": inputs.mean, "scale": inputs.scale}
        if article is not None:
            columns["article"] = article.weight
            columns["first_articles"] = first.articles.weight
            columns["first_others"] = first.others.weight
        columns["second_articles"] = second.articles.weight[at]
        columns["second_others"] = second.others.weight[at]
        if kinds is not None:
            columns |= {
                _KIND + label: weight[at]
                for label, weight in zip(kinds.labels, kinds.weight, strict=True)
            }
        rows = zip(*(map(_short, column) for column in columns.values()), strict=True)
        features[part] = {
            "columns": list(columns),
            "rows": {name: list(row) for name, row in zip(inputs.names, rows, strict=True)},
        }
    intercepts = {
        "article": stages.article.intercept,
        "first_articles": first.articles.intercept,
        "first_others": first.others.intercept,
        "second_articles": second.articles.intercept,
        "second_others": second.others.intercept,
    }
    if kinds is not None:
        intercepts |= {
            _KIND + label: _short(value)
            for label, value in zip(kinds.labels, kinds.intercept, strict=True)
        }
    return {"shares": asdict(stages.shares), "intercepts": intercepts, **features}


def _short(value: np.float32) -> float:
    """The shortest decimal fraction that is this number in single precision."""
    return float(np.format_float_positional(value, unique=True, trim="0"))


def stages_from_json(values: Mapping[str, Any]) -> Stages:
    """The reverse.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, OverflowError: if the values are not of
            such a table.
    """
    shares = Shares(**{name: float(value) for name, value in values["shares"].items()})
    if not (0 <= shares.articles <= 1 and 0 <= shares.others <= 1):
        raise ValueError("a share is between 0 and 1")
    inputs, columns = _table(values["inputs"])
    context, more = _table(values["context"])
    intercepts = {name: float(value) for name, value in values["intercepts"].items()}
    if not np.isfinite(list(intercepts.values())).all():
        raise ValueError("intercepts must be finite")

    def linear(name: str) -> Linear:
        weight = columns[name]
        if name.startswith(("second", _KIND)):
            weight = np.concatenate([weight, more[name]])
        return Linear(weight, intercepts[name])

    return Stages(
        inputs=inputs,
        article=linear("article"),
        first=Mixture(linear("first_articles"), linear("first_others")),
        context=context,
        second=Mixture(linear("second_articles"), linear("second_others")),
        shares=shares,
        kinds=_kinds({name: linear(name) for name in columns if name.startswith(_KIND)}),
    )


def _kinds(linear: Mapping[str, Linear]) -> Kinds | None:
    if not linear:
        return None
    return Kinds(
        tuple(Label(name.removeprefix(_KIND)) for name in linear),
        np.stack([one.weight for one in linear.values()]),
        np.array([one.intercept for one in linear.values()], np.float32),
    )


def _table(values: Mapping[str, Any]) -> tuple[Inputs, dict[str, Values]]:
    names = tuple(map(str, values["rows"]))
    with np.errstate(over="ignore"):  # what is too large is infinite, and refused below
        table = np.array(list(values["rows"].values()), np.float32)
    columns = dict(zip(map(str, values["columns"]), table.T.copy(), strict=True))
    if not np.isfinite(table).all() or 0.0 in columns["scale"]:
        raise ValueError("weights must be finite, and scales not zero")
    return Inputs(names, columns.pop("mean"), columns.pop("scale")), columns
