"""Define what a metric sees, and what it is: a value of a page, and of a dataset's pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PACKAGES = {"webmainbench": "jieba"}
"""By extra of this kit, the package that it installs."""


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one page and one extractor; arrays have an entry for each of the page's n lines."""

    labels: NDArray[np.int8]
    roles: NDArray[np.int8]
    """Positions in `labels.ROLES`."""
    chars: NDArray[np.int32]
    """Length of each line in characters."""
    kept: NDArray[np.bool_]
    text: str
    """The extractor's own text; for one that keeps lines, the kept lines joined by newlines."""
    gold_text: str
    """The source's gold text; where people labelled lines, the body lines joined by newlines."""
    lines: Sequence[str] = ()
    """The texts of the lines."""
    with_snippets: tuple[str, ...] = ()
    """Texts that must be in what an extractor keeps."""
    without_snippets: tuple[str, ...] = ()
    """Texts that must not be in it."""


class Weighted(NamedTuple):
    """Hold a page's value, and the weight it has in the mean over pages.

    A ratio of sums over all pages (counts that are pooled) is a mean of the pages' ratios,
    weighted by their denominators. NaN as a value leaves the page out.
    """

    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Metric:
    """Describe one metric."""

    name: str
    of: Callable[[Case], float | Weighted]
    """A page's value; NaN means that the page says nothing, and leaves it out of the mean."""
    description: str
    """One sentence: what it means, and its empty case."""
    higher_is_better: bool = True
    harmonic_of: tuple[str, ...] = ()
    """Metrics whose values over the dataset this one's is the harmonic mean of; by default the
    value over the dataset is the mean of the pages' values."""
    extra: str | None = None
    """The extra of this kit that holds a package which it needs; None if it needs none."""

    @property
    def missing(self) -> str | None:
        """Why it cannot be computed and what to do about it; None if it can."""
        if self.extra is None or find_spec(_PACKAGES[self.extra]):
            return None
        return (
            f"needs the package {_PACKAGES[self.extra]}; "
            f"install it with: pip install 'boilerbench[{self.extra}]'"
        )

    def on(self, case: Case) -> Weighted:
        """Compute a page's value and its weight, which is 1 where the metric says nothing of it."""
        value = self.of(case)
        return value if isinstance(value, Weighted) else Weighted(value, 1.0)


def metrics_of(functions: Iterable[Callable[[Case], float | Weighted]]) -> tuple[Metric, ...]:
    """Make metrics of functions, with their names and the first lines of their docstrings."""
    return tuple(
        Metric(function.__name__, function, (function.__doc__ or "").partition("\n")[0])
        for function in functions
    )
