"""Summaries of pages, to be compared with each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labels.datasets.dataset import Dataset
from labels.datasets.manifest import NO_SPLIT
from labels.datasets.parquet import read_columns
from labels.label import Label

# The site of a page without a URL is made up by importers: of its id, or of its text.
_SITE_OF_TEXT = re.compile(r"text-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class PageSummary:
    """A page without its bytes; n lines."""

    id: str
    """As findings name it."""
    split: str
    """With the dataset, where there are several."""
    sha256: str
    markup: str
    url: str | None
    site: str | None
    """None, too, where it is made up."""
    lines: list[str]
    labels: NDArray[np.int8]
    """Codes, shape (n,)."""

    @property
    def body(self) -> list[str]:
        """The lines labelled body."""
        return [self.lines[row] for row in np.flatnonzero(self.labels == Label.BODY.code)]


_COLUMNS = tuple(field.name for field in fields(PageSummary))


def read_summaries(dataset: Dataset, prefix: str = "") -> Iterator[PageSummary]:
    """Iterate over a dataset's pages, a few in memory at a time, reading no more than is needed.

    ``prefix`` goes before ids and splits.

    Raises:
        DataError: if a shard is damaged.
    """
    for row in _rows(dataset):
        page_id, site = row["id"], row["site"] or ""
        is_made_up = site == f"unknown-{page_id}" or _SITE_OF_TEXT.fullmatch(site)
        row["id"] = f"{prefix}{page_id}"
        row["split"] = f"{prefix}{row['split'] or NO_SPLIT}"
        row["site"] = None if is_made_up else site
        yield PageSummary(**row)


def _rows(dataset: Dataset) -> Iterable[dict[str, Any]]:
    if dataset.folders is None:
        return read_columns(Path(dataset.location), _COLUMNS)
    return (
        {name: getattr(labelled.page, name) for name in _COLUMNS[:-2]}
        | {"lines": labelled.texts, "labels": labelled.labels}
        for labelled in dataset.pages()
    )
