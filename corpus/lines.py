"""The columns of a split page."""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


class Flag(IntFlag):
    """What a line stands inside of, by element or by ARIA role; one bit each."""

    NAV = 1
    HEADER = 2
    FOOTER = 4
    ASIDE = 8
    ARTICLE = 16
    MAIN = 32
    LIST_ITEM = 64
    HEADING = 128
    TABLE = 256
    PRE = 512
    QUOTE = 1024
    FIGURE = 2048
    FORM = 4096
    HIDDEN = 8192
    NOSCRIPT = 16384
    PARAGRAPH = 32768
    CAPTION = 1 << 16
    DIALOG = 1 << 17
    TAB = 1 << 18
    CONTROL = 1 << 19
    REGION = 1 << 20
    SECTION = 1 << 21
    ORDERED = 1 << 22
    COLLAPSED = 1 << 23
    LABELLED = 1 << 24  # has an ARIA label
    CONTENT = 1 << 25  # schema.org property: what the page is there for
    CREDIT = 1 << 26  # schema.org property: author, publisher, date
    REPLY = 1 << 27  # schema.org property: comment, review
    OFFER = 1 << 28  # schema.org property: price, offer


@dataclass(frozen=True, slots=True)
class Containers:
    """The block elements of an HTML page in document order; m rows.

    The lines inside element ``i`` are ``start[i]`` up to, not including, ``end[i]``.
    Text has none.
    """

    names: list[str]  # class and id attributes, a blank between them
    parent: Ints  # row of the enclosing block element, -1 for the outermost
    depth: Ints
    start: Ints
    end: Ints
    signature: Ints  # equal for elements of the same tag and class attribute on this page
    tag: Ints  # position in `split.BLOCK_TAGS`

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a page's head and scripts say of it, in white-space-collapsed text."""

    title: str = ""
    descriptions: tuple[str, ...] = ()
    """Of the ``description`` and ``og:description``."""
    texts: tuple[str, ...] = ()
    """Of JSON-LD: article bodies, descriptions, texts of posts and answers, reviews."""
    kinds: frozenset[str] = frozenset()
    """Types of JSON-LD objects, and ``og:`` with the page's ``og:type``."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A page as a sequence of n lines, kept as columns.

    ``texts`` holds each line with white space collapsed, none empty. The arrays have n entries;
    on a page that exists only as text, all but ``chars`` are zero (``container`` is -1).
    """

    texts: list[str]
    chars: Ints  # length in code points
    link_chars: Ints  # of these, inside links
    links: Ints  # number of links that the line touches
    container: Ints  # row in `containers` of the innermost block element
    flags: Ints  # bits of `Flag`
    images: Ints  # images since the line before
    bold: Ints  # number of bold elements in the line
    times: Ints  # number of `time` elements in the line
    containers: Containers
    declared: Declared
    is_html: bool
    version: int  # of the splitter

    def __len__(self) -> int:
        return len(self.texts)
