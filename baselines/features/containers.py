"""Columns of what the elements around a line hold.

Every element covers one range of lines, so that sums over elements are differences of cumulative
sums over lines.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from baselines.characters import STOP, Characters
from baselines.columns import (
    Features,
    Floats,
    matrix,
    mean_by_key,
    numbered,
    occurrences,
    side_by_side,
)
from baselines.features.declared import from_last
from baselines.features.text import is_prose
from corpus import BLOCK_TAGS, Containers, Lines
from corpus.lines import Ints

# A container is a main one while it holds at least this share of the page's prose.
_MAIN_SHARE = 0.5
_ANCESTORS = (0, 1, 2, 3, 5)
_SIBLING_LEVELS = 4
_HEADING_LEVELS = 4  # how far up a heading may enclose a line
_HEADING_LEVEL = np.array(
    [int(tag[1]) if tag in {"h1", "h2", "h3", "h4", "h5", "h6"} else 0 for tag in BLOCK_TAGS]
)


def container_columns(lines: Lines, characters: Characters, link_density: Floats) -> Features:
    """What a line's ancestors hold, where its siblings stand, and what is under its heading."""
    containers = lines.containers
    units = characters.units
    prosaic = is_prose(units, characters.counts[:, STOP])
    prose = np.where(prosaic, units * (1 - link_density), 0.0)
    page_prose = max(float(prose.sum()), 1.0)

    count = (containers.end - containers.start).astype(float)
    held = _sums(prose, containers) / page_prose
    density = _sums(lines.link_chars, containers) / np.maximum(_sums(lines.chars, containers), 1)
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
    own = lines.container
    keys = line_keys(lines)
    alike_lines = {
        "prose_of_signature": mean_by_key(keys, (prose > 0).astype(float)),
        "units_of_signature": mean_by_key(keys, np.log1p(units)),
        "links_of_signature": mean_by_key(keys, link_density),
        "lines_of_signature": np.log(occurrences(keys)),
    }
    return side_by_side(
        _of_ancestors(facts, own, containers, _ANCESTORS),
        _of_ancestors(_sibling_columns(containers), own, containers, range(_SIBLING_LEVELS)),
        matrix(
            _main_columns(lines, held, density, alike)
            | alike_lines
            | _heading_columns(lines, units, link_density)
        ),
    )


def _main_columns(lines: Lines, held: Floats, density: Floats, alike: Floats) -> dict[str, Floats]:
    """Where lines stand to the deepest element that holds most of the page's prose."""
    containers, own, n = lines.containers, lines.container, len(lines)
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
    main = int(np.flatnonzero(is_main)[-1]) if is_main.any() else 0
    start, end = int(containers.start[main]), int(containers.end[main])
    at = np.arange(n)
    depth = containers.depth[own].astype(float)
    return {
        "depth": np.log1p(depth),
        "inside_main": ((at >= start) & (at < end)).astype(float),
        "before_main": (at < start).astype(float),
        "after_main": (at >= end).astype(float),
        "steps_outside_main": np.log1p(float(containers.depth[main]) - shared),
        "steps_below_main": np.log1p(depth - shared),
        "main_link_density": np.full(n, density[main]),
        "main_lines": np.full(n, (end - start) / max(n, 1)),
        "main_held": np.full(n, held[main]),
        "most_alike": most_alike,
        "below_main_depth": np.log1p(outside),
    }


def _of_ancestors(
    facts: dict[str, Floats], own: Ints, containers: Containers, levels: Iterable[int]
) -> Features:
    """Facts of the elements so many levels above each line's own, shape (n, levels * facts)."""
    values = matrix(facts).columns
    wanted = list(levels)
    blocks = []
    ancestor = own
    for level in range(wanted[-1] + 1):
        if level in wanted:
            blocks.append(values[:, ancestor])
        ancestor = np.maximum(containers.parent[ancestor], 0)
    names = tuple(f"{name}_{level}_up" for level in wanted for name in facts)
    return Features(names, np.concatenate(blocks))


def _sibling_columns(containers: Containers) -> dict[str, Floats]:
    """How many children an element has, and siblings before and after it."""
    m = len(containers)
    parent = containers.parent.astype(np.int64) + 1
    order = np.argsort(parent, kind="stable")
    counts = np.bincount(parent, minlength=m + 1)
    before = np.zeros(m)
    before[order] = np.arange(m) - (np.cumsum(counts) - counts)[parent[order]]
    return {
        "children": np.log1p(counts[1:]),
        "siblings_before": np.log1p(before),
        "siblings_after": np.log1p(counts[parent] - before - 1),
    }


def _heading_columns(lines: Lines, units: Floats, link_density: Floats) -> dict[str, Floats]:
    """What stands between a line's heading and the next one."""
    n, own, containers = len(lines), lines.container, lines.containers
    at = np.arange(n)
    level = np.zeros(n, np.int64)
    ancestor = own
    for _ in range(_HEADING_LEVELS):
        level = np.where(level == 0, _HEADING_LEVEL[containers.tag[ancestor]], level)
        ancestor = np.maximum(containers.parent[ancestor], 0)
    is_heading = level > 0
    last = np.maximum.accumulate(np.where(is_heading, at, -1))
    has_one = last >= 0
    section = np.cumsum(is_heading, dtype=np.int64)
    depth = containers.depth[own].astype(float)
    return {
        "since_heading": np.log1p(at - last),
        "heading_level": np.where(has_one, level[last], 0).astype(float),
        "below_heading": np.where(has_one, depth - depth[last], 0),
        "link_density_of_section": mean_by_key(section, link_density),
        "units_of_section": mean_by_key(section, np.log1p(units)),
        "lines_of_section": np.log(occurrences(section)),
        "section": section / max(int(section[-1]), 1),
        "sections": np.full(n, np.log1p(section[-1])),
        "first_headings": np.full(n, float(min(int((level == 1).sum()), 3))),
        **from_last("first_heading", level == 1),
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


def line_keys(lines: Lines) -> NDArray[np.int64]:
    """Number of the lines whose innermost element and its parent look the same, from 0."""
    signature = lines.containers.signature.astype(np.int64)
    parent = np.maximum(lines.containers.parent, 0)
    kinds = int(signature.max(initial=0)) + 1
    own = lines.container
    return numbered(signature[own] * kinds + signature[parent[own]])


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
