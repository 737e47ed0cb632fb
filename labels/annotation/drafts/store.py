"""Drafts of one annotator: every change is on disk before it is acknowledged, none is overwritten.

Whoever changes a draft says which version the change is based on; the version is a digest of both
files of the draft, so that it holds across windows, servers and restarts. The label file is written
first: where a server dies between the two, the next one finds the change in the label file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page
from corpus.files import locked
from corpus.wording import plural
from labels.annotation.drafts.draft import UNLABELLED, Draft, Start
from labels.annotation.drafts.draft_file import DraftFile, digest
from labels.annotation.drafts.proposals import FindMissedLines, ProposedLabels, ProposeLabels
from labels.folder import Folders
from labels.label import Label
from labels.label_file import read_labels, write_labels

OperationKind = Literal["label", "confirm", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One change that an annotator requests."""

    kind: OperationKind
    version: str
    """The version of the draft that it was made on."""
    name: str
    """Unique; an operation that comes twice is done once."""
    lines: Sequence[int] = ()
    label: Label | None = None

    def on(self, draft: Draft) -> Draft:
        """The draft after the change.

        Raises:
            DataError: if the operation makes no sense.
        """
        if self.kind == "undo":
            return draft.undo()
        if self.kind == "redo":
            return draft.redo()
        if not self.lines:
            raise DataError("no line is named; name one or more")
        if self.kind == "confirm":
            return draft.confirm(self.lines)
        if self.label is None:
            raise DataError("no label is named; name one")
        return draft.label(self.lines, self.label.code)


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


class Store:
    """The drafts of one annotator.

    Args:
        folders: of the corpus.
        annotator: a name that is safe for a folder.
        propose: labels lines before anyone has labelled them.
        find_missed: finds lines that all extractors get wrong; None if there are no runs.
        blank: begin drafts without showing proposals or gold.
    """

    def __init__(
        self,
        folders: Folders,
        annotator: str,
        propose: ProposeLabels,
        *,
        find_missed: FindMissedLines | None = None,
        blank: bool = False,
    ) -> None:
        self.folders = folders
        self.annotator = annotator
        self.blank = blank
        self._propose = propose
        self._find_missed = find_missed
        self._index: tuple[int, int] | None = None
        self._pages: dict[str, Page] = {}
        self._lines: dict[str, Lines] = {}
        self._proposals: dict[str, ProposedLabels] = {}

    def pages(self) -> dict[str, Page]:
        """The corpus's pages by id, as its index has them now.

        Raises:
            DataError: if the index or a page cannot be read.
        """
        stamp = file_stamp(self.folders.index)
        if stamp is None or stamp != self._index:
            self._pages = {page.id: page for page in self.folders.read()}
            self._lines.clear()
            self._proposals.clear()
            self._index = stamp
        return self._pages

    def page(self, page_id: str) -> Page:
        """One page.

        Raises:
            DataError: if there is none of this id.
        """
        try:
            return self.pages()[page_id]
        except KeyError:
            raise DataError(f"no page {page_id!r} in {self.folders.pages}") from None

    def lines(self, page_id: str) -> Lines:
        """A page's lines."""
        page = self.page(page_id)
        if (lines := self._lines.get(page_id)) is None:
            lines = self._lines[page_id] = page.lines()
        return lines

    def proposals(self, page_id: str) -> ProposedLabels:
        """What the model proposes for a page's lines."""
        page, lines = self.page(page_id), self.lines(page_id)
        if (proposals := self._proposals.get(page_id)) is None:
            proposals = self._proposals[page_id] = self._propose(page, lines)
        return proposals

    def missed(self, page_id: str, labels: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Which lines all extractors get wrong if these are the labels, shape (n,)."""
        if self._find_missed is None:
            return np.zeros(len(labels), np.bool_)
        return self._find_missed(self.page(page_id), self.lines(page_id), labels)

    def open(self, page_id: str) -> OpenDraft:
        """The draft of a page.

        Raises:
            DataError: if there is no such page, or a file of its labels cannot be read.
        """
        file = self.file(page_id)
        if not file.path.exists():
            return self._new(page_id)
        with locked(file.path.parent):
            return self._current(page_id)

    def change(self, page_id: str, operation: Operation) -> OpenDraft:
        """Do what an annotator requests; when this returns it is on disk.

        Raises:
            ConflictError: if the draft is no longer the one that the operation was made on.
            DataError: if the operation makes no sense, or a file of labels cannot be read.
        """
        with locked(self.file(page_id).path.parent):
            current = self._current(page_id)
            if current.draft.operation == operation.name:
                return current
            if current.version != operation.version:
                raise ConflictError(current)
            draft = replace(operation.on(current.draft), operation=operation.name)
            return self._write(page_id, draft, current)

    def accept(self, page_id: str, version: str, *, gold: str | None = None) -> OpenDraft:
        """Make a draft the gold of its page; one that is not stored yet is stored with it.

        Args:
            page_id: of the page.
            version: of the draft that is accepted.
            gold: the version of differing gold that may be replaced.

        Raises:
            ConflictError: if the draft has another version by now.
            GoldDiffersError: if there is gold that differs, and it is not the one to be replaced.
            DataError: if lines have no label yet, or a file of labels cannot be read.
        """
        with locked(self.file(page_id).path.parent):
            current = self._current(page_id)
            if current.version != version:
                raise ConflictError(current)
            if missing := current.draft.missing:
                verb = "has" if missing == 1 else "have"
                raise DataError(
                    f"{plural(missing, 'line')} {verb} no label yet; press u for the next one"
                )
            write_gold(self.folders, page_id, self.lines(page_id), current.draft.labels, gold)
            return current if current.stored else self._write(page_id, current.draft, current)

    def gold(self, page_id: str) -> NDArray[np.int8] | None:
        """The gold labels of a page, shape (n,), None if there are none."""
        path = self.folders.gold_of(page_id)
        return read_labels(path, self.lines(page_id)) if path.exists() else None

    def file(self, page_id: str) -> DraftFile:
        """The files of a page's draft, whether or not there are any.

        Raises:
            DataError: if there is no such page.
        """
        return DraftFile(self.folders.draft_of(self.page(page_id).id, self.annotator))

    def _current(self, page_id: str) -> OpenDraft:
        file = self.file(page_id)
        if not file.path.exists():
            return self._new(page_id)
        return OpenDraft(file.read(self.lines(page_id)), file.version, stored=True)

    def _new(self, page_id: str) -> OpenDraft:
        """What a page begins with: its gold, else what is proposed, or nothing at all."""
        n = len(self.lines(page_id))
        start: Start
        if self.blank:
            start, labels = "blank", np.full(n, UNLABELLED, np.int8)
        elif (gold := self.gold(page_id)) is not None:
            start, labels = "gold", gold
        else:
            start, labels = "proposals", self.proposals(page_id).labels
        draft = Draft(labels, np.full(n, start == "gold"), start)
        return OpenDraft(draft, digest(b"", draft.to_json().encode()), stored=False)

    def _write(self, page_id: str, draft: Draft, before: OpenDraft) -> OpenDraft:
        file = self.file(page_id)
        if not before.stored or (draft.labels != before.draft.labels).any():
            write_labels(file.path, self.lines(page_id).texts, draft.labels)
        file.write_state(draft)
        return OpenDraft(draft, file.version, stored=True)


def file_stamp(path: Path) -> tuple[int, int] | None:
    """Time and size of a file, which change with it; None if there is none."""
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
