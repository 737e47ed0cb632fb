"""All metrics by name. A metric is a function of a `Case`; to add one, write it and list it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from bench.metrics.case import Case
from bench.metrics.lines import (
    char_f1,
    char_precision,
    char_recall,
    leak,
    line_f1,
    line_precision,
    line_recall,
)
from bench.metrics.published import token_f1, word_f1
from corpus import DataError
from labels import NOISE_LABELS

__all__ = ["METRICS", "Case", "Metric", "select_metrics"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: a page's value, and what it means."""

    name: str
    of: Callable[[Case], float]
    description: str
    higher_is_better: bool = True


def _metric(function: Callable[[Case], float]) -> Metric:
    first, _, _ = (function.__doc__ or "").partition("\n")
    return Metric(function.__name__, function, first)


_FUNCTIONS = (
    line_precision,
    line_recall,
    line_f1,
    char_precision,
    char_recall,
    char_f1,
    word_f1,
    token_f1,
)

METRICS: Mapping[str, Metric] = MappingProxyType(
    {metric.name: metric for metric in map(_metric, _FUNCTIONS)}
    | {
        f"leak_{label}": Metric(
            f"leak_{label}",
            partial(leak, label=label),
            f"Share of the {label} lines that were kept. No such line: the page is left out.",
            higher_is_better=False,
        )
        for label in NOISE_LABELS
    }
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
