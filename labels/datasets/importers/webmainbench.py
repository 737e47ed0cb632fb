"""WebMainBench: pages of the Common Crawl in many languages, their main content as Markdown.

Layout: JSON Lines with ``track_id``, ``url``, ``html``, ``meta`` and a gold. The makers score
against ``convert_main_content``, which a program made of the elements that people selected; where
it is missing, as in the published samples, ``groundtruth_content``, corrected by hand, serves. The
gold text is that Markdown unchanged: so the published metric reads it. Alignment looks past
its marks (on the samples at most 1 % of its words are nowhere on the page), but for the addresses
of links, which would tear lines apart: it does not see them.

The annotation tool left its traces in the HTML, and they give the answer away. They are taken off:
a page's raw bytes are the cleaned HTML, in UTF-8.
"""

import re
from dataclasses import replace
from pathlib import Path

from corpus import clean
from labels.datasets.importers._files import find_files, find_json_lines, read_json_line, reading
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import RecordError, Source, SourceRecord
from labels.datasets.residue_patterns import (
    MARKDOWN_TARGET,
    WEBMAINBENCH_ATTRIBUTE,
    WEBMAINBENCH_CLASS,
    WEBMAINBENCH_STYLE,
    WEBMAINBENCH_TAG,
)
from labels.labelled_page import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "WebMainBench: pages of the Common Crawl with their main content (Shanghai AI Laboratory, "
    "OpenDataLab, 2025), gold Markdown projected onto lines by alignment."
)
_GOLDS = ("convert_main_content", "groundtruth_content")

_CLASSES = re.compile(r'(?<=\sclass=")[^"]*(?=")')
_TOOL_CLASS = re.compile("mark|cc-")

# Selecting an element leaves these behind, empty where the page had none.
_EMPTY_ATTRIBUTE = re.compile(r'\s(?:class|style)="\s*"')


def find(path: Path) -> Source:
    """List the records of all files."""
    files, unread = find_files(path, ".jsonl")
    return Source(list(find_json_lines(files, "track_id")), unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one record, clean its page and project its gold text onto the lines."""
    row = read_json_line(record)
    with reading(record.place, "no record of WebMainBench"):
        html, url, meta = clean(row["html"]), row.get("url"), row.get("meta") or {}
        language = meta.get("language") or row.get("language")
        style = meta.get("style") or row.get("real_type")
    golds = [row[key] for key in _GOLDS if isinstance(row.get(key), str)]
    if not golds:
        raise RecordError(record.place, f"no gold, neither {' nor '.join(_GOLDS)}")
    gold_text = clean(next(filter(str.strip, golds), ""))
    raw = scrub(html).encode()
    page = html_page(record, raw, url=url, language=language, page_type=style)
    # Alignment does not see the addresses of links, which would tear lines apart.
    labelled = with_gold(*page, MARKDOWN_TARGET.sub("", gold_text))
    return replace(labelled, gold_text=gold_text)


def scrub(html: str) -> str:
    """Remove the traces of the annotation tool from HTML; nothing else changes."""
    for trace in (WEBMAINBENCH_STYLE, WEBMAINBENCH_TAG, WEBMAINBENCH_ATTRIBUTE):
        html = trace.sub("", html)
    html = _CLASSES.sub(_page_classes, html)
    return _EMPTY_ATTRIBUTE.sub("", html)


def _page_classes(classes: re.Match[str]) -> str:
    if not _TOOL_CLASS.search(classes[0]):
        return classes[0]
    return " ".join(name for name in classes[0].split() if not WEBMAINBENCH_CLASS.fullmatch(name))
