"""Compute precision, recall and F1 of what a prediction shares with a gold text."""

from collections.abc import Callable
from typing import NamedTuple

from bench.metrics.metric import Case, Metric, Weighted

NOTHING = float("nan")
"""The value of a page that says nothing about a metric, and is left out of the mean."""

Share = Callable[[int, int, int], float | Weighted]
"""What comes of a part of a whole, and of nothing beside what the other side has."""


class Overlap(NamedTuple):
    """Count the predicted things that are gold, things being words, shingles, lines ..."""

    hits: int
    predicted: int
    gold: int


def share(part: int, whole: int, other: int) -> float:
    """Divide part by whole; of nothing it is 1 if the other side has nothing, else 0."""
    return part / whole if whole else float(not other)


def share_or_one(part: int, whole: int, _other: int) -> float:
    """Divide part by whole; of nothing it is 1."""
    return part / whole if whole else 1.0


def share_or_nothing(part: int, whole: int, _other: int = 0) -> float:
    """Divide part by whole; of nothing it is NaN, which leaves the page out."""
    return part / whole if whole else NOTHING


def pooled(part: int, whole: int, _other: int = 0) -> Weighted:
    """Weigh a page's share for a ratio of sums over all pages; of nothing it is left out."""
    return Weighted(share_or_nothing(part, whole), whole)


def precision_recall_f1(
    family: str,
    overlap: Callable[[Case], Overlap],
    precision: str,
    recall: str,
    f1: str,
    *,
    share: Share = share,
    recall_share: Share | None = None,
) -> tuple[Metric, Metric, Metric]:
    """Make the metrics ``FAMILY_precision``, ``FAMILY_recall`` and ``FAMILY_f1``.

    ``precision``, ``recall`` and ``f1`` each say in a sentence what is measured, and the empty
    case. ``share`` makes a value of a part and a whole, for recall ``recall_share`` if it differs.
    """

    def of_predicted(case: Case) -> float | Weighted:
        hits, predicted, gold = overlap(case)
        return share(hits, predicted, gold)

    def of_gold(case: Case) -> float | Weighted:
        hits, predicted, gold = overlap(case)
        return (recall_share or share)(hits, gold, predicted)

    def of_both(case: Case) -> float | Weighted:
        hits, predicted, gold = overlap(case)
        return share(2 * hits, predicted + gold, 0)

    return (
        Metric(f"{family}_precision", of_predicted, precision),
        Metric(f"{family}_recall", of_gold, recall),
        Metric(f"{family}_f1", of_both, f1),
    )
