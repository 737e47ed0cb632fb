"""Columns of what the elements around a line hold.

Every element covers one range of lines, so that sums over elements are differences of cumulative
sums over lines.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.features.characters import STOP, Characters
from baselines.features.columns import (
    Features,
    Floats,
    exact,
    matrix,
    mean_by_key,
    numbered,
    occurrences,
    side_by_side,
)
from baselines.features.declarations import from_last
from baselines.features.lead import find_lead, lead_columns
from baselines.features.text import MOSTLY_LINK, is_prose
from corpus import BLOCK_TAGS, Containers
from corpus.tags import HEADINGS

# A container is a main one while it holds at least this share of the page's prose.
_MAIN_SHARE = 0.5
_ANCESTORS = (0, 1, 2, 3, 5)
_SIBLING_LEVELS = 4
_HEADING_LEVELS = 4  # how far up a heading may enclose a line
_HEADING_LEVEL = np.array([int(tag[1]) if tag in HEADINGS else 0 for tag in BLOCK_TAGS])


def container_columns(batch: Batch, characters: Characters, link_density: Floats) -> Features:
    """What a line's ancestors hold, where its siblings stand, its heading, and the lead."""
    containers = batch.containers
    units = exact(characters.units)
    prosaic = is_prose(units, characters.counts[:, STOP])
    prose = exact(np.where(prosaic, units * (1 - link_density), 0.0))
    page_prose = np.maximum(batch.bounds.sums(prose), 1.0)

    count = (containers.end - containers.start).astype(float)
    held = _sums(prose, containers) / batch.elements.spread(page_prose)
    density = _sums(batch.link_chars, containers) / np.maximum(_sums(batch.chars, containers), 1)
    mean_prose = _sums((prose > 0).astype(float), containers) / np.maximum(count, 1)
    alike = np.log(_alike_siblings(containers))
    facts = {
        "held": np.sqrt(held),
        "link_density": density,
        "lines": np.log1p(count),
        "units": np.log1p(_sums(units, containers) / np.maximum(count, 1)),
        "prose": mean_prose,
        "alike": alike,
        "prose_of_alike": mean_by_key(containers.signature, mean_prose),
    }
    keys = line_keys(batch)
    heading_level = _heading_levels(batch)
    lead = find_lead(batch, heading_level == 1, prosaic & (link_density < MOSTLY_LINK), units)
    alike_lines = {
        "prose_of_signature": mean_by_key(keys, (prose > 0).astype(float)),
        "units_of_signature": mean_by_key(keys, np.log1p(units)),
        "links_of_signature": mean_by_key(keys, link_density),
        "lines_of_signature": np.log(occurrences(keys)),
    }
    return side_by_side(
        _of_ancestors(facts, batch, _ANCESTORS),
        _of_ancestors(_sibling_columns(batch), batch, range(_SIBLING_LEVELS)),
        matrix(
            _main_columns(batch, held, density, alike)
            | alike_lines
            | _heading_columns(batch, heading_level, units, link_density)
            | lead_columns(batch, lead, keys, prose, held, alike)
        ),
    )


def _main_columns(batch: Batch, held: Floats, density: Floats, alike: Floats) -> dict[str, Floats]:
    """Where lines stand to the deepest element that holds most of their page's prose."""
    containers, own, bounds = batch.containers, batch.container, batch.bounds
    is_main = held >= _MAIN_SHARE
    most_alike, outside, shared = _max_of_ancestors(
        np.stack(
            [
                np.where(is_main, 0.0, alike),
                np.where(is_main, 0.0, containers.depth),
                np.where(is_main, containers.depth, 0.0),  # of what holds the main one, too
            ]
        ),
        containers,
    )[:, own]
    # Rows of elements are in document order, so the last main one is the deepest.
    main = np.maximum(batch.elements.last(is_main), batch.elements.starts)
    start, end = bounds.spread(containers.start[main]), bounds.spread(containers.end[main])
    rows = np.arange(len(batch))
    depth = containers.depth[own].astype(float)
    return {
        "depth": np.log1p(depth),
        "inside_main": ((rows >= start) & (rows < end)).astype(float),
        "before_main": (rows < start).astype(float),
        "after_main": (rows >= end).astype(float),
        "steps_outside_main": np.log1p(bounds.spread(containers.depth[main]) - shared),
        "steps_below_main": np.log1p(depth - shared),
        "main_link_density": bounds.spread(density[main]),
        "main_lines": (end - start) / bounds.spread(bounds.lengths),
        "main_held": bounds.spread(held[main]),
        "most_alike": most_alike,
        "below_main_depth": np.log1p(outside),
    }


