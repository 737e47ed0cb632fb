"""The evaluation pages of trafilatura: pages with a few texts that must and must not be kept.

Layout: ``evaldata.json`` (URL -> ``file``, ``with``, ``without``, ``comments``), the pages in
``cache/`` or ``eval/`` as bytes in many encodings; files there that the index does not name belong
to other tests. No page has a full gold text, so most lines are not known: they are labelled
``mixed``, which neither helps nor hurts, or are title or byline. A page whose text has a licence of
its own (``license``) keeps it. For evaluation alone: all pages are of the split
``test``, which nothing is trained on.
"""

from pathlib import Path
from typing import Any

from corpus import DataError
from labels.datasets.importers._facts import facts_of, text_of
from labels.datasets.importers._files import read_json, reading
from labels.datasets.importers._pages import html_page, snippets, with_snippets
from labels.datasets.importers._records import RecordError, Source, SourceRecord
from labels.labelled_page import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "Evaluation pages of trafilatura (Adrien Barbaresi, since 2019): only the lines that hold a "
    "text to be kept or left, or one of a comment, are labelled so; all others are mixed."
)
_INDEX = "evaldata.json"
_FOLDERS = ("cache", "eval")


def find(path: Path) -> Source:
    """List the entries of the index."""
    if not (path / _INDEX).is_file() or not any((path / folder).is_dir() for folder in _FOLDERS):
        raise DataError(f"{path}: no {_INDEX} with a folder {' or '.join(_FOLDERS)}")
    index = read_json(path / _INDEX)
    if not isinstance(index, dict):
        raise DataError(f"{path / _INDEX}: no table of pages by URL")
    return Source([_record(path, url, entry) for url, entry in index.items()])


def _record(path: Path, url: str, entry: Any) -> SourceRecord:
    """A record whose gold is the folder of the dataset and the page's entry in the index."""
    file = entry.get("file") if isinstance(entry, dict) else None
    name = file.removesuffix(".html") if isinstance(file, str) else url
    facts = {"url": url.strip(), "split": "test"}
    return SourceRecord(name, f"{path / _INDEX} {url.strip()}", (path, entry), facts)


def read(record: SourceRecord) -> LabelledPage:
    """Read one page and label the lines in which a snippet stands."""
    path, entry = record.gold
    with reading(record.place, "no page with snippets"):
        files = [path / folder / entry["file"] for folder in _FOLDERS]
        kept, left_out = snippets(entry["with"]), snippets(entry["without"])
        comments = snippets(entry.get("comments"))
    html = next((file for file in files if file.is_file()), None)
    if html is None:
        raise RecordError(files[-1], f"no such file, nor in {files[0].parent.name}")
    page, lines = html_page(record, place=html, licence=text_of(entry.get("license")))
    facts = facts_of(entry.get("title"), entry.get("author"), entry.get("date"))
    return with_snippets(page, lines, kept, left_out, comments=comments, facts=facts)
