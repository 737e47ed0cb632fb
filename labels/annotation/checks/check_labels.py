"""Check labels made by hand.

What keeps labels from being used is a problem: a text that is not the page's, an unknown label, no
body. What looks implausible is a finding of `labels.annotation.checks.review`: it is corrected, or
accepted, which ``gold/accepted.jsonl`` keeps by page, kind and row of the label file.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Lines
from corpus.files import locked, read_rows, write_atomically
from labels.annotation.checks.review import LabelFinding, LabelFindingKind, review
from labels.folder import STARTER_FOLDERS, Folders
from labels.label import Label
from labels.label_file import label_problems, read_labels

_DIGITS = 16
_HEADER_ROWS = 1
# Page, kind, and digest of the row of the label file. It outlives lines that come and go before.
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding of a review, and the label file it is in."""

    path: Path
    finding: LabelFinding

    @property
    def id(self) -> str:
        """The page."""
        return self.path.stem

    @property
    def place(self) -> str:
        """The label file and, where there is one, the row."""
        line = self.finding.line
        return str(self.path) if line is None else f"{self.path}:{line + _HEADER_ROWS}"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of label files found."""

    pages: int
    lines: int
    problems: tuple[str, ...]
    """A sentence each, beginning with the file and, where there is one, the row."""
    findings: tuple[LocatedFinding, ...] = ()
    """What to look at again and nobody has accepted, by page and line."""
    accepted: int = 0
    """How many findings were accepted before."""


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
    pages = {page.id: page for page in folders.read()}
    if unknown := sorted(set(ids) - pages.keys()):
        raise DataError(f"no page {', '.join(unknown)} in {folders.pages}")
    folder = folders.gold if annotator is None else folders.drafts / annotator
    files = {path.stem: path for path in sorted(folder.glob("*.tsv"))}
    if annotator is not None and not files:
        raise DataError(f"{folder}: {annotator} has no drafts; see 'bench label edit'")
    chosen = ids or [page_id for page_id in pages if annotator is None or page_id in files]
    count, problems, found = 0, list[str](), list[LocatedFinding]()
    for page_id in chosen:
        lines, path = pages[page_id].lines(), folder / f"{page_id}.tsv"
        count += len(lines)
        if wrong := label_problems(path, lines):
            problems += wrong
            continue
        codes = read_labels(path, lines)
        if Label.BODY.code not in codes:
            problems.append(f"{path}: no line is labelled body; a page needs one")
        found += [LocatedFinding(path, finding) for finding in review(lines, codes)]
    if not ids:
        problems += [
            f"{path}: there is no page of this id; remove the file"
            for page_id, path in files.items()
            if page_id not in pages
        ]
    accepted = _read_accepted(folders)
    open_ = tuple(one for one in found if _key(one.id, one.finding) not in accepted)
    return Check(len(chosen), count, tuple(problems), open_, len(found) - len(open_))


def open_findings(
    folders: Folders, page_id: str, lines: Lines, codes: NDArray[np.int8]
) -> list[LabelFinding]:
    """Find what a reviewer would look at again on a page, and nobody has accepted.

    Raises:
        DataError: if the file of what was accepted is damaged.
    """
    accepted = _read_accepted(folders)
    return [one for one in review(lines, codes) if _key(page_id, one) not in accepted]


def accept(findings: Iterable[LocatedFinding], folders: Folders = STARTER_FOLDERS) -> int:
    """Record that the labels in question are right, and return how many findings are new.

    The file is kept in the order of pages and lines, so that what is added is seen in a diff.

    Raises:
        DataError: if the file is damaged; it is left unchanged.
    """
    with locked(folders.gold):
        rows = _read_accepted(folders)
        before = len(rows)
        for one in findings:
            page_id, kind, digest = key = _key(one.id, one.finding)
            rows[key] = {"id": page_id, "kind": kind, "line": one.finding.line, "text": digest}
        ordered = sorted(rows.values(), key=lambda row: (row["id"], row["line"] or 0, row["kind"]))
        content = "".join(f"{json.dumps(row)}\n" for row in ordered)
        write_atomically(_accepted_path(folders), content)
    return len(rows) - before


def _key(page_id: str, finding: LabelFinding) -> _Key:
    row = f"{finding.label}\t{finding.text}" if finding.label else ""
    digest = hashlib.sha256(row.encode()).hexdigest()[:_DIGITS]
    return page_id, str(finding.kind), digest


def _accepted_path(folders: Folders) -> Path:
    return folders.gold / "accepted.jsonl"


def _read_accepted(folders: Folders) -> dict[_Key, dict[str, Any]]:
    """Read the accepted findings by their keys."""
    found = {}
    for place, row in read_rows(_accepted_path(folders)):
        page_id, kind, line, digest = (row.get(name) for name in ("id", "kind", "line", "text"))
        if (
            not isinstance(page_id, str)
            or not isinstance(digest, str)
            or kind not in list(LabelFindingKind)
            or not (line is None or (isinstance(line, int) and line > 0))
        ):
            raise DataError(f"{place}: not an accepted finding; correct or remove the row")
        found[page_id, str(kind), digest] = row
    return found
