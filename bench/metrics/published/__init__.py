"""Metrics that other benchmarks publish, each by the benchmark it comes from."""

from bench.metrics.published import (
    cleaneval,
    dragnet,
    edit,
    rouge5,
    rougelsum,
    shingle,
    snippet,
    word,
)
from bench.metrics.published.word import token_f1, word_f1

__all__ = ["METRICS", "token_f1", "word_f1"]

METRICS = (
    *word.METRICS,
    *shingle.METRICS,
    *snippet.METRICS,
    *rougelsum.METRICS,
    *edit.METRICS,
    *rouge5.METRICS,
    *cleaneval.METRICS,
    *dragnet.METRICS,
)
