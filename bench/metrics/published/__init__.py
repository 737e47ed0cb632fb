"""Metrics that other benchmarks publish, each by the benchmark it comes from."""

from bench.metrics.published.word import token_f1, word_f1

__all__ = ["token_f1", "word_f1"]
