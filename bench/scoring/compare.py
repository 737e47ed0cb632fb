"""One run against others: paired differences over the same pages, and the pages to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.scoring.score import Scores, by_page, groups, or_none, over_pages
from bench.scoring.statistics import Bootstrap
from corpus import DataError

if TYPE_CHECKING:
    import pandas as pd

COMPARISON_KEYS = (
    "first", "other", "dataset", "metric", "group", "first_value", "other_value", "difference",
    "low", "high", "verdict", "pages", "pages_better", "pages_equal", "pages_worse",
    "first_failures", "other_failures",
)  # fmt: skip
"""Keys of a row that compares two runs."""

WORST_KEYS = ("metric", "id", "page_type", "group", "loss", "extractor", "value", "status")
"""Keys of a row that tells what one run made of a page on which the first one loses."""

_EQUAL = 1e-9
"""Values of a page that are no farther apart are equal: sums in another order differ that much."""


def compare(
    scores: Scores, metrics: Sequence[Metric], *, by: str | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """Compare the first run with each other one: a row for each group, metric and other run.

    ``difference`` is the first's value over the pages less the other's, and ``low`` to ``high``
    its interval over the same resampled sites. ``verdict`` on the first is ``better``, ``worse``
    or, where the interval spans zero or there is none, ``tie``. ``pages`` are those on which both
    have a value, each better, equal or worse for the first. None is what cannot be told.

    Raises:
        DataError: if there are not two runs at least.
    """
    first, *others = [run.name for run in scores.runs]
    if not others:
        raise DataError(f"the run of {first} alone cannot be compared; give another one, too")
    names = [first, *others]
    rows: list[dict[str, Any]] = []
    for group, pages, statuses in groups(scores, by):
        failed = statuses[statuses["status"] != "ok"].groupby("extractor").size()
        for metric in metrics:
            result = over_pages(metric, pages, names, seed)
            gains = _gains(metric, _values(metric, pages, names))
            for column, other in enumerate(others, start=1):
                low, high = result.difference(0, column)
                gain = gains[:, column]
                better, worse = int((gain > _EQUAL).sum()), int((gain < -_EQUAL).sum())
                known = int((~np.isnan(gain)).sum())
                rows.append({
                    "first": first,
                    "other": other,
                    "dataset": scores.dataset,
                    "metric": metric.name,
                    "group": group,
                    "first_value": or_none(result.means[0]),
                    "other_value": or_none(result.means[column]),
                    "difference": or_none(result.means[0] - result.means[column]),
                    "low": or_none(low),
                    "high": or_none(high),
                    "verdict": _verdict(metric, result, column),
                    "pages": known,
                    "pages_better": better,
                    "pages_equal": known - better - worse,
                    "pages_worse": worse,
                    "first_failures": int(failed.get(first, 0)),
                    "other_failures": int(failed.get(other, 0)),
                })  # fmt: skip
    return rows


def worst_pages(
    scores: Scores, metrics: Sequence[Metric], count: int, *, by: str | None = None
) -> list[dict[str, Any]]:
    """The pages on which the first run loses most against the best of the others.

    Without others, against what is perfect. For each metric up to ``count`` pages, the greatest
    loss first, then by id; a row for each of them and each run. A page on which the first run, or
    every other one, has no value is not among them.
    """
    names = [run.name for run in scores.runs]
    about = scores.statuses.drop_duplicates("id").set_index("id")
    statuses = by_page(scores.statuses, "status", names)
    rows: list[dict[str, Any]] = []
    for metric in metrics:
        values = _values(metric, scores.pages, names)
        losses = _losses(metric, values)
        order = np.argsort(-losses.round(9), kind="stable")
        losing = [row for row in order if losses[row] > _EQUAL]
        for row in losing[:count]:
            page = values.index[row]
            page_type = about.loc[page, "page_type"]
            group = "all" if by is None else about.loc[page, by]
            rows += [
                {
                    "metric": metric.name,
                    "id": page,
                    "page_type": page_type if isinstance(page_type, str) else None,
                    "group": group if isinstance(group, str) else "unknown",
                    "loss": float(losses[row]),
                    "extractor": name,
                    "value": or_none(values.loc[page, name]),
                    "status": statuses.loc[page, name],
                }
                for name in names
            ]
    return rows


def _verdict(metric: Metric, result: Bootstrap, column: int) -> str | None:
    """What the first extractor is against the one of a column; None if one has no value."""
    difference = result.means[0] - result.means[column]
    if np.isnan(difference):
        return None
    if result.tied(0, column):
        return "tie"
    return "better" if (difference > 0) == metric.higher_is_better else "worse"


def _values(metric: Metric, pages: "pd.DataFrame", names: Sequence[str]) -> "pd.DataFrame":
    """A metric's value on each page, in the order of their ids."""
    return by_page(pages[pages["metric"] == metric.name], "value", names)


def _losses(metric: Metric, values: "pd.DataFrame") -> NDArray[np.float64]:
    """What the first of e extractors loses on each of p pages, shape (p,); -inf: not told."""
    if values.shape[1] == 1:
        values = values.assign(perfect=float(metric.higher_is_better))
    gains = _gains(metric, values)[:, 1:]
    losses: NDArray[np.float64] = -np.where(np.isnan(gains), np.inf, gains).min(axis=1)
    return losses


def _gains(metric: Metric, values: "pd.DataFrame") -> NDArray[np.float64]:
    """By how much the first of e extractors is better than each, shape (p, e); NaN: no value."""
    table = values.to_numpy(dtype=float)
    gains: NDArray[np.float64] = table[:, :1] - table
    return gains if metric.higher_is_better else -gains
