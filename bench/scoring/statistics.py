"""Find intervals and ties by a seeded bootstrap that resamples sites, paired between extractors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labels.resampling import RESAMPLES, percentiles, resample

Floats = NDArray[np.float64]
WithInterval = tuple[float | None, float | None, float | None]
"""A value with the ends of its interval; None where there is no page, or not two sites."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Hold means over pages of e extractors, and the same over resampled sites."""

    means: Floats
    """Shape (e,); NaN for an extractor with no value."""
    resampled: Floats
    """Shape (RESAMPLES, e); all NaN if there are fewer than two sites."""

    def estimate(self, extractor: int) -> WithInterval:
        """Estimate one mean with its percentile interval."""
        return _estimate(self.means[extractor], self.resampled[:, extractor])

    def difference(self, one: int, other: int) -> WithInterval:
        """Estimate the difference of two means, with its interval over the same resamples."""
        return _estimate(
            self.means[one] - self.means[other], self.resampled[:, one] - self.resampled[:, other]
        )

    def ranks(self, *, higher_is_better: bool = True) -> list[int | None]:
        """Rank each extractor; None for one without a value.

        From the best down, an extractor shares the rank of the first of the group above it if
        the interval of their difference spans zero; else it begins a group of its own, whose
        rank is one more than the number of extractors above.
        """
        sign = -1.0 if higher_is_better else 1.0
        order = [int(row) for row in np.argsort(sign * self.means, kind="stable")]
        ranks: list[int | None] = [None] * len(self.means)
        leader: int | None = None
        for above, row in enumerate(r for r in order if not np.isnan(self.means[r])):
            if leader is not None and self.tied(leader, row):
                ranks[row] = ranks[leader]
            else:
                leader, ranks[row] = row, above + 1
        return ranks

    def tied(self, one: int, other: int) -> bool:
        """Check whether two means are equal, or the interval of their difference spans zero."""
        if self.means[one] == self.means[other]:
            return True
        _, low, high = self.difference(one, other)
        return low is None or high is None or low <= 0 <= high


def or_none(number: float) -> float | None:
    """Return a number, or None for NaN."""
    return None if np.isnan(number) else float(number)


def _estimate(value: float, resampled: Floats) -> WithInterval:
    low, high = percentiles(resampled)
    return or_none(value), or_none(low), or_none(high)


def bootstrap(
    values: Floats, sites: Sequence[str], seed: int, weights: Floats | None = None
) -> Bootstrap:
    """Resample sites, because the pages of a site are alike, and take each extractor's mean.

    ``values`` have shape (p, e), one row a page, one column an extractor; NaN is left out. So have
    their ``weights`` in the mean, by default all alike; ``sites`` are p. The same seed gives the
    same resamples of the same sites.
    """
    known = ~np.isnan(values)
    weights = np.where(known, 1.0 if weights is None else weights, 0.0)
    names, site = np.unique(np.asarray(sites), return_inverse=True)
    sums = np.zeros((len(names), values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, site, np.where(known, values, 0.0) * weights)
    np.add.at(counts, site, weights)
    with np.errstate(invalid="ignore"):
        means = sums.sum(axis=0) / counts.sum(axis=0)
        if len(names) < 2:  # noqa: PLR2004 - one site has no spread
            return Bootstrap(means, np.full((RESAMPLES, values.shape[1]), np.nan))
        times = resample(len(names), seed)
        resampled = (times @ sums) / (times @ counts)
    return Bootstrap(means, resampled)


def harmonic_mean(parts: Sequence[Bootstrap]) -> Bootstrap:
    """Take the harmonic mean of several means, resample by resample; 0 where all of them are 0."""

    def of(values: Sequence[Floats]) -> Floats:
        with np.errstate(divide="ignore"):
            reciprocals: Floats = (1 / np.stack(values)).sum(axis=0)
        return len(parts) / reciprocals

    return Bootstrap(of([part.means for part in parts]), of([part.resampled for part in parts]))
