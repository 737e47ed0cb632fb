"""What a metric is: a page's value, and how a dataset's value is made of its pages'."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bench.metrics.case import Case


class Weighted(NamedTuple):
    """A page's value, and the weight it has in the mean over pages.

    A ratio of sums over all pages (counts that are pooled) is a mean of the pages' ratios,
    weighted by their denominators. NaN as a value leaves the page out.
    """

    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric by its name."""

    name: str
    of: Callable[[Case], float | Weighted]
    """A page's value; NaN means that the page says nothing, and leaves it out of the mean."""
    description: str
    """One sentence: what it means, and its empty case."""
    higher_is_better: bool = True
    harmonic_of: tuple[str, ...] = ()
    """Metrics whose values over the dataset this one's is the harmonic mean of; by default the
    value over the dataset is the mean of the pages' values."""

    def on(self, case: Case) -> Weighted:
        """A page's value with its weight, which is 1 where the metric says nothing of it."""
        value = self.of(case)
        return value if isinstance(value, Weighted) else Weighted(value, 1.0)


def metrics_of(
    functions: Iterable[Callable[[Case], float | Weighted]], *, harmonic_of: tuple[str, ...] = ()
) -> tuple[Metric, ...]:
    """Metrics from functions, each with the function's name and the first line of its docstring."""
    return tuple(
        Metric(
            function.__name__,
            function,
            (function.__doc__ or "").partition("\n")[0],
            harmonic_of=harmonic_of,
        )
        for function in functions
    )
