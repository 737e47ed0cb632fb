"""Write drafts from an export of Label Studio."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines
from corpus.files import locked, read_text
from labels.annotation.drafts.annotators import check_annotator
from labels.annotation.drafts.draft_file import DraftFile
from labels.annotation.label_studio.results import ImportedLabels, read_export
from labels.folder import Folders
from labels.label import Label
from labels.label_file import read_labels, write_labels


def import_labels(
    path: Path,
    folders: Folders,
    annotator: str,
    *,
    completed_by: str | None = None,
    rest: Label | None = None,
    replace: bool = False,
) -> ImportedLabels:
    """Read an export and write a draft of each page it labels, as `read_export`.

    A draft that is there already and differs is kept, and reported among what was left out, unless
    it is to be replaced.

    Raises:
        DataError: if the annotator's name cannot be one, or the file cannot be read at all.
    """
    check_annotator(annotator)
    pages = {page.id: page.lines() for page in folders.read()}
    content = read_text(path)
    try:
        imported = read_export(content, pages, completed_by=completed_by, rest=rest)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    for page_id, labels in list(imported.labels.items()):
        lines, draft = pages[page_id], folders.draft_of(page_id, annotator)
        with locked(draft.parent):
            if draft.exists() and not replace and _differs(draft, lines, labels):
                reason = f"{draft} is there already and differs; give --replace"
                imported.unreadable.append((f"page {page_id}", reason))
                del imported.labels[page_id]
                continue
            write_labels(draft, lines.texts, labels)
            DraftFile(draft).state_path.unlink(missing_ok=True)  # each line was decided there
    return imported


def _differs(draft: Path, lines: Lines, labels: NDArray[np.int8]) -> bool:
    try:
        return bool((read_labels(draft, lines) != labels).any())
    except DataError:
        return True
