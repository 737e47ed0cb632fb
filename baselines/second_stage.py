"""Compute second-stage features: what the first stage thinks of the lines around a line."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import (
    Features,
    Floats,
    exact,
    heaviest_stretch,
    matrix,
    mean_by_key,
    shift,
    side_by_side,
    windows,
)

# Log-odds are cut off here, where the first stage is as good as certain.
_CERTAIN = 6.0
_ANCESTORS = 5


def text_context(p: Floats, batch: Batch) -> Features:
    """Compute columns of the first stage's probabilities of body, shape (n,), over the lines."""
    return side_by_side(matrix(_of_lines(p, batch)), windows({"p1": p}, batch.bounds))


def dom_context(p: Floats, batch: Batch) -> Features:
    """Compute the same, and what the first stage thinks of the elements that hold a line."""
    return side_by_side(text_context(p, batch), matrix(_of_elements(p, batch)))


def _of_lines(p: Floats, batch: Batch) -> dict[str, NDArray[np.generic]]:
    bounds, chars = batch.bounds, batch.chars
    rows = np.arange(len(p))
    odds = np.clip(np.log(p / (1 - p + 1e-12) + 1e-12), -_CERTAIN, _CERTAIN)
    starts, ends = heaviest_stretch(odds * np.sqrt(chars), bounds)
    start, end = bounds.spread(starts), bounds.spread(ends)
    expected = exact(p * chars)
    on_page = np.maximum(bounds.sums(expected), 1e-9)
    before, after = shift(odds, 1, bounds), shift(odds, -1, bounds)
    return {
        "p1_odds": odds,
        "p1": p,
        "p1_odds_before": before,
        "p1_odds_after": after,
        "p1_odds_least_before": np.minimum(odds, before),
        "p1_odds_least_after": np.minimum(odds, after),
        "p1_in_stretch": (rows >= start) & (rows < end),
        "p1_before_stretch": np.log1p(np.maximum(start - rows, 0)),
        "p1_after_stretch": np.log1p(np.maximum(rows - end + 1, 0)),
        "p1_share_so_far": bounds.running(expected) / bounds.spread(on_page),
        "p1_of_page": bounds.spread(bounds.sums(p) / bounds.lengths),
        "p1_of_page_chars": bounds.spread(on_page / bounds.sums(chars)),
    }


def _of_elements(p: Floats, batch: Batch) -> dict[str, Floats]:
    expected = exact(p * batch.chars)
    in_element = batch.sums_of_elements(expected)
    mean = in_element / np.maximum(batch.sums_of_elements(batch.chars), 1)
    on_page = np.maximum(batch.bounds.sums(expected), 1e-9)
    held = np.sqrt(in_element / batch.elements.spread(on_page))
    columns = {"p1_of_signature": mean_by_key(batch.line_keys, p)}
    for level, ancestor in enumerate(batch.ancestors(_ANCESTORS)):
        columns[f"p1_{level}_up"] = mean[ancestor]
        columns[f"p1_held_{level}_up"] = held[ancestor]
    return columns
