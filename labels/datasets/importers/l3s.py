"""L3S-GN1: news pages, every part of the text marked by its kind.

Layout: ``original/UUID.html`` with ``annotated/UUID.html``, or ``input/UUID.html`` with
``GoldStandard/UUID.txt`` (HTML, too); ``url-mapping.txt``, where there is one, lists addresses as
``<urn:uuid:UUID> URL``. The annotated page was saved by a browser and is not the input: the text
of its ``x-nc-sel`` spans is projected onto the lines of the original.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus import BLOCK_TAGS, split_html
from labels.datasets.importers._files import Layout, find_pairs, read_text, reading
from labels.datasets.importers._pages import html_page, with_parts
from labels.datasets.importers._records import Source, SourceRecord
from labels.label import Label
from labels.labelled_page import LabelledPage

LICENCE = "LicenseRef-research-only"
DESCRIPTION = (
    "L3S-GN1: 621 news pages with headline, text, supplement, related content and comments marked "
    "(Christian Kohlschütter, L3S, 2010; for research only), projected onto lines by alignment."
)
_LAYOUTS = (
    Layout("original", ".html", "annotated", ".html"),
    Layout("input", ".html", "GoldStandard", ".txt"),
)

_ADDRESS = re.compile(r"<urn:uuid:([0-9a-fA-F-]+)>\s+(\S+)")

_SPACE = re.compile(r"\s+")
_KINDS = {
    "x-nc-sel0": Label.NOISE,  # not content
    "x-nc-sel1": Label.TITLE,  # headline
    "x-nc-sel2": Label.BODY,  # full text
    "x-nc-sel3": Label.CAPTION,  # supplemental
    "x-nc-sel4": Label.RECOMMENDATION,  # related content
    "x-nc-sel5": Label.COMMENT,  # user comments
    "x-nc-invisible": Label.NOISE,  # what a reader does not see
}
_WITHOUT_TEXT = ["head", "title", "script", "style", "iframe", "noembed", "template", "svg"]


def find(path: Path) -> Source:
    """List the pages, with the addresses that are known."""
    mapping = path / "url-mapping.txt"
    urls = dict(_ADDRESS.findall(read_text(mapping))) if mapping.is_file() else {}
    pairs, unread = find_pairs(path, *_LAYOUTS)
    return Source(
        [pair.with_facts(url=urls.get(pair.name), page_type="article") for pair in pairs],
        unread=unread,
    )


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project the marked text onto its lines."""
    annotated = read_text(record.gold)
    with reading(record.gold, "no page"):
        split_html(annotated)  # refuses what is nested without end
    page = html_page(record, finds_url=True, default_language="en")
    return with_parts(*page, list(_parts(annotated)))


def _parts(annotated: str) -> Iterator[tuple[Label, str]]:
    """Yield the text of an annotated page in document order, each piece with what marks it.

    The innermost mark counts; text without one is not content. A block element or ``<br>`` begins
    a line, which no line break in the source does.
    """
    tree = LexborHTMLParser(annotated)
    tree.strip_tags(_WITHOUT_TEXT)
    if tree.root is None:
        return
    block = None
    for node in tree.root.traverse(include_text=True):
        if node.tag == "br":
            block = None
        elif node.tag == "-text":
            label, around = _mark_and_block(node)
            text = _SPACE.sub(" ", node.text_content or "")
            yield label, text if around == block else f"\n{text}"
            block = around


def _mark_and_block(text: LexborNode) -> tuple[Label, int]:
    """The innermost mark around a text, and the identity of the block element around it."""
    label = block = None
    node = text.parent
    while node is not None and (label is None or block is None):
        if label is None:
            classes = (node.attributes.get("class") or "").split()
            label = next((_KINDS[name] for name in classes if name in _KINDS), None)
        if block is None and node.tag in BLOCK_TAGS:
            block = node.mem_id
        node = node.parent
    return label or Label.NOISE, block or 0
