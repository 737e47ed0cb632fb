"""Find out how far the corpus is, and which page is to be labelled next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus import DataError, Page
from labels.annotation.drafts.store import Store, file_stamp

Status = Literal["new", "draft", "finished", "gold"]
Order = Literal["uncertain", "missed", "corpus"]

_DONE = {"gold", "finished"}
_Stamps = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class PageStatus:
    """How far one page is."""

    page: Page
    status: Status
    """``draft``: there is a draft, and no gold that says the same; ``finished``: a blank draft
    whose lines all have a label. Who labels blank does not see what is gold."""
    lines: int = 0
    decided: int = 0
    """Lines that the annotator has labelled or confirmed; all where there is gold."""
    uncertain: int = 0
    """Lines that are neither decided nor proposed with confidence."""
    entropy: float = 0.0
    """Entropy of the lines that are not decided, in bits, mean over all lines: 0 to 1."""
    missed: int = 0
    """Lines that every extractor gets wrong, if the labels are right."""
    problem: str | None = None
    """Why the page or its labels cannot be read."""


class Queue:
    """The status of all pages; that of a page is read again when a file of its labels changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[_Stamps, PageStatus]] = {}

    def statuses(self, at_most: int | None = None) -> list[PageStatus | None]:
        """Read the status of each page, in the order of the index.

        With ``at_most``, no more than so many are read anew; None stands for those still missing.
        """
        statuses: list[PageStatus | None] = []
        for page in self._store.pages().values():
            file, gold = self._store.file(page.id), self._store.folders.gold_of(page.id)
            stamps = tuple(map(file_stamp, (file.path, file.state_path, gold)))
            known = self._known.get(page.id)
            if known is None or known[0] != stamps:
                if at_most == 0:
                    statuses.append(None)
                    continue
                known = self._known[page.id] = (stamps, read_status(self._store, page))
                at_most = None if at_most is None else at_most - 1
            statuses.append(known[1])
        return statuses


def read_status(store: Store, page: Page) -> PageStatus:
    """Find out how far a page is."""
    status: Status
    try:
        opened = store.open(page.id)
        draft = opened.draft
        gold = None if store.blank else store.gold(page.id)
        # Of the draft, or of the gold where there is nothing else, or they say the same.
        labels = draft.labels if gold is None or opened.stored else gold
        is_gold = gold is not None and bool((gold == labels).all())
        proposals = store.proposals(page.id)
    except DataError as error:
        status = "draft" if store.file(page.id).path.exists() else "new"
        return PageStatus(page, status, problem=str(error))
    decided = draft.decided | is_gold
    if is_gold:
        status = "gold"
    elif not opened.stored:
        status = "new"
    else:
        status = "finished" if draft.start == "blank" and not draft.missing else "draft"
    return PageStatus(
        page=page,
        status=status,
        lines=len(draft),
        decided=int(np.count_nonzero(decided)),
        uncertain=int(np.count_nonzero(proposals.uncertain & ~decided)),
        entropy=float((proposals.entropy * ~decided).sum() / max(1, len(draft))),
        missed=int(np.count_nonzero(store.missed(page.id, labels))),
    )


def ordered(statuses: Iterable[PageStatus], order: Order) -> list[PageStatus]:
    """Order pages as they are worth labelling; what is done comes last.

    ``uncertain`` begins with the highest entropy, ``missed`` with most lines that all extractors
    get wrong (of pages that have gold, too: it may be the gold that is wrong), ``corpus`` keeps
    the order of the index.
    """
    if order == "uncertain":
        return sorted(statuses, key=lambda one: (one.status in _DONE, -one.entropy))
    if order == "missed":
        return sorted(statuses, key=lambda one: (-one.missed, one.status in _DONE, -one.entropy))
    return list(statuses)
