"""A page's markup or plain text to block-level lines, the way a reader sees them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from selectolax.lexbor import LexborNode

from corpus.declared import declared
from corpus.errors import DataError
from corpus.lines import Containers, Declared, Ints, Lines
from corpus.tags import BLOCK_TAGS, INLINE, SKIP, TAGS, VOID, Act, Part, Tag, attribute_flags
from corpus.tree import parse_html

SPLITTER_VERSION = 2
"""Goes up with every change that gives any page other lines; stored labels carry it."""

# Characters without width, which would make an empty line look full and a word look broken.
INVISIBLE: Mapping[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")

# The parser's time grows with the square of the depth; browsers stop at 512.
_DEEPEST = 10_000
_START_OR_END = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
_NOT_NESTING = VOID | {"p", "li", "dd", "dt", "tr", "td", "th", "option", "a", "nobr", "button"}


def split_text(text: str) -> Lines:
    """Split plain text at line breaks; empty lines vanish and white space collapses."""
    texts = [line for part in _LINE_BREAK.split(text) if (line := _collapse(part))]
    zeros = np.zeros(len(texts), np.int32)
    none = np.zeros(0, np.int32)
    return Lines(
        texts=texts,
        chars=_lengths(texts),
        link_chars=zeros,
        links=zeros,
        container=zeros - 1,
        flags=zeros,
        images=zeros,
        bold=zeros,
        times=zeros,
        containers=Containers(none, none, none, none, none, none),
        declared=Declared(),
        is_html=False,
        version=SPLITTER_VERSION,
    )


def split_html(html: str | bytes) -> Lines:
    """Split HTML into block-level lines; bytes must be UTF-8.

    A block element ends a line, an inline one does not, ``<br>`` does; a table row is one line
    unless one of its cells has several; ``<pre>`` keeps its lines. ``script``, ``style``,
    ``template``, ``svg``, ``iframe``, the head and comments give none; ``noscript`` gives its
    content. White space collapses, empty lines vanish. Time is linear in the input.

    Raises:
        DataError: if elements are nested more than 10,000 deep.
    """
    # Lone surrogates, which strings alone can hold, are left out.
    utf8 = html.encode(errors="ignore") if isinstance(html, str) else html
    _refuse_endless_nesting(utf8)
    tree = parse_html(utf8)
    walk = _Walk()
    if tree.root is not None:
        walk.run(tree.root)
    return walk.lines(declared(tree))


def _collapse(text: str) -> str:
    if not text.isascii() and _INVISIBLE.search(text):
        text = text.translate(INVISIBLE)
    return " ".join(text.split())


def _lengths(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int32, len(texts))


def _refuse_endless_nesting(utf8: bytes) -> None:
    starts = np.count_nonzero(np.frombuffer(utf8, np.uint8) == ord("<"))
    if starts <= _DEEPEST or starts - utf8.count(b"</") <= _DEEPEST:
        return
    depth = deepest = 0
    outside: list[int] = []  # depths at which the open drawings stand
    for end, name, rest in _START_OR_END.findall(utf8.decode(errors="replace")):
        tag = name.lower()
        # A stroke at the end closes an element of a drawing at once, but none of HTML's own.
        closed = rest.endswith("/") and tag not in BLOCK_TAGS
        if tag == "svg" and end and outside:
            depth = outside.pop()  # and so ends what it left open
        elif tag not in _NOT_NESTING and not closed:
            if tag == "svg" and not end:
                outside.append(depth)
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise DataError(f"elements are nested {deepest:,} deep, over the {_DEEPEST:,} read here")


# Plain integers: comparing members of an enumeration is ten times as slow.
_SKIP, _TEXT, _INLINE, _BREAK = int(Act.SKIP), int(Act.TEXT), int(Act.INLINE), int(Act.BREAK)
_IMAGE, _BOLD, _LINK, _BLOCK = int(Act.IMAGE), int(Act.BOLD), int(Act.LINK), int(Act.BLOCK)
_CELL, _ROW, _PREFORMATTED = int(Part.CELL), int(Part.ROW), int(Part.PREFORMATTED)
_KNOWN: dict[int, Tag] = {}
"""Tags by the parser's number for them, as they are met; none of names that a page makes up."""


