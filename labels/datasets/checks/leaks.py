"""Pages that several splits share, and pages that one split has twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from corpus.wording import percent
from labels.datasets.checks.duplicates import Copies
from labels.datasets.checks.finding import DatasetFinding
from labels.datasets.checks.finding import DatasetFindingKind as Kind
from labels.datasets.checks.near_duplicates import SHINGLE

LEAKS = frozenset({Kind.LEAK_IDENTICAL, Kind.LEAK_NEAR_IDENTICAL, Kind.LEAK_URL, Kind.LEAK_SITE})


def find_leaks(copies: Copies) -> Iterator[DatasetFinding]:
    """Find what pages of different splits have in common, and copies within a split."""
    for ids in copies.identical:
        same = "bytes" if len({copies.sheets[page].sha256 for page in ids}) == 1 else "lines"
        yield from _spread(
            copies, ids, (Kind.LEAK_IDENTICAL, Kind.DUPLICATE_IDENTICAL), f"the same {same}"
        )
    for pair, share in copies.near.items():
        yield from _spread(
            copies,
            pair,
            (Kind.LEAK_NEAR_IDENTICAL, Kind.DUPLICATE_NEAR_IDENTICAL),
            f"{percent(share)} of the bodies' runs of {SHINGLE} words are the same",
            share=round(share, 4),
        )
    for address, ids in copies.addresses.items():
        yield from _spread(copies, ids, (Kind.LEAK_URL, Kind.DUPLICATE_URL), address, about=address)
    for site, ids in copies.sites.items():
        yield from _spread(copies, ids, (Kind.LEAK_SITE, None), site, about=site)


def _spread(
    copies: Copies,
    ids: Iterable[str],
    kinds: tuple[Kind, Kind | None],
    detail: str,
    *,
    about: str | None = None,
    share: float | None = None,
) -> Iterator[DatasetFinding]:
    """A leak if the pages are in several splits, and a duplicate for each split with several."""
    leak, duplicate = kinds
    by_side: dict[str, list[str]] = defaultdict(list)
    for page in ids:
        by_side[copies.sides[page]].append(page)
    counts = [f"{len(pages):,} in {side}" for side, pages in sorted(by_side.items())]
    if len(by_side) > 1:
        detail_of_leak = f"{detail} ({', '.join(counts)})"
        yield DatasetFinding(leak, tuple(ids), detail_of_leak, about=about, share=share)
    for pages in by_side.values():
        if duplicate is not None and len(pages) > 1:
            yield DatasetFinding(duplicate, tuple(pages), detail, about=about, share=share)
