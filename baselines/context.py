"""Second-stage features: what the first stage thinks of the lines around a line."""

import numpy as np
from numpy.typing import NDArray

from baselines.columns import (
    Features,
    Floats,
    heaviest_stretch,
    matrix,
    mean_by_key,
    shift,
    side_by_side,
    windows,
)
from baselines.features.containers import line_keys
from corpus import Lines

# Log-odds are cut off here, where the first stage is as good as certain.
_CERTAIN = 6.0
_ANCESTORS = 5


def text_context(probabilities: Floats, lines: Lines) -> Features:
    """Columns of the first stage's probabilities of body, shape (n,), over the page's lines."""
    return side_by_side(matrix(_line_columns(probabilities, lines)), windows({"p1": probabilities}))


def dom_context(probabilities: Floats, lines: Lines) -> Features:
    """The same, and what the first stage thinks of the elements that hold a line."""
    return side_by_side(
        text_context(probabilities, lines), matrix(_container_columns(probabilities, lines))
    )


def _line_columns(p: Floats, lines: Lines) -> dict[str, Floats]:
    n = len(p)
    at = np.arange(n)
    chars = lines.chars.astype(float)
    odds = np.clip(np.log(p / (1 - p + 1e-12) + 1e-12), -_CERTAIN, _CERTAIN)
    start, end = heaviest_stretch(odds * np.sqrt(chars))
    expected = p * chars
    page = max(float(expected.sum()), 1e-9)
    before, after = shift(odds, 1), shift(odds, -1)
    return {
        "p1_odds": odds,
        "p1": p,
        "p1_odds_before": before,
        "p1_odds_after": after,
        "p1_odds_least_before": np.minimum(odds, before),
        "p1_odds_least_after": np.minimum(odds, after),
        "p1_in_stretch": ((at >= start) & (at < end)).astype(float),
        "p1_before_stretch": np.log1p(np.maximum(start - at, 0)),
        "p1_after_stretch": np.log1p(np.maximum(at - end + 1, 0)),
        "p1_share_so_far": np.cumsum(expected) / page,
        "p1_of_page": np.full(n, p.mean()),
        "p1_of_page_chars": np.full(n, page / chars.sum()),
    }


def _container_columns(p: Floats, lines: Lines) -> dict[str, Floats]:
    containers = lines.containers
    expected = _cumulative(p * lines.chars)
    chars = _cumulative(lines.chars)
    in_element = expected[containers.end] - expected[containers.start]
    mean = in_element / np.maximum(chars[containers.end] - chars[containers.start], 1)
    held = in_element / max(float(expected[-1]), 1e-9)
    columns = {"p1_of_signature": mean_by_key(line_keys(lines), p)}
    ancestor = lines.container.copy()
    for level in range(_ANCESTORS):
        columns[f"p1_{level}_up"] = mean[ancestor]
        columns[f"p1_held_{level}_up"] = np.sqrt(held[ancestor])
        ancestor = np.maximum(containers.parent[ancestor], 0)
    return columns


def _cumulative(values: NDArray[np.generic]) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
