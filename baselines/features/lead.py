"""Columns of where the content begins: the lead, the first sentences below the headline.

What stands beside the lead or looks like it is of the content. Where much of a page looks like it,
as the posts of a forum do, all of that is; comments that look otherwise are not.
"""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Floats

_LEAST_UNITS = 15.0
"""Sentences of a lead, in units; shorter ones are one where there are no others."""
_LEVELS = (1, 2, 3, 5)
_HELD_LEVELS = (1, 3)
_MOSTLY = 0.9
"""What holds so much of a page's prose is around the content, and not a part of it."""


def lead_columns(
    batch: Batch,
    lead: NDArray[np.intp],
    keys: NDArray[np.int64],
    prose: Floats,
    held: Floats,
    alike: Floats,
) -> dict[str, Floats]:
    """What lines have to do with the lead of their page, and the lead with its page.

    Args:
        batch: the n lines of p pages, with m elements.
        lead: row of each page's lead, n of a page without one, shape (p,); see `find_lead`.
        keys: the same number for lines whose elements look the same, shape (n,).
        prose: length of each line as far as it is prose, shape (n,).
        held: share of the page's prose that each element holds, shape (m,).
        alike: logarithm of how many siblings of each element look like it, shape (m,).
    """
    bounds, containers = batch.bounds, batch.containers
    rows, has_one = np.arange(len(batch)), bounds.spread(lead < len(batch))
    lead = np.where(lead < len(batch), lead, bounds.starts)
    lead_row = bounds.spread(lead)
    is_like = (keys == keys[lead_row]) & has_one
    page_prose = np.maximum(bounds.sums(prose), 1.0)
    columns = {
        "like_lead": is_like.astype(float),
        "before_lead": ((rows < lead_row) & has_one).astype(float),
        "page_lead_share": bounds.spread(bounds.sums(np.where(is_like, prose, 0.0)) / page_prose),
        "page_lead_lines": bounds.spread(np.log1p(bounds.sums(is_like))),
    }
    most_alike = np.zeros(len(lead))
    ancestor: NDArray[np.integer] = batch.container[lead]
    for level in range(1, _LEVELS[-1] + 1):
        ancestor = batch.above[ancestor]
        most_alike = np.maximum(most_alike, np.where(held[ancestor] < _MOSTLY, alike[ancestor], 0))
        if level in _LEVELS:
            start = bounds.spread(containers.start[ancestor])
            end = bounds.spread(containers.end[ancestor])
            is_inside = (rows >= start) & (rows < end) & has_one
            columns[f"with_lead_{level}_up"] = is_inside.astype(float)
        if level in _HELD_LEVELS:
            columns[f"page_lead_held_{level}_up"] = bounds.spread(held[ancestor])
    columns["page_lead_alike"] = bounds.spread(most_alike)
    return columns


def find_lead(
    batch: Batch, is_headline: NDArray[np.bool_], is_prose: NDArray[np.bool_], units: Floats
) -> NDArray[np.intp]:
    """Row of the first long prose below each page's first headline, shape (p,).

    Or else of the first long prose, or of the first prose; n of a page without any.
    """
    bounds, n = batch.bounds, len(batch)
    headline = bounds.first(is_headline)
    below = np.arange(n) >= bounds.spread(np.where(headline < n, headline, bounds.starts))
    is_long = is_prose & (units >= _LEAST_UNITS)
    lead = np.full(len(headline), n)
    for hits in (is_long & below, is_long, is_prose):
        lead = np.where(lead < n, lead, bounds.first(hits))
    return lead
