"""How importers make labelled pages of what they have read."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page, clean, decode, split_text
from corpus.urls import site_of
from labels.alignment import KEPT_SHARE, align
from labels.datasets.importers._files import reading
from labels.datasets.importers._records import Reading
from labels.label import Label, codes
from labels.labelled_page import LabelledPage
from labels.projection import BODY_SHARE, NOISE_SHARE, Facts, project

EMPTY_LINES = "empty lines, left out with their labels"

_HEAD = 65_536
_HTML_LANG = re.compile(
    rb"""<html[^>]{0,2000}?\blang\s*=\s*["']?([a-zA-Z]{2,3})\b""", re.IGNORECASE
)
_CANONICAL = re.compile(r"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE)
_OG_URL = re.compile(r"""\bproperty\s*=\s*["']?og:url\b""", re.IGNORECASE)
_LINK_OR_META = re.compile(r"<(?:link|meta)\b[^>]{0,2000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|content)\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)


def html_page(
    place: object,
    page_id: str,
    raw: bytes,
    *,
    source: str,
    licence: str,
    url: str | None = None,
    site: str | None = None,
    language: str | None = None,
    page_type: str | None = None,
    split: str | None = None,
) -> tuple[Page, Lines]:
    """A page and its lines.

    The site is the URL's where none is told, one of its own where there is no URL either; the
    language is what the page declares of itself where none is told.

    Raises:
        DataError: if the bytes are no page; the place is named.
    """
    with reading(place, "no page"):
        told = _told(url=url, site=site, language=language, page_type=page_type)
        page = Page(
            id=page_id,
            raw=raw,
            markup="html",
            url=told["url"],
            site=told["site"] or _site(told["url"], page_id),
            language=told["language"] or language_of(raw),
            page_type=told["page_type"],
            split=split,
            source=source,
            licence=licence,
        )
        return page, page.lines()


def _told(**facts: str | None) -> Mapping[str, str | None]:
    """What a source tells of a page: text, cleaned, or nothing.

    Raises:
        DataError: if something is neither.
    """
    for name, fact in facts.items():
        if not isinstance(fact, str | None):
            raise DataError(f"its {name} is {fact!r}, no text")
    return {name: clean(fact) if fact else None for name, fact in facts.items()}


def snippets(value: Any) -> tuple[str, ...]:
    """Snippets that a source lists; none where it lists none.

    Raises:
        DataError: if they are no list of texts.
    """
    if not isinstance(value, list | None) or not all(isinstance(text, str) for text in value or ()):
        raise DataError(f"snippets are {value!r}, no list of texts")
    return tuple(map(clean, value or ()))


def with_gold(
    page: Page,
    lines: Lines,
    gold_text: str,
    facts: Facts | None = None,
    *,
    with_snippets: Sequence[str] = (),
    without_snippets: Sequence[str] = (),
) -> LabelledPage:
    """A page with its gold text projected onto its lines."""
    labels, coverage = project(lines, gold_text, facts)
    return LabelledPage(
        page=page,
        texts=lines.texts,
        labels=labels,
        coverage=coverage,
        gold_text=gold_text,
        with_snippets=tuple(with_snippets),
        without_snippets=tuple(without_snippets),
    )


def with_parts(page: Page, lines: Lines, parts: Sequence[tuple[Label, str]]) -> LabelledPage:
    """A page with the labelled parts of its text, in document order, projected onto its lines.

    The parts are aligned together, so that each is found where it stands even if its words recur
    elsewhere on the page; a line's share of one label is what it loses when the parts with that
    label are taken out. Body goes first: a line is body or mixed by the thresholds of
    `labels.projection`. Of the rest, a line gets the label that holds at least half of it, the
    larger share first; what no part holds is noise. The gold text is the lines labelled body.
    """

    def held(without: Label | None = None) -> NDArray[np.float32]:
        # Where a part is taken out, a line ends.
        text = "".join(["\n" if label is without else text for label, text in parts])
        return align(lines.texts, text).coverage

    whole = held()
    body = np.maximum(whole - held(without=Label.BODY), 0)
    labels = np.full(len(lines), Label.NOISE.code, np.int8)
    others = [label for label in dict(parts) if label not in {Label.BODY, Label.NOISE}]
    if others:
        shares = np.stack([whole - held(without=label) for label in others])
        told = shares.max(axis=0) >= KEPT_SHARE
        labels[told] = codes(others)[shares.argmax(axis=0)[told]]
    labels[body > NOISE_SHARE] = Label.MIXED.code
    labels[body >= BODY_SHARE] = Label.BODY.code
    gold = "".join([text if label is Label.BODY else "\n" for label, text in parts])
    gold_text = "\n".join(split_text(gold).texts)
    return LabelledPage(page, lines.texts, labels, body, gold_text)


def line_page(
    place: object,
    page_id: str,
    lines: Iterable[tuple[str, Label]],
    *,
    source: str,
    licence: str,
    url: str | None = None,
    site: str | None = None,
    language: str | None = None,
    split: str | None = None,
    remarks: Mapping[str, int] = MappingProxyType({}),
) -> Reading:
    """A page that exists as labelled lines of text alone.

    Its raw bytes are the lines, joined by newlines, in UTF-8. Lines are written as the splitter
    would: white space collapses, and a line that is empty then goes, together with its label,
    which a remark counts.

    Raises:
        RecordError: if nothing is left, or the splitter sees other lines.
    """
    with reading(place, "no labelled lines"):
        told = _told(url=url, site=site, language=language)
        written = [(" ".join(split_text(clean(line)).texts), label) for line, label in lines]
        filled = [(text, label) for text, label in written if text]
        noted = dict(remarks)
        if empty := len(written) - len(filled):
            noted[EMPTY_LINES] = empty
        texts = [text for text, _ in filled]
        page = Page(
            id=page_id,
            raw="\n".join(texts).encode(),
            markup="text",
            url=told["url"],
            site=told["site"] or _site(told["url"], page_id),
            language=told["language"],
            split=split,
            source=source,
            licence=licence,
        )
        if not texts:
            raise DataError("no line with text")
        if page.lines().texts != texts:
            raise DataError("its lines, written as text, are not the same lines again")
        return Reading(LabelledPage(page, texts, codes([label for _, label in filled])), noted)


def _site(url: str | None, page_id: str) -> str:
    """The site of a URL; a page whose address is not known is a site of its own."""
    return (site_of(url) if url else None) or f"unknown-{page_id}"


def language_of(raw: bytes) -> str | None:
    """The language that an HTML page declares of itself."""
    found = _HTML_LANG.search(raw[:_HEAD])
    return found[1].decode().lower() if found else None


def url_of(raw: bytes) -> str | None:
    """The address that an HTML page gives as its own: its canonical link, or for Open Graph.

    Raises:
        DataError: if the bytes are not text.
    """
    tags = _LINK_OR_META.findall(decode(raw)[:_HEAD])
    for is_own in (_CANONICAL, _OG_URL):
        for tag in tags:
            if is_own.search(tag) and (found := _ADDRESS.search(tag)):
                return html.unescape(found[1])
    return None
