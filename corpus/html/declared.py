"""Read what a page's head and scripts declare of it."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from selectolax.lexbor import LexborNode

from corpus.lines import Declared
from corpus.visible import collapse

_JSON_LD = "application/ld+json"
DECLARATIONS = f"head > title, meta[content], script[type='{_JSON_LD}' i]"
"""Selects the elements that declare something."""
_TYPE = "og:type"
_READ = {"description", "og:description", _TYPE}
# https://schema.org: the properties that hold what readers read.
_TEXTS = {"articleBody", "description", "text", "reviewBody"}
_SHORTEST_TEXT = 20
_TAG = re.compile(r"<[^<>]*>")


def read_declared(nodes: Iterable[LexborNode]) -> Declared:
    """Read the title, descriptions and JSON-LD of what `DECLARATIONS` selects in a page.

    Other nodes are passed over, and so is what is no JSON.
    """
    titles: list[str] = []
    descriptions: list[str] = []
    texts: list[str] = []
    kinds: set[str] = set()
    for node in nodes:
        attributes = node.attributes
        if node.tag == "title" and node.parent is not None and node.parent.tag == "head":
            titles.append(_plain(node.text() or ""))
        elif node.tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            content = _plain(attributes.get("content") or "") if name in _READ else ""
            if name == _TYPE and content:
                kinds.add(f"og:{content.lower()}")
            elif len(content) >= _SHORTEST_TEXT:
                descriptions.append(content)
        elif node.tag == "script" and (attributes.get("type") or "").lower() == _JSON_LD:
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
    return collapse(_TAG.sub(" ", unescape(text)))
