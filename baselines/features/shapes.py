"""Compute columns of lines without their words: the patterns of signs that lists repeat."""

import numpy as np

from baselines.features.batch import Batch
from baselines.features.characters import shapes
from baselines.features.columns import (
    Features,
    equal_near,
    matrix,
    mean_around,
    numbered_pairs,
    occurrences,
    shift,
)

VIEWS, PLACE = ("text",), 3

_NEAR = 4
_AROUND = 5


def columns(batch: Batch) -> Features:
    """Compute how often each line's shape, and its shape with the neighbours', recurs."""
    bounds = batch.bounds
    shape = shapes(batch.characters, bounds)
    before, after = shift(shape, 1, bounds), shift(shape, -1, bounds)
    pair_before, pair_after = numbered_pairs(before, shape), numbered_pairs(shape, after)
    times, in_turn = (
        np.log(occurrences(keys)) for keys in (shape, numbered_pairs(pair_before, after))
    )
    return matrix(
        {
            "shape_repeats": times,
            "shape_repeats_near": equal_near(shape, _NEAR, bounds),
            "shape_repeats_around": mean_around(times, _AROUND, bounds),
            "shape_repeats_with_before": np.log(occurrences(pair_before)),
            "shape_repeats_with_after": np.log(occurrences(pair_after)),
            "shape_repeats_with_both": in_turn,
            "shape_repeats_with_both_around": mean_around(in_turn, _AROUND, bounds),
        }
    )
