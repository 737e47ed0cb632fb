"""What importers list, and what comes of reading it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, Self

from corpus import DataError
from corpus.wording import printable
from labels.labelled_page import LabelledPage

Unread = tuple[str, str]
"""Place of what could not be read, and the reason."""

_REASON_CHARS = 500


def unread(place: object, reason: str) -> Unread:
    """Make the two fit every file format; the reason becomes one line."""
    return printable(str(place)), printable(" ".join(reason.split()))[:_REASON_CHARS]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A page as a dataset lists it: what is enough to read it, in another process."""

    name: str
    """In the dataset; the page's id is derived from it."""
    place: Any
    """Where the page stands, as messages name it: its file, or else a text."""
    gold: Any = None
    """Its gold, or what finds it in the files."""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    """What the layout says of the page: its url, site, language, page_type, split or source."""
    id: str = ""
    """Of the page; assigned when all records are listed."""

    def with_facts(self, **facts: str | None) -> Self:
        """Add facts."""
        return replace(self, facts={**self.facts, **facts})


class Records(Protocol):
    """Records that are counted, and can be listed again and again; a list is one such."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[SourceRecord]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """The records of a public dataset, and what is known of it as a whole."""

    records: Records
    reserved_sites: tuple[str, ...] = ()
    unread: Sequence[Unread] = ()
    """What lies among the records and is none, or only half of one."""
    remarks: Mapping[str, int] = field(default_factory=dict)
    """As those of `ImportedPage`, of the dataset as a whole."""
    name: str | None = None
    """The dataset's, where it is not the importer's."""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page that was read from a record."""

    labelled: LabelledPage
    remarks: Mapping[str, int] = field(default_factory=dict)
    """What the importer decided because the record does not state it, and how often."""


class Importer(Protocol):
    """What a module in this package offers."""

    LICENCE: str
    DESCRIPTION: str

    def find(self, path: Path) -> Source:
        """List the records below a folder, without reading the pages.

        An importer with ``READS_FILES`` also lists those in one file.

        Raises:
            DataError: if the folder is not laid out like this dataset.
        """
        ...

    def read(self, record: SourceRecord) -> LabelledPage | ImportedPage:
        """Read one record; runs in another process. Source and licence are filled in later.

        Raises:
            DataError: if the record cannot be read; it is reported and counted.
        """
        ...


class RecordError(DataError):
    """A record, or a part of it, that cannot be read: the message is "PLACE: REASON"."""

    def __init__(self, place: object, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = str(place)
        self.reason = reason
