"""Compute the seeded bootstrap that every interval of the kit comes from."""

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
CONFIDENCE = 0.95


def resample(groups: int, seed: int) -> NDArray[np.int64]:
    """Count how often each of g groups is in each resample of as many, shape (RESAMPLES, g)."""
    random = np.random.default_rng(seed)
    return random.multinomial(groups, np.full(groups, 1 / groups), RESAMPLES)


def percentiles(values: NDArray[np.float64]) -> tuple[float, float]:
    """Find the interval that holds the middle of resampled values; NaN are left out of it.

    (NaN, NaN) if there is nothing else.
    """
    if np.isnan(values).all():
        return float("nan"), float("nan")
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(values, [tail, 100 - tail])
    return float(low), float(high)
