"""What several annotators say of the same pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import DataError, Page
from labels.annotation.drafts.draft import Draft
from labels.annotation.drafts.store import state_path
from labels.folder import Folders
from labels.label_file import read_labels, read_stored

GOLD = "gold"
"""The name under which the accepted labels are compared with drafts."""
_SAFE_NAME = re.compile(r"\w[\w.@+-]{0,63}")


@dataclass(frozen=True, slots=True)
class Opinions:
    """One page, and the labels of those who labelled it."""

    page: Page
    texts: list[str]
    """Of its n lines."""
    labels: Mapping[str, NDArray[np.int8]]
    """Codes by annotator, each of shape (n,)."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of some annotators' labels."""

    annotators: list[str]
    pages: list[Opinions]
    """In the corpus's order, or that of the ids."""
    unfinished: list[Path]
    """Drafts that were left out, since lines of them have no label yet."""


def refuse_annotator(name: str) -> None:
    """Refuse what cannot be the name of an annotator, since drafts are a folder of that name.

    Raises:
        DataError: saying what can.
    """
    if not _SAFE_NAME.fullmatch(name) or name == GOLD:
        raise DataError(
            f"annotator {name!r} cannot be the name of a folder of drafts; use letters, digits "
            f"and . @ + - _, and another name than {GOLD!r}"
        )


def find_annotators(folders: Folders) -> list[str]:
    """Names of those who have drafts in a corpus, in order; nobody where there are none."""
    drafts = folders.draft_of("any", "any").parent.parent
    return sorted({path.parent.name for path in drafts.glob("*/*.tsv")})


def choose_annotators(folders: Folders, names: Sequence[str] = ()) -> list[str]:
    """The annotators of these names, or all there are, with ``GOLD`` at the end.

    Raises:
        DataError: if one of them has no labels.
    """
    there = find_annotators(folders)
    if any(folders.gold.glob("*.tsv")):
        there.append(GOLD)
    if unknown := [name for name in names if name not in there]:
        known = f"there are {', '.join(there)}" if there else "nobody has"
        raise DataError(f"{unknown[0]} has no labels in {folders.gold}; {known}")
    return list(dict.fromkeys(names)) or there


def read_opinions(folders: Folders, names: Sequence[str] = (), ids: Sequence[str] = ()) -> Read:
    """Read the labels of annotators and of ``GOLD``, all there are or those named.

    The pages are those that one of them at least has labelled, of the ids or of all. A draft counts
    once each of its lines has a label.

    Raises:
        DataError: if a name or an id is unknown, there are not two names with labels, or a label
            file does not match its page.
    """
    chosen = choose_annotators(folders, names)
    if len(chosen) < 2:  # noqa: PLR2004 - agreement takes two
        raise DataError(
            f"{folders.gold}: labels of {chosen[0] if chosen else 'nobody'} alone; agreement "
            "takes two, so have pages labelled a second time with 'bench label edit'"
        )
    found = read_labels_of(folders, chosen, ids)
    return replace(found, pages=[page for page in found.pages if page.labels])


def read_labels_of(folders: Folders, annotators: Sequence[str], ids: Sequence[str] = ()) -> Read:
    """Read the labels that some annotators gave, on all pages or those named.

    Pages that none of them has labelled are among them.

    Raises:
        DataError: as `read_opinions`, but for the names.
    """
    pages = {page.id: page for page in folders.read()}
    if missing := sorted(set(ids) - pages.keys()):
        raise DataError(f"no page {', '.join(missing)} in {folders.pages}")
    found = Read(list(annotators), [], [])
    for page in (pages[page_id] for page_id in ids or pages):
        lines = page.lines()
        labels: dict[str, NDArray[np.int8]] = {}
        for name in annotators:
            is_gold = name == GOLD
            path = folders.gold_of(page.id) if is_gold else folders.draft_of(page.id, name)
            if not is_gold and _unfinished(path):
                found.unfinished.append(path)
            elif path.exists():
                labels[name] = read_labels(path, lines)
        found.pages.append(Opinions(page, lines.texts, labels))
    return found


def _unfinished(draft: Path) -> bool:
    """Whether lines of a draft have no label yet, as the state beside it says."""
    state = state_path(draft)
    if not draft.exists() or not state.exists():
        return False
    lines = len(read_stored(draft).texts)
    try:
        return Draft.from_json(state.read_bytes(), lines).missing > 0
    except ValueError as error:
        raise DataError(
            f"{state}: not the state of this draft ({error}); remove it to go on without it"
        ) from None
