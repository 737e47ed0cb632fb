"""Brings the label files of a corpus to this version of the splitter."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page
from corpus.files import write_atomically
from corpus.wording import shown
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.opinions import find_annotators, refuse_annotator
from labels.annotation.drafts.store import state_path
from labels.annotation.label_transfer import NOT_CARRIED, Carried, How, carry
from labels.folder import Folders
from labels.label import LABELS, Label
from labels.label_file import Stored, read_stored, write_labels


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
    what is left, and what was joined of several labels. Also for decisions that are given up."""
    written: Path | None
    """Where the labels are now, or would be; None if the file stays as it is."""

    @property
    def is_whole(self) -> bool:
        """Whether each line has a label."""
        return not self.how[How.LEFT]


@dataclass(frozen=True, slots=True)
class _Plan:
    migration: Migration
    texts: list[str]
    labels: NDArray[np.int8]
    state: str | None
    overtaken: list[Path]
    """What was being decided of the lines as they were."""


def migrate(
    folders: Folders, *, dry_run: bool = False, finish_as: str | None = None
) -> tuple[list[Migration], list[str]]:
    """Carry the labels of all files that another splitter made over to the lines of this one.

    All files are read before the first is written, and each is written whole. Gold of which a line
    is left stays as it is; with ``finish_as`` it becomes a draft of that annotator, in which the
    lines that are left have no label yet. A draft of which a line is left becomes unfinished.

    Returns:
        What becomes of each such file, and a sentence for each that cannot be read, or would be a
        draft that is there already; the rest goes on.

    Raises:
        DataError: if the annotator's name cannot be one, or a page cannot be read.
    """
    if finish_as is not None:
        refuse_annotator(finish_as)
    pages = {page.id: page for page in folders.read()}
    plans: list[_Plan] = []
    problems: list[str] = []
    for path, is_gold in _label_files(folders):
        try:
            plan = _plan(path, pages, folders, finish_as if is_gold else None, is_gold=is_gold)
        except DataError as error:
            problems.append(str(error))
        else:
            plans += [plan] if plan else []
    for plan in plans if not dry_run else ():
        if (target := plan.migration.written) is not None:
            if plan.state is not None:
                write_atomically(state_path(target), plan.state)
            write_labels(target, plan.texts, plan.labels)
            for path in plan.overtaken:
                path.unlink(missing_ok=True)
    return [plan.migration for plan in plans], problems


def _label_files(folders: Folders) -> Iterator[tuple[Path, bool]]:
    """All label files of a corpus, and whether each is gold."""
    for path in sorted(folders.gold.glob("*.tsv")):
        yield path, True
    for annotator in find_annotators(folders):
        for path in sorted(folders.draft_of("any", annotator).parent.glob("*.tsv")):
            yield path, False


def _plan(
    path: Path, pages: dict[str, Page], folders: Folders, finish_as: str | None, *, is_gold: bool
) -> _Plan | None:
    """What to do with a label file; nothing if it is of this splitter."""
    stored = read_stored(path)
    page = pages.get(path.stem)
    if page is None:
        raise DataError(f"{path}: there is no page of this id; remove the file")
    lines = page.lines()
    if stored.splitter == lines.version:
        return None
    carried = carry(stored.texts, stored.labels, lines.texts)
    whole = How.LEFT not in carried.how
    target: Path | None = path
    if is_gold and not whole:
        target = None if finish_as is None else folders.draft_of(page.id, finish_as)
        if target is not None and target.exists():
            raise DataError(f"{target}: there is a draft already; finish as another annotator")
    is_draft = not is_gold or not whole
    state = _state(path, carried, stored) if is_draft else None
    drafts = folders.draft_of(page.id, "any").parent.parent
    overtaken = [] if is_gold else sorted(drafts.glob(f"*/{page.id}.resolve.json"))
    used = {source for sources in carried.sources for source in sources}
    migration = Migration(
        path=path,
        splitter=stored.splitter,
        how=Counter(carried.how),
        gone=len(stored.texts) - len(used),
        look=(*_look(target or path, carried, stored, lines), *map(_undecided, overtaken)),
        written=target,
    )
    return _Plan(migration, lines.texts, _filled(carried.codes), state, overtaken)


def _look(path: Path, carried: Carried, stored: Stored, lines: Lines) -> Iterator[str]:
    for row, how in enumerate(carried.how):
        place = f"{path}:{row + 2}"
        text = shown(lines.texts[row])
        if how is How.LEFT:
            yield f"{place}: no stored label tells what this is: {text}"
        elif how in {How.JOINED, How.MIXED}:
            parts = dict.fromkeys(LABELS[stored.labels[source]] for source in carried.sources[row])
            label = LABELS[carried.codes[row]]
            yield f"{place}: {label}, joined of {' and '.join(parts)}: {text}"


def _undecided(path: Path) -> str:
    return f"{path}: what was decided was of other lines; decide again"


def _filled(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Labels for a file; a line without one has the label that stands for that in a draft."""
    return np.where(codes == NOT_CARRIED, Label.NOISE.code, codes).astype(np.int8)


def _state(path: Path, carried: Carried, stored: Stored) -> str | None:
    """The state of the draft that labels become: which lines its annotator has decided.

    None where there was no state and needs to be none. What can be undone is of other lines, and
    is given up.
    """
    file = state_path(path)
    n = len(stored.texts)
    before = Draft(stored.labels, np.ones(n, np.bool_), "draft")
    if file.exists():
        content = file.read_bytes()
        try:
            before = Draft.from_json(content, n)
        except ValueError as error:
            try:  # A migration that was cut off has written the state, and not the labels yet.
                return Draft.from_json(content, len(carried.codes)).to_json()
            except ValueError:
                raise DataError(
                    f"{file}: not the state of this draft ({error}); remove it to go on without it"
                ) from None
    left = carried.codes == NOT_CARRIED
    if not left.any() and not file.exists():
        return None
    decided = ~left
    if before.start == "blank" or not left.any():
        decided &= [bool(before.decided[sources].all()) for sources in carried.sources]
    start = "blank" if left.any() else before.start
    return Draft(_filled(carried.codes), decided, start).to_json()
