"""What a page says of itself in its head and in scripts that hold data."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from corpus.lines import Declared

# https://schema.org: the properties that hold what readers read.
_TEXTS = {"articleBody", "description", "text", "reviewBody"}
_SHORTEST_TEXT = 20
_TAG = re.compile(r"<[^<>]*>")
_SAYS = "head > title, meta[content], script[type='application/ld+json' i]"
_DESCRIPTIONS = {"description", "og:description"}
_TYPE = "og:type"


def declared(tree: LexborHTMLParser) -> Declared:
    """Read a parsed page's title, descriptions, and JSON-LD; what is no JSON is passed over."""
    titles: list[str] = []
    descriptions: dict[str, None] = {}
    texts: dict[str, None] = {}
    kinds: set[str] = set()
    for node in tree.css(_SAYS):
        attributes = node.attributes
        if node.tag == "title":
            titles.append(node.text() or "")
        elif node.tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            if name in _DESCRIPTIONS or name == _TYPE:
                content = _plain(attributes.get("content") or "")
                if name == _TYPE and content:
                    kinds.add(f"og:{content.lower()}")
                elif len(content) >= _SHORTEST_TEXT:
                    descriptions[content] = None
        else:
            for key, value in _properties(_json(node.text() or "")):
                if key == "@type":
                    kinds.add(value.rpartition("/")[2])
                elif key in _TEXTS and len(plain := _plain(value)) >= _SHORTEST_TEXT:
                    texts[plain] = None
    return Declared(
        title=_plain(titles[0]) if titles else "",
        descriptions=tuple(descriptions),
        texts=tuple(texts),
        kinds=frozenset(kinds),
    )


def _json(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _properties(root: object) -> Iterator[tuple[str, str]]:
    """Keys with the strings they have for values, or in lists, at any depth."""
    stack: list[Any] = [root]
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
