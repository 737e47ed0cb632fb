"""Write pages to a corpus so that no row and no byte is lost.

A page's file is written before its row: a row without its page is never there, and a page without
a row, left by a process that was killed, is written over by the next page of that id.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from corpus import DataError, Page
from corpus.decode import clean
from corpus.files import locked, parse_json, read_text, write_atomically
from corpus.starter import INDEX, SUFFIXES
from labels.folder import Folders

_DIGITS = 4
# White space, what file systems refuse, and what is invisible.
_UNSAFE = re.compile(
    r"""[\s/\\:*?"<>|\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"""
)
_MOST_ID_CHARS, _MOST_ID_BYTES = 100, 200  # file systems allow 255 bytes, suffixes included
_LEFT_BEHIND = ("." + INDEX + ".*", ".*.html.*", ".*.txt.*")
"""Temporary files of `write_atomically`; none is there while the corpus is locked."""


@contextmanager
def locked_pages(folders: Folders) -> Iterator[None]:
    """Hold the pages of a corpus against other processes; what a killed one left is removed."""
    with locked(folders.pages):
        for pattern in _LEFT_BEHIND:
            for path in folders.pages.glob(pattern):
                path.unlink()
        yield


def read_index(folders: Folders) -> dict[str, str]:
    """Read the rows of the index, unchanged, by id; none where there is no index yet.

    Raises:
        DataError: if a row has no id.
    """
    try:
        rows = read_text(folders.index).removesuffix("\n").split("\n")
    except FileNotFoundError:
        return {}
    found: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        try:
            found[str(parse_json(row)["id"])] = row
        except (ValueError, KeyError, TypeError) as error:
            place = f"{folders.index}:{number}"
            raise DataError(f"{place}: not an entry of a page ({error}); correct the row") from None
    return found


def labelled_ids(folders: Folders) -> set[str]:
    """List ids that have labels, or drafts of them, whether or not there is such a page."""
    return {path.stem for path in folders.gold.glob("**/*.tsv")}


def next_id(folders: Folders, rows: Iterable[str], language: str) -> str:
    """Make an id of the language and the number after the highest that has a page, or labels."""
    pattern = re.compile(rf"{re.escape(language)}-(\d+)", re.IGNORECASE)
    found = map(pattern.fullmatch, {*rows, *labelled_ids(folders)})
    numbers = [int(match[1]) for match in found if match]
    return f"{language}-{max(numbers, default=0) + 1:0{_DIGITS}}"


def named_id(folders: Folders, rows: Iterable[str], name: str) -> str:
    """Make an id of the name of a file, with its folders where that is taken, or a number."""
    taken = {taken.casefold() for taken in {*rows, *labelled_ids(folders)}}
    path = [safe for part in name.split("/") if (safe := _file_safe(part))] or ["page"]
    wanted = next((wanted for wanted in (path[-1], _file_safe("-".join(path)))
                   if wanted.casefold() not in taken), None)  # fmt: skip
    numbered = (f"{path[-1]}~{number}" for number in count(2))
    return wanted or next(wanted for wanted in numbered if wanted.casefold() not in taken)


def _file_safe(text: str) -> str:
    safe = _UNSAFE.sub("-", unicodedata.normalize("NFC", clean(text)))
    return safe.encode()[:_MOST_ID_BYTES].decode(errors="ignore")[:_MOST_ID_CHARS].strip("-. ")


def write_page(folders: Folders, page: Page, attributes: Mapping[str, str | None]) -> None:
    """Write a page's bytes unchanged, then its row; only while the corpus is `locked`.

    The row holds the ``attributes`` that are known, but for the licence of the whole corpus.
    """
    rows = read_index(folders)
    path = folders.pages / f"{page.id}{SUFFIXES[page.markup]}"
    write_atomically(path, page.raw)
    row = {name: value for name, value in attributes.items() if value}
    if page.licence == folders.licence:
        row.pop("licence", None)
    rows[page.id] = json.dumps(row, ensure_ascii=False)
    write_atomically(folders.index, "".join(f"{rows[name]}\n" for name in sorted(rows)))
    for suffix in {*SUFFIXES.values()} - {path.suffix}:  # of a page that was left without a row
        (folders.pages / f"{page.id}{suffix}").unlink(missing_ok=True)
