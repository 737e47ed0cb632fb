"""Guess what a page is by looking at it: its language, its type, its headline, its URL.

The guesses are for a person to confirm: simple signals, each for a reason, and the commonest value
where there is none.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from corpus import scripts
from corpus.html.tags import BLOCK_TAGS
from corpus.html.tree import parse_html
from corpus.lines import Lines
from corpus.visible import collapse

PAGE_TYPES = (
    "article", "collection", "documentation", "forum", "listing", "product", "service",
)  # fmt: skip
"""Those of the starter corpus, and of WCXB, in alphabetical order."""

_KANA = scripts.character_class(*scripts.KANA_LETTERS, *scripts.KANA_SIGNS)
_HAN = scripts.character_class(*scripts.HAN_IDEOGRAPHS)
# Other languages that have a script to themselves, as a rule: the range of its letters.
_HANGUL = scripts.character_class(*scripts.HANGUL_SYLLABLES)
_SCRIPTS = {"ko": _HANGUL, "el": "Ͱ-Ͽ", "he": "א-ת", "th": "ก-๎"}
_SCRIPT_SHARE = 0.3  # of the letters, to decide the language; loan words and links are the rest
_KANA_SHARE = 0.05  # of the letters: Japanese is written in Han and kana, Chinese in Han alone
_SAMPLE_CHARS = 6000
_MOST_LINKED = 0.5
_LIKELIEST = 3  # so many guesses of the detector are possible: Danish is like Norwegian
_NO_LANGUAGE = "zxx"
_CODE = re.compile(r"[a-z]{2,3}(?![a-z])")

# https://schema.org and https://ogp.me: what a page of a type declares, the clearest sign first.
_KINDS = {
    "forum": {"DiscussionForumPosting", "QAPage", "og:forum"},
    "collection": {"og:product.group", "og:product:group"},
    "article": {"Article", "BlogPosting", "NewsArticle", "ReportageNewsArticle"},
    "documentation": {"TechArticle", "APIReference"},
    "product": {"og:product", "ProductGroup", "ItemPage"},
    "listing": {"CollectionPage"},
}
_OFFERED = {"Product", "Offer"}
_URL_WORDS = {
    "forum": {
        "discussion", "discussions", "forum", "forums", "questions", "showthread", "t", "thread",
        "threads", "topic", "viewtopic",
    },
    "documentation": {"doc", "docs", "documentation", "manual", "reference", "wiki"},
    "product": {"dp", "item", "itm", "product", "products"},
    "collection": {"c", "cat", "category", "collection", "collections"},
    "service": {"service", "services"},
}  # fmt: skip
_LINKED_SHARE = 0.4  # of a page's characters in links, from which it lists things
_PRICE = re.compile(r"[$€£¥₩]\s?\d|\d\s?(?:[€元円원]|USD|EUR)")
_PRICES_OF_A_SHOP = 6

_HEADINGS = [BLOCK_TAGS.index("h1"), BLOCK_TAGS.index("h2")]
_SHORTEST_TITLE = 12  # characters of a line of plain text; those of menus are shorter
_OWN_URL = "link[rel='canonical' i][href], meta[property='og:url' i][content]"


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page seems to be; None where there is no sign."""

    language: str | None
    page_type: str
    title: str | None
    url: str | None  # the address that the page gives as its own


def guess_metadata(content: str, lines: Lines, url: str | None = None) -> PageMetadata:
    """Guess what a page is, from its decoded content, its lines and, if known, its URL."""
    tree = parse_html(content) if lines.is_html else None
    own = _own_url(tree) if tree else None
    return PageMetadata(
        language=_language(lines, _declared_language(tree) if tree else None),
        page_type=_page_type(lines, url or own),
        title=_title(lines),
        url=own,
    )


def _language(lines: Lines, declared: str | None) -> str | None:
    """Guess the code of a page's language: by its script, by a detector, or as ``declared``.

    Templates often declare a language that the text is not in: the declaration only chooses among
    what the detector finds likely. None if there is neither text nor declaration.
    """
    sample = _sample(lines)
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return declared

    def share(script: str) -> float:
        return len(re.findall(f"[{script}]", sample)) / letters

    if share(_KANA + _HAN) >= _SCRIPT_SHARE:
        return "ja" if share(_KANA) >= _KANA_SHARE else "zh"
    if code := next((code for code, own in _SCRIPTS.items() if share(own) >= _SCRIPT_SHARE), None):
        return code
    import py3langid  # half a second, for its model

    likely = [str(code) for code, _ in py3langid.rank(sample)[:_LIKELIEST]]
    if declared in likely or (declared and likely[0] == _NO_LANGUAGE):
        return declared
    return next(code for code in likely if code != _NO_LANGUAGE)


def _sample(lines: Lines) -> str:
    """Join the longest lines that are not links, up to a limit; any where there are only links."""
    order = np.argsort(-lines.chars, kind="stable")
    text = order[(lines.link_chars <= _MOST_LINKED * lines.chars)[order]]
    return "\n".join(lines.texts[i] for i in (text if len(text) else order))[:_SAMPLE_CHARS]


def _declared_language(tree: LexborHTMLParser) -> str | None:
    """Read the code in the ``lang`` of the root, or else of the body; None if it is none."""
    for node in tree.css("html[lang], body[lang]"):
        if found := _CODE.match((node.attributes.get("lang") or "").strip().lower()):
            return found[0]
    return None


def _page_type(lines: Lines, url: str | None) -> str:
    """Guess the type of a page: as declared, by words of its URL, by how much of it is links.

    An article where there is no sign.
    """
    kinds = lines.declared.kinds
    if declared := next((name for name, own in _KINDS.items() if kinds & own), None):
        return declared
    if kinds >= _OFFERED and "ItemList" not in kinds:
        return "product"
    parts = urlsplit(url.lower()) if url else None
    if parts:
        words = {segment.partition(".")[0] for segment in parts.path.split("/")}
        words |= set((parts.hostname or "").split(".")[:-2])
        if named := next((name for name, own in _URL_WORDS.items() if words & own), None):
            return named
    if "og:article" not in kinds and parts and parts.path in {"", "/"}:
        return "service"
    linked = int(lines.link_chars.sum()) / max(1, int(lines.chars.sum()))
    if "og:article" in kinds or linked < _LINKED_SHARE:
        return "article"
    prices = sum(_PRICE.search(text) is not None for text in lines.texts)
    return "collection" if prices >= _PRICES_OF_A_SHOP else "listing"


def _title(lines: Lines) -> str | None:
    """Find the line that is a page's headline.

    The longest ``h1`` or ``h2`` that the page's ``title`` holds, or else the first ``h1``, or else
    the ``title``. In plain text the first line of some length. None if there is none of these.
    """
    if not lines.is_html:
        return next((text for text in lines.texts if len(text) >= _SHORTEST_TITLE), None)
    declared = collapse(lines.declared.title)
    tags = np.where(lines.container >= 0, lines.containers.tag[lines.container], -1)
    headings = [(lines.texts[i], tags[i]) for i in np.flatnonzero(np.isin(tags, _HEADINGS))]
    if named := [text for text, _ in headings if text in declared]:
        return max(named, key=len)
    first = next((text for text, tag in headings if tag == _HEADINGS[0]), None)
    return first or declared or None


def _own_url(tree: LexborHTMLParser) -> str | None:
    for node in tree.css(_OWN_URL):
        url = node.attributes.get("href") or node.attributes.get("content") or ""
        if url.startswith(("http://", "https://")):
            return url
    return None