def _tag_of(node: LexborNode) -> Tag:
    name = node.tag
    if name is not None and name in TAGS:
        return _KNOWN.setdefault(node.tag_id, TAGS[name])
    return INLINE if node.is_element_node else SKIP


# What holds while an element is open: container, its depth, flags, open links, open preformatted.
_State = tuple[int, int, int, int, int]
_ELEMENT = 5
_ELEMENT_START = 2
# Container, flags, link characters, links, images, bold elements, times.
_Row = tuple[int, int, int, int, int, int, int]
_COLUMNS = 7


class _Walk:
    """One walk over the tree, gathering every column.

    A table row is held back until it ends: where each of its cells turned out to hold one
    segment, they become one line; where a cell holds several, or a table, the row serves layout
    and its segments are lines of their own.
    """

    def __init__(self) -> None:
        # lines
        self.texts: list[str] = []
        self.rows: list[int] = []  # those of all lines, end to end
        # containers, in two parts: what is known where one begins, and where it ends
        self.elements: list[int] = []  # rows of five, as `Containers` has them, without the ends
        self.end: list[int] = []
        self.signatures: dict[tuple[int, str | None], int] = {}
        # the line being gathered
        self.buffer: list[str] = []
        self.link_chars = self.links = self.images = self.bold = self.times = 0
        # where the walk stands
        self.block = -1
        self.depth = 0
        self.flags = self.open_links = self.open_pre = 0
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
            if act == _TEXT:
                if not node.is_empty_text_node or self.open_pre:
                    self.text(node.text_content or "")
                elif self.buffer:
                    self.buffer.append(" ")
            elif act != _SKIP:
                before = None if act == _INLINE else self.enter(node, tag)
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
        if act >= _LINK:  # a link or a block
            before = (self.block, self.depth, self.flags, self.open_links, self.open_pre)
            if act == _BLOCK:
                self.enter_block(node, tag)
            else:
                self.open_links += 1
                self.links += 1
            return before
        if act == _BREAK:
            self.flush()
        elif act == _IMAGE:
            self.images += 1
        elif act == _BOLD:
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
        self.elements += (self.block, self.depth, start, signature, row)
        self.depth += 1
        self.block = len(self.end)
        self.end.append(0)
        if len(attributes) > ("class" in attributes):
            flags |= attribute_flags(attributes)
        self.flags |= flags
        if part == _ROW:
            self.table_row, self.cell = self.block, 0

    def enter_part(self, part: int) -> None:
        if part == _CELL:
            self.cell += 1
        elif part == _PREFORMATTED:
            self.open_pre += 1
        else:
            self.release_table_row()

    def leave(self, before: _State) -> None:
        block = self.block
        if block != before[0]:
            self.flush()
            self.end[block] = len(self.texts) + len(self.held)
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
                    self.block,
                    self.flags,
                    self.link_chars,
                    self.links,
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
            _, flags, *counts = zip(*(row for _, _, row in self.held), strict=True)
            common = int(np.bitwise_or.reduce(flags))
            link_chars, links, images, bold, times = map(sum, counts)
            self.rows += (self.table_row, common, link_chars, links, images, bold, times)
            for element in range(self.table_row, len(self.end)):
                self.elements[element * _ELEMENT + _ELEMENT_START] = line
                self.end[element] = line + 1
            self.held.clear()
        self.release_table_row()

    def lines(self, said: Declared) -> Lines:
        columns = np.array(self.rows, np.int32).reshape(-1, _COLUMNS).T.copy()
        chars = _lengths(self.texts)
        elements = np.array(self.elements, np.int32).reshape(-1, _ELEMENT)
        parent, depth, start, signature, tag = np.ascontiguousarray(elements.T)
        return Lines(
            texts=self.texts,
            chars=chars,
            link_chars=np.minimum(columns[2], chars),
            links=columns[3],
            container=columns[0],
            flags=columns[1],
            images=columns[4],
            bold=columns[5],
            times=columns[6],
            containers=Containers(
                parent=parent,
                depth=depth,
                start=start,
                end=np.array(self.end, np.int32),
                signature=signature,
                tag=tag,
            ),
            declared=said,
            is_html=True,
            version=SPLITTER_VERSION,
        )
