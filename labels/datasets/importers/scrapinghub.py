"""article-extraction-benchmark: news and blog pages with the body of their article.

Layout: ``ground-truth.json`` (id -> ``articleBody``, ``url``) and ``html/ID.html.gz``. For
evaluation alone: all pages are of the split ``test``, which nothing is trained on.
"""

from pathlib import Path

from corpus import DataError, clean
from labels.datasets.importers import Source, Unread
from labels.datasets.importers._files import by_name, read_gzip, read_json, reading, with_ids
from labels.datasets.importers._pages import html_page, with_gold
from labels.labelled_page import LabelledPage

LICENCE = "MIT"
DESCRIPTION = (
    "article-extraction-benchmark: 181 article pages with their text (Scrapinghub, now Zyte, "
    "2020; for evaluation alone), projected onto lines by alignment."
)
_GOLD = "ground-truth.json"
_SUFFIX = ".html.gz"

_Record = tuple[Path, str, str]


def find(path: Path) -> Source:
    """List the pages and the golds."""
    unread: list[Unread] = []
    pages = by_name(path / "html", _SUFFIX, unread) if (path / "html").is_dir() else {}
    if not pages or not (path / _GOLD).is_file():
        raise DataError(f"{path}: no html/*{_SUFFIX} with {_GOLD}")
    golds = read_json(path / _GOLD)
    if not isinstance(golds, dict):
        raise DataError(f"{path / _GOLD}: no table of golds by id")
    names = sorted({*pages, *golds})
    return Source([(path, *named) for named in with_ids(names, str)], unread=unread)


def place(record: _Record) -> Path:
    """The page's file."""
    path, _, name = record
    return path / "html" / f"{name}{_SUFFIX}"


def read(record: _Record) -> LabelledPage:
    """Read one page and project the article's text onto its lines."""
    path, page_id, name = record
    html = place(record)
    raw = read_gzip(html)
    with reading(f"{path / _GOLD} {name}", "no gold"):
        gold = read_json(path / _GOLD)[name]
        gold_text, url = clean(gold["articleBody"]), gold.get("url")
    page, lines = html_page(
        html, page_id, raw, source="scrapinghub", licence=LICENCE, url=url, split="test"
    )
    return with_gold(page, lines, gold_text)
