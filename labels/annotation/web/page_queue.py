"""How far the corpus is, and which page is to be labelled next."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from corpus import DataError, Page
from labels.annotation.drafts.store import Opened, Store, state_path

Status = Literal["new", "draft", "finished", "gold"]
Order = Literal["uncertain", "missed", "corpus"]

_DONE = {"gold", "finished"}
_Stamp = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How far one page is."""

    page: Page
    status: Status
    """``draft``: there is a draft, and gold that says the same is absent; ``finished``: a blank
    draft whose lines all have a label. Who labels blank does not see what is gold."""
    lines: int = 0
    decided: int = 0
    """Lines that the annotator has labelled or confirmed; all where there is gold."""
    uncertain: int = 0
    """Lines that are neither decided nor proposed with confidence."""
    entropy: float = 0.0
    """Bits a line that deciding the page would tell, mean over its lines: 0 to 1."""
    missed: int = 0
    """Lines that every extractor gets wrong, were the labels right."""
    problem: str | None = None
    """Why the page or its labels cannot be read."""


class Queue:
    """Summaries of all pages; one is made again when a file of its labels has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[_Stamp, Summary]] = {}

    def summaries(self, at_most: int | None = None) -> list[Summary | None]:
        """One summary a page, in the order of the index.

        With ``at_most``, no more than so many are made anew; None stands for those still missing.
        """
        pages = self._store.pages()
        summaries: list[Summary | None] = []
        for page in pages.values():
            stamp = self._stamp(page)
            known = self._known.get(page.id)
            if known is None or known[0] != stamp:
                if at_most == 0:
                    summaries.append(None)
                    continue
                known = self._known[page.id] = (stamp, summary(self._store, page))
                at_most = None if at_most is None else at_most - 1
            summaries.append(known[1])
        return summaries

    def _stamp(self, page: Page) -> _Stamp:
        draft = self._store.draft_path(page.id)
        gold = self._store.folders.gold_of(page.id)
        return tuple(map(_file_stamp, (draft, state_path(draft), gold)))


def summary(store: Store, page: Page) -> Summary:
    """How far a page is."""
    try:
        opened = store.open(page.id)
        draft = opened.draft
        gold = None if store.blank else store.gold(page.id)
        # Of the draft, or of the gold where there is nothing else, or they say the same.
        labels = draft.labels if gold is None or opened.stored else gold
        is_gold = gold is not None and bool((gold == labels).all())
        proposals = store.proposals(page.id)
    except DataError as error:
        status: Status = "draft" if store.draft_path(page.id).exists() else "new"
        return Summary(page, status, problem=str(error))
    decided = draft.decided | is_gold
    return Summary(
        page=page,
        status=_status(opened, is_gold=is_gold),
        lines=len(draft),
        decided=int(np.count_nonzero(decided)),
        uncertain=int(np.count_nonzero(proposals.uncertain & ~decided)),
        entropy=float((proposals.entropy * ~decided).sum() / max(1, len(draft))),
        missed=int(np.count_nonzero(store.missed(page.id, labels))),
    )


def _status(opened: Opened, *, is_gold: bool) -> Status:
    if is_gold:
        return "gold"
    if not opened.stored:
        return "new"
    finished = opened.draft.start == "blank" and not opened.draft.missing
    return "finished" if finished else "draft"


def ordered(summaries: Iterable[Summary], order: Order) -> list[Summary]:
    """Pages in the order in which they are worth labelling; what is done comes last.

    ``uncertain`` begins with the highest entropy, ``missed`` with most lines that all extractors
    get wrong (of pages that have gold, too: it may be the gold that is wrong), ``corpus`` keeps
    the order of the index.
    """
    given = list(summaries)
    if order == "uncertain":
        return sorted(given, key=lambda one: (one.status in _DONE, -one.entropy))
    if order == "missed":
        return sorted(given, key=lambda one: (-one.missed, one.status in _DONE, -one.entropy))
    return given


def _file_stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)
