"""Write weights as a table of plain values, for a file that anyone can read, and read it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from baselines.names import TARGETS, Names
from baselines.regression import Inputs, Linear, Mixture, Multinomial, Stages, Values
from labels import Label

_KIND = "kind_"
"""With a label behind it, the column of its weights."""


def stages_to_json(stages: Stages) -> dict[str, Any]:
    """Make a table of plain values: for each feature its mean, scale and weights by name."""
    of_inputs = {
        "article": stages.article,
        "first_articles": stages.first.articles,
        "first_others": stages.first.others,
    }
    of_both = {"second_articles": stages.second.articles, "second_others": stages.second.others}
    if others := stages.other_labels:
        for label, weight, intercept in zip(
            others.labels, others.weight, others.intercept, strict=True
        ):
            of_both[_KIND + label] = Linear(weight, _short(intercept))
    k = len(stages.inputs.names)
    return {
        "share": stages.share,
        "intercepts": {name: one.intercept for name, one in (of_inputs | of_both).items()},
        "inputs": _table(stages.inputs, of_inputs | of_both, slice(0, k)),
        "context": _table(stages.context, of_both, slice(k, None)),
        "names": _names_to_json(stages.names) if stages.names is not None else None,
    }


def _table(inputs: Inputs, weights: Mapping[str, Linear], at: slice) -> dict[str, Any]:
    columns = {"mean": inputs.mean, "scale": inputs.scale}
    columns |= {name: one.weight[at] for name, one in weights.items()}
    rows = zip(*(map(_short, column) for column in columns.values()), strict=True)
    return {
        "columns": list(columns),
        "rows": {name: list(row) for name, row in zip(inputs.names, rows, strict=True)},
    }


def _names_to_json(names: Names) -> dict[str, Any]:
    rows = {word: list(weights) for word, weights in names.weights.items()}
    return {"columns": list(TARGETS), "intercepts": list(names.intercepts), "rows": rows}


def _names_from_json(values: Mapping[str, Any]) -> Names:
    rows = {str(word): tuple(map(float, row)) for word, row in values["rows"].items()}
    intercepts = tuple(map(float, values["intercepts"]))
    if {len(intercepts), *map(len, rows.values())} != {len(TARGETS)}:
        raise ValueError("a word has a weight for each column")
    if not np.isfinite([intercepts, *rows.values()]).all():
        raise ValueError("weights must be finite")
    return Names(rows, intercepts)


def _short(value: np.float32) -> float:
    """Find the shortest decimal fraction that is this number in single precision."""
    return float(np.format_float_positional(value, unique=True, trim="0"))


def stages_from_json(values: Mapping[str, Any]) -> Stages:
    """Read such a table.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, OverflowError: if the values are not of
            such a table.
    """
    share = float(values["share"])
    if not 0 <= share <= 1:
        raise ValueError("a share is between 0 and 1")
    inputs, columns = _from_table(values["inputs"])
    context, more = _from_table(values["context"])
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
        share=share,
        names=_names_from_json(values["names"]) if values["names"] else None,
        other_labels=_multinomial({n: linear(n) for n in columns if n.startswith(_KIND)}),
    )


def _multinomial(weights: Mapping[str, Linear]) -> Multinomial | None:
    if not weights:
        return None
    return Multinomial(
        tuple(Label(name.removeprefix(_KIND)) for name in weights),
        np.stack([one.weight for one in weights.values()]),
        np.array([one.intercept for one in weights.values()], np.float32),
    )


def _from_table(values: Mapping[str, Any]) -> tuple[Inputs, dict[str, Values]]:
    names = tuple(map(str, values["rows"]))
    with np.errstate(over="ignore"):  # what is too large is infinite, and refused below
        table = np.array(list(values["rows"].values()), np.float32)
    columns = dict(zip(map(str, values["columns"]), table.T.copy(), strict=True))
    if not np.isfinite(table).all() or 0.0 in columns["scale"]:
        raise ValueError("weights must be finite, and scales not zero")
    return Inputs(names, columns.pop("mean"), columns.pop("scale")), columns
