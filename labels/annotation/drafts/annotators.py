"""Read what several annotators have labelled: who they are, and their labels of the same pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Page
from labels.annotation.drafts.draft_file import DraftFile
from labels.folder import Folders
from labels.label_file import read_labels, read_stored_labels

GOLD = "gold"
"""The name under which the accepted labels are compared with drafts."""
_SAFE_NAME = re.compile(r"\w[\w.@+-]{0,63}")
_UNSAFE = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True, slots=True)
class PageAnnotations:
    """One page, and the labels of those who labelled it."""

    page: Page
    texts: list[str]
    """Of its n lines."""
    labels: Mapping[str, NDArray[np.int8]]
    """Codes by annotator, each of shape (n,)."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The labels of some annotators on all pages, or some."""

    pages: list[PageAnnotations] = field(default_factory=list)
    """In the corpus's order, or that of the ids."""
    unfinished: list[Path] = field(default_factory=list)
    """Drafts that were left out, because lines of them have no label yet."""


def check_annotator(name: str) -> str:
    """Return the name of an annotator if a folder of drafts can have it.

    Raises:
        DataError: if it cannot, with what can.
    """
    if not _SAFE_NAME.fullmatch(name) or name == GOLD:
        raise DataError(
            f"annotator {name!r} cannot be the name of a folder of drafts; use letters, digits "
            f"and . @ + - _, and another name than {GOLD!r}"
        )
    return name


def annotator_from(*candidates: str | None) -> str:
    """Turn the first of several names that allows it into that of a folder of drafts."""
    for candidate in candidates:
        name = _UNSAFE.sub("-", (candidate or "").strip()).strip("-.@+")[:64]
        if _SAFE_NAME.fullmatch(name) and name != GOLD:
            return name
    return "annotator"


def find_annotators(folders: Folders) -> list[str]:
    """List those who have drafts in a corpus, in order; nobody where there are none."""
    return sorted({path.parent.name for path in folders.drafts.glob("*/*.tsv")})


def choose_annotators(
    folders: Folders, names: Sequence[str] = (), *, at_least: int = 0
) -> list[str]:
    """Choose the annotators of these names, or all there are, with ``GOLD`` at the end.

    Raises:
        DataError: if one of them has no labels, or there are fewer than ``at_least``.
    """
    known = find_annotators(folders)
    if any(folders.gold.glob("*.tsv")):
        known.append(GOLD)
    if unknown := [name for name in names if name not in known]:
        who = f"there are {', '.join(known)}" if known else "nobody has"
        raise DataError(f"{unknown[0]} has no labels in {folders.gold}; {who}")
    chosen = list(dict.fromkeys(names)) or known
    if len(chosen) < at_least:
        raise DataError(
            f"{folders.gold}: labels of {chosen[0] if chosen else 'nobody'} alone; agreement "
            "takes two, so have pages labelled a second time with 'bench label edit'"
        )
    return chosen


def read_annotations(
    folders: Folders, annotators: Sequence[str], ids: Sequence[str] = ()
) -> Annotations:
    """Read the labels that some annotators gave, on all pages or those named.

    Pages that none of them has labelled are among them. A draft counts once each of its lines has
    a label.

    Raises:
        DataError: if an id is unknown, or a label file does not match its page.
    """
    pages = {page.id: page for page in folders.read()}
    if missing := sorted(set(ids) - pages.keys()):
        raise DataError(f"no page {', '.join(missing)} in {folders.pages}")
    found = Annotations()
    for page in (pages[page_id] for page_id in ids or pages):
        lines = page.lines()
        labels: dict[str, NDArray[np.int8]] = {}
        for name in annotators:
            path = folders.gold_of(page.id) if name == GOLD else folders.draft_of(page.id, name)
            if not path.exists():
                continue
            state = None
            if name != GOLD:
                state = DraftFile(path).read_state(len(read_stored_labels(path).texts))
            if state is not None and state.missing:
                found.unfinished.append(path)
            else:
                labels[name] = read_labels(path, lines)
        found.pages.append(PageAnnotations(page, lines.texts, labels))
    return found
