"""Rows that say what is known of pages, in a file of metadata or in a table with the pages."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus import DataError
from corpus.files import lines_of, open_text, parse_json
from corpus.wording import printable, shown
from labels.datasets.importers._files import reading
from labels.datasets.importers._pages import snippets
from labels.datasets.importers._records import Unread

_UNSAFE = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\ud800-\udfff]|\A\.")
OF_PAGE = ("url", "site", "language", "page_type", "split", "source", "licence")
KEYS = ("id", *OF_PAGE, "title", "author", "date", "with", "without")


def check(row: Mapping[str, Any]) -> None:
    """Refuse values that are not what their keys need; null stands for what is not known.

    Raises:
        DataError: naming the key.
    """
    for key in (*OF_PAGE, "date"):
        if not isinstance(row.get(key), str | None):
            raise DataError(f"its {key} is {row[key]!r}, no text; correct it, or leave it out")
    for key in ("title", "author"):
        value = row.get(key)
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str | None) for text in texts):
            raise DataError(f"its {key} is {value!r}, no text; correct it, or leave it out")
    for key in ("with", "without"):
        snippets(row.get(key))


def unknown_keys(row: Mapping[str, Any], known: Sequence[str]) -> Counter[str]:
    """Remark on the keys of a row that mean nothing here."""
    return Counter(f"key {shown(key)} is not known here" for key in row if key not in known)


def read_metadata(
    path: Path, pages: Collection[str], unread: list[Unread]
) -> tuple[dict[str, dict[str, Any] | None], Counter[str]]:
    """Read the row of each page; None where it is wrong, which is reported."""
    rows: dict[str, dict[str, Any] | None] = {}
    places: dict[str, int] = {}
    remarks: Counter[str] = Counter()
    if not path.is_file():
        return rows, remarks
    with reading(path, "cannot be read"), open_text(path) as file:
        for number, (_, line) in enumerate(lines_of(file), start=1):
            if not line.strip():
                continue
            page = None
            try:
                row = _object(line)
                page = _id(row)
                if page in places:
                    raise DataError(f"id {page!r} is that of line {places[page]} already; "
                                    "give each page one row")  # fmt: skip
                places[page] = number
                if page not in pages:
                    page = None
                    raise DataError(
                        f"there is no page html/{row['id']}.html or text/{row['id']}.txt"
                    )
                rows[page] = None
                check(row)
            except DataError as error:
                unread.append((f"{path}:{number}", str(error)))
            else:
                rows[page] = row
                remarks.update(unknown_keys(row, KEYS))
    return rows, remarks


def check_id(row: Mapping[str, Any]) -> None:
    """Refuse the id of a row in a table that is no name; there may be none.

    Raises:
        DataError: naming it.
    """
    page = row.get("id")
    if page is not None and (not _is_name(page) or printable(str(page)) != str(page)):
        raise DataError(f"its id is {page!r:.60}; give a text that can be shown, or leave it out")


def _is_name(page: Any) -> bool:
    return isinstance(page, str | int) and not isinstance(page, bool)


def _object(line: bytes) -> dict[str, Any]:
    try:
        row = parse_json(line)
    except ValueError as error:
        raise DataError(f"not JSON ({error}); correct or remove the row") from None
    if not isinstance(row, dict):
        raise DataError("not an object; correct or remove the row")
    return row


def _id(row: Mapping[str, Any]) -> str:
    page = row.get("id")
    if not _is_name(page) or not str(page).strip():
        raise DataError(f"its id is {page!r}; give the name of the page's file without its ending")
    if _UNSAFE.search(str(page)):
        raise DataError(f"its id {page!r} cannot be a file's name; rename the page and its gold")
    return str(page)
