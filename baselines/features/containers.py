"""Compute columns of what the elements around a line hold."""

from collections.abc import Collection

import numpy as np

from baselines.features.batch import Batch
from baselines.features.columns import (
    Features,
    Floats,
    matrix,
    mean_by_key,
    occurrences,
    side_by_side,
)

VIEWS, PLACE = ("html",), 5

_MAIN_SHARE = 0.5
"""A container is a main one while it holds at least this share of the page's prose."""
_ANCESTORS = (0, 1, 2, 3, 5)
_SIBLING_LEVELS = range(4)


def columns(batch: Batch) -> Features:
    """Compute what a line's ancestors hold, and where its siblings stand."""
    containers, keys, log_units = batch.containers, batch.line_keys, np.log1p(batch.units)
    is_prose = (batch.prose > 0).astype(float)
    count = (containers.end - containers.start).astype(float)
    chars = np.maximum(batch.sums_of_elements(batch.chars), 1)
    link_density = batch.sums_of_elements(batch.link_chars) / chars
    mean_prose = batch.sums_of_elements(is_prose) / np.maximum(count, 1)
    facts = {
        "held": np.sqrt(batch.held_prose),
        "link_density": link_density,
        "lines": np.log1p(count),
        "units": np.log1p(batch.sums_of_elements(batch.units) / np.maximum(count, 1)),
        "prose": mean_prose,
        "alike": batch.alike_siblings,
        "prose_of_alike": mean_by_key(containers.signature, mean_prose),
    }
    of_alike_lines = {
        "prose_of_signature": mean_by_key(keys, is_prose),
        "units_of_signature": mean_by_key(keys, log_units),
        "links_of_signature": mean_by_key(keys, batch.link_density),
        "lines_of_signature": np.log(occurrences(keys)),
    }
    return side_by_side(
        _of_ancestors(facts, batch, _ANCESTORS),
        _of_ancestors(_siblings(batch), batch, _SIBLING_LEVELS),
        matrix(_place_to_main(batch, link_density) | of_alike_lines),
    )


def _place_to_main(batch: Batch, link_density: Floats) -> dict[str, Floats]:
    """Compute where lines stand to the deepest element that holds most of their page's prose."""
    containers, own, bounds = batch.containers, batch.container, batch.bounds
    held = batch.held_prose
    is_main = held >= _MAIN_SHARE
    most_alike, outside, shared = batch.over_ancestors(
        np.maximum,
        np.stack(
            [
                np.where(is_main, 0.0, batch.alike_siblings),
                np.where(is_main, 0.0, containers.depth),
                np.where(is_main, containers.depth, 0.0),  # of what holds the main one, too
            ]
        ),
    )[:, own]
    # Rows of elements are in document order, so the last main one is the deepest; but where two
    # hold one half each, a line in the first may stand deeper in it than the last is.
    main = np.maximum(batch.elements.last(is_main), batch.elements.starts)
    outside_main = np.maximum(bounds.spread(containers.depth[main]) - shared, 0)
    start, end = bounds.spread(containers.start[main]), bounds.spread(containers.end[main])
    rows = np.arange(len(batch))
    depth = containers.depth[own].astype(float)
    return {
        "depth": np.log1p(depth),
        "inside_main": ((rows >= start) & (rows < end)).astype(float),
        "before_main": (rows < start).astype(float),
        "after_main": (rows >= end).astype(float),
        "steps_outside_main": np.log1p(outside_main),
        "steps_below_main": np.log1p(depth - shared),
        "main_link_density": bounds.spread(link_density[main]),
        "main_lines": (end - start) / bounds.spread(bounds.lengths),
        "main_held": bounds.spread(held[main]),
        "most_alike": most_alike,
        "below_main_depth": np.log1p(outside),
    }


def _of_ancestors(facts: dict[str, Floats], batch: Batch, levels: Collection[int]) -> Features:
    """Take facts of the elements so many levels above each line, shape (n, levels * facts)."""
    values = matrix(facts).columns
    ancestors = enumerate(batch.ancestors(max(levels) + 1))
    blocks = [values[:, ancestor] for level, ancestor in ancestors if level in levels]
    names = tuple(f"{name}_{level}_up" for level in levels for name in facts)
    return Features(names, np.concatenate(blocks))


def _siblings(batch: Batch) -> dict[str, Floats]:
    """Count the children of each element, and its siblings before and after it."""
    m = len(batch.containers)
    parent = batch.containers.parent
    # The outermost elements of a page are siblings, too, of a parent beyond all rows.
    family = np.where(parent < 0, m + batch.elements.page, parent)
    order = np.argsort(family, kind="stable")
    counts = np.bincount(family, minlength=m)
    before = np.zeros(m)
    before[order] = np.arange(m) - (np.cumsum(counts) - counts)[family[order]]
    return {
        "children": np.log1p(counts[:m]),
        "siblings_before": np.log1p(before),
        "siblings_after": np.log1p(counts[family] - before - 1),
    }
