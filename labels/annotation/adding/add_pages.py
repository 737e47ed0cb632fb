"""Add pages to a corpus: name them, propose their attributes, refuse copies."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from corpus import DataError, Lines, Page, split
from corpus.acquire import PAGE_TYPES, Capture, Refusal, captures, fetch, propose
from corpus.acquire.request_url import locate
from corpus.urls import site_of
from labels.annotation.adding.known_pages import Present
from labels.annotation.adding.page_store import (
    labelled_ids,
    locked_pages,
    next_id,
    read_rows,
    write_page,
)
from labels.datasets.checks.near_duplicates import SHORTEST, is_short
from labels.folder import Folders

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
UNKNOWN_LICENCE = "unknown"
"""What the row of a page says whose licence nobody gave: it need not be that of the corpus."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of new pages; None leaves it to a proposal, or unsaid."""

    id: str | None = None
    language: str | None = None
    site: str | None = None
    page_type: str | None = None
    split: str | None = None
    title: str | None = None
    url: str | None = None
    notes: str | None = None
    licence: str | None = None

    def check(self) -> None:
        """Refuse what no page can be given.

        Raises:
            DataError: for an id that is no file's name, or a language, page type or URL that is
                none.
        """
        try:
            Page(self.id or "none", b"", "text")
        except ValueError as error:
            raise DataError(f"{error}; choose another with --id") from None
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise DataError(f"{self.language!r} is not the code of a language; one is like ko")
        if self.page_type and self.page_type not in PAGE_TYPES:
            known = ", ".join(PAGE_TYPES)
            raise DataError(f"unknown page type {self.page_type!r}; use one of {known}")
        try:
            locate(self.url or "https://none.example/")
        except DataError as error:
            raise DataError(f"{self.url}: {error}") from None


@dataclass(frozen=True, slots=True)
class Added:
    """A page that was added, or would be by a dry run."""

    place: str
    page: Page
    lines: Lines
    title: str | None
    notes: str | None
    proposed: tuple[str, ...]
    """The attributes that nobody gave."""
    remarks: tuple[str, ...]
    """What a person should look at, a sentence each."""

    def attributes(self) -> dict[str, str | None]:
        """What is known of the page, in the order of a row of the index."""
        page = self.page
        return {
            "id": page.id,
            "markup": page.markup,
            "sha256": page.sha256,
            "url": page.url,
            "site": page.site,
            "language": page.language,
            "page_type": page.page_type,
            "split": page.split,
            "title": self.title,
            "licence": page.licence,
            "notes": self.notes,
        }


@dataclass
class Adding:
    """Adds pages to a corpus; with ``dry_run`` it only says what it would do.

    ``left_out`` counts the records of archives that hold no page, by reason.
    """

    folders: Folders
    given: Given = Given()
    dry_run: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    _present: Present = field(default_factory=Present)
    _tried: dict[str, str] = field(default_factory=dict)  # rows that a dry run did not write

    def add_all(
        self,
        sources: Sequence[str],
        stdin: BinaryIO,
        *,
        wanted: str | None = None,
        fetch: Callable[[str], Capture] = fetch,
    ) -> Iterator[Added | Refusal]:
        """Add the pages of all sources; one that is refused does not keep the others out.

        ``wanted`` chooses from archives, see `corpus.acquire.warc.read_warc`.

        Raises:
            DataError: if what was given is wrong for any page, or the corpus cannot be read.
        """
        self.given.check()
        self._learn()  # before the corpus is locked, since it takes a while
        for source in sources:
            found = captures(source, stdin, wanted=wanted, left_out=self.left_out, fetch=fetch)
            for capture in found:
                yield capture if isinstance(capture, Refusal) else self._add(capture)

    def _learn(self) -> None:
        """Take in the pages that have come since the last time."""
        if self.folders.index.exists():
            self._present.learn(self.folders.read(), self.folders)

    def _add(self, capture: Capture) -> Added | Refusal:
        try:
            added = self._look_at(capture)
        except DataError as error:
            return Refusal(capture.place, str(error))
        if self.dry_run:
            return self._settle(added, self._tried | read_rows(self.folders))
        with locked_pages(self.folders):
            self._learn()
            return self._settle(added, read_rows(self.folders))

    def _look_at(self, capture: Capture) -> Added:
        """All but the id of a page, which depends on those that are there.

        Raises:
            DataError: if it is no page, or there is nothing to read in it; the reason alone.
        """
        given = self.given
        content, markup = capture.read()
        lines = split(content, markup)
        if is_short(lines.texts):
            raise DataError(f"nothing to read in it: fewer than {SHORTEST} words in all its lines")
        likely = propose(content, lines, given.url or capture.url)
        url = given.url or capture.url or likely.url
        language = given.language or likely.language
        if language is None:
            raise DataError("its language cannot be told; give it with --language")
        page = Page(
            id=language,
            raw=capture.raw,
            markup=markup,
            url=url,
            site=given.site or (site_of(url) if url else None),
            language=language,
            page_type=given.page_type or likely.page_type,
            split=given.split,
            source=self.folders.name,
            licence=given.licence or UNKNOWN_LICENCE,
        )
        title = given.title or likely.title
        found = {
            "id": given.id,
            "language": given.language,
            "site": given.site or page.site is None,
            "page_type": given.page_type,
            "title": given.title or title is None,
            "url": given.url or capture.url or url is None,
        }
        proposed = tuple(name for name, is_given in found.items() if not is_given)
        return Added(capture.place, page, lines, title, given.notes, proposed, ())

    def _settle(self, added: Added, rows: dict[str, str]) -> Added | Refusal:
        """Name a page and write it, or refuse it, by the pages that are there."""
        page = added.page
        try:
            self._present.refuse_copy(page, added.lines)
            page = replace(page, id=self._id(added, rows), split=self._split(page))
        except DataError as error:
            return Refusal(added.place, str(error))
        added = replace(added, page=page, remarks=tuple(self._remarks(page)))
        if self.dry_run:
            self._tried[page.id] = ""
        else:
            write_page(self.folders, page, added.attributes())
        self._present.add(page, added.lines, self.folders)
        return added

    def _id(self, added: Added, rows: dict[str, str]) -> str:
        if self.given.id is None:
            return next_id(self.folders, rows, added.page.id)
        taken = {page_id.casefold() for page_id in rows}
        if self.given.id.casefold() in taken:
            raise DataError(f"the id {self.given.id} is taken; choose another with --id")
        if self.given.id.casefold() in {name.casefold() for name in labelled_ids(self.folders)}:
            raise DataError(
                f"there are labels for the id {self.given.id}; choose another with --id"
            )
        return self.given.id

    def _split(self, page: Page) -> str | None:
        """As given, or that of the other pages of its site, so that no site is on both sides."""
        splits = self._present.splits_of(page)
        return page.split or (splits[0] if len(splits) == 1 else None)

    def _remarks(self, page: Page) -> Iterator[str]:
        others = [split for split in self._present.splits_of(page) if split != page.split]
        if others:
            yield f"{page.site} has pages in the split {', '.join(others)}, too: a leak"
        if page.site is None:
            yield "no site: scores cannot tell which pages are alike; give it with --site or --url"
        if page.licence == UNKNOWN_LICENCE:
            yield "its licence is unknown; give it with --licence"
