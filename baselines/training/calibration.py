"""Whether a probability means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats

_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """What probabilities of body came to."""

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
    said = np.concatenate([np.zeros(0), *probabilities])
    so = np.concatenate([np.zeros(0), *is_body])
    weight = np.concatenate([np.zeros(0), *weights])
    bins = np.minimum((said * _BINS).astype(np.int64), _BINS - 1)
    lines = np.bincount(bins, minlength=_BINS)
    total = np.maximum(np.bincount(bins, weight, _BINS), 1e-12)
    mean = np.bincount(bins, weight * said, _BINS) / total
    body = np.bincount(bins, weight * so, _BINS) / total
    full = np.flatnonzero(lines)
    error = (total * np.abs(mean - body))[full].sum() / total[full].sum() if len(full) else np.nan
    rows = tuple(
        (float(row) / _BINS, int(lines[row]), float(mean[row]), float(body[row])) for row in full
    )
    return Calibration(float(error), 1 / _BINS, rows)
