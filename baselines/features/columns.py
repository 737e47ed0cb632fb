"""Operate on columns: one value a line, in the order of the page, of several pages at once.

A page's values are the same, bit by bit, whichever pages stand beside it: sums that run on from
page to page are over values that `exact` has rounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Value = TypeVar("Value", bound=np.generic)

WITHIN = (1, 3, 8, 20)
SIDES = (2, 6, 15)
"""Lines to either side, and to one side, over which windows reach."""
_REACH = max(*WITHIN, *SIDES)
_STEPS_IN_ONE = 2.0**20


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where each of p pages begins and ends in columns that hold their n values end to end."""

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    """Shape (p,) each; the end of a page is the start of the next."""
    page: NDArray[np.intp]
    """Which page each value is of, shape (n,)."""
    at: NDArray[np.intp]
    """How many values of its page stand before each, shape (n,)."""

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Self:
        """Pages of so many values each."""
        ends = np.cumsum(lengths, dtype=np.intp)
        starts = ends - np.asarray(lengths, np.intp)
        page = np.repeat(np.arange(len(starts)), lengths)
        return cls(starts, ends, page, np.arange(len(page)) - starts[page])

    @property
    def lengths(self) -> NDArray[np.intp]:
        """How many values each page has, shape (p,)."""
        return self.ends - self.starts

    def spread(self, values: NDArray[Value]) -> NDArray[Value]:
        """Repeat the value of each page, shape (p,), at each of its lines, shape (n,)."""
        return values[self.page]

    def sums(self, values: NDArray[np.generic]) -> Floats:
        """Sum of a column on each page, shape (p,)."""
        return np.add.reduceat(values, self.starts, dtype=np.float64)

    def running(self, values: Floats) -> Floats:
        """Sum of a column from the start of its page to each value, shape (n,); values `exact`."""
        total = np.cumsum(values)
        before: Floats = total[self.starts] - values[self.starts]
        return total - before[self.page]

    def last(self, hits: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Where the last hit of each page is among the n values, shape (p,); -1 if it has none."""
        at = np.where(hits, np.arange(len(hits)), -1)
        return np.maximum.reduceat(at, self.starts)

    def first(self, hits: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Where the first hit of each page is among the n values, shape (p,); n if it has none."""
        at = np.where(hits, np.arange(len(hits)), len(hits))
        return np.minimum.reduceat(at, self.starts)

    def backwards(self) -> "Bounds":
        """Of the columns when they are read from their end."""
        return Bounds.of(self.lengths[::-1].tolist())


def exact(values: NDArray[np.floating]) -> Floats:
    """Round values to the nearest 1,048,576th, so that sums of them are the same in every order."""
    rounded: Floats = np.rint(values * _STEPS_IN_ONE) / _STEPS_IN_ONE
    return rounded


@dataclass(frozen=True, slots=True)
class Features:
    """The features of n lines, k of them."""

    names: tuple[str, ...]
    columns: NDArray[np.float32]
    """Shape (k, n): a feature's values lie side by side. Not scaled."""

    @property
    def values(self) -> NDArray[np.float32]:
        """Shape (n, k), a view."""
        return self.columns.T

    def only(self, names: Sequence[str]) -> "Features":
        """Choose features by name, in the order of the names.

        Raises:
            KeyError: if a name is unknown.
        """
        if self.names == tuple(names):
            return self
        row = {name: k for k, name in enumerate(self.names)}
        return Features(tuple(names), self.columns[[row[name] for name in names]])


def side_by_side(*blocks: Features) -> Features:
    """Join the features of several blocks, in their order."""
    names = tuple(chain.from_iterable(block.names for block in blocks))
    return Features(names, np.concatenate([block.columns for block in blocks]))


def matrix(columns: Mapping[str, NDArray[np.generic]]) -> Features:
    """Make features of columns by name, shape (n,) each."""
    values = np.empty((len(columns), len(next(iter(columns.values())))), np.float32)
    for row, column in zip(values, columns.values(), strict=True):
        row[:] = column
    return Features(tuple(columns), values)


def mean_around(values: Floats, k: int, bounds: Bounds) -> Floats:
    """Mean over up to k lines before, the line, and up to k lines after, shape (n,)."""
    ((means,),) = _means(values[None], bounds, [(-k, k + 1)])
    return np.asarray(means, np.float64)


def windows(columns: Mapping[str, Floats], bounds: Bounds) -> Features:
    """Means of columns over windows around, before and after each line; 0 over no lines."""
    spans = {f"within_{k}": (-k, k + 1) for k in WITHIN}
    for k in SIDES:
        spans |= {f"before_{k}": (-k, 0), f"after_{k}": (1, k + 1)}
    means = _means(np.array(list(columns.values())), bounds, spans.values())
    return Features(
        tuple(f"{name}_{span}" for span in spans for name in columns), np.concatenate(means)
    )


def _means(
    values: Floats, bounds: Bounds, spans: Iterable[tuple[int, int]]
) -> list[NDArray[np.float32]]:
    """Means of b columns over the lines from ``first`` up to, not including, ``end`` from each.

    Shape (b, n) for each span. They are differences of cumulative sums, in which lines of nothing
    stand around every page, so that a window is a slice and holds lines of its page alone.
    """
    b, n = values.shape
    length = n + (len(bounds.starts) - 1) * _REACH
    rows = np.arange(n) + bounds.page * _REACH
    cumulative = np.zeros((b + 1, length + 1 + 2 * _REACH))
    spaced = cumulative[:, 1 + _REACH :]
    spaced[:b, rows] = exact(values)
    spaced[b, rows] = 1.0  # lines, to divide by
    np.cumsum(cumulative, axis=1, out=cumulative)
    means = []
    for first, end in spans:
        sums = (
            cumulative[:, _REACH + end :][:, :length] - cumulative[:, _REACH + first :][:, :length]
        )
        sums[:-1] /= np.maximum(sums[-1], 1)
        means.append(sums[:-1, rows].astype(np.float32))
    return means


def numbered(keys: NDArray[np.generic]) -> NDArray[np.intp]:
    """Number the different values of a column from 0, shape (n,)."""
    numbers: NDArray[np.intp] = np.unique(keys, return_inverse=True)[1]
    return numbers


def numbered_pairs(first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.intp]:
    """Number the different pairs of small numbers from 0, shape (n,)."""
    return numbered(first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second)


def mean_by_key(keys: NDArray[np.integer], values: Floats) -> Floats:
    """Mean of a column over the lines that have the same small number for a key, shape (n,)."""
    means: Floats = (np.bincount(keys, values) / np.maximum(np.bincount(keys), 1))[keys]
    return means


def occurrences(keys: NDArray[np.integer]) -> Floats:
    """How often each small number occurs in its column, shape (n,)."""
    times: Floats = np.bincount(keys)[keys].astype(float)
    return times


def shift(values: NDArray[Value], step: int, bounds: Bounds) -> NDArray[Value]:
    """Move a column by ``step`` lines; where nothing moves in, the line's own value stays."""
    rows = np.arange(len(values)) - step
    stays = bounds.at < step if step > 0 else bounds.at >= bounds.spread(bounds.lengths) + step
    rows[stays] += step
    return values[rows]


def equal_near(values: NDArray[np.generic], k: int, bounds: Bounds) -> Floats:
    """How many of the k values before each and the k after it are the same, shape (n,)."""
    steps = [step for step in range(-k, k + 1) if step]
    same: Floats = np.sum([shift(values, step, bounds) == values for step in steps], 0, float)
    return same


def distance_back(hits: NDArray[np.bool_], bounds: Bounds) -> Floats:
    """Lines since the last hit before each line; the page's length where there is none."""
    rows = np.arange(len(hits))
    last = np.maximum.accumulate(np.where(hits, rows, -1))
    before = np.concatenate([[-1], last[:-1]])
    has_one = before >= bounds.spread(bounds.starts)
    return np.where(has_one, rows - before, bounds.spread(bounds.lengths)).astype(float)


def from_last(name: str, hits: NDArray[np.bool_], bounds: Bounds) -> dict[str, NDArray[np.generic]]:
    """Lines from the last hit of the page, and on which side of it; zeros where there is none."""
    last = bounds.last(hits)
    has_one = bounds.spread(last >= 0)
    away = np.where(has_one, np.arange(len(hits)) - bounds.spread(last), 0)
    return {
        f"from_{name}": np.sign(away) * np.log1p(np.abs(away)),
        f"after_{name}": away > 0,
        f"page_has_{name}": has_one,
    }


def run_lengths(hits: NDArray[np.bool_], bounds: Bounds) -> Floats:
    """Length of the run of equal values on its page that each line stands in."""
    begins = np.ones(len(hits), np.bool_)
    begins[1:] = (hits[1:] != hits[:-1]) | (bounds.at[1:] == 0)
    return occurrences(np.cumsum(begins) - 1)


def heaviest_stretch(scores: Floats, bounds: Bounds) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and end of each page's stretch of lines with the largest sum, shape (p,) each."""
    stretches = [
        _heaviest(scores[start:end], start)
        for start, end in zip(bounds.starts.tolist(), bounds.ends.tolist(), strict=True)
    ]
    starts, ends = np.array(stretches, np.intp).reshape(-1, 2).T
    return starts, ends


def _heaviest(scores: Floats, first: int) -> tuple[int, int]:
    cumulative = np.zeros(len(scores) + 1)
    np.cumsum(scores, out=cumulative[1:])
    lowest = np.minimum.accumulate(cumulative)
    end = int((cumulative[1:] - lowest[:-1]).argmax()) + 1
    return first + int(cumulative[:end].argmin()), first + end
