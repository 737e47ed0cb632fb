"""A page's markup without all that acts: what is left can be looked at, and does nothing.

Elements and attributes pass if they are known to only look like something. The lines of what comes
out are those of the page: what the splitter skips may be dropped, what it reads stays.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from selectolax.lexbor import LexborNode

from corpus.split import INVISIBLE
from corpus.tags import PREFORMATTED, VOID, WITHOUT_TEXT
from corpus.tree import parse_html

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
_VOID = VOID | {"basefont", "bgsound", "keygen", "image"}
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

    text: str
    in_link: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The beginning of an element that holds the pieces from ``first`` up to before ``last``."""

    tag: str
    attributes: str
    """Markup, with a space before each."""
    first: int
    last: int
    verbatim: str = ""
    """What follows as it is: the content of a style sheet, a line break that would be eaten."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The end of an element."""

    tag: str


Token = Piece | Opened | Closed | str
"""A string is white space between pieces."""


def harmless(html: str, *, plain: bool = False) -> Iterator[Token]:
    """What is left of a page when all is gone that acts, in the order of the page.

    With ``plain``, all that styles or hides is gone as well.
    """
    root = parse_html(html).root
    if root is None:
        return iter(())
    return iter(_Walk(plain=plain).run(root))


class _Walk:
    """One walk over the tree, with a stack of its own: pages nest deeper than Python does."""

    def __init__(self, *, plain: bool) -> None:
        self.plain = plain
        self.tokens: list[Token] = []
        self.pieces = 0
        self.links = 0
        self.preformatted = 0

    def run(self, root: LexborNode) -> list[Token]:
        # Elements that are open: the node, its token's position, and the tag shown.
        stack: list[tuple[LexborNode, int, str]] = []
        node: LexborNode | None = root
        while node is not None:
            if node.is_text_node:
                self.text(node.text_content or "")
            elif (tag := _shown_tag(node)) is not None and self.enter(node, tag):
                stack.append((node, len(self.tokens) - 1, tag))
                child = node.first_child
                if child is not None:
                    node = child
                    continue
                self.leave(*stack.pop())
            while (following := node.next) is None and stack:
                node, position, tag = stack.pop()
                self.leave(node, position, tag)
            node = following
        return self.tokens

    def text(self, text: str) -> None:
        if not self.preformatted:
            self.piece(text)
            return
        first, *others = text.split("\n")
        self.piece(first)
        for other in others:
            self.tokens.append("\n")
            self.piece(other)

    def piece(self, text: str) -> None:
        if text.translate(INVISIBLE).split():
            self.tokens.append(Piece(text, self.links > 0))
            self.pieces += 1
        elif text:
            self.tokens.append(text)

    def enter(self, node: LexborNode, tag: str) -> bool:
        """Begin an element; whether anything can be inside."""
        if tag == "style":
            if not self.plain:
                css = _harmless_css(node.text(deep=True))
                self.tokens += [Opened(tag, "", 0, 0, css), Closed(tag)]
            return False
        verbatim = "\n" if tag == "pre" else ""
        attributes = "".join(_attributes(node, plain=self.plain))
        if tag == "details":
            attributes += " open"
        self.tokens.append(Opened(tag, attributes, self.pieces, self.pieces, verbatim))
        if tag in _VOID:
            return False
        self.links += tag == "a"
        self.preformatted += node.tag in PREFORMATTED
        return True

    def leave(self, node: LexborNode, position: int, tag: str) -> None:
        opened = self.tokens[position]
        if isinstance(opened, Opened):
            last = self.pieces
            self.tokens[position] = Opened(
                tag, opened.attributes, opened.first, last, opened.verbatim
            )
        self.tokens.append(Closed(tag))
        self.links -= tag == "a"
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
            if name in _LAYOUT:
                yield f' {name}="{escape(text)}"'
        elif name == "style":
            yield f' style="{escape(_harmless_css(text))}"'
        elif name == "src":
            if _PICTURE.match(text):
                yield f' src="{escape(text)}"'
        elif name == "id" and text.startswith(_OWN):
            continue
        elif name in _ATTRIBUTES or (
            _OTHER_NAME.fullmatch(name) and not name.startswith(f"data-{_OWN}")
        ):
            yield f' {name}="{escape(text)}"'


def _harmless_css(css: str) -> str:
    """A style sheet that fetches nothing and does not end its element."""
    return _FETCHED.sub("none", _IMPORTED.sub("", css)).replace("</", "<\\/")
