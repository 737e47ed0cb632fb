"""A page's markup or plain text to block-level lines, the way a reader sees them."""

import re
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.declared import declared
from corpus.errors import DataError
from corpus.lines import Containers, Declared, Flag, Ints, Lines

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
_TABLES = {"table", "tr"}
_BOLD = {"b", "strong"}
# Elements that change nothing about a line; all that are not named here are looked at.
# fmt: off
_INLINE = {
    "span", "i", "em", "u", "s", "small", "font", "sup", "sub", "mark", "cite", "code", "abbr", "q",
    "ins", "del", "picture", "source", "bdi", "wbr", "input",
}
# fmt: on
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
_HIDDEN, _LABELLED, _COLLAPSED = int(Flag.HIDDEN), int(Flag.LABELLED), int(Flag.COLLAPSED)
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
    **dict.fromkeys(("figcaption", "caption"), int(Flag.CAPTION)),
    **dict.fromkeys(("form", "textarea", "fieldset"), int(Flag.FORM)),
    **dict.fromkeys(("button", "select", "label"), int(Flag.FORM | Flag.CONTROL)),
    **dict.fromkeys(("option", "summary", "legend"), int(Flag.CONTROL)),
    "dialog": int(Flag.DIALOG),
    "section": int(Flag.SECTION),
    "ol": int(Flag.ORDERED),
    "details": int(Flag.COLLAPSED),
    "address": int(Flag.CREDIT),
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
    **dict.fromkeys(("dialog", "alertdialog", "alert"), int(Flag.DIALOG)),
    **dict.fromkeys(("tab", "tablist", "tabpanel"), int(Flag.TAB)),
    **dict.fromkeys(("button", "menuitem", "option", "switch", "checkbox"), int(Flag.CONTROL)),
    "region": int(Flag.REGION),
    "listitem": int(Flag.LIST_ITEM),
}
# https://schema.org: the properties that pages mark with `itemprop`.
_PROPERTY_FLAGS: dict[str, int] = {
    **dict.fromkeys(("articlebody", "text", "description"), int(Flag.CONTENT)),
    **dict.fromkeys(("author", "publisher", "datepublished", "datemodified"), int(Flag.CREDIT)),
    **dict.fromkeys(("comment", "review", "reviewbody"), int(Flag.REPLY)),
    **dict.fromkeys(("offers", "price", "aggregaterating"), int(Flag.OFFER)),
}
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Characters without width, which would make an empty line look full and a word look broken.
INVISIBLE: Mapping[int, None] = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
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
        bold=zeros,
        times=zeros,
        containers=Containers(none, none, none, none, none, none),
        declared=Declared(),
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
    tree = LexborHTMLParser(html)
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


def _refuse_endless_nesting(html: str) -> None:
    if (starts := html.count("<")) <= _DEEPEST or starts - html.count("</") <= _DEEPEST:
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


def _attribute_flags(attributes: Mapping[str, str | None]) -> int:
    flags = 0
    for name, value in attributes.items():
        if name == "role":
            flags |= _ROLE_FLAGS.get((value or "").lower(), 0)
        elif name == "hidden":
            flags |= _HIDDEN
        elif name == "style":
            if value and _DISPLAY_NONE.search(value):
                flags |= _HIDDEN
        elif name == "aria-hidden":
            if value == "true":
                flags |= _HIDDEN
        elif name in {"aria-label", "aria-labelledby"}:
            flags |= _LABELLED
        elif name == "aria-expanded":
            if value == "false":
                flags |= _COLLAPSED
        elif name == "itemprop":
            for part in (value or "").lower().split():
                flags |= _PROPERTY_FLAGS.get(part, 0)
    return flags


# What holds while an element is open: container, its depth, flags, open links, open preformatted.
_State = tuple[int, int, int, int, int]
_ELEMENT = 5
_ELEMENT_START = 2
# Container, flags, link characters, links, images, bold elements, times.
_Row = tuple[int, int, int, int, int, int, int]


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
        # containers, in two parts: what is known where one begins, and where it ends
        self.elements = array("i")  # rows of five, as `Containers` has them, without the ends
        self.end = array("i")
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
            tag = node.tag
            if tag == "-text":
                if not node.is_empty_text_node or self.open_pre:
                    self.text(node.text_content or "")
                elif self.buffer:
                    self.buffer.append(" ")
            elif tag in _INLINE or (tag not in _WITHOUT_TEXT and node.is_element_node):
                child = node.first_child
                before: _State | None = None
                if tag not in _INLINE:
                    before = (
                        self.block,
                        self.depth,
                        self.flags,
                        self.open_links,
                        self.open_pre,
                    )
                    self.enter(node, tag)
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

    def enter(self, node: LexborNode, tag: str | None) -> None:
        kind = _BLOCKS.get(tag) if tag is not None else None
        if kind is not None and tag is not None:
            self.flush()
            if tag in _CELLS:
                self.cell += 1
            elif tag in _TABLES:
                self.release_table_row()
            attributes = node.attributes
            self.open_container(kind, attributes.get("class"))
            self.flags |= _TAG_FLAGS.get(tag, 0)
            if len(attributes) > ("class" in attributes):
                self.flags |= _attribute_flags(attributes)
            if tag in _PREFORMATTED:
                self.open_pre += 1
            elif tag == "tr":
                self.table_row, self.cell = self.block, 0
        elif tag == "br":
            self.flush()
        elif tag == "a":
            self.open_links += 1
            self.links += 1
        elif tag == "img":
            self.images += 1
        elif tag in _BOLD:
            self.bold += 1
        elif tag == "time":
            self.times += 1

    def leave(self, before: _State) -> None:
        block = self.block
        if block != before[0]:
            self.flush()
            self.end[block] = len(self.texts) + len(self.held)
            if block == self.table_row:
                self.join_table_row()
        self.block, self.depth, self.flags, self.open_links, self.open_pre = before

    def open_container(self, kind: int, class_name: str | None) -> None:
        signature = self.signatures.setdefault((kind, class_name), len(self.signatures))
        start = len(self.texts) + len(self.held)
        self.elements.extend((self.block, self.depth, start, signature, kind))
        self.depth += 1
        self.block = len(self.end)
        self.end.append(0)

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
                    self.rows.append(row)
                self.images = 0
        self.link_chars = self.links = self.bold = self.times = 0

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
            common = int(np.bitwise_or.reduce(flags))
            link_chars, links, images, bold, times = map(sum, counts)
            self.rows.append((self.table_row, common, link_chars, links, images, bold, times))
            for element in range(self.table_row, len(self.end)):
                self.elements[element * _ELEMENT + _ELEMENT_START] = line
                self.end[element] = line + 1
            self.held.clear()
        self.release_table_row()

    def lines(self, said: Declared) -> Lines:
        columns = np.array(self.rows, np.int32).reshape(-1, 7)
        chars = _lengths(self.texts)
        elements = np.frombuffer(self.elements, np.int32).reshape(-1, _ELEMENT)
        parent, depth, start, signature, tag = np.ascontiguousarray(elements.T)
        return Lines(
            texts=self.texts,
            chars=chars,
            link_chars=np.minimum(columns[:, 2], chars),
            links=columns[:, 3],
            container=columns[:, 0],
            flags=columns[:, 1],
            images=columns[:, 4],
            bold=columns[:, 5],
            times=columns[:, 6],
            containers=Containers(
                parent=parent,
                depth=depth,
                start=start,
                end=np.frombuffer(self.end, np.int32),
                signature=signature,
                tag=tag,
            ),
            declared=said,
            is_html=True,
            version=SPLITTER_VERSION,
        )
