"""Make pages that the datasets lack: with parts of other pages put in, or without their body.

Long comments below a short article, teasers within its container, a wall of consent text before it,
the menus of three sites on one: each is rare in a dataset and common on the web. They are made of
parts of training pages that hold noise alone, put into pages of other sites.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.training.samples import BODY, NOISE, Sample
from corpus import Lines
from corpus.graft import Place, graft, only_lines
from labels import Label


class Kind(StrEnum):
    """What a part of a page is."""

    COMMENTS = "comments"
    TEASERS = "teasers"
    PROSE = "prose"
    MENU = "menu"


class Part(NamedTuple):
    """An element of a page that holds no body, and all in it."""

    page: int
    """Position of the page."""
    root: int
    """Row of the element."""


_WEIGHT = 0.5  # what such a page counts for, to 1 of the page that it is made of
_WITHOUT_BODY = 0.1  # share of the pages that lose their body
# How likely a page is given a part, and how likely the first of the two places for it.
_CHANCES: dict[Kind, tuple[float, float, Place, Place]] = {
    Kind.COMMENTS: (0.5, 0.6, Place.AFTER, Place.LAST),
    Kind.TEASERS: (0.4, 0.6, Place.AFTER, Place.LAST),
    Kind.PROSE: (0.3, 0.6, Place.BEFORE, Place.AFTER),
    Kind.MENU: (0.5, 0.6, Place.FIRST, Place.BEFORE),
}
_MOST_MENUS = 3
_PART_LINES = (3, 150)  # fewest and most of a part
_THREAD_LINES = (5, 200)  # of a forum's posts, which can stand for comments
_FEWEST_TEASERS = 4
_FEWEST_BODY_LINES = 2
_FEWEST_LEFT = 5  # lines of a page that is worth taking the body from
_MANY_LINKS, _FEW_LINKS = 0.6, 0.4  # link densities
_PROSE_UNITS = 30.0
_MOSTLY_COMMENTS = 0.3
_MAIN_SHARE = 0.9  # of the body's characters, in the element beside which parts are put
_THREAD_SHARE = 0.85


def grafted_samples(pages: Sequence[Sample], seed: int) -> list[Sample]:
    """Make, of most pages with HTML, one with parts of other pages of their source, or no body."""
    samples = []
    for row, lines, targets in grafted_pages(pages, seed):
        page = pages[row]
        features = {"html": VIEWS["html"].features(Batch.of([lines]))}
        has_body = bool((targets == BODY).any())
        samples.append(
            replace(
                page,
                lines=lines,
                features=features,
                weight=_WEIGHT * page.weight,
                roles=targets,
                targets=targets,
                labels=None,
                by_line=False,
                is_article=page.is_article if has_body else None,
            )
        )
    return samples


def grafted_pages(
    pages: Sequence[Sample], seed: int
) -> Iterator[tuple[int, Lines, NDArray[np.int8]]]:
    """Put parts of pages into others of their source; the same seed makes the same.

    Yields:
        The position of the page, its lines, and their targets.
    """
    random = np.random.default_rng(seed)
    parts: dict[tuple[str, Kind], list[Part]] = defaultdict(list)
    for row, page in enumerate(pages):
        for kind, root in noise_parts(page):
            parts[page.source, kind].append(Part(row, root))
    for row, page in enumerate(pages):
        is_body = page.targets == BODY
        main = main_element(page.lines, is_body, _MAIN_SHARE)
        if is_body.sum() < _FEWEST_BODY_LINES or page.lines.containers.parent[main] < 0:
            continue
        if random.random() < _WITHOUT_BODY:
            if np.count_nonzero(~is_body) >= _FEWEST_LEFT:
                yield row, only_lines(page.lines, ~is_body), page.targets[~is_body]
            continue
        lines, targets = page.lines, page.targets
        for kind, place in _parts_to_add(page, random):
            of_kind = parts[page.source, kind]
            donor, root = of_kind[random.integers(len(of_kind))] if of_kind else Part(row, 0)
            if pages[donor].site == page.site:
                continue
            main = main_element(lines, targets == BODY, _MAIN_SHARE)
            at = 0 if place is Place.FIRST else main
            lines, new = graft(lines, at, place, pages[donor].lines, root)
            noise = np.full(new.stop - new.start, NOISE, np.int8)
            targets = np.concatenate([targets[: new.start], noise, targets[new.start :]])
        if lines is not page.lines:
            yield row, lines, targets


def _parts_to_add(page: Sample, random: np.random.Generator) -> Iterator[tuple[Kind, Place]]:
    for kind, (chance, of_first, first, second) in _CHANCES.items():
        # Below a forum's posts, posts of another thread would be body.
        if (kind is Kind.COMMENTS and page.is_article is False) or random.random() >= chance:
            continue
        place = first if random.random() < of_first else second
        for _ in range(int(random.integers(1, _MOST_MENUS + 1)) if kind is Kind.MENU else 1):
            yield kind, place


def noise_parts(page: Sample) -> Iterator[tuple[Kind, int]]:
    """Find the elements that hold noise alone and are in none that does: kind, and row.

    Of a forum, the element that holds its posts, too: below an article they would be comments.
    """
    containers = page.lines.containers
    fewest, most = _PART_LINES
    batch = Batch.of([page.lines])
    count = containers.end - containers.start
    is_noise = batch.sums_of_elements(page.targets == NOISE) == count
    is_noise &= (count >= fewest) & (count <= most)
    in_other = np.where(containers.parent >= 0, is_noise[containers.parent], False)
    chars = np.maximum(batch.sums_of_elements(batch.chars), 1)
    link_density = batch.sums_of_elements(batch.link_chars) / chars
    prose = batch.sums_of_elements(batch.prose)
    comments = batch.sums_of_elements(np.asarray(page.labels) == Label.COMMENT.code)
    for row in np.flatnonzero(is_noise & ~in_other).tolist():
        if comments[row] > _MOSTLY_COMMENTS * count[row]:
            yield Kind.COMMENTS, row
        elif link_density[row] > _MANY_LINKS:
            yield Kind.MENU, row
        elif prose[row] >= _PROSE_UNITS and link_density[row] < _FEW_LINKS:
            yield Kind.PROSE, row
        elif count[row] >= _FEWEST_TEASERS:
            yield Kind.TEASERS, row
    if page.is_forum:
        thread = main_element(page.lines, page.targets == BODY, _THREAD_SHARE)
        fewest, most = _THREAD_LINES
        if thread >= 0 and containers.parent[thread] >= 0 and fewest <= count[thread] <= most:
            yield Kind.COMMENTS, thread


def main_element(lines: Lines, is_body: NDArray[np.bool_], share: float) -> int:
    """Find the deepest element that holds so much of the body's characters; -1 if none does."""
    containers = lines.containers
    before = np.concatenate([[0], np.cumsum(lines.chars * is_body)])
    held = before[containers.end] - before[containers.start]
    holds = np.flatnonzero(held >= max(share * before[-1], 1))
    return int(holds[-1]) if len(holds) else -1
