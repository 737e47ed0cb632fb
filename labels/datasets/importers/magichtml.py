"""magic-html: articles and forum pages whose text people marked, the benchmark of a library.

Layout: ``article/`` and ``forum/`` (``benchmark/data/`` in the makers' repository), each with
``base.json`` (id -> ``url``, ``content``) and ``htmls/ID.html``. The folder is the page's type, and
part of its id.
"""

from pathlib import Path

from corpus import DataError, clean
from labels.datasets.importers._facts import text_of
from labels.datasets.importers._files import by_name, read_json, reading
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import Source, SourceRecord, Unread
from labels.labelled_page import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "magic-html: 158 articles and 103 forum pages with their text (OpenDataLab, Shanghai AI "
    "Laboratory, 2024), projected onto lines by alignment."
)
_TYPES = ("article", "forum")
_GOLD = "base.json"
_PAGES = "htmls"
_SUFFIX = ".html"


def find(path: Path) -> Source:
    """List the pages of both types."""
    folders = [path / page_type for page_type in _TYPES if (path / page_type / _GOLD).is_file()]
    if not folders:
        raise DataError(f"{path}: no {_GOLD} with {_PAGES}/*{_SUFFIX}, in article nor in forum")
    records: list[SourceRecord] = []
    unread: list[Unread] = []
    for folder in folders:
        golds = read_json(folder / _GOLD)
        if not isinstance(golds, dict):
            raise DataError(f"{folder / _GOLD}: no table of golds by id")
        has_pages = (folder / _PAGES).is_dir()
        pages, others = by_name(folder / _PAGES, _SUFFIX) if has_pages else ({}, [])
        unread += others
        for name in sorted(golds.keys() | pages.keys()):
            if name not in golds:
                unread.append((str(pages[name]), f"page without gold, none in {_GOLD}"))
            elif name not in pages:
                reason = f"gold without a page, {_PAGES}/{name}{_SUFFIX} is missing"
                unread.append((f"{folder / _GOLD} {name}", reason))
            else:
                facts = {"page_type": folder.name}
                gold = (folder / _GOLD, name)
                records.append(SourceRecord(f"{folder.name}-{name}", pages[name], gold, facts))
    return Source(records, unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its text onto its lines."""
    file, name = record.gold
    with reading(f"{file} {name}", "no gold"):
        gold = read_json(file)[name]
        gold_text, url = clean(gold["content"]), text_of(gold.get("url"))
    return with_gold(*html_page(record, url=url), gold_text)
