"""Run all checks of datasets, each by itself and all of them together."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from labels.datasets.checks.conflicts import find_conflicts
from labels.datasets.checks.duplicates import PageSummary, find_duplicates, read_summaries
from labels.datasets.checks.finding import DatasetFinding, DatasetFindingKind
from labels.datasets.checks.gold_text import check_gold
from labels.datasets.checks.leaks import LEAKS, find_leaks
from labels.datasets.checks.mojibake import check_characters
from labels.datasets.checks.residue import check_residue
from labels.datasets.dataset import Dataset

_ORDER = list(DatasetFindingKind)


def check_datasets(
    datasets: Sequence[Dataset],
    *,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[DatasetFinding]:
    """Find what is wrong with datasets, each by itself and all of them together.

    Findings are ordered by kind and then by page, whatever the order of pages is. Where there are
    several datasets, a page is named ``DATASET:ID``, and what two of them share leaks, too; one
    that is named twice is checked once. Pages are read as streams; ``progress`` is called with
    the name of a piece of work, the steps done and their total.

    Raises:
        DataError: if a dataset is damaged.
    """
    named = _by_prefix(datasets)
    total = sum(dataset.manifest.pages for dataset in named.values())
    findings: list[DatasetFinding] = []
    for prefix, dataset in named.items():
        for done, labelled in enumerate(dataset.pages(), start=1):
            for check in (check_gold, check_characters, check_residue):
                findings += [
                    replace(finding, pages=(f"{prefix}{labelled.page.id}",))
                    for finding in check(labelled)
                ]
            progress(f"check {dataset.name}", done, dataset.manifest.pages)

    work = iter(("compare pages", "compare copies"))

    def read() -> Iterator[PageSummary]:
        name, done = next(work), 0
        for prefix, dataset in named.items():
            for summary in read_summaries(dataset, prefix):
                yield summary
                done += 1
                progress(name, done, total)

    found = find_duplicates(read)
    findings += [*find_leaks(found), *find_conflicts(found)]
    return sorted(
        findings, key=lambda one: (_ORDER.index(one.kind), one.pages, one.about or "", one.detail)
    )


def leaked_pages(dataset: Dataset, split: str | None) -> frozenset[str]:
    """Find the pages of a split (None: of all splits) that leak, and return their ids.

    Another split of the dataset has the same page, one with nearly the same body, the same address
    or the same site. A dataset with a single split has no leaks. Only the columns that this takes
    are read.

    Raises:
        DataError: if there is no such split, or the dataset is damaged.
    """
    chosen = None if split is None else dataset.choose_split(split)
    if len(dataset.manifest.splits) == 1:
        return frozenset()
    found = find_duplicates(lambda: read_summaries(dataset))
    return frozenset(
        page
        for finding in find_leaks(found)
        if finding.kind in LEAKS
        for page in finding.pages
        if chosen in {None, found.splits[page]}
    )


def _by_prefix(datasets: Sequence[Dataset]) -> dict[str, Dataset]:
    """Each dataset once, by what goes before its pages' ids: nothing, if it is the only one."""
    places = {dataset.path and dataset.path.resolve(): dataset for dataset in datasets}
    if len(places) == 1:
        return {"": datasets[0]}
    names = Counter(dataset.name for dataset in places.values())
    return {
        f"{dataset.name if names[dataset.name] == 1 else dataset.location}:": dataset
        for dataset in places.values()
    }
