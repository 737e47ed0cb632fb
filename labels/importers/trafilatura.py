"""The evaluation pages of trafilatura: pages with a few texts that must and must not be kept.

Layout: ``evaldata.json`` (URL -> ``file``, ``with``, ``without``), the pages in ``cache/`` or
``eval/`` as bytes in many encodings. No page has a full gold text, so most lines are not known:
they are labelled ``mixed``, which neither helps nor hurts. For evaluation alone: all pages are of
the split ``test``, which nothing is trained on.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus import DataError, clean
from labels.importers import Source
from labels.importers._files import read_bytes, read_json, reading, with_ids
from labels.importers._pages import html_page
from labels.label import Label, codes
from labels.labelled import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "Evaluation pages of trafilatura (Adrien Barbaresi, since 2019): only the lines that hold a "
    "text to be kept or left are labelled body or noise, all others mixed."
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
    return Source([(path, *named) for named in with_ids(index.items(), _name)])


def _name(entry: tuple[str, Any]) -> str:
    url, page = entry
    file = page.get("file") if isinstance(page, dict) else None
    return file.removesuffix(".html") if isinstance(file, str) else url


def read(record: tuple[Path, str, tuple[str, Any]]) -> LabelledPage:
    """Read one page and label the lines in which a snippet stands."""
    path, page_id, (url, entry) = record
    with reading(f"{path / _INDEX} {url.strip()}", "no page with snippets"):
        files = [path / folder / entry["file"] for folder in _FOLDERS]
        kept = tuple(clean(snippet) for snippet in entry["with"])
        left = tuple(clean(snippet) for snippet in entry["without"])
    place = next((file for file in files if file.is_file()), None)
    if place is None:
        raise DataError(f"{files[-1]}: no such file, nor in {files[0].parent.name}")
    page, lines = html_page(
        place,
        page_id,
        read_bytes(place),
        source="trafilatura",
        licence=LICENCE,
        url=url.strip(),
        split="test",
    )
    return LabelledPage(
        page=page,
        texts=lines.texts,
        labels=codes([_label(text, kept, left) for text in lines.texts]),
        with_snippets=kept,
        without_snippets=left,
    )


def _label(text: str, kept: Sequence[str], left: Sequence[str]) -> Label:
    """Body or noise if the line holds a snippet of one sort alone, else mixed: not known."""
    is_kept, is_left = _holds(text, kept), _holds(text, left)
    if is_kept == is_left:
        return Label.MIXED
    return Label.BODY if is_kept else Label.NOISE


def _holds(text: str, snippets: Sequence[str]) -> bool:
    """Whether a line holds a snippet, white space collapsed."""
    return any((words := " ".join(snippet.split())) and words in text for snippet in snippets)
