"""The guard of labels made by hand.

What keeps labels from being used is a problem: a text that is not the page's, an unknown label, no
body. What looks implausible is a finding of `labels.annotation.checks.review`: it is corrected, or
accepted, which ``gold/accepted.jsonl`` keeps by page, kind and row of the label file.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines, Page
from corpus.files import locked, read_rows, write_atomically
from labels.annotation.checks.review import LabelFinding, LabelFindingKind, review
from labels.folder import STARTER_FOLDERS, Folders
from labels.label import LABELS, Label
from labels.label_file import label_problems, read_labels

_BODY = Label.BODY.code
_DIGITS = 16
_HEADER_ROWS = 1


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding of a review that nobody has accepted yet, and where it is."""

    id: str
    """The page."""
    path: Path
    """Its label file."""
    finding: LabelFinding
    label: str | None
    """Of the line; None, as the text, if it is about the page as a whole."""
    text: str | None

    @property
    def place(self) -> str:
        """The label file and, where there is one, the row."""
        line = self.finding.line
        return str(self.path) if line is None else f"{self.path}:{line + _HEADER_ROWS}"

    @property
    def digest(self) -> str:
        """What it is accepted by: of the row of the label file, 16 hexadecimal digits."""
        row = f"{self.label}\t{self.text}" if self.label else ""
        return hashlib.sha256(row.encode()).hexdigest()[:_DIGITS]

    @property
    def key(self) -> tuple[str, str, str]:
        """Page, kind and digest. It outlives lines that come and go before it."""
        return self.id, str(self.finding.kind), self.digest


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of label files found."""

    pages: int
    lines: int
    problems: tuple[str, ...]
    """A sentence each, beginning with the file and, where there is one, the row."""
    doubts: tuple[Doubt, ...] = ()
    """Findings to look at again, by page and line."""
    accepted: int = 0
    """Findings that were accepted before."""


def check_labels(
    ids: Sequence[str] = (), folders: Folders = STARTER_FOLDERS, annotator: str | None = None
) -> Check:
    """Check that each page has a label file that matches it, has body and looks plausible.

    Without ``ids`` all pages are checked, and label files without a page are reported, too. With
    ``annotator`` that person's drafts are checked in place of the gold, those that there are.

    Raises:
        DataError: if an id is unknown, the annotator has no drafts, a page itself cannot be read,
            or the file of what was accepted is damaged.
    """
    known = {page.id: page for page in folders.read()}
    if unknown := sorted(set(ids) - known.keys()):
        raise DataError(f"no page {', '.join(unknown)} in {folders.pages}")
    stored = folders.gold
    if annotator is not None:
        stored = folders.draft_of("any", annotator).parent
        if not any(stored.glob("*.tsv")):
            raise DataError(f"{stored}: {annotator} has no drafts; see 'bench label edit'")
    chosen = [known[page_id] for page_id in ids or known]
    if annotator is not None and not ids:
        chosen = [page for page in chosen if folders.draft_of(page.id, annotator).exists()]
    accepted = {key for key, _ in _accepted(folders)}
    problems: list[str] = []
    doubts: list[Doubt] = []
    count = 0
    for page in chosen:
        lines, wrong, found = _check(page, stored / f"{page.id}.tsv")
        count += lines
        problems += wrong
        doubts += found
    if not ids:
        problems += [
            f"{path}: there is no page of this id; remove the file"
            for path in sorted(stored.glob("*.tsv"))
            if path.stem not in known
        ]
    open_ = tuple(doubt for doubt in doubts if doubt.key not in accepted)
    return Check(len(chosen), count, tuple(problems), open_, len(doubts) - len(open_))


def _check(page: Page, path: Path) -> tuple[int, list[str], list[Doubt]]:
    """The number of lines, the problems and the findings of one label file."""
    lines = page.lines()
    if problems := label_problems(path, lines):
        return len(lines), problems, []
    codes = read_labels(path, lines)
    if _BODY not in codes:
        problems = [f"{path}: no line is labelled body; a page needs one"]
    return len(lines), problems, _doubts(page.id, path, lines, codes)


def open_findings(
    folders: Folders, page_id: str, lines: Lines, codes: NDArray[np.int8]
) -> list[LabelFinding]:
    """What a reviewer would look at again on a page labelled so, and nobody has accepted.

    Raises:
        DataError: if the file of what was accepted is damaged.
    """
    accepted = {key for key, _ in _accepted(folders)}
    doubts = _doubts(page_id, folders.gold_of(page_id), lines, codes)
    return [doubt.finding for doubt in doubts if doubt.key not in accepted]


def _doubts(page_id: str, path: Path, lines: Lines, codes: NDArray[np.int8]) -> list[Doubt]:
    return [
        Doubt(
            page_id,
            path,
            finding,
            None if finding.line is None else str(LABELS[codes[finding.line - 1]]),
            None if finding.line is None else lines.texts[finding.line - 1],
        )
        for finding in review(lines, codes)
    ]


def accept(doubts: Iterable[Doubt], folders: Folders = STARTER_FOLDERS) -> int:
    """Note that findings are right as they are, and return how many are new.

    The file is kept in the order of pages and lines, so that what is added is seen in a diff.

    Raises:
        DataError: if the file is damaged; it is left as it was.
    """
    with locked(folders.gold):
        rows = dict(_accepted(folders))
        before = len(rows)
        for doubt in doubts:
            page_id, kind, digest = doubt.key
            line = doubt.finding.line
            rows[doubt.key] = {"id": page_id, "kind": kind, "line": line, "text": digest}
        ordered = sorted(rows.values(), key=lambda row: (row["id"], row["line"] or 0, row["kind"]))
        write_atomically(accepted_path(folders), "".join(f"{json.dumps(row)}\n" for row in ordered))
    return len(rows) - before


def accepted_path(folders: Folders) -> Path:
    """The file of what was accepted in a corpus."""
    return folders.gold / "accepted.jsonl"


def _accepted(folders: Folders) -> Iterable[tuple[tuple[str, str, str], dict[str, object]]]:
    for place, row in read_rows(accepted_path(folders)):
        page_id, kind, line, digest = (row.get(name) for name in ("id", "kind", "line", "text"))
        if (
            not isinstance(page_id, str)
            or not isinstance(digest, str)
            or kind not in list(LabelFindingKind)
            or not (line is None or (isinstance(line, int) and line > 0))
        ):
            raise DataError(f"{place}: not an accepted finding; mend or remove the row")
        yield (page_id, str(kind), digest), row
