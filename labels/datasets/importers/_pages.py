"""How importers make labelled pages of what they have read."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Markup, Page, clean, decode, split_text
from corpus.urls import site_of
from corpus.wording import printable
from labels.alignment import KEPT_SHARE, align
from labels.datasets.importers._files import read_bytes, reading
from labels.datasets.importers._records import ImportedPage, SourceRecord
from labels.label import Label, codes
from labels.labelled_page import LabelledPage
from labels.projection import BODY_SHARE, NOISE_SHARE, Facts, mark_facts, project

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
    record: SourceRecord,
    raw: bytes | None = None,
    *,
    place: Path | None = None,
    finds_url: bool = False,
    default_language: str | None = None,
    **facts: str | None,
) -> tuple[Page, Lines]:
    """Make the page of a record, and its lines.

    The bytes, where they are not passed, are those of the file at ``place``, by default the
    record's. ``facts`` go before those of the record. Where no language is known it is the one that
    the page declares; where no URL is known and ``finds_url``, too; where no site is known it is
    the URL's, or one that no other page has.

    Raises:
        DataError: if the file cannot be read or the bytes are no page; the place is named.
    """
    if raw is None:
        raw = read_bytes(place or record.place)
    with reading(place or record.place, "no page"):
        found = {"language": language_of(raw) or default_language}
        if finds_url and not (facts.get("url") or record.facts.get("url")):
            found["url"] = url_of(raw)
        page = _page(record, raw, "html", found, record.facts, facts)
        return page, page.lines()


def text_page(record: SourceRecord, raw: bytes, **facts: str | None) -> tuple[Page, Lines]:
    """Make the page of a record that is text without markup, and its lines; see `html_page`.

    Raises:
        DataError: if the bytes are no text; the place is named.
    """
    with reading(record.place, "no page"):
        page = _page(record, raw, "text", record.facts, facts)
        return page, page.lines()


def _page(
    record: SourceRecord, raw: bytes, markup: Markup, *sources: Mapping[str, str | None]
) -> Page:
    """A page with the facts of all sources; the later ones go before.

    Raises:
        DataError: if a fact is no text, or one that cannot be shown.
    """
    known: dict[str, str] = {}
    for name, fact in (item for facts in sources for item in facts.items()):
        if not isinstance(fact, str | None):
            raise DataError(f"its {name} is {fact!r}, no text")
        if fact and (text := clean(fact).strip()):
            if printable(text) != text:
                raise DataError(f"its {name} is {text!r:.60}; leave out what cannot be shown")
            known[name] = text
    site = site_of(known["url"]) if "url" in known else None
    known.setdefault("site", site or f"unknown-{record.id}")
    return Page(record.id, raw, markup, **known)


def snippets(value: Any) -> tuple[str, ...]:
    """Check and clean the snippets that a source lists; none where it lists none.

    Raises:
        DataError: if they are no list of texts.
    """
    if not isinstance(value, list | None) or not all(isinstance(text, str) for text in value or ()):
        raise DataError(f"snippets are {value!r}, no list of texts")
    return tuple(map(clean, value or ()))


def with_gold(page: Page, lines: Lines, gold_text: str, facts: Facts | None = None) -> LabelledPage:
    """Project a gold text onto the lines of a page."""
    labels, coverage = project(lines, gold_text, facts)
    return LabelledPage(page, lines.texts, labels, coverage, gold_text)


def with_snippets(
    page: Page,
    lines: Lines,
    kept: Sequence[str],
    left_out: Sequence[str],
    *,
    comments: Sequence[str] = (),
    facts: Facts | None = None,
) -> LabelledPage:
    """Label the lines in which a snippet stands; of all others nothing is known.

    A line that holds snippets of one sort alone is body, noise or comment. The others are mixed,
    which neither helps nor hurts, or else title or byline, as ``facts`` say.
    """
    by_label = {Label.BODY: kept, Label.NOISE: left_out, Label.COMMENT: comments}
    labels = codes([_label(text, by_label) for text in lines.texts])
    if facts is not None:
        marked = labels.copy()
        mark_facts(lines, marked, facts)
        labels = np.where(labels == Label.MIXED.code, marked, labels)
    return LabelledPage(
        page, lines.texts, labels, with_snippets=tuple(kept), without_snippets=tuple(left_out)
    )


def _label(text: str, snippets_of: Mapping[Label, Sequence[str]]) -> Label:
    """The label of the snippets that a line holds, if they are of one sort, else mixed."""
    held = [label for label, texts in snippets_of.items() if _holds(text, texts)]
    return held[0] if len(held) == 1 else Label.MIXED


def _holds(text: str, texts: Sequence[str]) -> bool:
    """Whether a line holds a snippet, white space collapsed."""
    return any((words := " ".join(snippet.split())) and words in text for snippet in texts)


def with_parts(page: Page, lines: Lines, parts: Sequence[tuple[Label, str]]) -> LabelledPage:
    """Project the labelled parts of a page's text, in document order, onto its lines.

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
        is_held = shares.max(axis=0) >= KEPT_SHARE
        labels[is_held] = codes(others)[shares.argmax(axis=0)[is_held]]
    labels[body > NOISE_SHARE] = Label.MIXED.code
    labels[body >= BODY_SHARE] = Label.BODY.code
    gold = "".join([text if label is Label.BODY else "\n" for label, text in parts])
    gold_text = "\n".join(split_text(gold).texts)
    return LabelledPage(page, lines.texts, labels, body, gold_text)


def line_page(
    record: SourceRecord,
    lines: Iterable[tuple[str, Label]],
    *,
    remarks: Mapping[str, int] | None = None,
    **facts: str | None,
) -> ImportedPage:
    """Make a page that exists as labelled lines of text alone.

    Its raw bytes are the lines, joined by newlines, in UTF-8. Lines are written as the splitter
    would: white space collapses, and a line that is empty then goes, together with its label,
    which a remark counts. ``facts`` as for `html_page`.

    Raises:
        RecordError: if nothing remains, or the splitter sees other lines.
    """
    with reading(record.place, "no labelled lines"):
        written = [(" ".join(split_text(clean(line)).texts), label) for line, label in lines]
        filled = [(text, label) for text, label in written if text]
        empty = len(written) - len(filled)
        texts = [text for text, _ in filled]
        page = _page(record, "\n".join(texts).encode(), "text", record.facts, facts)
        if not texts:
            raise DataError("no line with text")
        if page.lines().texts != texts:
            raise DataError("its lines, written as text, are not the same lines again")
        labelled = LabelledPage(page, texts, codes([label for _, label in filled]))
        return ImportedPage(labelled, dict(remarks or {}) | ({EMPTY_LINES: empty} if empty else {}))


def language_of(raw: bytes) -> str | None:
    """Find the language that an HTML page declares."""
    found = _HTML_LANG.search(raw[:_HEAD])
    return found[1].decode().lower() if found else None


def url_of(raw: bytes) -> str | None:
    """Find the address that an HTML page declares: its canonical link, or for Open Graph.

    Raises:
        DataError: if the bytes are not text.
    """
    tags = _LINK_OR_META.findall(decode(raw)[:_HEAD])
    for is_own in (_CANONICAL, _OG_URL):
        for tag in tags:
            if is_own.search(tag) and (found := _ADDRESS.search(tag)):
                return html.unescape(found[1])
    return None
