"""Compute columns of what stands between a line's heading and the next one."""

import numpy as np

from baselines.features.batch import Batch
from baselines.features.columns import Features, from_last, matrix, mean_by_key, occurrences

VIEWS, PLACE = ("html",), 6

_MOST_COUNTED = 3.0


def columns(batch: Batch) -> Features:
    """Compute where each line's section begins, and what its lines are like."""
    bounds, level = batch.bounds, batch.heading_levels
    rows = np.arange(len(batch))
    is_heading = level > 0
    last = np.maximum.accumulate(np.where(is_heading, rows, -1))
    has_one = last >= bounds.spread(bounds.starts)
    number = np.cumsum(is_heading, dtype=np.int64) + bounds.page  # each page begins a section
    section = bounds.running(is_heading.astype(float))
    sections = bounds.spread(section[bounds.ends - 1])
    depth = batch.containers.depth[batch.container].astype(float)
    return matrix(
        {
            "since_heading": np.log1p(np.where(has_one, rows - last, bounds.at + 1)),
            "heading_level": np.where(has_one, level[last], 0),
            "below_heading": np.where(has_one, depth - depth[last], 0),
            "link_density_of_section": mean_by_key(number, batch.link_density),
            "units_of_section": mean_by_key(number, np.log1p(batch.units)),
            "lines_of_section": np.log(occurrences(number)),
            "section": section / np.maximum(sections, 1),
            "sections": np.log1p(sections),
            "first_headings": bounds.spread(np.minimum(bounds.sums(level == 1), _MOST_COUNTED)),
            **from_last("first_heading", level == 1, bounds),
        }
    )
