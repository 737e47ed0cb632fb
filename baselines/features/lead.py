"""Compute columns of where the content begins: the lead, the first sentences below the headline.

What stands beside the lead or looks like it is of the content. Where much of a page looks like it,
as the posts of a forum do, all of that is; comments that look different are not.
"""

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.columns import Features, matrix

VIEWS, PLACE = ("html",), 7

_LEAST_UNITS = 15.0
"""Sentences of a lead, in units; shorter ones are one where there are no others."""
_LEVELS = (1, 2, 3, 5)
_HELD_LEVELS = (1, 3)
_MOSTLY = 0.9
"""What holds so much of a page's prose is around the content, and not a part of it."""


def columns(batch: Batch) -> Features:
    """Compute what lines have to do with the lead of their page, and the lead with its page."""
    bounds, containers, prose = batch.bounds, batch.containers, batch.prose
    held, alike, keys = batch.held_prose, batch.alike_siblings, batch.line_keys
    lead = _find_lead(batch)
    rows, has_one = np.arange(len(batch)), bounds.spread(lead < len(batch))
    lead = np.where(lead < len(batch), lead, bounds.starts)
    lead_row = bounds.spread(lead)
    is_like = (keys == keys[lead_row]) & has_one
    page_prose = np.maximum(bounds.sums(prose), 1.0)
    values: dict[str, NDArray[np.generic]] = {
        "like_lead": is_like,
        "before_lead": (rows < lead_row) & has_one,
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
            values[f"with_lead_{level}_up"] = (rows >= start) & (rows < end) & has_one
        if level in _HELD_LEVELS:
            values[f"page_lead_held_{level}_up"] = bounds.spread(held[ancestor])
    values["page_lead_alike"] = bounds.spread(most_alike)
    return matrix(values)


def _find_lead(batch: Batch) -> NDArray[np.intp]:
    """Find the row of the first long prose below each page's first headline, shape (p,).

    Without one, of the first long prose, or of the first prose; n of a page without any.
    """
    bounds, n = batch.bounds, len(batch)
    headline = bounds.first(batch.heading_levels == 1)
    below = np.arange(n) >= bounds.spread(np.where(headline < n, headline, bounds.starts))
    is_long = batch.is_prose & (batch.units >= _LEAST_UNITS)
    lead = np.full(len(headline), n)
    for hits in (is_long & below, is_long, batch.is_prose):
        lead = np.where(lead < n, lead, bounds.first(hits))
    return lead
