"""Make pages that the datasets lack: today's pages in the markup of twenty years ago.

The large datasets are of today's web, whose elements say what they are for. Crawls and archives
hold pages that say it nowhere: they have no classes, are laid out in nested tables, and end their
paragraphs with line breaks. Each page to train on gets a twin that is written like them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.training.samples import Sample
from corpus import BLOCK_TAGS, Containers, Lines
from corpus.html.tags import TAGS
from corpus.lines import Declared, Ints

_DIV, _TABLE, _TBODY, _TR, _TD = map(BLOCK_TAGS.index, ("div", "table", "tbody", "tr", "td"))
# fmt: off
_CAME_WITH_HTML_5 = {
    "header", "footer", "nav", "aside", "section", "article", "main", "search", "hgroup",
    "figure", "figcaption", "details", "summary", "dialog",
}
# fmt: on
_OLD_TAG = np.array(
    [_DIV if tag in _CAME_WITH_HTML_5 else row for row, tag in enumerate(BLOCK_TAGS)], np.int32
)
_ENDS_WITH_A_BREAK = [BLOCK_TAGS.index("p"), BLOCK_TAGS.index("li")]
# A row whose cells became one line is as much a table as they are.
_FLAGS = [TAGS["td" if tag == "tr" else tag].flags for tag in BLOCK_TAGS]
_CELLS = 2  # fewest blocks that are laid out in a table
_WEIGHT = 0.5  # what a page in old markup counts for, to 1 of the page itself


def old_markup_samples(pages: Sequence[Sample]) -> list[Sample]:
    """Make each page once more, as pages were written twenty years ago."""
    samples = []
    for page in pages:
        lines = old_markup(page.lines)
        features = {"html": VIEWS["html"].features(Batch.of([lines]))}
        samples.append(replace(page, lines=lines, features=features, weight=_WEIGHT * page.weight))
    return samples


def old_markup(lines: Lines) -> Lines:
    """Give a page with HTML the markup of an old one; its lines and their texts stay.

    - Elements that came with HTML 5 are `div`.
    - A `p` or `li` without blocks in it goes: its lines are its parent's, as between `br`.
    - A `div` of several blocks and no line of its own is a table, each block in a row and a cell.
    - There are no attributes (classes, ARIA roles, schema.org properties), no `time` elements, and
      nothing in the head but the title.
    """
    today = lines.containers
    tags = _OLD_TAG[today.tag]
    goes, is_table = _what_changes(lines, tags)
    is_cell = (today.parent >= 0) & is_table[today.parent] & ~goes
    old: list[_Element] = []
    inmost: list[int] = []  # for each of today's elements, the old one that its lines stand in
    columns = (today.parent, today.start, today.end, tags, goes, is_table, is_cell)
    for above, start, end, tag, gone, table, cell in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        row = inmost[above] if above >= 0 else _PAGE.row
        as_written = () if gone else (_TABLE, _TBODY) if table else (tag,)
        for new in (*((_TR, _TD) if cell else ()), *as_written):
            old.append(_element(len(old), old[row] if row >= 0 else _PAGE, start, end, new))
            row = len(old) - 1
        inmost.append(row)
    rows, parents, depths, starts, ends, old_tags, flags, joined = np.array(old, np.int32).T
    container = np.where(joined >= 0, joined, rows)
    own = np.array(inmost, np.int32)[lines.container]
    return replace(
        lines,
        container=container[own],
        flags=flags[own],
        times=np.zeros_like(lines.times),
        containers=Containers([""] * len(old), parents, depths, starts, ends, old_tags, old_tags),
        declared=Declared(title=lines.declared.title),
    )


class _Element(NamedTuple):
    row: int
    parent: int
    depth: int
    start: int
    end: int
    tag: int
    flags: int
    joined: int
    """The table row around it that is one line, -1 if there is none."""


_PAGE = _Element(row=-1, parent=-1, depth=-1, start=0, end=0, tag=-1, flags=0, joined=-1)


def _element(row: int, above: _Element, start: int, end: int, tag: int) -> _Element:
    joined = above.joined
    if tag in {_TABLE, _TR}:
        joined = row if tag == _TR and end - start == 1 else -1
    flags = above.flags | _FLAGS[tag]
    return _Element(row, above.row, above.depth + 1, start, end, tag, flags, joined)


def _what_changes(lines: Lines, tags: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Find the elements that give way to line breaks, and those that become tables, shapes (m,)."""
    parent, m = lines.containers.parent, len(tags)
    is_inner = parent >= 0
    has_block = np.bincount(parent[is_inner], minlength=m) > 0
    goes = np.isin(tags, _ENDS_WITH_A_BREAK) & ~has_block & is_inner
    has_line = np.zeros(m, np.bool_)
    has_line[lines.container] = True
    has_line[parent[goes & has_line]] = True
    blocks = np.bincount(parent[is_inner & ~goes], minlength=m)
    return goes, (tags == _DIV) & ~has_line & (blocks >= _CELLS)
