"""The guard of labels made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import DataError
from labels.folders import STARTER_FOLDERS, Folders
from labels.label import LABELS, Label
from labels.tsv import label_problems, read_labels

_BODY = LABELS.index(Label.BODY)


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of label files found."""

    pages: int
    lines: int
    problems: tuple[str, ...]
    """A sentence each, beginning with the file and, where there is one, the row."""


def check_labels(ids: Sequence[str] = (), folders: Folders = STARTER_FOLDERS) -> Check:
    """Check that each page has a label file that matches it and has a line of body.

    Without ``ids`` all pages are checked, and label files without a page are reported, too.

    Raises:
        DataError: if an id is unknown, or a page itself cannot be read.
    """
    known = {page.id: page for page in folders.read()}
    if unknown := sorted(set(ids) - known.keys()):
        raise DataError(f"no page {', '.join(unknown)} in {folders.pages}")
    problems: list[str] = []
    count = 0
    for page_id in ids or known:
        lines = known[page_id].lines()
        path = folders.gold_of(page_id)
        count += len(lines)
        if found := label_problems(path, lines):
            problems += found
        elif _BODY not in read_labels(path, lines):
            problems.append(f"{path}: no line is labelled body; a page needs one")
    if not ids:
        problems += [
            f"{path}: there is no page of this id; remove the file"
            for path in sorted(folders.gold.glob("*.tsv"))
            if path.stem not in known
        ]
    return Check(len(ids or known), count, tuple(problems))
