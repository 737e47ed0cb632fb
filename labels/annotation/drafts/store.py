"""Keep the drafts of one annotator: each change is on disk before it is acknowledged.

Whoever changes a draft says which version the change is based on; the version is a digest of both
files of the draft, so that it holds across windows, servers and restarts, and no change is
overwritten. The label file is written first: where a server dies between the two, the next one
finds the change in the label file.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page
from corpus.files import locked
from corpus.wording import plural
from labels.annotation.drafts.draft import UNLABELLED, Draft, Start
from labels.annotation.drafts.draft_file import DraftFile, digest
from labels.annotation.drafts.proposals import FindMissedLines, ProposedLabels, ProposeLabels
from labels.folder import Folders
from labels.label_file import read_labels, write_labels


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft as it is stored, or as it would begin."""

    draft: Draft
    version: str
    stored: bool


class ConflictError(Exception):
    """What a change was based on has changed; nothing was written.

    ``current`` is what is stored now: an `OpenDraft`, or a resolution of several drafts.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("the page was changed elsewhere; load it again")
        self.current = current


class GoldDiffersError(Exception):
    """There is gold already, and it is not what the draft says; nothing was written."""

    def __init__(self, version: str, lines: Sequence[int]) -> None:
        super().__init__(f"there is gold already that differs in {len(lines)} lines")
        self.version = version
        self.lines = lines


@dataclass(eq=False)
class Store:
    """The drafts of one annotator.

    Each method that takes the id of a page raises a DataError if there is no such page, or a file
    of its labels cannot be read.
    """

    folders: Folders
    annotator: str
    """A name that is safe for a folder."""
    propose: ProposeLabels
    """Labels lines before anyone has labelled them."""
    find_missed: FindMissedLines | None = None
    """Finds lines that all extractors get wrong; None if there are no runs."""
    blank: bool = False
    """Begin drafts without showing proposals or gold."""

    def __post_init__(self) -> None:
        self._index: tuple[int, int] | None = None
        self._pages: dict[str, Page] = {}
        self._lines = cache(lambda page_id: self.page(page_id).lines())
        self._proposals = cache(
            lambda page_id: self.propose(self.page(page_id), self.lines(page_id))
        )

    def pages(self) -> dict[str, Page]:
        """Read the corpus's pages, by id, again whenever its index changes.

        Raises:
            DataError: if the index or a page cannot be read.
        """
        stamp = file_stamp(self.folders.index)
        if stamp is None or stamp != self._index:
            self._pages = {page.id: page for page in self.folders.read()}
            self._lines.cache_clear()
            self._proposals.cache_clear()
            self._index = stamp
        return self._pages

    def page(self, page_id: str) -> Page:
        """Choose a page."""
        try:
            return self.pages()[page_id]
        except KeyError:
            raise DataError(f"no page {page_id!r} in {self.folders.pages}") from None

    def lines(self, page_id: str) -> Lines:
        """Split a page into lines, once."""
        return self._lines(self.page(page_id).id)

    def proposals(self, page_id: str) -> ProposedLabels:
        """Have the model propose labels for a page's lines, once."""
        return self._proposals(self.page(page_id).id)

    def missed(self, page_id: str, labels: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Find the lines that all extractors get wrong if these are the labels, shape (n,)."""
        if self.find_missed is None:
            return np.zeros(len(labels), np.bool_)
        return self.find_missed(self.page(page_id), self.lines(page_id), labels)

    def file(self, page_id: str) -> DraftFile:
        """Name the files of a page's draft, whether or not there are any."""
        return DraftFile(self.folders.draft_of(self.page(page_id).id, self.annotator))

    def gold(self, page_id: str) -> NDArray[np.int8] | None:
        """Read the gold labels of a page, shape (n,), None if there are none."""
        path = self.folders.gold_of(page_id)
        return read_labels(path, self.lines(page_id)) if path.exists() else None

    def open(self, page_id: str) -> OpenDraft:
        """Read the draft of a page, or begin one, which is not stored yet."""
        path = self.file(page_id).path
        with locked(path.parent) if path.exists() else nullcontext():
            return self._current(page_id)

    def change(
        self, page_id: str, version: str, name: str, step: Callable[[Draft], Draft]
    ) -> OpenDraft:
        """Change the ``version`` of a draft by a ``step``; when this returns it is on disk.

        The ``name`` is unique; a change that comes twice is made once.

        Raises:
            ConflictError: if the draft has another version by now.
            DataError: if ``step`` raises it.
        """
        with locked(self.file(page_id).path.parent):
            current = self._current(page_id)
            if current.draft.operation == name:
                return current
            if current.version != version:
                raise ConflictError(current)
            return self._write(page_id, replace(step(current.draft), operation=name), current)

    def accept(self, page_id: str, version: str, *, gold: str | None = None) -> OpenDraft:
        """Make a draft the gold of its page; one that is not stored yet is stored with it.

        ``gold`` is the version of differing gold that may be replaced.

        Raises:
            ConflictError: if the draft has another version by now.
            GoldDiffersError: if there is gold that differs, and it is not the one to be replaced.
            DataError: if lines have no label yet.
        """
        with locked(self.file(page_id).path.parent):
            current = self._current(page_id)
            if current.version != version:
                raise ConflictError(current)
            if missing := current.draft.missing:
                lines = f"{plural(missing, 'line')} {'has' if missing == 1 else 'have'}"
                raise DataError(f"{lines} no label yet; press u for the next one")
            write_gold(self.folders, page_id, self.lines(page_id), current.draft.labels, gold)
            return current if current.stored else self._write(page_id, current.draft, current)

    def _current(self, page_id: str) -> OpenDraft:
        """Read what is stored, or begin with the gold, what is proposed, or nothing at all."""
        file, lines = self.file(page_id), self.lines(page_id)
        if file.path.exists():
            return OpenDraft(file.read(lines), file.version, stored=True)
        start: Start
        if self.blank:
            start, labels = "blank", np.full(len(lines), UNLABELLED, np.int8)
        elif (gold := self.gold(page_id)) is not None:
            start, labels = "gold", gold
        else:
            start, labels = "proposals", self.proposals(page_id).labels
        draft = Draft(labels, np.full(len(lines), start == "gold"), start)
        return OpenDraft(draft, digest(b"", draft.to_json().encode()), stored=False)

    def _write(self, page_id: str, draft: Draft, before: OpenDraft) -> OpenDraft:
        file = self.file(page_id)
        if not before.stored or (draft.labels != before.draft.labels).any():
            write_labels(file.path, self.lines(page_id).texts, draft.labels)
        file.write_state(draft)
        return OpenDraft(draft, file.version, stored=True)


def file_stamp(path: Path) -> tuple[int, int] | None:
    """Read time and size of a file, which change with it; None if there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size)


def write_gold(
    folders: Folders,
    page_id: str,
    lines: Lines,
    labels: NDArray[np.int8],
    replaced: str | None,
) -> None:
    """Write the gold of a page; what is there must be the same, or the version to be replaced.

    Raises:
        GoldDiffersError: if it is neither.
        DataError: if the gold that is there cannot be read.
    """
    path = folders.gold_of(page_id)
    with locked(folders.gold):
        if path.exists():
            differing = np.flatnonzero(read_labels(path, lines) != labels).tolist()
            version = digest(path.read_bytes())
            if differing and version != replaced:
                raise GoldDiffersError(version, differing)
        write_labels(path, lines.texts, labels)
