"""Bring the label files of a corpus to this version of the splitter."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines
from corpus.wording import shown
from labels.annotation.drafts.annotators import check_annotator
from labels.annotation.drafts.draft import UNLABELLED, Draft
from labels.annotation.drafts.draft_file import DraftFile
from labels.annotation.label_transfer import UNKNOWN, How, Transfer, transfer_labels
from labels.folder import Folders
from labels.label import LABELS
from labels.label_file import StoredLabels, read_stored_labels, write_labels


@dataclass(frozen=True, slots=True)
class Migration:
    """What becomes of one label file."""

    path: Path
    splitter: int
    """That its lines were made by."""
    how: Counter[How]
    """How many of the page's lines came by their label in which way."""
    gone: int
    """Stored lines of which nothing is on the page any more."""
    look: tuple[str, ...]
    """A sentence for each line that somebody should look at, with the place it has in the new file:
    what is left, and what was joined of several labels. Also for decisions that are dropped."""
    written: Path | None
    """Where the labels are now, or would be; None if the file stays unchanged."""

    @property
    def is_whole(self) -> bool:
        """Whether each line has a label."""
        return not self.how[How.LEFT]


def migrate(
    folders: Folders, *, dry_run: bool = False, finish_as: str | None = None
) -> tuple[list[Migration], list[str]]:
    """Transfer the labels of all files that another splitter made to the lines of this one.

    All files are read before the first is written, and each is written whole. Gold of which a line
    is left stays unchanged; with ``finish_as`` it becomes a draft of that annotator, in which the
    lines that are left have no label yet. A draft of which a line is left becomes unfinished.

    Returns:
        What becomes of each such file, and a sentence for each that cannot be read, or would be a
        draft that is there already; the rest goes on.

    Raises:
        DataError: if the annotator's name cannot be one, or a page cannot be read.
    """
    if finish_as is not None:
        check_annotator(finish_as)
    pages = {page.id: page for page in folders.read()}
    migrations: list[Migration] = []
    writes: list[Callable[[], None]] = []
    problems: list[str] = []
    for path in [*sorted(folders.gold.glob("*.tsv")), *sorted(folders.drafts.glob("*/*.tsv"))]:
        try:
            stored = read_stored_labels(path)
            if (page := pages.get(path.stem)) is None:
                raise DataError(f"{path}: there is no page of this id; remove the file")
            lines = page.lines()
            if stored.splitter != lines.version:
                migration, write = _plan(path, stored, lines, folders, finish_as)
                migrations.append(migration)
                writes.append(write)
        except DataError as error:
            problems.append(str(error))
    for write in writes if not dry_run else ():
        write()
    return migrations, problems


def _plan(
    path: Path, stored: StoredLabels, lines: Lines, folders: Folders, finish_as: str | None
) -> tuple[Migration, Callable[[], None]]:
    """Plan what to do with a label file; return that, and what does it."""
    found = transfer_labels(stored.texts, stored.labels, lines.texts)
    is_gold, is_whole = path.parent == folders.gold, How.LEFT not in found.how
    target: Path | None = path
    if is_gold and not is_whole:
        target = None if finish_as is None else folders.draft_of(path.stem, finish_as)
        if target is not None and target.exists():
            raise DataError(f"{target}: there is a draft already; finish as another annotator")
    state = None if is_gold and is_whole else _state(DraftFile(path), found, stored)
    outdated = [] if is_gold else sorted(folders.drafts.glob(f"*/{path.stem}.resolve.json"))
    dropped = [f"{path}: what was decided was of other lines; decide again" for path in outdated]
    used = {source for sources in found.sources for source in sources}
    migration = Migration(
        path=path,
        splitter=stored.splitter,
        how=Counter(found.how),
        gone=len(stored.texts) - len(used),
        look=(*_look(target or path, found, stored, lines), *dropped),
        written=target,
    )

    def write() -> None:
        if target is not None:
            if state is not None:
                DraftFile(target).write_state(state)
            write_labels(target, lines.texts, _filled(found))
            for file in outdated:
                file.unlink(missing_ok=True)

    return migration, write


def _look(path: Path, found: Transfer, stored: StoredLabels, lines: Lines) -> Iterator[str]:
    for row, how in enumerate(found.how):
        place, text = f"{path}:{row + 2}", shown(lines.texts[row])
        if how is How.LEFT:
            yield f"{place}: no stored label is known for this line: {text}"
        elif how in {How.JOINED, How.MIXED}:
            parts = dict.fromkeys(LABELS[stored.labels[source]] for source in found.sources[row])
            label = LABELS[found.codes[row]]
            yield f"{place}: {label}, joined of {' and '.join(parts)}: {text}"


def _filled(found: Transfer) -> NDArray[np.int8]:
    """Mark lines without a label as drafts do, for a file."""
    return np.where(found.codes == UNKNOWN, UNLABELLED, found.codes).astype(np.int8)


def _state(file: DraftFile, found: Transfer, stored: StoredLabels) -> Draft | None:
    """Make the state of the draft that labels become: which lines its annotator has decided.

    None where there was no state and needs to be none. What can be undone is of other lines, and
    is dropped.
    """
    n = len(stored.texts)
    try:
        before = file.read_state(n)
    except DataError:
        # A migration that was interrupted has written the state, and not the labels yet.
        with suppress(DataError):
            return file.read_state(len(found.codes))
        raise
    is_left = found.codes == UNKNOWN
    if before is None and not is_left.any():
        return None
    if before is None:
        before = Draft(stored.labels, np.ones(n, np.bool_), "draft")
    decided = ~is_left
    if before.start == "blank" or not is_left.any():
        decided &= [bool(before.decided[sources].all()) for sources in found.sources]
    return Draft(_filled(found), decided, "blank" if is_left.any() else before.start)
