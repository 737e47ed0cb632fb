"""Second-stage features: what the first stage thinks of the lines around a line."""

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
from baselines.features.containers import line_keys

# Log-odds are cut off here, where the first stage is as good as certain.
_CERTAIN = 6.0
_ANCESTORS = 5


def text_context(probabilities: Floats, batch: Batch) -> Features:
    """Columns of the first stage's probabilities of body, shape (n,), over the pages' lines."""
    columns = matrix(_line_columns(probabilities, batch))
    return side_by_side(columns, windows({"p1": probabilities}, batch.bounds))


def dom_context(probabilities: Floats, batch: Batch) -> Features:
    """The same, and what the first stage thinks of the elements that hold a line."""
    return side_by_side(
        text_context(probabilities, batch), matrix(_container_columns(probabilities, batch))
    )


def _line_columns(p: Floats, batch: Batch) -> dict[str, NDArray[np.generic]]:
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


def _container_columns(p: Floats, batch: Batch) -> dict[str, Floats]:
    containers = batch.containers
    values = exact(p * batch.chars)
    expected, chars = _cumulative(values), _cumulative(batch.chars)
    in_element = expected[containers.end] - expected[containers.start]
    mean = in_element / np.maximum(chars[containers.end] - chars[containers.start], 1)
    on_page = np.maximum(batch.bounds.sums(values), 1e-9)
    held = np.sqrt(in_element / batch.elements.spread(on_page))
    columns = {"p1_of_signature": mean_by_key(line_keys(batch), p)}
    ancestor: NDArray[np.integer] = batch.container
    for level in range(_ANCESTORS):
        columns[f"p1_{level}_up"] = mean[ancestor]
        columns[f"p1_held_{level}_up"] = held[ancestor]
        ancestor = batch.above[ancestor]
    return columns


def _cumulative(values: NDArray[np.generic]) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
