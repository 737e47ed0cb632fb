"""Pages of your own, with what you know to be right about them.

Layout: a folder with ``html/ID.html`` (or ``.html.gz``) or ``text/ID.txt``; for each page a text
``gold/ID.txt`` or a label file ``labels/ID.tsv``; and, if there is something to say of the pages,
``metadata.jsonl`` with a row for each: ``id``, ``url``, ``site``, ``language``, ``page_type``,
``split``, ``source``, ``licence``, ``title``, ``author``, ``date``, and the snippets ``with`` and
``without``. Or a JSON Lines, Parquet or Arrow file, or a folder of such, whose rows also hold the
page: ``html`` with its gold ``text``, or else ``text`` with ``gold`` or ``labels``, one for each
line. What is wrong with one page costs that page.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Markup, Page, clean, decode, split_text
from corpus.wording import plural
from labels.alignment import align
from labels.datasets.importers._facts import facts_of, text_of
from labels.datasets.importers._files import by_name, find_files, read_bytes, read_text, reading
from labels.datasets.importers._metadata import (
    KEYS,
    OF_PAGE,
    check,
    check_id,
    read_metadata,
    unknown_keys,
)
from labels.datasets.importers._pages import (
    html_page,
    snippets,
    text_page,
    with_gold,
    with_snippets,
)
from labels.datasets.importers._records import (
    ImportedPage,
    Source,
    SourceRecord,
    Unread,
)
from labels.datasets.importers._tables import TABLES, Rows, column_names, find_rows, read_row
from labels.label import LABELS, codes
from labels.label_file import read_labels
from labels.labelled_page import LabelledPage

LICENCE = "as each page says"
DESCRIPTION = (
    "Pages brought along with texts, labels or snippets that say what is right about them."
)
READS_FILES = True

_METADATA = "metadata.jsonl"
_UNKNOWN_LICENCE = "LicenseRef-unknown"
_CONTENT = ("html", "text", "gold", "labels")
_LAYOUT = (
    "html/*.html or text/*.txt with gold/*.txt or labels/*.tsv, nor a table "
    f"(*.jsonl, *{', *'.join(TABLES)})"
)
EMPTY_GOLD = "pages with an empty gold, all lines of which are noise"


@dataclass(frozen=True, slots=True)
class _Files:
    """What belongs to a page in the layout of folders."""

    markup: Markup
    gold: Path | None
    labels: Path | None
    row: Mapping[str, Any]
    """Of the metadata."""


def find(path: Path) -> Source:
    """List the pages of a folder, or the rows of a table or of a folder of tables."""
    name = path.resolve().name
    if path.is_file():
        if path.suffix not in {".jsonl", *TABLES}:
            raise DataError(f"{path}: its name does not end in .jsonl, {' or '.join(TABLES)}")
        return _find_rows([path], [], path.stem)
    if any((path / folder).is_dir() for folder in ("html", "text")):
        return _find_files(path, name)
    if any((path / folder).is_dir() for folder in ("gold", "labels")):
        raise DataError(f"{path}: no html/*.html nor text/*.txt")
    try:
        return _find_rows(*find_files(path, ".jsonl", *TABLES), name)
    except DataError:
        raise DataError(f"{path}: no {_LAYOUT}") from None


# Folders


def _find_files(path: Path, name: str) -> Source:
    unread: list[Unread] = []

    def named(folder: str, *suffixes: str) -> dict[str, Path]:
        found, others = by_name(path / folder, *suffixes) if (path / folder).is_dir() else ({}, [])
        unread.extend(others)
        return found

    html, text = named("html", ".html", ".html.gz", ".htm"), named("text", ".txt", ".txt.gz")
    golds, labels = named("gold", ".txt"), named("labels", ".tsv")
    unread += [
        (str(text[page]), f"there is {html[page]} already; remove one of them")
        for page in sorted(html.keys() & text.keys())
    ]
    pages: dict[str, tuple[Path, Markup]] = {
        **{page: (file, "text") for page, file in text.items()},
        **{page: (file, "html") for page, file in html.items()},
    }
    for page in sorted((golds.keys() | labels.keys()) - pages.keys()):
        reason = f"gold without a page, html/{page}.html or text/{page}.txt is missing"
        unread += [(str(files[page]), reason) for files in (golds, labels) if page in files]
    rows, remarks = read_metadata(path / _METADATA, pages, unread)
    records = []
    for page in chain(rows, sorted(pages.keys() - rows.keys())):
        file, markup = pages[page]
        row = rows.get(page, {})
        if row is None:  # reported with its row
            continue
        if not (page in golds or page in labels or row.get("with") or row.get("without")):
            reason = f"page without gold, gold/{page}.txt or labels/{page}.tsv is missing"
            unread.append((str(file), reason))
            continue
        files = _Files(markup, golds.get(page), labels.get(page), row)
        records.append(SourceRecord(page, file, files, {"source": name}))
    return Source(records, unread=unread, remarks=remarks, name=name)


# Tables


@dataclass(frozen=True, slots=True)
class _UniqueRows:
    """The rows of tables; one whose id occurred before holds why it is left out."""

    rows: Rows
    source: str

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SourceRecord]:
        places: dict[str, str] = {}
        for record in self.rows:
            listed = record.with_facts(source=self.source)
            if record.name in places:
                before = places[record.name]
                reason = f"id {record.name!r} is that of {before} already; give each page its own"
                listed = replace(listed, gold=reason)
            else:
                places[record.name] = str(record.place)
            yield listed


def _find_rows(files: Sequence[Path], unread: Sequence[Unread], name: str) -> Source:
    rows, damaged = find_rows(files, (*KEYS, *_CONTENT))
    remarks: Counter[str] = Counter()
    for file in rows.files:
        if file.suffix in TABLES:
            remarks.update(unknown_keys(dict.fromkeys(column_names(file)), (*KEYS, *_CONTENT)))
    return Source(_UniqueRows(rows, name), (), [*unread, *damaged], remarks, name)


# Both


def read(record: SourceRecord) -> ImportedPage:
    """Read one page and label its lines by what is known to be right."""
    if isinstance(record.gold, _Files):
        files, row = record.gold, record.gold.row
        page, lines = _page(record, read_bytes(record.place), files.markup, row)
        gold_text = None if files.gold is None else read_text(files.gold)
        labels = None if files.labels is None else read_labels(files.labels, lines)
        return _labelled(page, lines, gold_text, labels, row)
    row = read_row(record)
    with reading(record.place, "no page with its gold"):
        check_id(row)
        check(row)
        raw, markup, gold_text = _parts(row)
    page, lines = _page(record, raw, markup, row)
    with reading(record.place, "no page with its gold"):
        labels = _labels(row, lines)
        imported = _labelled(page, lines, gold_text, labels, row)
    remarks = Counter(imported.remarks) + unknown_keys(row, (*KEYS, *_CONTENT))
    return replace(imported, remarks=remarks)


def _parts(row: Mapping[str, Any]) -> tuple[bytes, Markup, str | None]:
    """The bytes of the page in a row, whether they are HTML, and its gold text."""
    html, text, gold = (_content(row, key) for key in ("html", "text", "gold"))
    if html is not None and text is not None and gold is not None:
        raise DataError("it has html, text and gold; give the gold once, as text")
    page, gold = (text, gold) if html is None else (html, text if gold is None else gold)
    if page is None:
        raise DataError("it has neither html nor text; give the page")
    if gold is None and not any(row.get(key) for key in ("labels", "with", "without")):
        what = "gold" if html is None else "text"
        raise DataError(f"page without gold; give {what}, labels, or with and without")
    return page, "text" if html is None else "html", None if gold is None else decode(gold)


def _content(row: Mapping[str, Any], key: str) -> bytes | None:
    """A text, a list of its lines, or bytes."""
    value = row.get(key)
    if value is None or isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines):
        raise DataError(f"its {key} is {value!r:.60}, no text; correct it, or leave it out")
    return clean("\n".join(lines)).encode()


def _labels(row: Mapping[str, Any], lines: Lines) -> NDArray[np.int8] | None:
    """The labels in a row: one for each line of the page, or of its text, empty ones among them."""
    names = row.get("labels")
    if names is None:
        return None
    if not isinstance(names, list):
        raise DataError(f"its labels are {names!r:.60}, no list; give one for each line")
    if unknown := [name for name in names if name not in LABELS]:
        raise DataError(f"unknown label {unknown[0]!r:.60}; use one of {', '.join(LABELS)}")
    if row.get("html") is None and len(names) != len(lines):
        text = row["text"].split("\n") if isinstance(row["text"], str) else row["text"]
        if len(text) == len(names):
            names = [name for name, line in zip(names, text, strict=True) if split_text(line).texts]
    if len(names) != len(lines):
        counted = f"{plural(len(names), 'label')} for {plural(len(lines), 'line')}"
        raise DataError(f"{counted}; give one for each line")
    return codes(names)


def _page(
    record: SourceRecord, raw: bytes, markup: Markup, row: Mapping[str, Any]
) -> tuple[Page, Lines]:
    facts = {key: row.get(key) for key in OF_PAGE}
    facts["licence"] = facts["licence"] or _UNKNOWN_LICENCE
    if markup == "text":
        return text_page(record, raw, **facts)
    return html_page(record, raw, finds_url=True, **facts)


def _labelled(
    page: Page,
    lines: Lines,
    gold_text: str | None,
    labels: NDArray[np.int8] | None,
    row: Mapping[str, Any],
) -> ImportedPage:
    """Label lines by what is known best: labels, or a gold text, or snippets."""
    facts = facts_of(row.get("title"), row.get("author"), row.get("date"))
    if facts.is_date is None and (date := text_of(row.get("date"))):
        facts = replace(facts, is_date=re.compile(re.escape(" ".join(date.split()))))
    kept, left_out = snippets(row.get("with")), snippets(row.get("without"))
    if labels is not None:
        coverage = None if gold_text is None else align(lines.texts, gold_text).coverage
        labelled = LabelledPage(page, lines.texts, labels, coverage, gold_text)
    elif gold_text is not None:
        labelled = with_gold(page, lines, gold_text, facts)
    else:
        labelled = with_snippets(page, lines, kept, left_out, facts=facts)
    labelled = replace(labelled, with_snippets=kept, without_snippets=left_out)
    is_empty = gold_text is not None and not gold_text.strip()
    return ImportedPage(labelled, {EMPTY_GOLD: 1} if is_empty else {})
