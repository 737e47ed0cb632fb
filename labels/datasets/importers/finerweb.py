"""FinerWeb-10BT: English web texts whose lines a language model judged.

Layout: JSON Lines (``.jsonl``, ``.json``), Arrow or Parquet, anywhere below the folder, in one of
two shapes. The labelled sample has ``{doc, content: [{line, label, split}]}``: a label is "clean"
or a kind of junk, in the groups that the makers formed or in the model's own words. Rows of the
large set have ``text`` and ``line_quality``, the probability that a line is clean.

The makers' own split is by line, so that a document is in all of its parts. Here documents are
split, by a digest of their text: 80 % ``train``, 10 % ``dev``, 10 % ``test``.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import DataError, clean
from labels.datasets.importers._files import find_files, reading
from labels.datasets.importers._pages import line_page
from labels.datasets.importers._records import ImportedPage, Source, SourceRecord
from labels.datasets.importers._tables import TABLES, find_rows, read_row
from labels.label import Label

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "FinerWeb-10BT: English texts of FineWeb whose lines a language model labelled clean or junk "
    "(Erik Henriksson, Otto Tarkka and Filip Ginter, TurkuNLP, 2025); text without markup."
)

CLEAN_FROM = 0.5
"""A line of this quality or more is body: it is likelier clean than not."""

LABELS_OF_KINDS = {
    "clean": Label.BODY,
    # A byline is no junk to other datasets, so references and names of authors are optional.
    "bibliographical & citation references": Label.BYLINE,
    "contact & identification information": Label.LEGAL,
    "formatting, style & errors": Label.NOISE,
    "legal & administrative content": Label.LEGAL,
    "navigation & interface elements": Label.NAVIGATION,
    "offensive or inappropriate content": Label.NOISE,
    "promotional & spam content": Label.ADVERT,
    "technical specifications & metadata": Label.NOISE,
}
"""What each kind of line, in lower case, becomes. Other kinds become noise, with a remark."""

_LONGEST_KIND = 60  # in a remark
_TENTHS = ("test", "dev", *["train"] * 8)
# Of the library that the large set is stored by; they hold no documents.
_NO_DOCUMENTS = {"dataset_info.json", "state.json", "dataset_dict.json"}
_COLUMNS = ("id", "url", "language", "text", "line_quality", "doc", "content")


def find(path: Path) -> Source:
    """List the documents of all files."""
    found, packed = find_files(path, ".jsonl", ".json", *TABLES)
    files = [file for file in found if file.name not in _NO_DOCUMENTS]
    rows, unread = find_rows(files, _COLUMNS)
    return Source(rows, unread=packed + unread)


def read(record: SourceRecord) -> ImportedPage:
    """Read one document and label its lines by kind or quality."""
    row = read_row(record)
    remarks: Counter[str] = Counter()
    with reading(record.place, "no document with labelled lines"):
        lines, facts = list(_lines(row, remarks)), row.get("doc") or row
        if not isinstance(facts, dict):
            facts = {}
        text = "\n".join(line for line, _ in lines)
        digest = hashlib.sha256(text.encode(errors="replace")).digest()
    return line_page(
        record,
        lines,
        url=facts.get("url"),
        language=facts.get("language") or "en",
        split=_TENTHS[int.from_bytes(digest[:8]) % len(_TENTHS)],
        remarks=remarks,
    )


def _lines(row: dict[str, Any], remarks: Counter[str]) -> Iterator[tuple[str, Label]]:
    """Each line of a document, with its label."""
    if row.get("content") is not None:
        for item in row["content"]:
            kind = clean(" ".join(item["label"].split()).lower())
            if kind not in LABELS_OF_KINDS:
                shown = kind[:_LONGEST_KIND]
                remarks[f"lines of the kind '{shown}', not known here, taken for noise"] += 1
            yield item["line"], LABELS_OF_KINDS.get(kind, Label.NOISE)
    else:
        texts, qualities = row["text"].splitlines(), row["line_quality"]
        if len(texts) != len(qualities):
            raise DataError(f"{len(qualities)} qualities for {len(texts)} lines")
        for text, quality in zip(texts, qualities, strict=True):
            if not 0 <= quality <= 1:
                raise DataError(f"a quality is {quality}, not from 0 to 1")
            yield text, Label.BODY if quality >= CLEAN_FROM else Label.NOISE
