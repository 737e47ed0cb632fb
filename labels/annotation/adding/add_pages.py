"""Add pages to a corpus: name them, propose their attributes, refuse copies."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import BinaryIO
from urllib.parse import quote

from corpus import DataError, Lines, Page, split
from corpus.acquire import Capture, Refusal, captures, fetch
from corpus.acquire.request_url import locate
from corpus.decode import clean
from corpus.limited import call_limited
from corpus.urls import site_of
from corpus.wording import printable
from labels.annotation.adding.known_pages import KnownPages
from labels.annotation.adding.metadata import PAGE_TYPES, guess_metadata
from labels.annotation.adding.page_store import (
    labelled_ids,
    locked_pages,
    named_id,
    next_id,
    read_index,
    write_page,
)
from labels.datasets.checks.near_duplicates import SHORTEST, is_short
from labels.folder import Folders

OF_ONE_PAGE = ("id", "url", "title")
"""Attributes that no two pages have in common."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NOT_IN_URL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNKNOWN_LICENCE = "unknown"
"""The licence of a page for which nobody stated one: it need not be that of the corpus."""


# What the index and `AddedPage.attributes` take from the page itself.
_OF_PAGE = ("id", "markup", "sha256", "url", "site", "language", "page_type", "split")


@dataclass(frozen=True, slots=True)
class PageAttributes:
    """What a person states about new pages; None leaves it to a proposal, or unknown."""

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
        """Refuse what no page can have.

        Raises:
            DataError: for an id that is no file's name, or a language, page type or URL that is
                none.
        """
        for name, value in asdict(self).items():
            if value and printable(value) != value:
                option = name.replace("_", "-")
                raise DataError(f"--{option} {value!r} holds control characters; leave them out")
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
class AddedPage:
    """A page that was added, or would be by a dry run."""

    place: str
    page: Page
    lines: Lines
    title: str | None
    notes: str | None
    proposed: tuple[str, ...]
    """The attributes that nobody stated."""
    remarks: tuple[str, ...] = ()
    """What a person should look at, a sentence each."""
    name: str | None = None
    """What the page was called in the folder or archive that it comes from."""

    def attributes(self) -> dict[str, str | None]:
        """List what is known of the page, in the order of a row of the index."""
        known = {name: getattr(self.page, name) for name in _OF_PAGE}
        return known | {"title": self.title, "licence": self.page.licence, "notes": self.notes}


