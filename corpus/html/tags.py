"""What the elements and attributes of HTML mean for the lines of a page."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from corpus.lines import Flag

# fmt: off
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCK_TAGS = (
    "body", "html", "div", "p", "li", "ul", "ol", "dl", "dt", "dd", "menu", "dir",
    *HEADINGS, "hgroup", "header", "footer", "nav", "aside", "section",
    "article", "main", "search", "address", "blockquote", "pre", "listing", "xmp", "plaintext",
    "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
    "form", "fieldset", "legend", "label", "button", "select", "optgroup", "option", "textarea",
    "details", "summary", "dialog", "hr", "center", "noscript", "frameset", "noframes",
)
_INLINE = {
    "span", "i", "em", "u", "s", "small", "font", "sup", "sub", "mark", "cite", "code", "abbr", "q",
    "ins", "del", "picture", "source", "bdi", "wbr", "input",
}
PREFORMATTED = {"pre", "listing", "xmp", "plaintext", "textarea"}
WITHOUT_TEXT = {
    "script", "style", "template", "head", "title", "svg", "iframe", "noembed", "rp",
    "annotation", "annotation-xml",  # of MathML: the formula again, in another language
    # what they hold is only for browsers that can't show them
    "video", "audio", "canvas", "object", "datalist", "progress", "meter",
}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
}
"""Elements that have no content and no end."""

# What sets each flag: elements, ARIA roles, schema.org properties (of `itemprop`).
_FLAGGED: tuple[tuple[Flag, str, str, str], ...] = (
    (Flag.NAV, "nav", "navigation menu menubar", ""),
    (Flag.HEADER, "header", "banner", ""),
    (Flag.FOOTER, "footer", "contentinfo", ""),
    (Flag.ASIDE, "aside", "complementary", ""),
    (Flag.ARTICLE, "article", "article", ""),
    (Flag.MAIN, "main", "main", ""),
    (Flag.LIST_ITEM, "li dd dt", "listitem", ""),
    (Flag.HEADING, " ".join(HEADINGS), "heading", ""),
    (Flag.TABLE, "td th", "", ""),
    (Flag.PRE, "pre listing xmp plaintext", "", ""),
    (Flag.QUOTE, "blockquote", "", ""),
    (Flag.FIGURE, "figure", "", ""),
    (Flag.FORM, "form textarea fieldset button select label", "search", ""),
    (Flag.NOSCRIPT, "noscript", "", ""),
    (Flag.PARAGRAPH, "p", "", ""),
    (Flag.CAPTION, "figcaption caption", "", ""),
    (Flag.DIALOG, "dialog", "dialog alertdialog alert", ""),
    (Flag.TAB, "", "tab tablist tabpanel", ""),
    (Flag.CONTROL, "button select label option summary legend",
     "button menuitem option switch checkbox", ""),
    (Flag.REGION, "", "region", ""),
    (Flag.SECTION, "section", "", ""),
    (Flag.ORDERED, "ol", "", ""),
    (Flag.COLLAPSED, "details", "", ""),
    (Flag.CONTENT, "", "", "articlebody text description"),
    (Flag.CREDIT, "address", "", "author publisher datepublished datemodified"),
    (Flag.REPLY, "", "", "comment review reviewbody"),
    (Flag.OFFER, "", "", "offers price aggregaterating"),
)
# fmt: on


def _bits(names_of: Iterable[tuple[Flag, str]]) -> dict[str, int]:
    """Bits by name, in plain integers: members of `Flag` take ten times as long to combine."""
    bits: dict[str, int] = {}
    for flag, names in names_of:
        for name in names.split():
            bits[name] = bits.get(name, 0) | int(flag)
    return bits


_TAG_FLAGS = _bits((flag, tags) for flag, tags, _, _ in _FLAGGED)
_ROLE_FLAGS = _bits((flag, roles) for flag, _, roles, _ in _FLAGGED)
_PROPERTY_FLAGS = _bits((flag, properties) for flag, _, _, properties in _FLAGGED)
_HIDDEN, _LABELLED, _COLLAPSED = int(Flag.HIDDEN), int(Flag.LABELLED), int(Flag.COLLAPSED)
UNSEEN = 1 << 30
"""Beside the bits of `Flag`: a browser does not show the element at all."""
NOT_SHOWN = UNSEEN | _HIDDEN
_WITH_ANY_VALUE = {"hidden": NOT_SHOWN, "aria-label": _LABELLED, "aria-labelledby": _LABELLED}
_WITH_VALUE: dict[tuple[str, str | None], int] = {
    ("aria-hidden", "true"): _HIDDEN,
    ("aria-expanded", "false"): _COLLAPSED,
}
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\b")

# What is done about a node; those from `LINK` on hold for what is inside, too.
SKIP, INLINE, BREAK, IMAGE, BOLD, TIME, LINK, BLOCK = range(8)
# What a block element is beside a block; the first is nothing more.
_, CELL, TABLE, ROW, VERBATIM = range(5)


class Tag(NamedTuple):
    """What an element, or another node, means for the lines; all of it plain integers."""

    act: int
    row: int = 0  # in `BLOCK_TAGS`
    flags: int = 0
    part: int = 0


_PARTS = {
    "td": CELL,
    "th": CELL,
    "table": TABLE,
    "tr": ROW,
    **dict.fromkeys(PREFORMATTED, VERBATIM),
}
SKIPPED_NODE, INLINE_ELEMENT = Tag(SKIP), Tag(INLINE)
TAGS: Mapping[str, Tag] = {
    "br": Tag(BREAK),
    "img": Tag(IMAGE),
    "b": Tag(BOLD),
    "strong": Tag(BOLD),
    "time": Tag(TIME),
    "a": Tag(LINK),
    **dict.fromkeys(WITHOUT_TEXT, SKIPPED_NODE),
    **dict.fromkeys(_INLINE, INLINE_ELEMENT),
    **{
        name: Tag(BLOCK, row, _TAG_FLAGS.get(name, 0), _PARTS.get(name, 0))
        for row, name in enumerate(BLOCK_TAGS)
    },
}
"""Tags by name. Any other element is inline, any other node passed over."""


_FLAGGING = frozenset(
    {"role", "style", "itemprop", *_WITH_ANY_VALUE, *(name for name, _ in _WITH_VALUE)}
)


def attribute_flags(attributes: Mapping[str, str | None]) -> int:
    """Bits of `Flag` that an element's attributes set, and `UNSEEN`."""
    flags = 0
    if _FLAGGING.isdisjoint(attributes):  # as those of most elements
        return flags
    for name, value in attributes.items():
        if name == "style":
            style = (value or "").lower()
            # Few styles hide: a look for the words is faster than for the pattern.
            if ("none" in style or "hidden" in style) and _NOT_SHOWN.search(style):
                flags |= NOT_SHOWN
        elif name == "role":
            flags |= _ROLE_FLAGS.get((value or "").lower(), 0)
        elif name in _WITH_ANY_VALUE:
            flags |= _WITH_ANY_VALUE[name]
        elif (name, value) in _WITH_VALUE:
            flags |= _WITH_VALUE[name, value]
        elif name == "itemprop":
            for part in (value or "").lower().split():
                flags |= _PROPERTY_FLAGS.get(part, 0)
    return flags
