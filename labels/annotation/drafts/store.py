"""Drafts on disk: every change is there before it is acknowledged, and no change is overwritten.

A draft is a label file, ``drafts/ANNOTATOR/ID.tsv``, and its state beside it, ``ID.state.json``:
which lines somebody has decided, and the steps that can be undone. Whoever changes a draft says
which version the change is based on; the version is a digest of both files, so that it holds
across windows, servers and restarts. The label file is written first: where a server dies between
the two, the next one finds the change in the label file and takes it over.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page
from corpus.files import locked, write_atomically
from labels.annotation.drafts.draft import Draft, Start
from labels.annotation.drafts.proposals import Misses, Proposals, Proposer
from labels.folder import Folders
from labels.label import LABELS, Label
from labels.label_file import read_labels, write_labels

STATE_SUFFIX = ".state.json"
_BLANK = Label.NOISE.code  # what stands in the label file of a line without a label
_DIGITS = 16

Kind = Literal["label", "confirm", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One change that an annotator asks for."""

    kind: Kind
    version: str
    """The version of the draft that it was made on."""
    name: str
    """Told apart from all others; an operation that comes twice is done once."""
    lines: Sequence[int] = ()
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft as it is stored, or as it would begin."""

    draft: Draft
    version: str
    stored: bool


class ConflictError(Exception):
    """What a change was based on is no longer so; nothing was written."""

    def __init__(self, current: Opened) -> None:
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
        annotator: a name that is safe as a folder's.
        propose: what lines are before anyone has labelled them.
        misses: which lines all extractors get wrong; None if no runs are at hand.
        blank: begin drafts without showing proposals or gold.
    """

    def __init__(
        self,
        folders: Folders,
        annotator: str,
        propose: Proposer,
        *,
        misses: Misses | None = None,
        blank: bool = False,
    ) -> None:
        self.folders = folders
        self.annotator = annotator
        self.blank = blank
        self._propose = propose
        self._misses = misses
        self._index: tuple[int, int] = (0, 0)
        self._pages: dict[str, Page] = {}
        self._lines: dict[str, Lines] = {}
        self._proposals: dict[str, Proposals] = {}

    def pages(self) -> dict[str, Page]:
        """The corpus's pages by id, as its index has them now.

        Raises:
            DataError: if the index or a page cannot be read.
        """
        try:
            stat = self.folders.index.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            seen = (0, 0)
        if seen == (0, 0) or seen != self._index:
            self._pages = {page.id: page for page in self.folders.read()}
            self._lines.clear()
            self._proposals.clear()
            self._index = seen
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

    def proposals(self, page_id: str) -> Proposals:
        """What the model thinks of a page's lines."""
        page, lines = self.page(page_id), self.lines(page_id)
        if (proposals := self._proposals.get(page_id)) is None:
            proposals = self._proposals[page_id] = self._propose(page, lines)
        return proposals

    def missed(self, page_id: str, labels: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Which lines all extractors get wrong if these are the labels, shape (n,)."""
        if self._misses is None:
            return np.zeros(len(labels), np.bool_)
        return self._misses(self.page(page_id), self.lines(page_id), labels)

    def open(self, page_id: str) -> Opened:
        """The draft of a page.

        Raises:
            DataError: if there is no such page, or a file of its labels cannot be read.
        """
        path = self.draft_path(page_id)
        if not path.exists():
            return self._fresh(page_id)
        with locked(path.parent):
            return self._current(page_id)

    def change(self, page_id: str, operation: Operation) -> Opened:
        """Do what an annotator asks for; when this returns it is on disk.

        Raises:
            ConflictError: if the draft is no longer what the operation was made on.
            DataError: if the operation makes no sense, or a file of labels cannot be read.
        """
        with locked(self.draft_path(page_id).parent):
            current = self._current(page_id)
            if current.draft.operation == operation.name:
                return current
            if current.version != operation.version:
                raise ConflictError(current)
            draft = replace(_applied(current.draft, operation), operation=operation.name)
            return self._write(page_id, draft, current)

    def accept(self, page_id: str, version: str, *, gold: str | None = None) -> Opened:
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
        with locked(self.draft_path(page_id).parent):
            current = self._current(page_id)
            if current.version != version:
                raise ConflictError(current)
            if missing := current.draft.missing:
                lines = "1 line has" if missing == 1 else f"{missing} lines have"
                raise DataError(f"{lines} no label yet; press u for the next one")
            write_gold(self.folders, page_id, self.lines(page_id), current.draft.labels, gold)
            return current if current.stored else self._write(page_id, current.draft, current)

    def gold(self, page_id: str) -> NDArray[np.int8] | None:
        """The gold labels of a page, shape (n,), None if there are none."""
        path = self.folders.gold_of(page_id)
        return read_labels(path, self.lines(page_id)) if path.exists() else None

    def draft_path(self, page_id: str) -> Path:
        """The label file of a page's draft.

        Raises:
            DataError: if there is no such page.
        """
        return self.folders.draft_of(self.page(page_id).id, self.annotator)

    def _current(self, page_id: str) -> Opened:
        return self._read(page_id) if self.draft_path(page_id).exists() else self._fresh(page_id)

    def _fresh(self, page_id: str) -> Opened:
        """What a page begins with: its gold, else what is proposed, or nothing at all."""
        n = len(self.lines(page_id))
        start: Start
        if self.blank:
            start, labels = "blank", np.full(n, _BLANK, np.int8)
        elif (gold := self.gold(page_id)) is not None:
            start, labels = "gold", gold
        else:
            start, labels = "proposals", self.proposals(page_id).labels
        draft = Draft(labels, np.full(n, start == "gold"), start)
        return Opened(draft, _digest(b"", draft.to_json().encode()), stored=False)

    def _read(self, page_id: str) -> Opened:
        path, lines = self.draft_path(page_id), self.lines(page_id)
        labels = read_labels(path, lines)
        state = state_path(path)
        if not state.exists():
            draft = Draft(labels, np.ones(len(lines), np.bool_), "draft")
            return Opened(draft, _digest(path.read_bytes(), b""), stored=True)
        stored = state.read_bytes()
        try:
            draft = Draft.from_json(stored, len(lines)).now_labelled(labels)
        except ValueError as error:
            raise DataError(
                f"{state}: not the state of this draft ({error}); remove it to go on without it"
            ) from None
        return Opened(draft, _digest(path.read_bytes(), stored), stored=True)

    def _write(self, page_id: str, draft: Draft, before: Opened) -> Opened:
        path = self.draft_path(page_id)
        if not before.stored or (draft.labels != before.draft.labels).any():
            write_labels(path, self.lines(page_id).texts, draft.labels)
        state = draft.to_json()
        write_atomically(state_path(path), state)
        return Opened(draft, _digest(path.read_bytes(), state.encode()), stored=True)


def state_path(draft: Path) -> Path:
    """Where the state of a draft stands, beside its label file."""
    return draft.with_name(draft.stem + STATE_SUFFIX)


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
            version = _digest(path.read_bytes())
            if differing and version != replaced:
                raise GoldDiffersError(version, differing)
        write_labels(path, lines.texts, labels)


def _applied(draft: Draft, operation: Operation) -> Draft:
    if operation.kind == "undo":
        return draft.undo()
    if operation.kind == "redo":
        return draft.redo()
    if not operation.lines:
        raise DataError("no line is named; name one or more")
    if operation.kind == "confirm":
        return draft.confirm(operation.lines)
    if operation.label is None:
        raise DataError("no label is named; name one")
    return draft.label(operation.lines, LABELS.index(operation.label))


def _digest(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
