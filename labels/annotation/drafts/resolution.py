"""Two or more drafts of a page made one: who said what, what was decided, and the gold of it.

Decisions are kept as they are made, in ``drafts/DECIDER/ID.resolve.json``, and go to the gold and
to ``gold/decisions.jsonl`` together once every disputed line has one.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError
from corpus.files import locked, write_atomically
from labels.annotation.drafts.decisions import Decision, append_decisions
from labels.annotation.drafts.opinions import find_annotators
from labels.annotation.drafts.store import Store, write_gold
from labels.label import LABELS, Label
from labels.label_file import read_labels

_CODES = {label.key: label.code for label in LABELS}
_DIGITS = 16
_FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """What annotators say of a page's n lines, and what has been decided so far."""

    id: str
    """The page."""
    names: tuple[str, ...]
    """Of the annotators, k of them."""
    labels: NDArray[np.int8]
    """Codes, shape (k, n)."""
    decided: dict[int, int]
    """Code by line."""
    version: str

    @property
    def disputed(self) -> list[int]:
        """The lines on which they differ."""
        return np.flatnonzero((self.labels != self.labels[0]).any(axis=0)).tolist()

    @property
    def open(self) -> list[int]:
        """The disputed lines without a decision."""
        return [line for line in self.disputed if line not in self.decided]


class StaleError(Exception):
    """A draft or a decision is no longer what a decision was made on; nothing was written."""

    def __init__(self, current: Resolution) -> None:
        super().__init__("drafts or decisions were changed elsewhere; load the page again")
        self.current = current


class Resolver:
    """Decides on pages that several have labelled.

    Args:
        store: of the one who decides.
        names: whose drafts are compared; of all who have one of the page, if none is named.
    """

    def __init__(self, store: Store, names: Sequence[str] = ()) -> None:
        self.store = store
        self.names = tuple(names)

    def annotators(self, page_id: str) -> list[str]:
        """Who has a draft of a page, of those that are compared."""
        folders = self.store.folders
        names = self.names or find_annotators(folders)
        page = self.store.page(page_id)
        return [name for name in names if folders.draft_of(page.id, name).exists()]

    def disputes(self) -> list[tuple[str, list[str], int, int]]:
        """Pages with two drafts or more: id, annotators, disputed lines, those still open."""
        found = []
        for page_id in self.store.pages():
            if len(names := self.annotators(page_id)) >= _FEWEST:
                resolution = self.open(page_id)
                found.append((page_id, names, len(resolution.disputed), len(resolution.open)))
        return found

    def open(self, page_id: str) -> Resolution:
        """What is said and decided of a page.

        Raises:
            DataError: if fewer than two have labelled it, or a file cannot be read.
        """
        names = self.annotators(page_id)
        if len(names) < _FEWEST:
            who = f"{names[0]} alone has" if names else "nobody has"
            raise DataError(f"{page_id}: {who} a draft; it takes two to differ")
        lines = self.store.lines(page_id)
        paths = [self.store.folders.draft_of(page_id, name) for name in names]
        labels = np.stack([read_labels(path, lines) for path in paths])
        digest = hashlib.sha256()
        for name, row in zip(names, labels, strict=True):
            digest.update(name.encode() + b"\0" + row.tobytes())
        stored = self._path(page_id).read_bytes() if self._path(page_id).exists() else b"{}"
        digest.update(stored)
        decided = self._decided(page_id, stored, len(lines))
        return Resolution(page_id, tuple(names), labels, decided, digest.hexdigest()[:_DIGITS])

    def decide(
        self, page_id: str, version: str, lines: Sequence[int], label: Label | None
    ) -> Resolution:
        """Decide what disputed lines are, or, without a label, that they are open again.

        Raises:
            StaleError: if a draft or a decision has changed since.
            DataError: if a line is not in dispute.
        """
        path = self._path(page_id)
        with locked(path.parent):
            current = self.open(page_id)
            if current.version != version:
                raise StaleError(current)
            if wrong := sorted(set(lines) - set(current.disputed)):
                raise DataError(f"line {wrong[0] + 1} is not in dispute")
            decided = {line: code for line, code in current.decided.items() if line not in lines}
            if label is not None:
                decided |= dict.fromkeys(lines, LABELS.index(label))
            keys = {str(line): LABELS[code].key for line, code in sorted(decided.items())}
            write_atomically(path, json.dumps(keys) + "\n")
            return self.open(page_id)

    def accept(self, page_id: str, version: str, *, gold: str | None = None) -> None:
        """Write the gold of a page, and who decided what.

        Raises:
            StaleError: if a draft or a decision has changed since.
            GoldDiffersError: if there is gold that differs, of another version than ``gold``.
            DataError: if a disputed line has no decision.
        """
        current = self.open(page_id)
        if current.version != version:
            raise StaleError(current)
        if current.open:
            raise DataError(f"line {current.open[0] + 1} is not decided yet; decide it first")
        labels = current.labels[0].copy()
        for line in current.disputed:
            labels[line] = current.decided[line]
        store = self.store
        write_gold(store.folders, page_id, store.lines(page_id), labels, gold)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        append_decisions(
            store.folders,
            [
                Decision(
                    id=page_id,
                    line=line + 1,
                    label=str(LABELS[labels[line]]),
                    annotators={
                        name: str(LABELS[row[line]])
                        for name, row in zip(current.names, current.labels, strict=True)
                    },
                    decided_by=store.annotator,
                    time=now,
                )
                for line in current.disputed
            ],
        )

    def _path(self, page_id: str) -> Path:
        draft = self.store.draft_path(page_id)
        return draft.with_name(f"{draft.stem}.resolve.json")

    def _decided(self, page_id: str, stored: bytes, lines: int) -> dict[int, int]:
        try:
            decided = {int(line): _CODES[key] for line, key in json.loads(stored).items()}
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise DataError(
                f"{self._path(page_id)}: not decisions ({error!r}); remove it to start over"
            ) from None
        return {line: code for line, code in decided.items() if 0 <= line < lines}
