"""Columns of what is left of lines without their words: the patterns of signs that lists repeat."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.characters import shapes
from baselines.features.columns import (
    Bounds,
    Features,
    matrix,
    mean_around,
    numbered,
    occurrences,
    shift,
)

_NEAR = (1, 2, 3, 4)
_AROUND = 5


def shape_columns(texts: list[str], bounds: Bounds) -> Features:
    """How often the shape of each line, and its shape with the neighbours', recurs on its page."""
    shape = shapes(texts, bounds)
    before, after = shift(shape, 1, bounds), shift(shape, -1, bounds)
    pair_before, pair_after = _pairs(before, shape), _pairs(shape, after)
    times, in_turn = (np.log(occurrences(keys)) for keys in (shape, _pairs(pair_before, after)))
    near = np.zeros(len(shape))
    for step in _NEAR:
        near += shift(shape, step, bounds) == shape
        near += shift(shape, -step, bounds) == shape
    return matrix(
        {
            "shape_repeats": times,
            "shape_repeats_near": near,
            "shape_repeats_around": mean_around(times, _AROUND, bounds),
            "shape_repeats_with_before": np.log(occurrences(pair_before)),
            "shape_repeats_with_after": np.log(occurrences(pair_after)),
            "shape_repeats_with_both": in_turn,
            "shape_repeats_with_both_around": mean_around(in_turn, _AROUND, bounds),
        }
    )


def _pairs(left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.intp]:
    """Numbers from 0 for the different pairs of small numbers, shape (n,)."""
    return numbered(left * (right.max(initial=0) + 1) + right)
