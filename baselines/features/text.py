"""Compute columns of a page's text, in any script: lengths, signs, repetition, place, neighbours.

Of links they know only which lines these fill.
"""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import PROSE_UNITS, Batch
from baselines.features.characters import COMMA, DIGIT, MARK, QUOTE, STOP
from baselines.features.columns import (
    Bounds,
    Features,
    Floats,
    distance_back,
    equal_near,
    exact,
    heaviest_stretch,
    matrix,
    mean_around,
    occurrences,
    run_lengths,
    shift,
    side_by_side,
    windows,
)

VIEWS, PLACE = ("text", "html"), 0

_GAP_COST = 6.0
"""What a line that is no prose costs a stretch of lines, in units."""


def columns(batch: Batch) -> Features:
    """Compute what needs the text alone."""
    bounds, characters, is_prose = batch.bounds, batch.characters, batch.is_prose
    units, counts = characters.units, characters.counts
    total = np.maximum(counts.sum(axis=1), 1)
    log_units = np.log1p(units)
    ends = (characters.last == STOP).astype(float)
    short = (units < PROSE_UNITS).astype(float)
    digits = counts[:, DIGIT] / total
    run = np.log1p(run_lengths(short > 0, bounds))
    alike = np.log(occurrences(characters.skeleton))
    values = {
        "log_units": log_units,
        "units_capped": np.minimum(units, 40.0),
        "stops": np.log1p(counts[:, STOP]),
        "commas_per_unit": counts[:, COMMA] / np.maximum(units, 1.0),
        "ends_with_stop": ends,
        "ends_with_comma": (characters.last == COMMA).astype(float),
        "digits": digits,
        "marks": counts[:, MARK] / total,
        "quotes": np.minimum(counts[:, QUOTE], 4.0),
        "no_letters": (units == 0).astype(float),
        "starts_with_digit": (characters.first == DIGIT).astype(float),
        "starts_with_mark": (characters.first == MARK).astype(float),
        "prose": is_prose.astype(float),
        "short_run": run * short,
        "long_run": run * (1 - short),
        "page_units": bounds.spread(np.log1p(bounds.sums(units))),
        "page_short": bounds.spread(bounds.sums(short) / bounds.lengths),
        "page_digits": bounds.spread(bounds.sums(digits > 0) / bounds.lengths),
        "repeats": np.log(occurrences(characters.exact)),
        "repeats_but_digits": alike,
        "repeats_near": equal_near(characters.skeleton, 3, bounds),
        "repeats_around": mean_around(alike, 5, bounds),
    }
    values |= _position(exact(np.where(is_prose, units, 0.0)), is_prose, bounds)
    for step in (1, 2):
        values[f"unlike_{step}_before"] = np.abs(log_units - shift(log_units, step, bounds))
        values[f"unlike_{step}_after"] = np.abs(log_units - shift(log_units, -step, bounds))
    around = {
        "log_units": log_units,
        "prose": is_prose.astype(float),
        "ends_with_stop": ends,
        "digits": digits,
    }
    return side_by_side(matrix(values), windows(around, bounds))


def _position(prose: Floats, is_prose: NDArray[np.bool_], bounds: Bounds) -> dict[str, Floats]:
    at, rows, lines = bounds.at, np.arange(len(prose)), bounds.spread(bounds.lengths)
    on_page = bounds.sums(prose)
    page_prose = bounds.spread(np.maximum(on_page, 1.0))
    up_to = bounds.running(prose)
    before = up_to - prose
    starts, ends = heaviest_stretch(np.where(is_prose, prose, -_GAP_COST), bounds)
    start, end = bounds.spread(starts), bounds.spread(ends)
    inside = (rows >= start) & (rows < end)
    held = bounds.spread(bounds.sums(np.where(inside, prose, 0.0))) / page_prose
    after_stretch = np.log1p(np.maximum(rows - end + 1, 0))
    return {
        "place": at / lines,
        "from_start": np.log1p(at),
        "from_end": np.log1p(lines - 1 - at),
        "lines": np.log1p(lines),
        "page_prose": bounds.spread(np.log1p(on_page)),
        "prose_before": before / page_prose,
        "prose_after": 1 - up_to / page_prose,
        "is_first_tenth": (before < 0.1 * page_prose).astype(float),
        "to_prose_before": np.log1p(distance_back(is_prose, bounds)),
        "to_prose_after": np.log1p(distance_back(is_prose[::-1], bounds.backwards())[::-1]),
        "in_stretch": inside.astype(float),
        "in_stretch_held": inside * held,
        "before_stretch": np.log1p(np.maximum(start - rows, 0)),
        "after_stretch": after_stretch,
        "after_stretch_held": after_stretch * held,
    }
