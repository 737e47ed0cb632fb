"""Measure pages. A metric is a function of a `Case`, listed at the end of its module."""

from bench.metrics.case import Case
from bench.metrics.metric import Metric, Weighted
from bench.metrics.registry import METRICS, select_metrics

__all__ = ["METRICS", "Case", "Metric", "Weighted", "select_metrics"]
