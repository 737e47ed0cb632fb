"""Several pages as one: their columns end to end, so that each operation is done once for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from baselines.features.columns import Bounds
from corpus import Containers, Lines
from corpus.lines import Declared, Ints


@dataclass(frozen=True, slots=True)
class Batch:
    """The n lines of p pages, all with HTML or all without, as `corpus.Lines` has them of one.

    Rows of ``containers`` are those of all pages end to end, and so is what points to them.
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
    """Which rows of the containers are whose."""
    above: NDArray[np.intp]
    """Row of each container's parent; the outermost is its own."""
    declared: tuple[Declared, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, pages: Sequence[Lines]) -> Self:
        """Put pages end to end; each must have a line."""
        bounds = Bounds.of([len(page) for page in pages])
        elements = Bounds.of([len(page.containers) for page in pages])
        first_line, first_row = bounds.starts.tolist(), elements.starts.tolist()
        kinds = [int(page.containers.signature.max(initial=-1)) + 1 for page in pages]
        first_kind = np.cumsum([0, *kinds[:-1]]).tolist()
        of_pages = [page.containers for page in pages]
        parent = _end_to_end([one.parent for one in of_pages], first_row)
        is_outermost = np.concatenate([one.parent for one in of_pages]) < 0
        return cls(
            texts=list(chain.from_iterable(page.texts for page in pages)),
            bounds=bounds,
            chars=np.concatenate([page.chars for page in pages]),
            link_chars=np.concatenate([page.link_chars for page in pages]),
            links=np.concatenate([page.links for page in pages]),
            container=_end_to_end([page.container for page in pages], first_row),
            flags=np.concatenate([page.flags for page in pages]),
            images=np.concatenate([page.images for page in pages]),
            bold=np.concatenate([page.bold for page in pages]),
            times=np.concatenate([page.times for page in pages]),
            containers=Containers(
                parent=np.where(is_outermost, -1, parent).astype(np.int32),
                depth=np.concatenate([one.depth for one in of_pages]),
                start=_end_to_end([one.start for one in of_pages], first_line),
                end=_end_to_end([one.end for one in of_pages], first_line),
                signature=_end_to_end([one.signature for one in of_pages], first_kind),
                tag=np.concatenate([one.tag for one in of_pages]),
            ),
            elements=elements,
            above=np.where(is_outermost, np.arange(len(parent)), parent),
            declared=tuple(page.declared for page in pages),
        )


def _end_to_end(columns: Sequence[Ints], offsets: Sequence[int]) -> Ints:
    """Columns of numbers that count from each page's own beginning."""
    return np.concatenate(
        [column + offset for column, offset in zip(columns, offsets, strict=True)]
    )
