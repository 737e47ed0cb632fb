"""What of a page is compared with other pages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.datasets.dataset import Dataset
from labels.datasets.manifest import NO_SPLIT
from labels.datasets.parquet import read_columns
from labels.label import Label

_BODY = Label.BODY.code
_OF_PAGE = ("id", "sha256", "markup", "url", "site", "split")
# The site of a page without a URL is made up by importers: of its id, or of its text.
_SITE_OF_TEXT = re.compile(r"text-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page without its bytes; n lines."""

    id: str
    """As findings name it."""
    side: str
    """Its split, with the dataset where there are several."""
    sha256: str
    markup: str
    url: str | None
    site: str | None
    """None, too, where it is made up."""
    texts: list[str]
    labels: NDArray[np.int8]
    """Codes, shape (n,)."""

    @property
    def body(self) -> list[str]:
        """The lines labelled body."""
        return [self.texts[row] for row in np.flatnonzero(self.labels == _BODY)]


def read_sheets(dataset: Dataset, prefix: str = "") -> Iterator[Sheet]:
    """Iterate over a dataset's pages, a few in memory at a time, reading no more than is needed.

    ``prefix`` goes before ids and splits.

    Raises:
        DataError: if a shard is damaged.
    """
    for row in _rows(dataset):
        site = row["site"]
        if site and (site == f"unknown-{row['id']}" or _SITE_OF_TEXT.fullmatch(site)):
            site = None
        yield Sheet(
            id=f"{prefix}{row['id']}",
            side=f"{prefix}{row['split'] or NO_SPLIT}",
            sha256=row["sha256"],
            markup=row["markup"],
            url=row["url"],
            site=site,
            texts=row["lines"],
            labels=np.asarray(row["labels"], np.int8),
        )


def _rows(dataset: Dataset) -> Iterable[dict[str, Any]]:
    if dataset.folders is None:
        return read_columns(Path(dataset.location), (*_OF_PAGE, "lines", "labels"))
    return (
        {name: getattr(labelled.page, name) for name in _OF_PAGE}
        | {"lines": labelled.texts, "labels": labelled.labels}
        for labelled in dataset.pages()
    )
