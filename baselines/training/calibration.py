"""Compare predicted probabilities with the share of lines that are body."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats

_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities of body agree with what lines are."""

    error: float
    """Expected calibration error: weighted mean distance of mean probability and share of body;
    NaN of no lines. Source: Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", AAAI 2015."""
    width: float
    bins: tuple[tuple[float, int, float, float], ...]
    """Of each bin that has lines: its lower bound, lines, mean probability, share of body."""


def calibration(
    probabilities: Sequence[Floats],
    is_body: Sequence[NDArray[np.bool_]],
    weights: Sequence[Floats],
) -> Calibration:
    """Compare probabilities of lines, page by page, with what they are, in ten bins."""
    predicted, true, weight = (
        np.concatenate([np.zeros(0), *of_pages]) for of_pages in (probabilities, is_body, weights)
    )
    bins = np.minimum((predicted * _BINS).astype(np.int64), _BINS - 1)
    lines = np.bincount(bins, minlength=_BINS)
    total = np.maximum(np.bincount(bins, weight, _BINS), 1e-12)
    mean = np.bincount(bins, weight * predicted, _BINS) / total
    body = np.bincount(bins, weight * true, _BINS) / total
    used = np.flatnonzero(lines)
    error = (total * np.abs(mean - body))[used].sum() / total[used].sum() if len(used) else np.nan
    rows = tuple(
        (float(row) / _BINS, int(lines[row]), float(mean[row]), float(body[row])) for row in used
    )
    return Calibration(float(error), 1 / _BINS, rows)
