"""Compute ROUGE-5 as WebMainBench does.

Source: WebMainBench, its ``TextRougeNgramMetric``. Tokens are those of jieba (`jieba_tokens`), of
the text with the white space at its ends: blanks and line breaks are tokens. A run of five tokens
counts as often as both texts have it. The figure is the mean over pages.
"""

from dataclasses import replace
from functools import lru_cache

from bench.metrics.overlap import Overlap, precision_recall_f1
from bench.metrics.published.jieba_tokens import jieba_tokens
from bench.metrics.published.ngrams import GoldGrams
from bench.metrics.published.tokens import page_tokens

N = 5
"""Tokens of a run."""


@lru_cache(maxsize=1)
def rouge5_overlap(text: str, gold_text: str) -> Overlap:
    """Count the runs of five tokens of both texts, and those they share; of two blank texts, 0."""
    if not text.strip() and not gold_text.strip():
        return Overlap(0, 0, 0)
    tokens = page_tokens(gold_text).read(text).tokens_and_white_space(jieba_tokens)
    length, gold = _gold(gold_text)
    return Overlap(gold.hits(tokens), _runs(len(tokens)), _runs(length))


def _runs(tokens: int) -> int:
    """Count the runs to divide by; of too short a text one, which nothing matches."""
    return max(tokens - N + 1, 1)


@lru_cache(maxsize=1)
def _gold(gold_text: str) -> tuple[int, GoldGrams]:
    tokens = page_tokens(gold_text).gold.tokens_and_white_space(jieba_tokens)
    return len(tokens), GoldGrams(tokens, int(tokens.max(initial=0)) + 1, N)


METRICS = tuple(
    replace(metric, extra="webmainbench")
    for metric in precision_recall_f1(
        "rouge5",
        lambda case: rouge5_overlap(case.text, case.gold_text),
        "Share of the predicted five-token runs that are gold: both texts blank, 1; no run, 0.",
        "Share of the gold five-token runs that are predicted: both texts blank, 1; no run, 0.",
        "F1 of five-token runs (ROUGE-5): both texts blank, 1; a text under five tokens, 0.",
    )
)
