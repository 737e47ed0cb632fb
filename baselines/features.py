"""Columns of a page to a feature matrix: one row a line, one column a feature.

Nothing here knows a language, a site or the name of a class: lengths are in units that are alike
between scripts, and what a page's author called things counts only where it repeats.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baselines.characters import (
    COMMA,
    DIGIT,
    MARK,
    QUOTE,
    STOP,
    Characters,
    count_characters,
)
from baselines.columns import (
    Floats,
    distance_back,
    heaviest_stretch,
    mean_around,
    mean_before,
    mean_by_key,
    occurrences,
    run_lengths,
    shift,
)
from corpus import BLOCK_TAGS, Containers, Flag, Lines

# Prose: a line of at least this many units in which a sentence ends, or one far longer.
_PROSE_UNITS = 8.0
_PROSE_UNITS_UNENDED = 32.0
_MOSTLY_LINK, _ALL_LINK = 0.5, 0.95
# What a line that is no prose costs a stretch of lines, in units.
_GAP_COST = 6.0
# A container is a main one while it holds at least this share of the page's prose.
_MAIN_SHARE = 0.5

_WINDOWS = (1, 3, 8, 20)
_ANCESTORS = (0, 1, 2, 3, 5)

_TAG_GROUPS = {
    "p": ("p",),
    "li": ("li", "dd", "dt"),
    "cell": ("tr", "td", "th"),
    "h1": ("h1",),
    "h2": ("h2", "h3"),
    "h4": ("h4", "h5", "h6"),
    "div": ("div", "section", "center"),
    "control": ("button", "label", "option", "legend", "summary", "select"),
}


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one page's n lines."""

    names: tuple[str, ...]
    values: NDArray[np.float32]
    """Shape (n, len(names)), not scaled."""

    def beside(self, more: "Features") -> "Features":
        """These columns with more of them to their right."""
        return Features(self.names + more.names, np.hstack([self.values, more.values]))


def text_features(lines: Lines) -> Features:
    """Features that need the text alone, so that they exist on every page."""
    return matrix(_text_columns(count_characters(lines.texts)))


def dom_features(lines: Lines) -> Features:
    """Features of text and markup together; the page must have HTML."""
    characters = count_characters(lines.texts)
    link_density = lines.link_chars / np.maximum(lines.chars, 1)
    columns = _text_columns(characters, link_density)
    columns |= _markup_columns(lines, link_density)
    columns |= _container_columns(lines, characters, link_density)
    return matrix(columns)


def matrix(columns: dict[str, Floats]) -> Features:
    """Columns by name, side by side."""
    return Features(tuple(columns), np.column_stack(list(columns.values())).astype(np.float32))


def _text_columns(characters: Characters, link_density: Floats | None = None) -> dict[str, Floats]:
    units, counts = characters.units, characters.counts
    n = len(units)
    total = np.maximum(counts.sum(axis=1), 1)
    log_units = np.log1p(units)
    stops = counts[:, STOP]
    ends = (characters.last == STOP).astype(float)
    is_prose = _is_prose(units, stops)
    if link_density is not None:
        is_prose &= link_density < _MOSTLY_LINK
    prose = np.where(is_prose, units, 0.0)
    short = (units < _PROSE_UNITS).astype(float)
    digits = counts[:, DIGIT] / total
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
        "prose": is_prose.astype(float),
    }
    columns |= _repetition_columns(characters)
    columns |= _position_columns(n, prose, is_prose)
    for name, values in (
        ("log_units", log_units),
        ("prose", is_prose.astype(float)),
        ("ends_with_stop", ends),
        ("digits", digits),
    ):
        columns |= _window_columns(name, values)
    for step in (1, 2):
        columns[f"unlike_{step}_before"] = np.abs(log_units - shift(log_units, step))
        columns[f"unlike_{step}_after"] = np.abs(log_units - shift(log_units, -step))
    columns["short_run"] = np.log1p(run_lengths(short > 0)) * short
    columns["long_run"] = np.log1p(run_lengths(short > 0)) * (1 - short)
    return columns


def _is_prose(units: Floats, stops: Floats) -> NDArray[np.bool_]:
    ended: NDArray[np.bool_] = (units >= _PROSE_UNITS) & (stops > 0)
    return ended | (units >= _PROSE_UNITS_UNENDED)


