"""What a prediction and a gold text share, as counts, and the fractions made of them."""

from typing import NamedTuple

from bench.metrics.metric import Weighted

NOTHING = float("nan")
"""The value of a page that says nothing about a metric, and is left out of the mean."""


class Overlap(NamedTuple):
    """How many of the predicted things are gold, things being words, shingles, tokens ...

    The fractions are 1 if there is nothing on either side, and 0 if there is on one side only.
    """

    hits: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is gold."""
        return self.hits / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        """Share of the gold that is predicted."""
        return self.hits / self.gold if self.gold else float(not self.predicted)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.predicted + self.gold
        return 2 * self.hits / both if both else 1.0


def pooled(part: int, whole: int) -> Weighted:
    """A page's share in a ratio of sums over all pages; of nothing: the page is left out."""
    return Weighted(part / whole if whole else NOTHING, whole)
