"""Split a page's markup or plain text into block-level lines, the way a reader sees them."""

import re
from collections.abc import Sequence

import numpy as np
from selectolax.lexbor import LexborNode

from corpus.html import tags
from corpus.html.declared import DECLARATIONS, read_declared
from corpus.html.tags import Tag
from corpus.html.tree import NOT_SHOWN, not_shown_inline, parse_html
from corpus.lines import Containers, Declared, Ints, Lines
from corpus.visible import collapse

SPLITTER_VERSION = 3
"""Goes up with every change that gives any page other lines; stored labels carry it."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def split_text(text: str) -> Lines:
    """Split plain text at line breaks; empty lines vanish and white space collapses."""
    texts = [line for part in _LINE_BREAK.split(text) if (line := collapse(part))]
    zeros = np.zeros(len(texts), np.int32)
    columns = dict.fromkeys(_COLUMNS, zeros) | {"container": zeros - 1}
    return Lines(
        texts=texts,
        chars=_lengths(texts),
        **columns,
        containers=Containers([], *[np.zeros(0, np.int32)] * _ELEMENT),
        declared=Declared(),
        is_html=False,
        version=SPLITTER_VERSION,
    )


def split_html(html: str | bytes) -> Lines:
    """Split HTML into block-level lines; bytes must be UTF-8.

    A block element ends a line, an inline one does not, ``<br>`` does; a table row is one line
    unless one of its cells has several; ``<pre>`` keeps its lines. ``script``, ``style``, ``svg``,
    ``iframe``, what is only for browsers that can't show an element (``canvas``, ``video``), the
    head and comments give none; ``noscript`` gives its content. Shadow roots are read as
    `parse_html` says. What an element holds that a browser doesn't show (``hidden``,
    ``display: none``) stands before the line that it is in, in lines of its own with
    `Flag.HIDDEN`. White space collapses, lines in which nothing is drawn vanish, control characters
    and lone surrogates are left out. Time is linear in the input.

    Raises:
        DataError: if elements are nested more than 10,000 deep, or the page would take too much
            time or memory in another way (see `corpus.html.source.prepare`).
    """
    tree = parse_html(html)
    # Both ask for elements by their attributes, which is faster in one walk.
    found = tree.css(f"{DECLARATIONS}, {NOT_SHOWN}")
    walk = _Walk(not_shown_inline(found))
    if tree.root is not None:
        walk.run(tree.root)
    return walk.lines(read_declared(found))


def _lengths(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int32, len(texts))


_KNOWN: dict[int, Tag] = {}
"""Tags by the parser's number for them, as they are met."""
_NUMBERED = 1 << 16  # to the parser other names are numbered by their place in memory
_TEXT_NODE = 2  # the parser's number, LXB_TAG__TEXT


def _tag_of(node: LexborNode) -> Tag:
    name = node.tag
    if name is not None and name in tags.TAGS:
        tag = tags.TAGS[name]
        return _KNOWN.setdefault(node.tag_id, tag) if node.tag_id < _NUMBERED else tag
    return tags.INLINE_ELEMENT if node.is_element_node else tags.SKIPPED_NODE


# A line being gathered: its texts, link characters, links, images, bold and time elements.
_Gathered = tuple[list[str], int, int, int, int, int]
# What holds while an element is open: container, its depth, flags, open links, open preformatted;
# and the line in which an element stands that is not shown.
_State = tuple[int, int, int, int, int, _Gathered | None]
_Row = tuple[int, int, int, int, int, int, int]  # an entry of each of these:
_COLUMNS = ("link_chars", "links", "container", "flags", "images", "bold", "times")
_FLAGS = _COLUMNS.index("flags")
# Parent, depth, start, end, signature, tag: as `Containers` has them after the names.
_ELEMENT = 6
_START, _END = 2, 3


