"""Find out whether a corpus has a page already, or nearly the same one."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from corpus import DataError, Lines, Page
from corpus.wording import percent
from labels.datasets.checks.near_duplicates import SHINGLE, Shingles, common_share, shingles
from labels.folder import Folders
from labels.label import Label
from labels.label_file import read_labels

BODY_SHARE = 0.8
"""Of the body of a labelled page, from which a page that has so much of it is nearly the same."""
PAGE_SHARE = 0.9
"""Of the shingles of two pages together, from which they are nearly the same where no labels say
what is body: pages of one site share what is around it."""


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    page: Shingles
    body: Shingles | None


class KnownPages:
    """The pages of a corpus as far as they have been read, to compare new ones with.

    A corpus is small beside a dataset, and one page is compared at a time: shingles are compared
    directly, without the signatures that find candidates among many pages.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._known: dict[str, _Known] = {}
        self._splits: dict[str, set[str]] = {}  # of each site

    def learn(self) -> None:
        """Read the pages of the corpus that are new."""
        for page in self._folders.read() if self._folders.index.exists() else ():
            if page.sha256 not in self._known:
                self.add(page, page.lines())

    def add(self, page: Page, lines: Lines) -> None:
        """Add one page, with its labels if it has any."""
        body = None
        with suppress(DataError):  # 'bench label check' reports it; the page is compared as a whole
            labels = read_labels(self._folders.gold_of(page.id), lines)
            body = shingles(np.array(lines.texts, object)[labels == Label.BODY.code])
        self._known[page.sha256] = _Known(page.id, shingles(lines.texts), body)
        if page.site and page.split:
            self._splits.setdefault(page.site, set()).add(page.split)

    def splits_of(self, page: Page) -> list[str]:
        """List the splits that other pages of a page's site are in, in order."""
        return sorted(self._splits.get(page.site or "", ()))

    def refuse_copy(self, page: Page, lines: Lines) -> None:
        """Refuse a page that is there already.

        Raises:
            DataError: naming the page that is the same, or nearly the same.
        """
        if same := self._known.get(page.sha256):
            raise DataError(f"the same page as {same.id}, byte for byte")
        own = shingles(lines.texts)
        for known in self._known.values():
            if reason := _likeness(own, known):
                raise DataError(f"nearly the same page as {known.id}: {reason}")


def _likeness(own: Shingles, known: _Known) -> str | None:
    """Say why a page is nearly the same as one that is there; None if it is not."""
    runs = f"runs of {SHINGLE} words"
    if known.body is not None and len(known.body):
        share = len(np.intersect1d(own, known.body, assume_unique=True)) / len(known.body)
        return f"{percent(share)} of that body's {runs} are in it" if share >= BODY_SHARE else None
    share = common_share(own, known.page)
    return f"{percent(share)} of the {runs} are the same" if share >= PAGE_SHARE else None
