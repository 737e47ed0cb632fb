"""Choose the lines to keep: those from a share of the F1 on that can be expected of a page."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Floats


def expected_f1(probabilities: Floats, sizes: Floats) -> float:
    """Compute the largest F1 expected of keeping the likeliest lines; 0 of no lines.

    Sizes are what a line counts for. The expectation of the ratio is taken to be the ratio of the
    expectations: twice the probable size of the body kept, over the size of what is kept and the
    probable size of all body.
    """
    if not len(probabilities):
        return 0.0
    order = np.argsort(-probabilities, kind="stable")
    sizes = sizes[order]
    hits = np.cumsum(probabilities[order] * sizes)
    return float((2 * hits / (np.cumsum(sizes) + hits[-1])).max())


def keep_by_expected_f1(probabilities: Floats, sizes: Floats, share: float) -> NDArray[np.bool_]:
    """Keep lines whose probability is at least a share of the F1 that can be expected.

    Where the probabilities are true, F1 is largest with the share one half: Lipton et al.,
    "Optimal thresholding of classifiers to maximize F1 measure", ECML 2014. So a page that is easy
    to read is cut at a higher probability than one where all is doubtful. Nothing below
    `LEAST_PROBABILITY` is kept.
    """
    return probabilities >= keep_limit(probabilities, sizes, share)


def keep_limit(probabilities: Floats, sizes: Floats, share: float) -> float:
    """Compute the probability from which `keep_by_expected_f1` keeps lines of a page."""
    return max(share * expected_f1(probabilities, sizes), LEAST_PROBABILITY)


SHARE = 0.5
"""Share of the F1 that can be expected from which lines are kept: the best where probabilities are
true, and the best over sources left out (``benchmarks/travel.py``)."""
LEAST_PROBABILITY = 0.1
"""What is less likely to be body is kept on no page, however little else there is."""


def line_sizes(chars: NDArray[np.integer]) -> Floats:
    """Size lines, shape (n,): half way between all alike and by their characters."""
    sizes: Floats = np.sqrt(chars, dtype=np.float64)
    return sizes
