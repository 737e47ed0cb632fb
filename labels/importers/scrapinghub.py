"""article-extraction-benchmark: news and blog pages with the body of their article.

Layout: ``ground-truth.json`` (id -> ``articleBody``, ``url``) and ``html/ID.html.gz``. For
evaluation alone: all pages are of the split ``test``, which nothing is trained on.
"""

from pathlib import Path

from corpus import DataError, clean
from labels.importers import Source
from labels.importers._files import read_gzip, read_json, reading, with_ids
from labels.importers._pages import html_page, with_gold
from labels.labelled import LabelledPage

LICENCE = "MIT"
DESCRIPTION = (
    "article-extraction-benchmark: 181 article pages with their text (Scrapinghub, now Zyte, "
    "2020; for evaluation alone), projected onto lines by alignment."
)
_GOLD = "ground-truth.json"
_SUFFIX = ".html.gz"


def find(path: Path) -> Source:
    """List the pages and the golds."""
    pages = [file.name.removesuffix(_SUFFIX) for file in (path / "html").glob(f"*{_SUFFIX}")]
    if not pages or not (path / _GOLD).is_file():
        raise DataError(f"{path}: no html/*{_SUFFIX} with {_GOLD}")
    golds = read_json(path / _GOLD)
    if not isinstance(golds, dict):
        raise DataError(f"{path / _GOLD}: no table of golds by id")
    return Source([(path, *named) for named in with_ids(sorted({*pages, *golds}), str)])


def read(record: tuple[Path, str, str]) -> LabelledPage:
    """Read one page and project the article's text onto its lines."""
    path, page_id, name = record
    place = path / "html" / f"{name}{_SUFFIX}"
    raw = read_gzip(place)
    with reading(f"{path / _GOLD} {name}", "no gold"):
        gold = read_json(path / _GOLD)[name]
        gold_text, url = clean(gold["articleBody"]), gold.get("url")
    page, lines = html_page(
        place, page_id, raw, source="scrapinghub", licence=LICENCE, url=url, split="test"
    )
    return with_gold(page, lines, gold_text)
