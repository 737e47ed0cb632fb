"""Remove from a page's markup all that acts: what remains can be looked at, and does nothing.

Elements and attributes pass if they are known to only look like something. The lines of what comes
out are those of the page: what the splitter skips may be dropped, what it reads stays.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from selectolax.lexbor import LexborNode

from corpus.html.tags import PREFORMATTED, VOID, WITHOUT_TEXT
from corpus.html.tree import parse_html
from corpus.visible import collapse

# The splitter reads none of these either; but `style`, which is only passed on.
# fmt: off
_DROPPED = (WITHOUT_TEXT - {"head", "style"}) | {
    "meta", "link", "base", "frame", "embed", "param", "source", "track", "area",
}
# Shown as something that does nothing, is a block where the other is, and inline where it is.
_SHOWN_AS = {
    "select": "div", "optgroup": "div", "option": "div", "textarea": "pre", "listing": "pre",
    "xmp": "pre", "plaintext": "pre", "frameset": "div", "noframes": "div", "form": "div",
    "object": "bench-object", "applet": "bench-object", "canvas": "bench-object",
    "fencedframe": "bench-object", "portal": "bench-object",
}
_ATTRIBUTES = {
    "class", "id", "style", "dir", "lang", "title", "alt", "width", "height", "colspan", "rowspan",
    "align", "valign", "bgcolor", "text", "border", "cellpadding", "cellspacing", "color", "face",
    "size", "hidden", "start", "value", "placeholder", "datetime", "role", "nowrap", "noshade",
    "cols", "rows", "span", "clear", "hspace", "vspace", "checked", "reversed", "type", "label",
}
_LAYOUT = {"dir", "lang", "colspan", "rowspan", "start", "value", "alt"}
# fmt: on
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_OTHER_NAME = re.compile(r"(?:data|aria)-[a-z0-9_.-]+")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp)[;,]", re.IGNORECASE)
# What a style sheet would fetch; the document's policy refuses it anyway.
_IMPORTED = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_FETCHED = re.compile(
    r"""(?:url|src|image-set|image)\(\s*(?!["']?data:image/)[^)]*\)""", re.IGNORECASE
)
_OWN = "bench-"  # names that are ours in what comes out


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one line of the page, or of none."""

    number: int
    """Of the pieces, from 0."""
    text: str
    in_link: bool


@dataclass(slots=True)
class OpenTag:
    """The beginning of an element that holds the pieces from ``first`` up to before ``last``."""

    tag: str
    attributes: str
    """Markup, with a space before each."""
    first: int
    last: int
    verbatim: str = ""
    """What follows unchanged: the content of a style sheet, a line break that would be eaten."""


Token = Piece | OpenTag | str
"""A string is markup that is passed on: white space between pieces, the end of an element."""


def sanitize(html: str, *, plain: bool = False) -> list[Token]:
    """Remove all that acts from a page, and return what remains in the order of the page.

    With ``plain``, all that styles or hides is removed as well.
    """
    root = parse_html(html).root
    return [] if root is None else _Walk(plain=plain).run(root)


class _Walk:
    """One walk over the tree, with a stack of its own: pages nest deeper than Python does."""

    def __init__(self, *, plain: bool) -> None:
        self.plain = plain
        self.tokens: list[Token] = []
        self.pieces = 0
        self.links = 0
        self.preformatted = 0

    def run(self, root: LexborNode) -> list[Token]:
        stack: list[tuple[LexborNode, OpenTag]] = []  # of elements that are open
        node: LexborNode | None = root
        while node is not None:
            if node.is_text_node:
                self.text(node.text_content or "")
            elif (tag := _shown_tag(node)) is not None and (opened := self.enter(node, tag)):
                stack.append((node, opened))
                if (child := node.first_child) is not None:
                    node = child
                    continue
                self.leave(*stack.pop())
            while (following := node.next) is None and stack:
                node, opened = stack.pop()
                self.leave(node, opened)
            node = following
        return self.tokens

    def text(self, text: str) -> None:
        pieces = text.split("\n") if self.preformatted else [text]
        for number, piece in enumerate(pieces):
            if number:
                self.tokens.append("\n")
            if collapse(piece):
                self.tokens.append(Piece(self.pieces, piece, self.links > 0))
                self.pieces += 1
            elif piece:
                self.tokens.append(piece)

    def enter(self, node: LexborNode, tag: str) -> OpenTag | None:
        """Begin an element; None if nothing can be inside."""
        if tag == "style":
            if not self.plain:
                css = _sanitize_css(node.text(deep=True))
                self.tokens += [OpenTag(tag, "", 0, 0, css), "</style>"]
            return None
        attributes = "".join(_attributes(node, plain=self.plain))
        if tag == "details":
            attributes += " open"
        verbatim = "\n" if tag == "pre" else ""
        opened = OpenTag(tag, attributes, self.pieces, self.pieces, verbatim)
        self.tokens.append(opened)
        if tag in VOID:
            return None
        self.links += tag == "a"
        self.preformatted += node.tag in PREFORMATTED
        return opened

    def leave(self, node: LexborNode, opened: OpenTag) -> None:
        opened.last = self.pieces
        self.tokens.append(f"</{opened.tag}>")
        self.links -= opened.tag == "a"
        self.preformatted -= node.tag in PREFORMATTED


def _shown_tag(node: LexborNode) -> str | None:
    """The name an element is shown by, None if it is dropped, or no element."""
    name = node.tag or ""
    if not node.is_element_node or name in _DROPPED:
        return None
    if not _NAME.fullmatch(name) or name.startswith(_OWN):
        return "bench-other"
    return _SHOWN_AS.get(name, name)


def _attributes(node: LexborNode, *, plain: bool) -> Iterator[str]:
    attributes: Mapping[str, str | None] = node.attributes
    for name, value in attributes.items():
        text = value or ""
        if plain:
            is_kept = name in _LAYOUT
        elif name == "style":
            is_kept, text = True, _sanitize_css(text)
        elif name == "src":
            is_kept = bool(_PICTURE.match(text))
        elif name == "id":
            is_kept = not text.startswith(_OWN)
        else:
            is_other = _OTHER_NAME.fullmatch(name) and not name.startswith(f"data-{_OWN}")
            is_kept = name in _ATTRIBUTES or bool(is_other)
        if is_kept:
            yield f' {name}="{escape(text)}"'


def _sanitize_css(css: str) -> str:
    """A style sheet that fetches nothing and does not end its element."""
    return _FETCHED.sub("none", _IMPORTED.sub("", css)).replace("</", "<\\/")
