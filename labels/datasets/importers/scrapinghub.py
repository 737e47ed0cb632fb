"""article-extraction-benchmark: news and blog pages with the body of their article.

Layout: ``ground-truth.json`` (id -> ``articleBody``, ``url``) and ``html/ID.html.gz``. For
evaluation alone: all pages are of the split ``test``, which nothing is trained on.
"""

from pathlib import Path

from corpus import DataError, clean
from labels.datasets.importers._files import by_name, read_json, reading
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "MIT"
DESCRIPTION = (
    "article-extraction-benchmark: 181 article pages with their text (Scrapinghub, now Zyte, "
    "2020; for evaluation alone), projected onto lines by alignment."
)
_GOLD = "ground-truth.json"
_SUFFIX = ".html.gz"
_FACTS = {"split": "test", "page_type": "article"}


def find(path: Path) -> Source:
    """List the pages and the golds."""
    pages, unread = by_name(path / "html", _SUFFIX) if (path / "html").is_dir() else ({}, [])
    if not pages or not (path / _GOLD).is_file():
        raise DataError(f"{path}: no html/*{_SUFFIX} with {_GOLD}")
    golds = read_json(path / _GOLD)
    if not isinstance(golds, dict):
        raise DataError(f"{path / _GOLD}: no table of golds by id")
    records = [
        SourceRecord(name, path / "html" / f"{name}{_SUFFIX}", path / _GOLD, facts=_FACTS)
        for name in sorted({*pages, *golds})
    ]
    return Source(records, unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project the article's text onto its lines."""
    with reading(f"{record.gold} {record.name}", "no gold"):
        gold = read_json(record.gold)[record.name]
        gold_text, url = clean(gold["articleBody"]), gold.get("url")
    return with_gold(*html_page(record, url=url), gold_text)
