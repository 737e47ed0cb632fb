"""TurkuNLP text quality: lines of web texts that people marked to keep or drop.

Layout: ``LANG/{train,dev,test}.json``, each a list of ``{text: [line...], labels: ["1"|"0"...]}``,
1 for keep; no HTML, no addresses. Some documents stand in two splits: a page's site is a digest
of its text, so that a text counts as one, and none of the test split is trained on.
"""

import hashlib
from pathlib import Path
from typing import Any

from corpus import DataError
from labels.datasets.importers._files import by_name, read_json, reading
from labels.datasets.importers._pages import line_page
from labels.datasets.importers._records import (
    ImportedPage,
    RecordError,
    Source,
    SourceRecord,
    Unread,
)
from labels.label import Label

LICENCE = "LicenseRef-unknown"
DESCRIPTION = (
    "TurkuNLP text quality: web texts in six languages whose lines people marked to keep or drop "
    "(Veronika Laippala, Anna Salmela et al., 2022); text without markup."
)
_SPLITS = ("train", "dev", "test")
_LABELS = {"1": Label.BODY, "0": Label.NOISE}


def find(path: Path) -> Source:
    """List the documents of each language and split."""
    unread: list[Unread] = []
    files: list[Path] = []
    for folder in sorted(entry for entry in path.iterdir() if entry.is_dir()):
        if any((folder / f"{split}.json").is_file() for split in _SPLITS):
            named, others = by_name(folder, ".json")
            unread += others
            files += [named.pop(split) for split in _SPLITS if split in named]
            unread += [(str(file), "is no split") for file in named.values()]
    if not files:
        raise DataError(f"{path}: no LANG/train.json, LANG/dev.json or LANG/test.json")
    records: list[SourceRecord] = []
    for file in files:
        try:
            records += [_record(file, row) for row in range(len(_documents(file)))]
        except RecordError as error:
            unread.append((error.place, error.reason))
    return Source(records, unread=unread)


def _record(file: Path, row: int) -> SourceRecord:
    """A record whose place is the document's number in its file, from 0 up."""
    language, split = file.parent.name, file.stem
    name = f"{language}-{split}-{row:04d}"
    facts = {"language": language, "split": split}
    return SourceRecord(name, f"{file} document {row}", (file, row), facts)


def _documents(file: Path) -> list[Any]:
    documents = read_json(file)
    if not isinstance(documents, list):
        raise RecordError(file, "no list of documents")
    return documents


def read(record: SourceRecord) -> ImportedPage:
    """Read one document; its labels are those of the people who read it."""
    file, row = record.gold
    with reading(record.place, "no document with a label for each line"):
        document = _documents(file)[row]
        lines = [
            (line, _LABELS[str(label).strip()])
            for line, label in zip(document["text"], document["labels"], strict=True)
        ]
        text = "\n".join(" ".join(line.split()) for line, _ in lines)
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    return line_page(record, lines, site=f"text-{digest[:16]}")
