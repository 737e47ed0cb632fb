"""ROUGE-5 as WebMainBench computes it.

Source: WebMainBench, its ``TextRougeNgramMetric``. Tokens are those of jieba (`jieba_tokens`), of
the text with the white space at its ends: blanks and line breaks are tokens. A run of five tokens
counts as often as both texts have it. The figure is the mean over pages.
"""

from functools import lru_cache

from bench.metrics.case import Case
from bench.metrics.metric import metrics_of
from bench.metrics.published.jieba_tokens import jieba_tokens
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.overlap import Overlap
from bench.metrics.published.tokens import page_of

N = 5
"""Tokens of a run."""


def rouge5_precision(case: Case) -> float:
    """Share of the predicted five-token runs that are gold: both texts blank, 1; no run, 0.

    Tokens are jieba's. Source: WebMainBench.
    """
    return rouge5_overlap(case.text, case.gold_text).precision


def rouge5_recall(case: Case) -> float:
    """Share of the gold five-token runs that are predicted: both texts blank, 1; no run, 0.

    Tokens are jieba's. Source: WebMainBench.
    """
    return rouge5_overlap(case.text, case.gold_text).recall


def rouge5_f1(case: Case) -> float:
    """F1 of five-token runs (ROUGE-5): both texts blank, 1; a text under five tokens, 0.

    Tokens are jieba's. Source: WebMainBench.
    """
    return rouge5_overlap(case.text, case.gold_text).f1


@lru_cache(maxsize=1)
def rouge5_overlap(text: str, gold_text: str) -> Overlap:
    """Runs of five jieba tokens of two texts, and those they share; of two blank texts, none."""
    if not text.strip() and not gold_text.strip():
        return Overlap(0, 0, 0)
    tokens = page_of(gold_text).read(text).tokens_and_white_space(jieba_tokens)
    length, gold = _gold(gold_text)
    return Overlap(gold.hits(tokens), _runs(len(tokens)), _runs(length))


def _runs(tokens: int) -> int:
    """Runs to divide by; of too short a text one, which nothing matches."""
    return max(tokens - N + 1, 1)


@lru_cache(maxsize=1)
def _gold(gold_text: str) -> tuple[int, GoldGrams]:
    page = page_of(gold_text)
    tokens = page.gold.tokens_and_white_space(jieba_tokens)
    return len(tokens), GoldGrams(tokens, int(tokens.max(initial=0)) + 1, N)


METRICS = metrics_of((rouge5_precision, rouge5_recall, rouge5_f1))
