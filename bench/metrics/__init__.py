"""Measure pages. A metric is a function of a `Case`, listed at the end of its module."""

from bench.metrics.metric import Case, Metric, Weighted
from bench.metrics.registry import METRICS, select_metrics

__all__ = ["METRICS", "Case", "Metric", "Weighted", "select_metrics"]
