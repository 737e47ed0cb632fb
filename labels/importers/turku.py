"""TurkuNLP text quality: lines of web texts that people marked to keep or drop.

Layout: ``LANG/{train,dev,test}.json``, each a list of ``{text: [line...], labels: ["1"|"0"...]}``,
1 for keep; no HTML, no addresses. Some documents stand in two splits: a page's site is a digest
of its text, so that a text counts as one, and none of the test split is trained on.
"""

import hashlib
from pathlib import Path
from typing import Any

from corpus import DataError
from labels.importers import Source
from labels.importers._files import read_json, reading
from labels.importers._pages import line_page
from labels.label import Label
from labels.labelled import LabelledPage

LICENCE = "LicenseRef-unknown"
DESCRIPTION = (
    "TurkuNLP text quality: web texts in six languages whose lines people marked to keep or drop "
    "(Veronika Laippala, Anna Salmela et al., 2022); text without markup."
)
_SPLITS = ("train", "dev", "test")
_LABELS = {"1": Label.BODY, "0": Label.NOISE}


def find(path: Path) -> Source:
    """List the documents of each language and split."""
    files = [
        file
        for folder in sorted(path.iterdir())
        for split in _SPLITS
        if (file := folder / f"{split}.json").is_file()
    ]
    if not files:
        raise DataError(f"{path}: no LANG/train.json, LANG/dev.json or LANG/test.json")
    return Source([(file, row) for file in files for row in range(len(_documents(file)))])


def _documents(file: Path) -> list[Any]:
    documents = read_json(file)
    if not isinstance(documents, list):
        raise DataError(f"{file}: no list of documents")
    return documents


def read(record: tuple[Path, int]) -> LabelledPage:
    """Read one document; its labels are those of the people who read it."""
    file, row = record
    language, split = file.parent.name, file.stem
    place = f"{file} document {row}"
    with reading(place, "no document with a label for each line"):
        document = _documents(file)[row]
        lines = [
            (line, _LABELS[str(label)])
            for line, label in zip(document["text"], document["labels"], strict=True)
        ]
        text = "\n".join(" ".join(line.split()) for line, _ in lines)
    return line_page(
        place,
        f"{language}-{split}-{row:04d}",
        lines,
        source="turku",
        licence=LICENCE,
        site=f"text-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:16]}",
        language=language,
        split=split,
    )
