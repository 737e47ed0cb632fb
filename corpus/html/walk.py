"""Walk over a parsed page once, gathering the columns of its lines and of its block elements."""

from functools import reduce
from operator import or_

import numpy as np
from selectolax.lexbor import LexborNode

from corpus.html import tags
from corpus.html.tags import Tag
from corpus.lines import Containers, Ints
from corpus.visible import collapse

_KNOWN: dict[int, Tag] = {}
"""Tags by the parser's number for them, as they are met."""
_NUMBERED = 1 << 16  # to the parser other names are numbered by their place in memory
_TEXT_NODE = 2  # the parser's number, LXB_TAG__TEXT

# A line being gathered: its texts, link characters, links, images, bold and time elements.
_Gathered = tuple[list[str], int, int, int, int, int]
# What holds outside of an open element: container, flags, open links, open preformatted; and the
# line that is put aside while an element in it is not shown.
_State = tuple[int, int, int, int, _Gathered | None]
_LINK: _State = (-1, 0, 0, 0, None)
"""Stands for the state outside of a link, where nothing else is different."""
_Row = tuple[int, int, int, int, int, int, int]  # an entry of each of these:
COLUMNS = ("link_chars", "links", "container", "flags", "images", "bold", "times")
_FLAGS = COLUMNS.index("flags")
# Parent, depth, start, end, signature, tag: as `Containers` has them after the names.
ELEMENT = 6
_START, _END = 2, 3


def _tag_of(node: LexborNode) -> Tag:
    other = tags.INLINE_ELEMENT if node.is_element_node else tags.SKIPPED_NODE
    tag = tags.TAGS.get(node.tag or "", other)
    return _KNOWN.setdefault(node.tag_id, tag) if node.tag_id < _NUMBERED else tag


