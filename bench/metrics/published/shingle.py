r"""Count shingles of four words, as the article-extraction-benchmark does.

Source: the benchmark of Scrapinghub (Zyte), its ``evaluate.py``. Words are ``\w+``, case kept. A
text of fewer than four words is one shorter shingle, an empty one has none. Precision is the mean
over the pages where something is predicted, recall over those where something is gold, and F1 of
a dataset the harmonic mean of these two means, not the mean of the pages' F1. A page's own F1 is 0
if there are words on one side only.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from bench.metrics.metric import Case, metrics_of
from bench.metrics.overlap import Overlap, precision_recall_f1, share_or_nothing
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.tokens import page_tokens, words

SHINGLE = 4
"""Words of a shingle."""


def shingle_accuracy(case: Case) -> float:
    """Whether the words are the gold's, one by one: 1 if there are none on either side."""
    page = page_tokens(case.gold_text)
    return float(np.array_equal(page.read(case.text).tokens(words), page.gold.tokens(words)))


@lru_cache(maxsize=1)
def shingle_overlap(text: str, gold_text: str) -> Overlap:
    """Count the shingles of both texts, and those they share."""
    page = page_tokens(gold_text)
    tokens, gold = page.read(text).tokens(words), page.gold.tokens(words)
    if len(tokens) < SHINGLE or len(gold) < SHINGLE:
        hits = int(len(tokens) > 0 and np.array_equal(tokens, gold))
    else:
        hits = _gold_shingles(gold_text).hits(tokens)
    return Overlap(hits, _shingles(len(tokens)), _shingles(len(gold)))


def _shingles(count: int) -> int:
    """Count the shingles of a number of words."""
    return max(count - SHINGLE + 1, min(count, 1))


@lru_cache(maxsize=1)
def _gold_shingles(gold_text: str) -> GoldGrams:
    page = page_tokens(gold_text)
    return GoldGrams(page.gold.tokens(words), page.known(words), SHINGLE)


_precision, _recall, _f1 = precision_recall_f1(
    "shingle",
    lambda case: shingle_overlap(case.text, case.gold_text),
    "Share of the predicted four-word shingles that are gold: none predicted, no value.",
    "Share of the gold four-word shingles that are predicted: none is gold, no value.",
    "Harmonic mean of mean precision and mean recall: a page without words has no value.",
    share=share_or_nothing,
)
METRICS = (
    _precision,
    _recall,
    replace(_f1, harmonic_of=(_precision.name, _recall.name)),
    *metrics_of((shingle_accuracy,)),
)
