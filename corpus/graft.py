"""Put a part of one split page into another, or take lines out, as if they were written so."""

from enum import StrEnum
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from corpus.html.tags import BLOCK_TAGS, TAGS
from corpus.lines import Containers, Flag, Ints, Lines

_OF_LINES = ("chars", "link_chars", "links", "container", "flags", "images", "bold", "times")
_OF_THE_PLACE = ~int(Flag.MAIN)  # a part says the rest of what it stands in by itself
_TAG_FLAGS = np.array([TAGS[tag].flags for tag in BLOCK_TAGS], np.int32)


class Place(StrEnum):
    """Where a part goes: beside an element, or into it."""

    BEFORE = "before"
    AFTER = "after"
    FIRST = "first"
    LAST = "last"


def graft(lines: Lines, at: int, place: Place, donor: Lines, root: int) -> tuple[Lines, slice]:
    """Put an element of another page, with all in it, beside or into an element of a page.

    Args:
        lines: the page, with HTML.
        at: row of its element; to go beside it, it needs one around it.
        place: where to.
        donor: the other page, with HTML.
        root: row of its element.

    Returns:
        The page with it, and which of its lines are new.
    """
    page, part = lines.containers, donor.containers
    inside = place in {Place.FIRST, Place.LAST}
    above = at if inside else int(page.parent[at])
    early = place in {Place.BEFORE, Place.FIRST}
    row = (at + inside) if early else subtree_end(page, at)
    first = int(page.start[at] if early else page.end[at])
    stop = subtree_end(part, root)
    start, end = int(part.start[root]), int(part.end[root])
    count, rows = end - start, stop - root
    around = np.zeros(len(page), np.bool_)
    around[ancestors(page, above)] = True
    is_later = np.arange(len(page)) >= row
    parents = np.where(page.parent >= row, page.parent + rows, page.parent)
    new_parents = part.parent[root:stop] - root + row
    new_parents[0] = above
    depth = int(page.depth[above]) + 1 - int(part.depth[root])
    signatures = int(page.signature.max(initial=-1)) + 1

    def join(old: Ints, new: Ints) -> Ints:
        return np.concatenate([old[:row], new, old[row:]]).astype(np.int32)

    containers = Containers(
        parent=join(parents, new_parents),
        depth=join(page.depth, part.depth[root:stop] + depth),
        start=join(page.start + is_later * count, part.start[root:stop] - start + first),
        end=join(page.end + (is_later | around) * count, part.end[root:stop] - start + first),
        signature=join(page.signature, part.signature[root:stop] + signatures),
        tag=join(page.tag, part.tag[root:stop]),
        names=[*page.names[:row], *part.names[root:stop], *page.names[row:]],
    )
    old = {name: getattr(lines, name) for name in _OF_LINES}
    new = {name: getattr(donor, name)[start:end] for name in _OF_LINES}
    old["container"] = np.where(lines.container >= row, lines.container + rows, lines.container)
    new["container"] = new["container"] - root + row
    new["flags"] = new["flags"] & _OF_THE_PLACE | _flags_of_all(lines, above)
    columns = {
        name: np.concatenate([old[name][:first], new[name], old[name][first:]]).astype(np.int32)
        for name in _OF_LINES
    }
    texts = [*lines.texts[:first], *donor.texts[start:end], *lines.texts[first:]]
    return _page(lines, texts, columns, containers), slice(first, first + count)


def only_lines(lines: Lines, keep: NDArray[np.bool_]) -> Lines:
    """Take out of a page with HTML the other lines, and the elements that held nothing else."""
    page = lines.containers
    before = np.concatenate([[0], np.cumsum(keep)])
    start, end = before[page.start], before[page.end]
    stays = (start < end) | (page.start == page.end)
    row = np.cumsum(stays) - 1
    parent = np.where(page.parent >= 0, row[page.parent], -1)
    containers = Containers(
        parent=parent[stays].astype(np.int32),
        depth=page.depth[stays],
        start=start[stays].astype(np.int32),
        end=end[stays].astype(np.int32),
        signature=page.signature[stays],
        tag=page.tag[stays],
        names=[name for name, stay in zip(page.names, stays, strict=True) if stay],
    )
    columns = {name: getattr(lines, name)[keep] for name in _OF_LINES}
    columns["container"] = row[columns["container"]].astype(np.int32)
    texts = [text for text, stay in zip(lines.texts, keep, strict=True) if stay]
    return _page(lines, texts, columns, containers)


def subtree_end(containers: Containers, row: int) -> int:
    """Find the row after an element and all in it."""
    depth = containers.depth
    after = np.flatnonzero(depth[row + 1 :] <= depth[row])
    return row + 1 + int(after[0]) if len(after) else len(depth)


def ancestors(containers: Containers, row: int) -> list[int]:
    """List the rows of an element and of those around it, from the inmost; none of row -1."""
    rows = []
    while row >= 0:
        rows.append(row)
        row = int(containers.parent[row])
    return rows


def _page(like: Lines, texts: list[str], columns: dict[str, Ints], containers: Containers) -> Lines:
    return Lines(
        texts=texts,
        **columns,
        containers=containers,
        declared=like.declared,
        is_html=like.is_html,
        version=like.version,
    )


def _flags_of_all(lines: Lines, row: int) -> int:
    """Find what an element and those around it say by tags, or by roles, if all lines have them."""
    containers = lines.containers
    own = int(np.bitwise_or.reduce(_TAG_FLAGS[containers.tag[ancestors(containers, row)]]))
    within = {row: 0}  # what the elements in it say
    for inner in range(row + 1, subtree_end(containers, row)):
        of_tag = int(_TAG_FLAGS[containers.tag[inner]])
        within[inner] = within[int(containers.parent[inner])] | of_tag
    held = slice(containers.start[row], containers.end[row])
    of_lines = zip(lines.flags[held].tolist(), lines.container[held].tolist(), strict=True)
    by_role = [flags & ~within[inner] for flags, inner in of_lines]
    return own | (reduce(and_, by_role) if by_role else 0)