def _repetition_columns(characters: Characters) -> dict[str, Floats]:
    exact = occurrences(characters.exact)
    alike = occurrences(characters.skeleton)
    skeleton = characters.skeleton
    near = np.zeros(len(skeleton))
    for step in (1, 2, 3):
        near += shift(skeleton, step) == skeleton
        near += shift(skeleton, -step) == skeleton
    return {
        "repeats": np.log(exact),
        "repeats_but_digits": np.log(alike),
        "repeats_near": near,
        "repeats_around": mean_around(np.log(alike), 5),
    }


def _position_columns(n: int, prose: Floats, is_prose: NDArray[np.bool_]) -> dict[str, Floats]:
    at = np.arange(n, dtype=float)
    page_prose = max(float(prose.sum()), 1.0)
    before = np.cumsum(prose) - prose
    start, end = heaviest_stretch(np.where(is_prose, prose, -_GAP_COST))
    inside = (at >= start) & (at < end)
    held = float(prose[start:end].sum()) / page_prose
    return {
        "place": at / max(n, 1),
        "from_start": np.log1p(at),
        "from_end": np.log1p(n - 1 - at),
        "lines": np.full(n, np.log1p(n)),
        "page_prose": np.full(n, np.log1p(prose.sum())),
        "prose_before": before / page_prose,
        "prose_after": 1 - (before + prose) / page_prose,
        "is_first_tenth": (before < 0.1 * page_prose).astype(float),
        "to_prose_before": np.log1p(distance_back(is_prose)),
        "to_prose_after": np.log1p(distance_back(is_prose[::-1])[::-1]),
        "in_stretch": inside.astype(float),
        "in_stretch_held": inside * held,
        "before_stretch": np.log1p(np.maximum(start - at, 0)),
        "after_stretch": np.log1p(np.maximum(at - end + 1, 0)),
        "after_stretch_held": np.log1p(np.maximum(at - end + 1, 0)) * held,
    }


def _window_columns(name: str, values: Floats) -> dict[str, Floats]:
    columns = {f"{name}_within_{k}": mean_around(values, k) for k in _WINDOWS}
    for k in (2, 6, 15):
        columns[f"{name}_before_{k}"] = mean_before(values, k)
        columns[f"{name}_after_{k}"] = mean_before(values[::-1], k)[::-1]
    return columns


def _markup_columns(lines: Lines, link_density: Floats) -> dict[str, Floats]:
    columns = {
        f"in_{flag.name.lower()}": ((lines.flags & flag.value) > 0).astype(float)
        for flag in Flag
        if flag.name is not None
    }
    tags = np.array(BLOCK_TAGS)[lines.containers.tag[lines.container]]
    columns |= {
        f"tag_{name}": np.isin(tags, group).astype(float) for name, group in _TAG_GROUPS.items()
    }
    columns |= {
        "link_density": link_density,
        "all_link": (link_density > _ALL_LINK).astype(float),
        "links": np.log1p(lines.links),
        "images": np.minimum(lines.images, 3).astype(float),
    }
    columns |= _window_columns("link_density", link_density)
    columns["images_within_8"] = mean_around(np.minimum(lines.images, 3).astype(float), 8)
    return columns


