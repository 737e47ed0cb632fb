"""WebMainBench: pages of the Common Crawl in many languages, their main content as Markdown.

Layout: JSON Lines with ``track_id``, ``url``, ``html``, ``meta`` and a gold. The makers score
against ``convert_main_content``, which a program made of the elements that people selected; where
it is missing, as in the published samples, ``groundtruth_content``, corrected by hand, serves. The
gold text is that Markdown as it is, since the published metric reads it so. Alignment looks past
its marks (on the samples at most 1 % of its words are nowhere on the page), but for the addresses
of links, which would tear lines apart: it does not see them.

The annotation tool left its traces in the HTML, and they give the answer away. They are taken off:
a page's raw bytes are the cleaned HTML, in UTF-8.
"""

import re
from dataclasses import replace
from pathlib import Path

from corpus import DataError, clean
from labels.importers import Source
from labels.importers._files import (
    JsonLine,
    find_files,
    find_json_lines,
    read_json_line,
    reading,
    with_ids,
)
from labels.importers._pages import html_page, with_gold
from labels.labelled import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "WebMainBench: pages of the Common Crawl with their main content (Shanghai AI Laboratory, "
    "OpenDataLab, 2025), gold Markdown projected onto lines by alignment."
)
_ADDRESS = re.compile(r"(?<=\])\((?:[^()\n]|\([^()\n]*\))*\)")
_GOLDS = ("convert_main_content", "groundtruth_content")

_TOOL_STYLE = re.compile(r'<style\b[^>]*\bid="cc-extraStyle"[^>]*>.*?</style>', re.DOTALL)
_TOOL_TAG = re.compile(r"</?marked-[\w-]+(?:\s[^>]*)?>")
_TOOL_ATTRIBUTE = re.compile(
    r"""\s(?:cc-select|data-anno-uid)(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?(?=[\s/>])"""
)
_TOOL_CLASS = re.compile(r"mark-selected|marked-[\w-]+|cc-unloaded")
_CLASSES = re.compile(r'(?<=\sclass=")[^"]*(?:mark|cc-)[^"]*(?=")')
# Selecting an element leaves these behind, empty where the page had none.
_EMPTY_ATTRIBUTE = re.compile(r'\s(?:class|style)="\s*"')


def find(path: Path) -> Source:
    """List the records of all files."""
    lines = [
        line for file in find_files(path, ".jsonl") for line in find_json_lines(file, "track_id")
    ]
    return Source(with_ids(lines, lambda line: line.name))


def read(record: tuple[str, JsonLine]) -> LabelledPage:
    """Read one record, clean its page and project its gold text onto the lines."""
    page_id, place = record
    row = read_json_line(place)
    with reading(place, "no record of WebMainBench"):
        html, url, meta = clean(row["html"]), row.get("url"), row.get("meta") or {}
        language, style = meta.get("language") or row.get("language"), meta.get("style")
    golds = [row[key] for key in _GOLDS if isinstance(row.get(key), str)]
    if not golds:
        raise DataError(f"{place}: no gold, neither {' nor '.join(_GOLDS)}")
    gold_text = next(filter(str.strip, golds), "")
    page, lines = html_page(
        place,
        page_id,
        scrub(html).encode(),
        source="webmainbench",
        licence=LICENCE,
        url=url,
        language=language,
        page_type=style,
    )
    gold_text = clean(gold_text)
    labelled = with_gold(page, lines, _ADDRESS.sub("", gold_text))
    return replace(labelled, gold_text=gold_text)


def scrub(html: str) -> str:
    """HTML without the traces of the annotation tool; the rest stays as it is."""
    for trace in (_TOOL_STYLE, _TOOL_TAG, _TOOL_ATTRIBUTE):
        html = trace.sub("", html)
    html = _CLASSES.sub(_page_classes, html)
    return _EMPTY_ATTRIBUTE.sub("", html)


def _page_classes(classes: re.Match[str]) -> str:
    return " ".join(name for name in classes[0].split() if not _TOOL_CLASS.fullmatch(name))
