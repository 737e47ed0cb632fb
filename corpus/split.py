"""A page's markup or plain text to block-level lines, the way a reader sees them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import DataError
from corpus.lines import Containers, Flag, Ints, Lines

SPLITTER_VERSION = 1
"""Goes up with every change that gives any page other lines; stored labels carry it."""

# fmt: off
BLOCK_TAGS = (
    "body", "html", "div", "p", "li", "ul", "ol", "dl", "dt", "dd", "menu", "dir",
    "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "header", "footer", "nav", "aside", "section",
    "article", "main", "search", "address", "blockquote", "pre", "listing", "xmp", "plaintext",
    "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
    "form", "fieldset", "legend", "label", "button", "select", "optgroup", "option", "textarea",
    "details", "summary", "dialog", "hr", "center", "noscript", "frameset", "noframes",
)
# fmt: on
_BLOCKS = {tag: row for row, tag in enumerate(BLOCK_TAGS)}
_CELLS = {"td", "th"}
_PREFORMATTED = {"pre", "listing", "xmp", "plaintext", "textarea"}
_WITHOUT_TEXT = {
    "script",
    "style",
    "template",
    "head",
    "title",
    "svg",
    "iframe",
    "noembed",
    "video",
    "audio",
    "datalist",
}

# Plain integers: arithmetic with enumeration members is ten times as slow.
_HIDDEN = int(Flag.HIDDEN)
_TAG_FLAGS: dict[str, int] = {
    "nav": int(Flag.NAV),
    "header": int(Flag.HEADER),
    "footer": int(Flag.FOOTER),
    "aside": int(Flag.ASIDE),
    "article": int(Flag.ARTICLE),
    "main": int(Flag.MAIN),
    **dict.fromkeys(("li", "dd", "dt"), int(Flag.LIST_ITEM)),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), int(Flag.HEADING)),
    **dict.fromkeys(_CELLS, int(Flag.TABLE)),
    **dict.fromkeys(_PREFORMATTED - {"textarea"}, int(Flag.PRE)),
    "blockquote": int(Flag.QUOTE),
    "figure": int(Flag.FIGURE),
    **dict.fromkeys(("form", "button", "select", "label", "textarea", "fieldset"), int(Flag.FORM)),
    "noscript": int(Flag.NOSCRIPT),
    "p": int(Flag.PARAGRAPH),
}
_ROLE_FLAGS: dict[str, int] = {
    **dict.fromkeys(("navigation", "menu", "menubar"), int(Flag.NAV)),
    "banner": int(Flag.HEADER),
    "contentinfo": int(Flag.FOOTER),
    "complementary": int(Flag.ASIDE),
    "article": int(Flag.ARTICLE),
    "main": int(Flag.MAIN),
    "search": int(Flag.FORM),
    "heading": int(Flag.HEADING),
}
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Characters without width, which would make an empty line look full and a word look broken.
INVISIBLE: Mapping[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_LINE_BREAK = re.compile(r"\r\n|\r|\n")

# The parser's time grows with the square of the depth; browsers stop at 512.
_DEEPEST = 10_000
_START_OR_END = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
# fmt: off
_NOT_NESTING = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dd", "dt", "tr", "td", "th", "option", "a", "nobr", "button",
}
# fmt: on


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
        containers=Containers(none, none, none, none, none, none),
        is_html=False,
        version=SPLITTER_VERSION,
    )


def split_html(html: str) -> Lines:
    """Split HTML into block-level lines.

    A block element ends a line, an inline one does not, ``<br>`` does; a table row is one line
    unless one of its cells has several; ``<pre>`` keeps its lines. ``script``, ``style``,
    ``template``, ``svg``, ``iframe``, the head and comments give none; ``noscript`` gives its
    content. White space collapses, empty lines vanish. Time is linear in the input.

    Raises:
        DataError: if elements are nested more than 10,000 deep.
    """
    _refuse_endless_nesting(html)
    root = LexborHTMLParser(html).root
    walk = _Walk()
    if root is not None:
        walk.run(root)
    return walk.lines()


def _collapse(text: str) -> str:
    if not text.isascii():
        text = text.translate(INVISIBLE)
    return " ".join(text.split())


def _lengths(texts: Sequence[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int32, len(texts))


def _refuse_endless_nesting(html: str) -> None:
    if html.count("<") - html.count("</") <= _DEEPEST:
        return
    depth = deepest = 0
    outside: list[int] = []  # depths at which the open drawings stand
    for end, name, rest in _START_OR_END.findall(html):
        tag = name.lower()
        # A stroke at the end closes an element of a drawing at once, but none of HTML's own.
        closed = rest.endswith("/") and tag not in _BLOCKS
        if tag == "svg" and end and outside:
            depth = outside.pop()  # and so ends what it left open
        elif tag not in _NOT_NESTING and not closed:
            if tag == "svg" and not end:
                outside.append(depth)
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise DataError(f"elements are nested {deepest:,} deep, over the {_DEEPEST:,} read here")


def _flags(tag: str, attributes: dict[str, str | None]) -> int:
    flags = _TAG_FLAGS.get(tag, 0)
    if len(attributes) > ("class" in attributes):
        flags |= _ROLE_FLAGS.get((attributes.get("role") or "").lower(), 0)
        style = attributes.get("style")
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or (style and _DISPLAY_NONE.search(style))
        ):
            flags |= _HIDDEN
    return flags


_Row = tuple[int, int, int, int, int]  # container, flags, link characters, links, images


class _Walk:
    """One walk over the tree, gathering every column.

    A table row is held back until it ends: where each of its cells turned out to hold one
    segment, they become one line; where a cell holds several, or a table, the row serves layout
    and its segments are lines of their own.
    """

    def __init__(self) -> None:
        # lines
        self.texts: list[str] = []
        self.rows: list[_Row] = []
        # containers
        self.parent: list[int] = []
        self.depth: list[int] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.signature: list[int] = []
        self.tag: list[int] = []
        self.signatures: dict[tuple[int, str | None], int] = {}
        # the line being gathered
        self.buffer: list[str] = []
        self.link_chars = self.links = self.images = 0
        # where the walk stands
        self.block = -1
        self.flags = self.open_links = self.open_pre = 0
        # the table row held back: its container or -1, the current cell, the segments so far
        self.table_row = -1
        self.cell = 0
        self.held: list[tuple[int, str, _Row]] = []

    def run(self, root: LexborNode) -> None:
        """Visit every node from ``root`` on in document order, with a stack of its own."""
        stack: list[tuple[LexborNode, tuple[int, int, int, int]]] = []
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag
            if tag == "-text":
                self.text(node.text_content or "")
            elif tag not in _WITHOUT_TEXT and node.is_element_node:
                before = (self.block, self.flags, self.open_links, self.open_pre)
                self.enter(node, tag)
                child = node.first_child
                if child is not None:
                    stack.append((node, before))
                    node = child
                    continue
                self.leave(before)
            while (following := node.next) is None and stack:
                node, before = stack.pop()
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
        elif not text.isspace():
            self.buffer.append(text)
            if self.open_links:
                self.link_chars += len(_collapse(text))
                self.links = self.links or 1
        elif self.buffer:
            self.buffer.append(" ")

    def enter(self, node: LexborNode, tag: str | None) -> None:
        kind = _BLOCKS.get(tag) if tag is not None else None
        if kind is not None and tag is not None:
            self.flush()
            if tag in _CELLS:
                self.cell += 1
            elif tag in {"table", "tr"}:
                self.release_table_row()
            attributes = node.attributes
            self.open_container(kind, attributes.get("class"))
            self.flags |= _flags(tag, attributes)
            self.open_pre += tag in _PREFORMATTED
            if tag == "tr":
                self.table_row, self.cell = self.block, 0
        elif tag == "br":
            self.flush()
        elif tag == "a":
            self.open_links += 1
            self.links += 1
        elif tag == "img":
            self.images += 1

    def leave(self, before: tuple[int, int, int, int]) -> None:
        if self.block != before[0]:
            self.flush()
            self.end[self.block] = len(self.texts) + len(self.held)
            if self.block == self.table_row:
                self.join_table_row()
        self.block, self.flags, self.open_links, self.open_pre = before

    def open_container(self, kind: int, class_name: str | None) -> None:
        self.parent.append(self.block)
        self.depth.append(self.depth[self.block] + 1 if self.block >= 0 else 0)
        self.start.append(len(self.texts) + len(self.held))
        self.end.append(0)
        self.signature.append(self.signatures.setdefault((kind, class_name), len(self.signatures)))
        self.tag.append(kind)
        self.block = len(self.parent) - 1

    def flush(self) -> None:
        """End the line being gathered."""
        if self.buffer:
            text = _collapse("".join(self.buffer))
            self.buffer.clear()
            if text:
                row = (self.block, self.flags, self.link_chars, self.links, self.images)
                if self.table_row >= 0:
                    self.held.append((self.cell, text, row))
                else:
                    self.texts.append(text)
                    self.rows.append(row)
                self.images = 0
        self.link_chars = self.links = 0

    def release_table_row(self) -> None:
        """Let the segments held back be lines of their own."""
        for _, text, row in self.held:
            self.texts.append(text)
            self.rows.append(row)
        self.held.clear()
        self.table_row = -1

    def join_table_row(self) -> None:
        """Make one line of the row that ends, if each of its cells holds one segment at most."""
        cells = [cell for cell, _, _ in self.held]
        if len(set(cells)) == len(cells) > 0:
            line = len(self.texts)
            self.texts.append(" ".join(text for _, text, _ in self.held))
            _, flags, *counts = zip(*(row for _, _, row in self.held), strict=True)
            link_chars, links, images = map(sum, counts)
            common = int(np.bitwise_or.reduce(flags))
            self.rows.append((self.table_row, common, link_chars, links, images))
            for element in range(self.table_row, len(self.start)):
                self.start[element], self.end[element] = line, line + 1
            self.held.clear()
        self.release_table_row()

    def lines(self) -> Lines:
        columns = np.array(self.rows, np.int32).reshape(-1, 5)
        chars = _lengths(self.texts)
        return Lines(
            texts=self.texts,
            chars=chars,
            link_chars=np.minimum(columns[:, 2], chars),
            links=columns[:, 3],
            container=columns[:, 0],
            flags=columns[:, 1],
            images=columns[:, 4],
            containers=Containers(
                *(
                    np.array(column, np.int32)
                    for column in (
                        self.parent,
                        self.depth,
                        self.start,
                        self.end,
                        self.signature,
                        self.tag,
                    )
                )
            ),
            is_html=True,
            version=SPLITTER_VERSION,
        )
