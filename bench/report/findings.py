"""Show what the check of datasets found."""

from collections.abc import Sequence

from bench.report.formats import Report, Table, table_of
from labels import Dataset
from labels.datasets.checks import DatasetFinding, DatasetFindingKind

_IDS_SHOWN = 3


def findings_report(
    findings: Sequence[DatasetFinding],
    *,
    datasets: Sequence[Dataset],
    kinds: Sequence[DatasetFindingKind],
    examples: int | None = None,
) -> Report:
    """Show how many findings of each of ``kinds`` there are in ``datasets``.

    Beneath stand the first ``examples`` of each kind (None: all).
    """
    title = (
        f"{', '.join(dataset.name for dataset in datasets)}: {len(findings):,} findings on "
        f"{_pages(findings):,} of {sum(d.manifest.pages for d in datasets):,} pages"
    )
    if not findings:
        return Report(findings, [title])
    by_kind = {kind: [found for found in findings if found.kind == kind] for kind in kinds}
    none = [kind for kind, found in by_kind.items() if not found]
    counts = table_of(
        title,
        (
            {
                "kind": kind,
                "meaning": kind.meaning,
                "findings": f"{len(found):,}",
                "pages": f"{_pages(found):,}",
            }
            for kind, found in by_kind.items()
            if found
        ),
        [f"None of {', '.join(none)}."] * bool(none),
    )
    shown = [_examples(kind, found, examples) for kind, found in by_kind.items() if found]
    return Report(findings, [counts, *shown])


def _pages(findings: Sequence[DatasetFinding]) -> int:
    return len({page for finding in findings for page in finding.pages})


def _examples(
    kind: DatasetFindingKind, findings: Sequence[DatasetFinding], examples: int | None
) -> Table:
    shown = findings[:examples]
    more = len(findings) - len(shown)
    return table_of(
        kind,
        ({"pages": _ids(finding.pages), "finding": finding.detail} for finding in shown),
        [f"… {more:,} more, which --kind {kind} prints"] * bool(more),
    )


def _ids(pages: Sequence[str]) -> str:
    more = len(pages) - _IDS_SHOWN
    return ", ".join(pages[:_IDS_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