def _of_ancestors(facts: dict[str, Floats], batch: Batch, levels: Iterable[int]) -> Features:
    """Facts of the elements so many levels above each line's own, shape (n, levels * facts)."""
    values = matrix(facts).columns
    wanted = list(levels)
    blocks = []
    ancestor: NDArray[np.integer] = batch.container
    for level in range(wanted[-1] + 1):
        if level in wanted:
            blocks.append(values[:, ancestor])
        ancestor = batch.above[ancestor]
    names = tuple(f"{name}_{level}_up" for level in wanted for name in facts)
    return Features(names, np.concatenate(blocks))


def _sibling_columns(batch: Batch) -> dict[str, Floats]:
    """How many children an element has, and siblings before and after it."""
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


def _heading_levels(batch: Batch) -> NDArray[np.int64]:
    """Level of the heading that each line is, 0 of none, shape (n,)."""
    level = np.zeros(len(batch), np.int64)
    ancestor: NDArray[np.integer] = batch.container
    for _ in range(_HEADING_LEVELS):
        level = np.where(level == 0, _HEADING_LEVEL[batch.containers.tag[ancestor]], level)
        ancestor = batch.above[ancestor]
    return level


def _heading_columns(
    batch: Batch, level: NDArray[np.int64], units: Floats, link_density: Floats
) -> dict[str, Floats]:
    """What stands between a line's heading and the next one."""
    bounds, own = batch.bounds, batch.container
    rows = np.arange(len(batch))
    is_heading = level > 0
    last = np.maximum.accumulate(np.where(is_heading, rows, -1))
    has_one = last >= bounds.spread(bounds.starts)
    headings = np.cumsum(is_heading, dtype=np.int64)
    number = headings + bounds.page  # each page begins a section
    section = bounds.running(is_heading.astype(float))
    sections = bounds.spread(section[bounds.ends - 1])
    depth = batch.containers.depth[own].astype(float)
    return {
        "since_heading": np.log1p(np.where(has_one, rows - last, bounds.at + 1)),
        "heading_level": np.where(has_one, level[last], 0).astype(float),
        "below_heading": np.where(has_one, depth - depth[last], 0),
        "link_density_of_section": mean_by_key(number, link_density),
        "units_of_section": mean_by_key(number, np.log1p(units)),
        "lines_of_section": np.log(occurrences(number)),
        "section": section / np.maximum(sections, 1),
        "sections": np.log1p(sections),
        "first_headings": bounds.spread(np.minimum(bounds.sums(level == 1), 3.0)),
        **from_last("first_heading", level == 1, bounds),
    }


def _sums(values: NDArray[np.generic], containers: Containers) -> Floats:
    """Sum of a column over the lines of each element, shape (m,)."""
    cumulative = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: Floats = cumulative[containers.end] - cumulative[containers.start]
    return sums


def _alike_siblings(containers: Containers) -> Floats:
    """Number of siblings, itself included, with the same tag and class, shape (m,)."""
    kinds = int(containers.signature.max(initial=0)) + 1
    keys = (containers.parent.astype(np.int64) + 1) * kinds + containers.signature
    return occurrences(numbered(keys))


def line_keys(batch: Batch) -> NDArray[np.int64]:
    """Number of the lines whose innermost element and its parent look the same, from 0."""
    signature = batch.containers.signature.astype(np.int64)
    kinds = int(signature.max(initial=0)) + 1
    own = batch.container
    return numbered(signature[own] * kinds + signature[batch.above[own]])


def _max_of_ancestors(values: Floats, containers: Containers) -> Floats:
    """Largest of each row's values among each element and its ancestors, shape (rows, m).

    By pointer jumping: each pass looks twice as far up.
    """
    best = values.copy()
    jump = containers.parent.copy()
    while len(open_ := np.flatnonzero(jump >= 0)):
        above = jump[open_]
        best[:, open_] = np.maximum(best[:, open_], best[:, above])
        jump[open_] = jump[above]
    return best
