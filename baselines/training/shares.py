"""Choose from which share of the F1 that can be expected lines are kept."""

from collections.abc import Iterable, Sequence

import numpy as np

from baselines.features.columns import Floats
from baselines.model import Reading
from baselines.threshold import HALF, Shares, keep_by_expected_f1, line_sizes
from baselines.training.samples import Sample
from labels.f1 import body_f1

SHARES = np.round(np.arange(0.3, 0.81, 0.05), 2)
"""Shares of the expected F1 that are tried."""
_AS_GOOD = 0.002
"""Shares whose means differ by no more are as good. Of those the highest is taken, because on pages
unlike those of the fit noise is taken for body more often than body for noise
(``benchmarks/shares.py``)."""


def share_curves(pages: Sequence[Sample], readings: Sequence[Reading | None]) -> Floats:
    """Measure how well each of `SHARES` suits each page; NaN of one not read or not usable.

    Half F1 in characters, half in lines: the kit scores both.
    """
    curves = np.full((len(pages), len(SHARES)), np.nan)
    for row, (page, reading) in enumerate(zip(pages, readings, strict=True)):
        if page.usable and reading is not None:
            probabilities, chars = reading.probabilities, page.lines.chars
            for column, share in enumerate(SHARES):
                kept = keep_by_expected_f1(probabilities, line_sizes(chars), share)
                both = body_f1(page.roles, kept, chars) + body_f1(page.roles, kept)
                curves[row, column] = both / 2
    return curves


def best_shares(
    pages: Sequence[Sample],
    readings: Sequence[Reading | None],
    curves: Floats,
    rows: Iterable[int],
) -> Shares:
    """Choose the shares that suit pages of articles and others best, the highest of those as good.

    A page counts for as many as in the fit.
    """
    used = [row for row in rows if not np.isnan(curves[row, 0])]
    weights = np.array([pages[row].weight for row in used])
    articles = np.array([reading.article for row in used if (reading := readings[row])])
    return Shares(
        _highest_of_the_best(curves[used], weights * articles),
        _highest_of_the_best(curves[used], weights * (1 - articles)),
    )


def _highest_of_the_best(curves: Floats, weights: Floats) -> float:
    """Choose of `SHARES` by the weighted mean of pages' curves; one half if no page counts."""
    if not weights.any():
        return HALF
    mean = weights @ curves / weights.sum()
    return float(SHARES[np.flatnonzero(mean >= mean.max() - _AS_GOOD)[-1]])
