"""Write drafts from an export of Label Studio."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines
from corpus.files import locked
from labels.annotation.drafts.opinions import refuse_annotator
from labels.annotation.drafts.store import state_path
from labels.annotation.label_studio.results import Imported, read_export
from labels.folder import Folders
from labels.label import Label
from labels.label_file import label_problems, read_labels, write_labels


def import_labels(
    path: Path,
    folders: Folders,
    annotator: str,
    *,
    completed_by: str | None = None,
    rest: Label | None = None,
    replace: bool = False,
) -> Imported:
    """Read an export and write a draft of each page it labels, as `read_export`.

    A draft that is there already and differs is kept, and told among what was left out, unless it
    is to be replaced.

    Raises:
        DataError: if the annotator's name cannot be one, or the file cannot be read at all.
    """
    refuse_annotator(annotator)
    pages = {page.id: page.lines() for page in folders.read()}
    try:
        content = path.read_text(encoding="utf-8-sig")
        imported = read_export(content, pages, completed_by=completed_by, rest=rest)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    for page_id, labels in list(imported.labels.items()):
        draft = folders.draft_of(page_id, annotator)
        with locked(draft.parent):
            if draft.exists() and not replace and _differs(draft, pages[page_id], labels):
                reason = f"{draft} is there already and differs; give --replace"
                imported.unreadable.append((f"page {page_id}", reason))
                del imported.labels[page_id]
                continue
            write_labels(draft, pages[page_id].texts, labels)
            state_path(draft).unlink(missing_ok=True)  # each line was decided, over there
    return imported


def _differs(draft: Path, lines: Lines, labels: NDArray[np.int8]) -> bool:
    """Whether a draft says something else, or cannot be read."""
    return bool(label_problems(draft, lines)) or bool((read_labels(draft, lines) != labels).any())
