"""Compare one run with others: paired differences over the same pages, and where it loses most."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.metrics import Metric
from bench.scoring.score import Scores
from bench.scoring.statistics import or_none
from bench.scoring.summary import by_page, groups, over_pages
from corpus import DataError

if TYPE_CHECKING:
    import pandas as pd

_EQUAL = 1e-9
"""Values of a page that are no farther apart are equal: sums in another order differ that much."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Compare the first of some runs with another one, by one metric over a group of pages."""

    first: str
    other: str
    dataset: str
    metric: str
    group: str
    first_value: float | None
    """None is what is not known, as where no page has a value."""
    other_value: float | None
    difference: float | None
    """The first's value over the pages less the other's."""
    low: float | None
    high: float | None
    """The interval, over the same resampled sites."""
    verdict: str | None
    """On the first: ``better``, ``worse``, or, where the interval spans zero or there is none,
    ``tie``."""
    pages: int
    """Pages on which both have a value."""
    pages_better: int
    """Those on which the first is better."""
    pages_equal: int
    pages_worse: int
    first_failures: int
    other_failures: int
    markup: str | None
    """Kind of the pages: ``html``, ``text``, or None for both together."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one run reaches on a page on which the first one loses."""

    metric: str
    id: str
    """The page."""
    page_type: str | None
    group: str
    loss: float
    """By how much the best of the others is better than the first."""
    extractor: str
    value: float | None
    status: str
    markup: str
    """Kind of the page."""


def compare(scores: Scores, by: str | None = None) -> list[Difference]:
    """Compare the first run with each other one: a row for each group, metric and other run.

    Raises:
        DataError: if there are not two runs at least, or pages cannot be grouped so.
    """
    first, *others = scores.names
    if not others:
        raise DataError(f"the run of {first} alone cannot be compared; give another one, too")
    rows: list[Difference] = []
    for group, part in groups(scores, by):
        failures = part.failures
        for metric in scores.metrics:
            result = over_pages(metric, part.pages, scores.names, scores.seed)
            gains = _gains(metric, _values(metric, part))
            values = [result.estimate(column)[0] for column in range(len(scores.names))]
            for column, other in enumerate(others, start=1):
                difference, low, high = result.difference(0, column)
                verdict = _verdict(metric, difference, tied=result.tied(0, column))
                gain = gains[:, column]
                better, worse = int((gain > _EQUAL).sum()), int((gain < -_EQUAL).sum())
                both = int((~np.isnan(gain)).sum())
                rows.append(Difference(
                    first, other, scores.dataset.name, metric.name, group,
                    values[0], values[column], difference, low, high, verdict,
                    both, better, both - better - worse, worse,
                    failures[first], failures[other], scores.markup,
                ))  # fmt: skip
    return rows


def losses(scores: Scores, count: int, by: str | None = None) -> list[Loss]:
    """Find the pages on which the first run loses most against the best of the others.

    Without others, against what is perfect. For each metric up to ``count`` pages, the greatest
    loss first, then by id; a row for each of them and each run. A page on which the first run, or
    every other one, has no value is not among them.
    """
    about = scores.pages.drop_duplicates("id").set_index("id").astype(object)
    about = about.where(about.notna(), None)
    statuses = by_page(scores.statuses, "status", scores.names)
    rows: list[Loss] = []
    for metric in scores.metrics:
        values = _values(metric, scores)
        rivals = values if values.shape[1] > 1 else values.assign(perfect=metric.higher_is_better)
        gains = _gains(metric, rivals)[:, 1:]
        lost = -np.where(np.isnan(gains), np.inf, gains).min(axis=1)
        order = np.argsort(-lost.round(9), kind="stable")
        for row in [row for row in order if lost[row] > _EQUAL][:count]:
            page = about.loc[values.index[row]]
            group = "all" if by is None else page[by] or "unknown"
            rows += [
                Loss(
                    metric.name, page.name, page["page_type"], group, float(lost[row]),
                    name, or_none(values.loc[page.name, name]), statuses.loc[page.name, name],
                    page["markup"],
                )
                for name in scores.names
            ]  # fmt: skip
    return rows


def _verdict(metric: Metric, difference: float | None, *, tied: bool) -> str | None:
    """Judge the first run against another one; None if one of them has no value."""
    if difference is None or tied:
        return None if difference is None else "tie"
    return "better" if (difference > 0) == metric.higher_is_better else "worse"


def _values(metric: Metric, scores: Scores) -> "pd.DataFrame":
    """Get a metric's value on each page, in the order of their ids."""
    pages = scores.pages
    return by_page(pages[pages["metric"] == metric.name], "value", scores.names)


def _gains(metric: Metric, values: "pd.DataFrame") -> NDArray[np.float64]:
    """Compute how much better than each of e extractors the first is, (p, e); NaN: no value."""
    table = values.to_numpy(float)
    gains: NDArray[np.float64] = table[:, :1] - table
    return gains if metric.higher_is_better else -gains
