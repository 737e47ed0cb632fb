"""Which pages are copies of each other, stand at one address or belong to one site."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from corpus.urls import canonical_url
from labels.datasets.checks.near_duplicates import NearIndex, common_share, is_short, shingles
from labels.datasets.checks.page_summary import Sheet

NEAR_SHARE = 0.8
"""Bodies are nearly the same if they have at least this share of their shingles in common."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Copies:
    """What pages have in common. Pages are named by their ids, in ascending order."""

    identical: list[list[str]]
    """Pages of the same bytes, or with the same lines."""
    near: dict[Pair, float]
    """Other pages whose bodies are nearly the same, and the share they have in common."""
    addresses: dict[str, list[str]]
    """Pages at each address that has several."""
    sites: dict[str, list[str]]
    sides: dict[str, str]
    """The side of each page."""
    sheets: dict[str, Sheet]
    """Of the pages in all of the above but ``sites``."""

    def pairs(self) -> list[Pair]:
        """All pairs of pages that are copies of each other, or stand at one address."""
        groups = [*self.identical, *self.addresses.values()]
        return sorted({*self.near, *(pair for ids in groups for pair in combinations(ids, 2))})


def find_copies(read: Callable[[], Iterable[Sheet]]) -> Copies:
    """Compare all pages with each other.

    ``read`` gives the same pages each time it is called: the first time, only their signatures
    are kept; the second time, those that may be copies are compared in full.
    """
    sides: dict[str, str] = {}
    by_identity, by_address, by_site = (defaultdict[str, list[str]](list) for _ in range(3))
    index = NearIndex()
    for sheet in read():
        sides[sheet.id] = sheet.side
        if identity := _identity(sheet):
            by_identity[identity].append(sheet.id)
        if sheet.url and (address := canonical_url(sheet.url)):
            by_address[address].append(sheet.id)
        if sheet.site:
            by_site[sheet.site].append(sheet.id)
        index.add(sheet.id, shingles(sheet.body))
    identical, addresses, sites = map(_shared, (by_identity, by_address, by_site))
    same = {pair for ids in identical.values() for pair in combinations(ids, 2)}
    candidates = sorted(set(index.candidates) - same)
    wanted = {
        page for ids in (*identical.values(), *addresses.values(), *candidates) for page in ids
    }
    sheets = {sheet.id: sheet for sheet in read() if sheet.id in wanted}
    found = {
        pair: common_share(*(shingles(sheets[page].body) for page in pair)) for pair in candidates
    }
    near = {pair: share for pair, share in found.items() if share >= NEAR_SHARE}
    return Copies(list(identical.values()), near, addresses, sites, sides, sheets)


def _identity(sheet: Sheet) -> str | None:
    """What identical pages share: their lines, or the bytes of HTML with few words."""
    if not is_short(sheet.texts):
        return hashlib.sha256("\n".join(sheet.texts).encode()).hexdigest()
    return sheet.sha256 if sheet.markup == "html" else None


def _shared(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """The groups of at least two pages, in order."""
    return {key: sorted(ids) for key, ids in sorted(groups.items()) if len(ids) > 1}
