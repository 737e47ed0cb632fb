"""Operations over columns: one value a line, in the order of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WITHIN = (1, 3, 8, 20)
SIDES = (2, 6, 15)
"""Lines to either side, and to one side, over which windows reach."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one page's n lines, k of them."""

    names: tuple[str, ...]
    columns: NDArray[np.float32]
    """Shape (k, n): a feature's values lie side by side. Not scaled."""

    @property
    def values(self) -> NDArray[np.float32]:
        """Shape (n, k), a view."""
        return self.columns.T


def side_by_side(*blocks: Features) -> Features:
    """The features of several blocks, in their order."""
    names = tuple(chain.from_iterable(block.names for block in blocks))
    return Features(names, np.concatenate([block.columns for block in blocks]))


def matrix(columns: Mapping[str, NDArray[np.generic]]) -> Features:
    """Columns by name as features, shape (n,) each."""
    values = np.empty((len(columns), len(next(iter(columns.values())))), np.float32)
    for row, column in zip(values, columns.values(), strict=True):
        row[:] = column
    return Features(tuple(columns), values)


def around(columns: Mapping[str, Floats], k: int) -> Features:
    """Means over up to k lines before, the line, and up to k lines after."""
    return Features(
        tuple(f"{name}_around" for name in columns),
        _Sums(np.array(list(columns.values()))).around(k).astype(np.float32),
    )


def windows(columns: Mapping[str, Floats]) -> Features:
    """Means of columns over windows around, before and after each line; 0 over no lines."""
    sums = _Sums(np.array(list(columns.values())))
    names = [f"{name}_within_{k}" for k in WITHIN for name in columns]
    blocks = [sums.around(k) for k in WITHIN]
    for k in SIDES:
        names += [f"{name}_{side}_{k}" for side in ("before", "after") for name in columns]
        blocks += [sums.before(k), sums.after(k)]
    return Features(tuple(names), np.concatenate(blocks).astype(np.float32))


class _Sums:
    """Cumulative sums of columns, shape (b, n), for means over windows of them.

    They go on beyond both ends as if the lines there were none, so that a window is a slice.
    """

    def __init__(self, values: Floats, reach: int = max(*WITHIN, *SIDES)) -> None:
        b, self.n = values.shape
        self.reach = reach
        self.sums = np.zeros((b + 1, self.n + 1 + 2 * reach))
        inside = slice(reach + 1, reach + 1 + self.n)
        np.cumsum(values, axis=1, out=self.sums[:b, inside])
        self.sums[b, inside] = np.arange(1, self.n + 1)  # lines, to divide by
        self.sums[:, reach + 1 + self.n :] = self.sums[:, reach + self.n, None]

    def around(self, k: int) -> Floats:
        return self._means(-k, k + 1)

    def before(self, k: int) -> Floats:
        return self._means(-k, 0)

    def after(self, k: int) -> Floats:
        return self._means(1, k + 1)

    def _means(self, first: int, end: int) -> Floats:
        at = self.reach
        sums = (
            self.sums[:, at + end : at + end + self.n]
            - self.sums[:, at + first : at + first + self.n]
        )
        means: Floats = sums[:-1] / np.maximum(sums[-1], 1)
        return means


def numbered(keys: NDArray[np.generic]) -> NDArray[np.intp]:
    """Numbers from 0 for the different values of a column, shape (n,)."""
    numbers: NDArray[np.intp] = np.unique(keys, return_inverse=True)[1]
    return numbers


def mean_by_key(keys: NDArray[np.integer], values: Floats) -> Floats:
    """Mean of a column over the lines that have the same small number for a key, shape (n,)."""
    means: Floats = (np.bincount(keys, values) / np.maximum(np.bincount(keys), 1))[keys]
    return means


def occurrences(keys: NDArray[np.integer]) -> Floats:
    """How often each small number occurs in its column, shape (n,)."""
    times: Floats = np.bincount(keys)[keys].astype(float)
    return times


def shift(values: NDArray[np.generic], step: int) -> NDArray[np.generic]:
    """The column moved by ``step`` lines; where nothing moves in, the line's own value stays."""
    moved = values.copy()
    if abs(step) < len(values):
        if step > 0:
            moved[step:] = values[:-step]
        else:
            moved[:step] = values[-step:]
    return moved


def mean_around(values: Floats, k: int) -> Floats:
    """Mean over up to k lines before, the line, and up to k lines after, shape (n,)."""
    means: Floats = _Sums(values[None]).around(k)[0]
    return means


def distance_back(hits: NDArray[np.bool_]) -> Floats:
    """Lines since the last hit before each line; the page's length where there is none."""
    n = len(hits)
    at = np.arange(n)
    last = np.maximum.accumulate(np.where(hits, at, -n))
    before = np.concatenate([[-n], last[:-1]]) if n else last
    distance: Floats = np.minimum(at - before, n).astype(float)
    return distance


def run_lengths(hits: NDArray[np.bool_]) -> Floats:
    """Length of the run of equal values that each line stands in."""
    n = len(hits)
    if not n:
        return np.zeros(0)
    edges = np.flatnonzero(np.diff(hits.astype(np.int8)) != 0) + 1
    bounds = np.concatenate([[0], edges, [n]])
    lengths = np.diff(bounds)
    return np.repeat(lengths, lengths).astype(float)


def heaviest_stretch(scores: Floats) -> tuple[int, int]:
    """Start and end of the stretch of lines with the largest sum; (0, 0) of no lines."""
    if not len(scores):
        return 0, 0
    cumulative = np.concatenate([[0.0], np.cumsum(scores)])
    lowest = np.minimum.accumulate(cumulative)
    end = int(np.argmax(cumulative[1:] - lowest[:-1])) + 1
    start = int(np.argmin(cumulative[:end]))
    return start, end
