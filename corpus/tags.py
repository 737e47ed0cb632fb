"""What the elements and attributes of HTML mean for the lines of a page."""

import re
from collections.abc import Mapping
from enum import IntEnum
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
_CELLS = {"td", "th"}
_INLINE = {
    "span", "i", "em", "u", "s", "small", "font", "sup", "sub", "mark", "cite", "code", "abbr", "q",
    "ins", "del", "picture", "source", "bdi", "wbr", "input",
}
PREFORMATTED = {"pre", "listing", "xmp", "plaintext", "textarea"}
WITHOUT_TEXT = {
    "script", "style", "template", "head", "title", "svg", "iframe", "noembed", "video", "audio",
    "datalist",
}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
}
"""Elements that have no content and no end."""
# fmt: on

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
    **dict.fromkeys(HEADINGS, int(Flag.HEADING)),
    **dict.fromkeys(_CELLS, int(Flag.TABLE)),
    **dict.fromkeys(PREFORMATTED - {"textarea"}, int(Flag.PRE)),
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
_ALWAYS = {"hidden": _HIDDEN, "aria-label": _LABELLED, "aria-labelledby": _LABELLED}
_WHERE_IT_IS: dict[tuple[str, str | None], int] = {
    ("aria-hidden", "true"): _HIDDEN,
    ("aria-expanded", "false"): _COLLAPSED,
}
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class Act(IntEnum):
    """What is done about a node."""

    SKIP = 0
    TEXT = 1
    INLINE = 2
    BREAK = 3
    IMAGE = 4
    BOLD = 5
    TIME = 6
    LINK = 7
    BLOCK = 8


class Part(IntEnum):
    """What a block element is beside a block."""

    NONE = 0
    CELL = 1
    TABLE = 2
    ROW = 3
    PREFORMATTED = 4


class Tag(NamedTuple):
    """Plain integers, which are compared ten times as fast as members of an enumeration."""

    act: int
    row: int = 0  # in `BLOCK_TAGS`
    flags: int = 0
    part: int = 0


def _tag(name: str) -> Tag:
    part = Part.NONE
    if name in _CELLS:
        part = Part.CELL
    elif name in PREFORMATTED:
        part = Part.PREFORMATTED
    elif name in {"table", "tr"}:
        part = Part.ROW if name == "tr" else Part.TABLE
    return Tag(int(Act.BLOCK), BLOCK_TAGS.index(name), _TAG_FLAGS.get(name, 0), int(part))


SKIP, INLINE = Tag(int(Act.SKIP)), Tag(int(Act.INLINE))
TAGS: Mapping[str, Tag] = {
    "-text": Tag(int(Act.TEXT)),
    "br": Tag(int(Act.BREAK)),
    "img": Tag(int(Act.IMAGE)),
    **dict.fromkeys(("b", "strong"), Tag(int(Act.BOLD))),
    "time": Tag(int(Act.TIME)),
    "a": Tag(int(Act.LINK)),
    **dict.fromkeys(WITHOUT_TEXT, SKIP),
    **dict.fromkeys(_INLINE, INLINE),
    **{name: _tag(name) for name in BLOCK_TAGS},
}
"""Tags by name. Any other element is inline, any other node passed over."""


def attribute_flags(attributes: Mapping[str, str | None]) -> int:
    """Bits of `Flag` that an element's attributes tell."""
    flags = 0
    for name, value in attributes.items():
        if name == "role":
            flags |= _ROLE_FLAGS.get((value or "").lower(), 0)
        elif name in _ALWAYS:
            flags |= _ALWAYS[name]
        elif (name, value) in _WHERE_IT_IS:
            flags |= _WHERE_IT_IS[name, value]
        elif name == "style" and value and _DISPLAY_NONE.search(value):
            flags |= _HIDDEN
        elif name == "itemprop":
            for part in (value or "").lower().split():
                flags |= _PROPERTY_FLAGS.get(part, 0)
    return flags
