import hashlib
import json

import pytest

from corpus import split_text
from labels import codes, write_labels
from labels.folder import Folders


@pytest.fixture
def make_corpus(tmp_path):
    """Make a corpus of text pages from rows of label and text, by id; ``labelled`` writes gold."""

    def make(pages, *, labelled=True):
        folders = Folders.under(tmp_path / "small")
        folders.pages.mkdir(parents=True)
        index = []
        for page_id, rows in pages.items():
            raw = "".join(f"{text}\n" for _, text in rows).encode()
            (folders.pages / f"{page_id}.txt").write_bytes(raw)
            index.append({
                "id": page_id, "markup": "text", "sha256": hashlib.sha256(raw).hexdigest(),
                "language": page_id[:2],
            })  # fmt: skip
            if labelled:
                label(folders.gold_of(page_id), rows)
        folders.index.write_text("".join(f"{json.dumps(row)}\n" for row in index), encoding="utf-8")
        return folders

    return make


def label(path, rows):
    """Write a label file of rows of label and text."""
    labels, texts = zip(*rows, strict=True)
    assert split_text("\n".join(texts)).texts == list(texts)
    write_labels(path, texts, codes(labels))


@pytest.fixture
def write_draft():
    """Write an annotator's draft of a page: its rows with these labels."""

    def write(folders, annotator, page_id, rows, labels=None):
        texts = [text for _, text in rows]
        names = [name for name, _ in rows] if labels is None else labels
        label(folders.draft_of(page_id, annotator), list(zip(names, texts, strict=True)))

    return write
