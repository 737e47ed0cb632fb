"""Run all checks of datasets, each by itself and all of them together."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from labels.datasets.checks.conflicts import find_conflicts
from labels.datasets.checks.duplicates import find_copies
from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind
from labels.datasets.checks.gold_text import check_gold
from labels.datasets.checks.leaks import LEAKS, find_leaks
from labels.datasets.checks.mojibake import check_characters
from labels.datasets.checks.page_summary import Sheet, read_sheets
from labels.datasets.checks.residue import check_residue
from labels.datasets.dataset import Dataset
from labels.labelled_page import LabelledPage

_CHECKS = (check_gold, check_characters, check_residue)
_ORDER = {kind: place for place, kind in enumerate(DatasetFindingKind)}


def lint(
    datasets: Sequence[Dataset],
    *,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[DatasetFinding]:
    """Find what is wrong with datasets, each by itself and all of them together.

    Findings are ordered by kind and then by page, whatever the order of pages is. Where there are
    several datasets, a page is named ``DATASET:ID``, and what two of them share leaks, too; one
    that is given twice is checked once. Pages are read as streams; ``progress`` is called with
    the name of a piece of work, the steps done and their total.

    Raises:
        DataError: if a dataset is damaged.
    """
    named = _named(datasets)
    total = sum(dataset.manifest.pages for dataset in named.values())
    findings: list[DatasetFinding] = []
    for prefix, dataset in named.items():
        for done, labelled in enumerate(dataset.pages(), start=1):
            for finding in _check(labelled):
                pages = tuple(f"{prefix}{page}" for page in finding.pages)
                findings.append(replace(finding, pages=pages))
            progress(f"check {dataset.name}", done, dataset.manifest.pages)

    work = iter(("compare pages", "compare copies"))

    def read() -> Iterator[Sheet]:
        name, done = next(work), 0
        for prefix, dataset in named.items():
            for sheet in read_sheets(dataset, prefix):
                yield sheet
                done += 1
                progress(name, done, total)

    copies = find_copies(read)
    findings += find_leaks(copies)
    findings += find_conflicts(copies)
    return sorted(findings, key=_place)


def leaked(dataset: Dataset, split: str | None) -> frozenset[str]:
    """Ids of the pages of a split (None: of all splits) that `lint` calls leaks.

    Another split of the dataset has the same page, one with nearly the same body, the same address
    or the same site. A dataset with a single split has no leaks. Only the columns that this takes
    are read.

    Raises:
        DataError: if there is no such split, or the dataset is damaged.
    """
    chosen = None if split is None else dataset.choose_split(split)
    if len(dataset.manifest.splits) == 1:
        return frozenset()
    copies = find_copies(lambda: read_sheets(dataset))
    return frozenset(
        page
        for finding in find_leaks(copies)
        if finding.kind in LEAKS
        for page in finding.pages
        if chosen is None or copies.sides[page] == chosen
    )


def _named(datasets: Sequence[Dataset]) -> dict[str, Dataset]:
    """Each dataset once, by what goes before its pages' ids: nothing, if it is the only one."""
    places = {dataset.path and dataset.path.resolve(): dataset for dataset in datasets}
    if len(places) == 1:
        return {"": datasets[0]}
    names = Counter(dataset.name for dataset in places.values())
    return {
        f"{dataset.name if names[dataset.name] == 1 else dataset.location}:": dataset
        for dataset in places.values()
    }


def _check(labelled: LabelledPage) -> Iterator[DatasetFinding]:
    for check in _CHECKS:
        yield from check(labelled)


def _place(finding: DatasetFinding) -> tuple[int, tuple[str, ...], str, str]:
    return _ORDER[finding.kind], finding.pages, finding.about or "", finding.detail
