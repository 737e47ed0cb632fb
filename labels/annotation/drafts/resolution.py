"""Make one gold of several drafts of a page: who labelled what, and what was decided.

Decisions are kept in ``drafts/DECIDER/ID.resolve.json`` as they are made. They go to the gold and
to ``gold/decisions.jsonl`` together once every disputed line has one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError
from corpus.files import locked, parse_json, write_atomically
from labels.annotation.drafts.annotators import find_annotators
from labels.annotation.drafts.decisions import Decision, append_decisions
from labels.annotation.drafts.draft import from_keys
from labels.annotation.drafts.draft_file import digest
from labels.annotation.drafts.store import ConflictError, Store, write_gold
from labels.label import LABELS, Label
from labels.label_file import read_labels

_FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """How annotators label a page's n lines, and what has been decided so far."""

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


@dataclass(eq=False)
class Resolver:
    """Decide on pages that several have labelled."""

    store: Store
    """Of the one who decides."""
    names: Sequence[str] = ()
    """Whose drafts are compared; of all who have one of the page, if none is named."""

    def annotators(self, page_id: str) -> list[str]:
        """List those who have a draft of a page, of those that are compared."""
        folders = self.store.folders
        page = self.store.page(page_id)
        names = self.names or find_annotators(folders)
        return [name for name in names if folders.draft_of(page.id, name).exists()]

    def disputes(self) -> list[Resolution]:
        """Read what is decided of each page with two drafts or more."""
        pages = [page for page in self.store.pages() if len(self.annotators(page)) >= _FEWEST]
        return [self.open(page) for page in pages]

    def open(self, page_id: str) -> Resolution:
        """Read what is labelled and decided of a page.

        Raises:
            DataError: if fewer than two have labelled it, or a file cannot be read.
        """
        names = self.annotators(page_id)
        if len(names) < _FEWEST:
            who = f"{names[0]} alone has" if names else "nobody has"
            raise DataError(f"{page_id}: {who} a draft; it takes two to differ")
        lines, path = self.store.lines(page_id), self._path(page_id)
        drafts = [self.store.folders.draft_of(page_id, name) for name in names]
        labels = np.stack([read_labels(draft, lines) for draft in drafts])
        content = path.read_bytes() if path.exists() else b"{}"
        try:
            keys: dict[str, str] = parse_json(content)
            codes = from_keys(keys.values()).tolist()
            decided = dict(zip(map(int, keys), codes, strict=True))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise DataError(f"{path}: not decisions ({error!r}); remove it to start over") from None
        decided = {line: code for line, code in decided.items() if 0 <= line < len(lines)}
        version = digest(" ".join(names).encode(), labels.tobytes(), content)
        return Resolution(page_id, tuple(names), labels, decided, version)

    def decide(
        self, page_id: str, version: str, lines: Sequence[int], label: Label | None
    ) -> Resolution:
        """Decide what disputed lines are, or, without a label, that they are open again.

        Raises:
            ConflictError: if a draft or a decision has changed meanwhile.
            DataError: if a line is not in dispute.
        """
        path = self._path(page_id)
        with locked(path.parent):
            current = self._current(page_id, version)
            if wrong := sorted(set(lines) - set(current.disputed)):
                raise DataError(f"line {wrong[0] + 1} is not in dispute")
            decided = {line: code for line, code in current.decided.items() if line not in lines}
            if label is not None:
                decided |= dict.fromkeys(lines, label.code)
            keys = {str(line): LABELS[code].key for line, code in sorted(decided.items())}
            write_atomically(path, json.dumps(keys) + "\n")
            return self.open(page_id)

    def accept(self, page_id: str, version: str, *, gold: str | None = None) -> None:
        """Write the gold of a page, and who decided what.

        Raises:
            ConflictError: if a draft or a decision has changed meanwhile.
            GoldDiffersError: if there is gold that differs, of another version than ``gold``.
            DataError: if a disputed line has no decision.
        """
        current = self._current(page_id, version)
        if current.open:
            raise DataError(f"line {current.open[0] + 1} is not decided yet; decide it first")
        labels = current.labels[0].copy()
        for line in current.disputed:
            labels[line] = current.decided[line]
        store = self.store
        write_gold(store.folders, page_id, store.lines(page_id), labels, gold)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        decisions = []
        for line in current.disputed:
            label, *opinions = (str(LABELS[row[line]]) for row in (labels, *current.labels))
            by_name = dict(zip(current.names, opinions, strict=True))
            decisions.append(Decision(page_id, line + 1, label, by_name, store.annotator, now))
        append_decisions(store.folders, decisions)

    def _current(self, page_id: str, version: str) -> Resolution:
        current = self.open(page_id)
        if current.version != version:
            raise ConflictError(current)
        return current

    def _path(self, page_id: str) -> Path:
        draft = self.store.file(page_id).path
        return draft.with_name(f"{draft.stem}.resolve.json")
