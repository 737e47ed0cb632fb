"""Find pages that are copies of each other, stand at one address or belong to one site."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.urls import canonical_url
from labels.datasets.checks.near_duplicates import NearIndex, common_share, is_short, shingles
from labels.datasets.dataset import Dataset
from labels.datasets.manifest import NO_SPLIT
from labels.datasets.parquet import read_columns
from labels.label import Label

NEAR_SHARE = 0.8
"""Bodies are nearly the same if they have at least this share of their shingles in common."""

Pair = tuple[str, str]
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


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What pages have in common. Pages are named by their ids, in ascending order."""

    identical: list[list[str]]
    """Pages of the same bytes, or with the same lines."""
    near: dict[Pair, float]
    """Other pages whose bodies are nearly the same, and the share they have in common."""
    addresses: dict[str, list[str]]
    """Pages at each address that has several."""
    sites: dict[str, list[str]]
    splits: dict[str, str]
    """The split of each page."""
    summaries: dict[str, PageSummary]
    """Of the pages in all of the above but ``sites`` and ``splits``."""

    def pairs(self) -> list[Pair]:
        """List all pairs of pages that are copies of each other, or stand at one address."""
        return sorted({*self.near, *_pairs(self.identical), *_pairs(self.addresses.values())})


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
        {name: getattr(labelled.page, name, None) for name in _COLUMNS}
        | {"lines": labelled.texts, "labels": labelled.labels}
        for labelled in dataset.pages()
    )


def find_duplicates(read: Callable[[], Iterable[PageSummary]]) -> Duplicates:
    """Compare all pages with each other.

    ``read`` gives the same pages each time it is called: the first time, only their signatures
    are kept; the second time, those that may be copies are compared in full.
    """
    splits: dict[str, str] = {}
    by_identity, by_address, by_site = (defaultdict[str, list[str]](list) for _ in range(3))
    index = NearIndex()
    for page in read():
        splits[page.id] = page.split
        keys = (_identity(page), page.url and canonical_url(page.url), page.site)
        for groups, key in zip((by_identity, by_address, by_site), keys, strict=True):
            if key:
                groups[key].append(page.id)
        index.add(page.id, shingles(page.body))
    identical, addresses, sites = map(_shared, (by_identity, by_address, by_site))
    candidates = sorted(set(index.candidates) - _pairs(identical.values()))
    wanted = set(chain(*identical.values(), *addresses.values(), *candidates))
    summaries = {page.id: page for page in read() if page.id in wanted}
    found = {
        pair: common_share(*(shingles(summaries[page].body) for page in pair))
        for pair in candidates
    }
    near = {pair: share for pair, share in found.items() if share >= NEAR_SHARE}
    return Duplicates(list(identical.values()), near, addresses, sites, splits, summaries)


def _identity(page: PageSummary) -> str | None:
    """Identify a page by its lines, or by its bytes if it is HTML with few words."""
    if not is_short(page.lines):
        return hashlib.sha256("\n".join(page.lines).encode()).hexdigest()
    return page.sha256 if page.markup == "html" else None


def _shared(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """Choose the groups of at least two pages, in order."""
    return {key: sorted(ids) for key, ids in sorted(groups.items()) if len(ids) > 1}


def _pairs(groups: Iterable[list[str]]) -> set[Pair]:
    return {pair for ids in groups for pair in combinations(ids, 2)}
