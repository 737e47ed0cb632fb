"""Where the public datasets are published, as `sources.toml` lists it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from corpus import DataError
from corpus.files import read_text
from labels.labelled_page import GoldKind

_SOURCES = Path(__file__).parent / "sources.toml"


@dataclass(frozen=True, slots=True)
class File:
    """A file to download, and what becomes of it."""

    url: str
    sha256: str | None = None
    """As the makers' pointer to it states; None where there is none."""
    size: int | None = None
    """In bytes, as the pointer states."""
    place: str | None = None
    """Where a plain file belongs; None for an archive."""
    take: Mapping[str, str] = field(default_factory=dict)
    """What is wanted of an archive, without its top folder, and where it belongs.

    A folder's name ends with a slash and stands for all that is in it.
    """


@dataclass(frozen=True, slots=True)
class Publication:
    """How a public dataset is published, and on what terms."""

    name: str
    licence: str
    terms: str
    home: str
    """Address of the page that describes it."""
    gold: GoldKind = "text"
    pages: int | None = None
    """As published, in all splits; None where that is not stated. So are the languages."""
    languages: Sequence[str] = ()
    splits: Sequence[str] = ()
    consent: bool = False
    """Whether the terms must be accepted first: they allow research alone, or are not clear."""
    files: Sequence[File] = ()
    pin: Literal["computed", "first"] | None = None
    """What the files are compared with: ``content``, or what came first; None if by hand."""
    content: str | None = None
    """Digest of the files in place, see `labels.datasets.fetch.fetch_dataset.content_digest`."""
    content_of: Sequence[str] = ("",)
    """Beginnings of the paths that ``content`` is over."""
    by_hand: str | None = None
    """What to do about one that cannot be fetched."""

    @property
    def is_trusted_on_first_use(self) -> bool:
        """Whether what came first is all that some of the files are compared with."""
        return self.pin == "first" or self.content_of != ("",)

    @property
    def urls(self) -> list[str]:
        """The addresses of all files."""
        return [file.url for file in self.files]


def read_publications() -> dict[str, Publication]:
    """Read all public datasets by name."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(read_text(_SOURCES))
    return {
        name: Publication(
            name=name, **table | {"files": [File(**file) for file in table.get("files", ())]}
        )
        for name, table in tables.items()
    }


def find_publication(name: str, publications: Mapping[str, Publication]) -> Publication:
    """Find the public dataset of that name.

    Raises:
        DataError: if there is none.
    """
    if name not in publications:
        raise DataError(f"no public dataset {name!r}; there are {', '.join(sorted(publications))}")
    return publications[name]


def how_to_get(name: str) -> str:
    """Return the command that fetches a public dataset, or says how to come by it.

    Raises:
        DataError: if there is no such dataset.
    """
    publication = find_publication(name, read_publications())
    by_hand = " (tells how, by hand)" if publication.by_hand else ""
    return f"bench dataset fetch {name} -o DIR{by_hand}"
