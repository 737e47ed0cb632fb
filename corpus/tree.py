"""Parse HTML as a browser does, and read what a page's head and scripts declare."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from corpus.errors import DataError
from corpus.lines import Declared
from corpus.tags import BLOCK_TAGS, VOID

# The parser's time grows with the square of the depth; browsers stop at 512.
_DEEPEST = 10_000
_START_OR_END = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
_NOT_NESTING = VOID | {"p", "li", "dd", "dt", "tr", "td", "th", "option", "a", "nobr", "button"}

_NOSCRIPT = re.compile(rb"<(/?)noscript\b", re.IGNORECASE)
# Elements whose content is text up to their own end, whatever markup it holds. Scripts are not
# among them: in one, a `noscript` is a mere string, and an end would be the script's.
_WITH_TEXT = re.compile(
    rb"<(/?)(iframe|noembed|noframes|style|textarea|title|xmp)\b", re.IGNORECASE
)

_DECLARATIONS = "head > title, meta[content], script[type='application/ld+json' i]"
_TYPE = "og:type"
_READ = {"description", "og:description", _TYPE}
# https://schema.org: the properties that hold what readers read.
_TEXTS = {"articleBody", "description", "text", "reviewBody"}
_SHORTEST_TEXT = 20
_TAG = re.compile(r"<[^<>]*>")


def parse_html(html: str | bytes) -> LexborHTMLParser:
    """Parse HTML; bytes must be UTF-8. Lone surrogates, which strings can hold, are left out.

    Scripts do not run, so that ``noscript`` holds elements. To a browser that runs them it is text
    up to its end, so nothing in it can reach beyond: nor does it here. There are pages that close
    an ``iframe`` in it as if it were empty, which would take in the rest of the page.

    Raises:
        DataError: if elements are nested more than 10,000 deep.
    """
    utf8 = html.encode(errors="ignore") if isinstance(html, str) else html
    _refuse_endless_nesting(utf8)
    return LexborHTMLParser(_with_ends(utf8))


def _refuse_endless_nesting(utf8: bytes) -> None:
    starts = np.count_nonzero(np.frombuffer(utf8, np.uint8) == ord("<"))  # faster than `count`
    if starts <= _DEEPEST or starts - utf8.count(b"</") <= _DEEPEST:
        return
    depth = deepest = 0
    outside: list[int] = []  # depths at which the open drawings stand
    for end, name, rest in _START_OR_END.findall(utf8.decode(errors="replace")):
        tag = name.lower()
        # A slash at the end closes an element of a drawing at once, but none of HTML's own.
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


def _with_ends(utf8: bytes) -> bytes:
    """The page with an end for what a ``noscript`` leaves open."""
    parts: list[bytes] = []
    done, begin = 0, None
    for tag in _NOSCRIPT.finditer(utf8):
        if not tag[1]:
            begin = tag.end() if begin is None else begin
        elif begin is not None:
            if name := _left_open(utf8[begin : tag.start()]):
                parts += (utf8[done : tag.start()], b"</", name, b">")
                done = tag.start()
            begin = None
    return b"".join([*parts, utf8[done:]]) if parts else utf8


def _left_open(content: bytes) -> bytes:
    """Name of the element that swallows what comes after; empty if none does."""
    open_ = b""
    for slash, name in _WITH_TEXT.findall(content):
        if not open_:
            open_ = b"" if slash else name.lower()
        elif slash and name.lower() == open_:
            open_ = b""
    return open_


def read_declared(tree: LexborHTMLParser) -> Declared:
    """Read a parsed page's title, descriptions and JSON-LD; what is no JSON is passed over."""
    titles: list[str] = []
    descriptions: list[str] = []
    texts: list[str] = []
    kinds: set[str] = set()
    for node in tree.css(_DECLARATIONS):
        attributes = node.attributes
        if node.tag == "title":
            titles.append(_plain(node.text() or ""))
        elif node.tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            content = _plain(attributes.get("content") or "") if name in _READ else ""
            if name == _TYPE and content:
                kinds.add(f"og:{content.lower()}")
            elif len(content) >= _SHORTEST_TEXT:
                descriptions.append(content)
        else:
            for key, value in _properties(node.text() or ""):
                if key == "@type":
                    kinds.add(value.rpartition("/")[2])
                elif key in _TEXTS and len(plain := _plain(value)) >= _SHORTEST_TEXT:
                    texts.append(plain)
    return Declared(
        title=titles[0] if titles else "",
        descriptions=tuple(dict.fromkeys(descriptions)),
        texts=tuple(dict.fromkeys(texts)),
        kinds=frozenset(kinds),
    )


def _properties(data: str) -> Iterator[tuple[str, str]]:
    """Keys of JSON with the strings they have for values, or in lists, at any depth."""
    try:
        stack: list[Any] = [json.loads(data, strict=False)]
    except (ValueError, RecursionError):
        return
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                for item in inner if isinstance(inner, list) else [inner]:
                    if isinstance(item, str):
                        yield key, item
                    else:
                        stack.append(item)


def _plain(text: str) -> str:
    """Text without tags and entities, white space collapsed."""
    return " ".join(_TAG.sub(" ", unescape(text)).split())
