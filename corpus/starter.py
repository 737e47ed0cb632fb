"""The starter corpus: pages written for this kit, beside this file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import DataError
from corpus.page import Page

PAGES = Path(__file__).parent / "pages"
SUFFIXES = {"html": ".html", "text": ".txt"}
LICENCE = "CC0-1.0"


def starter_pages(folder: Path = PAGES) -> Iterator[Page]:
    """Read the pages of the starter corpus in the order of their ids.

    Raises:
        DataError: if ``pages.jsonl`` or a page is unreadable, or a page's bytes have changed.
    """
    index = folder / "pages.jsonl"
    try:
        rows = index.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{index}: cannot be read ({error.strerror})") from None
    for number, row in enumerate(rows, start=1):
        place = f"{index}:{number}"
        try:
            entry = json.loads(row)
            yield _page(folder, entry)
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"{place}: not an entry of a page ({error})") from None
        except OSError as error:
            raise DataError(f"{place}: {error.filename} cannot be read") from None


def _page(folder: Path, entry: dict[str, Any]) -> Page:
    path = folder / (entry["id"] + SUFFIXES[entry["markup"]])
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
        raise DataError(f"{path}: the bytes are not those that were labelled; restore the file")
    return Page(
        id=entry["id"],
        raw=raw,
        markup=entry["markup"],
        url=entry["url"],
        site=entry["site"],
        language=entry["language"],
        page_type=entry["page_type"],
        split=entry["split"],
        source="starter",
        licence=LICENCE,
    )
