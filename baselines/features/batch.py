"""Join the columns of several pages end to end, so that each operation is done once for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from baselines.features.characters import STOP, Characters, count_characters
from baselines.features.columns import Bounds, Floats, exact, numbered_pairs, occurrences
from corpus import BLOCK_TAGS, Containers, Lines
from corpus.html.tags import HEADINGS
from corpus.lines import Declared, Ints

# Prose: a line of at least this many units in which a sentence ends, or one far longer.
PROSE_UNITS = 8.0
_PROSE_UNITS_UNENDED = 32.0
_MOSTLY_LINK = 0.5
_HEADING_LEVELS = 4  # how far up a heading may enclose a line
_HEADING_LEVEL = np.array([int(tag[1]) if tag in HEADINGS else 0 for tag in BLOCK_TAGS])


@dataclass(frozen=True, eq=False)
class Batch:
    """The n lines of p pages, all with HTML or all without, as `corpus.Lines` has them of one.

    The m rows of ``containers`` are those of all pages end to end, and so is what points to them.
    What several modules of features need is a property, computed once, at its first use.
    """

    texts: list[str]
    bounds: Bounds
    chars: Ints
    link_chars: Ints
    links: Ints
    container: Ints
    flags: Ints
    images: Ints
    bold: Ints
    times: Ints
    containers: Containers
    elements: Bounds
    """Which rows of the containers belong to which page."""
    above: NDArray[np.intp]
    """Row of each container's parent, shape (m,); the outermost is its own."""
    declared: tuple[Declared, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, pages: Sequence[Lines]) -> Self:
        """Put pages end to end; each must have a line."""
        bounds = Bounds.of([len(page) for page in pages])
        elements = Bounds.of([len(page.containers) for page in pages])
        first_line, first_row = bounds.starts.tolist(), elements.starts.tolist()
        signatures = [int(page.containers.signature.max(initial=-1)) + 1 for page in pages]
        first_signature = np.cumsum([0, *signatures[:-1]]).tolist()
        containers = [page.containers for page in pages]
        is_outermost = np.concatenate([one.parent for one in containers]) < 0
        parent = _end_to_end((one.parent for one in containers), first_row)
        return cls(
            texts=list(chain.from_iterable(page.texts for page in pages)),
            bounds=bounds,
            chars=np.concatenate([page.chars for page in pages]),
            link_chars=np.concatenate([page.link_chars for page in pages]),
            links=np.concatenate([page.links for page in pages]),
            container=_end_to_end((page.container for page in pages), first_row),
            flags=np.concatenate([page.flags for page in pages]),
            images=np.concatenate([page.images for page in pages]),
            bold=np.concatenate([page.bold for page in pages]),
            times=np.concatenate([page.times for page in pages]),
            containers=Containers(
                parent=np.where(is_outermost, -1, parent).astype(np.int32),
                depth=np.concatenate([one.depth for one in containers]),
                start=_end_to_end((one.start for one in containers), first_line),
                end=_end_to_end((one.end for one in containers), first_line),
                signature=_end_to_end((one.signature for one in containers), first_signature),
                tag=np.concatenate([one.tag for one in containers]),
                names=list(chain.from_iterable(one.names for one in containers)),
            ),
            elements=elements,
            above=np.where(is_outermost, np.arange(len(parent)), parent),
            declared=tuple(page.declared for page in pages),
        )

    def without_links(self) -> Self:
        """The same lines, none of them in links: what is known of them by their text alone."""
        return replace(self, link_chars=np.zeros_like(self.link_chars))

    @cached_property
    def characters(self) -> Characters:
        """The characters of the lines, counted."""
        return count_characters(self.texts, self.bounds)

    @cached_property
    def units(self) -> Floats:
        """Length of each line in units that are alike between scripts, `exact`, shape (n,)."""
        return exact(self.characters.units)

    @cached_property
    def link_density(self) -> Floats:
        """Share of each line's characters that are in links, shape (n,)."""
        return self.link_chars / np.maximum(self.chars, 1)

    @cached_property
    def is_sentence(self) -> NDArray[np.bool_]:
        """Which lines are sentences, by their length and the stops in them, shape (n,)."""
        has_stop = self.characters.counts[:, STOP] > 0
        return ((self.units >= PROSE_UNITS) & has_stop) | (self.units >= _PROSE_UNITS_UNENDED)

    @cached_property
    def is_prose(self) -> NDArray[np.bool_]:
        """Which lines are sentences and not mostly links, shape (n,)."""
        return self.is_sentence & (self.link_density < _MOSTLY_LINK)

    @cached_property
    def prose(self) -> Floats:
        """Units of sentences outside of links in each line, `exact`, shape (n,)."""
        return exact(np.where(self.is_sentence, self.units * (1 - self.link_density), 0.0))

    @cached_property
    def held_prose(self) -> Floats:
        """Share of its page's prose that each element holds, shape (m,)."""
        on_page = np.maximum(self.bounds.sums(self.prose), 1.0)
        held: Floats = self.sums_of_elements(self.prose) / self.elements.spread(on_page)
        return held

    @cached_property
    def alike_siblings(self) -> Floats:
        """Logarithm of how many siblings, itself included, have an element's tag and class."""
        containers = self.containers
        return np.log(occurrences(numbered_pairs(containers.parent + 1, containers.signature)))

    @cached_property
    def line_keys(self) -> NDArray[np.intp]:
        """Number, from 0, of lines whose element and its parent look the same, shape (n,)."""
        signature, own = self.containers.signature, self.container
        return numbered_pairs(signature[own], signature[self.above[own]])

    @cached_property
    def heading_levels(self) -> NDArray[np.int64]:
        """Level of the heading that each line is, 0 of none, shape (n,)."""
        levels = np.zeros(len(self), np.int64)
        for ancestor in self.ancestors(_HEADING_LEVELS):
            levels = np.where(levels == 0, _HEADING_LEVEL[self.containers.tag[ancestor]], levels)
        return levels

    def ancestors(self, count: int) -> Iterable[NDArray[np.integer]]:
        """Rows of each line's own element, of the one above it, and so on, shape (n,) each."""
        ancestor: NDArray[np.integer] = self.container
        for _ in range(count):
            yield ancestor
            ancestor = self.above[ancestor]

    def over_ancestors(self, combine: np.ufunc, values: Floats) -> Floats:
        """Combine rows of values of each element and of all around it, shape (rows, m).

        By pointer jumping: each pass looks twice as far up. ``combine`` is `numpy.maximum`,
        `numpy.add`, or another whose order makes no difference.
        """
        combined = values.copy()
        jump = self.containers.parent.copy()
        while len(open_ := np.flatnonzero(jump >= 0)):
            above = jump[open_]
            combined[:, open_] = combine(combined[:, open_], combined[:, above])
            jump[open_] = jump[above]
        return combined

    def sums_of_elements(self, values: NDArray[np.generic]) -> Floats:
        """Sum of a column over the lines of each element, shape (m,); values whole or `exact`.

        Every element covers one range of lines, so that its sum is a difference of two others.
        """
        cumulative = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        sums: Floats = cumulative[self.containers.end] - cumulative[self.containers.start]
        return sums


def _end_to_end(columns: Iterable[Ints], offsets: Sequence[int]) -> Ints:
    """Join columns of numbers that count from each page's own beginning."""
    return np.concatenate(
        [column + offset for column, offset in zip(columns, offsets, strict=True)]
    )
