r"""Shingles of four words, as the article-extraction-benchmark counts them.

Source: the benchmark of Scrapinghub (Zyte), its ``evaluate.py``. Words are ``\w+``, case kept. A
text of fewer than four words is one shorter shingle, an empty one has none. Precision is the mean
over the pages where something is predicted, recall over those where something is gold, and F1 of
a dataset the harmonic mean of these two means, not the mean of the pages' F1.
"""

from functools import lru_cache

import numpy as np

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.overlap import NOTHING, Overlap
from bench.metrics.published.tokens import page_of, words

SHINGLE = 4
"""Words of a shingle."""


def shingle_precision(case: Case) -> float:
    """Share of the predicted four-word shingles that are gold: none predicted, no value."""
    overlap = shingle_overlap(case.text, case.gold_text)
    return overlap.precision if overlap.predicted else NOTHING


def shingle_recall(case: Case) -> float:
    """Share of the gold four-word shingles that are predicted: none is gold, no value."""
    overlap = shingle_overlap(case.text, case.gold_text)
    return overlap.recall if overlap.gold else NOTHING


def shingle_f1(case: Case) -> float:
    """Harmonic mean of mean precision and mean recall: a page without words has no value.

    The page's value is the page's own F1; 0 if there are words on one side only.
    """
    overlap = shingle_overlap(case.text, case.gold_text)
    return overlap.f1 if overlap.predicted or overlap.gold else NOTHING


def shingle_accuracy(case: Case) -> float:
    """Whether the words are the gold's, one by one: 1 if there are none on either side."""
    page = page_of(case.gold_text)
    return float(np.array_equal(page.read(case.text).tokens(words), page.gold.tokens(words)))


@lru_cache(maxsize=1)
def shingle_overlap(text: str, gold_text: str) -> Overlap:
    """Shingles of two texts, and those they share."""
    page = page_of(gold_text)
    tokens, gold = page.read(text).tokens(words), page.gold.tokens(words)
    if len(tokens) < SHINGLE or len(gold) < SHINGLE:
        hits = int(len(tokens) > 0 and np.array_equal(tokens, gold))
    else:
        hits = _gold_shingles(gold_text).hits(tokens)
    return Overlap(hits, _shingles(len(tokens)), _shingles(len(gold)))


def _shingles(count: int) -> int:
    """Shingles of a number of words."""
    return max(count - SHINGLE + 1, min(count, 1))


@lru_cache(maxsize=1)
def _gold_shingles(gold_text: str) -> GoldGrams:
    page = page_of(gold_text)
    return GoldGrams(page.gold.tokens(words), page.known(words), SHINGLE)


METRICS = (
    *metrics_of((shingle_precision, shingle_recall)),
    *metrics_of((shingle_f1,), harmonic_of=("shingle_precision", "shingle_recall")),
    *metrics_of((shingle_accuracy,)),
)
