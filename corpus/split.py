"""Split a page's markup or plain text into block-level lines, the way a reader sees them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from selectolax.lexbor import LexborNode

from corpus import tags
from corpus.lines import Containers, Declared, Ints, Lines
from corpus.tags import Tag
from corpus.tree import parse_html, read_declared

SPLITTER_VERSION = 2
"""Goes up with every change that gives any page other lines; stored labels carry it."""

# Characters without width, which would make an empty line look full and a word look broken.
INVISIBLE: Mapping[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def split_text(text: str) -> Lines:
    """Split plain text at line breaks; empty lines vanish and white space collapses."""
    texts = [line for part in _LINE_BREAK.split(text) if (line := _collapse(part))]
    zeros = np.zeros(len(texts), np.int32)
    columns = dict.fromkeys(_COLUMNS, zeros) | {"container": zeros - 1}
    return Lines(
        texts=texts,
        chars=_lengths(texts),
        **columns,
        containers=Containers(*[np.zeros(0, np.int32)] * 6),
        declared=Declared(),
        is_html=False,
        version=SPLITTER_VERSION,
    )


def split_html(html: str | bytes) -> Lines:
    """Split HTML into block-level lines; bytes must be UTF-8.

    A block element ends a line, an inline one does not, ``<br>`` does; a table row is one line
    unless one of its cells has several; ``<pre>`` keeps its lines. ``script``, ``style``,
    ``template``, ``svg``, ``iframe``, the head and comments give none; ``noscript`` gives its
    content. White space collapses, empty lines vanish, lone surrogates are left out. Time is linear
    in the input.

    Raises:
        DataError: if elements are nested more than 10,000 deep.
    """
    tree = parse_html(html)
    walk = _Walk()
    if tree.root is not None:
        walk.run(tree.root)
    return walk.lines(read_declared(tree))


def _collapse(text: str) -> str:
    if not text.isascii() and _INVISIBLE.search(text):
        text = text.translate(INVISIBLE)
    return " ".join(text.split())


def _lengths(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int32, len(texts))


_KNOWN: dict[int, Tag] = {}
"""Tags by the parser's number for them, as they are met; none of names that a page makes up."""


def _tag_of(node: LexborNode) -> Tag:
    name = node.tag
    if name is not None and name in tags.TAGS:
        return _KNOWN.setdefault(node.tag_id, tags.TAGS[name])
    return tags.INLINE_ELEMENT if node.is_element_node else tags.SKIPPED_NODE


# What holds while an element is open: container, its depth, flags, open links, open preformatted.
_State = tuple[int, int, int, int, int]
_Row = tuple[int, int, int, int, int, int, int]  # an entry of each of these:
_COLUMNS = ("link_chars", "links", "container", "flags", "images", "bold", "times")
# Parent, depth, start, end, signature, tag: as `Containers` has them.
_ELEMENT = 6
_START, _END = 2, 3


class _Walk:
    """One walk over the tree, gathering every column.

    A table row is held back until it ends: where each of its cells turned out to hold one
    segment, they become one line; where a cell holds several, or a table, the row serves layout
    and its segments are lines of their own.
    """

    def __init__(self) -> None:
        # lines, and the rows of all of them, end to end
        self.texts: list[str] = []
        self.rows: list[int] = []
        # the rows of all containers, end to end
        self.elements: list[int] = []
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

    def run(self, root: LexborNode) -> None:
        """Visit every node from ``root`` on in document order, with a stack of its own."""
        stack: list[tuple[LexborNode, _State | None]] = []
        node: LexborNode | None = root
        while node is not None:
            tag = _KNOWN.get(node.tag_id) or _tag_of(node)
            act = tag.act
            if act == tags.TEXT:
                if not node.is_empty_text_node or self.open_pre:
                    self.text(node.text_content or "")
                elif self.buffer:
                    self.buffer.append(" ")
            elif act != tags.SKIP:
                before = None if act == tags.INLINE else self.enter(node, tag)
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
        if text.isspace():
            if self.open_pre and "\n" in text:
                self.flush()
            elif self.buffer:
                self.buffer.append(" ")
        elif self.open_pre and "\n" in text:
            first, *others = text.split("\n")
            self.text(first)
            for other in others:
                self.flush()
                self.text(other)
        else:
            self.buffer.append(text)
            if self.open_links:
                self.link_chars += len(_collapse(text))
                self.links = self.links or 1

    def enter(self, node: LexborNode, tag: Tag) -> _State | None:
        """Begin an element; what is to be restored at its end, if anything is."""
        act = tag.act
        if act >= tags.LINK:  # a link or a block
            before = (self.block, self.depth, self.flags, self.open_links, self.open_pre)
            if act == tags.BLOCK:
                self.enter_block(node, tag)
            else:
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

    def enter_block(self, node: LexborNode, tag: Tag) -> None:
        _, row, flags, part = tag
        self.flush()
        if part:
            self.enter_part(part)
        attributes = node.attributes
        class_name = attributes.get("class")
        signature = self.signatures.setdefault((row, class_name), len(self.signatures))
        start = len(self.texts) + len(self.held)
        container = len(self.elements) // _ELEMENT
        self.elements += (self.block, self.depth, start, 0, signature, row)
        self.block = container
        self.depth += 1
        if len(attributes) > ("class" in attributes):
            flags |= tags.attribute_flags(attributes)
        self.flags |= flags
        if part == tags.ROW:
            self.table_row, self.cell = container, 0

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
            self.flush()
            self.elements[block * _ELEMENT + _END] = len(self.texts) + len(self.held)
            if block == self.table_row:
                self.join_table_row()
        self.block, self.depth, self.flags, self.open_links, self.open_pre = before

    def flush(self) -> None:
        """End the line being gathered."""
        if self.buffer:
            text = _collapse("".join(self.buffer))
            self.buffer.clear()
            if text:
                row = (
                    self.link_chars,
                    self.links,
                    self.block,
                    self.flags,
                    self.images,
                    self.bold,
                    self.times,
                )
                if self.table_row >= 0:
                    self.held.append((self.cell, text, row))
                else:
                    self.texts.append(text)
                    self.rows += row
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
        """Make one line of the row that ends, if each of its cells holds one segment at most."""
        cells = [cell for cell, _, _ in self.held]
        if len(set(cells)) == len(cells) > 0:
            line = len(self.texts)
            self.texts.append(" ".join(text for _, text, _ in self.held))
            link_chars, links, _, flags, *counts = zip(*(row for *_, row in self.held), strict=True)
            common = int(np.bitwise_or.reduce(flags))
            self.rows += (sum(link_chars), sum(links), self.table_row, common, *map(sum, counts))
            for element in range(self.table_row * _ELEMENT, len(self.elements), _ELEMENT):
                self.elements[element + _START] = line
                self.elements[element + _END] = line + 1
            self.held.clear()
        self.release_table_row()

    def lines(self, declared: Declared) -> Lines:
        chars = _lengths(self.texts)
        rows = np.array(self.rows, np.int32).reshape(-1, len(_COLUMNS)).T.copy()
        columns = dict(zip(_COLUMNS, rows, strict=True))
        columns["link_chars"] = np.minimum(columns["link_chars"], chars)
        elements = np.array(self.elements, np.int32).reshape(-1, _ELEMENT).T.copy()
        return Lines(
            texts=self.texts,
            chars=chars,
            **columns,
            containers=Containers(*elements),
            declared=declared,
            is_html=True,
            version=SPLITTER_VERSION,
        )
