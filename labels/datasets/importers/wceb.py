"""WCEB: eight datasets combined for an empirical comparison of web content extraction.

Layout: ``ground-truth/DATASET.jsonl`` (``page_id``, ``url``, ``source``, ``plaintext``) and
``html/DATASET/ID.html``. A page id is the sha256 of the file as its own dataset has it, 64
hexadecimal digits. What stands here was decoded, unwrapped and written again as UTF-8 by the
makers, so that the bytes of a page that was not UTF-8 have another digest than its id says; that
is not an error. Language and page type are those of the row, where it has them, or else what the
dataset is made of; the sites of ``cetd`` and ``cleanportaleval`` stand in ``source``. The 181 pages
of ``scrapinghub`` are for evaluation alone: their split is ``test``, which nothing is trained on. A
page that is in two of the datasets is two pages. In the golds of ``dragnet`` readers' comments
stand below their delimiter, as the makers score them: here those lines are body.
"""

import re
from pathlib import Path
from typing import Any

from corpus import DataError, clean
from corpus.urls import site_of
from labels.datasets.importers._files import by_name, find_json_lines, read_json_line, reading
from labels.datasets.importers._pages import html_page, with_gold
from labels.datasets.importers._records import RecordError, Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "LicenseRef-several"
DESCRIPTION = (
    "WCEB: eight datasets of main content combined (Janek Bevendorff, Sanket Gupta, Johannes "
    "Kiesel and Benno Stein, 2023), gold text projected onto lines by alignment."
)
_EVALUATION_ONLY = {"scrapinghub"}
# What their makers say of all pages of a dataset; the other datasets are mixed.
_ENGLISH = {"cleaneval", "cleanportaleval", "dragnet", "google-trends-2017", "l3s-gn1"}
_ARTICLES = {"cleanportaleval", "dragnet", "l3s-gn1", "readability", "scrapinghub"}
_SITES_OF_CETD = {
    "arstechnica": "arstechnica.com", "bbc": "bbc.co.uk", "nytimes": "nytimes.com",
    "wiki": "wikipedia.org", "yahoo!": "yahoo.com",
}  # fmt: skip
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".html"


def find(path: Path) -> Source:
    """List the pages of all datasets."""
    if not (path / "ground-truth").is_dir() or not (path / "html").is_dir():
        raise DataError(f"{path}: no ground-truth/*.jsonl with html/DATASET/*.html")
    golds, unread = by_name(path / "ground-truth", ".jsonl")
    records = list(find_json_lines(golds.values(), "page_id"))
    if not records:
        raise DataError(f"{path}: no ground-truth/*.jsonl with html/DATASET/*.html")
    listed = {(record.gold[0].stem, record.name) for record in records}
    for folder in sorted(entry for entry in (path / "html").iterdir() if entry.is_dir()):
        pages, others = by_name(folder, _SUFFIX)
        unread += others
        unread += [
            (str(page), f"page without gold, none in ground-truth/{folder.name}.jsonl")
            for name, page in pages.items()
            if (folder.name, name) not in listed
        ]
    return Source(records, unread=unread)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and project its gold text onto its lines."""
    if not _SHA256.fullmatch(record.name):
        raise RecordError(record.place, f"page_id {record.name!r} is no sha256")
    row = read_json_line(record)
    with reading(record.place, "no record of WCEB"):
        gold_text, url = clean(row["plaintext"]), row.get("url")
        site = None if url else _site(row.get("source"))
    golds, dataset = record.gold[0].parent, record.gold[0].stem
    page = html_page(
        record,
        place=golds.parent / "html" / dataset / f"{record.name}{_SUFFIX}",
        finds_url=True,
        source=f"wceb/{dataset}",
        default_language="en" if dataset in _ENGLISH else None,
        url=url,
        site=site,
        language=row.get("language"),
        page_type=row.get("page_type") or ("article" if dataset in _ARTICLES else None),
        split="test" if dataset in _EVALUATION_ONLY else None,
    )
    return with_gold(*page, gold_text)


def _site(source: Any) -> str | None:
    """The site that the name of a page in its own dataset begins with, where that is its form."""
    match source:
        case ["cetd", str(case)]:
            return _SITES_OF_CETD.get(case.partition("_")[0].lower())
        case ["cleanportaleval", str(case)]:
            return site_of(case.partition("_")[0])
    return None