class _Walk:
    """One walk over the tree, gathering every column.

    A table row is held back until it ends: where each of its cells turned out to hold one
    segment, they become one line; where a cell holds several, or a table, the row serves layout
    and its segments are lines of their own.
    """

    def __init__(self, unseen: frozenset[int]) -> None:
        self.unseen = unseen
        # lines, and the rows of all of them, end to end
        self.texts: list[str] = []
        self.rows: list[int] = []
        # the rows of all containers, end to end
        self.elements: list[int] = []
        self.names: list[str] = []
        self.count = self.opened = 0  # of both
        self.signatures: dict[tuple[int, str | None], int] = {}
        # the line being gathered
        self.buffer: list[str] = []
        self.link_chars = self.links = self.images = self.bold = self.times = 0
        # where the walk stands
        self.block = -1
        self.depth = self.flags = self.open_links = self.open_pre = 0
        # the table row held back: its container or -1, the current cell, the segments so far
        self.table_row = -1
        self.cell = 0
        self.held: list[tuple[int, str, _Row]] = []

    def run(self, root: LexborNode) -> None:  # noqa: C901 - the hot loop, where calls cost most
        """Visit every node from ``root`` on in document order, with a stack of its own."""
        known, unseen = _KNOWN.get, self.unseen
        stack: list[tuple[LexborNode, _State | None]] = []
        node: LexborNode | None = root
        while node is not None:
            number = node.tag_id
            if number == _TEXT_NODE:
                if not node.is_empty_text_node or self.open_pre:
                    self.text(node.text_content or "")
                elif self.buffer:
                    self.buffer.append(" ")
            elif (act := (tag := known(number) or _tag_of(node))[0]) != tags.SKIP:
                before = None
                if act == tags.BLOCK:
                    before = self.enter_block(node, tag)
                elif act != tags.INLINE or node.mem_id in unseen:
                    before = self.enter_inline(node, tag)
                child = node.first_child
                if child is not None:
                    stack.append((node, before))
                    node = child
                    continue
                if before is not None:
                    self.leave(before)
            while (following := node.next) is None and stack:
                node, before = stack.pop()
                if before is not None:
                    self.leave(before)
            node = following
        self.flush()

    def text(self, text: str) -> None:
        if self.open_pre and "\n" in text:
            first, *others = text.split("\n")
            self.text(first)
            for other in others:
                self.flush()
                self.text(other)
        else:
            self.buffer.append(text)
            if self.open_links:
                self.link_chars += len(collapse(text))
                self.links = self.links or 1

    def enter_inline(self, node: LexborNode, tag: Tag) -> _State | None:
        """Begin an inline element; what is to be restored at its end, if anything is."""
        act = tag[0]
        if node.mem_id in self.unseen:
            return self.set_apart(tag)
        if act == tags.LINK:
            before = (self.block, self.depth, self.flags, self.open_links, self.open_pre, None)
            self.open_links += 1
            self.links += 1
            return before
        if act == tags.BREAK:
            self.flush()
        elif act == tags.IMAGE:
            self.images += 1
        elif act == tags.BOLD:
            self.bold += 1
        else:
            self.times += 1
        return None

    def set_apart(self, tag: Tag) -> _State:
        """Begin an inline element that is not shown; its lines come before the one it stands in."""
        line = (self.buffer, self.link_chars, self.links, self.images, self.bold, self.times)
        before = (self.block, self.depth, self.flags, self.open_links, self.open_pre, line)
        self.buffer = []
        self.link_chars = self.links = self.images = self.bold = self.times = 0
        self.flags |= tags.NOT_SHOWN
        self.open_links += tag.act == tags.LINK
        return before

    def enter_block(self, node: LexborNode, tag: Tag) -> _State:
        """Begin a block element; what is to be restored at its end."""
        before = (self.block, self.depth, self.flags, self.open_links, self.open_pre, None)
        _, row, flags, part = tag
        if self.buffer or self.links or self.bold or self.times:
            self.flush()
        if part:
            self.enter_part(part)
        attributes = node.attributes
        kind = row, attributes.get("class")
        signature = self.signatures.get(kind)
        if signature is None:
            signature = self.signatures[kind] = len(self.signatures)
        container = self.opened
        self.opened += 1
        self.elements += (self.block, self.depth, self.count, 0, signature, row)
        self.names.append(f"{kind[1] or ''} {attributes.get('id') or ''}" if attributes else "")
        self.block = container
        self.depth += 1
        if len(attributes) > 1 or (attributes and kind[1] is None):
            flags |= tags.attribute_flags(attributes)
        self.flags |= flags
        if part == tags.ROW:
            self.table_row, self.cell = container, 0
        return before

    def enter_part(self, part: int) -> None:
        if part == tags.CELL:
            self.cell += 1
        elif part == tags.VERBATIM:
            self.open_pre += 1
        else:
            self.release_table_row()

    def leave(self, before: _State) -> None:
        block = self.block
        if block != before[0]:
            if self.buffer or self.links or self.bold or self.times:
                self.flush()
            self.elements[block * _ELEMENT + _END] = self.count
            if block == self.table_row:
                self.join_table_row()
        elif before[-1] is not None:
            self.flush()
            line = before[-1]
            self.buffer, self.link_chars, self.links, self.images, self.bold, self.times = line
        self.block, self.depth, self.flags, self.open_links, self.open_pre, _ = before

    def flush(self) -> None:
        """End the line being gathered."""
        if self.buffer:
            text = collapse("".join(self.buffer))
            self.buffer.clear()
            if text:
                where = self.link_chars, self.links, self.block, self.flags
                row = (*where, self.images, self.bold, self.times)
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

    def join_table_row(self) -> None:
        """Make one line of the row that ends, if each of its cells holds one segment at most.

        Segments that are not shown, in a row that is, stand before it.
        """
        not_shown = tags.UNSEEN & ~self.flags
        apart = [segment for segment in self.held if segment[-1][_FLAGS] & not_shown]
        joined = [segment for segment in self.held if not segment[-1][_FLAGS] & not_shown]
        cells = [cell for cell, _, _ in joined]
        if len(set(cells)) == len(cells) > 0:
            start = len(self.texts)
            link_chars, links, _, flags, *counts = zip(*(row for *_, row in joined), strict=True)
            common = int(np.bitwise_or.reduce(flags))
            row = (sum(link_chars), sum(links), self.table_row, common, *map(sum, counts))
            self.held = [*apart, (0, " ".join(text for _, text, _ in joined), row)]
            self.count = start + len(self.held)
            for element in range(self.table_row * _ELEMENT, len(self.elements), _ELEMENT):
                self.elements[element + _START] = start
                self.elements[element + _END] = self.count
        self.release_table_row()

    def lines(self, declared: Declared) -> Lines:
        chars = _lengths(self.texts)
        rows = np.array(self.rows, np.int32).reshape(-1, len(_COLUMNS)).T.copy()
        columns = dict(zip(_COLUMNS, rows, strict=True))
        columns["flags"] &= ~tags.UNSEEN
        columns["link_chars"] = np.minimum(columns["link_chars"], chars)
        elements = np.array(self.elements, np.int32).reshape(-1, _ELEMENT).T.copy()
        return Lines(
            texts=self.texts,
            chars=chars,
            **columns,
            containers=Containers(self.names, *elements),
            declared=declared,
            is_html=True,
            version=SPLITTER_VERSION,
        )
