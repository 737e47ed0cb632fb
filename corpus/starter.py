"""Read folders of raw pages with an index; the starter corpus, beside this file, is one."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import DataError
from corpus.files import read_rows
from corpus.page import Page, check_id

PAGES = Path(__file__).parent / "pages"
SUFFIXES = {"html": ".html", "text": ".txt"}
INDEX = "pages.jsonl"
LICENCE = "CC0-1.0"
_ATTRIBUTES = ("url", "site", "language", "page_type", "split", "source", "licence")


def starter_pages() -> Iterator[Page]:
    """Read the pages of the starter corpus in the order of their ids.

    Raises:
        DataError: if ``pages.jsonl`` or a page is unreadable, or a page's bytes have changed.
    """
    return read_pages(PAGES, source="starter", licence=LICENCE)


def read_pages(folder: Path, *, source: str, licence: str | None = None) -> Iterator[Page]:
    """Read the pages of a folder in the order of its index.

    ``source`` names the folder in tables; ``licence`` holds for pages whose row names none.

    Raises:
        DataError: if the index or a page is unreadable, or a page's bytes have changed.
    """
    index = folder / INDEX
    if not index.exists():
        raise DataError(f"{index}: no such file; a corpus begins with 'bench page add'")
    for place, entry in read_rows(index):
        try:
            yield _page(folder, {"source": source, "licence": licence} | entry)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{place}: not an entry of a page ({error})") from None
        except OSError as error:
            raise DataError(f"{place}: {error.filename} cannot be read") from None


def _page(folder: Path, entry: dict[str, Any]) -> Page:
    for name in ("id", *_ATTRIBUTES):
        if not isinstance(entry.get(name), str if name == "id" else str | None):
            raise TypeError(f"its {name} is {entry.get(name)!r}, no text")
    check_id(entry["id"])
    path = folder / (entry["id"] + SUFFIXES[entry["markup"]])
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
        raise DataError(f"{path}: the bytes are not those that were labelled; restore the file")
    return Page(
        id=entry["id"],
        raw=raw,
        markup=entry["markup"],
        **{name: entry.get(name) for name in _ATTRIBUTES},
    )