def _container_columns(
    lines: Lines, characters: Characters, link_density: Floats
) -> dict[str, Floats]:
    """What the line's ancestors hold.

    Every element covers one range of lines, so that sums over elements are differences of
    cumulative sums over lines.
    """
    containers = lines.containers
    n, units = len(lines), characters.units
    is_prose = _is_prose(units, characters.counts[:, STOP])
    prose = np.where(is_prose, units * (1 - link_density), 0.0)
    page_prose = max(float(prose.sum()), 1.0)

    count = (containers.end - containers.start).astype(float)
    held = _sums(prose, containers) / page_prose
    density = _sums(lines.link_chars, containers) / np.maximum(_sums(lines.chars, containers), 1)
    mean_units = _sums(units, containers) / np.maximum(count, 1)
    mean_prose = _sums((prose > 0).astype(float), containers) / np.maximum(count, 1)
    alike = _alike_siblings(containers)
    same_kind = _mean_by_signature(containers, mean_prose)
    is_main = held >= _MAIN_SHARE

    own = lines.container
    columns: dict[str, Floats] = {}
    ancestor = own.copy()
    for level in range(max(_ANCESTORS) + 1):
        if level in _ANCESTORS:
            columns[f"held_{level}_up"] = np.sqrt(held[ancestor])
            columns[f"link_density_{level}_up"] = density[ancestor]
            columns[f"lines_{level}_up"] = np.log1p(count[ancestor])
            columns[f"units_{level}_up"] = np.log1p(mean_units[ancestor])
            columns[f"prose_{level}_up"] = mean_prose[ancestor]
            columns[f"alike_{level}_up"] = np.log(alike[ancestor])
            columns[f"prose_of_alike_{level}_up"] = same_kind[ancestor]
        ancestor = np.maximum(containers.parent[ancestor], 0)

    most_alike = _max_of_ancestors(np.where(is_main, 0.0, np.log(alike)), containers)
    outside = _max_of_ancestors((~is_main).astype(float) * containers.depth, containers)
    # Rows of elements are in document order, so the last main one is the deepest.
    main = int(np.flatnonzero(is_main)[-1]) if is_main.any() else 0
    at = np.arange(n)
    in_main = (at >= containers.start[main]) & (at < containers.end[main])
    main_depth = float(containers.depth[main])
    shared = _deepest_shared(containers, is_main)[own]
    depth = containers.depth[own].astype(float)
    columns |= {
        "depth": np.log1p(depth),
        "in_main": in_main.astype(float),
        "before_main": (at < containers.start[main]).astype(float),
        "after_main": (at >= containers.end[main]).astype(float),
        "steps_outside_main": np.log1p(main_depth - shared),
        "steps_below_main": np.log1p(depth - shared),
        "main_link_density": np.full(n, density[main]),
        "main_lines": np.full(n, count[main] / max(n, 1)),
        "main_held": np.full(n, held[main]),
        "most_alike": most_alike[own],
        "below_main_depth": np.log1p(outside[own]),
        "prose_of_signature": mean_by_key(line_keys(lines), (prose > 0).astype(float)),
        "units_of_signature": mean_by_key(line_keys(lines), np.log1p(units)),
        "links_of_signature": mean_by_key(line_keys(lines), link_density),
        "lines_of_signature": np.log(occurrences(line_keys(lines))),
    }
    return columns


def _sums(values: NDArray[np.generic], containers: Containers) -> Floats:
    """Sum of a column over the lines of each element, shape (m,)."""
    cumulative = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: Floats = cumulative[containers.end] - cumulative[containers.start]
    return sums


def _alike_siblings(containers: Containers) -> Floats:
    """Number of siblings, itself included, with the same tag and class, shape (m,)."""
    kinds = int(containers.signature.max(initial=0)) + 1
    return occurrences((containers.parent.astype(np.int64) + 1) * kinds + containers.signature)


def _mean_by_signature(containers: Containers, values: Floats) -> Floats:
    return mean_by_key(containers.signature, values)


def line_keys(lines: Lines) -> NDArray[np.int64]:
    """Key of the lines whose innermost element and its parent look the same."""
    signature = lines.containers.signature.astype(np.int64)
    parent = np.maximum(lines.containers.parent, 0)
    kinds = int(signature.max(initial=0)) + 1
    own = lines.container
    keys: NDArray[np.int64] = signature[own] * kinds + signature[parent[own]]
    return keys


def _max_of_ancestors(values: Floats, containers: Containers) -> Floats:
    """Largest value among each element and its ancestors, shape (m,), by pointer jumping."""
    best = values.copy()
    jump = containers.parent.copy()
    while (open_ := jump >= 0).any():
        best[open_] = np.maximum(best[open_], best[jump[open_]])
        jump[open_] = jump[jump[open_]]
    return best


def _deepest_shared(containers: Containers, is_main: NDArray[np.bool_]) -> Floats:
    """Depth of the deepest element that holds both an element and the main one, shape (m,)."""
    return _max_of_ancestors(np.where(is_main, containers.depth, 0).astype(float), containers)
