"""FinerWeb-10BT: English web texts whose lines a language model judged.

Layout: JSON Lines (``.jsonl``, ``.json``) or Parquet, anywhere below the folder, in one of two
shapes. The labelled sample has ``{doc, content: [{line, label, split}]}``: a label is "Clean" or a
kind of junk, in the groups that the makers formed or in the model's own words. Rows of the large
set have ``text`` and ``line_quality``, the probability that a line is clean.

The makers' own split is by line, so that a document is in all of its parts. Here documents are
split, by a digest of their text: 80 % ``train``, 10 % ``dev``, 10 % ``test``.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus import DataError
from labels.importers import Source
from labels.importers._files import (
    JsonLine,
    find_files,
    find_json_lines,
    read_json_line,
    reading,
    with_ids,
)
from labels.importers._pages import line_page
from labels.label import Label
from labels.labelled import LabelledPage

LICENCE = "Apache-2.0"
DESCRIPTION = (
    "FinerWeb-10BT: English texts of FineWeb whose lines a language model labelled clean or junk "
    "(Erik Henriksson, Otto Tarkka and Filip Ginter, TurkuNLP, 2025); text without markup."
)

CLEAN_FROM = 0.5
"""A line of this quality or more is body: it is likelier clean than not."""

# Kinds are compared in lower case. Kinds that are not here, the model's own words among them, are
# noise. References and names of authors are optional: a byline is no junk to other datasets.
_LABELS = {
    "clean": Label.BODY,
    "bibliographical & citation references": Label.BYLINE,
    "contact & identification information": Label.LEGAL,
    "formatting, style & errors": Label.NOISE,
    "legal & administrative content": Label.LEGAL,
    "navigation & interface elements": Label.NAVIGATION,
    "offensive or inappropriate content": Label.NOISE,
    "promotional & spam content": Label.ADVERT,
    "technical specifications & metadata": Label.NOISE,
}
_TENTHS = ("test", "dev", *["train"] * 8)


@dataclass(frozen=True, slots=True)
class TableRow:
    """Where a record of a Parquet file stands."""

    path: Path
    group: int
    row: int
    name: str

    def __str__(self) -> str:
        return f"{self.path} group {self.group} row {self.row}"


def find(path: Path) -> Source:
    """List the documents of all files."""
    rows: list[JsonLine | TableRow] = []
    for file in find_files(path, ".jsonl", ".json", ".parquet"):
        rows += _table_rows(file) if file.suffix == ".parquet" else find_json_lines(file, "id")
    return Source(with_ids(rows, lambda row: row.name))


def _table_rows(file: Path) -> Iterator[TableRow]:
    import pyarrow.parquet as pq

    with reading(file, "no Parquet file with ids"), pq.ParquetFile(file) as table:
        for group in range(table.num_row_groups):
            names = table.read_row_group(group, columns=["id"]).column("id").to_pylist()
            for row, name in enumerate(names):
                yield TableRow(file, group, row, str(name))


def _read_row(place: TableRow) -> dict[str, Any]:
    with reading(place, "damaged"):
        return _group(place.path, place.group)[place.row]


@lru_cache(maxsize=1)
def _group(file: Path, group: int) -> list[dict[str, Any]]:
    """A stretch of a table, kept since its rows are asked for one after the other."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as table:
        rows: list[dict[str, Any]] = table.read_row_group(group).to_pylist()
        return rows


def read(record: tuple[str, JsonLine | TableRow]) -> LabelledPage:
    """Read one document and label its lines by kind or quality."""
    page_id, place = record
    row = read_json_line(place) if isinstance(place, JsonLine) else _read_row(place)
    with reading(place, "no document with labelled lines"):
        lines, facts = list(_lines(row)), row.get("doc", row)
        if not isinstance(facts, dict):
            facts = {}
        text = "\n".join(line for line, _ in lines)
        digest = hashlib.sha256(text.encode(errors="replace")).digest()
    return line_page(
        place,
        page_id,
        lines,
        source="finerweb",
        licence=LICENCE,
        url=facts.get("url"),
        language=facts.get("language") or "en",
        split=_TENTHS[int.from_bytes(digest[:8]) % len(_TENTHS)],
    )


def _lines(row: dict[str, Any]) -> Iterator[tuple[str, Label]]:
    """Each line of a document, with its label."""
    if "content" in row:
        for item in row["content"]:
            yield item["line"], _LABELS.get(item["label"].strip().lower(), Label.NOISE)
    else:
        texts, qualities = row["text"].splitlines(), row["line_quality"]
        if len(texts) != len(qualities):
            raise DataError(f"{len(qualities)} qualities for {len(texts)} lines")
        for text, quality in zip(texts, qualities, strict=True):
            yield text, Label.BODY if quality >= CLEAN_FROM else Label.NOISE
