"""Find pages that several splits share, and pages that one split has twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.wording import percent
from labels.datasets.checks.duplicates import Duplicates
from labels.datasets.checks.finding import DatasetFinding
from labels.datasets.checks.finding import DatasetFindingKind as Kind
from labels.datasets.checks.near_duplicates import SHINGLE

LEAKS = frozenset(kind for kind in Kind if kind.startswith("leak-"))


def find_leaks(found: Duplicates) -> Iterator[DatasetFinding]:
    """Find what pages of different splits have in common, and copies within a split."""
    kinds: tuple[Kind, Kind | None] = (Kind.LEAK_IDENTICAL, Kind.DUPLICATE_IDENTICAL)
    for ids in found.identical:
        same = "bytes" if len({found.summaries[page].sha256 for page in ids}) == 1 else "lines"
        yield from _spread(found, ids, kinds, f"the same {same}")
    kinds = (Kind.LEAK_NEAR_IDENTICAL, Kind.DUPLICATE_NEAR_IDENTICAL)
    for pair, share in found.near.items():
        same = f"{percent(share)} of the bodies' runs of {SHINGLE} words are the same"
        yield from _spread(found, pair, kinds, same, share=round(share, 4))
    kinds = (Kind.LEAK_URL, Kind.DUPLICATE_URL)
    for address, ids in found.addresses.items():
        yield from _spread(found, ids, kinds, address, about=address)
    for site, ids in found.sites.items():
        yield from _spread(found, ids, (Kind.LEAK_SITE, None), site, about=site)


def _spread(
    found: Duplicates,
    ids: Iterable[str],
    kinds: tuple[Kind, Kind | None],
    detail: str,
    **others: Any,
) -> Iterator[DatasetFinding]:
    """Yield a leak if several splits have the pages, a duplicate for each split with several."""
    leak, duplicate = kinds
    by_split: dict[str, list[str]] = defaultdict(list)
    for page in ids:
        by_split[found.splits[page]].append(page)
    if len(by_split) > 1:
        counts = [f"{len(pages):,} in {split}" for split, pages in sorted(by_split.items())]
        yield DatasetFinding(leak, tuple(ids), f"{detail} ({', '.join(counts)})", **others)
    for pages in by_split.values():
        if duplicate is not None and len(pages) > 1:
            yield DatasetFinding(duplicate, tuple(pages), detail, **others)
