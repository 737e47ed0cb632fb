"""Operations over columns: one value a line, in the order of the page."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mean_by_key(keys: NDArray[np.integer], values: Floats) -> Floats:
    """Mean of a column over the lines that have the same key, shape (n,)."""
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    means: Floats = (np.bincount(inverse, values) / counts)[inverse]
    return means


def occurrences(keys: NDArray[np.generic]) -> Floats:
    """How often each value occurs in its column, shape (n,)."""
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    times: Floats = counts[inverse].astype(float)
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
    """Mean over up to k lines before, the line, and up to k lines after."""
    n = len(values)
    cumulative = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(n)
    low, high = np.maximum(at - k, 0), np.minimum(at + k + 1, n)
    means: Floats = (cumulative[high] - cumulative[low]) / (high - low)
    return means


def mean_before(values: Floats, k: int) -> Floats:
    """Mean over up to k lines before, without the line; 0 for the first."""
    at = np.arange(len(values))
    cumulative = np.concatenate([[0.0], np.cumsum(values)])
    low = np.maximum(at - k, 0)
    means: Floats = (cumulative[at] - cumulative[low]) / np.maximum(at - low, 1)
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
