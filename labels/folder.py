"""Name the files of a corpus that is labelled by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from corpus import Page
from corpus.starter import INDEX, LICENCE, PAGES, read_pages

GOLD = Path(__file__).parent / "gold"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a corpus: raw pages with their index, and label files."""

    name: str
    pages: Path
    """``ID.html`` or ``ID.txt`` of each page, and ``pages.jsonl`` with a row for each."""
    gold: Path
    """``ID.tsv`` of each labelled page; ``drafts/ANNOTATOR/ID.tsv`` of labels not yet accepted."""
    licence: str | None = None
    """The licence of pages whose row in the index names none."""

    @classmethod
    def under(cls, folder: Path) -> Self:
        """Take the folders of the corpus in ``folder``: ``pages`` and ``gold``."""
        return cls(folder.resolve().name, folder / "pages", folder / "gold")

    @property
    def index(self) -> Path:
        """The file with a row for each page."""
        return self.pages / INDEX

    def read(self) -> Iterator[Page]:
        """Read the pages in the order of the index.

        Raises:
            DataError: as `corpus.starter.read_pages`.
        """
        return read_pages(self.pages, source=self.name, licence=self.licence)

    def gold_of(self, page_id: str) -> Path:
        """Name the label file of a page."""
        return self.gold / f"{page_id}.tsv"

    @property
    def drafts(self) -> Path:
        """The folder of all drafts, with a folder for each annotator."""
        return self.gold / "drafts"

    def draft_of(self, page_id: str, annotator: str) -> Path:
        """Name the label file of a page that one annotator is at work on."""
        return self.drafts / annotator / f"{page_id}.tsv"


STARTER_FOLDERS = Folders("starter", PAGES, GOLD, LICENCE)
