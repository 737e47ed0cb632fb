"""All metrics by name. A metric is a function of a `Case`, listed at the end of its module."""

from collections.abc import Mapping
from types import MappingProxyType

from bench.metrics import lines, published
from bench.metrics.case import Case
from bench.metrics.metric import Metric, Weighted
from corpus import DataError

__all__ = ["METRICS", "Case", "Metric", "Weighted", "select_metrics"]

METRICS: Mapping[str, Metric] = MappingProxyType(
    {metric.name: metric for metric in (*lines.METRICS, *published.METRICS)}
)


def select_metrics(names: tuple[str, ...]) -> list[Metric]:
    """Metrics by name, or by family: ``line``, ``char``, ``leak`` (of every label) ...

    Raises:
        DataError: if a name is unknown.
    """
    selected: dict[str, Metric] = {}
    for name in names:
        found = {
            key: metric for key, metric in METRICS.items() if name in (key, key.partition("_")[0])
        }
        if not found:
            raise DataError(f"no metric {name!r}; there are {', '.join(METRICS)}")
        selected |= found
    return list(selected.values())
