"""Columns of a page's text, in any script: lengths, signs, repetition, place, neighbours."""

import numpy as np
from numpy.typing import NDArray

from baselines.features.characters import COMMA, DIGIT, MARK, QUOTE, STOP, Characters
from baselines.features.columns import (
    Bounds,
    Features,
    Floats,
    distance_back,
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

# Prose: a line of at least this many units in which a sentence ends, or one far longer.
_PROSE_UNITS = 8.0
_PROSE_UNITS_UNENDED = 32.0
MOSTLY_LINK = 0.5
# What a line that is no prose costs a stretch of lines, in units.
_GAP_COST = 6.0


def text_columns(
    characters: Characters, bounds: Bounds, link_density: Floats | None = None
) -> Features:
    """Columns that need the text alone; of links only which lines they fill."""
    units, counts = characters.units, characters.counts
    total = np.maximum(counts.sum(axis=1), 1)
    log_units = np.log1p(units)
    stops = counts[:, STOP]
    ends = (characters.last == STOP).astype(float)
    prosaic = is_prose(units, stops)
    if link_density is not None:
        prosaic &= link_density < MOSTLY_LINK
    prose = np.where(prosaic, units, 0.0)
    short = (units < _PROSE_UNITS).astype(float)
    digits = counts[:, DIGIT] / total
    run = np.log1p(run_lengths(short > 0, bounds))
    columns = {
        "log_units": log_units,
        "units_capped": np.minimum(units, 40.0),
        "stops": np.log1p(stops),
        "commas_per_unit": counts[:, COMMA] / np.maximum(units, 1.0),
        "ends_with_stop": ends,
        "ends_with_comma": (characters.last == COMMA).astype(float),
        "digits": digits,
        "marks": counts[:, MARK] / total,
        "quotes": np.minimum(counts[:, QUOTE], 4.0),
        "no_letters": (units == 0).astype(float),
        "starts_with_digit": (characters.first == DIGIT).astype(float),
        "starts_with_mark": (characters.first == MARK).astype(float),
        "prose": prosaic.astype(float),
        "short_run": run * short,
        "long_run": run * (1 - short),
        "page_units": bounds.spread(np.log1p(bounds.sums(units))),
        "page_short": bounds.spread(bounds.sums(short) / bounds.lengths),
        "page_digits": bounds.spread(bounds.sums(digits > 0) / bounds.lengths),
    }
    columns |= _repetition_columns(characters, bounds)
    columns |= _position_columns(exact(prose), prosaic, bounds)
    for step in (1, 2):
        columns[f"unlike_{step}_before"] = np.abs(log_units - shift(log_units, step, bounds))
        columns[f"unlike_{step}_after"] = np.abs(log_units - shift(log_units, -step, bounds))
    around = {
        "log_units": log_units,
        "prose": prosaic.astype(float),
        "ends_with_stop": ends,
        "digits": digits,
    }
    return side_by_side(matrix(columns), windows(around, bounds))


def is_prose(units: Floats, stops: Floats) -> NDArray[np.bool_]:
    """Which lines are sentences, by their length and the stops in them."""
    ended: NDArray[np.bool_] = (units >= _PROSE_UNITS) & (stops > 0)
    return ended | (units >= _PROSE_UNITS_UNENDED)


def _repetition_columns(characters: Characters, bounds: Bounds) -> dict[str, Floats]:
    same = occurrences(characters.exact)
    alike = occurrences(characters.skeleton)
    skeleton = characters.skeleton
    near = np.zeros(len(skeleton))
    for step in (1, 2, 3):
        near += shift(skeleton, step, bounds) == skeleton
        near += shift(skeleton, -step, bounds) == skeleton
    return {
        "repeats": np.log(same),
        "repeats_but_digits": np.log(alike),
        "repeats_near": near,
        "repeats_around": mean_around(np.log(alike), 5, bounds),
    }


def _position_columns(
    prose: Floats, prosaic: NDArray[np.bool_], bounds: Bounds
) -> dict[str, Floats]:
    at, rows, lines = bounds.at, np.arange(len(prose)), bounds.spread(bounds.lengths)
    on_page = bounds.sums(prose)
    page_prose = bounds.spread(np.maximum(on_page, 1.0))
    up_to = bounds.running(prose)
    before = up_to - prose
    starts, ends = heaviest_stretch(np.where(prosaic, prose, -_GAP_COST), bounds)
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
        "to_prose_before": np.log1p(distance_back(prosaic, bounds)),
        "to_prose_after": np.log1p(distance_back(prosaic[::-1], bounds.backwards())[::-1]),
        "in_stretch": inside.astype(float),
        "in_stretch_held": inside * held,
        "before_stretch": np.log1p(np.maximum(start - rows, 0)),
        "after_stretch": after_stretch,
        "after_stretch_held": after_stretch * held,
    }