class Walk:
    """One walk over a tree, gathering every column.

    A table row is held back until it ends: where each of its cells turned out to hold one
    segment, they become one line; where a cell holds several, or a table, the row serves layout
    and its segments are lines of their own.

    Args:
        unseen: addresses of inline elements that are not shown (see `not_shown_inline`).
    """

    def __init__(self, unseen: frozenset[int]) -> None:
        self.unseen = unseen
        # lines, and the rows of all of them, end to end
        self.texts: list[str] = []
        self.rows: list[int] = []
        # the rows of all containers, end to end, and what these are called
        self.elements: list[int] = []
        self.names: list[str] = []
        self.count = 0  # of lines, with those held back
        # the line being gathered
        self.buffer: list[str] = []
        self.link_chars = self.links = self.images = self.bold = self.times = 0
        # the table row held back: its container or -1, the current cell, the segments so far
        self.table_row = -1
        self.cell = 0
        self.held: list[tuple[int, str, _Row]] = []

    def run(self, root: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915 - the hot loop
        """Visit every node from ``root`` on in document order, with a stack of its own.

        It is one function, with the state of the walk in variables of its own, because calls and
        attributes would take a tenth of the time.
        """
        known, unseen, buffer = _KNOWN.get, self.unseen, self.buffer
        elements, names = self.elements, self.names
        signatures: dict[tuple[int, str | None], int] = {}
        stack: list[tuple[LexborNode, _State | None]] = []
        block = -1
        opened = depth = flags = open_links = open_pre = 0
        node: LexborNode | None = root
        while node is not None:
            before: _State | None = None
            number = node.tag_id
            if number == _TEXT_NODE:
                if open_pre:
                    self.preformatted(node.text_content or "", block, flags, open_links)
                elif not node.is_empty_text_node:
                    text = node.text_content or ""
                    buffer.append(text)
                    if open_links:
                        self.link_chars += len(collapse(text))
                        self.links = self.links or 1
                elif buffer:
                    buffer.append(" ")
            elif (act := (tag := known(number) or _tag_of(node))[0]) != tags.SKIP:
                if act == tags.BLOCK:
                    before = (block, flags, open_links, open_pre, None)
                    if buffer or self.links or self.bold or self.times:
                        self.flush(block, flags)
                    _, row, added_flags, part = tag
                    if part:
                        open_pre += part == tags.VERBATIM
                        self.enter_part(part, opened)
                    attributes = node.attributes
                    kind = row, attributes.get("class")
                    signature = signatures.get(kind)
                    if signature is None:
                        signature = signatures[kind] = len(signatures)
                    elements += (block, depth, self.count, 0, signature, row)
                    if attributes:
                        names.append(f"{kind[1] or ''} {attributes.get('id') or ''}")
                        if len(attributes) > 1 or kind[1] is None:
                            added_flags |= tags.attribute_flags(attributes)
                    else:
                        names.append("")
                    flags |= added_flags
                    block = opened
                    opened += 1
                    depth += 1
                elif unseen and node.mem_id in unseen:
                    before = (block, flags, open_links, open_pre, self.put_aside())
                    buffer = self.buffer
                    flags |= tags.NOT_SHOWN
                    open_links += act == tags.LINK
                elif act == tags.LINK:
                    before = _LINK
                    open_links += 1
                    self.links += 1
                elif act == tags.BREAK:
                    self.flush(block, flags)
                elif act == tags.IMAGE:
                    self.images += 1
                elif act == tags.BOLD:
                    self.bold += 1
                elif act == tags.TIME:
                    self.times += 1
                child = node.first_child
                if child is not None:
                    stack.append((node, before))
                    node = child
                    continue
            while True:  # leave the node, and those that end with it
                if before is None:
                    pass
                elif before is _LINK:
                    open_links -= 1
                else:
                    if buffer or self.links or self.bold or self.times:
                        self.flush(block, flags)
                    outside, outer_flags, open_links, open_pre, line = before
                    if line is not None:
                        self.put_back(line)
                        buffer = self.buffer
                    else:
                        elements[block * ELEMENT + _END] = self.count
                        depth -= 1
                        if block == self.table_row:
                            self.join_table_row(flags)
                    block, flags = outside, outer_flags
                following = node.next
                if following is not None or not stack:
                    break
                node, before = stack.pop()
            node = following
        self.flush(block, flags)

    def preformatted(self, text: str, block: int, flags: int, open_links: int) -> None:
        """Gather text whose line breaks end lines."""
        for number, part in enumerate(text.split("\n")):
            if number:
                self.flush(block, flags)
            self.buffer.append(part)
            if open_links:
                self.link_chars += len(collapse(part))
                self.links = self.links or 1

    def put_aside(self) -> _Gathered:
        """Begin a line of what is not shown, before the line that it stands in; return that one."""
        line = (self.buffer, self.link_chars, self.links, self.images, self.bold, self.times)
        self.buffer = []
        self.link_chars = self.links = self.images = self.bold = self.times = 0
        return line

    def put_back(self, line: _Gathered) -> None:
        """Go on with a line that was put aside."""
        self.buffer, self.link_chars, self.links, self.images, self.bold, self.times = line

    def enter_part(self, part: int, container: int) -> None:
        """Begin a block element that is more than a block, of this number."""
        if part == tags.CELL:
            self.cell += 1
        elif part != tags.VERBATIM:
            self.release_table_row()
            if part == tags.ROW:
                self.table_row, self.cell = container, 0

    def flush(self, block: int, flags: int) -> None:
        """End the line being gathered."""
        if self.buffer:
            text = collapse("".join(self.buffer))
            self.buffer.clear()
            if text:
                links, link_chars = self.links, self.link_chars
                row = (link_chars, links, block, flags, self.images, self.bold, self.times)
                if self.table_row >= 0:
                    self.held.append((self.cell, text, row))
                else:
                    self.texts.append(text)
                    self.rows += row
                self.count += 1
                self.images = 0
        self.link_chars = self.links = self.bold = self.times = 0

    def release_table_row(self) -> None:
        """Let the segments held back be lines of their own."""
        for _, text, row in self.held:
            self.texts.append(text)
            self.rows += row
        self.held.clear()
        self.table_row = -1

    def join_table_row(self, row_flags: int) -> None:
        """Make one line of the row that ends, if each of its cells holds one segment at most.

        Segments that are not shown, in a row that is, stand before it.
        """
        not_shown = tags.UNSEEN & ~row_flags
        apart = [segment for segment in self.held if segment[-1][_FLAGS] & not_shown]
        joined = [segment for segment in self.held if not segment[-1][_FLAGS] & not_shown]
        cells = [cell for cell, _, _ in joined]
        if len(set(cells)) == len(cells) > 0:
            start = len(self.texts)
            link_chars, links, _, flags, *counts = zip(*(row for *_, row in joined), strict=True)
            common = reduce(or_, flags)
            row = (sum(link_chars), sum(links), self.table_row, common, *map(sum, counts))
            self.held = [*apart, (0, " ".join(text for _, text, _ in joined), row)]
            self.count = start + len(self.held)
            for element in range(self.table_row * ELEMENT, len(self.elements), ELEMENT):
                self.elements[element + _START] = start
                self.elements[element + _END] = self.count
        self.release_table_row()

    def columns(self) -> dict[str, Ints]:
        """Return the columns of the lines by the names of `COLUMNS`."""
        rows = np.array(self.rows, np.int32).reshape(-1, len(COLUMNS)).T.copy()
        columns = dict(zip(COLUMNS, rows, strict=True))
        columns["flags"] &= ~tags.UNSEEN
        return columns

    def containers(self) -> Containers:
        """Return the block elements."""
        elements = np.array(self.elements, np.int32).reshape(-1, ELEMENT).T.copy()
        return Containers(self.names, *elements)
