"""List all metrics by name, and select some."""

from collections.abc import Mapping
from types import MappingProxyType

from bench.metrics import lines
from bench.metrics.metric import Metric
from bench.metrics.published import (
    content_blocks,
    edit,
    rouge5,
    rougelsum,
    shingle,
    snippet,
    word,
    word_alignment,
)
from corpus import DataError

_MODULES = (lines, word, shingle, snippet, rougelsum, edit, rouge5, word_alignment, content_blocks)

METRICS: Mapping[str, Metric] = MappingProxyType(
    {metric.name: metric for module in _MODULES for metric in module.METRICS}
)


def select_metrics(names: tuple[str, ...]) -> list[Metric]:
    """Select metrics by name, or by family: ``line``, ``char``, ``leak`` (of every label) ...

    Raises:
        DataError: if a name is unknown, or one needs a package that is not installed.
    """
    selected: dict[str, Metric] = {}
    for name in names:
        found = {
            key: metric for key, metric in METRICS.items() if name in (key, key.partition("_")[0])
        }
        if not found:
            raise DataError(f"no metric {name!r}; there are {', '.join(METRICS)}")
        selected |= found
    for metric in selected.values():
        if metric.missing:
            raise DataError(f"metric {metric.name} {metric.missing}")
    return list(selected.values())