@dataclass
class PageAdder:
    """Add pages to a corpus; with ``dry_run``, only report what would be done.

    Reading a page may take ``timeout`` seconds and ``memory_mb`` MiB. ``left_out`` counts what
    holds no page in archives and folders, by reason.
    """

    folders: Folders
    stated: PageAttributes = PageAttributes()
    dry_run: bool = False
    timeout: float = 30.0
    memory_mb: int = 2048
    left_out: Counter[str] = field(default_factory=Counter)
    _tried: dict[str, str] = field(default_factory=dict)  # rows that a dry run did not write

    def __post_init__(self) -> None:
        self._known = KnownPages(self.folders)

    def add_all(
        self,
        sources: Sequence[str],
        stdin: BinaryIO,
        *,
        wanted: str | None = None,
        fetch: Callable[[str], Capture] = fetch,
    ) -> Iterator[AddedPage | Refusal]:
        """Add the pages of all sources; one that is refused does not keep the others out.

        ``wanted`` chooses from archives and folders, see `corpus.acquire.captures`.

        Raises:
            DataError: if what is stated is wrong for any page, or the corpus cannot be read.
        """
        self.stated.check()
        self._known.learn()  # before the corpus is locked, because it takes a while
        for source in sources:
            found = captures(source, stdin, wanted=wanted, left_out=self.left_out, fetch=fetch)
            yield from self._add_source(source, found)

    def _add_source(
        self, source: str, found: Iterator[Capture | Refusal]
    ) -> Iterator[AddedPage | Refusal]:
        single = next((name for name in OF_ONE_PAGE if getattr(self.stated, name)), None)
        pages = 0
        for capture in found:
            if isinstance(capture, Refusal):
                yield capture
                continue
            pages += 1
            if single and pages > 1:
                yield Refusal(source, f"--{single} is of one page, and it holds more")
                return
            yield self._add(capture)

    def _add(self, capture: Capture) -> AddedPage | Refusal:
        describe = partial(_describe, self.stated, self.folders.name)
        try:
            added = call_limited(describe, capture, timeout=self.timeout, memory_mb=self.memory_mb)
        except DataError as error:
            return Refusal(capture.place, str(error))
        if self.dry_run:
            return self._settle(added, self._tried | read_index(self.folders))
        with locked_pages(self.folders):
            self._known.learn()
            return self._settle(added, read_index(self.folders))

    def _settle(self, added: AddedPage, rows: dict[str, str]) -> AddedPage | Refusal:
        """Name a page and write it, or refuse it, by the pages that are there."""
        try:
            self._known.refuse_copy(added.page, added.lines)
            page_id = self._id(added, rows)
        except DataError as error:
            return Refusal(added.place, str(error))
        splits = self._known.splits_of(added.page)
        # Without a stated split that of the other pages of its site: no site is on both sides.
        split_ = added.page.split or (splits[0] if len(splits) == 1 else None)
        page = replace(added.page, id=page_id, split=split_)
        others = [name for name in splits if name != split_]
        added = replace(added, page=page, remarks=tuple(_remarks(page, others)))
        if self.dry_run:
            self._tried[page.id] = ""
        else:
            write_page(self.folders, page, added.attributes())
        self._known.add(page, added.lines)
        return added

    def _id(self, added: AddedPage, rows: dict[str, str]) -> str:
        wanted = self.stated.id
        if wanted is None and added.name:
            return named_id(self.folders, rows, added.name)
        if wanted is None:
            return next_id(self.folders, rows, added.page.id)
        if wanted.casefold() in map(str.casefold, rows):
            raise DataError(f"the id {wanted} is taken; choose another with --id")
        if wanted.casefold() in map(str.casefold, labelled_ids(self.folders)):
            raise DataError(f"there are labels for the id {wanted}; choose another with --id")
        return wanted


def _describe(stated: PageAttributes, corpus: str, capture: Capture) -> AddedPage:
    """Describe a page but for its id, which depends on those that are there.

    Raises:
        DataError: if it is no page, or there is nothing to read in it; the reason alone.
    """
    content, markup = capture.read()
    lines = split(content, markup)
    if is_short(lines.texts):
        raise DataError(f"nothing to read in it: fewer than {SHORTEST} words in all its lines")
    stated_url = stated.url or capture.url
    likely = guess_metadata(content, lines, stated_url)
    url = _with_escapes(stated_url or likely.url)
    language = stated.language or likely.language
    if language is None:
        raise DataError("its language cannot be detected; give it with --language")
    page = Page(
        id=language,
        raw=capture.raw,
        markup=markup,
        url=url,
        site=stated.site or (site_of(url) if url else None),
        language=language,
        page_type=stated.page_type or likely.page_type,
        split=stated.split,
        source=corpus,
        licence=stated.licence or UNKNOWN_LICENCE,
    )
    title = stated.title or likely.title
    known = {name: getattr(page, name) for name in ("id", "language", "site", "page_type")}
    known |= {"title": title, "url": url}
    with_url = replace(stated, url=stated_url)
    proposed = tuple(name for name in known if known[name] and not getattr(with_url, name))
    return AddedPage(capture.place, page, lines, title, stated.notes, proposed, name=capture.name)


def _with_escapes(url: str | None) -> str | None:
    """Percent-encode white space and control characters in a URL."""
    return url and _NOT_IN_URL.sub(lambda found: quote(found[0]), clean(url.strip()))


def _remarks(page: Page, other_splits: Sequence[str]) -> Iterator[str]:
    if other_splits:
        yield f"{page.site} has pages in the split {', '.join(other_splits)}, too: a leak"
    if page.site is None:
        yield "no site: scores cannot know which pages are alike; give it with --site or --url"
    if page.licence == UNKNOWN_LICENCE:
        yield "its licence is unknown; give it with --licence"
